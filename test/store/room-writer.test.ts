import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openAccountReader} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {member, message, openAccountFixture, ownUser, roomId, state, syncRoom} from './account-fixture.ts';

test('a room is named by its name, else its alias, else the people in it', t => {
	const fixture = openAccountFixture(t);
	const people = [
		member('@anna:example.org', 'join', {displayname: 'Anna'}),
		member('@bob:example.org', 'join', {displayname: 'Bob'}),
	];
	fixture.apply(
		syncRoom([], {
			state: {events: people},
			summary: {'m.heroes': ['@anna:example.org', '@bob:example.org'], 'm.joined_member_count': 3},
		}),
	);
	const name = () => fixture.reader.roomById(roomId)?.name;
	assert.equal(name(), 'Anna and Bob');
	fixture.apply(syncRoom([state('m.room.canonical_alias', {alias: '#talk:example.org'})]));
	assert.equal(name(), '#talk:example.org');
	fixture.apply(syncRoom([state('m.room.name', {name: 'Talk'})]));
	assert.equal(name(), 'Talk');
	fixture.apply(syncRoom([state('m.room.name', {name: {wrong: true}})]));
	assert.equal(name(), '#talk:example.org');
});

test('somebody who leaves is noted, somebody who is invited is not', t => {
	const fixture = openAccountFixture(t);
	const change = (membership: string) =>
		fixture.apply(syncRoom([member('@anna:example.org', membership)]))[0]?.hasDeparture;
	assert.equal(change('invite'), false);
	assert.equal(change('join'), false);
	assert.equal(change('leave'), true);
	assert.equal(change('leave'), false);
	assert.equal(change('ban'), true);
	assert.equal(fixture.apply(syncRoom([member(ownUser, 'leave')]))[0]?.hasDeparture, false);
});

test('with state after the timeline, state events in the timeline do not count', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(
		syncRoom([state('m.room.name', {name: 'outdated'})], {
			'org.matrix.msc4222.state_after': {events: [state('m.room.name', {name: 'now'})]},
		}),
	);
	assert.equal(fixture.reader.roomById(roomId)?.name, 'now');
});

test('rooms are listed: invitations, unread, then by the last message; a left one is not', t => {
	const fixture = openAccountFixture(t);
	const at = (time: number) => message('hi', {origin_server_ts: time});
	fixture.apply(
		syncRoom([at(100)], {}, {id: '!old:x'}),
		syncRoom([at(300)], {}, {id: '!new:x'}),
		syncRoom([at(50)], {unread_notifications: {notification_count: 2, highlight_count: 1}}, {id: '!unread:x'}),
		syncRoom([], {invite_state: {events: [member(ownUser, 'invite')]}}, {id: '!invite:x', category: 'invite'}),
		syncRoom([at(500)], {}, {id: '!left:x', category: 'leave'}),
	);
	assert.deepEqual(
		fixture.reader.rooms({offset: 0, limit: 10}).map(room => room.roomId),
		['!invite:x', '!unread:x', '!new:x', '!old:x'],
	);
	assert.deepEqual(fixture.reader.totals(), {unread: 1, highlights: 1});
	// The room that is on the screen does not jump up for a message that is read at once.
	const asRead = fixture.reader.roomById('!unread:x')?.rid;
	assert.deepEqual(
		fixture.reader.rooms({offset: 0, limit: 10, asRead}).map(room => room.roomId),
		['!invite:x', '!new:x', '!old:x', '!unread:x'],
	);
});

test('an invitation to a direct chat is one with the person who invites', t => {
	const fixture = openAccountFixture(t);
	const invitation = {...member(ownUser, 'invite', {is_direct: true}), sender: '@anna:example.org'};
	fixture.apply(syncRoom([], {invite_state: {events: [invitation]}}, {id: '!dm:x', category: 'invite'}));
	assert.equal(fixture.reader.directRoom('@anna:example.org')?.roomId, '!dm:x');
});

test('keys of the language in wire-keyed maps are data, not prototypes', t => {
	const fixture = openAccountFixture(t);
	const hostile = JSON.parse(
		'{"__proto__": {"m.read": {"@a:b": {"ts": 1}}}, "$e": {"m.read": {"__proto__": {"ts": 2}}}}',
	) as object;
	fixture.apply(
		syncRoom([member('__proto__', 'join')], {
			ephemeral: {events: [{type: 'm.receipt', content: hostile as never}]},
			state: {events: [member('constructor', 'join')]},
		}),
	);
	assert.equal(({} as Record<string, unknown>)['m.read'], undefined);
	assert.equal(fixture.reader.memberName(1, '__proto__'), undefined);
});

test('the screen reads beside the writer', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([message('hi')]));
	const database = openAccountReader(fixture.file);
	t.after(() => database.close());
	const reader = createAccountReader(database, ownUser);
	assert.equal(reader.roomCount(), 1);
	fixture.apply(syncRoom([message('there')], {}, {id: '!second:x'}));
	assert.equal(reader.roomCount(), 2);
	assert.throws(() => database.exec('DELETE FROM room'), /readonly/);
});
