/** Push rules, and what they make of an event: the counts of unread messages (client-server API §Push Notifications). */
import {asArray, asInteger, asObject, asString, isObject, type JsonObject, type JsonValue} from '../../domain/json.ts';
import {badParameter, MatrixError, notFound} from './matrix-error.ts';
import type {Routes} from './http.ts';
import {
	membersOf,
	membershipOf,
	nextPosition,
	stateEvent,
	type Room,
	type StoredEvent,
	type User,
	type World,
} from './world.ts';

type Rule = JsonObject & {readonly rule_id: string; readonly enabled: boolean; readonly actions: readonly JsonValue[]};
type Ruleset = Readonly<Record<string, readonly Rule[]>>;

const kinds = ['override', 'content', 'room', 'sender', 'underride'] as const;
const notify = ['notify'] as const;
const sound = (value: string): JsonObject => ({set_tweak: 'sound', value});
const highlight: JsonObject = {set_tweak: 'highlight'};
const matches = (key: string, pattern: string): JsonObject => ({kind: 'event_match', key, pattern});
const is = (key: string, value: JsonValue): JsonObject => ({kind: 'event_property_is', key, value});
const inDirectChat: JsonObject = {kind: 'room_member_count', is: '2'};

const rule = (id: string, conditions: readonly JsonObject[], actions: readonly JsonValue[], enabled = true): Rule => ({
	rule_id: `.m.rule.${id}`,
	default: true,
	enabled,
	conditions,
	actions,
});

/** §Predefined Rules. */
const defaultRules = (userId: string): Ruleset => ({
	override: [
		rule('master', [], [], false),
		rule('suppress_notices', [matches('content.msgtype', 'm.notice')], []),
		rule(
			'invite_for_me',
			[matches('type', 'm.room.member'), matches('content.membership', 'invite'), matches('state_key', userId)],
			[...notify, sound('default')],
		),
		rule('member_event', [matches('type', 'm.room.member')], []),
		rule(
			'is_user_mention',
			[{kind: 'event_property_contains', key: 'content.m\\.mentions.user_ids', value: userId}],
			[...notify, sound('default'), highlight],
		),
		rule('contains_display_name', [{kind: 'contains_display_name'}], [...notify, sound('default'), highlight]),
		rule(
			'is_room_mention',
			[is('content.m\\.mentions.room', true), {kind: 'sender_notification_permission', key: 'room'}],
			[...notify, highlight],
		),
		rule(
			'roomnotif',
			[matches('content.body', '@room'), {kind: 'sender_notification_permission', key: 'room'}],
			[...notify, highlight],
		),
		rule('tombstone', [matches('type', 'm.room.tombstone'), matches('state_key', '')], [...notify, highlight]),
		rule('reaction', [matches('type', 'm.reaction')], []),
		rule('room.server_acl', [matches('type', 'm.room.server_acl'), matches('state_key', '')], []),
		rule('suppress_edits', [is('content.m\\.relates_to.rel_type', 'm.replace')], []),
	],
	content: [
		{
			rule_id: '.m.rule.contains_user_name',
			default: true,
			enabled: true,
			pattern: userId.slice(1).split(':', 1).join(''),
			actions: [...notify, sound('default'), highlight],
		},
	],
	room: [],
	sender: [],
	underride: [
		rule('call', [matches('type', 'm.call.invite')], [...notify, sound('ring')]),
		rule(
			'encrypted_room_one_to_one',
			[inDirectChat, matches('type', 'm.room.encrypted')],
			[...notify, sound('default')],
		),
		rule('room_one_to_one', [inDirectChat, matches('type', 'm.room.message')], [...notify, sound('default')]),
		rule('message', [matches('type', 'm.room.message')], notify),
		rule('encrypted', [matches('type', 'm.room.encrypted')], notify),
	],
});

const rulesOf = (user: User): Ruleset =>
	asObject(user.accountData.get('m.push_rules')?.content['global']) as unknown as Ruleset;

