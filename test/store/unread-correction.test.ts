/** Counts of the server without what is read already: what it was not told of, and what the person wrote on their phone. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createReceiptStore} from '../../source/store/receipt-store.ts';
import {message, openAccountFixture, ownUser, reaction, roomId, syncRoom} from './account-fixture.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const ownGhost = '@signal_me:example.org';

const counts = (unread: number, highlights = 0): JsonObject => ({
	unread_notifications: {notification_count: unread, highlight_count: highlights},
});

const open = (t: TestContext, isBridged: boolean) => {
	const fixture = openAccountFixture(t);
	const {account, reader, apply} = fixture;
	apply(syncRoom([message('first', {event_id: '$first'})]));
	const rid = reader.roomById(roomId)?.rid ?? 0;
	const portal: Portal = samplePortal({ownGhost});
	if (isBridged) account.write(() => createPortalStore(account, ownUser).write(rid, portal));
	/** Writes what came. @returns unread messages and mentions then */
	const come = (events: readonly JsonObject[], changes: JsonObject): readonly (number | undefined)[] => {
		apply(syncRoom(events, changes));
		const room = reader.room(rid);
		return [room?.unreadCount, room?.highlightCount];
	};
	return {...fixture, rid, come};
};

test('an answer from the phone reads all above it, and is not unread itself', t => {
	const {come} = open(t, true);
	assert.deepEqual(come([message('coming?')], counts(2, 1)), [2, 1]);
	assert.deepEqual(come([message('yes', {sender: ownGhost})], counts(3, 1)), [0, 0]);
	const good = message('good');
	assert.deepEqual(come([good], counts(4, 1)), [1, 1]);
	assert.deepEqual(come([{...reaction(good, '👍', '@anna:example.org')}], counts(4)), [1, 0]);
	// The server may know less: a rule of the person keeps something from being counted.
	assert.deepEqual(come([message('silent')], counts(1)), [1, 0]);
});

test('so does one that the bridge sent in the name of the person; an own one from elsewhere does not', t => {
	const {come} = open(t, true);
	assert.deepEqual(come([message('from a script', {sender: ownUser})], counts(1)), [1, 0]);
	const content = {msgtype: 'm.text', body: 'yes', 'fi.mau.double_puppet_source': 'signal'};
	assert.deepEqual(come([message('', {sender: ownUser, content})], counts(1)), [0, 0]);
});

test('a receipt of the own ghost says what was read on the phone', t => {
	const {come, reader, rid} = open(t, true);
	const question = message('coming?', {event_id: '$question'});
	const events = [{type: 'm.receipt', content: {$question: {'m.read': {[ownGhost]: {ts: 1}}}}}];
	assert.deepEqual(come([question, message('well?')], {...counts(3), ephemeral: {events}}), [1, 0]);
	// And nobody else has read by that.
	assert.deepEqual(reader.reads.last(rid), []);
	assert.deepEqual(reader.about.readers(rid, '$question'), []);
});

test('threads are counted by themselves', t => {
	const {come} = open(t, true);
	const threads = {unread_thread_notifications: {$first: {notification_count: 2, highlight_count: 1}}};
	assert.deepEqual(come([message('yes', {sender: ownGhost})], {...counts(3, 1), ...threads}), [2, 1]);
});

test('a thread whose last reply is read has nothing unread, whatever the server says in that answer', t => {
	const {come, reader, rid} = open(t, false);
	const relation = {'m.relates_to': {rel_type: 'm.thread', event_id: '$first'}};
	const reply = (id: string) => message('', {event_id: id, content: {msgtype: 'm.text', body: id, ...relation}});
	const threads = {unread_thread_notifications: {$first: {notification_count: 2, highlight_count: 0}}};
	const readUpTo = (eventId: string) => ({
		ephemeral: {
			events: [{type: 'm.receipt', content: {[eventId]: {'m.read': {[ownUser]: {ts: 1, thread_id: '$first'}}}}}],
		},
	});
	assert.deepEqual(come([reply('$one'), reply('$two')], {...counts(1), ...threads}), [3, 0]);
	assert.deepEqual(come([], {...counts(1), ...threads, ...readUpTo('$one')}), [3, 0]);
	assert.deepEqual(come([], {...counts(1), ...threads, ...readUpTo('$two')}), [1, 0]);
	assert.equal(reader.reads.threads(rid).size, 0);
});

test('in a room of Matrix the server knows best, unless it was not told yet', t => {
	const {come, account, rooms, rid} = open(t, false);
	const receipts = createReceiptStore(account, ownUser);
	assert.deepEqual(come([message('two', {event_id: '$two'})], counts(2)), [2, 0]);
	const read = {type: 'm.read', slot: 'main', eventId: '$two', mustHeal: false} as const;
	account.write(() => {
		receipts.put(rid, [read], 1);
		rooms.markRead(rid, '$two');
	});
	assert.deepEqual(come([message('three')], counts(3)), [1, 0]);
	account.write(() => receipts.remove(receipts.next(rid)?.id ?? 0));
	assert.deepEqual(come([message('four')], counts(4)), [4, 0]);
});
