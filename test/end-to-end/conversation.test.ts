/** A person at mx and a bare client talk; mx is restarted, read without a server, and opened on a further device. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {legitimateTexts} from '../corpus/legitimate.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import {spawnMxInTerminal, type TerminalProgram} from '../helpers/program.ts';
import {
	composerText,
	createMxHome,
	enter,
	goToRoom,
	openFirstRoom,
	readBodies,
	scrollToStart,
	signedInAt,
	signIn,
	waitUntil,
	writeMessage,
	type SignedIn,
} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, startSynapse, uniqueName, type Owner} from '../helpers/synapse.ts';

const servers = await needsServers();

const newLine = '\n';
const escape = '\u001B';

/** What a person types, and a part of it as the screen shows it. */
const typedTexts: ReadonlyArray<readonly [text: string, shown: string]> = [
	['hello bob', 'hello bob'],
	['**bold**, `code` and \\*stars\\*', 'bold, code and *stars*'],
	['Grüße aus Łódź, ça va?', 'Grüße aus Łódź, ça va?'],
	['漢字かな交じり文', '漢字かな交じり文'],
	['👍🏽 👨‍👩‍👧‍👦 🇩🇪 1️⃣ done', 'done'],
	['<b>not HTML</b> & "quotes"', '<b>not HTML</b> & "quotes"'],
];

/** Text of several rows with blanks that must stay; a tab would become four of them. */
const pastedText = 'first\n  second, two blanks\n\n    fourth, four blanks  \nlast';

const quit = async (screen: TerminalProgram): Promise<void> => {
	screen.type(`/quit${enter}`);
	assert.deepEqual(await screen.ended, {code: 0, signal: undefined});
};

/** Both sides say everything; the order is that of the calls. @returns all bodies */
const talk = async (screen: TerminalProgram, bob: Peer, roomId: string): Promise<readonly string[]> => {
	const said: string[] = [];
	for (const [text, shown] of typedTexts) {
		await writeMessage(screen, text, shown);
		await bob.waitForText(roomId, text);
		said.push(text);
	}
	screen.press(`${escape}[200~${pastedText.replaceAll('\n', '\r')}${escape}[201~`);
	await screen.waitFor('> first');
	// Keys that come within 25 ms of a paste are dropped, and mx says so; a person presses Enter again.
	const isDropped = (): boolean => screen.lines().join('').includes('right behind a paste');
	screen.press(enter);
	await screen.waitFor(lines => composerText(lines) === '' || isDropped());
	if (isDropped()) screen.press(enter);
	await bob.waitForText(roomId, pastedText);
	screen.type('two lines');
	screen.press(newLine);
	screen.type('of one message');
	screen.press(enter);
	await bob.waitForText(roomId, 'two lines\nof one message');
	said.push(pastedText, 'two lines\nof one message');
	for (const text of [...Object.values(legitimateTexts), 'and that is all']) {
		await bob.sendText(roomId, text);
		said.push(text);
	}
	await screen.waitFor('and that is all');
	return said;
};

const identityOf = (status: JsonObject): JsonObject => ({
	device: asString(status['device_id']) ?? '',
	keys: asObject(status['device_keys']),
});

for (const isEncrypted of [false, true]) {
	test(`text passes both ways ${isEncrypted ? 'encrypted' : 'in the clear'}, byte for byte`, servers, async t => {
		const server = await sharedSynapse();
		const anna = await signIn(server);
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted});
		const roomId = await bob.createRoom({name: 'Talk', isEncrypted, invite: [anna.userId]});
		const screen = anna.openScreen(t);
		await screen.waitFor('invites you');
		screen.press(enter);
		await screen.waitFor('Enter accepts the invitation');
		screen.press(enter);
		await screen.waitFor(lines => composerText(lines) === '');
		await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
		const said = await talk(screen, bob, roomId);
		assert.deepEqual(bob.messages(roomId), said);
		// The newest is read first; those before it may still be on their way to plain text.
		await waitUntil(async () => assert.deepEqual(await readBodies(anna, roomId), said));
		await quit(screen);
		assert.deepEqual(await readBodies(anna, roomId), said);
	});
}

