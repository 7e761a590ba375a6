/** How far people have read, and what is not read in threads, on a real store. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {parseSearch} from '../../source/domain/search-query.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {member, message, openAccountFixture, ownUser, roomId, state, syncRoom} from './account-fixture.ts';

const anna = '@anna:example.org';
const zoe = '@zoe:example.org';

const idOf = (event: ReturnType<typeof message>): string => event['event_id'] as string;

const inThread = (root: ReturnType<typeof message>, body: string) =>
	message(body, {content: {msgtype: 'm.text', body, 'm.relates_to': {rel_type: 'm.thread', event_id: idOf(root)}}});

const receipts = (
	...given: ReadonlyArray<readonly [event: ReturnType<typeof message>, user: string, thread?: string]>
) => ({
	ephemeral: {
		events: given.map(([event, user, thread]) => ({
			type: 'm.receipt',
			content: {
				[idOf(event)]: {'m.read': {[user]: {ts: 1, ...(thread === undefined ? {} : {thread_id: thread})}}},
			},
		})),
	},
});

test('counts of a room are those of its threads too; each is read by itself', t => {
	const {apply, reader, account, rooms} = openAccountFixture(t);
	const root = message('root');
	const counts = (unread: number, threads: JsonObject) => ({
		unread_notifications: {notification_count: unread, highlight_count: 0},
		unread_thread_notifications: threads,
	});
	const threads = {
		[idOf(root)]: {notification_count: 2, highlight_count: 1},
		$other: {notification_count: 1, highlight_count: 0},
		constructor: {notification_count: 9},
	};
	apply(syncRoom([root, inThread(root, 'one'), inThread(root, 'two')], counts(3, threads)));
	const unread = () => {
		const room = reader.roomById(roomId);
		return [room?.unreadCount, room?.highlightCount];
	};
	assert.deepEqual(unread(), [6, 1]);
	assert.deepEqual(reader.message(1, idOf(root))?.thread, {
		count: 2,
		last: reader.thread(1, idOf(root), 1)[0]?.timestamp,
		unread: 2,
		highlights: 1,
	});
	account.write(() => rooms.markRead(1, idOf(root)));
	assert.deepEqual(unread(), [3, 1]);
	account.write(() => rooms.markThreadRead(1, idOf(root)));
	assert.deepEqual(unread(), [1, 0]);
	assert.deepEqual([...reader.reads.threads(1).keys()], ['$other']);
	// Read elsewhere: the server does not name the thread any more.
	apply(syncRoom([], counts(0, {})));
	assert.deepEqual(unread(), [0, 0]);
	assert.equal(reader.reads.threads(1).size, 0);
	// A response that says nothing of counts changes none.
	apply(syncRoom([], counts(1, {$other: {notification_count: 4}})));
	apply(syncRoom([message('new')]));
	assert.deepEqual(unread(), [5, 0]);
});

test('a thread and the room outside of it are read by different receipts; one without a thread is of both', t => {
	const {apply, reader} = openAccountFixture(t);
	const root = message('root');
	const [reply, later] = [inThread(root, 'reply'), message('later')];
	apply(syncRoom([root, reply, later], receipts([reply, anna, idOf(root)], [root, anna, 'main'], [later, zoe])));
	const placeOf = (event: typeof root) => reader.message(1, idOf(event))?.position;
	const read = (thread?: string) => reader.reads.last(1, thread).map(({userId, position}) => [userId, position]);
	assert.deepEqual(read(), [
		[zoe, placeOf(later)],
		[anna, placeOf(root)],
	]);
	assert.deepEqual(read(idOf(root)), [
		[zoe, placeOf(later)],
		[anna, placeOf(reply)],
	]);
	assert.equal(reader.reads.lastMainEvent(1), idOf(later));
	assert.deepEqual(
		reader.about.readers(1, idOf(reply)).map(({userId}) => userId),
		[zoe],
	);
});

test('the newest event outside of threads is no reply, and no change of one', t => {
	const {apply, reader} = openAccountFixture(t);
	const root = message('root');
	const reply = inThread(root, 'reply');
	const edit = message('* x', {
		content: {
			body: '* x',
			'm.new_content': {body: 'x'},
			'm.relates_to': {rel_type: 'm.replace', event_id: idOf(reply)},
		},
	});
	apply(syncRoom([root, reply, edit]));
	assert.equal(reader.reads.lastMainEvent(1), idOf(root));
	const topic = state('m.room.topic', {topic: 'x'});
	apply(syncRoom([topic]));
	assert.equal(reader.reads.lastMainEvent(1), idOf(topic));
});

test('who is ignored says, reads and reacts to nothing here, but what they do to the room is seen', t => {
	const {account, rooms, apply, reader} = openAccountFixture(t);
	const sdk = createSdkStore(account, rooms, ownUser);
	const eve = '@eve:example.org';
	const mine = message('mine', {sender: ownUser});
	const react = (sender: string) =>
		message('', {
			type: 'm.reaction',
			sender,
			content: {'m.relates_to': {rel_type: 'm.annotation', event_id: idOf(mine), key: '👍'}},
		});
	const evil = message('evil', {sender: eve});
	apply(syncRoom([mine, react(eve), react(anna), member(eve, 'join'), evil], receipts([evil, eve])));
	const seen = () => reader.timeline({rid: 1, limit: 10}).messages.map(({type, sender}) => `${type} ${sender}`);
	const before = seen();
	const found = () => {
		const parsed = parseSearch('evil', {now: 1_700_000_100_000});
		assert.ok(parsed.kind === 'query');
		return reader.search.find({query: parsed.query, limit: 10}).messages.map(({body}) => body);
	};
	assert.deepEqual(found(), ['evil']);
	assert.equal(reader.roomById(roomId)?.preview, 'evil');
	sdk.commitSync('s1', [{type: 'm.ignored_user_list', content: {ignored_users: {[eve]: {}, [zoe]: {}}}}]);
	assert.deepEqual(seen(), [`m.room.message ${ownUser}`, `m.room.member ${eve}`]);
	assert.deepEqual(reader.message(1, idOf(mine))?.reactions, [{key: '👍', count: 1, isMine: false}]);
	assert.deepEqual(reader.reads.last(1), []);
	assert.deepEqual(reader.about.readers(1, idOf(mine)), []);
	assert.equal(reader.about.reactors(1, idOf(mine)).length, 1);
	assert.equal(reader.roomById(roomId)?.preview, undefined);
	assert.deepEqual(found(), []);
	const mark = reader.news.last();
	apply(syncRoom([message('evil again', {sender: eve}), message('good')]));
	assert.equal(reader.news.since(mark, 10).length, 1);
	sdk.commitSync('s2', [{type: 'm.ignored_user_list', content: {ignored_users: 7}}]);
	assert.deepEqual(seen(), [...before, `m.room.message ${eve}`, `m.room.message ${anna}`]);
});