/** Each account begins with the predefined rules. */
export const setDefaultRules = (world: World, user: User): void =>
	void user.accountData.set('m.push_rules', {
		content: {global: defaultRules(user.id)},
		position: nextPosition(world),
	});

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
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	const expression = isBody ? String.raw`(?:^|\W)${glob}(?:$|\W)` : `^${glob}$`;
	return new RegExp(expression, 'is').test(value);
};

const countMatches = (count: number, is: string): boolean => {
	const [, operator = '', text] = /^(==|<=|>=|<|>)?(\d+)$/.exec(is) ?? [];
	const wanted = Number(text);
	return (
		{
			'': count === wanted,
			'==': count === wanted,
			'<': count < wanted,
			'>': count > wanted,
			'<=': count <= wanted,
			'>=': count >= wanted,
		}[operator] ?? false
	);
};

const conditionHolds = (condition: JsonObject, event: StoredEvent, user: User): boolean => {
	const {room} = event;
	const key = asString(condition['key']) ?? '';
	switch (condition['kind']) {
		case 'event_match':
			return globMatches(valueAt(event, key), asString(condition['pattern']) ?? '', key === 'content.body');
		case 'event_property_is':
			return valueAt(event, key) === condition['value'];
		case 'event_property_contains':
			return asArray(valueAt(event, key)).includes(condition['value']);
		case 'contains_display_name':
			return globMatches(event.content['body'], asString(user.profile['displayname']) ?? '\0', true);
		case 'room_member_count':
			return countMatches(membersOf(room, 'join').length, asString(condition['is']) ?? '');
		case 'sender_notification_permission': {
			const levels = stateEvent(room, 'm.room.power_levels')?.content ?? {};
			const level = asInteger(asObject(levels['users'])[event.sender]) ?? asInteger(levels['users_default']) ?? 0;
			return level >= (asInteger(asObject(levels['notifications'])[key]) ?? 50);
		}
		default:
			return false;
	}
};

/** Guess from the text whom it is for; not where the event says so itself. */
const ofTexts = new Set(['contains_display_name', 'contains_user_name', 'roomnotif'].map(id => `.m.rule.${id}`));

const ruleApplies = (kind: string, {enabled, rule_id: id, ...rule}: Rule, event: StoredEvent, user: User): boolean => {
	if (!enabled || (ofTexts.has(id) && event.content['m.mentions'] !== undefined)) return false;
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
	const {room} = event;
	for (const {stateKey = '', content} of room.state.get('m.room.member')?.values() ?? []) {
		const user = world.users.get(stateKey);
		if (user?.password === undefined || user.id === event.sender || content['membership'] !== 'join') continue;
		const actions = actionsFor(event, user);
		if (!actions.includes('notify')) continue;
		const isHighlight = actions.some(
			action => isObject(action) && action['set_tweak'] === 'highlight' && action['value'] !== false,
		);
		const relation = asObject(event.content['m.relates_to']);
		const thread = relation['rel_type'] === 'm.thread' ? asString(relation['event_id']) : undefined;
		const list = room.notifications.get(user.id) ?? [];
		list.push({event, isHighlight, thread});
		room.notifications.set(user.id, list);
	}
};

type Counts = {readonly notification_count: number; readonly highlight_count: number};

/** @returns counts of what is not read yet, of the main timeline and of each thread (§Receiving notifications). */
export const unreadCounts = (
	room: Room,
	userId: string,
): {readonly main: Counts; readonly threads: Readonly<Record<string, Counts>>} => {
	const readUpTo = (thread: string): number =>
		Math.max(
			0,
			...[...room.receipts.values()]
				.filter(receipt => receipt.userId === userId && (receipt.threadId ?? thread) === thread)
				.map(({event}) => event.position),
		);
	const joined = stateEvent(room, 'm.room.member', userId)?.position ?? 0;
	const threads: Record<string, {notification_count: number; highlight_count: number}> = {};
	const limits = new Map<string, number>();
	const list = membershipOf(room, userId) === 'join' ? (room.notifications.get(userId) ?? []) : [];
	for (const {event, isHighlight, thread = 'main'} of list) {
		const limit = limits.get(thread) ?? Math.max(joined, readUpTo(thread));
		limits.set(thread, limit);
		if (event.position <= limit || event.redaction !== undefined) continue;
		const counts = (threads[thread] ??= {notification_count: 0, highlight_count: 0});
		counts.notification_count += 1;
		counts.highlight_count += isHighlight ? 1 : 0;
	}
	const {main = {notification_count: 0, highlight_count: 0}, ...others} = threads;
	return {main, threads: others};
};

