/** The keys that hold now: those of the set and the settings, which may change while mx runs. */
import {bindKeys, type KeySettings} from '../commands/bind-keys.ts';
import type {ScreenCommand} from '../commands/define-command.ts';
import {asciiKeyLabel, createKeymap, keyLabel, type KeyLabel, type Keymap} from '../commands/keymap.ts';
import type {KeySet} from '../commands/key-sets.ts';
import {screenTable} from '../commands/screen-table.ts';
import type {CharacterSet} from '../terminal/character-set.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {KeyOf} from '../view-models/key-of.ts';

export type KeyTable = {
	/** @param settings what holds from now on. @returns sentences about bindings that do not hold */
	readonly use: (settings: KeySettings) => readonly string[];
	/** All commands, with the keys that they have now. */
	readonly commands: () => readonly ScreenCommand[];
	readonly keymap: () => Keymap;
	readonly set: () => KeySet;
	/** Reminders for the status line. */
	readonly hints: () => readonly SafeText[];
	readonly keyOf: KeyOf;
	/** How keys are written, as the terminal can show them. */
	readonly label: KeyLabel;
};

/** What is worth to be reminded of, the most important first. */
const reminders: readonly (readonly [command: string, words: SafeText])[] = [
	['help', literal`help`],
	['toggle-inbox', literal`inbox`],
	['next-unread', literal`next unread`],
	['next-room', literal`next room`],
	['page-up', literal`scrolls`],
];

const hintsOf = (commands: readonly ScreenCommand[], label: KeyLabel): readonly SafeText[] =>
	reminders.flatMap(([name, words]) => {
		const key = commands.find(command => command.name === name)?.keys[0];
		return key === undefined ? [] : [literal`${safeText(label(key), 'name')} ${words}`];
	});

/** @param characters what the terminal can show */
export const createKeyTable = (characters: CharacterSet): KeyTable => {
	const label = characters === 'unicode' ? keyLabel : asciiKeyLabel;
	const make = (settings: KeySettings) => {
		const {commands, problems} = bindKeys(screenTable, settings);
		const keys = new Map(commands.flatMap(({name, keys: [key]}) => (key === undefined ? [] : [[name, key]])));
		return {
			commands,
			problems,
			keymap: createKeymap(commands),
			set: settings.keys,
			hints: hintsOf(commands, label),
			keys,
		};
	};
	let table = make({keys: 'default', bindings: {}});
	return {
		use(settings) {
			table = make(settings);
			return table.problems;
		},
		commands: () => table.commands,
		keymap: () => table.keymap,
		set: () => table.set,
		hints: () => table.hints,
		keyOf(command) {
			const key = table.keys.get(command);
			return safeText(key === undefined ? command : label(key), 'name');
		},
		label,
	};
};
