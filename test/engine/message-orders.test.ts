/** What is done to messages: replies, edits, reactions and removals arrive as the specification has them, once, whatever happens. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import {
	acceptInvitation,
	createHome,
	createRoom,
	openArchive,
	sendText,
	startEngine,
	startHome,
	textOf,
	waitForMessage,
	type TestEngine,
} from '../helpers/engine.ts';
import {createOutboxReader} from '../../source/store/outbox-store.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, sharedSynapse, startSynapse, uniqueName, type Homeserver} from '../helpers/synapse.ts';
import {startEngineProcess} from './engine-process.ts';
import {startFaultProxy} from './fault-proxy.ts';
import {eventsOnServer} from './server-events.ts';

const servers = await needsServers();

const text = (body: string): JsonObject => ({msgtype: 'm.text', body, 'm.mentions': {}});
const relation = (event: JsonObject | undefined): JsonObject => asObject(asObject(event?.['content'])['m.relates_to']);

const ofType = (events: readonly JsonObject[], type: string): readonly JsonObject[] =>
	events.filter(event => event['type'] === type);

/** Waits until nothing of a room is on its way. */
const waitUntilSent = async (engine: Pick<TestEngine, 'session' | 'subscribe'>, room: string): Promise<void> => {
	await sendText(engine, room, 'the last one');
};

const openRoom = async (t: TestContext, server: Homeserver, isEncrypted: boolean) => {
	const {engine, home} = await startEngine(t, server);
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({isEncrypted, invite: [home.account.userId]});
	await acceptInvitation(engine, roomId);
	await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
	const access = {url: server.url, accessToken: home.account.accessToken};
	return {engine, home, bob, roomId, access};
};

for (const isEncrypted of [false, true]) {
	const how = isEncrypted ? 'encrypted' : 'in the clear';

	test(`a reply, an edit, a reaction and a removal arrive ${how}`, servers, async t => {
		const server = await sharedSynapse();
		const {engine, home, bob, roomId, access} = await openRoom(t, server, isEncrypted);
		const {userId} = home.account;
		const question = await bob.sendText(roomId, 'red or white?');
		await waitForMessage(engine, roomId, 'red or white?');

		const answer = await engine.session.send({
			to: roomId,
			content: text('redd'),
			replyTo: question,
			isWaiting: true,
			timeout: 30_000,
		});
		assert.equal(answer.state, 'sent');
		const {eventId: answerId = ''} = answer;
		const heard = await bob.waitForText(roomId, 'redd');
		assert.equal(heard.replyEventId, question);
		assert.deepEqual(heard.getContent()['m.mentions'], {user_ids: [bob.userId]});

		await engine.session.send({
			to: roomId,
			content: text('red'),
			edits: answerId,
			isWaiting: true,
			timeout: 30_000,
		});
		await bob.waitForRoom(roomId, () => heard.replacingEvent() !== null);
		await bob.waitForText(roomId, 'red');
		assert.deepEqual(heard.getContent()['m.mentions'], {user_ids: [bob.userId]});

		await engine.session.react({roomId, eventId: question, key: '👍'});
		await engine.session.react({roomId, eventId: question, key: '👍🏽'});
		await waitForMessage(engine, roomId, message => message.reactions.length === 2);
		await engine.session.unreact({roomId, eventId: question, key: '👍'});
		await waitForMessage(
			engine,
			roomId,
			message => message.reactions.length === 1 && message.reactions[0]?.key === '👍🏽',
		);
		await engine.session.send({
			to: roomId,
			content: text('in the thread'),
			thread: question,
			isWaiting: true,
			timeout: 30_000,
		});
		const threaded = await bob.waitForText(roomId, 'in the thread');
		assert.equal(threaded.threadRootId, question);
		await waitForMessage(engine, roomId, message => message.eventId === question && message.thread?.count === 1);

		const slip = await sendText(engine, roomId, 'a slip');
		await engine.session.redact({roomId, eventId: slip, reason: 'wrong room'});
		await waitForMessage(engine, roomId, message => message.eventId === slip && message.redactedBy === userId);
		const edited = await waitForMessage(engine, roomId, message => message.eventId === answerId);
		assert.deepEqual([textOf(edited), edited.isEdited], ['red', true]);

		const events = (await eventsOnServer(access, roomId)).filter(event => event['sender'] === userId);
		const edit = events.find(event => relation(event)['rel_type'] === 'm.replace');
		assert.equal(relation(edit)['event_id'], answerId);
		assert.equal(edit?.['type'], isEncrypted ? 'm.room.encrypted' : 'm.room.message');
		assert.equal('m.new_content' in asObject(edit?.['content']), !isEncrypted);
		const reactions = ofType(events, 'm.reaction');
		// A reaction that was taken back has no content any more.
		assert.deepEqual(
			reactions.map(event => relation(event)['key']),
			[undefined, '👍🏽'],
		);
		const redactions = ofType(events, 'm.room.redaction');
		assert.deepEqual(
			redactions.map(event => asString(asObject(event['content'])['reason'])),
			[undefined, 'wrong room'],
		);
	});
}

