/** What was written without a server, and what was said while mx stood still. */
import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import {serverNameOf} from '../../source/domain/identifiers.ts';
import {messagesOnServer} from '../engine/server-events.ts';
import {createPeer} from '../helpers/peer.ts';
import {
	composerText,
	enter,
	goToRoom,
	joinRoom,
	openFirstRoom,
	readBodies,
	signIn,
	waitUntil,
	writeMessage,
} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, startSynapse, uniqueName} from '../helpers/synapse.ts';

const servers = await needsServers();

/** Asks to try the connection now. */
const controlR = '\u0012';
const newest = '\u001B[1;5F';

test(
	'20 messages typed in three rooms without a server survive a kill, and arrive once and in order',
	servers,
	async t => {
		const server = await startSynapse(t);
		const anna = await signIn(server);
		const bob = await createPeer(t, {server, name: 'bob', isEncrypted: true});
		const names = ['Plain', 'Secret', 'Other secret'];
		const rooms = new Map<string, {readonly roomId: string; readonly texts: string[]}>();
		for (const name of names) {
			const roomId = await bob.createRoom({name, isEncrypted: name !== 'Plain', invite: [anna.userId]});
			await joinRoom(anna, roomId);
			await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
			rooms.set(name, {roomId, texts: []});
		}
		const first = anna.openScreen(t);
		await first.waitFor(lines => names.every(name => lines.some(line => line.includes(` ${name} `))));
		await openFirstRoom(first);
		for (const name of names) {
			await goToRoom(first, name);
			await writeMessage(first, `hello ${name}`);
			rooms.get(name)?.texts.push(`hello ${name}`);
			await bob.waitForText(rooms.get(name)?.roomId ?? '', `hello ${name}`);
		}
		await server.kill();
		for (let number = 0; number < 20; number++) {
			const name = names[number % 3] ?? '';
			const text = `number ${number}.`;
			await goToRoom(first, name);
			first.type(text);
			first.press(enter);
			await first.waitFor(
				lines => composerText(lines) === '' && lines.some(line => line.includes(text) && line.includes('⧗')),
			);
			rooms.get(name)?.texts.push(text);
		}
		await first.kill();
		const second = anna.openScreen(t);
		await openFirstRoom(second);
		await second.waitFor('offline');
		await server.restart();
		second.press(controlR);
		for (const [name, {roomId, texts}] of rooms) {
			await bob.waitForText(roomId, texts.at(-1) ?? '');
			assert.deepEqual(bob.messages(roomId), texts);
			await goToRoom(second, name);
			await second.waitFor(lines => lines.some(line => line.includes(texts.at(-1) ?? '') && line.includes('✓')));
			// The server has it a moment before it comes back with the sync.
			await waitUntil(async () => assert.deepEqual(await readBodies(anna, roomId), texts));
			const access = {url: server.url, accessToken: bob.accessToken};
			assert.equal((await messagesOnServer(access, roomId, anna.userId)).length, texts.length);
		}
	},
);

test(
	'what was said while mx was suspended is all shown when it goes on, also where a gap was left',
	servers,
	async t => {
		const server = await sharedSynapse();
		const anna = await signIn(server);
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
		const roomId = await bob.createRoom({name: 'Sleep', isEncrypted: true, invite: [anna.userId]});
		await joinRoom(anna, roomId);
		await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
		// So many that the first ones are loaded by scrolling: then the server has said that it has no more.
		const evening = Array.from({length: 12}, (_, number) => `evening ${number}.`);
		for (const text of evening) await bob.sendText(roomId, text);
		const screen = anna.openScreen(t, {rows: 60});
		await openFirstRoom(screen);
		await writeMessage(screen, 'good night');
		await bob.waitForText(roomId, 'good night');
		await screen.waitFor('the beginning of this room');
		process.kill(screen.pid, 'SIGSTOP');
		const texts = Array.from({length: 30}, (_, number) => `night ${number}.`);
		for (const text of texts) await bob.sendText(roomId, text);
		process.kill(screen.pid, 'SIGCONT');
		await screen.waitFor('night 29.');
		await screen.waitFor(lines => texts.every(text => lines.some(line => line.includes(` ${text}`))));
		assert.deepEqual(await readBodies(anna, roomId), [...evening, 'good night', ...texts]);
		screen.press(newest);
		await writeMessage(screen, 'good morning');
		await bob.waitForText(roomId, 'good morning');
	},
);

test(
	'verbs that ask a bridge waited 30 seconds for a server that cannot be reached: they say so at once',
	servers,
	async t => {
		const server = await startSynapse(t);
		const anna = await signIn(server);
		const bot = `@signalbot:${serverNameOf(anna.userId)}`;
		assert.equal((await anna.run(['bridge', 'trust', bot, '--as', 'signal'])).code, 0);
		await server.kill();
		const tryAll = async (): Promise<void> => {
			for (const words of [
				'bridge login signal',
				'bridge logout signal',
				'bridge contacts signal',
				'send signal:+49 hi',
			]) {
				const began = performance.now();
				const {code, stderr} = await anna.run(words.split(' '));
				assert.equal(code, 1, stderr);
				assert.match(
					stderr,
					/^mx: The server cannot be reached: .+\.\n +Check the network, then try again: nothing was done\.$/m,
				);
				assert.ok(performance.now() - began < 15_000, words);
			}
		};
		await tryAll();
		const screen = anna.openScreen(t);
		await screen.waitFor('offline');
		await tryAll();
	},
);
