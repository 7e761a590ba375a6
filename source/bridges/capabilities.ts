/**
 * What a network takes: how long texts may be, until when they can be edited, which files pass. As its bridge states it for the
 * room (`com.beeper.room_features`), else as it is known of the network. Pure; a room that is not believed has no limits.
 */
import {asArray, asInteger, asObject, asString, isObject, unsafeKeys, type JsonObject} from '../domain/json.ts';
import {isGrouped, type BridgeState, type Portal} from '../domain/portal.ts';
import {protocolOf} from './protocols.ts';

/** -2 refused, -1 dropped, 0 not supported, 1 in part, 2 in full; `undefined`: nobody knows. */
export type Level = -2 | -1 | 0 | 1 | 2;

export type FileLimits = {
	/** Levels by MIME type, also `image/*` and `*\/*`. What is not listed is refused. */
	readonly types: ReadonlyMap<string, Level>;
	/** Bytes. */
	readonly maxSize: number | undefined;
	/** Of the words to it. */
	readonly caption: Level | undefined;
};

export type RoomLimits = {
	/** Id of the network. */
	readonly protocol: string;
	/** What people call it. */
	readonly network: string;
	/** By the bridge, for this room; else it is what is known of the network. */
	readonly isStated: boolean;
	/** Characters. */
	readonly maxText: number | undefined;
	readonly edit: Level | undefined;
	/** Milliseconds after which a message cannot be edited any more. */
	readonly editMaxAge: number | undefined;
	readonly editMaxCount: number | undefined;
	/** For everybody. */
	readonly delete: Level | undefined;
	/** Milliseconds after which a message cannot be removed for everybody any more. */
	readonly deleteMaxAge: number | undefined;
	/** What is removed can go from the person's own devices only. */
	readonly deleteForMe: boolean;
	readonly reaction: Level | undefined;
	/** How many one person can give a message. */
	readonly reactionCount: number | undefined;
	/** `undefined`: all of them. */
	readonly allowedReactions: readonly string[] | undefined;
	readonly reply: Level | undefined;
	readonly thread: Level | undefined;
	readonly location: Level | undefined;
	readonly poll: Level | undefined;
	/** By message type, also `org.matrix.msc3245.voice` and `m.sticker`; `undefined`: nobody knows. */
	readonly files: ReadonlyMap<string, FileLimits> | undefined;
	/** By feature: bold, italic, inline_code …; `undefined`: nobody knows. */
	readonly formatting: ReadonlyMap<string, Level> | undefined;
	/** A message of a room without a timer says nothing of timers. */
	readonly omitsEmptyTimer: boolean;
};

/** What a person can write is not shorter, and lists of bridges are not longer. */
const shortestText = 20;
const longestList = 300;
const longestKey = 64;

const hour = 3_600_000;
const day = 24 * hour;
const minute = 60_000;
const megabyte = 1_000_000;

type Known = Omit<RoomLimits, 'protocol' | 'network' | 'isStated'>;

const unknown: Known = {
	maxText: undefined,
	edit: undefined,
	editMaxAge: undefined,
	editMaxCount: undefined,
	delete: undefined,
	deleteMaxAge: undefined,
	deleteForMe: false,
	reaction: undefined,
	reactionCount: undefined,
	allowedReactions: undefined,
	reply: undefined,
	thread: undefined,
	location: undefined,
	poll: undefined,
	files: undefined,
	formatting: undefined,
	omitsEmptyTimer: true,
};

/** Any type of file up to a size. */
const anyFile = (maxSize: number): ReadonlyMap<string, FileLimits> =>
	new Map([['*', {types: new Map<string, Level>([['*/*', 2]]), maxSize, caption: undefined}]]);

const single = {reaction: 2, reactionCount: 1, reply: 2, thread: 0} as const;

/** What the connectors of the bridges take, as of 2026. */
const networks: Readonly<Record<string, Partial<Known>>> = {
	signal: {
		...single,
		maxText: 2000,
		edit: 2,
		editMaxAge: day,
		editMaxCount: 10,
		delete: 2,
		deleteMaxAge: day,
		location: 1,
		files: anyFile(100 * megabyte),
	},
	whatsapp: {
		...single,
		maxText: 65_536,
		edit: 2,
		editMaxAge: 15 * minute,
		delete: 2,
		deleteMaxAge: 2 * day,
		files: anyFile(2000 * megabyte),
	},
	telegram: {...single, maxText: 4096, edit: 2, delete: 2},
	messenger: {
		...single,
		maxText: 20_000,
		edit: 2,
		editMaxAge: 15 * minute,
		editMaxCount: 5,
		delete: 2,
		files: anyFile(25 * megabyte),
	},
	sms: {
		edit: 0,
		delete: 0,
		deleteForMe: true,
		reaction: 1,
		reactionCount: 1,
		reply: 0,
		thread: 0,
		formatting: new Map(),
		files: anyFile(100 * megabyte),
	},
	slack: {
		maxText: 40_000,
		edit: 2,
		delete: 2,
		reaction: 2,
		reply: 0,
		thread: 2,
		location: -2,
		files: anyFile(1000 * megabyte),
	},
	irc: {edit: 1, delete: 0, reaction: -1, reply: 1, thread: 0},
};

