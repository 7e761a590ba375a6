/** What is no event keeps its place as one quiet row, its JSON goes into quarantine, and everything around it stays. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {isUnreadable} from '../../source/domain/message.ts';
import {createRoomIsolation} from '../../source/store/room-isolation.ts';
import {message, openAccountFixture, roomId, syncRoom, type AccountFixture} from './account-fixture.ts';

const nested = (depth: number): JsonObject => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as JsonObject;

const broken = (): readonly unknown[] => [
	null,
	7,
	'text',
	[],
	{},
	{...message('x'), event_id: 5},
	{...message('x'), event_id: 'mx:unreadable:forged'},
	{...message('x'), event_id: `$${'x'.repeat(255)}`},
	{...message('x'), event_id: '$a\u001bb'},
	{...message('x'), content: 'no'},
	{...message('x'), sender: ['@a:b']},
	{...message('x'), type: ''},
	{...message('x'), state_key: 7},
	{...message('x'), content: nested(91)},
	{...message('x'), content: nested(400)},
	nested(4000),
];

/** Bodies of a room, `?` for what cannot be read. */
const rowsOf = (fixture: AccountFixture, id = roomId): readonly unknown[] => {
	const rid = fixture.reader.roomById(id)?.rid ?? 0;
	const {messages} = fixture.reader.timeline({rid, limit: 1000});
	return messages.map(row => (isUnreadable(row) ? '?' : row.content['body']));
};

const quarantined = (fixture: AccountFixture) =>
	fixture.account.database
		.prepare('SELECT room_id, reason, json FROM quarantine ORDER BY rowid')
		.all() as ReadonlyArray<{
		readonly room_id: string;
		readonly reason: string;
		readonly json: string;
	}>;

test('what is no event keeps its place in the timeline, and its JSON with the room in quarantine', t => {
	const fixture = openAccountFixture(t);
	const values = broken();
	fixture.apply(syncRoom([message('before'), ...values, message('after')]));
	assert.deepEqual(rowsOf(fixture), ['before', ...values.map(() => '?'), 'after']);
	const kept = quarantined(fixture);
	assert.equal(kept.length, values.length);
	assert.deepEqual(new Set(kept.map(row => row.room_id)), new Set([roomId]));
	assert.ok(kept.some(row => row.json === '"text"' && row.reason === 'not an object'));
	const {messages} = fixture.reader.timeline({rid: 1, limit: 100});
	for (const row of messages.filter(isUnreadable)) {
		assert.deepEqual([row.sender, row.type, row.content], ['', 'mx.unreadable', {}]);
	}
});

test('the same again, whatever the server now says beside it, makes no second row', t => {
	const fixture = openAccountFixture(t);
	const values = broken();
	const damaged = {...message('x'), content: null, unsigned: {age: 5}};
	fixture.apply(syncRoom([...values, damaged, null]));
	fixture.apply(syncRoom([...values, {...damaged, unsigned: {age: 900}}]));
	assert.equal(rowsOf(fixture).length, values.length + 1);
	assert.equal(quarantined(fixture).length, values.length + 1);
	fixture.apply(syncRoom([null], {}, {id: '!other:example.org'}));
	assert.deepEqual(rowsOf(fixture, '!other:example.org'), ['?'], 'another room has its own');
});

test('the event that came first under an id stays, whatever comes later under it', t => {
	const fixture = openAccountFixture(t);
	const first = message('first');
	fixture.apply(syncRoom([first]));
	fixture.apply(
		syncRoom([
			{...first, content: {msgtype: 'm.text', body: 'second'}},
			{...first, content: null},
		]),
	);
	fixture.apply(syncRoom([{...first, sender: '@eve:example.org'}], {}, {id: '!other:example.org'}));
	assert.deepEqual(rowsOf(fixture), ['first']);
});

test('in an older page too, and it does not pass for the place where two runs of messages meet', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([message('oldest'), null]));
	fixture.apply(
		syncRoom([message('newest')], {timeline: {events: [message('newest')], limited: true, prev_batch: 'p'}}),
	);
	const edge = fixture.rooms.timelines.gap(1);
	assert.ok(edge);
	const page = {
		events: [message('newer'), null, 5, {...message('x'), event_id: 'mx:unreadable:x'}, message('older')],
		end: 'q',
	};
	fixture.account.write(() => fixture.rooms.timelines.prepend(1, edge, page));
	assert.deepEqual(rowsOf(fixture), ['oldest', '?', 'older', '?', '?', 'newer', 'newest']);
	assert.equal(fixture.rooms.timelines.gap(1)?.kind, 'gap');
});