test('what the server does not allow stays, with the reason, and stops nothing behind it', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home, bob, roomId} = await openRoom(t, server, false);
	const theirs = await bob.sendText(roomId, 'you cannot remove this');
	await waitForMessage(engine, roomId, 'you cannot remove this');
	await engine.session.redact({roomId, eventId: theirs});
	await sendText(engine, roomId, 'behind it');
	const kept = await waitForMessage(engine, roomId, 'you cannot remove this');
	assert.equal(kept.redactedBy, undefined);
	await assert.rejects(
		engine.session.send({to: roomId, content: text('mine now'), edits: theirs, isWaiting: true, timeout: 0}),
		/Only the person who sent a message can edit it/,
	);
	await assert.rejects(engine.session.unreact({roomId, eventId: theirs, key: '👎'}), /You have not reacted with that/);
	await assert.rejects(engine.session.react({roomId, eventId: '$nothing', key: '👎'}), /not known here/);
	await engine.stop();
	const account = openArchive(t, home);
	const [{rid} = {rid: 0}] = account.database.prepare('SELECT rid FROM room').all() as Array<{rid: number}>;
	const failed = createOutboxReader(account.database)(rid).filter(({state}) => state === 'failed');
	assert.deepEqual(
		failed.map(({type, content}) => [type, content['redacts']]),
		[['m.room.redaction', theirs]],
	);
	assert.notEqual(failed[0]?.error, undefined);
});

test('a reaction that was never sent goes without a trace', servers, async t => {
	const server = await startSynapse(t);
	const home = await createHome(server);
	const roomId = await createRoom(server, home.account);
	const engine = await startHome(t, home, {isNew: true});
	const eventId = await sendText(engine, roomId, 'hello');
	await waitForMessage(engine, roomId, 'hello');
	await server.kill();
	// It is on its way, so that what comes behind it is not tried.
	await engine.session.send({to: roomId, content: text('first'), isWaiting: false, timeout: 0});
	await engine.session.react({roomId, eventId, key: '🎉'});
	await engine.session.unreact({roomId, eventId, key: '🎉'});
	await engine.session.react({roomId, eventId, key: '🍷'});
	await server.restart();
	await engine.session.retryNow({});
	await waitForMessage(engine, roomId, message => message.reactions.length > 0);
	await waitUntilSent(engine, roomId);
	const events = await eventsOnServer({url: server.url, accessToken: home.account.accessToken}, roomId);
	assert.deepEqual(
		ofType(events, 'm.reaction').map(event => relation(event)['key']),
		['🍷'],
	);
	assert.deepEqual(ofType(events, 'm.room.redaction'), []);
});

const orders: ReadonlyArray<
	readonly [
		name: string,
		path: RegExp,
		order: (session: TestEngine['session'], room: string, eventId: string) => unknown,
	]
> = [
	['a reaction', /\/send\/m\.reaction\//, (session, roomId, eventId) => session.react({roomId, eventId, key: '👍'})],
	['a removal', /\/redact\//, (session, roomId, eventId) => session.redact({roomId, eventId})],
	[
		'an edit',
		/\/send\/m\.room\.message\//,
		(session, roomId, eventId) =>
			session.send({to: roomId, content: text('better'), edits: eventId, isWaiting: false, timeout: 0}),
	],
];

for (const [name, path, order] of orders) {
	for (const side of ['before', 'behind'] as const) {
		test(`${name} is made once when mx is killed ${side} its request`, servers, async t => {
			const server = await sharedSynapse();
			const proxy = await startFaultProxy(t, server.url);
			const home = await createHome(server, {url: proxy.url});
			const roomId = await createRoom(server, home.account);
			const first = startEngineProcess(t, home, {isNew: true});
			await first.caughtUp;
			const {eventId = ''} = await first.session.send({
				to: roomId,
				content: text('hello'),
				isWaiting: true,
				timeout: 30_000,
			});
			await waitForMessage(first, roomId, 'hello');
			let isKilled = false;
			proxy.setFault(async (request, forward) => {
				if (isKilled || !path.test(request.path)) return undefined;
				isKilled = true;
				if (side === 'behind') await forward();
				await first.kill();
				return 'lost';
			});
			await Promise.resolve(order(first.session, roomId, eventId)).catch(() => undefined);
			await first.ended;
			const second = await startHome(t, home);
			await waitUntilSent(second, roomId);
			const access = {url: server.url, accessToken: home.account.accessToken};
			const events = (await eventsOnServer(access, roomId)).filter(event => event['state_key'] === undefined);
			const made = events.filter(
				event =>
					event['type'] === 'm.reaction' ||
					event['type'] === 'm.room.redaction' ||
					relation(event)['rel_type'] === 'm.replace',
			);
			assert.equal(made.length, 1);
			const isDone = (message: Message): boolean =>
				message.eventId === eventId &&
				(message.reactions.length === 1 || message.redactedBy !== undefined || textOf(message) === 'better');
			await waitForMessage(second, roomId, isDone);
		});
	}
}

test(
	'an answer to a message that the room does not have is not sent; one that is not stored yet is looked up',
	servers,
	async t => {
		const server = await sharedSynapse();
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
		const {engine, home} = await startEngine(t, server);
		const roomId = await bob.createRoom({isEncrypted: false, invite: [home.account.userId]});
		const question = await bob.sendText(roomId, 'red or white?');
		for (let number = 0; number < 60; number += 1) await bob.sendText(roomId, `then ${number}`);
		await acceptInvitation(engine, roomId);
		await waitForMessage(engine, roomId, 'then 59');
		const send = async (replyTo: string) =>
			engine.session.send({to: roomId, content: text('white'), replyTo, isWaiting: true, timeout: 30_000});
		await assert.rejects(send('$nope'), /There is no message \$nope in this room/);
		assert.deepEqual((await engine.session.read({room: roomId, count: 9})).waiting, []);
		const {eventId} = await send(question);
		const access = {url: server.url, accessToken: home.account.accessToken};
		const sent = (await eventsOnServer(access, roomId)).find(event => event['event_id'] === eventId);
		assert.deepEqual(relation(sent), {'m.in_reply_to': {event_id: question}});
		assert.deepEqual(asObject(asObject(sent?.['content'])['m.mentions'])['user_ids'], [bob.userId]);
	},
);