/** The keys that the backup has. */
const backedUpKeys = async ({access}: Pick<SignedIn, 'access'>): Promise<number> =>
	Number((await matrixRequest(access, 'GET', '/_matrix/client/v3/room_keys/version'))['count']);

/** Signs in on a further device as a person does, who has the recovery key on paper. */
const signInAtTerminal = async (
	owner: Owner,
	first: SignedIn,
	server: Parameters<typeof signIn>[0],
): Promise<SignedIn> => {
	const home = createMxHome();
	const program = spawnMxInTerminal(owner, ['login', server.serverName, '--secrets', 'file'], {home, columns: 100});
	await program.waitFor('User name:');
	program.press(`${first.userId.slice(1).split(':', 1).join('')}\r`);
	await program.waitFor('Password:');
	program.press(`${first.account.password}\r`);
	await program.waitFor('Recovery key (empty: later):');
	program.press(`${first.recoveryKey}\r`);
	await program.waitFor('This device is verified');
	assert.deepEqual(await program.ended, {code: 0, signal: undefined});
	assert.ok(!program.output().includes(first.recoveryKey) && !program.output().includes(first.account.password));
	return signedInAt(home, {...first, server});
};

test(
	'a restart keeps device, keys and messages, also without a server; a further device reads all with the recovery key',
	servers,
	async t => {
		const server = await startSynapse(t);
		const anna = await signIn(server);
		const bob = await createPeer(t, {server, name: 'bob', isEncrypted: true});
		const roomId = await bob.createRoom({name: 'Old times', isEncrypted: true, invite: [anna.userId]});
		await matrixRequest(anna.access, 'POST', `/_matrix/client/v3/join/${encodeURIComponent(roomId)}`, {});
		await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
		const first = anna.openScreen(t);
		await openFirstRoom(first);
		const before = identityOf(await anna.runJson(['whoami']));
		const said: string[] = [];
		// More than a further device gets with its first sync, in several sessions.
		for (let number = 0; number < 60; number++) {
			if (number % 15 === 14) await bob.client.getCrypto()?.forceDiscardSession(roomId);
			said.push(`bob ${number} ☎️`);
			await bob.sendText(roomId, `bob ${number} ☎️`);
			if (number % 10 !== 9) continue;
			await first.waitFor(`bob ${number} ☎`);
			await writeMessage(first, `anna ${number}`);
			await bob.waitForText(roomId, `anna ${number}`);
			said.push(`anna ${number}`);
		}
		assert.deepEqual(await readBodies(anna, roomId), said);
		await waitUntil(async () => assert.ok((await backedUpKeys(anna)) >= 6));
		await quit(first);

		await server.stop();
		assert.deepEqual(await readBodies(anna, roomId), said);
		const second = anna.openScreen(t);
		await openFirstRoom(second);
		await second.waitFor('anna 59');
		await second.waitFor('offline');
		assert.ok(!second.lines().join('').includes('decrypt'));
		assert.deepEqual(identityOf(await anna.runJson(['whoami'])), before);
		await server.restart();
		second.press('\u0012');
		await bob.sendText(roomId, 'after the restart');
		await second.waitFor('after the restart');
		await writeMessage(second, 'the same device');
		await bob.waitForText(roomId, 'the same device');
		said.push('after the restart', 'the same device');
		assert.deepEqual(identityOf(await anna.runJson(['whoami'])), before);
		await quit(second);
		assert.deepEqual(identityOf(await anna.runJson(['whoami'])), before);

		const other = await signInAtTerminal(t, anna, server);
		const screen = other.openScreen(t);
		await openFirstRoom(screen);
		await scrollToStart(screen);
		await screen.waitFor('bob 0 ☎');
		await waitUntil(async () => assert.deepEqual(await readBodies(other, roomId), said));
		assert.notEqual(identityOf(await other.runJson(['whoami']))['device'], before['device']);
		await goToRoom(screen, 'Old times');
		await writeMessage(screen, 'from the new device');
		await bob.waitForText(roomId, 'from the new device');
	},
);
