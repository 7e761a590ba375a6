/** What the filters of the inbox select, and in which order: tags, mutes, the archive, spaces. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {InboxFilter} from '../../source/domain/inbox-filter.ts';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {message, openAccountFixture, ownUser, state, syncRoom} from './account-fixture.ts';
import {createOldDatabase} from './old-database.ts';

type Sample = {
	readonly category?: 'join' | 'invite';
	readonly unread?: number;
	readonly highlights?: number;
	readonly tags?: readonly string[];
	readonly isMarked?: boolean;
	readonly type?: string;
	readonly state?: readonly JsonObject[];
};

const open = (t: TestContext) => {
	const fixture = openAccountFixture(t);
	const add = (name: string, {category = 'join', ...sample}: Sample = {}): number => {
		const {unread = 0, highlights = 0, tags = [], isMarked = false, type} = sample;
		const own = [state('m.room.name', {name}), state('m.room.create', {type: type ?? null}), ...(sample.state ?? [])];
		const data = [
			{type: 'm.tag', content: {tags: Object.fromEntries(tags.map(tag => [tag, {}]))}},
			{type: 'm.marked_unread', content: {unread: isMarked}},
		];
		const [change] = fixture.apply(
			syncRoom(
				category === 'invite' ? [] : [message(`in ${name}`)],
				{
					[category === 'invite' ? 'invite_state' : 'state']: {events: own},
					unread_notifications: {notification_count: unread, highlight_count: highlights},
					account_data: {events: data},
				},
				{id: `!${name}:example.org`, category},
			),
		);
		return change?.rid ?? 0;
	};
	const setPushRules = (override: readonly JsonObject[]): void => {
		const content = {global: {override: [...override]}};
		createSdkStore(fixture.account, fixture.rooms, ownUser).commitSync('s1', [{type: 'm.push_rules', content}]);
	};
	const names = (filter?: InboxFilter): readonly string[] =>
		fixture.reader.rooms({offset: 0, limit: 100, filter}).map(({name}) => name);
	return {...fixture, add, names, setPushRules};
};

const silence = (name: string, more: JsonObject = {}): JsonObject => ({
	rule_id: `!${name}:example.org`,
	enabled: true,
	actions: [],
	...more,
});

test('favourites stand on top and low priority below, whatever is unread; invitations before all', t => {
	const {add, names} = open(t);
	add('low', {tags: ['m.lowpriority'], unread: 3});
	add('read');
	add('unread', {unread: 1});
	add('favourite', {tags: ['m.favourite']});
	add('loved and unread', {tags: ['m.favourite'], unread: 1});
	add('invited', {category: 'invite'});
	const expected = ['invited', 'loved and unread', 'favourite', 'unread', 'read', 'low'];
	assert.deepEqual(names({kind: 'all'}), expected);
	assert.deepEqual(names(), expected);
});

test('each filter selects its rooms and counts them', t => {
	const {add, names, reader, rooms, account} = open(t);
	add('quiet');
	add('unread', {unread: 2});
	add('marked', {isMarked: true});
	add('mentioned', {unread: 1, highlights: 1});
	add('away', {tags: ['u.archived']});
	add('away, with news', {tags: ['u.archived'], unread: 1});
	add('invited', {category: 'invite'});
	const anna = add('Anna');
	account.write(() => rooms.applyDirectRooms({'@anna:example.org': ['!Anna:example.org']}));
	assert.equal(reader.room(anna)?.isDirect, true);
	const kinds = {
		all: ['invited', 'mentioned', 'marked', 'unread', 'Anna', 'quiet', 'away, with news'],
		unread: ['invited', 'mentioned', 'marked', 'unread', 'away, with news'],
		mentions: ['mentioned'],
		people: ['Anna'],
		archived: ['away, with news', 'away'],
	} as const;
	for (const [kind, expected] of Object.entries(kinds)) {
		const filter = {kind: kind as keyof typeof kinds};
		assert.deepEqual(names(filter), expected, kind);
		assert.equal(reader.roomCount(filter), expected.length, kind);
	}
	assert.equal(reader.roomCount(), 8);
});

test('a muted room counts neither its messages nor its mentions, until the rule is gone', t => {
	const {add, names, reader, setPushRules} = open(t);
	add('loud', {unread: 5, highlights: 2});
	add('other', {unread: 1});
	assert.deepEqual(reader.totals(), {unread: 2, highlights: 2});
	setPushRules([silence('loud')]);
	assert.equal(reader.rooms({offset: 0, limit: 9}).find(({name}) => name === 'loud')?.isMuted, true);
	assert.deepEqual(reader.totals(), {unread: 1, highlights: 0});
	assert.deepEqual(names({kind: 'unread'}), ['other']);
	assert.deepEqual(names({kind: 'mentions'}), []);
	setPushRules([
		silence('loud', {enabled: false}),
		silence('loud', {actions: ['notify']}),
		{rule_id: '.m.rule.master'},
	]);
	assert.deepEqual(reader.totals(), {unread: 2, highlights: 2});
	// Marked by hand is what the person wants, muted or not.
	setPushRules([silence('marked')]);
	add('marked', {isMarked: true});
	assert.deepEqual(names({kind: 'unread'}), ['marked', 'other', 'loud']);
});

test('a space is a filter of its rooms, and no room of the list', t => {
	const {add, names, reader} = open(t);
	add('kitchen');
	add('garden');
	add('elsewhere');
	const child = (name: string, content: JsonObject): JsonObject =>
		state('m.space.child', content, {state_key: `!${name}:example.org`});
	const rid = add('House', {
		type: 'm.space',
		state: [
			child('kitchen', {via: ['example.org']}),
			child('garden', {via: ['example.org']}),
			// Taken out again, and unknown.
			child('elsewhere', {}),
			child('attic', {via: ['example.org']}),
		],
	});
	add('Another', {type: 'm.space'});
	assert.deepEqual(names({kind: 'all'}), ['elsewhere', 'garden', 'kitchen']);
	assert.deepEqual(names({kind: 'space', rid}), ['garden', 'kitchen']);
	assert.equal(reader.roomCount({kind: 'space', rid}), 2);
	assert.deepEqual(reader.spaces(), [
		{rid: rid + 1, name: 'Another'},
		{rid, name: 'House'},
	]);
});

test('an open room keeps its place among the sections while it counts as read', t => {
	const {add, reader} = open(t);
	const low = add('low', {tags: ['m.lowpriority'], unread: 1});
	const loved = add('loved', {tags: ['m.favourite'], unread: 1});
	add('newer love', {tags: ['m.favourite']});
	const plain = add('plain', {unread: 1});
	add('newest');
	const order = (asRead: number) =>
		reader.rooms({offset: 0, limit: 9, asRead, filter: {kind: 'all'}}).map(({name}) => name);
	assert.deepEqual(order(loved), ['newer love', 'loved', 'plain', 'newest', 'low']);
	assert.deepEqual(order(plain), ['loved', 'newer love', 'newest', 'plain', 'low']);
	assert.deepEqual(order(low), ['loved', 'newer love', 'plain', 'newest', 'low']);
});

test('tags of an account of an earlier version put its rooms into sections, and rules mute them', t => {
	const options = createOldDatabase(t, 'room_in_inbox', old => {
		const insert = old.prepare(
			`INSERT INTO room(room_id, membership, calculated_name, unread_count, tags) VALUES(?, 'join', ?, 1, ?)`,
		);
		insert.run('!a:x', 'plain', null);
		insert.run('!b:x', 'loved', '{"m.favourite":{"order":0.5}}');
		insert.run('!c:x', 'low', '{"m.lowpriority":{}}');
		insert.run('!d:x', 'muted', '{}');
		old.prepare(`INSERT INTO account_data VALUES('m.push_rules', ?)`).run(
			JSON.stringify({
				global: {
					override: [
						{rule_id: '!d:x', actions: []},
						{rule_id: '!a:x', actions: ['notify']},
					],
				},
			}),
		);
	});
	const account = openAccountDatabase(options);
	t.after(() => account.close());
	const listed = createAccountReader(account.database, ownUser).rooms({offset: 0, limit: 9, filter: {kind: 'all'}});
	assert.deepEqual(
		listed.map(({name, section, isMuted}) => [name, section, isMuted]),
		[
			['loved', 'favourite', false],
			['plain', 'normal', false],
			['muted', 'normal', true],
			['low', 'low', false],
		],
	);
});
