/** People answer when they are written to; bridges tell what became of a message; all of it ends with the demo. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {Demo} from '../../../source/demo/demo.ts';
import {sendEvent, setMembership, joinRoom, createRoom} from '../../../source/demo/homeserver/rooms.ts';
import type {Happening, Room, StoredEvent} from '../../../source/demo/homeserver/world.ts';
import {asArray, asObject, asString} from '../../../source/domain/json.ts';
import {createAnswerBook} from '../../../source/demo/people/answer-book.ts';
import {roomOf, startQuickDemo} from './populated.ts';

const say = ({stage: {world, you}}: Demo, room: Room, body: string, more: object = {}): StoredEvent =>
	sendEvent(world, room, {
		type: 'm.room.message',
		sender: you.id,
		content: {msgtype: 'm.text', body, ...more},
	});

/** Begins to listen at once. @returns the first happening that passes; the test fails by its own limit where none comes */
const nextHappening = ({stage: {world}}: Demo, passes: (happening: Happening) => boolean): Promise<Happening> =>
	new Promise(resolve => {
		const listen = (happening: Happening): void => {
			if (!passes(happening)) return;
			world.listeners.delete(listen);
			resolve(happening);
		};
		world.listeners.add(listen);
	});

const nextEvent = async (demo: Demo, passes: (event: StoredEvent) => boolean): Promise<StoredEvent> => {
	const happening = await nextHappening(demo, each => each.kind === 'event' && passes(each.event));
	assert.ok(happening.kind === 'event');
	return happening.event;
};

const from = (demo: Demo, key: string) => (event: StoredEvent) =>
	event.sender === demo.stage.people.get(key) && event.type === 'm.room.message';

const relation = ({content}: StoredEvent) => asObject(content['m.relates_to']);

const limited = {timeout: 20_000};

