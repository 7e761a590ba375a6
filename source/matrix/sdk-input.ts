/** Cleans what is handed to the SDK: it loses a whole batch over one malformed event, or loops over a malformed response. */
import {asArray, asObject, asString, isObject, type JsonObject, type JsonValue} from '../domain/json.ts';
import {isNestedDeeper} from '../domain/nesting.ts';
import {NetworkError} from './network-errors.ts';

const pushRuleKinds = ['override', 'content', 'room', 'sender', 'underride'] as const;

const isUsableEvent = (event: unknown): event is JsonObject =>
	isObject(event) && typeof event['type'] === 'string' && isObject(event['content']) && !isNestedDeeper(event);

const cleanEvents = (holder: JsonValue | undefined): JsonObject | undefined => {
	if (!isObject(holder)) return undefined;
	const events = holder['events'];
	return {...holder, events: Array.isArray(events) ? events.filter(isUsableEvent) : []};
};

const cleanPushRules = (event: JsonObject): JsonObject => {
	if (event['type'] !== 'm.push_rules') return event;
	const global = asObject(asObject(event['content'])['global']);
	const rules = pushRuleKinds.map(kind => [kind, Array.isArray(global[kind]) ? global[kind].filter(isObject) : []]);
	return {...event, content: {global: Object.fromEntries(rules) as JsonObject}};
};

const eventHolders = [
	'timeline',
	'state',
	'state_after',
	'org.matrix.msc4222.state_after',
	'ephemeral',
	'account_data',
	'invite_state',
	'knock_state',
	'msc4354_sticky',
];

/** @returns a room of a sync response in which every event has a type and a content. */
export const cleanRoom = (value: unknown): JsonObject => {
	const room: Record<string, JsonValue | undefined> = {...asObject(value)};
	for (const key of eventHolders) {
		if (!(key in room)) continue;
		const holder = cleanEvents(room[key]);
		if (holder === undefined) delete room[key];
		else room[key] = holder;
	}
	return room;
};

const topHolders = ['account_data', 'presence', 'to_device'] as const;

/** @returns how many events outside of rooms `cleanTop` leaves out. */
export const countMalformed = (top: JsonObject): number =>
	topHolders.flatMap(key => asArray(asObject(top[key])['events'])).filter(event => !isUsableEvent(event)).length;

/**
 * @returns the members of a sync response other than `rooms`, safe for the SDK.
 * @throws NetworkError without a `next_batch`: the SDK would ask again at once, for ever.
 */
export const cleanTop = (top: JsonObject): JsonObject => {
	const nextBatch = asString(top['next_batch']);
	if (nextBatch === undefined || nextBatch === '') {
		throw new NetworkError({kind: 'server-error', message: 'the server sent a sync answer without a next_batch'});
	}
	const cleaned: Record<string, JsonValue | undefined> = {...top};
	for (const key of topHolders) {
		const holder = cleanEvents(cleaned[key]);
		if (holder === undefined) delete cleaned[key];
		else cleaned[key] = holder;
	}
	const accountData = asObject(cleaned['account_data'])['events'];
	if (Array.isArray(accountData)) cleaned['account_data'] = {events: (accountData as JsonObject[]).map(cleanPushRules)};
	return cleaned;
};
