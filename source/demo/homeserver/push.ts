/** Push rules, and what they make of an event: the counts of unread messages (client-server API §Push Notifications). */
import {asArray, asInteger, asObject, asString, isObject, type JsonObject, type JsonValue} from '../../domain/json.ts';
import {badParameter, MatrixError, notFound} from './matrix-error.ts';
import type {Call, Routes} from './http.ts';
import {ensure, membersOf, membershipOf, nextPosition, stateEvent} from './world.ts';
import type {Room, StoredEvent, User, World} from './world.ts';

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

const rule = (id: string, conditions: readonly JsonObject[], actions: readonly JsonValue[]): Rule => ({
	rule_id: `.m.rule.${id}`,
	default: true,
	enabled: id !== 'master',
	conditions,
	actions,
});

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
	content: [
		{...rule('contains_user_name', [], loudest), conditions: undefined, pattern: /^@([^:]*)/.exec(userId)?.[1]},
	],
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

/** §Conditions for push rules: `*` and `?` stand for any characters; in a body the pattern may be any whole words of it. */
const globMatches = (value: unknown, pattern: string, isBody: boolean): boolean => {
	if (typeof value !== 'string') return false;
	if (!isBody && !/[*?]/.test(pattern)) return value.toLowerCase() === pattern.toLowerCase();
	const glob = pattern
		.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)

		.replaceAll(String.raw`\*`, '.*')
		.replaceAll(String.raw`\?`, '.');
	return new RegExp(isBody ? String.raw`(?:^|\W)${glob}(?:$|\W)` : `^${glob}$`, 'is').test(value);
};

/** @param is a number, or one with an operator before it, such as `>=3` */
const countMatches = (count: number, is: string): boolean => {
	const [, operator = '', wanted] = /^(==|<=|>=|<|>)?(\d+)$/.exec(is) ?? [];
	const sides: Readonly<Record<string, readonly number[]>> = {'<': [-1], '<=': [-1, 0], '>': [1], '>=': [1, 0]};
	return (sides[operator] ?? [0]).includes(Math.sign(count - Number(wanted)));
};

const mayNotify = ({room, sender}: StoredEvent, key: string): boolean => {
	const levels = stateEvent(room, 'm.room.power_levels')?.content ?? {};
	const level = asInteger(asObject(levels['users'])[sender]) ?? asInteger(levels['users_default']) ?? 0;
	return level >= (asInteger(asObject(levels['notifications'])[key]) ?? 50);
};

const conditionHolds = (condition: JsonObject, event: StoredEvent, user: User): boolean => {
	const text = (name: string): string => asString(condition[name]) ?? '';
	const key = text('key');
	switch (condition['kind']) {
		case 'event_match':
			return globMatches(valueAt(event, key), text('pattern'), key === 'content.body');
		case 'event_property_is':
			return valueAt(event, key) === condition['value'];
		case 'event_property_contains':
			return asArray(valueAt(event, key)).includes(condition['value']);
		case 'contains_display_name':
			return globMatches(event.content['body'], asString(user.profile['displayname']) ?? '\0', true);
		case 'room_member_count':
			return countMatches(membersOf(event.room, 'join').length, text('is'));
		case 'sender_notification_permission':
			return mayNotify(event, key);
		default:
			return false;
	}
};

/** Guess from the text whom it is for; not where the event says so itself. */
const ofTexts = ['contains_display_name', 'contains_user_name', 'roomnotif'].map(id => `.m.rule.${id}`);

const ruleApplies = (kind: string, {enabled, rule_id: id, ...rule}: Rule, event: StoredEvent, user: User): boolean => {
	if (!enabled || (ofTexts.includes(id) && event.content['m.mentions'] !== undefined)) return false;
	if (kind === 'room') return event.room.id === id;
	if (kind === 'sender') return event.sender === id;
	if (kind === 'content') return globMatches(event.content['body'], asString(rule['pattern']) ?? '', true);
	return asArray(rule['conditions']).every(condition => isObject(condition) && conditionHolds(condition, event, user));
};

