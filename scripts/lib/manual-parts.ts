/** The tables of the manual, from the command tables: words, keys, verbs, flags, exit codes. Markdown. */
import type {CommandScope, ScreenCommand, ShellCommand} from '../../source/commands/define-command.ts';
import {exitRows, flagRows, groupTitles, helpLines, synopsis} from '../../source/commands/help-text.ts';
import {keySets, type KeySet} from '../../source/commands/key-sets.ts';
import {exEntries, exTitle, vimSections} from '../../source/commands/vim-table.ts';
import {keyLabel} from '../../source/commands/keymap.ts';
import {globalFlags} from '../../source/commands/parse-arguments.ts';
import {plainTable} from '../../source/commands/plain-table.ts';
import {screenTable} from '../../source/commands/screen-table.ts';
import {shellTable} from '../../source/commands/shell-table.ts';
import {findSlash, slashUsage} from '../../source/commands/slash.ts';
import {exitCodes, type ExitReason} from '../../source/domain/errors.ts';
import {commandGroups} from '../../source/ui/command-list.ts';
import {keyScopes} from '../../source/ui/help-lines.ts';

/** A cell of a table: what would end it is written otherwise. */
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
const code = (text: string): string => (text.includes('`') ? `\`\` ${cell(text)} \`\`` : `\`${cell(text)}\``);

const table = (heads: readonly string[], rows: ReadonlyArray<readonly string[]>): readonly string[] =>
	[heads, heads.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`);

/** All slash words, with their other names. */
export const wordsOf = (command: ScreenCommand): string =>
	[slashUsage(command), ...(command.aliases ?? []).map(alias => `/${alias}`)].map(code).join(', ');

const keysOf = ({keys}: ScreenCommand): string => keys.map(key => code(keyLabel(key))).join(' ');

const wordRow = (command: ScreenCommand): readonly string[] => [
	wordsOf(command),
	keysOf(command),
	cell(command.summary),
];

const wordTable = (commands: readonly ScreenCommand[]): readonly string[] =>
	table(['word', 'key', 'does'], commands.map(wordRow));

/** Words that a page names. @throws Error where one is no command */
const namedWords = (names: readonly string[]): readonly string[] =>
	wordTable(
		names.map(name => {
			const command = findSlash(name, screenTable);
			if (command === undefined) throw new Error(`there is no command /${name}`);
			return command;
		}),
	);

const allWords = (): readonly string[] =>
	commandGroups.flatMap(([group, title]) => {
		const commands = screenTable.filter(command => command.isSlash && command.group === group);
		return commands.length === 0 ? [] : ['', `## ${title}`, '', ...wordTable(commands)];
	});

/** Commands by the scope of their keys; of one with several scopes each. */
const keyTable = (scope: CommandScope): readonly string[] =>
	table(
		['key', 'does', 'name'],
		screenTable
			.filter(command => command.scope === scope && command.keys.length > 0)
			.map(command => [keysOf(command), cell(command.summary), code(command.name)]),
	);

/** Scopes without a title hold keys that their list says itself. */
const allKeys = (): readonly string[] => {
	const others = [...new Set(screenTable.map(({scope}) => scope))]
		.filter(scope => !keyScopes.some(([each]) => each === scope))
		.map(scope => [scope, `In the list: ${scope}`] as const);
	return [...keyScopes, ...others].flatMap(([scope, title]) => {
		const rows = keyTable(scope);
		return rows.length === 2 ? [] : ['', `## ${title}`, '', ...rows];
	});
};

/** What another set of keys changes. */
const setKeys = (set: string): readonly string[] => {
	const changes = keySets[set as KeySet] ?? {};
	const rows = screenTable
		.filter(({name}) => changes[name] !== undefined)
		.map(command => [
			keysOf({...command, keys: changes[command.name] ?? []}),
			cell(command.summary),
			code(command.name),
		]);
	if (rows.length === 0) throw new Error(`the set ${set} changes nothing`);
	return table(['key', 'does', 'name'], rows);
};

/** The keys of the modes of vim, and its words. */
const vimTables = (): readonly string[] => [
	...vimSections.flatMap(({title, entries}) => [
		'',
		`### ${title}`,
		'',
		...table(
			['key', 'does'],
			entries.map(({keys, summary}) => [keys.split(' ').map(code).join(' '), cell(summary)]),
		),
	]),
	'',
	`### ${exTitle}`,
	'',
	...table(
		['word', 'does'],
		exEntries(screenTable).map(({keys, summary}) => [keys.split(' ').map(code).join(' '), cell(summary)]),
	),
];

const verbHeading = ({name, summary}: ShellCommand): readonly string[] => ['', `### mx ${name}`, '', `${summary}.`, ''];

/** What `mx help VERB` says, without what is the same for all. */
const verbText = (command: ShellCommand): readonly string[] => {
	const flags = flagRows(command.flags);
	const examples = command.examples.length === 0 ? [] : ['', '```sh', ...command.examples, '```'];
	const parameters = Object.entries(command.parameters).map(([name, {summary}]) => [
		code(name.toUpperCase()),
		cell(summary),
	]);
	const rows = [...parameters, ...flags.map(([flag, summary]) => [code(flag), cell(summary)])];
	return [
		...verbHeading(command),
		`\`mx ${synopsis(command)}${flags.length === 0 ? '' : ' [flags]'}\``,
		...(rows.length === 0 ? [] : ['', ...table(['', ''], rows)]),
		...examples,
	];
};

const verbs = (): readonly string[] => [
	...table(
		['verb', 'does'],
		groupTitles.flatMap(([group]) =>
			shellTable
				.filter(command => command.group === group)
				.map(command => [`[${code(`mx ${synopsis(command)}`)}](#mx-${command.name})`, cell(command.summary)]),
		),
	),
	...shellTable.flatMap(verbText),
];

const parts: Readonly<Record<string, (names: readonly string[]) => readonly string[]>> = {
	words: namedWords,
	'all-words': allWords,
	'all-keys': allKeys,
	'set-keys': ([set = '']) => setKeys(set),
	'vim-keys': vimTables,
	keys: ([scope]) => {
		const rows = keyTable(scope as CommandScope);
		if (rows.length === 2) throw new Error(`there are no keys in the scope ${scope}`);
		return rows;
	},
	'plain-words': () =>
		table(
			['word', 'does'],
			plainTable.map(({name, usage, aliases, summary}) => [
				[`/${name}${usage === '' ? '' : ` ${usage}`}`, ...aliases.map(alias => `/${alias}`)].map(code).join(', '),
				cell(summary),
			]),
		),
	verbs,
	flags: () =>
		table(
			['flag', 'does'],
			flagRows(globalFlags).map(([flag, summary]) => [code(flag), cell(summary)]),
		),
	'exit-codes': () =>
		table(
			['code', 'means'],
			exitRows(Object.keys(exitCodes) as ExitReason[]).map(row => row.map(cell)),
		),
	help: () => ['```', ...helpLines(undefined, shellTable), '```'],
};

/** @param names what stands behind the kind. @returns the lines of a table of the manual. @throws Error for what is not known */
export const manualPart = (kind: string, names: readonly string[]): readonly string[] => {
	const part = parts[kind];
	if (part === undefined) throw new Error(`there is no table called ${kind}`);
	return part(names);
};
