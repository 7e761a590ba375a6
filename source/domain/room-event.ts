/** A room event as the server sends it, checked field by field (client-server API §Room event format). */
import {isEventId} from './identifiers.ts';
import {asInteger, asObject, asString, isObject, type JsonObject} from './json.ts';
import {isNestedDeeper} from './nesting.ts';

/** A well-formed event. `raw` is what was received, without aggregations that the server may recompute. */
export type RoomEvent = {
	readonly eventId: string;
	readonly sender: string;
	readonly type: string;
	readonly stateKey: string | undefined;
	/** Milliseconds since the Unix epoch, by the sender's server; 0 where it is not a time. */
	readonly timestamp: number;
	readonly content: JsonObject;
	/** Target of an m.room.redaction: in `content` since room version 11, at the top before. */
	readonly redacts: string | undefined;
	/** Who redacted this event, when the server already says so. */
	readonly redactedBy: string | undefined;
	readonly transactionId: string | undefined;
	/** The last edit, when the server bundles it (§Server-side aggregation of m.replace); unchecked. */
	readonly bundledEdit: JsonObject | undefined;
	readonly raw: JsonObject;
};

/** Longest id the specification allows, in bytes; ids are ASCII in all valid cases. */
const maximumIdLength = 255;

/** @returns `value` if it is an event id, else `undefined`. */
export const eventIdOf = (value: unknown): string | undefined => {
	const id = asString(value);
	return id !== undefined && isEventId(id) ? id : undefined;
};

const userIdOf = (value: unknown): string | undefined => {
	const id = asString(value);
	return id !== undefined && id.startsWith('@') && id.length <= maximumIdLength && !/[\0-\u001f\u007f]/.test(id)
		? id
		: undefined;
};

/** @returns when the event was sent, by its server; 0 where it is not a time. */
export const timeOf = (value: unknown): number => Math.max(0, asInteger(asObject(value)['origin_server_ts']) ?? 0);

/** @returns the event, or a phrase that says what is wrong with it. Never throws. */
export const parseRoomEvent = (value: unknown): RoomEvent | string => {
	if (!isObject(value)) return 'not an object';
	const eventId = eventIdOf(value['event_id']);
	if (eventId === undefined) return 'no valid event_id';
	const sender = userIdOf(value['sender']);
	if (sender === undefined) return 'no valid sender';
	const type = asString(value['type']);
	if (type === undefined || type === '' || type.length > maximumIdLength) return 'no valid type';
	if (!isObject(value['content'])) return 'content is not an object';
	const stateKey = value['state_key'];
	if (stateKey !== undefined && (typeof stateKey !== 'string' || stateKey.length > maximumIdLength))
		return 'no valid state_key';
	if (isNestedDeeper(value)) return 'nested too deeply';
	const content = value['content'];
	const unsigned = asObject(value['unsigned']);
	const {'m.relations': relations, age: _age, ...keptUnsigned} = unsigned;
	const because = asObject(unsigned['redacted_because']);
	const edit = asObject(relations)['m.replace'];
	return {
		eventId,
		sender,
		type,
		stateKey,
		timestamp: timeOf(value),
		content,
		redacts: type === 'm.room.redaction' ? (eventIdOf(content['redacts']) ?? eventIdOf(value['redacts'])) : undefined,
		redactedBy: isObject(unsigned['redacted_because']) ? (userIdOf(because['sender']) ?? sender) : undefined,
		transactionId: asString(unsigned['transaction_id']),
		bundledEdit: isObject(edit) ? edit : undefined,
		raw: {...value, unsigned: keptUnsigned},
	};
};
