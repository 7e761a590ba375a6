/** The composer as lines with its cursor, and its text per room, which outlives a change of room. */
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';
import type {AccountSource} from './account-source.ts';
import {composerLayout, indexAt, type ComposerRow, type ComposerView as ComposerMeasure} from './composer-layout.ts';
import {emptyComposer, reduceComposer, type Composer, type ComposerAction} from './composer.ts';
import {span, writtenSpan, type ScreenLine} from './screen-line.ts';
import type {DraftPlace} from './writings.ts';

/** Cells of the prompt. */
const promptWidth = 2;

/** What a text in the composer looks like. */
export type InputLines = {
	readonly lines: readonly ScreenLine[];
	/** From 0, within the lines. */
	readonly cursor: {readonly column: number; readonly row: number};
};

const measureGrapheme = (grapheme: string): number =>
	grapheme >= ' ' && grapheme <= '~' ? grapheme.length : textWidth(safeText(grapheme, 'line'));

/** @param width cells of the conversation. @returns how the reducer measures rows. */
export const composerMeasure = (width: number): ComposerMeasure => ({
	width: Math.max(2, width - promptWidth),
	measureGrapheme,
});

const promptOf = (index: number, hasPrompt: boolean, hasMore: boolean): ScreenLine => {
	if (hasMore) return [span(index === 0 ? literal`↑ ` : literal`↓ `, 'muted')];
	return [span(hasPrompt ? literal`> ` : literal`  `, 'accent')];
};

/** A part of what is written: UTF-16 indexes, from its first character to behind its last. */
export type ComposerPart = {readonly from: number; readonly to: number};

/** How a text is drawn. */
type Drawing = {
	/** A part of it that is marked. */
	readonly selected?: ComposerPart | undefined;
	/** Letters go elsewhere: then nothing asks for them. @default false */
	readonly isWithoutKeys?: boolean | undefined;
};

/** What is marked stands out; a line feed or the end of the text in it is a blank. */
const textSpans = (row: ComposerRow, selected: ComposerPart | undefined): ScreenLine => {
	const text = row.text.replace(/\n$/, '');
	if (selected === undefined || selected.to < row.from || selected.from > row.to)
		return [writtenSpan(safeText(text, 'line'))];
	const [from, to] = [selected.from - row.from, selected.to - row.from].map(at =>
		Math.max(0, Math.min(at, text.length)),
	);
	const isPastEnd = selected.from <= row.from + text.length && selected.to > row.from + text.length;
	const marked = text.slice(from, to) + (isPastEnd ? ' ' : '');
	return [
		writtenSpan(safeText(text.slice(0, from), 'line')),
		span(safeText(marked, 'line'), 'selection'),
		writtenSpan(safeText(text.slice(to), 'line')),
	].filter(({text: part}) => part !== '');
};

/**
 * @param source what was kept for a room, or for a thread
 * @param placeOf what the composer of a number keeps a draft of
 */
export const createComposers = (
	source: Pick<AccountSource, 'draft' | 'draftMentions'>,
	placeOf: (composer: number) => DraftPlace | undefined,
) => {
	const composers = new Map<number, Composer>();
	const tops = new Map<number, number>();
	let kill: readonly string[] = [];

	const get = (rid: number): Composer => {
		const known = composers.get(rid);
		if (known !== undefined) return known.kill === kill ? known : {...known, kill};
		const place = placeOf(rid);
		const kept =
			place === undefined
				? {text: ''}
				: {
						text: source.draft(place.rid, place.thread),
						mentions: source.draftMentions(place.rid, place.thread),
					};
		const composer = {...reduceComposer(emptyComposer, {kind: 'set', ...kept}), kill};
		composers.set(rid, composer);
		return composer;
	};

	return {
		get,
		/** The kill ring is one for all rooms. */
		apply(rid: number, action: ComposerAction): void {
			const next = reduceComposer(get(rid), action);
			kill = next.kill;
			composers.set(rid, next);
		},
		/** Rooms whose composer was used, with their text and whom it names. */
		texts: (): ReadonlyMap<number, Pick<Composer, 'text' | 'mentions'>> => composers,

		/** Puts the cursor where was pointed at, from 0 within the lines; below them, to the end. @param size as `lines` got it */
		point(
			rid: number,
			size: {readonly width: number; readonly maxRows: number},
			{row, column}: {readonly row: number; readonly column: number},
		): void {
			const composer = get(rid);
			const measure = composerMeasure(size.width);
			const {rows} = composerLayout(composer, measure, size.maxRows, tops.get(rid) ?? 0);
			const pointed = rows[Math.max(0, row)];
			const cells = Math.max(0, column - promptWidth);
			const at = pointed === undefined ? composer.text.length : indexAt(composer.text, pointed, cells, measure);
			composers.set(rid, reduceComposer(composer, {kind: 'point', at}));
		},

		/** @param maxRows at least 1 */
		lines(rid: number, width: number, maxRows: number, {selected, isWithoutKeys = false}: Drawing = {}): InputLines {
			const composer = get(rid);
			const layout = composerLayout(composer, composerMeasure(width), maxRows, tops.get(rid) ?? 0);
			tops.set(rid, layout.top);
			const last = layout.rows.length - 1;
			const lines = layout.rows.map((row, index) => {
				const hasMore = (index === 0 && layout.hasMoreAbove) || (index === last && index > 0 && layout.hasMoreBelow);
				return [...promptOf(index, row.from === 0 && !isWithoutKeys, hasMore), ...textSpans(row, selected)];
			});
			const {row, column} = layout.cursor;
			return {lines, cursor: {row, column: column + promptWidth}};
		},
	};
};

/** @returns a line that stands in place of the composer where nothing can be written. */
export const closedInput = (reason: SafeText): ScreenLine => [span(literal`  ${reason}`, 'muted')];
