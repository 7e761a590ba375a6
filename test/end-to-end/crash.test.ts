/** Power cuts: mx is killed at random moments of a two-way encrypted conversation; nothing is lost, doubled or unreadable. */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {asObject, asString} from '../../source/domain/json.ts';
import {messagesOnServer} from '../engine/server-events.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import type {TerminalProgram} from '../helpers/program.ts';
import {createRandom} from '../helpers/random.ts';
import {
	composerText,
	enter,
	joinRoom,
	openFirstRoom,
	readBodies,
	scrollToStart,
	signIn,
	statusText,
	waitUntil,
	type SignedIn,
} from '../helpers/signed-in.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';

const escape = '\u001B';
const kills = Number(process.env['MX_CRASH_KILLS'] ?? 3);
const seed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));

/** What one side has said. */
type Said = {
	/** Told as stored: must be there. */
	readonly kept: string[];
	/** Cut off by a kill: may be there or not. */
	readonly cut: string[];
};

/** The bare client talks all the time, with a new session every few messages. */
const talk = async (
	bob: Peer,
	roomId: string,
	{said, signal, pause}: {readonly said: string[]; readonly signal: AbortSignal; readonly pause: () => number},
): Promise<void> => {
	while (!signal.aborted) {
		if (said.length % 4 === 3) await bob.client.getCrypto()?.forceDiscardSession(roomId);
		const text = `bob ${said.length}.`;
		await bob.sendText(roomId, text);
		said.push(text);
		await sleep(pause());
	}
};

/** Sends from the shell, through whoever owns the account or alone; what fails is repeated with the same key. */
const sendFromShell = async (
	anna: SignedIn,
	roomId: string,
	{signal, pause}: {readonly signal: AbortSignal; readonly pause: () => number},
) => {
	const said: string[] = [];
	const failures: string[] = [];
	for (let number = 0; !signal.aborted; number++) {
		const text = `shell ${number}.`;
		for (;;) {
			const {code, stderr} = await anna.run(['send', '--txn', text, roomId, text]);
			// 8: stored, not delivered yet.
			if (code === 0 || code === 8) break;
			failures.push(stderr);
			assert.ok(failures.length < 3 * kills, failures.join('\n'));
		}
		said.push(text);
		await sleep(pause());
	}
	return {said, failures};
};

/** Presses Enter until the text stands in the timeline: where it could not be stored, mx says so and keeps it. */
const writeStubbornly = async (screen: TerminalProgram, text: string): Promise<number> => {
	const isStored = (lines: readonly string[]): boolean =>
		lines.some(line => line.includes(` ${text}`) && !line.includes(`> ${text}`)) && composerText(lines) === '';
	const isRefused = (lines: readonly string[]): boolean => statusText(lines).includes('Not sent');
	screen.type(text);
	for (let refusals = 0; ; refusals++) {
		screen.press(enter);
		await screen.waitFor(lines => isStored(lines) || (isRefused(lines) && composerText(lines) === text));
		if (isStored(screen.lines())) return refusals;
		screen.press(escape);
		await screen.waitFor(lines => !isRefused(lines));
	}
};

/** Writes on the screen until the program is gone. @returns how often a text had to be sent again */
const writeOnScreen = async (screen: TerminalProgram, said: Said, pause: () => number): Promise<number> => {
	let text = '';
	let refusals = 0;
	try {
		await openFirstRoom(screen);
		for (;;) {
			text = `typed ${said.kept.length + said.cut.length}.`;
			refusals += await writeStubbornly(screen, text);
			said.kept.push(text);
			text = '';
			await sleep(pause());
		}
	} catch (error) {
		if (!(error instanceof Error) || !error.message.includes('the program has ended')) throw error;
		if (text !== '') said.cut.push(text);
		return refusals;
	}
};

const assertOnce = (texts: readonly string[], {kept, cut}: Said, where: string): void => {
	const missing = kept.filter(text => !texts.includes(text));
	assert.deepEqual(missing, [], `missing ${where}`);
	const known = new Set([...kept, ...cut]);
	const others = texts.filter(text => !known.has(text));
	assert.deepEqual(others, [], `unexpected ${where}`);
	assert.equal(new Set(texts).size, texts.length, `doubled ${where}: ${texts.join()}`);
};

