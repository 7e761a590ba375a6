/** The preferences of a profile: one JSON file that a person may edit, kept by conf. Never secrets. */
import {mkdirSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import {ExpectedError} from '../domain/errors.ts';
import {asString, isObject, parseJson} from '../domain/json.ts';
import type {JsonObject, JsonValue} from '../domain/json.ts';
import {
	networkLevels,
	parseNetworkLevels,
	parseQuietHours,
	quietHoursText,
	type NetworkLevels,
} from '../domain/notify-rules.ts';
import {
	FileTooLarge,
	fileError,
	isDiskRefusal,
	readPrivateFile,
	removeFile,
	setAside,
	writePrivateFile,
} from './private-files.ts';

/** Everything that can be set. */
export type Settings = {
	/** Name of a theme, or `auto`: dark or light as the terminal is. */
	readonly theme: string;
	/** Which set of keys. */
	readonly keys: 'default' | 'vim' | 'emacs';
	/** Keys that replace those of the set, by command name; checked by the command table. */
	readonly bindings: Readonly<Record<string, string | readonly string[]>>;
	/** Whether the mouse scrolls and selects. */
	readonly mouse: boolean;
	/** Whether the window is named after what is unread and open. */
	readonly title: boolean;
	/** Lines and marks in ASCII; `auto`: where the locale is not UTF-8, and on the console of Linux. */
	readonly ascii: boolean | 'auto';
	/** When pictures are drawn without being asked for; `auto`: where the terminal keeps them and mx runs on the same machine. */
	readonly pictures: 'auto' | 'always' | 'never';
	/** How they are drawn; `auto`: as the terminal can. */
	readonly pictureProtocol: 'auto' | 'kitty' | 'iterm2' | 'sixel' | 'blocks';
	/** Pictures are sent as they are, with what they say of place, time and camera. */
	readonly keepMetadata: boolean;
	/** How the terminal is told of what came; `auto`: as it understands. */
	readonly notify: 'auto' | 'bell' | 'osc9' | 'osc99' | 'osc777' | 'off';
	/** `away`: nobody looks at the terminal, as far as is known; `unfocused`: the terminal says so; `always`. */
	readonly notifyWhen: 'away' | 'unfocused' | 'always';
	/** Whose text a notification shows. */
	readonly notifyText: 'all' | 'unencrypted' | 'none';
	/** Program and arguments that notify in place of the terminal; see docs/settings.md. */
	readonly notifyCommand: readonly string[];
	/** What of a network is told. */
	readonly notifyNetworks: NetworkLevels;
	/** When nothing is told, as `22:00-07:00`; empty: never. */
	readonly quietHours: string;
};

/** The name of a preference. */
export type SettingName = keyof Settings;

/** The open preferences. */
export type SettingsStore = {
	/** @returns the value in the file if it is a good one, else the default. */
	get<Name extends SettingName>(name: Name): Settings[Name];
	/** @returns every value, as `get` gives it. */
	all(): Settings;
	/** Writes one preference; everything else in the file stays, unknown keys too. @throws ExpectedError when the disk refuses */
	set<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<void>;
	/** Reads the file anew. One that is not valid just now stays as it is, and what held before holds. */
	reload(): {
		/** Another value holds, or something is or was not good. */
		readonly isOther: boolean;
		/** Sentences for a person: what is not good now. */
		readonly problems: readonly string[];
	};
	/** Sentences for a person: a file set aside, a value that is not a good one. */
	readonly notices: readonly string[];
};

type Setting<Value> = {
	readonly fallback: Value;
	/** @returns the value, or `undefined` if it is not one. */
	readonly parse: (value: JsonValue) => Value | undefined;
	/** What is allowed, for the notice. */
	readonly allowed: string;
};

const isTexts = (value: unknown): value is readonly string[] =>
	Array.isArray(value) && value.every(each => typeof each === 'string');

const asBindings = (value: JsonValue): Settings['bindings'] | undefined =>
	isObject(value) && Object.values(value).every(keys => typeof keys === 'string' || isTexts(keys))
		? (value as Settings['bindings'])
		: undefined;

/** @returns a parser that takes one of these words. */
const oneOf =
	<Word extends string>(...words: readonly Word[]) =>
	(value: JsonValue): Word | undefined =>
		words.find(word => word === value);

const allowedWords = (...words: readonly string[]): string => {
	const quoted = words.map(word => `"${word}"`);
	return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
};

const choice = <const Words extends readonly [string, ...string[]]>(words: Words): Setting<Words[number]> => ({
	fallback: words[0],
	parse: oneOf(...words),
	allowed: allowedWords(...words),
});

const asBoolean = (value: JsonValue): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

const asProgram = (value: JsonValue): readonly string[] | undefined =>
	Array.isArray(value) && value.every(each => typeof each === 'string' && !each.includes('\0')) && value[0] !== ''
		? (value as readonly string[])
		: undefined;

const asHours = (value: JsonValue): string | undefined => {
	if (value === '') return value;
	const hours = parseQuietHours(value);
	return hours === undefined ? undefined : quietHoursText(hours);
};

/** Settings that are one of some words, the first of them by default. */
export const settingChoices = {
	keys: ['default', 'vim', 'emacs'],
	notify: ['auto', 'bell', 'osc9', 'osc99', 'osc777', 'off'],
	notifyWhen: ['away', 'unfocused', 'always'],
	notifyText: ['all', 'unencrypted', 'none'],
	pictures: ['auto', 'always', 'never'],
	pictureProtocol: ['auto', 'kitty', 'iterm2', 'sixel', 'blocks'],
} as const satisfies {readonly [Name in SettingName]?: readonly [Settings[Name], ...(readonly Settings[Name][])]};

const schema: {readonly [Name in SettingName]: Setting<Settings[Name]>} = {
	theme: {
		fallback: 'auto',
		parse: value => (/^[a-z0-9-]{1,64}$/.test(asString(value) ?? '') ? asString(value) : undefined),
		allowed: 'the name of a theme, or "auto"',
	},
	keys: choice(settingChoices.keys),
	bindings: {fallback: {}, parse: asBindings, allowed: 'an object of command names and keys, or lists of keys'},
	mouse: {fallback: true, parse: asBoolean, allowed: 'true or false'},
	title: {fallback: true, parse: asBoolean, allowed: 'true or false'},
	ascii: {
		fallback: 'auto',
		parse: value => (value === 'auto' ? value : asBoolean(value)),
		allowed: '"auto", true or false',
	},
	pictures: choice(settingChoices.pictures),
	pictureProtocol: choice(settingChoices.pictureProtocol),
	keepMetadata: {fallback: false, parse: asBoolean, allowed: 'true or false'},
	notify: choice(settingChoices.notify),
	notifyWhen: choice(settingChoices.notifyWhen),
	notifyText: choice(settingChoices.notifyText),
	notifyCommand: {fallback: [], parse: asProgram, allowed: 'a list of a program and its arguments'},
	notifyNetworks: {
		fallback: {},
		parse: parseNetworkLevels,
		allowed: `an object of networks, "bridged" or "matrix", each with ${allowedWords(...networkLevels)}`,
	},
	quietHours: {fallback: '', parse: asHours, allowed: 'two times, as "22:00-07:00", or ""'},
};

const settingNames = Object.keys(schema) as readonly SettingName[];

type ReadFile = {readonly values: JsonObject; readonly notice: string | undefined};

/** A file that is too large to be settings is set aside as a broken one is. */
const readTextOrSize = (path: string): string | undefined => {
	try {
		return readPrivateFile(path);
	} catch (error) {
		if (error instanceof FileTooLarge) return 'too large';
		throw error;
	}
};

/** Sets the file aside. @returns the notice of it */
const dismiss = (path: string, now: number): string => {
	const aside = setAside(path, 'bad', now);
	const place = aside === undefined ? 'set aside' : `now ${aside}`;
	return `The settings are not valid JSON: the file is ${place}, and the defaults hold.`;
};

/** A disk that takes nothing is no reason not to show what is on it. */
const dismissIfPossible = (path: string, now: number): string => {
	try {
		return dismiss(path, now);
	} catch (error) {
		if (!(error instanceof ExpectedError) || !isDiskRefusal(error)) throw error;
		return `The settings are not valid JSON, and the defaults hold. ${error.message}`;
	}
};

/**
 * Reads without conf: the screen starts sooner by what its import costs.
 * @param dismissFile what becomes of a file that is none
 */
const readSettings = (path: string, now: number, dismissFile = dismiss): ReadFile => {
	const text = readTextOrSize(path);
	if (text === undefined) return {values: {}, notice: undefined};
	const values = text === 'too large' ? undefined : parseJson(text.replace(/^\uFEFF/, ''));
	if (isObject(values)) return {values, notice: undefined};
	return {values: {}, notice: dismissFile(path, now)};
};

const noticesOf = (values: JsonObject): string[] =>
	settingNames.flatMap(name => {
		const value = values[name];
		if (value === undefined || schema[name].parse(value) !== undefined) return [];
		return [`The setting "${name}" must be ${schema[name].allowed}; its default holds.`];
	});

/** conf does not notice a write that the disk took only in part, and replaces the file by the half of it. */
const requireSpace = (path: string, value: JsonValue): void => {
	const probe = `${path}.${crypto.randomUUID()}.probe`;
	writePrivateFile(probe, ' '.repeat((readPrivateFile(path)?.length ?? 0) + JSON.stringify(value).length + 4096));
	removeFile(probe);
};

const writeSetting = async (path: string, name: SettingName, value: JsonValue): Promise<void> => {
	const {default: Conf} = await import('conf');
	try {
		// conf would make it.
		mkdirSync(dirname(path), {recursive: true, mode: 0o700});
		requireSpace(path, value);
		const conf = new Conf<Record<string, unknown>>({
			cwd: dirname(path),
			configName: basename(path, '.json'),
			configFileMode: 0o600,
			clearInvalidConfig: false,
			accessPropertiesByDotNotation: false,
		});
		conf.set(name, value);
	} catch (error) {
		throw fileError(path, error);
	}
};

/**
 * Opens the preferences; the file need not exist. A file that is not JSON is renamed, never discarded; where the disk
 * takes nothing it stays, and only a write is refused.
 * @param now milliseconds since the Unix epoch
 * @throws ExpectedError when the file is a symbolic link or not the user's
 */
export const openSettings = (path: string, now: () => number): SettingsStore => {
	const first = readSettings(path, now(), dismissIfPossible);
	let values = first.values;
	const get = <Name extends SettingName>(name: Name): Settings[Name] => {
		const value = values[name];
		const {fallback, parse} = schema[name];
		return (value === undefined ? undefined : parse(value)) ?? fallback;
	};
	const all = (): Settings => Object.fromEntries(settingNames.map(name => [name, get(name)])) as Settings;
	const notices = [...(first.notice === undefined ? [] : [first.notice]), ...noticesOf(values)];
	let problems: readonly string[] = notices;
	return {
		notices,
		get,
		all,
		reload() {
			const read = readSettings(
				path,
				now(),
				() => 'The settings are not valid JSON just now: what held before still holds.',
			);
			const before = JSON.stringify(all());
			const hadSome = problems.length > 0;
			if (read.notice === undefined) values = read.values;
			problems = read.notice === undefined ? noticesOf(values) : [read.notice];
			return {isOther: hadSome || problems.length > 0 || JSON.stringify(all()) !== before, problems};
		},
		async set(name, value) {
			// A person may have edited the file since: what he wrote is kept, or set aside.
			const current = readSettings(path, now());
			if (current.notice !== undefined) notices.push(current.notice);
			await writeSetting(path, name, value);
			values = readSettings(path, now()).values;
		},
	};
};
