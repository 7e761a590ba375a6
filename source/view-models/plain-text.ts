/** What messages say as lines without columns, colours or drawn borders: to be read aloud, or from top to bottom. */
import type {JsonObject} from '../domain/json.ts';
import {messageBlocks} from '../text/message-text.ts';
import {joinSafe, literal, type SafeText} from '../text/safe-text.ts';
import type {Block, Frame, Span} from '../text/spans.ts';
import {isOwnStyle, type ScreenLine} from './screen-line.ts';

/** Lines of one message that are read out; the rest is counted. */
const maxLines = 200;

const blanks = (cells: number): SafeText => literal` `.repeat(cells) as SafeText;

const frameText = (frame: Frame, isFirst: boolean): SafeText => {
	switch (frame.kind) {
		case 'quote':
			return literal`> `;
		case 'item':
			return isFirst ? frame.marker : blanks(frame.marker.length);
		case 'indent':
			return blanks(frame.cells);
		default:
			return frame satisfies never;
	}
};

/** Hidden words next to each other are one spoiler. */
const spansText = (spans: readonly Span[], isSpoilerShown: boolean): SafeText =>
	joinSafe(
		spans.map(({text, style}, index) => {
			if (isSpoilerShown || style.isSpoiler === undefined) return text;
			return spans[index - 1]?.style.isSpoiler === undefined ? literal`(spoiler)` : literal``;
		}),
	);

/** A row of a table is a line. */
const blockText = (block: Block, isSpoilerShown: boolean): SafeText => {
	if (block.kind === 'rule') return literal`---`;
	if (block.kind !== 'table') return spansText(block.spans, isSpoilerShown);
	const rows = block.rows.map(({cells}) =>
		joinSafe(
			cells.map(cell => spansText(cell, isSpoilerShown)),
			literal` | `,
		),
	);
	return joinSafe(rows, literal`\n`);
};

const blockLines = (block: Block, isSpoilerShown: boolean): readonly SafeText[] => {
	const text = blockText(block, isSpoilerShown);
	return (text.split('\n') as SafeText[]).map((line, index) =>
		joinSafe([...block.frames.map(frame => frameText(frame, index === 0)), line]),
	);
};

/**
 * @param type of the event, after decryption
 * @param isSpoilerShown whether hidden words are said
 * @returns at least one line; none is empty
 */
export const plainLines = (content: JsonObject, type: string, isSpoilerShown = false): readonly SafeText[] => {
	const lines = messageBlocks(content, type)
		.flatMap(block => blockLines(block, isSpoilerShown))
		.filter(line => line.trim() !== '');
	if (lines.length === 0) return [literal`an empty message`];
	const rest = lines.length - maxLines;
	return rest > 0 ? [...lines.slice(0, maxLines), literal`and ${rest} more lines`] : lines;
};

/** Marks of messages, as they are said. */
const markWords: readonly (readonly [mark: string, words: string])[] = [
	['⧗', 'waiting'],
	['✓✓', 'delivered'],
	['✓', 'sent'],
	['◉', 'read'],
	['✗', 'failed'],
	['⤷ ', 'thread: '],
];

const saidMarks = (text: string): string =>
	markWords.reduce((said, [mark, words]) => said.replaceAll(mark, words), text);

const drawn = /[\u2500-\u259F]+/gu;

/** Something that a list offers to do, with the letter that does it on the screen. */
const offer = /^→ (.*?)(?: {2,}[a-zA-Z](?= |$)(?: +(.*))?)?$/;

/** @returns a row of a list as text: without what only draws and aligns, and without letters that are keys of the screen. */
export const lineText = (line: ScreenLine): SafeText => {
	const text = line
		.map(({text: part, style}) => (isOwnStyle(style) ? saidMarks(part) : part))
		.join('')
		.replaceAll(drawn, '  ')
		.trim();
	const [, does, why = ''] = offer.exec(text) ?? [];
	const said = does === undefined ? text : `${does}${why === '' ? '' : `  ${why}`}`;
	return said.replaceAll(/ {2,}/g, ', ').replaceAll(' · ', ', ') as SafeText;
};