suite('When you write', () => {
	test('the person reads, types and answers, and the bridge tells that it came through', limited, async t => {
		const demo = await startQuickDemo(t);
		const room = roomOf(demo.stage, 'anna');
		const anna = demo.stage.people.get('anna') ?? '';
		const isStatus = ({type}: StoredEvent): boolean => type === 'com.beeper.message_send_status';
		const answer = nextEvent(demo, from(demo, 'anna'));
		const bridged = nextEvent(demo, isStatus);
		const delivered = nextEvent(
			demo,
			event => isStatus(event) && asArray(event.content['delivered_to_users']).length > 0,
		);
		const read = nextHappening(demo, each => each.kind === 'receipt' && each.receipt.userId === anna);
		const typed = nextTyping(room, anna);
		const mine = say(demo, room, 'red or white wine?');
		const first = await bridged;
		assert.deepEqual(first.content, {
			network: 'signal',
			'm.relates_to': {rel_type: 'm.reference', event_id: mine.eventId},
			status: 'SUCCESS',
			delivered_to_users: [],
		});
		assert.equal(first.sender, demo.stage.people.get('signalbot'));
		assert.deepEqual((await delivered).content['delivered_to_users'], [anna]);
		const happening = await read;
		assert.equal(happening.kind === 'receipt' && happening.receipt.event, mine);
		await typed;
		assert.match(asString((await answer).content['body']) ?? '', /^red!/);
		assert.ok(!room.typing.has(anna));
	});

	test('in a group whoever is named answers, in the thread where you asked', limited, async t => {
		const demo = await startQuickDemo(t);
		const room = roomOf(demo.stage, 'general');
		const root = demo.stage.named.get('general build');
		const answer = nextEvent(demo, from(demo, 'jonas'));
		say(demo, room, 'Jonas, why?', {'m.relates_to': {rel_type: 'm.thread', event_id: root?.eventId}});
		const {content} = await answer;
		assert.equal(content['body'], 'in my defence, it was friday');
		assert.equal(asObject(content['m.relates_to'])['rel_type'], 'm.thread');
		assert.equal(asObject(content['m.relates_to'])['event_id'], root?.eventId);
	});

	test('an answer is put right when it was wrong', limited, async t => {
		const demo = await startQuickDemo(t);
		const room = roomOf(demo.stage, 'anna');
		const edit = nextEvent(demo, event => from(demo, 'anna')(event) && relation(event)['rel_type'] === 'm.replace');
		for (let count = 0; count < 3; count++) {
			const answer = nextEvent(demo, from(demo, 'anna'));
			say(demo, room, 'ok');
			await answer;
		}
		assert.match(asString(asObject((await edit).content['m.new_content'])['body']) ?? '', /AGAIN$/);
	});

	test('a request that you answer is a chat like any other', limited, async t => {
		const demo = await startQuickDemo(t);
		const room = roomOf(demo.stage, 'request');
		joinRoom(demo.stage.world, room, demo.stage.you.id);
		const isRequest = ({content}: StoredEvent): boolean =>
			asObject(content['channel'])['com.beeper.message_request'] === true;
		const before = [...(room.state.get('m.bridge')?.values() ?? [])];
		assert.deepEqual(before.map(isRequest), [true]);
		const accepted = nextEvent(demo, ({type}) => type === 'm.bridge');
		say(demo, room, 'it is');
		const event = await accepted;
		assert.equal(event.sender, demo.stage.people.get('signalbot'));
		assert.deepEqual([event.stateKey, isRequest(event)], [before[0]?.stateKey, false]);
		assert.deepEqual({...event.content, channel: {}}, {...before[0]?.content, channel: {}});
	});

	test('over a login that is out nothing arrives until you sign in again', {timeout: 60_000}, async t => {
		const demo = await startQuickDemo(t);
		const choir = roomOf(demo.stage, 'choir');
		const talk = roomOf(demo.stage, 'signal-console');
		const isStatus = (event: StoredEvent): boolean => event.type === 'com.beeper.message_send_status';
		const failure = nextEvent(demo, isStatus);
		const before = say(demo, choir, 'sing?');
		const {content} = await failure;
		assert.equal(content['status'], 'FAIL_RETRIABLE');
		assert.equal(content['message'], "you're not logged in");
		assert.equal(asObject(content['m.relates_to'])['event_id'], before.eventId);
		const code = nextEvent(demo, ({content: said}) => said['msgtype'] === 'm.image');
		const gone = nextEvent(demo, ({type}) => type === 'm.room.redaction');
		const connected = nextEvent(demo, event => event.content['fi.mau.bridge_state'] !== undefined);
		say(demo, talk, 'relogin c0ffee00-1111-4222-8333-444455556666');
		const {eventId} = await code;
		assert.equal((await gone).content['redacts'], eventId);
		assert.equal(asObject((await connected).content['fi.mau.bridge_state'])['state_event'], 'CONNECTED');
		// Nobody has heard the first one.
		const since = choir.timeline.slice(choir.timeline.indexOf(before) + 1);
		assert.deepEqual(
			since.filter(event => event.type === 'm.room.message'),
			[],
		);
		const success = nextEvent(demo, event => isStatus(event) && event.content['status'] === 'SUCCESS');
		const answer = nextEvent(
			demo,
			event => event.room === choir && event.type === 'm.room.message' && event.sender !== demo.stage.you.id,
		);
		const again = say(demo, choir, 'sing?');
		assert.equal(asObject((await success).content['m.relates_to'])['event_id'], again.eventId);
		await answer;
	});

	test('where the network refuses, a status tells it, and nobody answers', limited, async t => {
		const demo = await startQuickDemo(t);
		const room = roomOf(demo.stage, 'bike');
		const failure = nextEvent(demo, ({content}) => content['status'] === 'FAIL_PERMANENT');
		const mine = say(demo, room, 'still interested?');
		const {content, sender} = await failure;
		assert.equal(sender, demo.stage.people.get('messengerbot'));
		assert.equal(asObject(content['m.relates_to'])['event_id'], mine.eventId);
		assert.equal(content['message'], 'This person is not available on Messenger');
		assert.equal(content['reason'], 'm.no_permission');
	});

	test('where the phone is offline, a notice of the bot tells it', limited, async t => {
		const demo = await startQuickDemo(t);
		const notice = nextEvent(demo, from(demo, 'gmessagesbot'));
		const mine = say(demo, roomOf(demo.stage, 'parcels'), 'which cat?');
		const event = await notice;
		assert.equal(event.content['body'], '⚠️ Your message was not bridged: phone is not responding');
		assert.equal(event.content['msgtype'], 'm.notice');
		assert.equal(asObject(relation(event)['m.in_reply_to'])['event_id'], mine.eventId);
	});

	test('a bot answers its commands', limited, async t => {
		const demo = await startQuickDemo(t);
		const answer = nextEvent(demo, from(demo, 'signalbot'));
		say(demo, roomOf(demo.stage, 'signal-console'), 'list-logins');
		assert.match(asString((await answer).content['body']) ?? '', /BAD_CREDENTIALS/);
	});

	test('an edit is no new message', limited, async t => {
		const demo = await startQuickDemo(t);
		const room = roomOf(demo.stage, 'plot');
		const answers: string[] = [];
		demo.stage.world.listeners.add(each => {
			if (each.kind === 'event' && each.event.room === room && each.event.sender !== demo.stage.you.id)
				answers.push(asString(each.event.content['body']) ?? '');
		});
		const first = nextEvent(demo, from(demo, 'emil'));
		const mine = say(demo, room, 'Emil: worms?');
		say(demo, room, '* Emil: worms!', {'m.relates_to': {rel_type: 'm.replace', event_id: mine.eventId}});
		await first;
		const second = nextEvent(demo, from(demo, 'fatou'));
		say(demo, room, 'Fatou?');
		await second;
		assert.equal(answers.length, 2, answers.join('; '));
	});
});

