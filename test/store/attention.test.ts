/** What rooms ask for, as the store works it out: a reply, to be away, to be seen again later. */
import assert from 'node:assert/strict';
import {suite, test, type TestContext} from 'node:test';
import type {InboxFilter} from '../../source/domain/inbox-filter.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {createUndecryptedStore} from '../../source/store/undecrypted-store.ts';
import {message, openAccountFixture, ownUser, redaction, state, syncRoom} from './account-fixture.ts';

const anna = '@anna:example.org';
const roomId = '!room:example.org';

const open = (t: TestContext) => {
	const fixture = openAccountFixture(t);
	const {account, rooms, reader} = fixture;
	const sync = (timeline: readonly JsonObject[], more: JsonObject = {}): number =>
		fixture.apply(syncRoom(timeline, more, {id: roomId}))[0]?.rid ?? 0;
	const rid = sync([]);
	return {
		...fixture,
		rid,
		sync,
		room: () => reader.room(rid),
		setDirect: () => account.write(() => rooms.applyDirectRooms({[anna]: [roomId]})),
		data: (type: string, content: JsonObject) => account.write(() => rooms.marks.applyAccountData(rid, type, content)),
		listed: (kind: Exclude<InboxFilter['kind'], 'space' | 'section'>): boolean =>
			reader.rooms({offset: 0, limit: 9, filter: {kind}}).some(room => room.rid === rid),
		setPushRules: (override: readonly JsonObject[]): void =>
			createSdkStore(account, rooms, ownUser).commitSync('s1', [
				{type: 'm.push_rules', content: {global: {override: [...override]}}},
			]),
	};
};

const unread = {unread_notifications: {notification_count: 2, highlight_count: 1}};

/** What a mark says of an event. */
const said = ({event_id, origin_server_ts}: JsonObject): JsonObject => ({event_id, origin_server_ts});

const naming = (body: string, userId = ownUser): JsonObject =>
	message(body, {content: {msgtype: 'm.text', body, 'm.mentions': {user_ids: [userId]}}});

suite('who waits for a reply', () => {
	test('in a direct chat whoever has written, until I answer', t => {
		const {sync, room, setDirect, listed} = open(t);
		const first = message('are you coming?');
		sync([first, message('hello?')]);
		assert.equal(room()?.needsReplySince, undefined);
		setDirect();
		assert.equal(room()?.needsReplySince, first['origin_server_ts']);
		assert.ok(listed('needsReply'));
		sync([message('yes', {sender: ownUser})]);
		assert.equal(room()?.needsReplySince, undefined);
		assert.ok(!listed('needsReply'));
	});

	test('in other rooms who names me', t => {
		const {sync, room} = open(t);
		const named = naming('what do you think?');
		sync([naming('and you?', '@ben:example.org'), named, message('I think so')]);
		assert.equal(room()?.needsReplySince, named['origin_server_ts']);
		sync([redaction(named)]);
		assert.equal(room()?.needsReplySince, undefined);
	});

	test('a message that was encrypted counts as what was in it, once that is known', t => {
		const fixture = open(t);
		const {sync, room} = fixture;
		const event = message('', {
			type: 'm.room.encrypted',
			content: {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's'},
		});
		sync([event]);
		assert.equal(room()?.needsReplySince, undefined);
		const undecrypted = createUndecryptedStore(fixture.account, fixture.rooms);
		const [pk = 0] = undecrypted.all();
		const content = {msgtype: 'm.text', body: 'you?', 'm.mentions': {user_ids: [ownUser]}};
		const decryption = {kind: 'clear', type: 'm.room.message', content, shield: undefined} as const;
		undecrypted.write([{pk, decryption}], error => assert.fail(String(error)));
		assert.equal(room()?.needsReplySince, event['origin_server_ts']);
	});

	test('of a bridge: my ghost answers, its bot asks for nothing, and who forges a bridge says nothing of it', t => {
		const {account, rid, sync, room} = open(t);
		const portals = createPortalStore(account, ownUser);
		const ghost = '@signal_me:example.org';
		const write = (trust: 'attested' | 'claimed', isRequest = false) =>
			account.write(() =>
				portals.write(rid, {
					protocol: 'signal',
					trust,
					kind: 'direct',
					bot: '@signalbot:example.org',
					account: undefined,
					network: undefined,
					channel: undefined,
					ownGhost: ghost,
					formerly: undefined,
					isRequest,
				}),
			);
		const asked = message('are you there?');
		sync([asked, message('not bridged', {sender: '@signalbot:example.org'})]);
		assert.equal(room()?.needsReplySince, undefined);
		write('attested');
		assert.equal(room()?.needsReplySince, asked['origin_server_ts']);
		sync([message('yes', {sender: ghost})]);
		assert.equal(room()?.needsReplySince, undefined);
		write('claimed');
		assert.equal(room()?.needsReplySince, asked['origin_server_ts']);
		write('attested', true);
		assert.equal(room()?.needsReplySince, undefined);
	});

	test('not what the person has dismissed, muted, put away or snoozed', t => {
		const {sync, room, setDirect, data, setPushRules, listed} = open(t);
		setDirect();
		const first = message('hello');
		sync([first]);
		data('chat.mx.reply', said(first));
		assert.equal(room()?.needsReplySince, undefined);
		const second = message('hello again');
		sync([second]);
		assert.equal(room()?.needsReplySince, second['origin_server_ts']);
		setPushRules([{rule_id: roomId, enabled: true, actions: []}]);
		assert.equal(room()?.needsReplySince, undefined);
		assert.ok(!listed('needsReply'));
		setPushRules([]);
		assert.ok(listed('needsReply'));
		data('m.tag', {tags: {'u.archived': said(second)}});
		assert.equal(room()?.needsReplySince, undefined);
		assert.ok(!listed('needsReply'));
	});
});

