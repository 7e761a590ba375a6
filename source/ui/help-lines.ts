/** The help, generated from the command table: every key and every slash command. */
import type {CommandScope, ScreenCommand} from '../commands/define-command.ts';
import {keyLabel, type KeyLabel} from '../commands/keymap.ts';
import {slashUsage} from '../commands/slash.ts';
import {exEntries, exTitle, vimSections} from '../commands/vim-table.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad, textWidth, truncate} from '../text/width.ts';
import {blanks, boldSpan, cutLine, emptyLine, span, type ScreenLine} from '../view-models/screen-line.ts';
import {wrapLine} from '../view-models/wrap-line.ts';

/** Where keys count, in the order of the help, and what that is called. */
export const keyScopes: readonly (readonly [scope: CommandScope, title: SafeText])[] = [
	['everywhere', literal`Everywhere`],
	['composer', literal`In the composer`],
	['completion', literal`In the menu above the composer`],
	['message', literal`On a selected message`],
	['inbox', literal`In the inbox`],
	['narrowing', literal`While the inbox is narrowed`],
	['bare', literal`In the bare view`],
	['panel', literal`In lists`],
	['search', literal`In a search`],
	['thread', literal`In a thread`],
	['pins', literal`In the list of pinned messages`],
	['source', literal`In the source of a message`],
	['profile', literal`On a person`],
	['devices', literal`In the list of devices`],
	['verification', literal`In a verification`],
	['bridges', literal`In the list of bridges`],
	['spaces', literal`In the list of spaces`],
	['outbox', literal`In the outbox`],
	['poll', literal`In a poll`],
	['help', literal`In this help`],
];

/** Cells of the column of keys. */
const keyWidth = 28;

/** The summary wraps in its column; where keys are too long for theirs, it begins a row below. */
const entryLines = (left: SafeText, summary: string, width: number): readonly ScreenLine[] => {
	const column = Math.min(keyWidth, Math.floor(width / 2));
	const indent = span(literal`  `);
	const words = wrapLine([span(safeText(summary, 'line'))], Math.max(1, width - column - 3), 8);
	const isBeside = textWidth(left) < column;
	const key = boldSpan(isBeside ? pad(left, column) : truncate(left, Math.max(1, width - 3)), 'accent');
	const rest = (isBeside ? words.slice(1) : words).map(line => [indent, span(blanks(column)), ...line]);
	return [[indent, key, ...(isBeside ? (words[0] ?? []) : [])], ...rest];
};

/** Keys, and what they do. */
type Entry = {readonly keys: string; readonly summary: string};

/** Commands one after another of which only a number differs, as `1` to `9` for sections: they are one entry. */
const inSeries = (entries: readonly Entry[]): readonly Entry[] => {
	const series: Entry[][] = [];
	const patternOf = ({keys, summary}: Entry): string => `${keys} ${summary}`.replaceAll(/\d/g, '#');
	const numberOf = ({keys}: Entry): number => Number(/\d/.exec(keys)?.[0]);
	for (const entry of entries) {
		const last = series.at(-1)?.at(-1);
		const isNext = last !== undefined && patternOf(last) === patternOf(entry) && numberOf(entry) === numberOf(last) + 1;
		if (isNext) series.at(-1)?.push(entry);
		else series.push([entry]);
	}
	return series.flatMap(each => {
		const [first, last] = [each[0], each.at(-1)];
		if (first === undefined || last === undefined || first === last) return each;
		const between = each.length > 2 ? ' to ' : ', ';
		const summary = first.summary.replace(/\d/, digit => `${digit}${between}${/\d/.exec(last.summary)?.[0] ?? ''}`);
		return [{keys: `${first.keys}${between}${last.keys}`, summary}];
	});
};

const keyLines = (commands: readonly ScreenCommand[], width: number, label: KeyLabel): readonly ScreenLine[] =>
	inSeries(
		commands
			.filter(({keys}) => keys.length > 0)
			.map(({keys, summary}) => ({keys: keys.map(label).join(', '), summary})),
	).flatMap(({keys, summary}) => entryLines(safeText(keys, 'line'), summary, width));

/** What vim has in the composer: where its normal mode is on, on top; else behind the keys. */
const vimLines = (commands: readonly ScreenCommand[], width: number, isHere: boolean): readonly ScreenLine[] =>
	[...vimSections, {title: exTitle, entries: exEntries(commands)}].flatMap(({title, entries}, index) => {
		const here = isHere && index === 0 ? [span(literal`  where you are`, 'muted')] : [];
		return [
			emptyLine,
			...wrapLine([boldSpan(literal` ${safeText(title, 'line')}`, 'heading'), ...here], width, 3),
			...entries.flatMap(({keys, summary}) => entryLines(safeText(keys, 'line'), summary, width)),
		];
	});

const slashLines = (commands: readonly ScreenCommand[], width: number): readonly ScreenLine[] =>
	commands
		.filter(command => command.isSlash)
		.flatMap(command => entryLines(safeText(slashUsage(command), 'line'), command.summary, width));

/** Scopes that count now come first, the innermost of them on top; the others as they are. */
const inOrder = (now: readonly CommandScope[]): typeof keyScopes => {
	const placeOf = (scope: CommandScope): number => (now.includes(scope) ? now.indexOf(scope) : now.length);
	return keyScopes.toSorted(([first], [second]) => placeOf(first) - placeOf(second));
};

/** @returns the first key of each of the commands, as people write them */
const keysOf = (commands: readonly ScreenCommand[], label: KeyLabel, ...names: readonly string[]): SafeText => {
	const keys = names.flatMap(name => commands.find(each => each.name === name)?.keys[0] ?? []);
	return safeText(keys.map(label).join(' '), 'name');
};

const scrollCommands = ['help-up', 'help-down', 'page-up', 'page-down'] as const;

/**
 * @param width cells
 * @param now scopes of the keys that count where the help was asked for, innermost first
 * @param way.label how keys are written @default with arrows
 * @param way.vim the mode of the composer, where the set of keys is that of vim
 * @returns all lines; the screen shows a part
 */
export const helpLines = (
	commands: readonly ScreenCommand[],
	width: number,
	now: readonly CommandScope[] = [],
	{label = keyLabel, vim}: {readonly label?: KeyLabel; readonly vim?: 'insert' | 'normal' | undefined} = {},
): readonly ScreenLine[] => {
	const isInNormal = vim === 'normal' && now[0] === 'composer';
	return [
		cutLine(
			[
				boldSpan(literal` Keys and commands`, 'title'),
				span(
					literal`   ${keysOf(commands, label, 'close-help')} closes · ${keysOf(commands, label, ...scrollCommands)} scroll`,
					'muted',
				),
			],
			width,
		),
		...(isInNormal ? vimLines(commands, width, true) : []),
		...inOrder(now).flatMap(([scope, title]) => {
			const own = commands.filter(command => command.scope === scope);
			const lines = keyLines(own, width, label);
			const here = now[0] === scope && !isInNormal ? [span(literal`  where you are`, 'muted')] : [];
			return lines.length === 0 ? [] : [emptyLine, [boldSpan(literal` ${title}`, 'heading'), ...here], ...lines];
		}),
		...(vim !== undefined && !isInNormal ? vimLines(commands, width, false) : []),
		emptyLine,
		[boldSpan(literal` Commands, typed into the composer`, 'heading')],
		...slashLines(commands, width),
		...entryLines(literal`//text`, 'Send a text that begins with a slash', width),
	];
};
