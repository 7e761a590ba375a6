/** The engine against a real Synapse: what is said arrives, whole, once and in order. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {EventType, MsgType, RelationType} from 'matrix-js-sdk';
import {asObject, asString, parseJson} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer} from '../helpers/peer.ts';
import {
	acceptInvitation,
	messagesOf,
	sendText,
	startEngine,
	startHome,
	textOf,
	textsOf,
	waitForMessage,
	waitForTexts,
	waitOnEngine,
	type TestEngine,
} from '../helpers/engine.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {startFaultProxy, type Fault} from './fault-proxy.ts';
import {clearBodies, messagesOnServer} from './server-events.ts';

const servers = await needsServers();

const texts = [
	'plain',
	'family 👨‍👩‍👧‍👦 flag 🏳️‍🌈 skin 👋🏽',
	'שלום עולם \u200f mixed with English',
	'first line\nsecond line\n\n  fourth, with spaces  ',
	'combining e\u0301, zero\u200bwidth, nul\0, escape \u001b[31m, separator \u2028',
	`long ${'ä€𝄞'.repeat(4550)}`,
];

const roomOf = async (engine: TestEngine, roomId: string) =>
	(await engine.session.rooms({limit: 10_000})).rooms.find(room => room.roomId === roomId);

const waitForRoom = async (engine: TestEngine, roomId: string, membership: string): Promise<void> => {
	await waitOnEngine(
		engine,
		async () => ((await roomOf(engine, roomId))?.membership === membership ? true : undefined),
		{
			what: () => `the membership ${membership} of ${roomId}`,
		},
	);
};

for (const isEncrypted of [false, true]) {
	test(
		`texts of every kind pass ${isEncrypted ? 'encrypted' : 'in the clear'} both ways, byte for byte`,
		servers,
		async t => {
			const server = await sharedSynapse();
			const {engine, home} = await startEngine(t, server);
			const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
			const roomId = await bob.createRoom({isEncrypted, invite: [home.account.userId]});
			await acceptInvitation(engine, roomId);
			await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
			for (const text of texts) {
				await sendText(engine, roomId, text);
				const event = await bob.waitForText(roomId, text);
				assert.equal(event.isEncrypted(), isEncrypted);
				await bob.sendText(roomId, `${text} back`);
				const message = await waitForMessage(engine, roomId, `${text} back`);
				assert.equal(message.encryption, isEncrypted ? 'decrypted' : 'clear');
			}
			const expected = texts.flatMap(text => [text, `${text} back`]);
			await waitForTexts(engine, roomId, expected);
			assert.deepEqual(bob.messages(roomId), expected);
			const onServer = await clearBodies({url: server.url, accessToken: bob.accessToken}, roomId, home.account.userId);
			assert.deepEqual(onServer, isEncrypted ? texts.map(() => undefined) : texts);
		},
	);
}

test('edits, reactions and redactions of the other side arrive, encrypted too', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const {client} = bob;
	for (const isEncrypted of [false, true]) {
		const roomId = await bob.createRoom({isEncrypted, invite: [home.account.userId]});
		await acceptInvitation(engine, roomId);
		const typo = await bob.sendText(roomId, 'helo');
		const secret = await bob.sendText(roomId, 'a mistake');
		await waitForMessage(engine, roomId, 'a mistake');
		await client.sendMessage(roomId, {
			msgtype: MsgType.Text,
			body: '* hello',
			'm.new_content': {msgtype: MsgType.Text, body: 'hello'},
			'm.relates_to': {rel_type: RelationType.Replace, event_id: typo},
		});
		const reaction = {'m.relates_to': {rel_type: RelationType.Annotation, event_id: typo, key: '👍'}} as const;
		await client.sendEvent(roomId, EventType.Reaction, reaction);
		await client.redactEvent(roomId, secret);
		const isSettled = (message: Message): boolean => message.redactedBy !== undefined;
		const redacted = await waitForMessage(engine, roomId, isSettled);
		assert.deepEqual([redacted.eventId, redacted.content, redacted.redactedBy], [secret, {}, bob.userId]);
		const edited = await waitForMessage(engine, roomId, 'hello');
		assert.equal(edited.eventId, typo);
		assert.ok(edited.isEdited);
		assert.deepEqual(edited.reactions, [{key: '👍', count: 1, isMine: false}]);
		assert.equal((await messagesOf(engine, roomId)).length, 2);
	}
});

test('an invitation is listed, joined and left again', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const bob = await createPeer(t, {server, name: uniqueName('bob')});
	const roomId = await bob.createRoom({name: 'Kitchen', invite: [home.account.userId]});
	await waitForRoom(engine, roomId, 'invite');
	assert.equal((await roomOf(engine, roomId))?.name, 'Kitchen');
	assert.deepEqual(await engine.session.join({room: roomId}), {roomId});
	await waitForRoom(engine, roomId, 'join');
	await bob.sendText(roomId, 'welcome');
	await waitForMessage(engine, roomId, 'welcome');
	await engine.session.leave({roomId});
	await waitOnEngine(engine, async () => ((await roomOf(engine, roomId)) === undefined ? true : undefined), {
		what: () => 'the room to go',
	});
	await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'leave');
	assert.deepEqual(await textsOf(engine, roomId), ['welcome']);
});

test('two messages to a person at the same moment, and later ones, make one direct chat', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const send = async (body: string) =>
		engine.session.send({to: bob.userId, content: {msgtype: 'm.text', body}, isWaiting: true, timeout: 20_000});
	const receipts = await Promise.all([send('one'), send('two'), send('three')]);
	receipts.push(await send('four'));
	assert.deepEqual(
		receipts.map(({state}) => state),
		['sent', 'sent', 'sent', 'sent'],
	);
	const [roomId = ''] = new Set(receipts.map(receipt => receipt.roomId));
	assert.equal(new Set(receipts.map(receipt => receipt.roomId)).size, 1);
	const access = {url: server.url, accessToken: home.account.accessToken};
	const joined = await matrixRequest(access, 'GET', '/_matrix/client/v3/joined_rooms');
	assert.deepEqual(joined['joined_rooms'], [roomId]);
	assert.equal((await messagesOnServer(access, roomId, home.account.userId)).length, 4);
	assert.deepEqual(await clearBodies(access, roomId, home.account.userId), [
		undefined,
		undefined,
		undefined,
		undefined,
	]);
	await bob.join(roomId);
	await bob.waitForText(roomId, 'four');
	assert.deepEqual(bob.messages(roomId).toSorted(), ['four', 'one', 'three', 'two']);
});

/** As some servers do, and the specification allows: the page with the room's first event names no further one. */
const endAtStart: Fault = async ({path}, forward) => {
	if (!path.includes('/messages?')) return undefined;
	const answer = await forward();
	const {end, ...page} = asObject(parseJson(answer.body));
	const isStart = answer.body.includes('"m.room.create"');
	return {...answer, body: JSON.stringify(isStart ? page : {...page, end})};
};

