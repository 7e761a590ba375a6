/** What the screen says about commands and keys by itself, from the table. */
import {screenTable} from '../commands/screen-table.ts';
import {findSlash, slashUsage} from '../commands/slash.ts';
import type {EverybodyReader} from './everybody.ts';
import type {KeyOf} from '../view-models/key-of.ts';
import {span, type ScreenSpan} from '../view-models/screen-line.ts';
import {everybody, namedIn, noMentions} from '../domain/mention.ts';
import {maximumEncrypted} from '../domain/event-size.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {mostParts, partSize} from '../text/split-text.ts';

/** @returns what the text in the composer will do as a command; `undefined` where it is none. */
export const commandHint = (text: string, keyOf: KeyOf): ScreenSpan | undefined => {
	if (text.startsWith('//') || !text.startsWith('/')) return undefined;
	const word = /^\/(\S*)/.exec(text)?.[1] ?? '';
	const command = findSlash(word, screenTable);
	if (command !== undefined) return span(safeText(`${slashUsage(command)}  ${command.summary}`, 'line'), 'muted');
	const isBeginning = screenTable.some(each => each.isSlash && each.name.startsWith(word));
	return isBeginning && text === `/${word}`
		? span(
				literal`Tab completes · ${keyOf('completion-up')} ${keyOf('completion-down')} choose · Enter runs what is written`,
				'muted',
			)
		: span(literal`no such command; // sends a slash`, 'muted');
};

/** @returns that a text is surely too long for one message; `undefined` where it may fit. */
export const tooLongHint = (text: string, keyOf: KeyOf): ScreenSpan | undefined => {
	// In UTF-8 a code unit makes at most three bytes.
	if (text.length * 3 <= maximumEncrypted || Buffer.byteLength(text) <= maximumEncrypted) return undefined;
	const bytes = Buffer.byteLength(text);
	const size = literal`${Math.ceil(bytes / 1000)} kB: too long`;
	const parts = bytes > mostParts * partSize ? literal`` : literal` · ${keyOf('send')} offers parts`;
	return span(literal`${size}${parts} · ${keyOf('make-file')} as file`, 'warning');
};

/** @returns whom `@room` in a text would wake; `undefined` where it is not there. */
export const everybodyHint = (
	text: string,
	{count, needed, own}: ReturnType<EverybodyReader>,
): ScreenSpan | undefined => {
	if (!text.includes(everybody) || !namedIn(text, {...noMentions, mayNameEverybody: true}).isEverybody)
		return undefined;
	if (own < needed)
		return span(literal`@room notifies nobody: that needs a power of ${needed} here, yours is ${own}`, 'warning');
	return span(
		literal`@room notifies everybody here: ${count} ${count === 1 ? literal`person` : literal`people`}`,
		'warning',
	);
};
