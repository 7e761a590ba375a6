/** What the screen says about commands and keys by itself, from the table. */
import {keyLabel} from '../commands/keymap.ts';
import {screenTable} from '../commands/screen-table.ts';
import {findSlash, slashUsage} from '../commands/slash.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';

/** @returns what the text in the composer will do as a command; `undefined` where it is none. */
export const commandHint = (text: string): SafeText | undefined => {
	if (text.startsWith('//') || !text.startsWith('/')) return undefined;
	const word = /^\/(\S*)/.exec(text)?.[1] ?? '';
	const command = findSlash(word, screenTable);
	if (command !== undefined) return safeText(`${slashUsage(command)}  ${command.summary}`, 'line');
	const isBeginning = screenTable.some(each => each.isSlash && each.name.startsWith(word));
	return isBeginning && text === `/${word}`
		? literal`Tab completes · ↑ ↓ choose · Enter runs what is written`
		: literal`no such command; // sends a slash`;
};

/** Reminders for the status line. */
export const keyHints = (): readonly SafeText[] => {
	const wanted: readonly (readonly [command: string, words: SafeText])[] = [
		['help', literal`help`],
		['next-unread', literal`next unread`],
		['next-room', literal`next room`],
		['page-up', literal`scrolls`],
	];
	return wanted.map(([name, words]) => {
		const key = screenTable.find(command => command.name === name)?.keys[0] ?? '';
		return literal`${safeText(keyLabel(key), 'name')} ${words}`;
	});
};
