import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {stateText, type StateChange} from '../../source/text/state-text.ts';
import {findUnsafe} from '../corpus/safety.ts';
import {hostilePayloads} from '../corpus/terminal.ts';

const names = new Map([
	['@anna:x', 'Anna'],
	['@bob:x', 'Bob'],
]);

const change = (type: string, content: JsonObject, more: Partial<StateChange> = {}): string =>
	stateText({type, stateKey: '', sender: '@anna:x', content, nameOf: userId => names.get(userId), ...more});

const member = (membership: string, more: Partial<StateChange> & {readonly extra?: JsonObject} = {}): string =>
	change('m.room.member', {membership, ...more.extra}, {stateKey: '@bob:x', ...more});

suite('members', () => {
	const own = {sender: '@bob:x'};
	const was = (membership: string) => ({previous: {membership, displayname: 'Bob'}});

	test('who came and went', () => {
		assert.equal(member('join', {...own, extra: {displayname: 'Bobby'}}), 'Bobby joined');
		assert.equal(member('join', own), 'Bob joined');
		assert.equal(member('join', {sender: '@new:x', stateKey: '@new:x'}), '@new:x joined');
		assert.equal(member('leave', {...own, ...was('join')}), 'Bob left');
		assert.equal(member('leave', own), 'Bob left');
	});

	test('a ghost is called as it is now shown, without its network; others as they called themselves', () => {
		assert.equal(member('join', {...own, extra: {displayname: 'Bob (WA)'}}), 'Bob joined');
		assert.equal(member('join', {...own, extra: {displayname: 'Robert (WA)'}}), 'Robert (WA) joined');
		const whole = {...own, nameOf: () => 'Bob (WA)', extra: {displayname: 'Bob (WA)'}};
		assert.equal(member('join', whole), 'Bob (WA) joined');
	});

	test('who did it to whom, and why', () => {
		assert.equal(member('invite'), 'Anna invited Bob');
		assert.equal(member('ban', {extra: {reason: 'spam'}}), 'Anna banned Bob: spam');
		assert.equal(member('leave', {...was('join'), extra: {reason: 'off topic'}}), 'Anna removed Bob: off topic');
		assert.equal(member('leave', was('ban')), 'Anna lifted the ban of Bob');
		assert.equal(member('leave', was('invite')), 'Anna withdrew the invitation of Bob');
		assert.equal(member('leave', {...own, ...was('invite')}), 'Bob declined the invitation');
		assert.equal(member('knock', {...own, extra: {reason: 'please'}}), 'Bob asked to join: please');
		assert.equal(member('leave', was('knock')), 'Anna refused Bob');
		assert.equal(member('leave', {...own, ...was('knock')}), 'Bob withdrew the request to join');
	});

	test('what is done to the owner of the account is done to "you"', () => {
		const toYou = {ownUserId: '@bob:x'};
		assert.equal(member('invite', toYou), 'Anna invited you');
		assert.equal(member('leave', {...toYou, ...was('ban')}), 'Anna lifted your ban');
		assert.equal(member('leave', {...toYou, ...was('invite')}), 'Anna withdrew your invitation');
		assert.equal(member('leave', {...own, ...toYou, ...was('invite')}), 'you declined the invitation');
		assert.equal(member('org.x', toYou), 'Anna changed your membership');
	});

	test('what changed in a profile', () => {
		const joined = {...own, ...was('join')};
		assert.equal(member('join', {...joined, extra: {displayname: 'Robert'}}), 'Bob is now Robert');
		assert.equal(member('join', {...joined, extra: {}}), 'Bob removed their name');
		assert.equal(
			member('join', {...joined, extra: {displayname: 'Bob', avatar_url: 'mxc://x'}}),
			'Bob changed their picture',
		);
		assert.equal(member('join', {...joined, extra: {displayname: 'Bob'}}), 'Bob changed nothing');
	});

	test('an unknown membership is not hidden', () => {
		assert.equal(member('org.x'), 'Anna changed the membership of Bob');
		assert.equal(change('m.room.member', {}, {stateKey: '@bob:x'}), 'Anna changed the membership of Bob');
	});
});

suite('rooms', () => {
	const cases: ReadonlyArray<readonly [string, JsonObject, string]> = [
		['m.room.create', {}, 'Anna created the room'],
		['m.room.create', {type: 'm.space'}, 'Anna created the space'],
		['m.room.name', {name: 'Den'}, 'Anna changed the name to Den'],
		['m.room.name', {}, 'Anna removed the name'],
		['m.room.topic', {topic: 'all\nabout'}, 'Anna changed the topic to all about'],
		['m.room.avatar', {url: 'mxc://x/y'}, 'Anna changed the picture'],
		['m.room.canonical_alias', {alias: '#den:x'}, 'Anna set the main address to #den:x'],
		['m.room.encryption', {}, 'Anna turned on encryption'],
		['m.room.join_rules', {join_rule: 'public'}, 'Anna opened the room to everyone'],
		['m.room.join_rules', {join_rule: '__proto__'}, 'Anna changed who may join'],
		['m.room.history_visibility', {history_visibility: 'joined'}, 'Anna made the history readable from joining on'],
		['m.room.guest_access', {guest_access: 'forbidden'}, 'Anna closed the room to guests'],
		['m.room.power_levels', {}, 'Anna changed the permissions'],
		['m.room.pinned_events', {pinned: ['$a']}, 'Anna pinned a message'],
		['m.room.pinned_events', {pinned: 'x'}, 'Anna changed the pinned messages'],
		['m.room.tombstone', {body: 'new home'}, 'Anna moved the room: new home'],
		['m.room.third_party_invite', {display_name: 'a...@b'}, 'Anna invited a...@b'],
		['m.space.child', {via: ['x']}, 'Anna added a room to the space'],
		['m.space.child', {}, 'Anna removed a room from the space'],
		['m.bridge', {protocol: {id: 'irc'}}, 'Anna said that the room is bridged to irc'],
		['org.x.unknown', {}, 'unsupported event org.x.unknown'],
		['constructor', {}, 'unsupported event constructor'],
	];

	for (const [type, content, expected] of cases) {
		test(`${type} ${JSON.stringify(content)} is "${expected}"`, () => {
			assert.equal(change(type, content), expected);
		});
	}
});

test('hostile values in any place give one safe line', () => {
	for (const {name, payload} of hostilePayloads) {
		const content: JsonObject = {
			name: payload,
			topic: payload,
			displayname: payload,
			reason: payload,
			membership: 'leave',
			alias: payload,
		};
		for (const type of ['m.room.member', 'm.room.name', 'm.room.topic', 'm.room.canonical_alias', payload]) {
			const text = change(type, content, {
				stateKey: payload,
				sender: payload,
				nameOf: () => payload,
				previous: content,
			});
			assert.equal(findUnsafe(text), undefined, name);
			assert.ok(!text.includes('\n'), name);
		}
	}
});
