/** The man page, from the command tables. Roff with the macros of man(7). */
import type {Flag, ScreenCommand, ShellCommand} from '../../source/commands/define-command.ts';
import {exitRows, flagRows, groupTitles, synopsis} from '../../source/commands/help-text.ts';
import {keyLabel} from '../../source/commands/keymap.ts';
import {globalFlags} from '../../source/commands/parse-arguments.ts';
import {plainTable} from '../../source/commands/plain-table.ts';
import {screenTable} from '../../source/commands/screen-table.ts';
import {shellTable} from '../../source/commands/shell-table.ts';
import {slashUsage} from '../../source/commands/slash.ts';
import {exitCodes, type ExitReason} from '../../source/domain/errors.ts';
import {commandGroups} from '../../source/ui/command-list.ts';
import {keyScopes} from '../../source/ui/help-lines.ts';

/** Text of a line: nothing in it is a request, and hyphens are those that can be copied. */
const roff = (text: string): string => {
	const escaped = text.replaceAll('\\', String.raw`\e`).replaceAll('-', String.raw`\-`);
	return /^[.']/.test(escaped) ? String.raw`\&${escaped}` : escaped;
};

/** As an argument of a macro. */
const quoted = (text: string): string => `"${roff(text).replaceAll('"', String.raw`\(dq`)}"`;

const section = (title: string, lines: readonly string[]): readonly string[] => [`.SH ${quoted(title)}`, ...lines];

const entry = (head: string, text: string): readonly string[] => ['.TP', `.B ${quoted(head)}`, `${roff(text)}.`];

const flagEntries = (flags: Readonly<Record<string, Flag>>): readonly string[] =>
	flagRows(flags).flatMap(([flag, summary]) => entry(flag, summary));

const example = (lines: readonly string[]): readonly string[] =>
	lines.length === 0 ? [] : ['.PP', '.nf', ...lines.map(line => `    ${roff(line)}`), '.fi'];

const verb = (command: ShellCommand): readonly string[] => [
	`.SS ${quoted(`mx ${synopsis(command)}`)}`,
	`${roff(command.summary)}.`,
	...Object.entries(command.parameters).flatMap(([name, {summary}]) => entry(name.toUpperCase(), summary)),
	...flagEntries(command.flags),
	...example(command.examples),
];

const word = (command: ScreenCommand): readonly string[] => {
	const others = (command.aliases ?? []).map(alias => `/${alias}`);
	return entry([slashUsage(command), ...others].join(', '), command.summary);
};

const words = (): readonly string[] =>
	commandGroups.flatMap(([group, title]) => {
		const commands = screenTable.filter(command => command.isSlash && command.group === group);
		return commands.length === 0 ? [] : [`.SS ${quoted(title)}`, ...commands.flatMap(word)];
	});

const keys = (): readonly string[] =>
	keyScopes.flatMap(([scope, title]) => {
		const commands = screenTable.filter(command => command.scope === scope && command.keys.length > 0);
		const rows = commands.flatMap(command => entry(command.keys.map(key => keyLabel(key)).join(', '), command.summary));
		return rows.length === 0 ? [] : [`.SS ${quoted(title)}`, ...rows];
	});

const variables: ReadonlyArray<readonly [name: string, text: string]> = [
	['MX_HOME', 'Directory below which all files of mx are'],
	['MX_PROFILE', 'The profile, as with --profile'],
	[
		'MX_KEY, MX_KEY_FILE',
		'The key of the databases where they were set up with one from outside, or a file that holds it',
	],
	['VISUAL, EDITOR', 'The program that a message is written with'],
	['NO_COLOR, FORCE_COLOR', 'No colours, or colours wherever the output goes'],
	[
		'XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR',
		'Where the files are without MX_HOME',
	],
];

/** @returns the text of docs/man/mx.1 */
export const manPage = (): string =>
	[
		String.raw`.\" Made by npm run manual from the command tables; changes in this file are lost.`,
		'.TH MX 1 "" "mx" "User Commands"',
		...section('NAME', [roff('mx - a Matrix chat client for the terminal')]),
		...section('SYNOPSIS', ['.B mx', roff('[flags] [VERB …]')]),
		...section('DESCRIPTION', [
			roff('mx alone opens the screen: one inbox, the open conversation, and a line to write in.'),
			roff('mx with a verb does one thing and leaves: see VERBS. Beside a running mx it goes through that one.'),
			'.PP',
			roff(
				'mx demo shows all of it without an account and without a network. The first minutes with one are: mx login, then mx.',
			),
		]),
		...section('FLAGS', [roff('They count before and behind every verb.'), ...flagEntries(globalFlags)]),
		...section(
			'VERBS',
			groupTitles.flatMap(([group]) => shellTable.filter(command => command.group === group).flatMap(verb)),
		),
		...section('COMMANDS OF THE SCREEN', [roff('Typed into the composer; Tab completes them.'), ...words()]),
		...section('KEYS', [roff('F1 shows those of where one is.'), ...keys()]),
		...section('LINE BY LINE', [
			roff(
				'mx --plain has the same commands, and only adds lines: for screen readers, pipes and simple terminals. What is typed is sent to the open room; an empty line says where one is; a number chooses from the list that was said last. Words of its own:',
			),
			...plainTable.flatMap(({name, usage, summary}) => entry(`/${name}${usage === '' ? '' : ` ${usage}`}`, summary)),
		]),
		...section('FILES', [
			...entry('~/.config/mx/PROFILE/config.json', 'The settings'),
			...entry('~/.local/share/mx/PROFILE/', 'The archive and the keys of the account, encrypted'),
			...entry('~/.local/state/mx/PROFILE/', 'The log'),
		]),
		...section(
			'ENVIRONMENT',
			variables.flatMap(([name, text]) => entry(name, text)),
		),
		...section(
			'EXIT STATUS',
			exitRows(Object.keys(exitCodes) as ExitReason[]).flatMap(([value, text]) => entry(value, text)),
		),
		...section('SEE ALSO', [roff('The manual in docs/manual/ of the package: one page for each job.')]),
		'',
	].join('\n');
