/** The SDK's private points that mx builds on have the shape and the behaviour that mx expects. Read it first when the SDK is updated. */
import '../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createClient, MatrixEvent, MemoryStore, RoomEvent, type Room} from 'matrix-js-sdk';
import type {ISyncResponse} from 'matrix-js-sdk/lib/sync-accumulator.js';
import {_createAndReEmitRoom} from 'matrix-js-sdk/lib/sync.js';
import {asString, isObject} from '../../source/domain/json.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import {MxStore, type RelationsParts} from '../../source/matrix/mx-store.ts';
import {createRoomEncryption, type RustCryptoParts} from '../../source/matrix/room-encryption.ts';
import {openSdkClient} from '../../source/matrix/sdk-client.ts';
import {createTurns} from '../../source/matrix/turns.ts';
import {installIndexedDB} from '../../source/store/crypto-store/install-indexed-db.ts';
import {openCryptoStore} from '../../source/store/crypto-store/open-crypto-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {member, message, openAccountFixture, ownUser, roomId} from '../store/account-fixture.ts';
import {anna, encryptionEvent, openDevice} from './opened-device.ts';
import {startScripted} from './scripted-server.ts';
import {silentConnection} from './silent-connection.ts';
import {silenceGlobalLogger, silentLogger} from './silent-logger.ts';

const membersAnswer = {'/members': {chunk: [{...member(ownUser, 'join'), room_id: roomId}]}};

test('_createAndReEmitRoom builds a lazily loading Room whose events reach the client', async t => {
	const {client} = await openDevice(t);
	const room = _createAndReEmitRoom(client, '!other:example.org', {lazyLoadMembers: true});
	assert.equal(room.roomId, '!other:example.org');
	assert.equal(room.membersLoaded(), false);
	const told: Room[] = [];
	client.on(RoomEvent.Name, named => void told.push(named));
	room.emit(RoomEvent.Name, room);
	assert.deepEqual(told, [room]);
});

test('a stored room is built with its state, the own membership and nobody else', async t => {
	const {store} = await openDevice(t);
	assert.equal(store.isLoaded(roomId), false);
	const room = store.getRoom(roomId);
	assert.ok(room !== null && store.isLoaded(roomId));
	assert.equal(store.getRoom(roomId), room);
	assert.ok(room.hasEncryptionStateEvent());
	assert.equal(room.getMyMembership(), 'join');
	assert.equal(room.getMember(anna), null);
	assert.equal(room.getLiveTimeline().getEvents().length, 0);
	assert.equal(store.getRoom('!unknown:example.org'), null);
	room.resetLiveTimeline(null, null);
});

test('the crypto follows the devices of whom it is told to, by a UserId made as its own is', async t => {
	const {crypto} = await openDevice(t);
	const machine = crypto.olmMachine as typeof crypto.olmMachine & {trackedUsers(): Promise<ReadonlySet<object>>};
	const UserId = machine.userId.constructor as new (id: string) => object;
	await machine.updateTrackedUsers([new UserId(anna)]);
	assert.ok([...(await machine.trackedUsers())].map(String).includes(anna));
	assert.equal(typeof crypto.outgoingRequestsManager.doProcessOutgoingRequests, 'function');
});

test('a Room drops its events, and what points to them, when a response is committed', async t => {
	const {store} = await openDevice(t);
	const room = store.getRoom(roomId) as Room;
	const texts = Array.from({length: 30}, (_, index) => message(`text ${index}`));
	const relation = {rel_type: 'm.annotation', event_id: asString(texts[0]?.['event_id']) ?? '', key: '👍'};
	const all = [...texts, {...reaction, content: {'m.relates_to': relation}}];
	await room.addLiveEvents(
		all.map(event => new MatrixEvent({...event, room_id: roomId})),
		{addToState: false},
	);
	const {relations} = room.relations as unknown as RelationsParts;
	assert.equal(relations.size, 1);
	await store.setSyncData({next_batch: 's1', account_data: {events: []}} as unknown as ISyncResponse);
	assert.equal(room.getLiveTimeline().getEvents().length, 0);
	assert.equal(relations.size, 0);
	assert.equal(store.getRoom(roomId), room);
});