const store = (world: World, user: User, rules: Ruleset): void =>
	void user.accountData.set('m.push_rules', {
		content: {global: rules},
		position: nextPosition(world),
	});

const findRule = (user: User, kind = '', id = ''): Rule => {
	const found = rulesOf(user)[kind]?.find(({rule_id: each}) => each === id);
	if (found === undefined) throw notFound('There is no such push rule');
	return found;
};

const replaceRule = (world: World, user: User, kind = '', next: Rule): void => {
	const rules = rulesOf(user);
	if (rules[kind] === undefined) throw badParameter(`There are no rules of the kind ${kind}`);
	const others = rules[kind].filter(({rule_id: id}) => id !== next.rule_id);
	const index = rules[kind].findIndex(({rule_id: id}) => id === next.rule_id);
	store(world, user, {...rules, [kind]: others.toSpliced(Math.max(index, 0), 0, next)});
};

export const pushRoutes: Routes = {
	'GET pushrules': ({user}) => ({global: rulesOf(user)}),
	'GET pushrules/global': ({user}) => rulesOf(user),
	'GET pushrules/global/{kind}/{ruleId}': ({user, params}) => findRule(user, params['kind'], params['ruleId']),
	'PUT pushrules/global/{kind}/{ruleId}': ({world, user, params, body}) => {
		const {kind, ruleId = ''} = params;
		if (ruleId.startsWith('.'))
			throw new MatrixError(400, 'M_UNKNOWN', 'The names of predefined rules begin with a dot');
		const {actions, conditions, pattern} = body;
		if (!Array.isArray(actions)) throw new MatrixError(400, 'M_UNKNOWN', 'The actions are missing');
		if (kind === 'content' && typeof pattern !== 'string')
			throw new MatrixError(400, 'M_UNKNOWN', 'The pattern is missing');
		const next = {rule_id: ruleId, default: false, enabled: true, actions: asArray(actions) as readonly JsonValue[]};
		replaceRule(world, user, kind, {
			...next,
			...(conditions === undefined ? {} : {conditions}),
			...(pattern === undefined ? {} : {pattern}),
		});
		return {};
	},
	'DELETE pushrules/global/{kind}/{ruleId}': ({world, user, params}) => {
		const {kind = '', ruleId} = params;
		const found = findRule(user, kind, ruleId);
		if (found['default'] === true) throw notFound('Predefined rules stay');
		const rules = rulesOf(user);
		store(world, user, {...rules, [kind]: (rules[kind] ?? []).filter(each => each !== found)});
		return {};
	},
	'GET pushrules/global/{kind}/{ruleId}/enabled': ({user, params}) => ({
		enabled: findRule(user, params['kind'], params['ruleId']).enabled,
	}),
	'PUT pushrules/global/{kind}/{ruleId}/enabled': ({world, user, params, body}) => {
		const found = findRule(user, params['kind'], params['ruleId']);
		replaceRule(world, user, params['kind'], {...found, enabled: body['enabled'] === true});
		return {};
	},
	'GET pushrules/global/{kind}/{ruleId}/actions': ({user, params}) => ({
		actions: findRule(user, params['kind'], params['ruleId']).actions,
	}),
	'PUT pushrules/global/{kind}/{ruleId}/actions': ({world, user, params, body}) => {
		const found = findRule(user, params['kind'], params['ruleId']);
		replaceRule(world, user, params['kind'], {...found, actions: asArray(body['actions']) as readonly JsonValue[]});
		return {};
	},
	'GET pushers': () => ({pushers: []}),
	'POST pushers/set': () => ({}),
};
