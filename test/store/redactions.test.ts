/** What a redaction takes away, whenever and in whatever room it comes. Whether somebody may redact is for the servers to check. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {prepare} from '../../source/store/bind.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {migrations} from '../../source/store/schema.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {
	edit,
	member,
	message,
	openAccountFixture,
	ownUser,
	reaction,
	redaction,
	roomId,
	state,
	syncRoom,
	type AccountFixture,
} from './account-fixture.ts';

const other = {id: '!other:example.org'};

const rowOf = (fixture: AccountFixture, target: JsonObject) => {
	const rid = fixture.reader.roomById(roomId)?.rid ?? 0;
	return fixture.reader.timeline({rid, limit: 100}).messages.find(row => row.eventId === target['event_id']);
};

const hits = (fixture: AccountFixture, word: string): number =>
	fixture.account.database.prepare('SELECT rowid FROM full_text WHERE full_text MATCH ?').all(word).length;

test('a redaction leaves no text behind, in the row, the index or the file', t => {
	const fixture = openAccountFixture(t);
	const target = message('very secret word');
	fixture.apply(syncRoom([target, edit(target, 'another secret'), redaction(target, {sender: '@admin:example.org'})]));
	assert.equal(rowOf(fixture, target)?.redactedBy, '@admin:example.org');
	assert.deepEqual(rowOf(fixture, target)?.content, {});
	assert.equal(hits(fixture, 'secret'), 0);
	const row = fixture.account.database
		.prepare('SELECT raw, clear, body FROM event WHERE event_id = ?')
		.get(target['event_id']);
	assert.deepEqual(row, {raw: null, clear: null, body: null});
});

test('it may name its target at the top, as up to room version 10, or in its content, as since 11', t => {
	const fixture = openAccountFixture(t);
	const first = message('first');
	const second = message('second');
	const third = message('third');
	fixture.apply(
		syncRoom([
			first,
			second,
			third,
			message('', {type: 'm.room.redaction', redacts: first['event_id'], content: {}}),
			message('', {type: 'm.room.redaction', content: {redacts: second['event_id'], reason: 'spam'}}),
			message('', {type: 'm.room.redaction', redacts: 7, content: {redacts: {id: third['event_id']}}}),
		]),
	);
	const redactedBy = [first, second, third].map(target => rowOf(fixture, target)?.redactedBy);
	assert.deepEqual(redactedBy, ['@anna:example.org', '@anna:example.org', undefined]);
});

test('it may come before its target, and twice; the first one says by whom', t => {
	const fixture = openAccountFixture(t);
	const target = message('never seen');
	fixture.apply(
		syncRoom([redaction(target, {sender: '@admin:example.org'}), redaction(target, {sender: '@eve:example.org'})]),
	);
	fixture.apply(syncRoom([target, redaction(target, {sender: '@eve:example.org'})]));
	fixture.apply(syncRoom([target]));
	assert.equal(rowOf(fixture, target)?.redactedBy, '@admin:example.org');
	assert.equal(hits(fixture, 'seen'), 0);
});

test('one from another room does nothing, and does not take the place of the one that counts', t => {
	const fixture = openAccountFixture(t);
	const known = message('stays');
	const later = message('goes');
	fixture.apply(syncRoom([known]), syncRoom([redaction(known), redaction(later)], {}, other));
	fixture.apply(syncRoom([redaction(later)]));
	fixture.apply(syncRoom([later]));
	assert.equal(rowOf(fixture, known)?.redactedBy, undefined);
	assert.equal(rowOf(fixture, later)?.redactedBy, '@anna:example.org');
});

test('one of an event that never comes changes nothing', t => {
	const fixture = openAccountFixture(t);
	const target = message('stays');
	fixture.apply(syncRoom([target, redaction({event_id: '$nowhere'})]));
	assert.equal(rowOf(fixture, target)?.content['body'], 'stays');
});

test('a removed edit gives the text before it back', t => {
	const fixture = openAccountFixture(t);
	const target = message('first');
	const wrong = edit(target, 'second');
	fixture.apply(syncRoom([target, wrong, redaction(wrong)]));
	assert.equal(rowOf(fixture, target)?.content['body'], 'first');
	assert.equal(rowOf(fixture, target)?.isEdited, false);
});

test('a removed reaction is counted no longer, also where the removal came first', t => {
	const fixture = openAccountFixture(t);
	const target = message('hi');
	const first = reaction(target, '👍', '@anna:example.org');
	const second = reaction(target, '👍', '@bob:example.org');
	fixture.apply(syncRoom([target, redaction(second), first, second]));
	assert.deepEqual(rowOf(fixture, target)?.reactions, [{key: '👍', count: 1, isMine: false}]);
	fixture.apply(syncRoom([redaction(first)]));
	assert.deepEqual(rowOf(fixture, target)?.reactions, []);
});

test('a removed name, topic and display name count no longer, wherever they came from', t => {
	const fixture = openAccountFixture(t);
	const name = state('m.room.name', {name: 'Insult'});
	const topic = state('m.room.topic', {topic: 'insult'});
	const person = member('@eve:example.org', 'join', {displayname: 'Insult'});
	fixture.apply(syncRoom([topic], {state: {events: [name, person]}}));
	assert.equal(fixture.reader.roomById(roomId)?.name, 'Insult');
	fixture.apply(syncRoom([redaction(name), redaction(topic), redaction(person)]));
	const room = fixture.reader.roomById(roomId);
	assert.doesNotMatch(room?.name ?? '', /Insult/);
	assert.equal(room?.topic, undefined);
	assert.equal(fixture.reader.memberName(room?.rid ?? 0, '@eve:example.org'), undefined);
	assert.equal(fixture.rooms.members.membershipOf(room?.rid ?? 0, '@eve:example.org'), 'join');
});

test('the name of a person that an earlier version has stored can be removed', t => {
	const file = `${temporaryDirectory(t)}/account.db`;
	const options = {file, key: new Uint8Array(32).fill(7), cipher: 'aegis'} as const;
	const old = openDatabase({...options, mode: 'owner', durability: 'normal'});
	old.exec(`${migrations.slice(0, 3).join(';')}; PRAGMA user_version = 3`);
	const person = member('@eve:example.org', 'join', {displayname: 'Insult'});
	old.exec(`INSERT INTO room(rid, room_id, membership) VALUES(1, '${roomId}', 'join')`);
	prepare(old, `INSERT INTO member VALUES(1, '@eve:example.org', 'join', 'Insult', NULL, 0, ?)`).run(
		JSON.stringify(person),
	);
	old.close();
	const account = openAccountDatabase(options);
	t.after(() => account.close());
	const reader = createAccountReader(account.database, ownUser);
	assert.equal(reader.memberName(1, '@eve:example.org'), 'Insult');
	account.write(() => createRoomWriter(account, ownUser).applyRoom(syncRoom([redaction(person)])));
	assert.equal(reader.memberName(1, '@eve:example.org'), undefined);
});

test('a state event whose removal came first sets no name', t => {
	const fixture = openAccountFixture(t);
	const name = state('m.room.name', {name: 'Insult'});
	fixture.apply(syncRoom([redaction(name)]));
	fixture.apply(syncRoom([name]));
	assert.doesNotMatch(fixture.reader.roomById(roomId)?.name ?? '', /Insult/);
});

test('the removal of a name that was replaced since leaves the new one', t => {
	const fixture = openAccountFixture(t);
	const name = state('m.room.name', {name: 'Insult'});
	fixture.apply(syncRoom([name, state('m.room.name', {name: 'Fine'}), redaction(name)]));
	assert.equal(fixture.reader.roomById(roomId)?.name, 'Fine');
});

test('a reply and a thread find their target when it comes later', t => {
	const fixture = openAccountFixture(t);
	const target = message('the question');
	const event = (relation: JsonObject) => message('answer', {content: {body: 'answer', 'm.relates_to': relation}});
	const reply = event({'m.in_reply_to': {event_id: target['event_id']}});
	const inThread = event({rel_type: 'm.thread', event_id: target['event_id']});
	fixture.apply(syncRoom([reply, inThread]));
	assert.equal(rowOf(fixture, reply)?.replyTo?.body, undefined);
	fixture.apply(syncRoom([target]));
	assert.equal(rowOf(fixture, reply)?.replyTo?.body, 'the question');
	assert.equal(rowOf(fixture, inThread)?.threadRoot, target['event_id']);
	fixture.apply(syncRoom([redaction(target)]));
	assert.equal(rowOf(fixture, reply)?.replyTo?.body, undefined);
});
