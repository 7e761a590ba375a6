/** `mx rooms` and `mx read`: lines for people and pipes, documents for programs, nothing that can harm a terminal. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type {OutputView} from '../../source/commands/define-command.ts';
import {asArray, asObject} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import type {WaitingMessage} from '../../source/domain/outbox-item.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import {message, now, room, run} from './shell-context.ts';

const terminal = {isTerminal: true, columns: 60};

const roomsOf = (rooms: readonly RoomRow[], lastSync: number | undefined = now) => ({
	session: {rooms: async () => ({rooms, lastSync})},
});

const readOf = (messages: readonly Message[], lastSync: number | undefined = now) => ({
	session: {read: async () => ({room: room(), rooms: [room()], messages, waiting: [], lastSync})},
});

/** C0, DEL, C1 and what changes the direction of text. */
const harmful = /[\0-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u;

test('a pipe gets one room a line in columns, a terminal aligned ones that fit', async () => {
	const rooms = [
		room({unreadCount: 3, highlightCount: 1}),
		room({rid: 2, roomId: '!b:one.test', name: 'A name that goes on and on and on and on', lastActivity: 0}),
		room({rid: 3, roomId: '!c:one.test', name: 'New', membership: 'invite'}),
	];
	assert.deepEqual((await run(['rooms'], roomsOf(rooms))).lines, [
		'!family:one.test\t3\t1\t2026-11-25T12:41:00.000Z\tFamily',
		'!b:one.test\t0\t0\t-\tA name that goes on and on and on and on',
		'!c:one.test\t0\t0\t2026-11-25T12:41:00.000Z\tNew',
	]);
	const {lines} = await run(['rooms'], {...roomsOf(rooms), view: terminal});
	assert.match(lines[0] ?? '', /^ {5}3@ {2}.{10} {2}Family {2,}!family/);
	assert.match(lines[2] ?? '', /^ invite/);
	assert.ok(lines.every(line => line.length <= 60));
});

test('mx rooms says of which network a room is, and of which team where there are several', async () => {
	const rooms = [
		room({name: 'general', protocol: 'slack', place: 'Acme\u001B[2J'}),
		room({name: 'Mum', protocol: 'signal'}),
		room({name: 'Kitchen'}),
	];
	const {lines, items} = await run(['rooms'], {...roomsOf(rooms), view: {isTerminal: true, columns: 100}});
	assert.match(lines[0] ?? '', /general {2}Slack · Acme\S* {2}/);
	assert.match(lines[1] ?? '', /Mum {6}Signal {2}/);
	assert.match(lines[2] ?? '', /Kitchen {3,}/);
	assert.ok(!lines.join('').includes('\u001B'));
	assert.deepEqual(
		items?.map(({network, place}) => [network, place]),
		[
			['slack', 'Acme\u001B[2J'],
			['signal', null],
			[null, null],
		],
	);
});

test('mx rooms says which person a chat is of who was merged over several networks', async () => {
	const anna = {name: 'Anna', personId: 'p1', isDirect: true};
	const rooms = [room({...anna, protocol: 'whatsapp'}), room(anna), room({name: 'Mum', protocol: 'signal'})];
	const {lines, items} = await run(['rooms'], {...roomsOf(rooms), view: {isTerminal: true, columns: 100}});
	assert.match(lines[0] ?? '', / {2}Anna · WhatsApp {2}/);
	assert.match(lines[1] ?? '', / {2}Anna · Matrix {2}/);
	assert.match(lines[2] ?? '', / {2}Mum {2,}Signal/);
	assert.deepEqual(
		items?.map(({name, person}) => [name, person]),
		[
			['Anna', {id: 'p1', name: 'Anna'}],
			['Anna', {id: 'p1', name: 'Anna'}],
			['Mum', null],
		],
	);
});

test('what is no event is a quiet line, and in a document it has no id that anybody could use', async () => {
	const unreadable = message({
		eventId: 'mx:unreadable:x',
		sender: '',
		senderName: undefined,
		type: 'mx.unreadable',
		content: {},
	});
	const words = '(a damaged event that mx cannot read)';
	assert.deepEqual((await run(['read', 'x'], readOf([unreadable]))).lines, [`2026-11-25T12:41:00.000Z\t-\t${words}`]);
	const {lines} = await run(['read', 'x'], {...readOf([{...unreadable, timestamp: 0}]), view: terminal});
	assert.deepEqual(lines, [`-  ${words}`]);
	const [item] = (await run(['read', 'x'], readOf([unreadable]))).items ?? [];
	assert.deepEqual(
		[item?.['event_id'], item?.['sender'], item?.['type'], item?.['content'], item?.['body']],
		[null, null, 'mx.unreadable', {}, null],
	);
});

test('hostile names and texts reach neither pipe nor terminal as they are', async () => {
	const hostile = 'x\u001B]52;c;AAAA\u0007\u202Egnp.exe\u0000\n\ty\u009B31m';
	const name = {...room(), name: hostile};
	const content = {
		msgtype: 'm.text',
		body: hostile,
		format: 'org.matrix.custom.html',
		formatted_body: `<b>${hostile}</b>`,
	};
	for (const view of [terminal, {isTerminal: false, columns: 80}]) {
		for (const ran of [
			await run(['rooms'], {...roomsOf([name]), view}),
			await run(['read', 'x'], {...readOf([message({content, senderName: hostile, sender: hostile})]), view}),
			await run(['read', 'x'], {...readOf([message({content: {msgtype: 'm.text', body: hostile}})]), view}),
		]) {
			assert.ok(ran.lines.length > 0);
			for (const line of ran.lines) assert.doesNotMatch(line, harmful);
		}
	}
	// The document has it untouched; escaping is the business of the output.
	assert.equal((await run(['rooms'], roomsOf([name]))).items?.[0]?.['name'], hostile);
});

test('--unread and --limit choose', async () => {
	const rooms = [
		room({name: 'a'}),
		room({name: 'b', unreadCount: 1}),
		room({name: 'c', isMarkedUnread: true}),
		room({name: 'd', membership: 'invite'}),
	];
	const names = async (words: readonly string[]) => (await run(words, roomsOf(rooms))).items?.map(item => item['name']);
	assert.deepEqual(await names(['rooms', '--unread']), ['b', 'c', 'd']);
	assert.deepEqual(await names(['rooms', '--unread', '-n', '2']), ['b', 'c']);
	assert.deepEqual(await names(['rooms', '--limit', '1']), ['a']);
});

test('data older than an hour are said to be', async () => {
	const hour = 3_600_000;
	assert.deepEqual((await run(['rooms'], roomsOf([room()], now - hour + 1))).said, []);
	assert.match((await run(['rooms'], roomsOf([room()], now - hour))).said.join(), /1 hour ago/);
	assert.match((await run(['read', 'x'], readOf([message()], now - 50 * hour))).said.join(), /2 days ago/);
	assert.match(
		(await run(['rooms'], {session: {rooms: async () => ({rooms: [], lastSync: undefined})}})).said.join(),
		/never fetched/,
	);
});

test('a body of several lines cannot pass for several messages', async () => {
	const body = 'one\n2026-11-25T12:41:00.000Z\t@boss:one.test\tpay him';
	const {lines} = await run(['read', 'x'], readOf([message({content: {msgtype: 'm.text', body}})]));
	assert.equal(lines.length, 2);
	assert.match(lines[0] ?? '', /^2026-11-25T12:41:00.000Z\tAnna\tone$/);
	assert.match(lines[1] ?? '', /^\t\t/);
});

test('what is no plain text is said in words', async () => {
	const lineOf = async (fields: Partial<Message>) =>
		(await run(['read', 'x'], {...readOf([message(fields)]), view: terminal})).lines.join('\n');
	assert.match(await lineOf({redactedBy: '@mod:one.test', content: {}}), /Anna: \(removed\)/);
	assert.match(
		await lineOf({encryption: 'undecrypted', undecryptableReason: 'NO_KEY', type: 'm.room.encrypted'}),
		/cannot be decrypted: NO_KEY/,
	);
	assert.match(
		await lineOf({type: 'm.room.name', stateKey: '', content: {name: 'Kin'}}),
		/\* Anna changed the name to Kin/,
	);
	assert.match(await lineOf({content: {msgtype: 'm.emote', body: 'waves'}}), /\* Anna waves$/);
	assert.match(await lineOf({content: {msgtype: 'm.image', body: 'cat.png'}}), /photo +cat\.png/);
	assert.match(await lineOf({isEdited: true}), /hello \(edited\)/);
});

test('a time that nobody can have sent at does not stop the rest', async () => {
	const {lines, items} = await run(['read', 'x'], readOf([message({timestamp: 1e300}), message()]));
	assert.equal(lines.length, 2);
	assert.match(lines[0] ?? '', /^-\t/);
	assert.deepEqual([items?.[0]?.['ts'], items?.[0]?.['ts_ms']], [null, 1e300]);
});

test('the document of a message has everything a program may want', async () => {
	const {document, items} = await run(
		['read', 'x'],
		readOf([message({reactions: [{key: '👍', count: 2, isMine: true}], threadRoot: '$root'})]),
	);
	assert.deepEqual(items?.[0], {
		room_id: '!family:one.test',
		network: null,
		event_id: '$one',
		ts: '2026-11-25T12:41:00.000Z',
		ts_ms: Date.UTC(2026, 10, 25, 12, 41),
		sender: '@anna:one.test',
		sender_name: 'Anna',
		mine: false,
		phone: false,
		type: 'm.room.message',
		state_key: null,
		msgtype: 'm.text',
		body: 'hello',
		content: {msgtype: 'm.text', body: 'hello'},
		edited: false,
		encryption: 'decrypted',
		undecryptable_reason: null,
		shield: null,
		redacted_by: null,
		delivery: null,
		reply_to: null,
		thread: '$root',
		reactions: [{key: '👍', count: 2, mine: true}],
	});
	assert.deepEqual(Object.keys(document ?? {}), ['room', 'rooms', 'messages', 'waiting', 'last_sync', 'last_sync_ms']);
});

test('room, count and choice go to the archive', async () => {
	const asked: unknown[] = [];
	const session = {
		read: async (request: unknown) => (
			asked.push(request),
			{room: room(), rooms: [room()], messages: [], waiting: [], lastSync: now}
		),
	};
	await run(['read', '#a:one.test', '-n', '7', '--pick', '2'], {session});
	await run(['read', 'Family', '--all'], {session});
	assert.deepEqual(asked, [
		{room: '#a:one.test', count: 7, pick: 2, isSaid: true},
		{room: 'Family', count: 20, pick: undefined, isSaid: false},
	]);
});

const waiting = (fields: Partial<WaitingMessage> = {}): WaitingMessage => ({
	id: 1,
	rid: 1,
	roomId: '!a:one.test',
	transactionId: 'mx-1',
	type: 'm.room.message',
	content: {msgtype: 'm.text', body: 'still\u001B[31m here'},
	state: 'queued',
	error: undefined,
	eventId: undefined,
	createdAt: Date.UTC(2026, 10, 25, 12, 41),
	sender: '@me:one.test',
	senderName: 'Me',
	...fields,
});

const readWaiting = (items: readonly WaitingMessage[], messages: readonly Message[] = []) => ({
	session: {read: async () => ({room: room(), rooms: [room()], messages, waiting: items, lastSync: undefined})},
});

test('own messages that are on their way come last, from their sender, with their state behind them', async () => {
	const failed = waiting({state: 'failed', error: 'the server does not allow it'});
	const linesOf = async (item: WaitingMessage, view?: OutputView) =>
		(await run(['read', 'x'], {...readWaiting([item], [message()]), ...(view === undefined ? {} : {view})})).lines;
	const time = '2026-11-25T12:41:00.000Z';
	assert.deepEqual(await linesOf(failed), [
		`${time}\tAnna\thello`,
		`${time}\tMe\tstill␛[31m here (failed: the server does not allow it)`,
	]);
	assert.match((await linesOf(failed, terminal))[1] ?? '', /  Me: still␛\[31m here \(failed: the server/);
	assert.equal((await linesOf(waiting({senderName: undefined})))[1], `${time}\t@me:one.test\tstill␛[31m here (queued)`);
	assert.equal((await linesOf(waiting({state: 'sent'})))[1], `${time}\tMe\tstill␛[31m here`);
	const wave = waiting({content: {msgtype: 'm.emote', body: 'waves'}, senderName: 'Anna'});
	assert.equal((await linesOf(wave))[1], `${time}\tAnna @me:one.test\t* Anna @me:one.test waves (queued)`);
	const {document} = await run(['read', 'x'], readWaiting([failed]));
	const [item] = asArray(document?.['waiting']).map(asObject);
	assert.deepEqual([item?.['sender'], item?.['sender_name'], item?.['state']], ['@me:one.test', 'Me', 'failed']);
});

test('-n 3 prints three messages, whatever waits', async () => {
	const said = ['one', 'two', 'three'].map(body => message({eventId: `$${body}`, content: {msgtype: 'm.text', body}}));
	const items = ['four', 'five'].map((body, id) => waiting({id, content: {msgtype: 'm.text', body}}));
	const textsOf = async (count: number) =>
		(await run(['read', 'x', '-n', `${count}`], readWaiting(items, said))).lines.map(line => line.split('\t')[2]);
	assert.deepEqual(await textsOf(3), ['three', 'four (queued)', 'five (queued)']);
	assert.deepEqual(await textsOf(1), ['five (queued)']);
});

test('a room with nothing but what waits is not said to be empty', async () => {
	const saidOf = async (items: readonly WaitingMessage[]) => {
		const {session} = readWaiting(items);
		const read = async () => ({...(await session.read()), lastSync: now});
		return (await run(['read', 'x'], {session: {read}})).said;
	};
	assert.deepEqual(await saidOf([waiting()]), []);
	assert.deepEqual(await saidOf([]), ['There is no message here yet.']);
});

test('a pipe gets who said it by name, and what is an action or came from the phone', async () => {
	const lineOf = async (fields: Partial<Message>) => (await run(['read', 'x'], readOf([message(fields)]))).lines[0];
	const time = '2026-11-25T12:41:00.000Z';
	assert.equal(await lineOf({}), `${time}\tAnna\thello`);
	assert.equal(await lineOf({senderName: undefined}), `${time}\t@anna:one.test\thello`);
	assert.equal(await lineOf({content: {msgtype: 'm.emote', body: 'waves'}}), `${time}\tAnna\t* Anna waves`);
	assert.equal(await lineOf({isPhone: true}), `${time}\tAnna\thello (phone)`);
	const twice = [message(), message({eventId: '$two', sender: '@mallory:one.test'})];
	assert.deepEqual((await run(['read', 'x'], readOf(twice))).lines, [
		`${time}\tAnna @anna:one.test\thello`,
		`${time}\tAnna @mallory:one.test\thello`,
	]);
});

test('what a person wrote on several networks says on which', async () => {
	const [signal, matrix] = [room({protocol: 'signal'}), room({rid: 2, roomId: '!b:one.test'})];
	const read = async () => ({
		room: signal,
		rooms: [signal, matrix],
		messages: [message(), message({rid: 2, eventId: '$two'})],
		waiting: [],
		lastSync: now,
	});
	const {lines, items} = await run(['read', 'Anna'], {session: {read}});
	assert.deepEqual(
		lines.map(line => line.split('\t')[1]),
		['Anna (Signal)', 'Anna (Matrix)'],
	);
	assert.deepEqual(
		items?.map(item => [item['room_id'], item['network']]),
		[
			['!family:one.test', 'signal'],
			['!b:one.test', null],
		],
	);
});
