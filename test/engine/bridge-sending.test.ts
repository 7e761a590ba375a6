/** Sending into a bridged room on a real Synapse: what the network takes, and what becomes of a message behind the bridge. */
import assert from 'node:assert/strict';
import {suite, test, type TestContext} from 'node:test';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import type {EngineNotice} from '../../source/domain/session.ts';
import {sayingsOf} from '../bridge/bridge-says.ts';
import {startFixtureBridge} from '../bridge/fixture-bridge.ts';
import {acceptInvitation, startEngine, waitOnEngine} from '../helpers/engine.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const mumId = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';

const text = (body: string): JsonObject => ({msgtype: 'm.text', body});

/** A chat with Mum on Signal that is settled, and its bridge. */
const openChat = async (t: TestContext) => {
	const signal = await startFixtureBridge(t, {
		id: 'signal',
		ghostPrefix: 'signal_',
		protocol: {id: 'signal', displayname: 'Signal'},
	});
	const server = await startSynapse(t, {registrations: [signal.registration]});
	await signal.connect(server);
	const {engine, home} = await startEngine(t, server);
	const me = home.account.userId;
	const notices: EngineNotice[] = [];
	engine.subscribe(notice => notices.push(notice));
	const mum = await signal.addGhost(mumId, 'Mum');
	const roomId = await signal.createPortal({id: 'c1', name: 'Mum', ghosts: [mum], invite: [me], account: 'abc'});
	await acceptInvitation(engine, roomId);
	await signal.say(mum, roomId, 'soup is on');
	const says = sayingsOf(signal, roomId);
	await says.features(
		{
			max_text_length: 30,
			edit: 2,
			edit_max_count: 1,
			reaction: 2,
			reaction_count: 1,
			reply: 2,
			thread: 0,
			delete: 2,
			file: {'m.file': {mime_types: {'text/plain': 2}, max_size: 10}},
		},
		`${server.serverName}/signal`,
	);
	const messages = async (): Promise<readonly Message[]> =>
		(await engine.session.read({room: roomId, count: 50})).messages;
	const message = async (eventId: string): Promise<Message | undefined> =>
		(await messages()).find(each => each.eventId === eventId);
	/** @returns an own message as soon as its state behind the bridge is what is wanted */
	const waitForStage = async (eventId: string, stage: string): Promise<Message> =>
		waitOnEngine(
			engine,
			async () => {
				const found = await message(eventId);
				return found?.status?.stage === stage ? found : undefined;
			},
			{what: () => `${eventId} ${stage}`},
		);
	const send = async (body: string): Promise<string> => {
		const {eventId} = await engine.session.send({to: roomId, content: text(body), isWaiting: true, timeout: 20_000});
		assert.ok(eventId !== undefined);
		return eventId;
	};
	// The limits are there when they are obeyed.
	await waitOnEngine(
		engine,
		async () => {
			const {portal} = await engine.session.whyBridged({room: roomId});
			return portal?.account === 'abc' && (await messages()).length > 0 ? true : undefined;
		},
		{what: () => 'the chat'},
	);
	return {signal, server, engine, me, mum, roomId, says, notices, messages, message, waitForStage, send};
};

