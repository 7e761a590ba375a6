/** Push rules, and what they make of an event: the counts of unread messages (client-server API §Push Notifications). */
import {asArray, asInteger, asObject, asString, type JsonObject, type JsonValue} from '../../domain/json.ts';
import {demand, found} from './matrix-error.ts';
import type {Call, Routes} from './http.ts';
import {ensure, membersOf, membershipOf, nextPosition, stateEvent} from './world.ts';
import type {Notification, Room, StoredEvent, User, World} from './world.ts';

type Rule = JsonObject & {readonly rule_id: string; readonly enabled: boolean; readonly actions: readonly JsonValue[]};
type Ruleset = Readonly<Record<string, readonly Rule[]>>;

const kinds = ['override', 'content', 'room', 'sender', 'underride'] as const;

const sound = (value: string): JsonObject => ({set_tweak: 'sound', value});
const notify = ['notify'];
const loud = [...notify, sound('default')];
const highlighted = [...notify, {set_tweak: 'highlight'}];
const loudest = [...loud, {set_tweak: 'highlight'}];

/** Each member of the event matches its pattern. */
const match = (patterns: Readonly<Record<string, string>>): readonly JsonObject[] =>
	Object.entries(patterns).map(([key, pattern]) => ({kind: 'event_match', key, pattern}));
const ofType = (type: string): readonly JsonObject[] => match({type: `m.${type}`});
const is = (key: string, value: JsonValue): JsonObject => ({kind: 'event_property_is', key, value});
const contains = (key: string, value: string): JsonObject => ({kind: 'event_property_contains', key, value});
const betweenTwo: JsonObject = {kind: 'room_member_count', is: '2'};
const mayCallAll: JsonObject = {kind: 'sender_notification_permission', key: 'room'};

const rule = (id: string, conditions: readonly JsonObject[], actions: readonly JsonValue[]): Rule => {
	return {rule_id: `.m.rule.${id}`, default: true, enabled: id !== 'master', conditions, actions};
};

const localpartOf = (userId: string): string => userId.slice(1).split(':')[0] ?? '';

/** §Predefined Rules. */
const defaultRules = (userId: string): Ruleset => ({
	override: [
		rule('master', [], []),
		rule('suppress_notices', match({'content.msgtype': 'm.notice'}), []),
		rule('invite_for_me', match({type: 'm.room.member', 'content.membership': 'invite', state_key: userId}), loud),
		rule('member_event', ofType('room.member'), []),
		rule('is_user_mention', [contains('content.m\\.mentions.user_ids', userId)], loudest),
		rule('contains_display_name', [{kind: 'contains_display_name'}], loudest),
		rule('is_room_mention', [is('content.m\\.mentions.room', true), mayCallAll], highlighted),
		rule('roomnotif', [...match({'content.body': '@room'}), mayCallAll], highlighted),
		rule('tombstone', match({type: 'm.room.tombstone', state_key: ''}), highlighted),
		rule('reaction', ofType('reaction'), []),
		rule('room.server_acl', match({type: 'm.room.server_acl', state_key: ''}), []),
		rule('suppress_edits', [is('content.m\\.relates_to.rel_type', 'm.replace')], []),
	],
	content: [{...rule('contains_user_name', [], loudest), conditions: undefined, pattern: localpartOf(userId)}],
	room: [],
	sender: [],
	underride: [
		rule('call', ofType('call.invite'), [...notify, sound('ring')]),
		rule('encrypted_room_one_to_one', [betweenTwo, ...ofType('room.encrypted')], loud),
		rule('room_one_to_one', [betweenTwo, ...ofType('room.message')], loud),
		rule('message', ofType('room.message'), notify),
		rule('encrypted', ofType('room.encrypted'), notify),
	],
});

const rulesOf = (user: User): Ruleset =>
	asObject(user.accountData.get('m.push_rules')?.content['global']) as unknown as Ruleset;

const store = (world: World, user: User, rules: Ruleset): void =>
	void user.accountData.set('m.push_rules', {content: {global: rules}, position: nextPosition(world)});

/** Each account begins with the predefined rules. */
export const setDefaultRules = (world: World, user: User): void => store(world, user, defaultRules(user.id));

