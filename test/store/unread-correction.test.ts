/** Counts of the server without what is read already: what it was not told of, and what the person wrote on their phone. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createReceiptStore} from '../../source/store/receipt-store.ts';
import {member, message, openAccountFixture, ownUser, reaction, roomId, syncRoom} from './account-fixture.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const ownGhost = '@signal_me:example.org';

const counts = (unread: number, highlights = 0): JsonObject => ({
	unread_notifications: {notification_count: unread, highlight_count: highlights},
});

const open = (t: TestContext, isBridged: boolean, more: Partial<Portal> = {}) => {
	const fixture = openAccountFixture(t);
	const {account, reader, apply} = fixture;
	apply(syncRoom([message('first', {event_id: '$first'})]));
	const rid = reader.roomById(roomId)?.rid ?? 0;
	const portal: Portal = samplePortal({ownGhost, ...more});
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

test('in a chat of two an own answer from another device leaves nothing unread; one of a program here does not', t => {
	const {come} = open(t, true);
	assert.deepEqual(come([message('coming?')], counts(1)), [1, 0]);
	const sent = {sender: ownUser, unsigned: {transaction_id: 'mx1'}};
	assert.deepEqual(come([message('the backup is done', sent)], counts(1)), [1, 0]);
	assert.deepEqual(come([message('yes', {sender: ownUser})], counts(2)), [0, 0]);
	assert.deepEqual(come([message('good')], counts(3)), [1, 0]);
	assert.deepEqual(come([reaction(message('good'), '👍', ownUser)], counts(3)), [1, 0]);
});

test('in a group one that the bridge sent in the name of the person does so; one of a script does not', t => {
	const {come} = open(t, true, {kind: 'group'});
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

const bot = '@signalbot:example.org';
const emil = '@signal_emil:example.org';

/** A new chat of a bridge, written in before mx was there to accept the invitation. Times: seconds. */
const openInvited = (t: TestContext) => {
	const fixture = openAccountFixture(t);
	const {account, rooms, reader, apply} = fixture;
	const start = 1_700_000_000_000;
	const at = (event: JsonObject, seconds: number): JsonObject => ({...event, origin_server_ts: start + seconds * 1000});
	const invitation = at({...member(ownUser, 'invite'), sender: bot}, 0);
	const [invited] = apply(syncRoom([], {invite_state: {events: [invitation]}}, {category: 'invite'}));
	const rid = invited?.rid ?? 0;
	account.write(() => {
		createPortalStore(account, ownUser).write(rid, samplePortal({ownGhost}));
		rooms.noteAccepted(rid);
	});
	const come = (events: readonly JsonObject[], changes: JsonObject): number | undefined => {
		apply(syncRoom(events, changes));
		return reader.room(rid)?.unreadCount;
	};
	const said = (id: string, seconds: number, changes: JsonObject = {}): JsonObject =>
		at(message(id, {event_id: `$${id}`, sender: emil, ...changes}), seconds);
	const before = [
		at(member(bot, 'join'), -3),
		said('history', -86_400),
		invitation,
		said('imported', -7200),
		said('fire', -2),
		said('hurry', 60),
		said('', 61, {content: {msgtype: 'm.notice', body: 'the chat is encrypted'}}),
		said('ownphone', -5000, {sender: ownUser}),
	];
	return {...fixture, rid, come, said, before, join: at(member(ownUser, 'join'), 3600)};
};

test('the first messages of a new chat are unread though mx was closed when they came, what was said before is not', t => {
	const {account, rooms, rid, come, said, before, join, reader} = openInvited(t);
	const read = before.filter(event => event['sender'] !== ownUser);
	assert.equal(come([...read, join], counts(0)), 2);
	// Nothing new, with and without counts of the server; then one more.
	assert.equal(come([], {}), 2);
	account.write(() => rooms.correctUnread(rid));
	assert.equal(come([], counts(0)), 2);
	// The server may count the invitation.
	assert.equal(come([said('hello', 3700)], counts(2)), 3);
	assert.equal(come([said('done', 3701, {sender: ownUser, unsigned: {transaction_id: 'mx1'}})], counts(3)), 3);
	account.write(() => rooms.markRead(rid, '$hello'));
	assert.equal(reader.room(rid)?.unreadCount, 0);
	assert.equal(come([said('there', 3800)], counts(1)), 1);
});

test('what came before the invitation was accepted is read by a receipt from another device, or an answer from the phone', t => {
	const {come, before, join, said} = openInvited(t);
	assert.equal(come([...before.slice(0, 7), join], counts(0)), 2);
	const events = [{type: 'm.receipt', content: {$fire: {'m.read': {[ownUser]: {ts: 1}}}}}];
	assert.equal(come([], {...counts(0), ephemeral: {events}}), 1);
	assert.equal(come([said('yes', 3601, {sender: ownGhost})], counts(1)), 0);
	assert.equal(come([said('good', 3602)], counts(2)), 1);
});

test('who is called by their nick on IRC is mentioned, and somebody waits, though the bridge gives only a link', t => {
	const link = (user: string): JsonObject => ({
		content: {
			msgtype: 'm.text',
			body: 'mxme: ping?',
			format: 'org.matrix.custom.html',
			formatted_body: `<a href="https://matrix.to/#/${user}">me</a>: ping?`,
		},
	});
	const {come, reader, account, rooms, rid} = open(t, true, {protocol: 'irc', kind: 'channel'});
	account.write(() => rooms.markRead(rid, '$first'));
	assert.deepEqual(come([message('', link('@me:example.orga'))], counts(1)), [1, 0]);
	assert.equal(reader.room(rid)?.needsReplySince, undefined);
	assert.deepEqual(come([message('', link(encodeURIComponent(ownUser)))], counts(2)), [2, 1]);
	assert.notEqual(reader.room(rid)?.needsReplySince, undefined);
	assert.deepEqual(come([message('', link(ownUser))], counts(3)), [3, 2]);
	// Whoever says whom a message names has said it.
	const {content} = link(ownUser);
	assert.deepEqual(come([message('', {content: {...(content as JsonObject), 'm.mentions': {}}})], counts(4)), [4, 2]);
	const claimed = open(t, true, {protocol: 'irc', kind: 'channel', trust: 'claimed'});
	claimed.account.write(() => claimed.rooms.markRead(claimed.rid, '$first'));
	assert.deepEqual(claimed.come([message('', link(ownUser))], counts(1)), [1, 0]);
});