// A page of 100 reaches over both gaps to the room's start, and both have to be closed all the same.

for (const pageSize of [8, 100]) {
	test(
		`what was said while mx was off twice is there, once and in order, after pages of ${pageSize}`,
		servers,
		async t => {
			const server = await sharedSynapse();
			const proxy = await startFaultProxy(t, server.url);
			proxy.setFault(endAtStart);
			const {engine, home} = await startEngine(t, server, {url: proxy.url});
			const bob = await createPeer(t, {server, name: uniqueName('bob')});
			const roomId = await bob.createRoom({name: 'Busy', invite: [home.account.userId]});
			await acceptInvitation(engine, roomId);
			const access = {url: server.url, accessToken: bob.accessToken};
			const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message`;
			const expected: string[] = [];
			const say = async (count: number): Promise<void> => {
				for (let number = 0; number < count; number++) {
					const body = `message ${expected.length}`;
					await matrixRequest(access, 'PUT', `${path}/m${expected.length}`, {msgtype: 'm.text', body});
					expected.push(body);
				}
			};
			await say(3);
			await waitForMessage(engine, roomId, 'message 2');
			await engine.stop();
			await say(27);
			const second = await startHome(t, home);
			await waitForMessage(second, roomId, 'message 29');
			await second.stop();
			await say(30);
			const third = await startHome(t, home);
			await waitForMessage(third, roomId, 'message 59');
			assert.ok((await textsOf(third, roomId)).length < expected.length, 'there is no gap');
			let pages = 1;
			for (; (await third.session.loadOlder({roomId, count: pageSize})).hasMore; pages++) assert.ok(pages < 20);
			assert.deepEqual(await textsOf(third, roomId), expected);
			const all = await third.session.read({room: roomId, count: 1000});
			assert.equal(all.messages[0]?.type, 'm.room.create');
			assert.equal(new Set(all.messages.map(({eventId}) => eventId)).size, all.messages.length);
		},
	);
}

test('an attempt to connect at once does not delay what arrives', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const bob = await createPeer(t, {server, name: uniqueName('bob')});
	const roomId = await bob.createRoom({invite: [home.account.userId]});
	await acceptInvitation(engine, roomId);
	const started = performance.now();
	await engine.session.retryNow({});
	await bob.sendText(roomId, 'quick');
	const message = await waitForMessage(engine, roomId, 'quick');
	assert.ok(performance.now() - started < 1800, `it took ${performance.now() - started} ms`);
	assert.equal(asString(asObject(message.content)['body']), textOf(message));
	assert.ok(!engine.notices.some(notice => notice.kind === 'net' && notice.net.state === 'offline'));
});
