/** The commands as a list to choose from: with keys, slash words, and why one is not possible just now. */
import {editNames} from '../commands/screen/composer.ts';
import type {CommandGroup, ScreenCommand, ScreenContext} from '../commands/define-command.ts';
import type {KeyLabel} from '../commands/keymap.ts';
import {findSlash, parseInput, slashUsage} from '../commands/slash.ts';
import {exWords} from '../commands/vim-table.ts';
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
	/** How keys are written. */
	readonly label: KeyLabel;
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

/** Keys that only move within what is open now, or edit at its cursor, mean nothing from a list over it. */
const isStep = ({scope, group, isSlash, name}: ScreenCommand): boolean => {
	if (isSlash) return false;
	if (scope === 'composer') return editNames.has(name);
	if (scope === 'message') return group !== 'message' && group !== 'room';
	return scope === 'inbox' && group === 'movement';
};

const isListed = (command: ScreenCommand): boolean =>
	command.summary !== '' && ['everywhere', 'composer', 'message', 'inbox'].includes(command.scope) && !isStep(command);

/** Key of the row for what was typed with the words of a command. */
const typedKey = 'typed ';

/** Summaries are long: letters scattered over one are no hit. */
const leastScore = 0.33;

/** UTF-16 code units of what was typed that are repeated in a sentence. */
const longestWord = 40;

const plainQuery = (query: string): string => query.trim().replace(/^[/:]/, '');

const needsWords = ({parameters}: ScreenCommand): boolean =>
	Object.values(parameters).some(({isOptional}) => isOptional !== true);

const summaryOf = ({summary}: ScreenCommand): SafeText => safeText(summary, 'name');

const keysOf = ({keys}: ScreenCommand, label: KeyLabel): SafeText =>
	joinSafe(
		keys.slice(0, 2).map(key => safeText(label(key), 'name')),
		literal` `,
	);

export const createCommandList = ({table, context, facts, fill, say, label}: CommandListOptions) => {
	const order = new Map(commandGroups.map(([group], index) => [group, index]));
	const listed = table
		.filter(isListed)
		.toSorted((first, second) => (order.get(first.group) ?? 0) - (order.get(second.group) ?? 0));
	const fuzzy = createFuzzy(
		listed,
		command => ({
			name: summaryOf(command),
			others: [command.name, ...(command.aliases ?? [])].join(' '),
		}),
		leastScore,
	);

	const keyOf = ({scope, name}: ScreenCommand): string => `${scope}/${name}`;

	const rowOf = ({item, spots}: FuzzyMatch<ScreenCommand>): PanelRow => ({
		key: keyOf(item),
		lines(width) {
			const reason = item.whyNot?.(facts());
			const slash: ScreenLine = item.isSlash ? [span(safeText(slashUsage(item), 'name'), 'muted')] : [];
			const keys: ScreenLine = item.keys.length === 0 ? [] : [boldSpan(keysOf(item, label), 'accent')];
			const right = reason === undefined ? joinParts([slash, keys]) : [span(safeText(reason, 'name'), 'warning')];
			const left = emphasised(summaryOf(item), spots, reason === undefined ? undefined : 'muted');
			return [spreadLine([span(literal`  `), ...left], [...right, span(literal` `)], width)];
		},
	});

	/** @returns the command that a word names; else those whose slash words begin with it. */
	const namedBy = (word: string): readonly ScreenCommand[] => {
		const wanted = exWords.get(word) ?? word;
		const exact = findSlash(wanted, listed) ?? listed.find(({name}) => name === wanted);
		if (exact !== undefined) return [exact];
		// One letter is no name that somebody has begun.
		if (word.length < 2) return [];
		return listed.filter(
			({isSlash, name, aliases = []}) => isSlash && [name, ...aliases].some(each => each.startsWith(word)),
		);
	};

	const typedRow = (command: ScreenCommand, words: string): PanelRow => {
		const text = `/${command.name} ${words}`;
		return {
			key: `${typedKey}${text}`,
			lines: () => [[span(literal`  ${safeText(text, 'line')}`), span(literal`   ${summaryOf(command)}`, 'muted')]],
		};
	};

	/** @returns the rows of the commands that are named; with words behind the name, the one that runs it with them. */
	const namedRows = (query: string): readonly PanelRow[] => {
		const wanted = plainQuery(query);
		const [word = ''] = wanted.split(/\s/, 1);
		const words = wanted.slice(word.length).trim();
		const named = namedBy(word);
		if (words === '') return named.map(item => rowOf({item, spots: []}));
		return named
			.filter(({isSlash, parameters}) => isSlash && Object.keys(parameters).length > 0)
			.map(command => typedRow(command, words));
	};

	return {
		/** @returns the rows for what was typed, those that it names first; headings stand only where nothing was. */
		rows(query: string): readonly PanelRow[] {
			const wanted = plainQuery(query);
			if (wanted !== '') {
				const named = namedRows(query);
				const found = fuzzy.find(wanted, listed.length).map(rowOf);
				return [...named, ...found.filter(({key}) => !named.some(each => each.key === key))];
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
		/** Whether what was typed names one command: then its row is the first. Others that are found may be far from what is meant. */
		isNamed: (query: string): boolean => namedRows(query).length === 1,
		/** Says why Enter does nothing. @param sign what stands before the word where it was typed */
		sayNone(query: string, sign: string): void {
			const wanted = plainQuery(query);
			if (wanted === '') return;
			const many = namedRows(query).length > 1;
			const found = `${sign}${wanted.slice(0, longestWord)}`;
			const next = fuzzy.find(wanted, 1).length > 0 || many ? ` ${label('down')} chooses one of these.` : '';
			say(`${many ? `Several begin with ${found}.` : `There is no ${found}.`}${next}`);
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
