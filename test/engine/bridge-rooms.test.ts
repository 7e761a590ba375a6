/** In which rooms a bot is spoken to, and what becomes of what could not be sent. */
import assert from 'node:assert/strict';
import {suite, test, type TestContext} from 'node:test';
import type {BridgeLogin} from '../../source/domain/bridge-login.ts';
import {createBridgeRooms, type BridgeRoomOptions} from '../../source/engine/bridges/rooms.ts';
import {startBridgeTalk} from '../../source/engine/bridges/talk.ts';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {member, message, openAccountFixture, ownUser, roomId, state, syncRoom} from '../store/account-fixture.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const bot = '@signalbot:example.org';
const bridge = {bot, protocol: 'signal'};
const secret = 'my password';

const nothing = async (): Promise<never> => {
	throw new Error('Nothing of it is asked for.');
};

/** A room of two with a bot that is certain. @param creator who made it */
const openScene = (t: TestContext, creator: string) => {
	const fixture = openAccountFixture(t);
	const {account, reader, outbox} = fixture;
	const portals = createPortalStore(account, ownUser);
	const feed = createChangeFeed();
	const ending = new AbortController();
	t.after(() => ending.abort());
	const members = [member(ownUser, 'join'), member(bot, 'join')];
	const events = [state('m.room.create', {room_version: '10'}, {sender: creator}), ...members];
	const summary = {'m.joined_member_count': 2, 'm.invited_member_count': 0};
	fixture.apply(syncRoom([], {state: {events}, summary}));
	const room = reader.roomById(roomId);
	assert.ok(room);
	account.write(() => portals.write(room.rid, samplePortal({kind: 'console', bot})));
	let count = 0;
	let isOnline = true;
	const send: BridgeRoomOptions['send'] = async (to, {content}) => {
		count += 1;
		const item = outbox.add({rid: to.rid, transactionId: `t${count}`, type: 'm.room.message', content});
		const {transactionId} = item;
		const eventId = isOnline ? `$sent${count}` : undefined;
		if (eventId !== undefined) {
			outbox.discard(item.id);
			hear(message('', {event_id: eventId, sender: ownUser, content}));
		}
		return {roomId, transactionId, state: isOnline ? 'sent' : 'queued', eventId, error: undefined};
	};
	const hear = (event: ReturnType<typeof message>): void => {
		fixture.apply(syncRoom([event]));
		feed.changed([room.rid], true);
	};
	const rooms = createBridgeRooms({
		userId: ownUser,
		stores: {account, outbox, portals, reader, sdk: createSdkStore(account, fixture.rooms, ownUser)},
		homeserver: {bridges: {nameOwner: nothing, openIdToken: nothing}, createRoom: nothing},
		finder: {learn: nothing},
		feed,
		send,
		signal: ending.signal,
		now: () => 0,
	});
	return {
		room,
		rooms,
		feed,
		waiting: () => reader.outbox(room.rid).map(({content}) => content['body']),
		setOnline: (is: boolean): void => void (isOnline = is),
		say: (body: string): void => hear(message(body, {sender: bot})),
	};
};

suite('a room with a bot', () => {
	test('that somebody else has made is not spoken in', async t => {
		const {rooms, room} = openScene(t, '@mallory:example.org');
		await assert.rejects(rooms.say(room, bridge, secret), /not what it was; nothing was sent/);
		await assert.rejects(rooms.consoleOf(bridge), 'another one is made');
	});

	test('of the account or the bot is', async t => {
		for (const creator of [ownUser, bot]) {
			const {rooms, room} = openScene(t, creator);
			assert.equal((await rooms.consoleOf(bridge)).rid, room.rid);
			assert.equal(await rooms.say(room, bridge, 'help'), '$sent1');
		}
	});

	test('is not written to later, when others may be there', async t => {
		const {rooms, room, setOnline, waiting} = openScene(t, ownUser);
		setOnline(false);
		await assert.rejects(rooms.say(room, bridge, secret), /could not be written to/);
		assert.deepEqual(waiting(), []);
	});

	test('keeps no secret without a word', async t => {
		const {rooms, feed, say} = openScene(t, ownUser);
		const told: Pick<BridgeLogin, 'fields' | 'outcome' | 'said'>[] = [];
		const hears = async (words: string) => {
			say(words);
			assert.ok(await rooms.until(() => (told.at(-1)?.said.at(-1) === words ? true : undefined)));
		};
		const failing = Promise.withResolvers<void>();
		const redact = async (): Promise<void> => failing.promise;
		const reading = () => () => undefined;
		const options = {rooms, bridge, reading, feed, redact};
		const talk = await startBridgeTalk(options, 'login password', now => told.push(now));
		await hears('Please enter your Password');
		assert.equal(told.at(-1)?.fields[0]?.isSecret, true);
		await talk.answer({answer: secret});
		await hears('Successfully logged in');
		assert.equal(told.at(-1)?.outcome, undefined, 'the secret is in the room still');
		failing.reject(new Error('You may not.'));
		await assert.rejects(talk.stop(), /is still in the room with @signalbot:example.org: remove it there. You may not/);
	});
});
