/** The commands as a list to choose from: with keys, slash words, and why one is not possible just now. */
import type {CommandGroup, ScreenCommand, ScreenContext} from '../commands/define-command.ts';
import {keyLabel} from '../commands/keymap.ts';
import {findSlash, parseInput, slashUsage} from '../commands/slash.ts';
import type {CommandFacts} from '../commands/why-not.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {createFuzzy, emphasised, type FuzzyMatch} from '../view-models/fuzzy.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {boldSpan, joinParts, span, spreadLine, type ScreenLine} from '../view-models/screen-line.ts';

export type CommandListOptions = {
	readonly table: readonly ScreenCommand[];
	/** Read when a command is run. */
	readonly context: () => ScreenContext;
	readonly facts: () => CommandFacts;
	/** Puts the beginning of a command that needs more words where it can be completed. */
	readonly fill: (text: string) => void;
	readonly say: (sentence: string) => void;
};

export type CommandList = ReturnType<typeof createCommandList>;

/** Titles of the groups, in their order. */
export const commandGroups: readonly (readonly [CommandGroup, SafeText])[] = [
	['movement', literal`Getting around`],
	['message', literal`Messages`],
	['room', literal`Rooms`],
	['account', literal`Account`],
	['screen', literal`Screen`],
	['help', literal`Help`],
	['editing', literal`Writing`],
];

/** Keys that only move within what is open now mean nothing from a list over it. */
const isListed = ({scope, summary}: ScreenCommand): boolean =>
	summary !== '' && (scope === 'everywhere' || scope === 'composer' || scope === 'message' || scope === 'inbox');

/** What people of vim write for these commands. */
const exWords: ReadonlyMap<string, string> = new Map([
	...['q', 'q!', 'qa', 'qa!', 'wq', 'wqa', 'x', 'xa'].map((word): [string, string] => [word, 'quit']),
	['h', 'help'],
	['e', 'go'],
	['ls', 'switcher'],
	['bn', 'next-room'],
	['bp', 'previous-room'],
	['b#', 'last-room'],
]);

/** Key of the row for what was typed with the words of a command. */
const typedKey = 'typed ';

const needsWords = ({parameters}: ScreenCommand): boolean =>
	Object.values(parameters).some(({isOptional}) => isOptional !== true);

const summaryOf = ({summary}: ScreenCommand): SafeText => safeText(summary, 'name');

const keysOf = ({keys}: ScreenCommand): SafeText =>
	joinSafe(
		keys.slice(0, 2).map(key => safeText(keyLabel(key), 'name')),
		literal` `,
	);

export const createCommandList = ({table, context, facts, fill, say}: CommandListOptions) => {
	const order = new Map(commandGroups.map(([group], index) => [group, index]));
	const listed = table
		.filter(isListed)
		.toSorted((first, second) => (order.get(first.group) ?? 0) - (order.get(second.group) ?? 0));
	const fuzzy = createFuzzy(listed, command => ({
		name: summaryOf(command),
		others: [command.name, ...(command.aliases ?? [])].join(' '),
	}));

	const keyOf = ({scope, name}: ScreenCommand): string => `${scope}/${name}`;

	const rowOf = ({item, spots}: FuzzyMatch<ScreenCommand>): PanelRow => ({
		key: keyOf(item),
		lines(width) {
			const reason = item.whyNot?.(facts());
			const slash: ScreenLine = item.isSlash ? [span(safeText(slashUsage(item), 'name'), 'muted')] : [];
			const keys: ScreenLine = item.keys.length === 0 ? [] : [boldSpan(keysOf(item), 'accent')];
			const right = reason === undefined ? joinParts([slash, keys]) : [span(safeText(reason, 'name'), 'warning')];
			const left = emphasised(summaryOf(item), spots, reason === undefined ? undefined : 'muted');
			return [spreadLine([span(literal`  `), ...left], [...right, span(literal` `)], width)];
		},
	});

	/** @returns the row of the command that is named exactly; with words behind it, one that runs it with them. */
	const namedRow = (wanted: string): PanelRow | undefined => {
		const [word = '', ...others] = wanted.split(/\s+/);
		const name = exWords.get(word) ?? word;
		const slash = findSlash(name, listed);
		const command = slash ?? listed.find(each => each.name === name);
		if (command === undefined) return undefined;
		if (others.length === 0) return rowOf({item: command, spots: []});
		if (slash === undefined || Object.keys(slash.parameters).length === 0) return undefined;
		const text = `/${slash.name} ${wanted.slice(word.length).trim()}`;
		return {
			key: `${typedKey}${text}`,
			lines: width => [
				spreadLine(
					[span(literal`  `), span(safeText(text, 'line'))],
					[span(literal`${summaryOf(slash)} `, 'muted')],
					width,
				),
			],
		};
	};

	return {
		/** @returns the rows for what was typed, the command of that name first; headings stand only where nothing was. */
		rows(query: string): readonly PanelRow[] {
			const wanted = query.trim().replace(/^[/:]/, '');
			if (wanted !== '') {
				const named = namedRow(wanted);
				const found = fuzzy.find(wanted, listed.length).map(rowOf);
				if (named === undefined) return found;
				// Words behind a name may as well be those of a summary: `join room`.
				return named.key.startsWith(typedKey)
					? [...found, named]
					: [named, ...found.filter(({key}) => key !== named.key)];
			}
			return commandGroups.flatMap(([group, title]) => {
				const own = listed.filter(command => command.group === group);
				if (own.length === 0) return [];
				const heading: PanelRow = {
					key: `group ${group}`,
					isHeading: true,
					lines: () => [[boldSpan(literal` ${title}`, 'heading')]],
				};
				return [heading, ...own.map(item => rowOf({item, spots: []}))];
			});
		},
		/** Runs a command, or asks for its words in the composer. @param key of its row */
		run(key: string): void {
			if (key.startsWith(typedKey)) {
				const parsed = parseInput(key.slice(typedKey.length), listed);
				if (parsed.kind === 'refused') say(parsed.sentence);
				if (parsed.kind !== 'command') return;
				const why = parsed.command.whyNot?.(facts());
				if (why === undefined) parsed.command.run(parsed.values as Record<string, string>, context());
				else say(`Not now: ${why}.`);
				return;
			}
			const command = listed.find(each => keyOf(each) === key);
			if (command === undefined) return;
			const reason = command.whyNot?.(facts());
			if (reason !== undefined) say(`Not now: ${reason}.`);
			else if (needsWords(command)) fill(`/${command.name} `);
			else command.run({}, context());
		},
	};
};
