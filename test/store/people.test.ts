/** People in the store: whose chat a room is, which room stands for all of them, and that it holds whatever happens to the rooms. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import {createPersonStore} from '../../source/store/person-store.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {createOldDatabase} from './old-database.ts';
import {
	at,
	me,
	member,
	openSampleAccount,
	state,
	text,
	type SampleAccount,
	type SampleRoom,
} from '../ui/sample-account.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const ghosts = {
	signal: '@signal_anna:one.test',
	whatsapp: '@whatsapp_49151:one.test',
	sms: '@gmessages_anna:one.test',
} as const;

type Network = keyof typeof ghosts;

/** A chat with Anna on a network. */
const addChat = (network: Network, clock: string, more: Partial<SampleRoom> = {}): number => {
	const ghost = ghosts[network];
	const [rid = 0] = account.sync({
		id: `!${network}:one.test`,
		state: [member(me, 'Alice'), member(ghost, 'Anna')],
		timeline: [text(ghost, `by ${network}`, {origin_server_ts: at(clock)})],
		...more,
	});
	const portal: Partial<Portal> = {protocol: network, bot: `@${network}bot:one.test`, channel: network, kind: 'direct'};
	account.bridge(rid, portal);
	return rid;
};

const say = (network: Network, clock: string, more: Partial<SampleRoom> = {}): void => {
	account.sync({
		id: `!${network}:one.test`,
		timeline: [text(ghosts[network], 'news', {origin_server_ts: at(clock)})],
		...more,
	});
};

const tellPeople = (...people: readonly object[]): void => account.tell('chat.mx.people', {people: people as never});

const anna = {id: 'anna', name: 'Anna K', users: [ghosts.signal, ghosts.whatsapp, ghosts.sms]};

/** Rooms of the inbox, by number. */
const listed = (kind: 'all' | 'unread' | 'archived' | 'people' | 'mentions' = 'all'): readonly number[] =>
	account.reader.rooms({offset: 0, limit: 100, filter: {kind}}).map(({rid}) => rid);

