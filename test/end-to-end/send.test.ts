/** `mx send` beside a running mx and alone: exit codes, keys, and each message once. */
import assert from 'node:assert/strict';
import {after, before, suite, test, type TestContext} from 'node:test';
import {asString} from '../../source/domain/json.ts';
import {messagesOnServer} from '../engine/server-events.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createOwner} from '../helpers/owner.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import type {TerminalProgram} from '../helpers/program.ts';
import {
	enter,
	goToRoom,
	joinRoom,
	openFirstRoom,
	signIn,
	waitUntil,
	writeMessage,
	type SignedIn,
} from '../helpers/signed-in.ts';
import {
	needsServers,
	sharedSynapse,
	startSynapse,
	uniqueName,
	type Homeserver,
	type Owner,
} from '../helpers/synapse.ts';

/** What `mx send` ends with. */
const done = 0;
const queued = 8;

/** A person at mx and a bare client. */
type People = {readonly anna: SignedIn; readonly bob: Peer};

/** In a room with each other. */
type Pair = People & {readonly roomId: string; readonly name: string};

const introduce = async (owner: Owner, server: Homeserver): Promise<People> => {
	const [anna, bob] = await Promise.all([
		signIn(server),
		createPeer(owner, {server, name: uniqueName('bob'), isEncrypted: true}),
	]);
	return {anna, bob};
};

const meet = async ({anna, bob}: People, isEncrypted: boolean): Promise<Pair> => {
	const name = uniqueName('Room');
	const roomId = await bob.createRoom({name, isEncrypted, invite: [anna.userId]});
	await joinRoom(anna, roomId);
	await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
	return {anna, bob, roomId, name};
};

/** Opens the screen on the room. */
const openScreen = async (t: TestContext, {anna, name}: Pair): Promise<TerminalProgram> => {
	const screen = anna.openScreen(t);
	await screen.waitFor(` ${name} `);
	await openFirstRoom(screen);
	await goToRoom(screen, name);
	return screen;
};

const quit = async (screen: TerminalProgram): Promise<void> => {
	screen.type(`/quit${enter}`);
	assert.deepEqual(await screen.ended, {code: done, signal: undefined});
};

/** @returns the ids of what the person has sent, oldest first. */
const sentTo = async ({anna, roomId}: Pair): Promise<readonly (string | undefined)[]> =>
	(await messagesOnServer(anna.access, roomId, anna.userId)).map(event => asString(event['event_id']));

