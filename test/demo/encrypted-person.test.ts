/** People of the demo who speak encrypted, heard by clients that know nothing of them. */
import '../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import {promisify} from 'node:util';
import {EventShieldColour} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {sendToDevice} from '../../source/demo/homeserver/keys.ts';
import {createRoom, joinRoom} from '../../source/demo/homeserver/rooms.ts';
import {asObject, asString} from '../../source/domain/json.ts';
import {addUser, createWorld, type Device, type User} from '../../source/demo/homeserver/world.ts';
import {createEncryptedPerson} from '../../source/demo/people/encrypted-person.ts';
import {encryptedRooms, type EncryptedRoom} from '../../source/demo/people/encrypted-rooms.ts';
import {createHome, sendText, startHome, textOf, waitForMessage, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import {directRoomWith, startPopulatedServer, type PopulatedServer} from './demo-server.ts';

const sceneOf = (name: string | undefined): EncryptedRoom => {
	const scene = encryptedRooms.find(each => each.name === name);
	assert.ok(scene);
	return scene;
};
const [dm, club] = [sceneOf(undefined), sceneOf('Book club')];
const zoe = ({demo}: PopulatedServer): string => `@zoe:${demo.serverName}`;

/** A stock client with a new device of the account. */
const createYou = (t: TestContext, {demo, server}: PopulatedServer): Promise<Peer> =>
	createPeer(t, {server, name: 'you', password: demo.account.password, isEncrypted: true});

const directRoom = (server: PopulatedServer, {userId, accessToken}: Peer): Promise<string> =>
	directRoomWith(server, {userId, accessToken, deviceId: '', password: ''}, zoe(server));

const readAll = async (peer: Peer, roomId: string, {greeting}: EncryptedRoom): Promise<void> => {
	for (const {text} of greeting) await peer.waitForText(roomId, text);
};

test('a stock client reads the greeting without a warning, is read, typed at and answered', async t => {
	const server = await startPopulatedServer(t);
	const you = await createYou(t, server);
	const roomId = await directRoom(server, you);
	await readAll(you, roomId, dm);
	const greeting = await you.waitForText(roomId, dm.greeting[0]?.text ?? '');
	assert.equal(greeting.getWireType(), 'm.room.encrypted');
	const info = await you.client.getCrypto()?.getEncryptionInfoForEvent(greeting);
	assert.equal(info?.shieldColour, EventShieldColour.NONE);
	assert.equal(you.messages(roomId)[0], 'undecryptable: HISTORICAL_MESSAGE_NO_KEY_BACKUP');

	const isTyping = you.waitForRoom(roomId, room => room.getMember(zoe(server))?.typing === true);
	const eventId = await you.sendText(roomId, 'hello Zoé');
	await you.waitForRoom(roomId, room => room.hasUserReadEvent(zoe(server), eventId));
	await isTyping;
	await you.waitForText(roomId, dm.answers[0].text);
	await you.sendText(roomId, 'and once more');
	await you.waitForText(roomId, dm.answers[1]?.text ?? '');
});

test('mx reads the greeting without a warning and is answered; the old message says why it stays locked', async t => {
	const server = await startPopulatedServer(t);
	const account = server.signIn();
	const engine = await startHome(t, await createHome(server.server, {account}), {isNew: true});
	const roomId = await directRoomWith(server, account, zoe(server));
	for (const {text} of dm.greeting)
		await waitForMessage(engine, roomId, message => textOf(message) === text && message.shield === undefined);
	const lost = await waitForMessage(engine, roomId, message => message.undecryptableReason !== undefined);
	assert.deepEqual([lost.sender, lost.undecryptableReason], [zoe(server), 'HISTORICAL_MESSAGE_NO_KEY_BACKUP']);
	await sendText(engine, roomId, 'hello Zoé');
	await waitForMessage(engine, roomId, dm.answers[0].text);
	const {rooms} = await engine.session.rooms({limit: 99});
	assert.ok(rooms.find(room => room.roomId === roomId)?.isEncrypted);
});

test('in the group both speak, and whose turn it is answers', async t => {
	const server = await startPopulatedServer(t);
	const account = server.signIn();
	const engine = await startHome(t, await createHome(server.server, {account}), {isNew: true});
	const room = await waitOnEngine(
		engine,
		async () => (await engine.session.rooms({limit: 99})).rooms.find(({name}) => name === club.name),
		{what: () => 'the group'},
	);
	for (const {text} of club.greeting) await waitForMessage(engine, room.roomId, text);
	for (const {who, text} of club.answers.slice(0, 2)) {
		await sendText(engine, room.roomId, `tell me, ${who}`);
		const answer = await waitForMessage(engine, room.roomId, text);
		assert.equal(answer.sender, `@${who}:${server.demo.serverName}`);
	}
});

test('two devices of the account both read what is said', async t => {
	const server = await startPopulatedServer(t);
	const [first, second] = await Promise.all([createYou(t, server), createYou(t, server)]);
	const roomId = await directRoom(server, first);
	// The greeting may be for the one that was quicker.
	await first.waitForText(roomId, dm.greeting.at(-1)?.text ?? '');
	await first.sendText(roomId, 'hello from one of two');
	for (const device of [first, second]) await device.waitForText(roomId, dm.answers[0].text);
	await second.sendText(roomId, 'hello from the other');
	for (const device of [first, second]) await device.waitForText(roomId, dm.answers[1]?.text ?? '');
});

test('after a sign-out, a new device reads what is said from then on, with a key that the old one lacks', async t => {
	const server = await startPopulatedServer(t);
	const first = await createYou(t, server);
	const roomId = await directRoom(server, first);
	await readAll(first, roomId, dm);
	const before = await first.waitForText(roomId, dm.greeting[0]?.text ?? '');
	first.stop();
	await matrixRequest({url: server.demo.url, accessToken: first.accessToken}, 'POST', '/_matrix/client/v3/logout', {});

	const second = await createYou(t, server);
	await second.waitForRoom(roomId, room => room.hasEncryptionStateEvent());
	await second.sendText(roomId, 'a new device');
	const answer = await second.waitForText(roomId, dm.answers[0].text);
	assert.notEqual(answer.getWireContent()['session_id'], before.getWireContent()['session_id']);
});

const deviceOf = (user: User): Device => {
	const [device] = user.devices.values();
	assert.ok(device);
	return device;
};

test('a message whose key comes late is heard when the key is there', async t => {
	const world = createWorld('demo.test');
	const ending = new AbortController();
	t.after(() => ending.abort());
	const create = async (name: string) =>
		createEncryptedPerson(world, addUser(world, `@${name}:demo.test`), ending.signal);
	const [anna, ben, carl] = [await create('anna'), await create('ben'), await create('carl')];
	const room = createRoom(world, anna.user.id, {invite: [ben.user.id, carl.user.id]});
	for (const {user} of [ben, carl]) joinRoom(world, room, user.id);
	const heard: unknown[] = [];
	let wake = Promise.withResolvers<void>();
	ben.hear(({content}) => {
		heard.push(content['body']);
		wake.resolve();
	});

	const {inbox} = deviceOf(ben.user);
	const held: (typeof inbox)[number][] = [];
	Object.assign(inbox, {push: (...messages: typeof inbox) => held.push(...messages)});
	await anna.say(room, {msgtype: 'm.text', body: 'key comes late'});
	Reflect.deleteProperty(inbox, 'push');
	assert.equal(held.length, 1);
	// A later message of another session: with it the first one has been tried, with keys that do not fit.
	await carl.say(room, {msgtype: 'm.text', body: 'in between'});
	await wake.promise;
	assert.deepEqual(heard, ['in between']);

	wake = Promise.withResolvers();
	for (const {event} of held)
		sendToDevice(world, deviceOf(ben.user), {
			type: asString(event['type']) ?? '',
			sender: anna.user.id,
			content: asObject(event['content']),
		});
	await wake.promise;
	assert.deepEqual(heard, ['in between', 'key comes late']);
	ending.abort();
	await Promise.all([anna, ben, carl].map(async ({ended}) => ended));
	await assert.rejects(anna.say(room, {body: 'too late'}), {name: 'AbortError'});
});

for (const [when, waiting] of [
	['at once', ''],
	['in the middle of a conversation', 'await new Promise(resolve => setTimeout(resolve, 1500));'],
] as const)
	test(`a process whose demo is stopped ${when} ends by itself, without a word`, async () => {
		const program = `
			import {startDemo} from './source/demo/demo.ts';
			const demo = await startDemo();
			${waiting}
			await demo.stop();
		`;
		const {stdout, stderr} = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
			cwd: path.resolve(import.meta.dirname, '../..'),
			timeout: 60_000,
		});
		assert.deepEqual([stdout, stderr], ['', '']);
	});