test('nobody waits in a room that another one has replaced', t => {
	const {sync, room, setDirect, listed, account, rid} = open(t);
	setDirect();
	sync([message('hello')]);
	assert.ok(listed('needsReply'));
	account.write(() => account.database.prepare('UPDATE room SET is_replaced = 1 WHERE rid = ?').run(BigInt(rid)));
	assert.ok(!listed('needsReply'));
	assert.equal(room()?.needsReplySince, undefined);
});

suite('done', () => {
	test('a room that is done stays away when it is read, and comes back for good with the next message', t => {
		const {sync, room, data, listed} = open(t);
		const last = message('bye');
		sync([last]);
		data('m.tag', {tags: {'u.archived': said(last), 'm.favourite': {}}});
		assert.equal(room()?.section, 'archived');
		assert.ok(!listed('all') && listed('archived'));
		sync([message('joined', {content: {msgtype: 'm.notice', body: 'joined'}})]);
		assert.equal(room()?.section, 'archived');
		sync([message('one more thing')]);
		assert.equal(room()?.section, 'favourite');
		assert.ok(listed('all') && !listed('archived'));
	});

	test('a room that is done with is away and counts nothing, read or not, until news come', t => {
		const {sync, room, data, listed, reader, setPushRules} = open(t);
		const last = message('bye');
		sync([last], unread);
		data('m.tag', {tags: {'u.archived': said(last)}});
		for (const kind of ['all', 'unread', 'mentions'] as const) assert.ok(!listed(kind), kind);
		assert.deepEqual([reader.totals(), room()?.isMuted], [{unread: 0, highlights: 0}, false]);
		setPushRules([{rule_id: roomId, enabled: true, actions: []}]);
		setPushRules([]);
		assert.ok(!listed('unread'), 'muted, and not any more');
		sync([message('one more thing')], unread);
		assert.ok(listed('all') && listed('unread') && listed('mentions'));
	});

	test('another device that knows the tag first, and messages that were sent before it, change nothing', t => {
		const {sync, room, data} = open(t);
		const [early, last] = [message('one'), message('two')];
		data('m.tag', {tags: {'u.archived': said(last)}});
		sync([early]);
		assert.equal(room()?.section, 'archived');
		sync([last]);
		assert.equal(room()?.section, 'archived');
		// A bridge was late: it stands behind, whatever its time.
		sync([message('late', {origin_server_ts: 1})]);
		assert.equal(room()?.section, 'normal');
	});

	test('a room without messages that is done comes back with its first one', t => {
		const {sync, room, data} = open(t);
		data('m.tag', {tags: {'u.archived': {origin_server_ts: 0}}});
		assert.equal(room()?.section, 'archived');
		sync([message('hello')]);
		assert.equal(room()?.section, 'normal');
	});

	test('a tag of an earlier version keeps a room away', t => {
		const {sync, room, data} = open(t);
		data('m.tag', {tags: {'u.archived': {}}});
		sync([message('hello')]);
		assert.equal(room()?.section, 'archived');
	});

	test('a muted room comes back only for who names me', t => {
		const {sync, room, data, setPushRules} = open(t);
		const last = message('bye');
		sync([last]);
		setPushRules([{rule_id: roomId, enabled: true, actions: []}]);
		data('m.tag', {tags: {'u.archived': said(last)}});
		sync([message('noise')]);
		assert.equal(room()?.section, 'archived');
		sync([naming('you!')]);
		assert.equal(room()?.section, 'normal');
	});
});

