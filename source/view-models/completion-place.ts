/** What stands before the cursor that can be completed: `@person`, `#room`, `:emoji`, `/command` and its arguments. */
import {readFileWord} from '../domain/file-word.ts';
import {isMentionStart} from '../domain/mention.ts';
import type {ParameterKind} from '../domain/parameter-kind.ts';

/** A command as completion sees it: the table of commands has more. */
export type CompletionCommand = {
	readonly name: string;
	readonly aliases: readonly string[];
	/** `/me TEXT` */
	readonly usage: string;
	readonly summary: string;
	/** In their order. */
	readonly parameters: readonly {
		readonly kind: ParameterKind;
		readonly isRest: boolean;
		/** What it can be behind the arguments before it; none where nothing is known. @default nothing is */
		readonly words?: (before: readonly string[]) => readonly string[];
	}[];
};

/** What is completed. An argument is of a command. */
export type CompletionKind =
	| 'person'
	| 'room'
	| 'emoji'
	| 'command'
	| 'argument-room'
	| 'argument-user'
	| 'argument-member'
	| 'argument-outsider'
	| 'argument-file'
	| 'argument-network'
	| 'argument-reaction'
	| 'argument-word'
	| 'argument-bot';

/** A part of the text, UTF-16 indexes from 0; `to` is the cursor. */
export type CompletionPlace = {
	readonly kind: CompletionKind;
	readonly from: number;
	readonly to: number;
	/** What is looked for, without the sign before it. */
	readonly query: string;
	/** An argument that takes the rest of the line. @default false */
	readonly isRest?: boolean;
	/** What an `argument-word` can be. */
	readonly words?: readonly string[];
};

/** UTF-16 code units: longer words are no names. */
const longestWord = 64;
/** Code units before the cursor in which code is looked for. */
const codeWindow = 16_384;

/** @returns whether the index stands within `code` or a fence: nothing is completed there. */
export const isInCode = (text: string, index: number): boolean => {
	const before = text.slice(Math.max(0, index - codeWindow), index);
	const fences = before.match(/^ {0,3}```/gm)?.length ?? 0;
	if (fences % 2 === 1) return true;
	const line = before.slice(before.lastIndexOf('\n') + 1).replace(/^ {0,3}```/, '');
	return (line.match(/`/g)?.length ?? 0) % 2 === 1;
};

/** Two letters at least, or every time of day and every smiley would open the menu. */
const emojiQuery = /^[a-z+-][a-z0-9_+-]+$/i;

const isEmojiStart = (text: string, start: number): boolean =>
	isMentionStart(text, start) && !/[:;=<>]/.test(text.charAt(start - 1));

const signs: Readonly<Record<string, CompletionKind>> = {'@': 'person', '#': 'room', ':': 'emoji'};

/** A word with one of the signs, up to the cursor. */
const wordPlace = (text: string, cursor: number): CompletionPlace | undefined => {
	const window = text.slice(Math.max(0, cursor - longestWord - 1), cursor);
	const word = /\S*$/.exec(window)?.[0] ?? '';
	for (let at = word.length - 1; at >= 0; at--) {
		const kind = signs[word.charAt(at)];
		if (kind === undefined) continue;
		const from = cursor - word.length + at;
		const query = word.slice(at + 1);
		// The colon of a user id or an alias is part of it.
		if (kind === 'emoji' && (!isEmojiStart(text, from) || !emojiQuery.test(query))) continue;
		if (kind !== 'emoji' && (!isMentionStart(text, from) || /^[@#]/.test(query))) continue;
		return isInCode(text, from) ? undefined : {kind, from, to: cursor, query};
	}
	return undefined;
};

/** Where the argument begins that the cursor is in, and the number of those before it. */
const argumentAt = (
	text: string,
	cursor: number,
	command: CompletionCommand,
): {readonly from: number; readonly parameter: CompletionCommand['parameters'][number]} | undefined => {
	const isFile = command.parameters[0]?.kind === 'file';
	// A file may have a flag before it.
	const start = isFile ? /^\/\S+\s+(?:--[a-z-]+\s+)?/ : /^\/\S+\s+/;
	let from = start.exec(text.slice(0, cursor))?.[0].length ?? cursor;
	for (const parameter of command.parameters) {
		const rest = text.slice(from, cursor);
		const length = parameter.kind === 'file' ? readFileWord(rest).length : rest.search(/\s/);
		if (parameter.isRest || length === -1 || length === rest.length) return {from, parameter};
		from += length + (/^\s+/.exec(rest.slice(length))?.[0].length ?? 0);
	}
	return undefined;
};

const argumentPlace = (
	text: string,
	cursor: number,
	commands: readonly CompletionCommand[],
): CompletionPlace | undefined => {
	const word = /^\/(\S*)/.exec(text)?.[1] ?? '';
	const command = commands.find(({name, aliases}) => name === word || aliases.includes(word));
	const argument = command === undefined ? undefined : argumentAt(text, cursor, command);
	if (argument === undefined) return undefined;
	const {from, parameter} = argument;
	const {kind, isRest} = parameter;
	const typed = text.slice(from, cursor);
	const words = parameter.words?.(text.slice(0, from).trim().split(/\s+/).slice(1)) ?? [];
	if (words.length > 0) return {kind: 'argument-word', from, to: cursor, query: typed, isRest, words};
	if (kind === 'text') return wordPlace(text, cursor);
	if (kind === 'word' || kind === 'number' || kind === 'time') return undefined;
	const query = kind === 'file' && !isRest ? readFileWord(typed).value : typed;
	return {kind: `argument-${kind}`, from, to: cursor, query, isRest};
};

/**
 * @param cursor UTF-16 index
 * @param commands those that can be written with a slash
 */
export const completionPlace = (
	text: string,
	cursor: number,
	commands: readonly CompletionCommand[],
): CompletionPlace | undefined => {
	if (!text.startsWith('/') || text.startsWith('//')) return wordPlace(text, cursor);
	if (cursor === 0) return undefined;
	const query = text.slice(1, Math.min(cursor, longestWord));
	if (!/\s/.test(query)) return {kind: 'command', from: 0, to: cursor, query};
	return argumentPlace(text, cursor, commands);
};

/** @returns the first word of a text that is said to the bot of a bridge. */
export const botPlace = (text: string, cursor: number): CompletionPlace | undefined => {
	const query = text.slice(0, cursor);
	const isWord = query.length <= longestWord && /^(?:!pm |\S)?\S*$/.test(query) && !query.startsWith('/');
	return isWord ? {kind: 'argument-bot', from: 0, to: cursor, query} : undefined;
};

/** @returns the word without a sign before the cursor, which Tab takes for the beginning of a name. */
export const barePlace = (text: string, cursor: number): CompletionPlace | undefined => {
	const window = text.slice(Math.max(0, cursor - longestWord), cursor);
	const query = /[\p{L}\p{M}\p{N}_.-]+$/u.exec(window)?.[0] ?? '';
	const from = cursor - query.length;
	if (query === '' || text.startsWith('/') || !isMentionStart(text, from) || isInCode(text, from)) return undefined;
	return {kind: 'person', from, to: cursor, query};
};