const levelOf = (value: unknown): Level => Math.max(-2, Math.min(2, asInteger(value) ?? 0)) as Level;

const countOf = (value: unknown, least = 0): number | undefined => {
	const count = asInteger(value);
	return count === undefined || count < least ? undefined : count;
};

const secondsOf = (value: unknown): number | undefined => {
	const seconds = countOf(value, 1);
	return seconds === undefined ? undefined : seconds * 1000;
};

const levelsOf = (value: unknown): ReadonlyMap<string, Level> =>
	new Map(
		Object.entries(asObject(value))
			.filter(([key]) => !unsafeKeys.has(key) && key.length <= longestKey)
			.slice(0, longestList)
			.map(([key, level]) => [key.toLowerCase(), levelOf(level)]),
	);

const filesOf = (value: unknown): ReadonlyMap<string, FileLimits> | undefined => {
	if (!isObject(value)) return undefined;
	const entries = Object.entries(value).filter(([key]) => !unsafeKeys.has(key) && key.length <= longestKey);
	return new Map(
		entries.slice(0, longestList).map(([kind, limits]) => {
			const {mime_types: types, max_size: size, caption} = asObject(limits);
			return [kind, {types: levelsOf(types), maxSize: countOf(size, 1), caption: levelOf(caption)}];
		}),
	);
};

const reactionsOf = (value: unknown): readonly string[] | undefined => {
	if (!Array.isArray(value)) return undefined;
	const keys = asArray(value).flatMap(key => asString(key) ?? []);
	const short = keys.filter(key => key !== '' && key.length <= longestKey).slice(0, longestList);
	return short.length === 0 ? undefined : short;
};

/** What is not named is not supported. @param content of `com.beeper.room_features`; untrusted */
const parseFeatures = (content: JsonObject): Known => ({
	maxText: countOf(content['max_text_length'], shortestText),
	edit: levelOf(content['edit']),
	editMaxAge: secondsOf(content['edit_max_age']),
	editMaxCount: countOf(content['edit_max_count'], 1),
	delete: levelOf(content['delete']),
	deleteMaxAge: secondsOf(content['delete_max_age']),
	deleteForMe: content['delete_for_me'] === true,
	reaction: levelOf(content['reaction']),
	reactionCount: countOf(content['reaction_count'], 1),
	allowedReactions: reactionsOf(content['allowed_reactions']),
	reply: levelOf(content['reply']),
	thread: levelOf(content['thread']),
	location: levelOf(content['location_message']),
	poll: levelOf(content['poll']),
	files: filesOf(content['file']),
	formatting: levelsOf(content['formatting']),
	omitsEmptyTimer: asObject(content['disappearing_timer'])['omit_empty_timer'] !== false,
});

const isBridgeType = (type: string): boolean => type === 'm.bridge' || type === 'uk.half-shot.bridge';

/** The event must stand beside a bridge event of the room's own bot: of the same key, by the same sender. */
const featuresOf = (bot: string, states: readonly BridgeState[]): JsonObject | undefined => {
	const isOfBot = ({sender, content}: BridgeState): boolean => (asString(content['bridgebot']) ?? sender) === bot;
	return states.find(
		({type, stateKey, sender, content}) =>
			type === 'com.beeper.room_features' &&
			Object.keys(content).length > 0 &&
			states.some(
				other => isBridgeType(other.type) && other.stateKey === stateKey && other.sender === sender && isOfBot(other),
			),
	)?.content;
};

/** @param states bridge events and features of the room. @returns `undefined` where nothing is known, or nothing is believed */
export const roomLimits = (portal: Portal | undefined, states: readonly BridgeState[]): RoomLimits | undefined => {
	if (portal === undefined || !isGrouped(portal) || portal.kind === 'console') return undefined;
	const {protocol, bot} = portal;
	const stated = bot === undefined ? undefined : featuresOf(bot, states);
	const known = networks[protocol === 'instagram' ? 'messenger' : protocol];
	if (stated === undefined && known === undefined) return undefined;
	const limits = stated === undefined ? {...unknown, ...known} : parseFeatures(stated);
	return {...limits, protocol, network: protocolOf(protocol).name, isStated: stated !== undefined};
};

/** @returns the limits for a file; `undefined` where nothing of that kind passes */
export const limitsOfFile = (
	files: ReadonlyMap<string, FileLimits>,
	kinds: readonly string[],
): FileLimits | undefined => [...kinds, '*'].map(kind => files.get(kind)).find(found => found !== undefined);

/** @returns the level for a MIME type; what is not listed is refused */
export const levelOfType = ({types}: FileLimits, type: string): Level => {
	const bare = type.toLowerCase().split(';')[0]?.trim() ?? '';
	const [family = ''] = bare.split('/');
	return types.get(type.toLowerCase()) ?? types.get(bare) ?? types.get(`${family}/*`) ?? types.get('*/*') ?? -2;
};
