/** From keys to commands: scopes stand on each other, the innermost that knows a key wins. */
import type {CommandScope, ScreenCommand} from './define-command.ts';

export type Keymap = {
	/**
	 * @param scopes innermost first
	 * @param keys as the input decoder names them; a character of text is its own name. Several in a row have blanks between them
	 */
	readonly find: (scopes: readonly CommandScope[], keys: string) => ScreenCommand | undefined;
	/** Whether more keys may follow these to mean something. */
	readonly isBeginning: (scopes: readonly CommandScope[], keys: string) => boolean;
};

/** A blank that was typed; between keys in a row there is one too. */
const spaceKey = ' ';

/** @returns the name of keys in a row. @param before what was pressed before; `undefined` for nothing */
export const keysInRow = (before: string | undefined, key: string): string => {
	const name = key === spaceKey ? 'space' : key;
	return before === undefined ? name : `${before} ${name}`;
};

/** @returns the keys that these begin with, each longer than the one before, without themselves. */
const beginningsOf = (keys: string): readonly string[] => {
	const each = keys.split(' ');
	return each.slice(1).map((_, index) => each.slice(0, index + 1).join(' '));
};

/** @throws Error when two commands of one scope want the same key, or one can never be reached: a bug in the table. */
export const createKeymap = (commands: readonly ScreenCommand[]): Keymap => {
	const byScope = new Map<CommandScope, Map<string, ScreenCommand>>();
	const beginnings = new Map<CommandScope, Set<string>>();
	for (const command of commands) {
		const keys = byScope.get(command.scope) ?? new Map<string, ScreenCommand>();
		byScope.set(command.scope, keys);
		const begun = beginnings.get(command.scope) ?? new Set<string>();
		beginnings.set(command.scope, begun);
		for (const written of command.keys) {
			const key = written === spaceKey ? keysInRow(undefined, written) : written;
			const other = keys.get(key);
			if (other !== undefined) throw new Error(`${key} is both ${other.name} and ${command.name} (${command.scope})`);
			keys.set(key, command);
			for (const beginning of beginningsOf(key)) begun.add(beginning);
		}
	}
	for (const [scope, begun] of beginnings)
		for (const key of begun) {
			const other = byScope.get(scope)?.get(key);
			if (other !== undefined) throw new Error(`${key} begins other keys and is ${other.name} (${scope})`);
		}
	return {
		find(scopes, keys) {
			const wanted = keys === spaceKey ? keysInRow(undefined, keys) : keys;
			for (const scope of scopes) {
				const command = byScope.get(scope)?.get(wanted);
				if (command !== undefined) return command;
			}
			return undefined;
		},
		isBeginning: (scopes, keys) => scopes.some(scope => beginnings.get(scope)?.has(keys) === true),
	};
};

const names: ReadonlyMap<string, string> = new Map([
	['page-up', 'PgUp'],
	['page-down', 'PgDn'],
	['escape', 'Esc'],
	['backspace', 'Backspace'],
	['delete', 'Del'],
	['home', 'Home'],
	['end', 'End'],
	['enter', 'Enter'],
	['tab', 'Tab'],
	[' ', 'Space'],
	['space', 'Space'],
]);

const arrows: ReadonlyMap<string, string> = new Map([
	['up', '↑'],
	['down', '↓'],
	['left', '←'],
	['right', '→'],
]);

/** How keys are written for people. */
export type KeyLabel = (keys: string) => string;

type Names = ReadonlyMap<string, string>;

const baseLabel = (base: string, hasModifier: boolean, names: Names): string => {
	const known = names.get(base);
	if (known !== undefined) return known;
	if (/^f\d+$/.test(base)) return base.toUpperCase();
	// Shift is part of a letter: `Alt-Z` must not look like `Alt-z`.
	return hasModifier && /^[A-Z]$/.test(base) ? `Shift-${base}` : base.toUpperCase();
};

const labelOf = (key: string, names: Names): string => {
	const match = /^((?:super-|ctrl-|alt-|shift-)*)(.+)$/.exec(key);
	const modifiers = match?.[1] ?? '';
	const base = match?.[2] ?? key;
	if (modifiers === '') return base.length === 1 ? (names.get(base) ?? base) : baseLabel(base, false, names);
	const prefix = modifiers
		.replace('super-', 'Super-')
		.replace('ctrl-', '^')
		.replace('alt-', 'Alt-')
		.replace('shift-', 'Shift-');
	return `${prefix}${baseLabel(base, true, names)}`;
};

const labelWith =
	(all: Names): KeyLabel =>
	keys =>
		(keys.length === 1 ? [keys] : keys.split(' ')).map(key => labelOf(key, all)).join(' ');

/** `^R`, `Alt-↓`, `F1`, `^Home`, `q`, `^X b`. */
export const keyLabel: KeyLabel = labelWith(new Map([...names, ...arrows]));

/** As `keyLabel`, where arrows cannot be drawn: `Alt-Down`. */
export const asciiKeyLabel: KeyLabel = labelWith(
	new Map([...names, ...['Up', 'Down', 'Left', 'Right'].map((name): [string, string] => [name.toLowerCase(), name])]),
);
