/** Takes out of an answer what differs from server to server: ids, times, tokens, sentences, and orders that mean nothing. */
import {asArray, isObject, type JsonObject, type JsonValue} from '../../source/domain/json.ts';

/** Members whose value is the server's own affair; that they are there is compared. */
const opaque = new Set(
	(
		'next_batch prev_batch start end access_token session etag filter_id hash error origin_server_ts ts age ' +
		'last_seen_ts last_seen_ip creation_ts total_room_count_estimate'
	).split(' '),
);

/** Members of `unsigned` that may be told or not: Synapse does so at some endpoints, and mx does not need them. */
const unsigned = new Set([
	'age',
	'membership',
	'prev_content',
	'replaces_state',
	'prev_sender',
	'redacted_by',
	'knock_room_state',
]);

/** The format of events before r0, which Synapse tells at some endpoints beside that of today. */
const legacy = new Set(['age', 'user_id', 'replaces_state', 'prev_content', 'redacted_because']);

/** Lists in the order of time; others have none that matters. */
const ordered = new Set(['chunk', 'timeline', 'events_before', 'events_after', 'rooms', 'flows', 'stages']);

const sortKey = (value: unknown): string => {
	if (!isObject(value)) return JSON.stringify(value);
	const labels = ['type', 'state_key', 'user_id', 'device_id', 'rule_id', 'kind', 'set_tweak'].map(name => value[name]);
	return JSON.stringify(labels);
};

/** Parts of push rules without effect, or for widgets of one client alone. */
const isIdleRule = (value: unknown): boolean =>
	isObject(value) &&
	((value['set_tweak'] === 'highlight' && value['value'] === false) || value['rule_id'] === '.im.vector.jitsi');

const isEmpty = (value: JsonValue | undefined): boolean =>
	(Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);

/** @param ask the request, as it was written down */
export const normalise = (answer: JsonValue, names: ReadonlyMap<string, string>, ask: string): JsonValue => {
	const known = new Map([...names].map(([name, value]) => [value, `{${name}}`]));
	// Names in texts: user ids within state keys, the server within addresses.
	const parts = [...names].filter(([name, value]) => value.length > 8 && !name.includes('token'));
	const isSync = ask.startsWith('GET sync');
	const isMembers = /\/members(?:\?|$)/.test(ask);

	const text = (value: string): string => {
		const name = known.get(value);
		if (name !== undefined) return name;
		const replaced = parts
			.toSorted(([, one], [, other]) => other.length - one.length)
			.reduce((result, [part, id]) => result.replaceAll(id, `{${part}}`), value);
		if (/^\$[\w-]{40,}$/.test(replaced)) return '$…';
		if (/^![\w:{}-]{10,}$/.test(replaced)) return '!…';
		if (replaced.startsWith('mxc://')) return 'mxc://…';
		// A signature, which covers the user id.
		if (/^[\w+/]{86}$/.test(replaced)) return 'signature';
		return replaced;
	};

	const isEvent = (value: JsonObject): boolean => 'event_id' in value && 'sender' in value;
	const object = (value: JsonObject, list: string): JsonObject => {
		const entries = Object.entries(value)
			.filter(([key]) => !(isEvent(value) && legacy.has(key)) && !(list === 'unsigned' && unsigned.has(key)))
			.map(([key, each]): [string, JsonValue | undefined] => [text(key), visit(each, key, list)])
			// An empty part of a sync answer says the same as none.
			.filter(([key, each]) => !(isSync && key !== 'content' && isEmpty(each)));
		return Object.fromEntries(entries);
	};

	const visit = (value: JsonValue | undefined, key: string, list: string): JsonValue | undefined => {
		const within = key === 'events' ? list : key;
		if (typeof value === 'string') return opaque.has(key) ? '…' : (known.get(value) ?? text(value));
		if (opaque.has(key) && !isObject(value) && !Array.isArray(value)) return '…';
		if (Array.isArray(value)) {
			const items = asArray(value)
				.filter(each => !isIdleRule(each))
				.map(each => visit(each as JsonValue, key, within) ?? null);
			return ordered.has(within) && !isMembers
				? items
				: items.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
		}
		return isObject(value) ? object(value, within) : value;
	};

	return visit(answer, '', '') ?? null;
};
