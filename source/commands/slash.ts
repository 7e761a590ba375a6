/** What a text in the composer means: a message, a command, or something that must not be sent. */
import {readFileWord, type FileWord} from '../domain/file-word.ts';
import {closestName} from './closest-name.ts';
import {keyLabel} from './keymap.ts';
import type {ScreenCommand} from './define-command.ts';
import type {Parameter} from './parameter.ts';

export type ParsedInput =
	| {readonly kind: 'message'; readonly text: string}
	| {
			readonly kind: 'command';
			readonly command: ScreenCommand;
			readonly values: Readonly<Record<string, string | undefined>>;
	  }
	/** A sentence that says why nothing was done. */
	| {readonly kind: 'refused'; readonly sentence: string};

/** @returns `/me TEXT`, `/join ROOM`. */
export const slashUsage = (command: ScreenCommand): string => {
	const parameters = Object.entries(command.parameters).map(([name, {isOptional}]) =>
		isOptional === true ? `[${name.toUpperCase()}]` : name.toUpperCase(),
	);
	return [`/${command.name}`, ...parameters].join(' ');
};

/** @returns the slash command of a name or alias. */
export const findSlash = (word: string, commands: readonly ScreenCommand[]): ScreenCommand | undefined =>
	commands.find(command => command.isSlash && (command.name === word || command.aliases?.includes(word) === true));

/** @returns the value of a parameter at the beginning of a text, and how much of it that takes. */
const readValue = (text: string, {kind, isRest = false}: Parameter): FileWord => {
	if (kind === 'file' && !isRest) return readFileWord(text);
	const value = isRest ? text : (/^\S+/.exec(text)?.[0] ?? '');
	return {value, length: value.length};
};

/** UTF-16 code units of a word that are repeated in a sentence. */
const longestWord = 40;

/** @returns the name of the slash command that may be meant by a mistyped one. */
export const closestSlash = (word: string, commands: readonly ScreenCommand[]): string | undefined => {
	const names = commands.filter(({isSlash}) => isSlash).flatMap(({name, aliases = []}) => [name, ...aliases]);
	// One letter more or less of a name of two or three is another word.
	return word.length < 2
		? undefined
		: closestName(
				word.toLowerCase(),
				names.filter(({length}) => length > 2),
			);
};

/** @returns the values, or `undefined` where one is missing or one too many. */
const readValues = (
	rest: string,
	parameters: Readonly<Record<string, Parameter>>,
): Readonly<Record<string, string | undefined>> | undefined => {
	const values: Record<string, string | undefined> = {};
	let left = rest.trim();
	for (const [name, parameter] of Object.entries(parameters)) {
		const {value, length} = readValue(left, parameter);
		if (value === '' && parameter.isOptional !== true) return undefined;
		values[name] = value === '' ? undefined : value;
		left = left.slice(length).trim();
	}
	return left === '' ? values : undefined;
};

/**
 * `//` sends a slash. An unknown `/word` is never sent: a mistyped `/quit` is not for the room.
 * @param text what stands in the composer
 */
export const parseInput = (text: string, commands: readonly ScreenCommand[]): ParsedInput => {
	if (text.startsWith('//')) return {kind: 'message', text: text.slice(1)};
	if (!text.startsWith('/')) return {kind: 'message', text};
	const match = /^\/(\S*)([\s\S]*)$/.exec(text);
	const word = match?.[1] ?? '';
	const command = findSlash(word, commands);
	if (command === undefined) {
		const meant = closestSlash(word, commands);
		const help = keyLabel(commands.find(({name}) => name === 'help')?.keys[0] ?? 'f1');
		const advice = meant === undefined ? `${help} shows all commands` : `Did you mean /${meant}`;
		const end = meant === undefined ? ';' : '?';
		return {
			kind: 'refused',
			sentence: `There is no /${word.slice(0, longestWord)}. ${advice}${end} // at the beginning sends a slash.`,
		};
	}
	const values = readValues(match?.[2] ?? '', command.parameters);
	if (values === undefined) return {kind: 'refused', sentence: `Write ${slashUsage(command)}: ${command.summary}.`};
	return {kind: 'command', command, values};
};
