/** Ctrl-C on an `mx send` that hangs: what it says is what becomes of the message. */
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {after, before, suite, test, type TestContext} from 'node:test';
import {accountFiles, resolveDirectories} from '../../source/domain/directories.ts';
import {asArray, asObject, asString, parseJson} from '../../source/domain/json.ts';
import {isSend} from '../faults/network-scene.ts';
import {startFaultProxy, type FaultProxy} from '../engine/fault-proxy.ts';
import {clearBodies, eventsOnServer} from '../engine/server-events.ts';
import {createRoom} from '../helpers/engine.ts';
import {createOwner} from '../helpers/owner.ts';
import type {Finished, RunningProgram} from '../helpers/program.ts';
import {signIn, waitUntil, type SignedIn} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName, type Homeserver} from '../helpers/synapse.ts';

const interrupted = 130;
const terminated = 143;

/** What a pipe surely does not hold. */
const longerThanPipe = 'so much text '.repeat(50_000);

/** From now on mx reaches its server through the proxy. */
const putBetween = ({home}: SignedIn, {url}: FaultProxy): void => {
	const {accountRecord} = accountFiles(
		resolveDirectories({MX_HOME: home}, {home: '/nowhere', platform: process.platform}),
	);
	const known = asObject(parseJson(readFileSync(accountRecord, 'utf8')));
	writeFileSync(accountRecord, JSON.stringify({...known, homeserver: url}), {mode: 0o600});
};