/** @returns what the first rule says that applies. */
const actionsFor = (event: StoredEvent, user: User): readonly JsonValue[] => {
	const rules = rulesOf(user);
	for (const kind of kinds) {
		const found = rules[kind]?.find(each => ruleApplies(kind, each, event, user));
		if (found !== undefined) return found.actions;
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
		const isHighlight = actions.some(
			action => isObject(action) && action['set_tweak'] === 'highlight' && action['value'] !== false,
		);
		ensure(event.room.notifications, user.id, () => []).push({event, isHighlight, thread: threadOf(event)});
	}
};

/** The thread that an event is in: `main`, or the event that the thread began with (§Threading). */
export const threadOf = ({content}: StoredEvent): string => {
	const {rel_type: type, event_id: root} = asObject(content['m.relates_to']);
	return (type === 'm.thread' ? asString(root) : undefined) ?? 'main';
};

type Counts = {notification_count: number; highlight_count: number};

/** @returns counts of what is not read yet, of the main timeline and of each thread (§Receiving notifications). */
export const unreadCounts = (
	room: Room,
	userId: string,
): {readonly main: Counts; readonly threads: Readonly<Record<string, Counts>>} => {
	const own = [...room.receipts.values()].filter(receipt => receipt.userId === userId);
	const joined = stateEvent(room, 'm.room.member', userId)?.position ?? 0;
	const isUnread = ({position}: StoredEvent, thread: string): boolean =>
		position > joined &&
		!own.some(({threadId, event}) => (threadId ?? thread) === thread && event.position >= position);
	const list = membershipOf(room, userId) === 'join' ? (room.notifications.get(userId) ?? []) : [];
	const counts: Record<string, Counts> = {};
	for (const {event, isHighlight, thread} of list) {
		if (event.redaction !== undefined || !isUnread(event, thread)) continue;
		const ofThread = (counts[thread] ??= {notification_count: 0, highlight_count: 0});
		ofThread.notification_count += 1;
		ofThread.highlight_count += isHighlight ? 1 : 0;
	}
	const {main = {notification_count: 0, highlight_count: 0}, ...threads} = counts;
	return {main, threads};
};

const findRule = ({user, part}: Call): Rule => {
	const found = rulesOf(user)[part('kind')]?.find(({rule_id: id}) => id === part('ruleId'));
	if (found === undefined) throw notFound('There is no such push rule');
	return found;
};

/** Puts the rule where one of its name was, else before all; without one that of the path goes. */
const replaceRule = ({world, user, part}: Call, next: Rule | undefined): void => {
	const [rules, kind] = [rulesOf(user), part('kind')];
	const ofKind = rules[kind];
	if (ofKind === undefined) throw badParameter(`There are no rules of the kind ${kind}`);
	const index = ofKind.findIndex(({rule_id: id}) => id === part('ruleId'));
	const changed = ofKind.toSpliced(Math.max(index, 0), index < 0 ? 0 : 1, ...(next === undefined ? [] : [next]));
	store(world, user, {...rules, [kind]: changed});
};

const actionsOf = ({body}: Call): readonly JsonValue[] => {
	if (!Array.isArray(body['actions'])) throw new MatrixError(400, 'M_UNKNOWN', 'The actions are missing');
	return body['actions'] as readonly JsonValue[];
};

export const pushRoutes: Routes = {
	'GET pushrules': ({user}) => ({global: rulesOf(user)}),
	'PUT pushrules/global/{kind}/{ruleId}': call => {
		const {conditions, pattern} = call.body;
		const [id, actions] = [call.part('ruleId'), actionsOf(call)];
		if (id.startsWith('.')) throw new MatrixError(400, 'M_UNKNOWN', 'The names of predefined rules begin with a dot');
		if (call.part('kind') === 'content' && typeof pattern !== 'string')
			throw new MatrixError(400, 'M_UNKNOWN', 'The pattern is missing');
		replaceRule(call, {rule_id: id, default: false, enabled: true, actions, conditions, pattern});
	},
	'DELETE pushrules/global/{kind}/{ruleId}': call => {
		if (findRule(call)['default'] === true) throw notFound('Predefined rules stay');
		replaceRule(call, undefined);
	},
	'PUT pushrules/global/{kind}/{ruleId}/enabled': call =>
		replaceRule(call, {...findRule(call), enabled: call.body['enabled'] === true}),
	'PUT pushrules/global/{kind}/{ruleId}/actions': call =>
		replaceRule(call, {...findRule(call), actions: actionsOf(call)}),
};