test(
	`mx is killed ${kills} times: everything is there once, in order and readable (MX_CRASH_SEED=${seed})`,
	await needsServers(),
	async t => {
		const random = createRandom(seed);
		const server = await startSynapse(t);
		const anna = await signIn(server);
		const bob = await createPeer(t, {server, name: 'bob', isEncrypted: true});
		const roomId = await bob.createRoom({name: 'Storm', isEncrypted: true, invite: [anna.userId]});
		await joinRoom(anna, roomId);
		await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
		const {device_keys: keys} = await anna.runJson(['whoami']);
		const quiet = new AbortController();
		const {signal} = quiet;
		const pauses = createRandom(seed + 1);
		const bobs: string[] = [];
		const talking = talk(bob, roomId, {said: bobs, signal, pause: () => 50 + pauses.below(250)});
		const sending = sendFromShell(anna, roomId, {signal, pause: () => 200 + pauses.below(800)});
		let refusals = 0;
		const typed: Said = {kept: [], cut: []};
		try {
			for (let kill = 0; kill < kills; kill++) {
				const screen = anna.openScreen(t);
				const writing = writeOnScreen(screen, typed, () => 50 + pauses.below(350));
				// One in four dies while it starts, the others in the middle of the talk.
				const heard = bobs.length;
				const hasNews = (lines: readonly string[]): boolean =>
					lines.some(line => Number(/bob (\d+)\./.exec(line)?.[1]) >= heard);
				if (random.below(4) > 0) await Promise.race([writing, screen.waitFor(hasNews)]);
				await sleep(random.below(800));
				await screen.kill();
				refusals += await writing;
			}
		} finally {
			quiet.abort();
		}
		const shell = await sending;
		await talking;
		const screen = anna.openScreen(t);
		await openFirstRoom(screen);
		assert.equal((await anna.run(['send', roomId, 'the end'])).code, 0);
		await bob.waitForText(roomId, 'the end');

		// Older messages come when somebody scrolls to them: also those in the gap that the last sync may have opened.
		await waitUntil(async () => assert.ok((await readBodies(anna, roomId)).includes('the end')));
		await scrollToStart(screen);
		const expected = [...typed.kept, ...shell.said, ...bobs, 'the end'];
		await waitUntil(async () => assertOnce(await readBodies(anna, roomId), {kept: expected, cut: typed.cut}, 'at mx'));
		const bodies = await readBodies(anna, roomId);
		const of = (who: string, texts: readonly string[]) => texts.filter(text => text.startsWith(who));
		assert.deepEqual(of('bob', bodies), bobs);
		assert.deepEqual(of('shell', bodies), shell.said);
		const inOrder = (text: string): number => Number(/\d+/.exec(text)?.[0]);
		assert.deepEqual(
			of('typed', bodies),
			of('typed', bodies).toSorted((one, other) => inOrder(one) - inOrder(other)),
		);

		const events = await messagesOnServer({url: server.url, accessToken: bob.accessToken}, roomId, anna.userId);
		assert.ok(events.every(event => asString(event['type']) === 'm.room.encrypted'));
		const atBob = bob.messages(roomId).filter(text => !text.startsWith('bob'));
		assert.equal(events.length, atBob.length);
		assertOnce(atBob, {kept: [...typed.kept, ...shell.said, 'the end'], cut: typed.cut}, 'at the peer');
		assert.deepEqual(asObject((await anna.runJson(['whoami']))['device_keys']), keys);
		assert.doesNotMatch(await server.logText(), /One time key .* already exists/);
		t.diagnostic(
			`${kills} kills; ${bobs.length} messages of the peer, ${typed.kept.length} typed, ${typed.cut.length} cut off while typed, ${shell.said.length} from the shell, ${shell.failures.length + refusals} tried again`,
		);
		if (shell.failures.length > 0) t.diagnostic(shell.failures.join('\n'));
	},
);