suite('Ctrl-C on mx send while the server does not answer', await needsServers(), () => {
	let server: Homeserver;
	let anna: SignedIn;
	let proxy: FaultProxy;
	const owner = createOwner();

	before(async () => {
		server = await sharedSynapse();
		anna = await signIn(server);
		proxy = await startFaultProxy(owner, server.url);
		putBetween(anna, proxy);
	});

	after(owner.end);

	const openRoom = async (): Promise<string> => {
		const roomId = await createRoom(server, anna.account, {name: uniqueName('Room')});
		// So that mx knows it before the server is silent.
		const {code, stderr} = await anna.run(['send', roomId, 'before']);
		assert.equal(code, 0, stderr);
		return roomId;
	};

	/** From now on the server does not answer. @param hears only to messages, which it takes all the same @returns ends that */
	const silence = (t: TestContext, {hears = false} = {}): (() => void) => {
		const released = Promise.withResolvers<void>();
		proxy.setFault(async (request, forward) => {
			if (hears && !isSend(request)) return undefined;
			const answer = hears ? await forward() : undefined;
			await released.promise;
			return answer;
		});
		const answerAgain = (): void => {
			proxy.setFault(undefined);
			released.resolve();
		};
		t.after(answerAgain);
		return answerAgain;
	};

	const waitForQueued = async (roomId: string): Promise<void> =>
		waitUntil(async () => {
			const {waiting} = await anna.runJson(['read', roomId]);
			assert.ok(asArray(waiting).some(item => asObject(item)['state'] !== 'sent'));
		});

	/** Waits for one that comes from now on. */
	const waitForRequest = async (part: string): Promise<void> => {
		const before = proxy.requests.length;
		await waitUntil(async () => assert.ok(proxy.requests.slice(before).some(request => request.includes(part))));
	};

	const bodies = async (roomId: string): Promise<readonly (string | undefined)[]> =>
		clearBodies(anna.access, roomId, anna.userId);

	const keyIn = ({stderr}: Finished): string => /--txn (\S+) sends nothing twice/.exec(stderr)?.[1] ?? '';

	const interrupt = async (running: RunningProgram, signal: NodeJS.Signals = 'SIGINT'): Promise<Finished> => {
		running.kill(signal);
		return running.finished;
	};

	const cases = [
		['Ctrl-C', 'SIGINT', interrupted, false],
		['Ctrl-C, where only the answer is missing,', 'SIGINT', interrupted, true],
		['kill', 'SIGTERM', terminated, false],
	] as const;
	for (const [how, signal, code, hears] of cases) {
		test(`${how} says that the message is queued, and a repeat with its key sends it once`, async t => {
			const roomId = await openRoom();
			const answerAgain = silence(t, {hears});
			const sending = anna.start(['send', roomId, 'see you at eight']);
			await waitForQueued(roomId);
			if (hears) await waitUntil(async () => assert.equal((await bodies(roomId)).length, 2));
			const ended = await interrupt(sending, signal);
			assert.equal(ended.code, code, ended.stderr);
			assert.match(
				ended.stderr,
				/^mx: Interrupted\. Queued, not delivered yet.*\n {4}mx delivers it the next time it runs; a repeat with --txn \S+ sends nothing twice\.\n$/,
			);
			answerAgain();
			const again = await anna.run(['send', '--txn', keyIn(ended), roomId, 'see you at eight']);
			assert.equal(again.code, 0, again.stderr);
			assert.deepEqual(await bodies(roomId), ['before', 'see you at eight']);
		});
	}

	test('with --json the document says it too, and the message goes out with the next mx, once', async t => {
		const roomId = await openRoom();
		const answerAgain = silence(t);
		const sending = anna.start(['send', '--json', roomId, '-']);
		sending.endInput('from a pipe\n');
		await waitForQueued(roomId);
		const {code, stdout, stderr} = await interrupt(sending);
		assert.equal(code, interrupted, stderr);
		const document = asObject(parseJson(stdout));
		assert.deepEqual([document['room_id'], document['event_id']], [roomId, null]);
		assert.ok(['queued', 'inflight'].includes(asString(document['state']) ?? ''), stdout);
		answerAgain();
		assert.equal((await anna.run(['send', roomId, 'after'])).code, 0);
		assert.deepEqual(await bodies(roomId), ['before', 'from a pipe', 'after']);
	});

	test('the same of a file, whose copy is uploaded later', async t => {
		const roomId = await openRoom();
		const file = path.join(anna.home, 'notes.txt');
		writeFileSync(file, 'eight');
		const answerAgain = silence(t);
		const sending = anna.start(['send', '--file', file, roomId]);
		await waitForQueued(roomId);
		const ended = await interrupt(sending);
		assert.match(ended.stderr, /^mx: Interrupted\. Queued, not delivered yet/);
		answerAgain();
		const again = await anna.run(['send', '--txn', keyIn(ended), '--file', file, roomId]);
		assert.equal(again.code, 0, again.stderr);
		assert.deepEqual(await bodies(roomId), ['before', 'notes.txt']);
	});

	test('beside a running mx it is queued there', async t => {
		const roomId = await openRoom();
		const screen = anna.openScreen(t);
		await waitForRequest('/sync');
		const answerAgain = silence(t);
		const sending = anna.start(['send', roomId, 'beside']);
		await waitForQueued(roomId);
		const ended = await interrupt(sending);
		assert.equal(ended.code, interrupted);
		assert.match(ended.stderr, /^mx: Interrupted\. Queued, not delivered yet/);
		answerAgain();
		const again = await anna.run(['send', '--txn', keyIn(ended), roomId, 'beside']);
		assert.equal(again.code, 0, again.stderr);
		assert.deepEqual(await bodies(roomId), ['before', 'beside']);
		await screen.kill('SIGTERM');
	});

	for (const isBeside of [false, true]) {
		const where = isBeside ? 'beside a running mx' : 'alone';
		test(`what is not queued yet is said to be not sent, and is never sent, ${where}`, async t => {
			const bob = await server.registerUser(uniqueName('bob'));
			const screen = isBeside ? anna.openScreen(t) : undefined;
			if (isBeside) await waitForRequest('/sync');
			const answerAgain = silence(t);
			// Whether there is a chat with him, only the server knows.
			const sending = anna.start(['send', bob.userId, 'hello']);
			await waitForRequest('m.direct');
			const {code, stdout, stderr} = await interrupt(sending);
			assert.deepEqual([code, stdout, stderr], [interrupted, '', 'mx: Interrupted. Nothing was sent.\n']);
			answerAgain();
			const sent = await anna.runJson(['send', bob.userId, 'good evening']);
			const roomId = asString(sent['room_id']) ?? '';
			assert.doesNotMatch(JSON.stringify(await anna.runJson(['read', roomId])), /hello/);
			const messages = (await eventsOnServer(anna.access, roomId)).filter(({type}) => type === 'm.room.encrypted');
			assert.equal(messages.length, 1);
			await screen?.kill('SIGTERM');
		});
	}

	test('what is still read from a pipe is not sent', async () => {
		const roomId = await openRoom();
		const sending = anna.start(['send', roomId]);
		await sending.write(longerThanPipe);
		const {code, stderr} = await interrupt(sending);
		assert.deepEqual([code, stderr], [interrupted, 'mx: Interrupted. Nothing was sent.\n']);
		assert.deepEqual(await bodies(roomId), ['before']);
	});
});
