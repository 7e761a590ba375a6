/** Cleans what is handed to the SDK: it loses a whole batch over one malformed event, or loops over a malformed response. */
import {asArray, asObject, asString, isObject, type JsonObject, type JsonValue} from '../domain/json.ts';
import {NetworkError} from './network-errors.ts';
import {cleanEventList, isRoomEvent, isUsableEvent, isUserId} from './sdk-event-input.ts';

const eventHolders = [
	'timeline',
	'state',
	'state_after',
	'org.matrix.msc4222.state_after',
	'ephemeral',
	'account_data',
	'invite_state',
	'knock_state',
];

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const cleanHolder = (holder: JsonObject): {readonly events: readonly JsonObject[]} => {
	const previous = asString(holder['prev_batch']);
	return {
		events: cleanEventList(holder['events']),
		...(holder['limited'] === true ? {limited: true} : {}),
		...(previous === undefined ? {} : {prev_batch: previous}),
	};
};

/** Keeps the members of an object that are counts. */
const countsOf = (value: JsonValue | undefined): JsonObject =>
	Object.fromEntries(Object.entries(asObject(value)).filter(([, count]) => isCount(count)));

const cleanSummary = (value: JsonValue | undefined): JsonObject => {
	const {'m.heroes': heroes, ...counts} = asObject(value);
	return {...countsOf(counts), ...(Array.isArray(heroes) ? {'m.heroes': heroes.filter(isUserId)} : {})};
};

/** @returns what the SDK needs of a room of a sync response; every event is one, and every member is what it should be. */
export const cleanRoom = (value: unknown): JsonObject => {
	const given = asObject(value);
	const room: Record<string, JsonValue> = {};
	for (const key of eventHolders) {
		const holder = given[key];
		if (!isObject(holder)) continue;
		const clean = cleanHolder(holder);
		room[key] = key === 'timeline' ? {...clean, events: clean.events.filter(isRoomEvent)} : clean;
	}
	if (isObject(given['summary'])) room['summary'] = cleanSummary(given['summary']);
	if (isObject(given['unread_notifications'])) room['unread_notifications'] = countsOf(given['unread_notifications']);
	return room;
};

const topHolders = ['account_data', 'presence', 'to_device'] as const;

/** @returns how many events outside of rooms `cleanTop` leaves out. */
export const countMalformed = (top: JsonObject): number =>
	topHolders.flatMap(key => asArray(asObject(top[key])['events'])).filter(event => !isUsableEvent(event)).length;

const userList = (value: JsonValue | undefined): readonly string[] => asArray(value).filter(isUserId);

const fallbackTypes = ['device_unused_fallback_key_types', 'org.matrix.msc2732.device_unused_fallback_key_types'];

/** Enough one-time keys, so that the crypto makes no new ones. */
const enoughKeys = 50;

/** A missing count means that the server has no key left, and fifty are made anew; a malformed one means nothing. */
const cleanKeyCounts = (value: JsonValue): JsonObject => {
	if (!isObject(value)) return {signed_curve25519: enoughKeys};
	return Object.fromEntries(Object.entries(value).map(([key, count]) => [key, isCount(count) ? count : enoughKeys]));
};

/** What the crypto reads besides messages: if any of it is malformed, it takes not even the messages. */
const cleanKeyState = (top: JsonObject): JsonObject => {
	const lists = top['device_lists'];
	const counts = top['device_one_time_keys_count'];
	const types = fallbackTypes
		.filter(key => Array.isArray(top[key]))
		.map(key => [key, asArray(top[key]).filter(type => typeof type === 'string')] as const);
	return {
		...(isObject(lists) ? {device_lists: {changed: userList(lists['changed']), left: userList(lists['left'])}} : {}),
		...(counts === undefined ? {} : {device_one_time_keys_count: cleanKeyCounts(counts)}),
		...Object.fromEntries<JsonValue>(types),
	};
};

/**
 * @returns what the SDK needs of a sync response besides `rooms`.
 * @throws NetworkError without a `next_batch`: the SDK would ask again at once, for ever.
 */
export const cleanTop = (top: JsonObject): JsonObject => {
	const nextBatch = asString(top['next_batch']);
	if (nextBatch === undefined || nextBatch === '') {
		throw new NetworkError({kind: 'server-error', message: 'the server sent a sync answer without a next_batch'});
	}
	const cleaned: Record<string, JsonValue> = {next_batch: nextBatch};
	for (const key of topHolders) {
		const holder = top[key];
		if (isObject(holder)) cleaned[key] = {events: cleanEventList(holder['events'])};
	}
	return {...cleaned, ...cleanKeyState(top)};
};