test('onCryptoEvent makes an encryptor in roomEncryptors, and eviction drops it with the room', async t => {
	const {crypto, store} = await openDevice(t);
	const encryptors = (crypto as unknown as {roomEncryptors: Record<string, {room: Room}>}).roomEncryptors;
	assert.ok(isObject(encryptors));
	const prepare = async (): Promise<Room> => {
		const room = store.getRoom(roomId) as Room;
		await crypto.onCryptoEvent(room, new MatrixEvent({...encryptionEvent, room_id: roomId}));
		return room;
	};
	const first = await prepare();
	const encryptor = encryptors[roomId];
	assert.ok(encryptor !== undefined);
	assert.equal(encryptor.room, first);
	await prepare();
	assert.equal(encryptors[roomId], encryptor);
	store.evict(roomId);
	assert.ok(!(roomId in encryptors));
	const second = await prepare();
	assert.notEqual(second, first);
	assert.equal(encryptors[roomId]?.room, second);
});

test('new room keys are told through onRoomKeysUpdated of the instance, and failed events leave the pending list', async t => {
	const {url} = await startScripted(t, {answers: membersAnswer});
	const sender = await openDevice(t, {url});
	const encrypt = createRoomEncryption({
		client: sender.client,
		store: sender.store,
		flush: async () => undefined,
		inTurn: createTurns(),
		mustRotate: () => false,
		clearRotation: () => undefined,
		bridgeBot: () => undefined,
	}).encrypt;
	const wire = await encrypt(roomId, 'm.room.message', {body: 'hello'});
	assert.equal(wire.type, 'm.room.encrypted');

	const receiver = await openDevice(t, {url, deviceId: 'B'});
	const told: string[] = [];
	const passOn = receiver.crypto.onRoomKeysUpdated.bind(receiver.crypto);
	receiver.crypto.onRoomKeysUpdated = async keys => {
		told.push(...keys.map(key => `${String(key.roomId)} ${key.sessionId}`));
		await passOn(keys);
	};
	const raw = {...wire, event_id: '$e', sender: ownUser, origin_server_ts: 1};
	const pending = (): number =>
		[...(receiver.crypto.eventDecryptor as unknown as {eventsPendingKey: Map<string, unknown>}).eventsPendingKey.keys()]
			.length;
	const lost = new MatrixEvent({...raw, room_id: roomId});
	await lost.attemptDecryption(receiver.crypto);
	assert.ok(lost.isDecryptionFailure());
	assert.equal(pending(), 1);
	receiver.crypto.eventDecryptor.removeEventFromPendingList(lost);
	assert.equal(pending(), 0);

	const receiving = createRoomEncryption({
		client: receiver.client,
		store: receiver.store,
		flush: async () => undefined,
		inTurn: createTurns(),
		mustRotate: () => false,
		clearRotation: () => undefined,
		bridgeBot: () => undefined,
	});
	assert.equal((await receiving.decrypt({roomId, raw})).kind, 'failed');
	assert.equal(pending(), 0);
	const keys = (await sender.client.getCrypto()?.exportRoomKeysAsJson()) ?? '';
	await receiver.client.getCrypto()?.importRoomKeysAsJson(keys);
	await t.waitFor(() => assert.deepEqual(told, [`${roomId} ${asString(wire.content['session_id'])}`]));
	const result = await receiving.decrypt({roomId, raw});
	assert.deepEqual(result.kind === 'clear' && [result.type, result.content], ['m.room.message', {body: 'hello'}]);
});

test('processSyncChanges takes messages, device lists and key counts, and answers the messages', async t => {
	const {crypto} = await openDevice(t);
	const processed = await crypto.processSyncChanges({
		toDeviceEvents: [{type: 'm.dummy.test', sender: anna, content: {}}],
		deviceLists: {changed: [anna], left: []},
		oneTimeKeysCounts: new Map([['signed_curve25519', 50]]),
		unusedFallbackKeys: new Set<string>(),
	} as unknown as Parameters<RustCryptoParts['processSyncChanges']>[0]);
	assert.deepEqual(
		processed.map(({message}) => message.type),
		['m.dummy.test'],
	);
});

test("every method that MxStore replaces exists in the SDK's memory store, so that it replaces something", () => {
	const own = new Set(['constructor', 'attach', 'isLoaded', 'evict']);
	const replaced = Object.getOwnPropertyNames(MxStore.prototype).filter(name => !own.has(name));
	assert.ok(replaced.length >= 15);
	const known = MemoryStore.prototype as unknown as Record<string, unknown>;
	assert.deepEqual(
		replaced.filter(name => typeof known[name] !== 'function'),
		[],
	);
});