test('nobody is told that it was read: the newest event is the one before it', t => {
	const fixture = openAccountFixture(t);
	const last = message('last');
	fixture.apply(syncRoom([last, null, {...message('x'), content: 5}]));
	assert.equal(fixture.reader.reads.lastMainEvent(1), last['event_id']);
	assert.equal(fixture.reader.roomById(roomId)?.preview, 'last');
});

test('no relation reaches it: not an edit, a reaction, a reply nor a redaction that names its id', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([null]));
	const id = fixture.reader.timeline({rid: 1, limit: 1}).messages[0]?.eventId ?? '';
	assert.match(id, /^mx:unreadable:/);
	const relates = (relation: JsonObject): JsonObject => ({
		body: 'x',
		'm.new_content': {body: 'forged'},
		'm.relates_to': {...relation, event_id: id},
	});
	fixture.apply(
		syncRoom([
			message('', {sender: '@', content: relates({rel_type: 'm.replace'})}),
			message('', {type: 'm.reaction', content: relates({rel_type: 'm.annotation', key: '👍'})}),
			message('', {type: 'm.room.redaction', redacts: id, content: {redacts: id}}),
			message('', {content: {msgtype: 'm.text', body: 'reply', 'm.relates_to': {'m.in_reply_to': {event_id: id}}}}),
		]),
	);
	const {messages} = fixture.reader.timeline({rid: 1, limit: 10});
	const row = messages.find(isUnreadable);
	assert.deepEqual([row?.isEdited, row?.reactions, row?.redactedBy], [false, [], undefined]);
	assert.equal(messages.at(-1)?.replyTo, undefined);
});

test('a flood of it fills neither the quarantine beyond its bounds nor one value beyond its own', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([{junk: 'x'.repeat(200_000)}]));
	assert.equal(quarantined(fixture)[0]?.json.length, 65_536);
	fixture.apply(syncRoom(Array.from({length: 3000}, (_, index) => ({junk: index}))));
	const kept = quarantined(fixture);
	assert.ok(kept.length >= 1000 && kept.length <= 1250, String(kept.length));
	assert.equal(fixture.reader.timeline({rid: 1, limit: 5000}).messages.length, 3001);
});

test('a bug that one room meets costs the part of that room alone, and leaves a row that says so', t => {
	const fixture = openAccountFixture(t);
	const isolated = createRoomIsolation(fixture.account, fixture.rooms);
	const errors: unknown[] = [];
	const bug = new TypeError('a bug');
	const rooms = ['!a:x', '!b:x', '!c:x'].map(id => syncRoom([message(`in ${id}`)], {}, {id}));
	const write = () =>
		fixture.account.write(() =>
			rooms.map(room =>
				isolated(
					room,
					() => {
						const change = fixture.rooms.applyRoom(room);
						if (room.roomId === '!b:x') throw bug;
						return change.roomId;
					},
					error => void errors.push(error),
				),
			),
		);
	assert.deepEqual(write(), ['!a:x', undefined, '!c:x']);
	assert.deepEqual(write(), ['!a:x', undefined, '!c:x']);
	assert.deepEqual(errors, [bug, bug]);
	assert.deepEqual(rowsOf(fixture, '!a:x'), ['in !a:x']);
	assert.deepEqual(rowsOf(fixture, '!b:x'), ['?']);
	assert.deepEqual(rowsOf(fixture, '!c:x'), ['in !c:x']);
	assert.match(quarantined(fixture)[0]?.json ?? '', /in !b:x/);
});

test('a disk that fails is no such bug: it ends the write of all rooms', t => {
	const fixture = openAccountFixture(t);
	const isolated = createRoomIsolation(fixture.account, fixture.rooms);
	const room = syncRoom([message('lost')]);
	const {database} = fixture.account;
	const pages = Number(database.pragma('page_count', {simple: true}));
	database.pragma(`max_page_count = ${pages + 1}`);
	const big = syncRoom([message('x'.repeat(500_000))], {}, {id: '!big:x'});
	assert.throws(
		() =>
			fixture.account.write(() => {
				for (const one of [room, big]) isolated(one, () => fixture.rooms.applyRoom(one), assert.ifError);
			}),
		{name: 'DiskFull'},
	);
	assert.equal(fixture.reader.roomById(roomId), undefined);
});