suite('the rooms of a person', () => {
	test('are the joined direct chats with their users, the one they wrote in last first', () => {
		const [signal, whatsapp] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00')];
		assert.deepEqual(account.reader.personRooms(signal), [signal]);
		tellPeople(anna);
		assert.deepEqual(account.reader.personRooms(signal), [signal, whatsapp]);
		assert.deepEqual(account.reader.personRooms(whatsapp), [signal, whatsapp]);
		assert.deepEqual(
			account.reader.rooms({offset: 0, limit: 9}).map(({name, personId}) => [name, personId]),
			[
				['Anna K', 'anna'],
				['Anna K', 'anna'],
			],
		);
		say('whatsapp', '12:10');
		assert.deepEqual(account.reader.personRooms(signal), [whatsapp, signal]);
		// What the owner writes does not count.
		account.sync({id: '!signal:one.test', timeline: [text(me, 'hi', {origin_server_ts: at('12:20')})]});
		assert.deepEqual(account.reader.personRooms(signal), [whatsapp, signal]);
		tellPeople({...anna, prefers: ghosts.signal});
		assert.deepEqual(account.reader.personRooms(signal), [signal, whatsapp]);
	});

	test('one that is joined, or found to be a direct chat, later is one of them', () => {
		tellPeople(anna);
		const signal = addChat('signal', '12:00');
		const invited = {category: 'invite', timeline: []} as const;
		const [whatsapp = 0] = account.sync({id: '!whatsapp:one.test', ...invited});
		assert.deepEqual(account.reader.personRooms(signal), [signal]);
		assert.equal(addChat('whatsapp', '11:00'), whatsapp);
		assert.deepEqual(account.reader.personRooms(signal), [signal, whatsapp]);
		const matrix = '@anna:two.test';
		const [plain = 0] = account.sync({id: '!plain:two.test', state: [member(me, 'Alice'), member(matrix, 'Anna')]});
		tellPeople({...anna, users: [...anna.users, matrix]});
		assert.deepEqual(account.reader.personRooms(plain), [plain]);
		account.tell('m.direct', {[matrix]: ['!plain:two.test']});
		assert.deepEqual(account.reader.personRooms(plain), [signal, whatsapp, plain]);
	});

	test('one that is left, lost by its bridge, replaced, or no direct chat any more is none of them', () => {
		tellPeople(anna);
		const signal = addChat('signal', '12:00');
		const whatsapp = addChat('whatsapp', '11:00');
		const sms = addChat('sms', '10:00');
		const before = [signal, whatsapp, sms];
		account.sync({id: '!signal:one.test', category: 'leave'});
		assert.deepEqual(account.reader.personRooms(whatsapp), [whatsapp, sms]);
		assert.deepEqual(account.reader.personRooms(signal), [signal]);
		addChat('signal', '12:00');
		assert.deepEqual(account.reader.personRooms(sms), before);
		// A bot that is believed no more: the room is as anybody's.
		account.bridge(whatsapp, {protocol: 'whatsapp', kind: 'direct', trust: 'claimed'});
		assert.deepEqual(account.reader.personRooms(sms), [signal, sms]);
		account.bridge(whatsapp, {protocol: 'whatsapp', bot: '@whatsappbot:one.test', channel: 'whatsapp', kind: 'direct'});
		assert.deepEqual(account.reader.personRooms(sms), before);
		account.sync({id: '!next:one.test'});
		account.sync({
			id: '!sms:one.test',
			state: [state('m.room.tombstone', '', {body: '', replacement_room: '!next:one.test'})],
		});
		account.bridge(sms, {protocol: 'sms', bot: '@smsbot:one.test', channel: 'sms', kind: 'direct'});
		assert.deepEqual(account.reader.personRooms(signal), [signal, whatsapp]);
	});

	test('an invitation or a room whose name is forged is none of them', () => {
		tellPeople(anna);
		const [signal, whatsapp] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00')];
		const evil = '@signal_anna:evil.test';
		const [forged = 0] = account.sync({
			id: '!forged:evil.test',
			state: [
				member(evil, 'Anna'),
				state('m.bridge', 'x', {bridgebot: '@signalbot:one.test', protocol: {id: 'signal'}, channel: {id: 'signal'}}),
			],
		});
		account.bridge(forged, {trust: 'claimed', kind: 'direct'});
		account.tell('m.direct', {[evil]: ['!forged:evil.test']});
		assert.deepEqual(account.reader.personRooms(forged), [forged]);
		assert.deepEqual(account.reader.personRooms(signal), [signal, whatsapp]);
		assert.deepEqual(new Set(listed()), new Set([signal, forged]));
	});

	test('who is unlinked, or dissolved, has rooms of their own again', () => {
		tellPeople(anna);
		const [signal, whatsapp, sms] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00'), addChat('sms', '10:00')];
		assert.deepEqual(listed(), [signal]);
		tellPeople({...anna, users: [ghosts.signal, ghosts.sms]});
		assert.deepEqual(account.reader.personRooms(whatsapp), [whatsapp]);
		assert.deepEqual(listed(), [signal, whatsapp]);
		tellPeople();
		assert.deepEqual(listed(), [signal, whatsapp, sms]);
		// Who is moved to another person.
		tellPeople({id: 'one', users: [ghosts.signal, ghosts.sms]}, {id: 'two', users: [ghosts.whatsapp]});
		tellPeople({id: 'one', users: [ghosts.signal]}, {id: 'two', users: [ghosts.whatsapp, ghosts.sms]});
		assert.deepEqual(account.reader.personRooms(sms), [whatsapp, sms]);
		assert.deepEqual(listed(), [signal, whatsapp]);
	});
});

