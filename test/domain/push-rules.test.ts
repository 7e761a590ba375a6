/** Push rules: which of them fits an event, and what it says (client-server API §Push Rules). */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {pushVerdict, type PushEvent, type PushFacts} from '../../source/domain/push-rules.ts';

const me = '@alice:one.test';
const anna = '@anna:one.test';

const message = (content: JsonObject, more: Partial<PushEvent> = {}): PushEvent => ({
	type: 'm.room.message',
	sender: anna,
	roomId: '!lunch:one.test',
	stateKey: undefined,
	content: {msgtype: 'm.text', body: 'hello', ...content},
	...more,
});

const facts: PushFacts = {ownUserId: me, ownName: 'Alice L.', memberCount: 5, senderPower: 0, powerToNotify: 50};

const notify = ['notify'];
const loud = ['notify', {set_tweak: 'highlight'}];

const says = (rules: JsonObject, event: PushEvent, more: Partial<PushFacts> = {}): string => {
	const {isNotified, isHighlight} = pushVerdict({global: rules}, event, {...facts, ...more});
	if (isHighlight) return 'highlight';
	return isNotified ? 'notify' : 'silent';
};

const rule = (conditions: readonly JsonObject[], actions: readonly (string | JsonObject)[] = notify): JsonObject => ({
	override: [{rule_id: 'r', conditions, actions}],
});

suite('conditions', () => {
	const rows: readonly (readonly [string, JsonObject, PushEvent, boolean, Partial<PushFacts>?])[] = [
		['a type', {kind: 'event_match', key: 'type', pattern: 'm.room.*'}, message({}), true],
		['another type', {kind: 'event_match', key: 'type', pattern: 'm.call.*'}, message({}), false],
		['a glob of one character', {kind: 'event_match', key: 'content.msgtype', pattern: 'm.t?xt'}, message({}), true],
		['a glob is the whole value', {kind: 'event_match', key: 'content.msgtype', pattern: 'text'}, message({}), false],
		['case does not count', {kind: 'event_match', key: 'sender', pattern: '@ANNA:one.test'}, message({}), true],
		['a word of the text', {kind: 'event_match', key: 'content.body', pattern: 'cake'}, message({body: 'Cake?'}), true],
		[
			'not a part of a word',
			{kind: 'event_match', key: 'content.body', pattern: 'cake'},
			message({body: 'cakes'}),
			false,
		],
		[
			'words with a star',
			{kind: 'event_match', key: 'content.body', pattern: 'cake*'},
			message({body: 'no cakes'}),
			true,
		],
		['no text', {kind: 'event_match', key: 'content.body', pattern: 'cake'}, message({body: 7}), false],
		['a key that is missing', {kind: 'event_match', key: 'content.a.b.c', pattern: '*'}, message({}), false],
		['an escaped dot', {kind: 'event_property_is', key: String.raw`content.a\.b`, value: 1}, message({'a.b': 1}), true],
		['another value', {kind: 'event_property_is', key: 'content.a', value: 1}, message({a: '1'}), false],
		['null', {kind: 'event_property_is', key: 'content.a', value: null}, message({a: null}), true],
		['an object is no value', {kind: 'event_property_is', key: 'content.a', value: {}}, message({a: {}}), false],
		['in a list', {kind: 'event_property_contains', key: 'content.a', value: me}, message({a: [1, me]}), true],
		['no list', {kind: 'event_property_contains', key: 'content.a', value: me}, message({a: me}), false],
		['the name', {kind: 'contains_display_name'}, message({body: 'well, alice l. knows'}), true],
		['a name that is none', {kind: 'contains_display_name'}, message({body: 'hello'}), false, {ownName: ' '}],
		['a name that looks like a glob', {kind: 'contains_display_name'}, message({body: 'hello'}), false, {ownName: '*'}],
		['two of us', {kind: 'room_member_count', is: '2'}, message({}), true, {memberCount: 2}],
		['more than four', {kind: 'room_member_count', is: '>4'}, message({}), true],
		['at most four', {kind: 'room_member_count', is: '<=4'}, message({}), false],
		['no number', {kind: 'room_member_count', is: 'many'}, message({}), false],
		['who may', {kind: 'sender_notification_permission', key: 'room'}, message({}), true, {senderPower: 50}],
		['who may not', {kind: 'sender_notification_permission', key: 'room'}, message({}), false],
		['what nobody knows', {kind: 'org.example.moon', phase: 'full'}, message({}), false],
	];
	for (const [name, condition, event, isMet, more] of rows)
		test(name, () => assert.equal(says(rule([condition]), event, more), isMet ? 'notify' : 'silent'));
});