suite('When you come', () => {
	test('whoever invited you says so', limited, async t => {
		const demo = await startQuickDemo(t);
		const {stage} = demo;
		const greeting = nextEvent(demo, from(demo, 'ravi'));
		joinRoom(stage.world, roomOf(stage, 'chess'), stage.you.id);
		assert.match(asString((await greeting).content['body']) ?? '', /^you came!/);
	});

	test('people whom you invite into a room of yours come, and answer there', limited, async t => {
		const demo = await startQuickDemo(t);
		const {world, you, people} = demo.stage;
		const hana = people.get('hana') ?? '';
		const joined = nextEvent(demo, ({stateKey, content}) => stateKey === hana && content['membership'] === 'join');
		const room = createRoom(world, you.id, {invite: [hana], is_direct: true, preset: 'trusted_private_chat'});
		await joined;
		const answer = nextEvent(demo, from(demo, 'hana'));
		say(demo, room, 'hello');
		assert.equal((await answer).room, room);
	});

	test('somebody whom you threw out before they answered says nothing, and nothing breaks', limited, async t => {
		const demo = await startQuickDemo(t);
		const {world, you, people} = demo.stage;
		const ravi = people.get('ravi') ?? '';
		const joined = nextEvent(demo, ({stateKey, content}) => stateKey === ravi && content['membership'] === 'join');
		const room = createRoom(world, you.id, {invite: [ravi]});
		await joined;
		say(demo, room, 'hello');
		setMembership(world, room, {sender: you.id, userId: ravi, membership: 'leave'});
		const other = nextEvent(demo, from(demo, 'hana'));
		say(demo, roomOf(demo.stage, 'tea'), 'Hana?');
		// Asked later, so answered later.
		await other;
		assert.equal(room.timeline.at(-1)?.content['membership'], 'leave');
	});
});

suite('By themselves', () => {
	test('people of the channel go on talking where their history ended', limited, async t => {
		const demo = await startQuickDemo(t, {speed: 2000, script: undefined});
		const {lines, told} = demo.stage.chatter.get('lighthouse') ?? {lines: [], told: 0};
		const room = roomOf(demo.stage, 'lighthouse');
		for (const offset of [0, 1, 2]) {
			const {sender} = await nextEvent(demo, event => event.room === room);
			assert.equal(sender, demo.stage.people.get(lines[(told + offset) % lines.length]?.[0] ?? ''));
		}
	});

	test('nothing comes any more when the demo has stopped', limited, async t => {
		const demo = await startQuickDemo(t, {speed: 2000, script: undefined});
		await nextEvent(demo, ({room}) => room === roomOf(demo.stage, 'lighthouse'));
		await demo.stop();
		const {position} = demo.stage.world;
		say(demo, roomOf(demo.stage, 'anna'), 'anybody there?');
		const {promise, resolve} = Promise.withResolvers<void>();
		// Far longer than the next line of the channel would have been away.
		setTimeout(resolve, 200);
		await promise;
		assert.equal(demo.stage.world.position, position + 1);
	});
});

suite('The answer book', () => {
	const book = createAnswerBook(() => ['one', {to: ['tea', '茶'], say: 'tea!'}, 'two']);

	test('has the lines in turn, and fitting ones for whole words', () => {
		const said = ['hello', 'some TEA?', 'instead', '茶 ?', 'again'].map(text => book.next('@a', text)?.say);
		assert.deepEqual(said, ['one', 'tea!', 'two', 'tea!', 'one']);
	});

	test('keeps the turn of each person', () => assert.equal(book.next('@b', 'hello')?.say, 'one'));

	test('has nothing of somebody who never answers', () =>
		assert.equal(createAnswerBook(() => []).next('@a', 'hello'), undefined));
});

/** Begins to listen at once: on a busy machine typing may end in the turn in which it began. */
const nextTyping = ({typing}: Room, userId: string): Promise<void> =>
	new Promise(resolve => {
		const set = typing.set.bind(typing);
		typing.set = (who, until) => {
			if (who === userId) resolve();
			return set(who, until);
		};
	});
