/** A large text that was just pasted: what it is, and how it becomes a block of code. */
import type {KeyOf} from './key-of.ts';
import {fenced} from '../text/fence.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import type {Composer, ComposerAction} from './composer.ts';

/** A pasted text of more than this is asked about. UTF-16 code units, and lines. */
const largeText = 2048;
const manyLines = 10;

/** Where the pasted text stands, UTF-16 indexes. */
export type Paste = {readonly from: number; readonly to: number; readonly lines: number};

/** @returns lines of a text, without splitting it. */
export const countLines = (text: string): number => {
	let count = 1;
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
	return count;
};

/** @returns a function that knows the large text that was pasted last, as long as nothing was done since; it looks at each once. */
export const createPasteReader = (): ((composer: Pick<Composer, 'undo' | 'last'>) => Paste | undefined) => {
	const known = new WeakMap<object, Paste | 'small'>();
	return ({undo, last}) => {
		const edit = last === 'paste' ? undo.at(-1) : undefined;
		if (edit === undefined) return undefined;
		const before = known.get(edit);
		if (before !== undefined) return before === 'small' ? undefined : before;
		const {at, inserted} = edit;
		// The last line feed only ends the last line.
		const lines = countLines(inserted) - Number(inserted.endsWith('\n'));
		const isLarge = inserted.length > largeText || lines > manyLines;
		const paste = {from: at, to: at + inserted.length, lines};
		known.set(edit, isLarge ? paste : 'small');
		return isLarge ? paste : undefined;
	};
};

/** @returns what was pasted and what can be done with it */
export const pasteHint = ({from, to, lines}: Paste, keyOf: KeyOf): SafeText => {
	const what = lines > 1 ? literal`${lines} lines pasted` : literal`${to - from} characters pasted`;
	return literal`${what} · ${keyOf('make-code')} as code · ${keyOf('make-file')} as file · ${keyOf('send')} as text`;
};

/** @returns a range as it was pasted: the first of two slashes only says that it is no command */
export const pastedText = ({text}: Pick<Composer, 'text'>, from: number, to: number): string =>
	text.slice(from === 0 && text.startsWith('//') ? 1 : from, to);

/** @returns the step that makes a range of the text a block of code, as one step of undo; its fence is longer than any in it */
export const asCode = ({text}: Pick<Composer, 'text'>, from: number, to: number): ComposerAction => {
	const before = from === 0 || text.charAt(from - 1) === '\n' ? '' : '\n';
	const after = to === text.length || text.charAt(to) === '\n' ? '' : '\n';
	return {kind: 'replace', from, to, text: `${before}${fenced(pastedText({text}, from, to))}${after}`};
};