suite('snoozed', () => {
	test('a room that is asleep is nowhere but in its own list, and says nothing', t => {
		const {sync, room, data, listed, reader, rooms, rid} = open(t);
		const last = message('later');
		sync([last], unread);
		assert.ok(listed('all') && listed('unread') && listed('mentions'));
		data('chat.mx.snooze', {until: 5000, ...said(last)});
		assert.deepEqual([room()?.section, room()?.snoozedUntil, room()?.isMuted], ['snoozed', 5000, false]);
		for (const kind of ['all', 'unread', 'mentions', 'people', 'archived', 'needsReply'] as const)
			assert.ok(!listed(kind), kind);
		assert.ok(listed('snoozed'));
		assert.deepEqual(reader.totals(), {unread: 0, highlights: 0});
		assert.deepEqual(rooms.attention.nextToWake(), {rid, roomId, until: 5000});
		data('chat.mx.snooze', {});
		assert.ok(listed('all') && listed('unread') && !listed('snoozed'));
		assert.equal(rooms.attention.nextToWake(), undefined);
	});

	test('a message of somebody else wakes it, an own one or a notice does not', t => {
		const {sync, room, data} = open(t);
		const last = message('later');
		sync([last]);
		data('chat.mx.snooze', {until: 5000, ...said(last)});
		sync([message('mine', {sender: ownUser}), message('n', {content: {msgtype: 'm.notice', body: 'n'}})]);
		assert.equal(room()?.section, 'snoozed');
		sync([message('look!')]);
		assert.deepEqual([room()?.section, room()?.snoozedUntil, room()?.isReminder], ['normal', undefined, false]);
	});

	test('a room that woke is on top, marked until it is looked at', t => {
		const {apply, sync, room, data, reader, rid, rooms, account} = open(t);
		sync([message('later')]);
		const newer = {origin_server_ts: 1_800_000_000_000};
		apply(syncRoom([message('news', newer)], unread, {id: '!other:example.org'}));
		const first = () => reader.rooms({offset: 0, limit: 1, filter: {kind: 'all'}})[0]?.rid;
		assert.notEqual(first(), rid);
		data('m.marked_unread', {unread: true});
		data('chat.mx.snooze', {woken_at: 1_800_000_000_001});
		assert.equal(first(), rid);
		assert.equal(room()?.isReminder, true);
		account.write(() => rooms.markRead(rid, '$x'));
		assert.equal(room()?.isReminder, false);
	});

	test('a mute and a snooze end on their own', t => {
		const {sync, room, data, setPushRules, listed} = open(t);
		const last = message('later');
		sync([last], unread);
		data('chat.mx.snooze', {until: 5000, ...said(last)});
		setPushRules([{rule_id: roomId, enabled: true, actions: []}]);
		assert.deepEqual([room()?.section, room()?.isMuted], ['snoozed', true]);
		data('chat.mx.snooze', {});
		assert.ok(!listed('unread'));
		data('chat.mx.snooze', {until: 5000, ...said(last)});
		setPushRules([]);
		assert.ok(!listed('unread'));
		data('chat.mx.snooze', {});
		assert.ok(listed('unread'));
	});

	test('what makes no sense is none', t => {
		const {room, data} = open(t);
		for (const content of [{until: 'soon'}, {until: 5000}, {until: 5000, origin_server_ts: 'x'}, {woken_at: null}]) {
			data('chat.mx.snooze', content);
			assert.equal(room()?.section, 'normal', JSON.stringify(content));
		}
		data('m.tag', {tags: {'u.archived': {origin_server_ts: 'x'}}});
		assert.equal(room()?.section, 'archived');
	});
});

test('where a room asks for nothing new, nothing is written', t => {
	const {rid, sync, account, rooms, setDirect} = open(t);
	setDirect();
	sync([message('hello'), state('m.room.name', {name: 'Lunch'})]);
	const changes = (): unknown => account.database.prepare('SELECT total_changes() AS n').get();
	const before = changes();
	account.write(() => rooms.attention.settle(rid));
	assert.deepEqual(changes(), before);
});