suite('mx send', await needsServers(), () => {
	let server: Homeserver;
	let people: People;
	const owner = createOwner();

	before(async () => {
		server = await sharedSynapse();
		people = await introduce(owner, server);
	});

	after(owner.end);

	for (const isEncrypted of [false, true]) {
		const kind = isEncrypted ? 'encrypted' : 'in the clear';

		test(`alone and beside a running mx, ${kind}: it prints the event id, and the text is the same`, async t => {
			const pair = await meet(people, isEncrypted);
			const {anna, bob, roomId} = pair;
			const texts = ['alone', '  two blanks,\nand a second line 👍🏽', 'beside *the* screen', '-n is no flag here'];
			const alone = await anna.run(['send', roomId, texts[0] ?? '']);
			const fromPipe = await anna.run(['send', '--text', pair.name], {stdin: `${texts[1]}\n`});
			const screen = await openScreen(t, pair);
			await writeMessage(screen, 'typed between');
			await bob.waitForText(roomId, 'typed between');
			const beside = await anna.run(['send', roomId, texts[2] ?? '', '--quiet']);
			const last = await anna.run(['send', roomId, '--', '-n', 'is', 'no', 'flag', 'here']);
			for (const {code, stdout, stderr} of [alone, fromPipe, beside, last]) {
				assert.deepEqual([code, stderr], [done, '']);
				assert.match(stdout, /^\$\S+\n$/);
			}
			await screen.waitFor('-n is no flag here');
			await bob.waitForText(roomId, '-n is no flag here');
			assert.deepEqual(bob.messages(roomId), [...texts.slice(0, 2), 'typed between', ...texts.slice(2)]);
			await quit(screen);
			const ids = await sentTo(pair);
			assert.deepEqual(
				[ids[0], ids[1], ids[3], ids[4]],
				[alone, fromPipe, beside, last].map(({stdout}) => stdout.trim()),
			);
		});

		test(`the same --txn makes one message, ${kind}: alone, beside a running mx, and at once`, async t => {
			const pair = await meet(people, isEncrypted);
			const {anna, bob, roomId} = pair;
			const send = async () => {
				const {code, stdout, stderr} = await anna.run(['send', '--txn', 'backup of today', roomId, 'Backup done']);
				assert.equal(code, done, stderr);
				return stdout;
			};
			const ids = [await send(), await send()];
			const screen = await openScreen(t, pair);
			ids.push(await send(), ...(await Promise.all([send(), send()])));
			await quit(screen);
			assert.equal(new Set(ids).size, 1);
			assert.equal((await anna.run(['send', roomId, 'another'])).code, done);
			await bob.waitForText(roomId, 'another');
			assert.deepEqual(bob.messages(roomId), ['Backup done', 'another']);
			assert.equal((await sentTo(pair)).length, 2);
		});

		test(`five at the same time without a running mx, ${kind}: each arrives once`, async () => {
			const pair = await meet(people, isEncrypted);
			const {anna, bob, roomId} = pair;
			const texts = Array.from({length: 5}, (_, number) => `at once ${number}`);
			const results = await Promise.all(texts.map(async text => anna.run(['send', roomId, text])));
			for (const {code, stderr} of results) assert.equal(code, done, stderr);
			for (const text of texts) await bob.waitForText(roomId, text);
			assert.deepEqual([...bob.messages(roomId)].sort(), texts);
			const ids = await sentTo(pair);
			assert.equal(ids.length, texts.length);
			assert.deepEqual(new Set(ids), new Set(results.map(({stdout}) => stdout.trim())));
		});
	}

	test('--no-wait ends when the message is stored; it goes out once, before what follows', async t => {
		const pair = await meet(people, true);
		const {anna, bob, roomId} = pair;
		const first = await anna.run(['send', '--no-wait', '--txn', 'a', '--json', roomId, 'in no hurry']);
		assert.equal(first.code, done, first.stderr);
		const again = await anna.run(['send', '--no-wait', '--txn', 'a', roomId, 'in no hurry']);
		assert.equal(again.code, done, again.stderr);
		assert.equal((await anna.run(['send', roomId, 'and this'])).code, done);
		await bob.waitForText(roomId, 'and this');
		const screen = await openScreen(t, pair);
		const beside = await anna.run(['send', '--no-wait', roomId, 'beside mx']);
		assert.equal(beside.code, done, beside.stderr);
		await bob.waitForText(roomId, 'beside mx');
		await quit(screen);
		assert.deepEqual(bob.messages(roomId), ['in no hurry', 'and this', 'beside mx']);
		assert.equal((await sentTo(pair)).length, 3);
	});

	test('a person who is written to for the first time gets one direct chat', async () => {
		const {anna, bob} = people;
		const results = await Promise.all(['one', 'two'].map(async text => anna.run(['send', bob.userId, text, '--json'])));
		for (const {code, stderr} of results) assert.equal(code, done, stderr);
		const rooms = new Set(
			results.map(({stdout}) => asString((JSON.parse(stdout) as Record<string, unknown>)['room_id'])),
		);
		assert.equal(rooms.size, 1);
		const [roomId = ''] = rooms;
		await bob.join(roomId);
		await bob.waitForRoom(roomId, room => room.hasEncryptionStateEvent());
		assert.equal((await anna.run(['send', bob.userId, 'three'])).code, done);
		await bob.waitForText(roomId, 'three');
		assert.equal((await messagesOnServer(anna.access, roomId, anna.userId)).length, 3);
	});

	test('what the server refuses is the exit code 7, and does not stop what follows; no such room is 5', async () => {
		const pair = await meet(people, false);
		const {anna, bob, roomId} = pair;
		const setLevel = async (level: number): Promise<void> => {
			const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.power_levels`;
			const access = {url: server.url, accessToken: bob.accessToken};
			const levels = await matrixRequest(access, 'GET', path);
			await matrixRequest(access, 'PUT', path, {...levels, events_default: level});
		};
		await setLevel(50);
		const refused = await anna.run(['send', roomId, 'may I?']);
		assert.deepEqual([refused.code, refused.stdout], [7, ''], refused.stderr);
		await setLevel(0);
		assert.equal((await anna.run(['send', roomId, 'now I may'])).code, done);
		await bob.waitForText(roomId, 'now I may');
		assert.deepEqual(bob.messages(roomId), ['now I may']);
		assert.equal((await anna.run(['send', 'No such room', 'x'])).code, 5);
		assert.equal((await anna.run(['send', roomId, ' '])).code, 2);
	});
});

test(
	'without a server mx send ends with 8, alone and beside a running mx; all is delivered once when the server is back',
	await needsServers(),
	async t => {
		const server = await startSynapse(t);
		const pair = await meet(await introduce(t, server), true);
		const {anna, bob, roomId} = pair;
		assert.equal((await anna.run(['send', roomId, 'hello'])).code, done);
		await bob.waitForText(roomId, 'hello');
		await server.kill();
		const send = async (key: string, timeout: string) =>
			anna.run(['send', '--txn', key, '--timeout', timeout, '--json', roomId, `message ${key}`]);
		const alone = await send('1', '1');
		assert.equal(alone.code, queued, alone.stderr);
		assert.match(alone.stderr, /^mx: Queued, not delivered yet.*\n.*--txn 1 sends nothing twice\.$/m);
		assert.equal((JSON.parse(alone.stdout) as Record<string, unknown>)['event_id'], null);
		const screen = await openScreen(t, pair);
		await screen.waitFor(lines => lines.some(line => line.includes('message 1') && line.includes('⧗')));
		const beside = await send('2', '0.5');
		assert.equal(beside.code, queued, beside.stderr);
		assert.equal((await send('1', '0.5')).code, queued);
		await server.restart();
		const again = await send('2', '60');
		assert.equal(again.code, done, again.stderr);
		assert.equal((await send('1', '60')).code, done);
		await bob.waitForText(roomId, 'message 2');
		await waitUntil(async () => assert.equal((await sentTo(pair)).length, 3));
		assert.deepEqual(bob.messages(roomId), ['hello', 'message 1', 'message 2']);
	},
);
