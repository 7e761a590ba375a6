/**
 * Events as the SDK may have them. It trusts the shape of what it reads, and one exception in its sync loop loses the rest of
 * a batch. What mx keeps is decided elsewhere; here may go whatever the SDK does not need for encryption and membership.
 */
import {isEventId, parseUserId} from '../domain/identifiers.ts';
import {asArray, asObject, asString, isObject, unsafeKeys, type JsonObject, type JsonValue} from '../domain/json.ts';
import {isNestedDeeper} from '../domain/nesting.ts';
import {timeOf} from '../domain/room-event.ts';

/** Longest type and state key that the specification allows. */
const maximumKeyLength = 255;

/** Furthest time that a Date can hold (ECMAScript §Time Values): the SDK writes times of events into its log. */
const furthestTime = 8.64e15;

const isAbsentOr = (value: unknown, isValid: (text: string) => boolean): boolean =>
	value === undefined || (typeof value === 'string' && isValid(value));

/** As strict as the crypto, which throws for anything else. */
export const isUserId = (value: unknown): value is string => isString(value) && parseUserId(value) !== undefined;

const isString = (value: unknown): value is string => typeof value === 'string';

/** The SDK keeps state, members and relations in objects by these. */
const isSafeKey = (text: string): boolean => text.length <= maximumKeyLength && !unsafeKeys.has(text);

/** Copies those members of an object that are well-formed; what is missing may be missing. */
const keepMembers = (
	value: JsonObject,
	checks: Readonly<Record<string, (member: JsonValue) => boolean>>,
): Readonly<Record<string, JsonValue>> => {
	const kept: Record<string, JsonValue> = {};
	for (const [name, isValid] of Object.entries(checks)) {
		const member = Object.hasOwn(value, name) ? value[name] : undefined;
		if (member !== undefined && isValid(member)) kept[name] = member;
	}
	return kept;
};

/** @returns whether the SDK can be given the event, once it is cleaned. */
export const isUsableEvent = (event: unknown): event is JsonObject =>
	isObject(event) &&
	typeof event['type'] === 'string' &&
	isSafeKey(event['type']) &&
	isObject(event['content']) &&
	isAbsentOr(event['event_id'], isEventId) &&
	isAbsentOr(event['sender'], isUserId) &&
	isAbsentOr(event['state_key'], event['type'] === 'm.room.member' ? isUserId : isSafeKey) &&
	!isNestedDeeper(event);

const pushRuleKinds = ['override', 'content', 'room', 'sender', 'underride'] as const;

const isText = (): boolean => true;

/** Kinds of conditions that look at a field of an event, which they must name. */
const fieldConditions: ReadonlySet<unknown> = new Set([
	'event_match',
	'event_property_is',
	'event_property_contains',
	'sender_notification_permission',
]);

const isCondition = (condition: unknown): condition is JsonObject =>
	isObject(condition) &&
	isString(condition['kind']) &&
	(isString(condition['key']) || !fieldConditions.has(condition['kind'])) &&
	isAbsentOr(condition['key'], isText) &&
	isAbsentOr(condition['pattern'], isText) &&
	isAbsentOr(condition['is'], isText);

const isAction = (value: unknown): value is JsonValue => isString(value) || isObject(value);

const cleanRule = (rule: JsonObject): JsonObject => {
	return {
		...keepMembers(rule, {
			rule_id: isString,
			pattern: isString,
			default: value => typeof value === 'boolean',
			enabled: value => typeof value === 'boolean',
		}),
		actions: asArray(rule['actions']).filter(isAction),
		...(rule['conditions'] === undefined ? {} : {conditions: asArray(rule['conditions']).filter(isCondition)}),
	};
};

/** With a condition less a rule would mean more: one that cannot be understood goes as a whole. */
const isUsableRule = (rule: unknown): rule is JsonObject =>
	isObject(rule) &&
	isString(rule['rule_id']) &&
	(rule['conditions'] === undefined ||
		(Array.isArray(rule['conditions']) && (rule['conditions'] as readonly unknown[]).every(isCondition)));

const cleanPushRules = (content: JsonObject): JsonObject => {
	const global = asObject(content['global']);
	const rulesOf = (kind: string): readonly JsonObject[] => asArray(global[kind]).filter(isUsableRule).map(cleanRule);
	return {global: Object.fromEntries(pushRuleKinds.map(kind => [kind, rulesOf(kind)]))};
};