/** A value of the event by a path such as `content.m\.relates_to.rel_type`. */
const valueAt = (event: StoredEvent, key: string): unknown => {
	const {type, sender, content, stateKey, room} = event;
	let value: unknown = {type, sender, content, state_key: stateKey, room_id: room.id};
	for (const part of key.split(/(?<!\\)\./)) value = asObject(value)[part.replaceAll('\\', '')];
	return value;
};

/** `*` and `?` stand for any characters; in a body the pattern may be any whole words of it. */
const globMatches = (value: unknown, pattern: string, isBody: boolean): boolean => {
	if (typeof value !== 'string') return false;
	if (!isBody && !/[*?]/.test(pattern)) return value.toLowerCase() === pattern.toLowerCase();
	const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
	const glob = escaped.replaceAll('*', '.*').replaceAll('?', '.');
	return new RegExp(isBody ? String.raw`(?:^|\W)${glob}(?:$|\W)` : `^${glob}$`, 'is').test(value);
};

const mayNotify = ({room, sender}: StoredEvent, key: string): boolean => {
	const levels = stateEvent(room, 'm.room.power_levels')?.content ?? {};
	const level = asInteger(asObject(levels['users'])[sender]) ?? asInteger(levels['users_default']) ?? 0;
	return level >= (asInteger(asObject(levels['notifications'])[key]) ?? 50);
};

type Condition = {readonly key: string; readonly text: string; readonly value: unknown};

/** §Conditions for push rules: whether one of a kind holds; `text` is its pattern or count. */
const conditionHolds: Readonly<Record<string, (event: StoredEvent, user: User, condition: Condition) => boolean>> = {
	event_match: (event, _, {key, text}) => globMatches(valueAt(event, key), text, key === 'content.body'),
	event_property_is: (event, _, {key, value}) => valueAt(event, key) === value,
	event_property_contains: (event, _, {key, value}) => asArray(valueAt(event, key)).includes(value),
	contains_display_name: ({content}, {profile}) =>
		globMatches(content['body'], asString(profile['displayname']) ?? '\0', true),
	room_member_count: ({room}, _, {text}) => membersOf(room, 'join').length === Number(text.replace('==', '')),
	sender_notification_permission: (event, _, {key}) => mayNotify(event, key),
};

const holds = (condition: unknown, event: StoredEvent, user: User): boolean => {
	const {kind, key, pattern, is: count, value} = asObject(condition);
	const text = asString(pattern) ?? asString(count) ?? '';
	return conditionHolds[asString(kind) ?? '']?.(event, user, {key: asString(key) ?? '', text, value}) === true;
};

/** Guess from the text whom it is for; not where the event says so itself. */
const ofTexts = ['contains_display_name', 'contains_user_name', 'roomnotif'].map(id => `.m.rule.${id}`);

const ruleApplies = (kind: string, {enabled, rule_id: id, ...rule}: Rule, event: StoredEvent, user: User): boolean => {
	if (!enabled || (ofTexts.includes(id) && event.content['m.mentions'] !== undefined)) return false;
	if (kind === 'room') return event.room.id === id;
	if (kind === 'sender') return event.sender === id;
	if (kind === 'content') return globMatches(event.content['body'], asString(rule['pattern']) ?? '', true);
	return asArray(rule['conditions']).every(condition => holds(condition, event, user));
};

/** @returns what the first rule says that applies. */
const actionsFor = (event: StoredEvent, user: User): readonly JsonValue[] => {
	const rules = rulesOf(user);
	for (const kind of kinds) {
		const first = rules[kind]?.find(each => ruleApplies(kind, each, event, user));
		if (first !== undefined) return first.actions;
	}
	return [];
};

/** Notes whom an event notifies: those who are here, can sign in, and did not send it. */
export const notifyMembers = (world: World, event: StoredEvent): void => {
	for (const {stateKey = ''} of membersOf(event.room, 'join')) {
		const user = world.users.get(stateKey);
		if (user?.password === undefined || user.id === event.sender) continue;
		const actions = actionsFor(event, user);
		if (!actions.includes('notify')) continue;
		const tweaks = actions.map(asObject).filter(({set_tweak: tweak}) => tweak === 'highlight');
		const isHighlight = tweaks.some(({value}) => value !== false);
		ensure(event.room.notifications, user.id, () => []).push({event, isHighlight, thread: threadOf(event)});
	}
};

