/** The engine against a real homeserver: done, snoozed, who waits for a reply, on two devices of one account and over restarts. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import {createHome, signInElsewhere, startEngine, startHome, waitOnEngine, type TestEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

const servers = await needsServers();

const hour = 3_600_000;

/** A chat of Bob, who uses raw HTTP, and an account on as many devices as the test opens. */
const setUp = async (t: TestContext) => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const {userId, accessToken} = home.account;
	const bob = await server.registerUser(uniqueName('bob'));
	const request =
		(token: string) =>
		async (method: 'GET' | 'POST' | 'PUT', path: string, body?: JsonObject): Promise<JsonObject> =>
			matrixRequest({url: server.url, accessToken: token}, method, `/_matrix/client/v3/${path}`, body);
	const own = request(accessToken);
	const bobs = request(bob.accessToken);
	const {room_id: id} = await bobs('POST', 'createRoom', {invite: [userId], is_direct: true, preset: 'private_chat'});
	const roomId = asString(id) ?? '';
	const path = `rooms/${encodeURIComponent(roomId)}`;
	const data = `user/${encodeURIComponent(userId)}/${path}/account_data`;
	await own('POST', `${path}/join`, {});
	await own('PUT', `user/${encodeURIComponent(userId)}/account_data/m.direct`, {[bob.userId]: [roomId]});
	let count = 0;
	return {
		server,
		engine,
		home,
		own,
		roomId,
		data,
		say: async (body: string) => bobs('PUT', `${path}/send/m.room.message/t${++count}`, {msgtype: 'm.text', body}),
		/** Waits until the room is so on a device. */
		become: async (device: TestEngine, what: string, fits: (room: RoomRow) => boolean): Promise<void> => {
			let last: RoomRow | undefined;
			await waitOnEngine(
				device,
				async () => {
					last = (await device.session.rooms({limit: 100})).rooms.find(room => room.roomId === roomId);
					return last !== undefined && fits(last) ? true : undefined;
				},
				{what: () => `${what}: ${JSON.stringify(last)}`},
			);
		},
	};
};

const needsReply = ({needsReplySince}: RoomRow): boolean => needsReplySince !== undefined;
const needsNone = (room: RoomRow): boolean => !needsReply(room);
const isIn = (section: RoomRow['section']) => (room: RoomRow) => room.section === section;

test('two devices agree on who waits, what is done and what is snoozed', servers, async t => {
	const {server, engine, home, roomId, say, become} = await setUp(t);
	const elsewhere = await createHome(server, {account: await signInElsewhere(server, home.account)});
	const other = await startHome(t, elsewhere, {isNew: true});
	const both = async (what: string, fits: (room: RoomRow) => boolean): Promise<void> => {
		await become(engine, `${what} here`, fits);
		await become(other, `${what} elsewhere`, fits);
	};
	await say('are you coming?');
	await both('Bob waits', needsReply);
	await engine.session.dismissReply({roomId, isDismissed: true});
	await both('dismissed', needsNone);
	await engine.session.dismissReply({roomId, isDismissed: false});
	await both('not dismissed after all', needsReply);
	await engine.session.dismissReply({roomId, isDismissed: true});
	await say('and what shall I bring?');
	await both('Bob waits again', needsReply);
	await other.session.send({
		to: roomId,
		content: {msgtype: 'm.text', body: 'yes'},
		isWaiting: true,
		timeout: 30_000,
	});
	await both('answered', needsNone);

	const until = Date.now() + hour;
	await engine.session.snooze({roomId, until});
	await both('asleep', room => room.section === 'snoozed' && room.snoozedUntil === until);
	await other.session.snooze({roomId});
	await both('awake', isIn('normal'));
	await engine.session.snooze({roomId, until, isUnlessAnswered: true});
	await both('asleep again', isIn('snoozed'));
	await say('wine?');
	await both('woken by a message', room => room.section === 'normal' && !room.isReminder);

	await engine.session.setSection({roomId, section: 'archived'});
	await both('done', isIn('archived'));
	await say('red or white?');
	await both('back with a message', isIn('normal'));
	await assert.rejects(async () => engine.session.snooze({roomId, until: Date.now() - 1}), /That time is over/);
	await assert.rejects(async () => engine.session.snooze({roomId, until: until + 400 * 24 * hour}), /a year ahead/);
});

test('a room wakes when its time is over, marked on the server too', servers, async t => {
	const {engine, own, roomId, data, say, become} = await setUp(t);
	await say('remind me');
	await become(engine, 'the message', needsReply);
	await engine.session.snooze({roomId, until: Date.now() + 300});
	await become(engine, 'awake and marked', room => room.section === 'normal' && room.isReminder && room.isMarkedUnread);
	const reminder = engine.notices.find(notice => notice.kind === 'reminder');
	assert.match(reminder?.message ?? '', / is back: you wanted to see it again\.$/);
	await waitOnEngine(
		engine,
		async () => {
			const {unread} = await own('GET', `${data}/m.marked_unread`).catch((): JsonObject => ({}));
			return unread === true ? true : undefined;
		},
		{what: () => 'the mark on the server'},
	);
	const {rooms} = await engine.session.rooms({limit: 1});
	const eventId = (await engine.session.read({room: roomId, count: 1})).messages.at(-1)?.eventId ?? '';
	assert.equal(rooms[0]?.roomId, roomId);
	await engine.session.markRead({roomId, eventId});
	await become(engine, 'read', room => !room.isReminder && !room.isMarkedUnread);
});

test('what should have woken while mx was closed wakes when it starts', servers, async t => {
	const {engine, home, roomId, say, become} = await setUp(t);
	await say('remind me');
	await become(engine, 'the message', needsReply);
	await engine.session.snooze({roomId, until: Date.now() + hour});
	await become(engine, 'asleep', isIn('snoozed'));
	await engine.stop();
	const early = await startHome(t, home);
	await become(early, 'still asleep', isIn('snoozed'));
	await early.stop();
	const later = await startHome(t, home, {now: () => Date.now() + 2 * hour});
	await become(later, 'awake and marked', room => room.section === 'normal' && room.isReminder);
});

test('what another device woke, and the person has read there, stays read', servers, async t => {
	const {engine, home, own, roomId, data, say, become} = await setUp(t);
	await say('remind me');
	await become(engine, 'the message', needsReply);
	const until = Date.now() + hour;
	await engine.session.snooze({roomId, until});
	await become(engine, 'asleep', isIn('snoozed'));
	await engine.stop();
	await own('PUT', `${data}/chat.mx.snooze`, {woken_at: until});
	await own('PUT', `${data}/m.marked_unread`, {unread: false});
	const later = await startHome(t, home, {now: () => Date.now() + 2 * hour});
	await become(later, 'awake', isIn('normal'));
	await later.session.snooze({roomId, until: Date.now() + 9 * hour});
	await become(later, 'asleep again, and unmarked', room => room.section === 'snoozed' && !room.isMarkedUnread);
	assert.equal((await own('GET', `${data}/m.marked_unread`))['unread'], false);
});