suite('rules', () => {
	const roomRule = (actions: readonly string[]): JsonObject => ({room: [{rule_id: '!lunch:one.test', actions}]});

	test('the first kind that fits decides', () => {
		const rules = {
			underride: [{rule_id: 'u', conditions: [], actions: loud}],
			sender: [{rule_id: anna, actions: notify}],
			...roomRule(['dont_notify']),
		};
		assert.equal(says(rules, message({})), 'silent');
		assert.equal(says({...rules, room: []}, message({})), 'notify');
		assert.equal(says({...rules, room: [], sender: []}, message({})), 'highlight');
		assert.equal(
			says({...rules, content: [{rule_id: 'c', pattern: 'hello', actions: loud}]}, message({})),
			'highlight',
		);
		assert.equal(says({...rules, override: [{rule_id: 'o', conditions: [], actions: []}]}, message({})), 'silent');
	});

	test('what is turned off does not count, what is a highlight that is turned off is none', () => {
		const off = {
			override: [{rule_id: 'o', enabled: false, conditions: [], actions: []}],
			underride: [{conditions: [], actions: notify}],
		};
		assert.equal(says(off, message({})), 'notify');
		assert.equal(says(rule([], ['notify', {set_tweak: 'highlight', value: false}]), message({})), 'notify');
	});

	test('old rules for names do not count where the message says whom it means', () => {
		const rules = {
			override: [
				{rule_id: '.m.rule.contains_display_name', conditions: [{kind: 'contains_display_name'}], actions: loud},
			],
		};
		assert.equal(says(rules, message({body: 'Alice L.!'})), 'highlight');
		assert.equal(says(rules, message({body: 'Alice L.!', 'm.mentions': {}})), 'silent');
	});

	test('own messages are never told', () => {
		assert.equal(says({underride: [{conditions: [], actions: loud}]}, message({}, {sender: me})), 'silent');
	});

	test('without rules of the server messages are told, notices are not, mentions stand out', () => {
		assert.equal(says({}, message({})), 'notify');
		assert.equal(says({}, message({msgtype: 'm.notice'})), 'silent');
		assert.equal(says({}, message({'m.mentions': {user_ids: [me]}})), 'highlight');
		assert.equal(says({}, message({}, {type: 'm.reaction'})), 'silent');
	});

	test('damaged rules break nothing, and no pattern is slow', () => {
		const damaged: readonly JsonObject[] = [
			{override: 'no', room: [1, null], underride: [{}]},
			{override: [{conditions: 'x', actions: 7}]},
			{override: [{conditions: [null], actions: notify}], content: [{pattern: null, actions: notify}]},
			rule([{kind: 'event_match', key: '...', pattern: '*'}]),
			rule([{kind: 'event_match', key: String.raw`content\\.\\`, pattern: '*'}]),
			rule([{kind: 'event_match', key: '__proto__.constructor', pattern: '*'}]),
		];
		for (const rules of damaged) assert.equal(typeof says(rules, message({})), 'string');
		const slow = `${'*a'.repeat(240)}b`;
		assert.equal(
			says(rule([{kind: 'event_match', key: 'content.body', pattern: slow}]), message({body: 'a'.repeat(60_000)})),
			'silent',
		);
	});
});
