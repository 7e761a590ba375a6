/** From the arguments of the process to what is to be done: the screen, a verb with its values, help. */
import {parseArgs} from 'node:util';
import {ExpectedError} from '../domain/errors.ts';
import {closestName} from './closest-name.ts';
import type {Flag, ShellCommand} from './define-command.ts';

/** Flags that count before and behind every verb. */
export const globalFlags = {
	profile: {kind: 'text', placeholder: 'NAME', summary: 'Use the account of this profile; separate in all it keeps'},
	json: {kind: 'switch', summary: 'Print one JSON document'},
	jsonl: {kind: 'switch', summary: 'Print one JSON object a line'},
	quiet: {kind: 'switch', alias: 'q', summary: 'Say nothing on stderr but errors'},
	'no-color': {kind: 'switch', summary: 'No colours, as with NO_COLOR'},
	'no-mouse': {kind: 'switch', summary: 'Leave the mouse to the terminal'},
	ascii: {kind: 'switch', summary: 'Draw lines and marks in ASCII'},
	plain: {kind: 'switch', summary: 'Line by line in place of the screen: for screen readers, pipes, simple terminals'},
	help: {kind: 'switch', alias: 'h', summary: 'Show the help of mx, or of the verb'},
	version: {kind: 'switch', summary: 'Print the version'},
} satisfies Readonly<Record<string, Flag>>;

/** What the global flags say. */
export type GlobalOptions = {
	readonly profile: string | undefined;
	readonly format: 'text' | 'json' | 'jsonl';
	readonly isQuiet: boolean;
	readonly hasColour: boolean;
	/** Of the screen: what the settings say, unless it is turned off here. */
	readonly hasMouse: boolean;
	/** Of the screen: ASCII, whatever the settings say. */
	readonly isAscii: boolean;
	/** The linear view in place of the screen. */
	readonly isPlain: boolean;
};

/** The arguments, cut at the verb. */
export type SplitArguments = {
	readonly before: readonly string[];
	/** `undefined`: the screen. */
	readonly verb: string | undefined;
	readonly after: readonly string[];
};

/** The flags before the verb, as meow gives them: camel case, `color: false` for --no-color. */
export type TopLevelFlags = {
	readonly profile?: string | undefined;
	readonly json?: boolean | undefined;
	readonly jsonl?: boolean | undefined;
	readonly quiet?: boolean | undefined;
	readonly color?: boolean | undefined;
	readonly mouse?: boolean | undefined;
	readonly ascii?: boolean | undefined;
	readonly plain?: boolean | undefined;
	readonly help?: boolean | undefined;
	readonly version?: boolean | undefined;
};

/** Values of parameters and flags by their names, checked against the command. */
export type VerbCall = {
	readonly command: ShellCommand;
	readonly values: Readonly<Record<string, string | undefined>>;
	readonly flags: Readonly<Record<string, boolean | number | string | undefined>>;
};

/** What is to be done. */
export type Invocation = {readonly options: GlobalOptions} & (
	| {readonly kind: 'screen'}
	| {readonly kind: 'version'}
	| {readonly kind: 'help'; readonly verb: string | undefined}
	| ({readonly kind: 'verb'} & VerbCall)
);

type FlagValue = boolean | number | string;
type Flags = Readonly<Record<string, Flag>>;

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

const helpOf = (verb: string | undefined): string => (verb === undefined ? 'See mx --help.' : `See mx help ${verb}.`);

const unknownFlag = (rawName: string, flags: Flags, verb: string | undefined): ExpectedError => {
	const close = closestName(rawName.replace(/^-+/, ''), Object.keys(flags));
	const where = verb === undefined ? 'mx has' : `mx ${verb} has`;
	const text = close === undefined ? helpOf(verb) : `Did you mean --${close}?`;
	return usage(`${where} no flag ${rawName}.`, `${text} Text that begins with a dash goes after --.`);
};

const nameOfFlag = (token: string, flags: Flags): string | undefined => {
	if (token.startsWith('--')) {
		const name = token.slice(2).replace(/=.*/s, '');
		return Object.hasOwn(flags, name) ? name : undefined;
	}
	return Object.entries(flags).find(([, {alias}]) => `-${alias}` === token)?.[0];
};

/**
 * Cuts the arguments at the first one that is no flag: the verb.
 * @throws ExpectedError `usage` for an unknown flag before it, or one without its value
 */
export const splitArguments = (all: readonly string[]): SplitArguments => {
	const seen = new Set<string>();
	let index = 0;
	for (; index < all.length; index += 1) {
		const token = all[index] ?? '';
		if (token === '--') return {before: all.slice(0, index), verb: all[index + 1], after: all.slice(index + 2)};
		if (!token.startsWith('-') || token === '-') break;
		const name = nameOfFlag(token, globalFlags);
		if (name === undefined) throw unknownFlag(token, globalFlags, undefined);
		const {kind}: Flag = globalFlags[name as keyof typeof globalFlags];
		if (kind === 'switch') continue;
		if (seen.has(name)) throw usage(`--${name} is there twice.`, helpOf(undefined));
		seen.add(name);
		if (token.includes('=')) continue;
		index += 1;
		if (all[index] === undefined) throw usage(`${token} needs a value.`, helpOf(undefined));
	}
	return {before: all.slice(0, index), verb: all[index], after: all.slice(index + 1)};
};

const parseNumber = (text: string, kind: 'number' | 'count'): number | undefined => {
	if (!/^\d{1,9}(?:\.\d{1,6})?$/.test(text)) return undefined;
	const value = Number(text);
	return value > 0 && (kind === 'number' || Number.isInteger(value)) ? value : undefined;
};

/** An option as parseArgs found it. */
type Option = {readonly rawName: string; readonly value: string | undefined; readonly isInline: boolean};

