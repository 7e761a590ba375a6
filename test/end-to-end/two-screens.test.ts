/** Two mx on one account: the second works through the first's engine, and goes on by itself when the first is gone. */
import assert from 'node:assert/strict';
import {before, suite, test, type TestContext} from 'node:test';
import {createPeer, type Peer} from '../helpers/peer.ts';
import type {TerminalProgram} from '../helpers/program.ts';
import {
	composerText,
	enter,
	joinRoom,
	openFirstRoom,
	readBodies,
	signIn,
	waitUntil,
	writeMessage,
	type SignedIn,
} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName, type Homeserver} from '../helpers/synapse.ts';

const interrupt = '\u0003';

type World = {readonly anna: SignedIn; readonly bob: Peer; readonly roomId: string; readonly said: string[]};

const createWorld = async (t: TestContext, server: Homeserver): Promise<World> => {
	const anna = await signIn(server);
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({name: 'Both', isEncrypted: true, invite: [anna.userId]});
	await joinRoom(anna, roomId);
	await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
	return {anna, bob, roomId, said: []};
};

/** Says something from each screen and from the peer, and waits until everybody has it. */
const talk = async ({bob, roomId, said}: World, screens: readonly TerminalProgram[]): Promise<void> => {
	for (const screen of screens) {
		const text = `from a screen ${said.length}.`;
		await writeMessage(screen, text);
		await bob.waitForText(roomId, text);
		said.push(text);
		for (const other of screens) await other.waitFor(text);
	}
	const text = `from bob ${said.length}.`;
	await bob.sendText(roomId, text);
	said.push(text);
	for (const screen of screens) await screen.waitFor(text);
};

const ways: ReadonlyArray<readonly [name: string, end: (screen: TerminalProgram) => Promise<unknown>]> = [
	[
		'is quit',
		async screen => {
			screen.press(interrupt);
			await screen.waitFor('Press ^C again');
			screen.press(interrupt);
			assert.deepEqual(await screen.ended, {code: 0, signal: undefined});
		},
	],
	['is killed', async screen => screen.kill()],
];

suite('a second screen', await needsServers(), () => {
	let server: Homeserver;

	before(async () => {
		server = await sharedSynapse();
	});

	for (const [name, end] of ways) {
		test(`sends and receives beside the first, and goes on when the first ${name}`, async t => {
			const world = await createWorld(t, server);
			const {anna, bob, roomId, said} = world;
			const first = anna.openScreen(t);
			await openFirstRoom(first);
			await talk(world, [first]);
			const second = anna.openScreen(t);
			await openFirstRoom(second);
			await talk(world, [first, second]);
			const {device_id: device, device_keys: keys} = await anna.runJson(['whoami']);
			const ending = end(first);
			// Said while nobody owns the account.
			await bob.sendText(roomId, 'in between');
			said.push('in between');
			await ending;
			await second.waitFor('in between');
			await talk(world, [second]);
			const status = await anna.runJson(['whoami']);
			assert.deepEqual([status['device_id'], status['device_keys']], [device, keys]);
			const third = anna.openScreen(t);
			await openFirstRoom(third);
			await talk(world, [second, third]);
			await end(second);
			await talk(world, [third]);
			await waitUntil(async () => assert.deepEqual(await readBodies(anna, roomId), said));
			assert.deepEqual(bob.messages(roomId), said);
		});
	}

	test('what is written at the moment the first is killed is delivered once', async t => {
		const world = await createWorld(t, server);
		const {anna, bob, roomId} = world;
		const first = anna.openScreen(t);
		await openFirstRoom(first);
		const second = anna.openScreen(t);
		await openFirstRoom(second);
		await talk(world, [first, second]);
		const ending = first.kill();
		second.type('into the gap');
		second.press(enter);
		await ending;
		await second.waitFor(
			lines => composerText(lines) === '' && lines.some(line => line.includes('into the gap') && /[⧗✓]/.test(line)),
		);
		assert.doesNotMatch(second.output(), /Not sent/);
		await bob.waitForText(roomId, 'into the gap');
		await talk(world, [second]);
		assert.equal(bob.messages(roomId).filter(text => text === 'into the gap').length, 1);
	});
});