suite(
	'sending into a bridged room',
	{...(await needsServers()), ...(isDemo ? {skip: 'the demo has bridges of its own'} : {})},
	() => {
		test('puts an answer into the thread of its message where the network answers in threads', async t => {
			const slack = await startFixtureBridge(t, {
				id: 'slack',
				ghostPrefix: 'slack_',
				protocol: {id: 'slackgo', displayname: 'Slack'},
			});
			const server = await startSynapse(t, {registrations: [slack.registration]});
			await slack.connect(server);
			const {engine, home} = await startEngine(t, server);
			const jo = await slack.addGhost('t1-u1', 'Jo');
			const general = {id: 'T1-C1', name: 'general', ghosts: [jo], invite: [home.account.userId], account: 'T1-U2'};
			const roomId = await slack.createPortal({...general, roomType: ''});
			await acceptInvitation(engine, roomId);
			const root = await slack.say(jo, roomId, 'lunch?');
			const inRoom = async (): Promise<readonly Message[]> =>
				(await engine.session.read({room: roomId, count: 50})).messages;
			await waitOnEngine(
				engine,
				async () => {
					const {portal} = await engine.session.whyBridged({room: roomId});
					return portal?.account === 'T1-U2' && (await inRoom()).length > 0 ? true : undefined;
				},
				{what: () => 'the channel'},
			);
			const order = {to: roomId, isWaiting: true, timeout: 20_000};
			const relationOf = async (eventId: string | undefined): Promise<JsonObject> => {
				assert.ok(eventId !== undefined);
				const event = await slack.request(
					'GET',
					`rooms/${encodeURIComponent(roomId)}/event/${encodeURIComponent(eventId)}`,
				);
				return asObject(asObject(event['content'])['m.relates_to']);
			};
			const first = await engine.session.send({...order, content: text('yes'), replyTo: root});
			const thread = {rel_type: 'm.thread', event_id: root, is_falling_back: true};
			assert.deepEqual(await relationOf(first.eventId), {...thread, 'm.in_reply_to': {event_id: root}});
			// The start of it says so, and what answers an answer is in the same one.
			await waitOnEngine(
				engine,
				async () => (await inRoom()).find(({eventId, thread: replies}) => eventId === root && replies?.count === 1),
				{what: () => 'the thread at its first message'},
			);
			const second = await engine.session.send({...order, content: text('at one'), replyTo: first.eventId});
			assert.deepEqual(await relationOf(second.eventId), {...thread, 'm.in_reply_to': {event_id: first.eventId}});
			// What the bridge states of the room counts more than what is known of the network.
			await sayingsOf(slack, roomId).features({thread: 2, reply: 2}, `${server.serverName}/slack`);
			await waitOnEngine(
				engine,
				async () => {
					const {eventId} = await engine.session.send({...order, content: text('well'), replyTo: root});
					return (await relationOf(eventId))['rel_type'] === undefined ? true : undefined;
				},
				{what: () => 'an answer as such'},
			);
		});

		test('obeys what its bridge states', async t => {
			const {engine, me, roomId, says, messages, send} = await openChat(t);
			const order = {to: roomId, isWaiting: true, timeout: 20_000};
			await waitOnEngine(
				engine,
				async () =>
					engine.session.send({...order, content: text('x'.repeat(31))}).then(
						() => undefined,
						(error: unknown) => (/up to 30 characters; this one has 31/.test(String(error)) ? true : undefined),
					),
				{what: () => 'the limit of texts'},
			);
			const eventId = await send('short enough');
			const [soup] = (await messages()).filter(({content}) => content['body'] === 'soup is on');
			assert.ok(soup !== undefined);
			await says.state('com.beeper.disappearing_timer', {type: 'after_read', timer: 60_000});
			await engine.session.react({roomId, eventId: soup.eventId, key: '👍'});
			await engine.session.send({...order, content: text('better'), edits: eventId});
			await waitOnEngine(
				engine,
				async () => {
					const all = await messages();
					const isEdited = all.find(each => each.eventId === eventId)?.isEdited === true;
					return isEdited && all.find(each => each.eventId === soup.eventId)?.reactions[0]?.isMine === true
						? true
						: undefined;
				},
				{what: () => 'the edit and the reaction'},
			);
			await assert.rejects(
				engine.session.send({...order, content: text('best'), edits: eventId}),
				/can be edited 1 times/,
			);
			// The network keeps one reaction of a person.
			await engine.session.react({roomId, eventId: soup.eventId, key: '🎉'});
			await waitOnEngine(
				engine,
				async () => {
					const found = (await messages()).find(each => each.eventId === soup.eventId);
					return found?.reactions.length === 1 && found.reactions[0]?.key === '🎉' ? true : undefined;
				},
				{what: () => 'one reaction'},
			);
			// No threads: it answers, and says that it will disappear.
			const {eventId: answer} = await engine.session.send({...order, content: text('mm'), thread: soup.eventId});
			const passed = await waitOnEngine(
				engine,
				async () => says.heard(me).find(event => event['event_id'] === answer),
				{what: () => 'the answer at the bridge'},
			);
			const content = asObject(passed['content']);
			assert.deepEqual(content['m.relates_to'], {'m.in_reply_to': {event_id: soup.eventId}});
			assert.deepEqual(content['com.beeper.disappearing_timer'], {type: 'after_read', timer: 60_000});
		});

		test('tells what became of a message: bridged, delivered, read; failed for good, or tried again', async t => {
			const {engine, mum, me, roomId, says, notices, messages, waitForStage, send} = await openChat(t);
			const first = await send('one');
			await says.status(first, {status: 'PENDING'});
			await waitForStage(first, 'pending');
			await says.status(first, {status: 'SUCCESS', delivered_to_users: []});
			await waitForStage(first, 'bridged');
			await says.status(first, {status: 'SUCCESS', delivered_to_users: [mum]});
			await waitForStage(first, 'delivered');

			const second = await send('two');
			await says.status(second, {status: 'FAIL_PERMANENT', reason: 'm.no_permission', message: 'blocked'});
			const failed = await waitForStage(second, 'failed');
			assert.equal(failed.status?.text, 'blocked');
			await waitOnEngine(
				engine,
				async () => notices.find(notice => notice.kind === 'send-failed' && notice.message.includes('blocked')),
				{what: () => 'a word about the failure'},
			);

			// What the bridge says may be tried again, is, as a new message in the place of the old one.
			const third = await send('three');
			await says.status(third, {status: 'FAIL_RETRIABLE', reason: 'm.foreign_network_error'});
			const again = await waitOnEngine(
				engine,
				async () =>
					says.heard(me).find(event => {
						const retry = asObject(asObject(event['content'])['com.beeper.message_send_retry']);
						return retry['original_event_id'] === third;
					}),
				{what: () => 'another try'},
			);
			assert.equal(asObject(again['content'])['body'], 'three');
			assert.equal(asObject(asObject(again['content'])['com.beeper.message_send_retry'])['retry_count'], 1);
			const retried = asString(again['event_id']) ?? '';
			await says.status(retried, {status: 'SUCCESS'});
			await waitForStage(retried, 'bridged');
			const shown = (await messages()).filter(
				({content, isFolded}) => content['body'] === 'three' && isFolded !== true,
			);
			assert.deepEqual(
				shown.map(({eventId}) => eventId),
				[retried],
			);

			// A verb waits for the bridge's word.
			const order = {to: roomId, isWaiting: true, timeout: 20_000, until: 'bridged'} as const;
			const waiting = engine.session.send({...order, content: text('four')});
			const fourth = await waitOnEngine(
				engine,
				async () => says.heard(me).find(event => asObject(event['content'])['body'] === 'four'),
				{what: () => 'the fourth message'},
			);
			await says.status(asString(fourth['event_id']) ?? '', {status: 'SUCCESS'});
			assert.equal((await waiting).delivery?.stage, 'bridged');
			await assert.rejects(
				engine.session.send({...order, to: '@nobody-is-bridged:example.org', content: text('x')}),
				/not|bridged/,
			);
		});

		test('reads the notices and receipts of bridges that send no status events, of the bot alone', async t => {
			const {engine, signal, mum, roomId, says, messages, message, waitForStage, send} = await openChat(t);
			const first = await send('one');
			await says.read(first);
			await waitForStage(first, 'bridged');
			const second = await send('two');
			// A ghost has no say in that.
			await says.send(
				'm.room.message',
				{
					msgtype: 'm.notice',
					body: '⚠️ Your message was not bridged: by a ghost',
					'm.relates_to': {'m.in_reply_to': {event_id: second}},
				},
				mum,
			);
			const noticeId = await says.failureNotice(second, 'Your message was not bridged: the chat is gone');
			const failed = await waitForStage(second, 'failed');
			assert.equal(failed.status?.text, 'the chat is gone');
			assert.ok(!failed.status?.isRetriable);
			assert.equal((await message(noticeId))?.isFolded, true);
			const ghostly = (await messages()).filter(({content}) => asString(content['body'])?.includes('by a ghost'));
			assert.deepEqual(
				ghostly.map(({isFolded}) => isFolded),
				[undefined],
			);
			// The person sends it once more.
			const {transactionId} = await engine.session.resend({roomId, eventId: second});
			assert.equal((await engine.session.resend({roomId, eventId: second})).transactionId, transactionId);
			await waitOnEngine(
				engine,
				async () =>
					(await messages()).filter(({content, isFolded}) => content['body'] === 'two' && !isFolded).length === 1,
				{what: () => 'one message in place of the other'},
			);
			// A failed reaction is taken back on the screen.
			const soup = (await messages()).find(({content}) => content['body'] === 'soup is on');
			assert.ok(soup !== undefined);
			await engine.session.react({roomId, eventId: soup.eventId, key: '🎉'});
			const reaction = await waitOnEngine(
				engine,
				async () => says.heard(failed.sender).find(event => event['type'] === 'm.reaction'),
				{what: () => 'the reaction'},
			);
			await says.failureNotice(asString(reaction['event_id']) ?? '', 'Your reaction was not bridged: no such emoji');
			const reverted = await waitOnEngine(
				engine,
				async () => {
					const found = await message(soup.eventId);
					return found?.failedChanges === undefined ? undefined : found;
				},
				{what: () => 'the failed reaction'},
			);
			assert.deepEqual(reverted.reactions, []);
			assert.equal(reverted.failedChanges?.[0]?.key, '🎉');
			// Whoever is not believed has said nothing.
			await engine.session.trustBot({userId: signal.bot(), isTrusted: false});
			await waitOnEngine(engine, async () => ((await message(first))?.status === undefined ? true : undefined), {
				what: () => 'nothing of what was said',
			});
		});
	},
);
