/** Requests of strangers on another network, on a real Synapse: what they learn, and whom a name means. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {PortalRequest} from '../bridge/fixture-bridge.ts';
import {openSignal, waitForAttested, waitForEvent, waitForJoin} from '../bridge/signal-scene.ts';
import {startHome, waitOnEngine, type TestEngine} from '../helpers/engine.ts';
import {needsServers, type Owner} from '../helpers/synapse.ts';

const strangerId = 'deadbeef-8a17-4c55-9b0e-3d6f0a1b2c3d';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';

/** A stranger writes, who calls himself as he likes. */
const openRequest = async (t: Owner, name: string) => {
	const scene = await openSignal(t);
	const {engine, signal, me} = scene;
	const stranger = await signal.addGhost(strangerId, name);
	const portal: PortalRequest = {id: 'request', name, ghosts: [stranger], invite: [me], isRequest: true};
	const roomId = await signal.createPortal(portal);
	await waitForJoin(engine, roomId);
	await waitForAttested(engine, roomId);
	/** The bridge says that it is a chat like any other. */
	const letIn = async (seenBy: TestEngine): Promise<void> => {
		await signal.changePortal(roomId, {...portal, isRequest: false});
		await waitOnEngine(
			seenBy,
			async () => ((await seenBy.session.receiptsIn({roomId})).by === 'request' ? undefined : true),
			{what: () => 'the answer'},
		);
	};
	return {...scene, stranger, roomId, letIn};
};

const unreadOf = async ({session}: TestEngine, roomId: string): Promise<number | undefined> =>
	(await session.rooms({limit: 100})).rooms.find(each => each.roomId === roomId)?.unreadCount;

const skip = isDemo ? {skip: 'the demo has bridges of its own'} : {};

suite('requests of strangers', {...(await needsServers()), ...skip}, () => {
	for (const mode of ['public', 'private'] as const)
		test(`a stranger was told that he is read: not before the answer, where receipts are ${mode}`, async t => {
			const {engine, home, phone, mum, stranger, openChat, roomId, letIn, times} = await openRequest(t, 'Dora');
			await engine.session.setReceipts({scope: {kind: 'bridged'}, mode});
			const first = await phone.write(stranger, roomId, {body: 'hi, it is me', ago: 3_600_000});
			await waitForEvent(engine, roomId, first);
			await engine.session.markRead({roomId, eventId: first});
			assert.equal(await unreadOf(engine, roomId), 0);
			const second = await phone.write(stranger, roomId, {body: 'Dora, you know?'});
			await waitForEvent(engine, roomId, second);
			assert.equal(await unreadOf(engine, roomId), 1);
			await engine.session.markAllRead({});
			assert.equal(await unreadOf(engine, roomId), 0);
			// What is read elsewhere meanwhile goes the same way, and arrives.
			const chat = await openChat('Mum');
			const soup = await phone.write(mum, chat, {body: 'soup'});
			await waitForEvent(engine, chat, soup);
			await engine.session.markRead({roomId: chat, eventId: soup});
			const type = mode === 'public' ? 'm.read' : 'm.read.private';
			await phone.until(() => phone.taken().includes(`${type} ${soup}`), 'that of the friend');
			// What waits is sent at the end.
			await engine.stop();
			assert.deepEqual(phone.taken(), [`${type} ${soup}`]);

			const next = await startHome(t, home, times);
			await letIn(next);
			const third = await phone.write(stranger, roomId, {body: 'thanks'});
			await waitForEvent(next, roomId, third);
			await next.session.markRead({roomId, eventId: third});
			await phone.until(() => phone.taken().includes(`${type} ${third}`), 'the next reading');
			if (mode === 'public') assert.deepEqual(phone.unread(), [], 'with what was read before');
		});

	test('mx send Dora failed in cron: a stranger of that name is not meant where there is a chat', async t => {
		const {engine, phone, stranger, openChat, roomId, letIn} = await openRequest(t, 'Dora');
		const {session} = engine;
		const send = async () =>
			session.send({to: 'dora', content: {msgtype: 'm.text', body: 'see you'}, isWaiting: true, timeout: 30_000});
		const sentTo = async () => (await send()).roomId;
		const first = await phone.write(stranger, roomId, {body: 'hi, it is me'});
		await waitForEvent(engine, roomId, first);
		assert.equal(await sentTo(), roomId, 'nobody else is called so');
		const friend = await openChat('Dora');
		assert.equal(await sentTo(), friend);
		assert.equal((await session.read({room: 'Dora', count: 1})).room.roomId, friend);
		assert.equal((await session.whyBridged({room: 'Dora'})).room.roomId, friend);
		assert.equal((await session.read({room: roomId, count: 1})).room.roomId, roomId, 'its id means it');
		await letIn(engine);
		const refused = await send().catch((error: unknown) => error);
		assert.ok(refused instanceof ExpectedError && refused.report.reason === 'ambiguous');
	});
});