suite('the room that stands for a person', () => {
	test('is one that waits, else the newest; those put away come last', () => {
		tellPeople(anna);
		const [signal, whatsapp, sms] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00'), addChat('sms', '10:00')];
		assert.deepEqual(listed(), [signal]);
		say('whatsapp', '12:10');
		assert.deepEqual(listed(), [whatsapp]);
		say('sms', '09:00', {unread: 1});
		assert.deepEqual([listed(), listed('unread'), listed('people')], [[sms], [sms], [sms]]);
		say('signal', '12:20', {unread: 2});
		assert.deepEqual(listed(), [signal]);
		assert.equal(account.reader.totals().unread, 1);
		account.account.write(() => {
			for (const rid of [signal, sms]) account.writer.markRead(rid, '$none');
		});
		assert.deepEqual([listed(), listed('unread')], [[signal], []]);
		account.account.write(() => account.writer.marks.tag(signal, 'u.archived', {}));
		assert.deepEqual([listed(), listed('archived')], [[whatsapp], []]);
		account.account.write(() => {
			for (const rid of [whatsapp, sms]) account.writer.marks.tag(rid, 'u.archived', {});
		});
		assert.deepEqual([listed(), listed('archived')], [[], [signal]]);
		account.account.write(() => account.writer.marks.markUnread(sms, true));
		assert.deepEqual(listed(), [sms]);
	});

	test('is one with a mention before another that waits, and never one that is muted and unread only', () => {
		tellPeople(anna);
		const [signal, whatsapp] = [
			addChat('signal', '12:00', {unread: 1}),
			addChat('whatsapp', '11:00', {unread: 1, highlights: 1}),
		];
		assert.deepEqual([listed(), listed('mentions')], [[whatsapp], [whatsapp]]);
		account.account.write(() =>
			account.writer.marks.mute({rid: whatsapp, roomId: '!whatsapp:one.test'}, true, undefined),
		);
		assert.deepEqual([listed(), listed('mentions')], [[signal], []]);
	});

	test('is another one where the first is left', () => {
		tellPeople(anna);
		const [signal, whatsapp] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00')];
		assert.deepEqual(listed(), [signal]);
		account.sync({id: '!signal:one.test', category: 'leave'});
		assert.deepEqual(listed(), [whatsapp]);
	});

	test('exactly one of each person is in front after any changes in any order', () => {
		const rooms = [addChat('signal', '12:00'), addChat('whatsapp', '11:00'), addChat('sms', '10:00')];
		const users = Object.values(ghosts);
		let seed = 7;
		const random = (below: number): number => {
			seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
			return Math.floor((seed / 2_147_483_648) * below);
		};
		const columns = ['is_marked_unread', 'unread_count', 'highlight_count', 'is_muted', 'is_direct', 'is_replaced'];
		for (let turn = 0; turn < 600; turn += 1) {
			const rid = rooms[random(3)] ?? 0;
			const what = random(10);
			if (what < 6) account.execute(`UPDATE room SET ${columns[what] ?? ''} = ? WHERE rid = ?`, random(2), rid);
			else if (what === 6) account.execute('UPDATE room SET section = ? WHERE rid = ?', random(5), rid);
			else if (what === 7) account.execute('UPDATE room SET last_activity = ? WHERE rid = ?', random(5), rid);
			else if (what === 8)
				account.execute(
					'UPDATE room SET membership = ? WHERE rid = ?',
					['join', 'leave', 'invite'][random(3)] ?? '',
					rid,
				);
			else
				tellPeople(
					{id: 'one', users: users.slice(0, random(4))},
					{id: 'two', users: users.toSorted().slice(random(4))},
				);
			const rows = account.account.database
				.prepare(
					`SELECT rid, person, is_behind, CASE WHEN membership = 'join' AND is_direct AND NOT is_replaced
						THEN (SELECT person FROM person_user WHERE user_id = direct_user) END AS wanted,
						(section < 3 OR waits) * 8 + (highlight_count > 0 AND NOT is_muted) * 4 + waits * 2 AS rank, last_activity
					FROM (SELECT *, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) AS waits FROM room)`,
				)
				.all() as Record<string, number | null>[];
			for (const row of rows) assert.equal(row['person'], row['wanted']);
			const order = (row: Record<string, number | null>): number =>
				Number(row['rank']) * 1000 + Number(row['last_activity']);
			for (const row of rows) {
				const rivals = rows.filter(other => other['person'] === row['person'] && row['person'] !== null);
				const front = rivals.toSorted(
					(first, second) => order(second) - order(first) || Number(first['rid']) - Number(second['rid']),
				)[0];
				assert.equal(row['is_behind'], Number(front !== undefined && front !== row), `turn ${turn}`);
			}
		}
	});
});

test('people that another device linked before the upgrade are known after it', t => {
	const people = [{id: 'anna', users: ['@signal_anna:x', '@whatsapp_anna:x']}];
	const options = createOldDatabase(t, 'CREATE TABLE person(', old => {
		old.exec(`INSERT INTO room(rid, room_id, membership, is_direct, direct_user)
			VALUES(1, '!a:x', 'join', 1, '@signal_anna:x'), (2, '!b:x', 'join', 1, '@whatsapp_anna:x')`);
		old.prepare('INSERT INTO account_data VALUES(?, ?)').run('chat.mx.people', JSON.stringify({people}));
	});
	const upgraded = openAccountDatabase(options);
	t.after(() => upgraded.close());
	upgraded.write(() => createPersonStore(upgraded.database).settle());
	const rows = upgraded.database.prepare('SELECT person IS NOT NULL AS known, is_behind FROM room').all();
	assert.deepEqual(
		rows.map(row => ({...(row as object)})),
		[
			{known: 1, is_behind: 0},
			{known: 1, is_behind: 1},
		],
	);
});