/** The thread that an event is in: `main`, or the event that the thread began with (§Threading). */
export const threadOf = ({content}: StoredEvent): string => {
	const {rel_type: type, event_id: root} = asObject(content['m.relates_to']);
	return (type === 'm.thread' ? asString(root) : undefined) ?? 'main';
};

const noCounts = {notification_count: 0, highlight_count: 0};

/** @returns counts of what is not read yet: in all, of the main timeline and of each thread (§Receiving notifications). */
export const unreadCounts = (room: Room, userId: string) => {
	const own = [...room.receipts.values()].filter(receipt => receipt.userId === userId);
	const joined = stateEvent(room, 'm.room.member', userId)?.position ?? 0;
	const isUnread = ({event: {position, redaction}, thread}: Notification): boolean =>
		position > joined &&
		redaction === undefined &&
		!own.some(({threadId, event}) => (threadId ?? thread) === thread && event.position >= position);
	const list = membershipOf(room, userId) === 'join' ? (room.notifications.get(userId) ?? []) : [];
	const counts: Record<string, typeof noCounts> = {};
	const total = {...noCounts};
	for (const {isHighlight, thread} of list.filter(isUnread))
		for (const each of [total, (counts[thread] ??= {...noCounts})]) {
			each.notification_count += 1;
			each.highlight_count += isHighlight ? 1 : 0;
		}
	const {main = noCounts, ...threads} = counts;
	return {total, main, threads};
};

const findRule = ({user, part}: Call): Rule =>
	found(
		rulesOf(user)[part('kind')]?.find(({rule_id: id}) => id === part('ruleId')),
		'There is no such push rule',
	);

/** Puts the rule where one of its name was, else before all; without one that of the path goes. */
const replaceRule = ({world, user, part}: Call, next: Rule | undefined): void => {
	const [rules, kind] = [rulesOf(user), part('kind')];
	const ofKind = rules[kind];
	demand(ofKind, 400, 'M_INVALID_PARAM', `There are no rules of the kind ${kind}`);
	const index = ofKind.findIndex(({rule_id: id}) => id === part('ruleId'));
	const changed = ofKind.toSpliced(Math.max(index, 0), index < 0 ? 0 : 1, ...(next === undefined ? [] : [next]));
	store(world, user, {...rules, [kind]: changed});
};

const actionsOf = ({body}: Call): readonly JsonValue[] => {
	demand(Array.isArray(body['actions']), 400, 'M_UNKNOWN', 'The actions are missing');
	return body['actions'] as readonly JsonValue[];
};

export const pushRoutes: Routes = {
	'GET pushrules': ({user}) => ({global: rulesOf(user)}),
	'PUT pushrules/global/{kind}/{ruleId}': call => {
		const {conditions, pattern} = call.body;
		const [id, actions] = [call.part('ruleId'), actionsOf(call)];
		demand(!id.startsWith('.'), 400, 'M_UNKNOWN', 'The names of predefined rules begin with a dot');
		const isComplete = call.part('kind') !== 'content' || typeof pattern === 'string';
		demand(isComplete, 400, 'M_UNKNOWN', 'The pattern is missing');
		replaceRule(call, {rule_id: id, default: false, enabled: true, actions, conditions, pattern});
	},
	'DELETE pushrules/global/{kind}/{ruleId}': call => {
		demand(findRule(call)['default'] !== true, 404, 'M_NOT_FOUND', 'Predefined rules stay');
		replaceRule(call, undefined);
	},
	'PUT pushrules/global/{kind}/{ruleId}/enabled': call =>
		replaceRule(call, {...findRule(call), enabled: call.body['enabled'] === true}),
	'PUT pushrules/global/{kind}/{ruleId}/actions': call =>
		replaceRule(call, {...findRule(call), actions: actionsOf(call)}),
};