const reaction = {
	type: 'm.reaction',
	event_id: '$reaction',
	sender: anna,
	origin_server_ts: 1,
	content: {'m.relates_to': {rel_type: 'm.annotation', event_id: '$elsewhere', key: '👍'}},
};
const joinedRoom = {
	state: {events: [encryptionEvent, member(ownUser, 'join'), member(anna, 'join')]},
	timeline: {events: [reaction], prev_batch: 'p1'},
};
const syncsOfReaction = [
	{next_batch: 's1', rooms: {join: {'!first:example.org': {state: {events: [member(ownUser, 'join')]}}}}},
	{next_batch: 's2', rooms: {join: {[roomId]: joinedRoom}}},
];

test('the control: by itself the SDK asks for the target of a reaction inside the sync loop', async t => {
	const {url, requests} = await startScripted(t, {syncs: syncsOfReaction});
	silenceGlobalLogger();
	const client = createClient({
		baseUrl: url,
		userId: ownUser,
		deviceId: 'A',
		accessToken: 'token',
		logger: silentLogger,
	});
	t.after(() => client.stopClient());
	await client.startClient({threadSupport: true});
	await t.waitFor(() => assert.ok(requests.some(path => path.includes('/event/%24elsewhere'))));
});

/** Some are no members at all; the SDK would have none of them, and could not encrypt. */
const malformedMembers = {
	'/members': {
		chunk: [
			null,
			7,
			...[
				member('nobody', 'join'),
				member('__proto__', 'join'),
				{...member(anna, 'join'), content: null},
				member(anna, 'join', {displayname: {}}),
				member(ownUser, 'join'),
			].map(event => ({...event, room_id: roomId})),
		],
	},
};

test('the client of mx does not ask for it, commits each response after a flush, and asks for members of now, whatever is among them', async t => {
	const {url, requests} = await startScripted(t, {syncs: syncsOfReaction, answers: malformedMembers});
	silenceGlobalLogger();
	const fixture = openAccountFixture(t);
	const cryptoStore = openCryptoStore({
		file: `${fixture.file.file}.crypto`,
		key: new Uint8Array(32).fill(1),
		cipher: 'aegis',
	});
	installIndexedDB(cryptoStore.factory);
	const steps: string[] = [];
	const sdkStore = createSdkStore(fixture.account, fixture.rooms, ownUser);
	const committed = Promise.withResolvers<void>();
	const sdk = await openSdkClient({
		baseUrl: url,
		userId: ownUser,
		deviceId: 'A',
		accessToken: 'token',
		storageKey: new Uint8Array(32).fill(2),
		store: sdkStore,
		log: silentLogger,
		gate: {
			write: rooms => void fixture.apply(...rooms),
			fetch: createGuardedFetch({isFailed: () => undefined}),
			failure: () => undefined,
			settled: async () => undefined,
			connection: silentConnection,
		},
		flushCrypto: async () => {
			steps.push(`flush before ${sdkStore.nextBatch()}`);
			await cryptoStore.flush();
		},
		storeTogether: async work => cryptoStore.together(work),
		mustRotate: () => false,
		clearRotation: () => undefined,
		bridgeBot: () => undefined,
		events: {
			onCommit: () => {
				steps.push(`committed ${sdkStore.nextBatch()}`);
				if (sdkStore.nextBatch() === 's2') committed.resolve();
			},
			onCommitFailure: error => committed.reject(error),
			onRoomKeys: () => undefined,
			onLoggedOut: () => undefined,
			onEncryptionChanged: () => undefined,
			onVerification: () => undefined,
			onBackupRestored: () => undefined,
			sendNow: async () => '',
			onDevicesChanged: () => undefined,
		},
	});
	t.after(async () => {
		await sdk.stop();
		await cryptoStore.close();
	});
	await sdk.start();
	await committed.promise;
	assert.deepEqual(steps, ['flush before undefined', 'committed s1', 'flush before s1', 'committed s2']);
	const wire = await sdk.encryption.encrypt(roomId, 'm.room.message', {body: 'hello'});
	assert.equal(wire.type, 'm.room.encrypted');
	assert.match(steps.at(-1) ?? '', /^flush/);
	const members = requests.filter(path => path.includes('/members'));
	assert.deepEqual(
		members.map(path => path.split('?')[1]),
		['not_membership=leave'],
	);
	assert.ok(!requests.some(path => path.includes('/event/')));
});