/** Keeps the members of an object that have a safe key and are objects, each cleaned. */
const cleanMap = (value: JsonValue | undefined, clean: (member: JsonObject) => JsonObject): JsonObject =>
	Object.fromEntries(
		Object.entries(asObject(value)).flatMap(([key, member]) =>
			isSafeKey(key) && isObject(member) ? [[key, clean(member)]] : [],
		),
	);

const cleanReceipt = (receipt: JsonObject): JsonObject =>
	keepMembers(receipt, {ts: Number.isSafeInteger, thread_id: value => isString(value) && isSafeKey(value)});

const cleanReceipts = (content: JsonObject): JsonObject =>
	cleanMap(content, types => cleanMap(types, users => cleanMap(users, cleanReceipt)));

const cleanTyping = (content: JsonObject): JsonObject => ({
	user_ids: asArray(content['user_ids']).filter(isUserId),
});

/** Members that the SDK or its crypto take for what they should be; if they are not, they go. */
const withMembers =
	(checks: Readonly<Record<string, (member: unknown) => boolean>>) =>
	(content: JsonObject): JsonObject =>
		Object.fromEntries(
			Object.entries(content).filter(
				([name, member]) => !Object.hasOwn(checks, name) || checks[name]?.(member) === true,
			),
		);

const isNatural = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** What the SDK takes apart by the type of the event; all else it only keeps. */
const contentCleaners: ReadonlyMap<string, (content: JsonObject) => JsonObject> = new Map([
	['m.push_rules', cleanPushRules],
	['m.receipt', cleanReceipts],
	['m.typing', cleanTyping],
	['m.room.member', withMembers({membership: isString, displayname: isString, avatar_url: isString})],
	['m.room.name', withMembers({name: isString})],
	['m.room.canonical_alias', withMembers({alias: isString, alt_aliases: Array.isArray})],
	['m.room.create', withMembers({room_version: isString, type: isString, predecessor: isObject})],
	['m.room.tombstone', withMembers({replacement_room: isString, body: isString})],
	[
		'm.room.encryption',
		withMembers({algorithm: isString, rotation_period_ms: isNatural, rotation_period_msgs: isNatural}),
	],
]);

/** Relations are mx's own affair. The SDK counts them by type and key: a reaction with the word `constructor` is enough to fail. */
const withoutBadRelation = (content: JsonObject): JsonObject => {
	const {'m.relates_to': relation, ...rest} = content;
	if (relation === undefined) return content;
	const {rel_type: kind, event_id: eventId, key} = asObject(relation);
	const isGood =
		isObject(relation) && isAbsentOr(kind, isSafeKey) && isAbsentOr(eventId, isEventId) && isAbsentOr(key, isSafeKey);
	return isGood ? content : rest;
};

/** What the server adds to an event. */
const cleanUnsigned = (value: JsonValue | undefined): JsonObject => {
	const unsigned = asObject(value);
	const because = unsigned['redacted_because'];
	return {
		...keepMembers(unsigned, {
			age: Number.isSafeInteger,
			transaction_id: isString,
			prev_content: isObject,
			replaces_state: isString,
			membership: isString,
		}),
		...(isUsableEvent(because) ? {redacted_because: cleanEvent(because)} : {}),
	};
};

/** @param event one that is usable @returns it with every member as the SDK expects it */
export const cleanEvent = (event: JsonObject): JsonObject => {
	const {unsigned, origin_server_ts: time, redacts, content, ...rest} = event;
	const clean = contentCleaners.get(asString(event['type']) ?? '') ?? withoutBadRelation;
	return {
		...rest,
		content: clean(asObject(content)),
		...(unsigned === undefined ? {} : {unsigned: cleanUnsigned(unsigned)}),
		...(time === undefined ? {} : {origin_server_ts: Math.min(timeOf(event), furthestTime)}),
		...(typeof redacts === 'string' ? {redacts} : {}),
	};
};

/** @returns whether the event is also one of a timeline: the crypto needs to know which one, and whose. */
export const isRoomEvent = (event: JsonObject): boolean => isString(event['event_id']) && isString(event['sender']);

/** @returns the events that are usable, cleaned. */
export const cleanEventList = (events: unknown): readonly JsonObject[] =>
	asArray(events).filter(isUsableEvent).map(cleanEvent);
