/** The help of the command line, made from the table. */
import {exitCodes, type ExitReason} from '../domain/errors.ts';
import type {CommandGroup, Flag, ShellCommand} from './define-command.ts';
import type {Parameter} from './parameter.ts';
import {findVerb, globalFlags} from './parse-arguments.ts';

/** Titles of the groups that have verbs, in their order. */
export const groupTitles: ReadonlyArray<readonly [CommandGroup, string]> = [
	['message', 'Messages'],
	['room', 'Rooms'],
	['account', 'Account'],
	['help', 'Help'],
];

const exitMeanings: Readonly<Record<ExitReason, string>> = {
	done: 'done',
	error: 'an error; the sentence on stderr says which',
	usage: 'wrong arguments',
	notSignedIn: 'nobody is signed in, or the session has ended: mx login',
	notReady: 'not ready: a key is locked, or this device is not verified yet',
	notFound: 'no such room, person or event',
	ambiguous: 'several rooms have that name: they are on stderr, choose with --pick N',
	refused: 'refused by the server',
	queued: 'queued, but not delivered within --timeout',
	encryption: 'refused for reasons of encryption',
	bridge: 'the bridge failed',
	interrupted: 'interrupted (Ctrl-C)',
};

/** Two columns; the first is as wide as its longest cell, up to a limit. */
const columns = (rows: ReadonlyArray<readonly [string, string]>): readonly string[] => {
	const width = Math.min(30, Math.max(0, ...rows.map(([left]) => left.length)));
	return rows.flatMap(([left, right]) =>
		left.length > width ? [`  ${left}`, `  ${' '.repeat(width)}  ${right}`] : [`  ${left.padEnd(width)}  ${right}`],
	);
};

const parameterText = (name: string, {isOptional = false, isRest = false}: Parameter): string => {
	const text = `${name.toUpperCase()}${isRest ? '…' : ''}`;
	return isOptional ? `[${text}]` : text;
};

/** @returns `send TO [TEXT…]` */
export const synopsis = ({name, parameters}: ShellCommand): string =>
	[name, ...Object.entries(parameters).map(([each, parameter]) => parameterText(each, parameter))].join(' ');

const flagText = (name: string, {alias, placeholder, kind}: Flag): string => {
	const value = kind === 'switch' ? '' : ` ${placeholder ?? 'VALUE'}`;
	return `${alias === undefined ? '' : `-${alias}, `}--${name}${value}`;
};

/** @returns flags and what they do. */
export const flagRows = (flags: Readonly<Record<string, Flag>>) =>
	Object.entries(flags).map(([name, flag]) => [flagText(name, flag), flag.summary] as const);

/** @returns exit codes and what they mean. */
export const exitRows = (reasons: readonly ExitReason[]) =>
	reasons.map(reason => [String(exitCodes[reason]), exitMeanings[reason]] as const);

const section = (title: string, lines: readonly string[]): readonly string[] =>
	lines.length === 0 ? [] : ['', title, ...lines];

const overviewHelp = (table: readonly ShellCommand[]): readonly string[] => [
	'mx: a Matrix chat client for the terminal',
	'',
	...columns([
		['mx', 'Open the screen'],
		['mx VERB …', 'Do one thing and leave'],
		['mx help VERB', 'Everything about a verb, with examples'],
	]),
	...groupTitles.flatMap(([group, title]) => {
		const commands = table.filter(command => command.group === group);
		return section(title, columns(commands.map(command => [synopsis(command), command.summary])));
	}),
	...section('Everywhere', columns(flagRows(globalFlags))),
	...section('Exit codes', columns(exitRows(Object.keys(exitCodes) as ExitReason[]))),
	'',
	'Data go to stdout, everything else to stderr. What --json and --jsonl print is described in docs/json.md.',
];

const verbHelp = (command: ShellCommand): readonly string[] => {
	const {name, summary, parameters, flags, exits, examples} = command;
	const rows = Object.entries(parameters).map(([each, {summary: text}]) => [each.toUpperCase(), text] as const);
	return [
		`mx ${synopsis(command)}${Object.keys(flags).length === 0 ? '' : ' [flags]'}`,
		'',
		`${summary}.`,
		...section('Arguments', columns(rows)),
		...section('Flags', columns(flagRows(flags))),
		...section('Everywhere', columns(flagRows(globalFlags))),
		...section(
			'Examples',
			examples.map(example => `  ${example}`),
		),
		...section(`Exit codes of mx ${name}`, columns(exitRows(['done', 'error', 'usage', ...exits, 'interrupted']))),
	];
};

/**
 * @param verb `undefined`: the overview
 * @returns the lines of `mx --help` or `mx help VERB`
 * @throws ExpectedError `usage` when there is no such verb
 */
export const helpLines = (verb: string | undefined, table: readonly ShellCommand[]): readonly string[] =>
	verb === undefined ? overviewHelp(table) : verbHelp(findVerb(verb, table));