const flagValue = (flag: Flag, option: Option, verb: string): FlagValue => {
	const {rawName, value, isInline} = option;
	if (flag.kind === 'switch') {
		if (value === undefined) return true;
		throw usage(`${rawName} takes no value.`, helpOf(verb));
	}
	// What looks like the next flag is one, unless it was written as --name=-value.
	if (value === undefined || (!isInline && value.length > 1 && value.startsWith('-'))) {
		throw usage(`${rawName} needs a value.`, helpOf(verb));
	}
	if (flag.kind === 'text') return value;
	const number = parseNumber(value, flag.kind);
	if (number !== undefined) return number;
	const wanted = flag.kind === 'count' ? 'a whole number from 1 on' : 'a number greater than 0';
	throw usage(`${rawName} needs ${wanted}.`, helpOf(verb));
};

const parserOptions = (flags: Flags) =>
	Object.fromEntries(
		Object.entries(flags).map(([name, {kind, alias}]) => [
			name,
			{
				type: kind === 'switch' ? ('boolean' as const) : ('string' as const),
				...(alias === undefined ? {} : {short: alias}),
			},
		]),
	);

type ParsedFlags = {readonly flags: Record<string, FlagValue>; readonly positionals: readonly string[]};

const parseFlags = (args: readonly string[], flags: Flags, verb: string): ParsedFlags => {
	const {tokens} = parseArgs({
		args: [...args],
		options: parserOptions(flags),
		allowPositionals: true,
		strict: false,
		tokens: true,
	});
	const found: Record<string, FlagValue> = {};
	const positionals: string[] = [];
	for (const token of tokens) {
		if (token.kind === 'positional') positionals.push(token.value);
		if (token.kind !== 'option') continue;
		const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
		if (flag === undefined) throw unknownFlag(token.rawName, flags, verb);
		const option = {rawName: token.rawName, value: token.value, isInline: token.inlineValue === true};
		if (Object.hasOwn(found, token.name) && flag.kind !== 'switch') {
			throw usage(`${token.rawName} is there twice.`, helpOf(verb));
		}
		found[token.name] = flagValue(flag, option, verb);
	}
	return {flags: found, positionals};
};

const parseValues = (command: ShellCommand, positionals: readonly string[]): VerbCall['values'] => {
	const values: Record<string, string | undefined> = {};
	let rest = positionals;
	for (const [name, {isOptional = false, isRest = false}] of Object.entries(command.parameters)) {
		const value = isRest && rest.length > 0 ? rest.join(' ') : rest[0];
		rest = isRest ? [] : rest.slice(1);
		if (!isOptional && (value === undefined || value.trim() === '')) {
			throw usage(`mx ${command.name} needs ${name.toUpperCase()}.`, helpOf(command.name));
		}
		values[name] = value;
	}
	const [surplus] = rest;
	if (surplus === undefined) return values;
	throw usage(`mx ${command.name} does not know what to do with "${surplus}".`, helpOf(command.name));
};

const globalOptions = (flags: {readonly [Name in keyof TopLevelFlags]?: unknown}): GlobalOptions => {
	const {profile, json, jsonl, quiet, color, mouse, ascii, plain} = flags;
	if (json === true && jsonl === true) throw usage('--json and --jsonl exclude each other.', helpOf(undefined));
	if (profile === '') throw usage('--profile needs a name.', helpOf(undefined));
	const format = jsonl === true ? 'jsonl' : 'text';
	return {
		profile: typeof profile === 'string' ? profile : undefined,
		format: json === true ? 'json' : format,
		isQuiet: quiet === true,
		hasColour: color !== false,
		hasMouse: mouse !== false,
		isAscii: ascii === true,
		isPlain: plain === true,
	};
};

/** @throws ExpectedError `usage` with the nearest verb when there is none of that name */
export const findVerb = (name: string, table: readonly ShellCommand[]): ShellCommand => {
	const command = table.find(each => each.name === name || (each.aliases ?? []).includes(name));
	if (command !== undefined) return command;
	const close = closestName(
		name,
		table.flatMap(each => [each.name, ...(each.aliases ?? [])]),
	);
	throw usage(`mx has no verb "${name}".`, close === undefined ? helpOf(undefined) : `Did you mean mx ${close}?`);
};

/**
 * Reads the arguments behind the verb by the table.
 * @param top the flags before the verb
 * @throws ExpectedError `usage` with one sentence and where the help is
 */
export const parseInvocation = (
	top: TopLevelFlags,
	{verb, after}: Pick<SplitArguments, 'verb' | 'after'>,
	table: readonly ShellCommand[],
): Invocation => {
	if (verb === undefined) {
		const options = globalOptions(top);
		if (top.help) return {kind: 'help', verb: undefined, options};
		return {kind: top.version ? 'version' : 'screen', options};
	}
	const command = findVerb(verb, table);
	const {flags, positionals} = parseFlags(after, {...globalFlags, ...command.flags}, command.name);
	const {'no-color': hasNoColour, 'no-mouse': hasNoMouse, ...others} = flags;
	const colour = hasNoColour === true ? false : top.color;
	const options = globalOptions({...top, ...others, color: colour, mouse: hasNoMouse === true ? false : top.mouse});
	if (top.help || flags['help']) return {kind: 'help', verb: command.name, options};
	if (top.version || flags['version']) return {kind: 'version', options};
	const switches = Object.entries(command.flags).flatMap(([name, {kind}]) =>
		kind === 'switch' ? [[name, false] as const] : [],
	);
	const own = Object.entries(flags).filter(([name]) => Object.hasOwn(command.flags, name));
	return {
		kind: 'verb',
		command,
		values: parseValues(command, positionals),
		flags: Object.fromEntries([...switches, ...own]),
		options,
	};
};
