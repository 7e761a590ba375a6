/** From keys to commands: scopes stand on each other, the innermost that knows a key wins. */
import type {CommandScope, ScreenCommand} from './define-command.ts';

export type Keymap = {
	/**
	 * @param scopes innermost first
	 * @param key as the input decoder names it; a character of text is its own name
	 */
	readonly find: (scopes: readonly CommandScope[], key: string) => ScreenCommand | undefined;
};

/** @throws Error when two commands of one scope want the same key: a bug in the table. */
export const createKeymap = (commands: readonly ScreenCommand[]): Keymap => {
	const byScope = new Map<CommandScope, Map<string, ScreenCommand>>();
	for (const command of commands) {
		const keys = byScope.get(command.scope) ?? new Map<string, ScreenCommand>();
		byScope.set(command.scope, keys);
		for (const key of command.keys) {
			const other = keys.get(key);
			if (other !== undefined) throw new Error(`${key} is both ${other.name} and ${command.name} (${command.scope})`);
			keys.set(key, command);
		}
	}
	return {
		find(scopes, key) {
			for (const scope of scopes) {
				const command = byScope.get(scope)?.get(key);
				if (command !== undefined) return command;
			}
			return undefined;
		},
	};
};

const names: ReadonlyMap<string, string> = new Map([
	['page-up', 'PgUp'],
	['page-down', 'PgDn'],
	['escape', 'Esc'],
	['backspace', 'Backspace'],
	['delete', 'Del'],
	['up', '↑'],
	['down', '↓'],
	['left', '←'],
	['right', '→'],
	['home', 'Home'],
	['end', 'End'],
	['enter', 'Enter'],
	['tab', 'Tab'],
	[' ', 'Space'],
]);

const baseLabel = (base: string, hasModifier: boolean): string => {
	const known = names.get(base);
	if (known !== undefined) return known;
	if (/^f\d+$/.test(base)) return base.toUpperCase();
	// Shift is part of a letter: `Alt-Z` must not look like `Alt-z`.
	return hasModifier && /^[A-Z]$/.test(base) ? `Shift-${base}` : base.toUpperCase();
};

/** @returns how a key is written for people: `^R`, `Alt-↓`, `F1`, `^Home`, `q`. */
export const keyLabel = (key: string): string => {
	const match = /^((?:super-|ctrl-|alt-|shift-)*)(.+)$/.exec(key);
	const modifiers = match?.[1] ?? '';
	const base = match?.[2] ?? key;
	if (modifiers === '') return base.length === 1 ? (names.get(base) ?? base) : baseLabel(base, false);
	const prefix = modifiers
		.replace('super-', 'Super-')
		.replace('ctrl-', '^')
		.replace('alt-', 'Alt-')
		.replace('shift-', 'Shift-');
	return `${prefix}${baseLabel(base, true)}`;
};
