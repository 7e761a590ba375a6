/** The engine against a real homeserver: members, settings, directory, spaces, upgrades; refusals say why. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {asArray, asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import type {NotificationLevel} from '../../source/domain/room-requests.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {openArchive, startEngine, waitOnEngine, type TestEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

const servers = await needsServers();

/** An engine, another person by raw HTTP, and what the server has. */
const setUp = async (t: TestContext) => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const bob = await server.registerUser(uniqueName('bob'));
	const {userId: self, accessToken} = home.account;
	const request =
		(token: string) =>
		async (method: 'GET' | 'POST' | 'PUT', path: string, body?: JsonObject): Promise<JsonObject> =>
			matrixRequest({url: server.url, accessToken: token}, method, `/_matrix/client/v3/${path}`, body);
	const mine = request(accessToken);
	const state = async (roomId: string, type: string, key = ''): Promise<JsonObject> =>
		mine('GET', `rooms/${encodeURIComponent(roomId)}/state/${type}/${encodeURIComponent(key)}`);
	const membership = async (roomId: string, userId: string): Promise<string | undefined> =>
		asString((await state(roomId, 'm.room.member', userId))['membership']);
	const reader = createAccountReader(openArchive(t, home).database, self);
	return {server, engine, home, self, bob, bobs: request(bob.accessToken), state, membership, reader};
};

type SetUp = Awaited<ReturnType<typeof setUp>>;

const until = async (engine: TestEngine, what: string, look: () => boolean): Promise<void> =>
	void (await waitOnEngine(engine, async () => (look() ? true : undefined), {what: () => what}));

const ridOf = ({reader}: SetUp, roomId: string): number => reader.roomById(roomId)?.rid ?? -1;

const create = async ({engine}: SetUp, more: Partial<Parameters<TestEngine['session']['createRoom']>[0]> = {}) => {
	const {roomId} = await engine.session.createRoom({
		name: 'Ops',
		access: 'invited',
		isEncrypted: false,
		invite: [],
		...more,
	});
	return roomId;
};

/** The failure of a request, as a person is told it. */
const refusal = async (request: Promise<unknown>): Promise<string> => {
	try {
		await request;
	} catch (error) {
		assert.ok(error instanceof ExpectedError, String(error));
		return error.report.message;
	}
	throw new Error('It was not refused');
};

test('a room is made as it was asked for, and known at once', servers, async t => {
	const all = await setUp(t);
	const {state, reader, bob} = all;
	const name = uniqueName('kitchen');
	const roomId = await create(all, {
		name: 'Kitchen',
		topic: 'food',
		isEncrypted: true,
		invite: [bob.userId],
		alias: name,
	});
	assert.equal(reader.roomById(roomId)?.name, 'Kitchen');
	assert.equal(reader.roomById(roomId)?.isEncrypted, true);
	assert.equal((await state(roomId, 'm.room.topic'))['topic'], 'food');
	assert.match(asString((await state(roomId, 'm.room.canonical_alias'))['alias']) ?? '', new RegExp(`^#${name}:`));
	assert.equal((await state(roomId, 'm.room.join_rules'))['join_rule'], 'invite');
	assert.equal(await all.membership(roomId, bob.userId), 'invite');
});

test('people are invited, removed, banned and let in again', servers, async t => {
	const all = await setUp(t);
	const {engine, bob, bobs, membership, reader} = all;
	const roomId = await create(all);
	const change = async (action: 'invite' | 'kick' | 'ban' | 'unban') =>
		engine.session.changeMember({roomId, userId: bob.userId, action});
	const become = async (expected: string) => {
		assert.equal(await membership(roomId, bob.userId), expected);
		await until(
			engine,
			`bob as ${expected}`,
			() => reader.details.member(ridOf(all, roomId), bob.userId)?.membership === expected,
		);
	};
	await change('invite');
	await become('invite');
	assert.match(await refusal(change('invite')), /is invited already/);
	await bobs('POST', `rooms/${encodeURIComponent(roomId)}/join`, {});
	await become('join');
	await change('kick');
	await become('leave');
	await change('ban');
	await become('ban');
	assert.match(await refusal(change('invite')), /is banned here/);
	await change('unban');
	await become('leave');
	assert.match(await refusal(change('unban')), /is not banned here/);
	const nobody = `@nobody-${uniqueName('x')}:${bob.userId.split(':').slice(1).join(':')}`;
	assert.match(
		await refusal(engine.session.changeMember({roomId, userId: nobody, action: 'invite'})),
		/There is no person with the id/,
	);
});

test('what the person has no power for is refused with the power that it needs', servers, async t => {
	const all = await setUp(t);
	const {engine, bob, bobs, self} = all;
	const {room_id: id} = await bobs('POST', 'createRoom', {invite: [self], preset: 'private_chat', name: 'Bobs'});
	const roomId = asString(id) ?? '';
	await until(engine, 'the invitation', () => all.reader.roomById(roomId)?.membership === 'invite');
	await engine.session.join({room: roomId});
	await until(engine, 'the join', () => all.reader.roomById(roomId)?.membership === 'join');
	const {session} = engine;
	const ban = session.changeMember({roomId, userId: bob.userId, action: 'ban'});
	assert.equal(await refusal(ban), 'You need a power of 50 to ban people here; yours is 0.');
	const rename = session.changeRoom({roomId, change: {kind: 'name', value: 'Mine'}});
	assert.equal(await refusal(rename), 'You need a power of 50 to change the name; yours is 0.');
	assert.match(await refusal(session.setPower({roomId, userId: self, level: 100})), /You need a power of 100/);
	assert.match(await refusal(session.upgradeRoom({roomId})), /You need a power of \d+ to upgrade the room/);
	await session.changeRoom({roomId, change: {kind: 'ownName', value: 'Al'}});
	assert.equal((await all.state(roomId, 'm.room.member', self))['displayname'], 'Al');
});

test('power is given, but not more than one has', servers, async t => {
	const all = await setUp(t);
	const {engine, bob, bobs, reader} = all;
	const roomId = await create(all, {invite: [bob.userId]});
	await bobs('POST', `rooms/${encodeURIComponent(roomId)}/join`, {});
	await engine.session.setPower({roomId, userId: bob.userId, level: 50});
	await until(engine, "bob's power", () => reader.details.power(ridOf(all, roomId)).of(bob.userId) === 50);
	const {users} = await all.state(roomId, 'm.room.power_levels');
	assert.equal(asObject(users)[bob.userId], 50);
	if (reader.details.power(ridOf(all, roomId)).of(all.self) === 100)
		assert.match(await refusal(engine.session.setPower({roomId, userId: bob.userId, level: 101})), /cannot give more/);
});

test('settings of a room are changed, and encryption stays on', servers, async t => {
	const all = await setUp(t);
	const {engine, state, reader} = all;
	const roomId = await create(all);
	const set = async (change: Parameters<TestEngine['session']['changeRoom']>[0]['change']) =>
		engine.session.changeRoom({roomId, change});
	const alias = `#${uniqueName('alias')}:${all.self.split(':').slice(1).join(':')}`;
	await set({kind: 'name', value: 'Ops two'});
	await set({kind: 'topic', value: 'incidents'});
	await set({kind: 'alias', value: alias});
	await set({kind: 'joinRule', value: 'knock'});
	await set({kind: 'history', value: 'joined'});
	await set({kind: 'encryption'});
	assert.equal(reader.roomById(roomId)?.isEncrypted, true);
	assert.equal((await state(roomId, 'm.room.name'))['name'], 'Ops two');
	assert.equal((await state(roomId, 'm.room.topic'))['topic'], 'incidents');
	assert.equal((await state(roomId, 'm.room.canonical_alias'))['alias'], alias);
	assert.equal((await state(roomId, 'm.room.join_rules'))['join_rule'], 'knock');
	assert.equal((await state(roomId, 'm.room.history_visibility'))['history_visibility'], 'joined');
	assert.equal((await state(roomId, 'm.room.encryption'))['algorithm'], 'm.megolm.v1.aes-sha2');
	assert.match(await refusal(set({kind: 'encryption'})), /encrypted already/);
	const other = await create(all);
	assert.match(
		await refusal(engine.session.changeRoom({roomId: other, change: {kind: 'alias', value: alias}})),
		/leads to another room already/,
	);
	await set({kind: 'alias', value: ''});
	assert.equal((await state(roomId, 'm.room.canonical_alias'))['alias'], undefined);
});

test('who is ignored stays so beside others, until they are not', servers, async t => {
	const all = await setUp(t);
	const {engine, bob, reader} = all;
	await engine.session.setIgnored({userId: '@pest:one.test', isIgnored: true});
	await engine.session.setIgnored({userId: bob.userId, isIgnored: true});
	await until(
		engine,
		'two ignored',
		() => reader.details.isIgnored('@pest:one.test') && reader.details.isIgnored(bob.userId),
	);
	await engine.session.setIgnored({userId: '@pest:one.test', isIgnored: false});
	await until(
		engine,
		'one ignored',
		() => !reader.details.isIgnored('@pest:one.test') && reader.details.isIgnored(bob.userId),
	);
	assert.match(await refusal(engine.session.setIgnored({userId: all.self, isIgnored: true})), /cannot ignore yourself/);
});

test('a room tells of all, of mentions, or of nothing', servers, async t => {
	const all = await setUp(t);
	const {engine, reader} = all;
	const roomId = await create(all);
	const levels: readonly NotificationLevel[] = ['none', 'mentions', 'all', 'none', 'default'];
	for (const level of levels) {
		await engine.session.setNotifications({roomId, level});
		await until(engine, `the level ${level}`, () => reader.details.notificationLevel(roomId) === level);
	}
});

test('the list of members is brought from the server', servers, async t => {
	const all = await setUp(t);
	const {engine, bob, bobs, reader, server} = all;
	const {room_id: id} = await bobs('POST', 'createRoom', {invite: [all.self], preset: 'private_chat', name: 'Choir'});
	const roomId = asString(id) ?? '';
	for (const name of ['ann', 'ben', 'cat']) {
		const {userId, accessToken} = await server.registerUser(uniqueName(name));
		await bobs('POST', `rooms/${encodeURIComponent(roomId)}/invite`, {user_id: userId});
		const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/join`;
		await matrixRequest({url: server.url, accessToken}, 'POST', path, {});
	}
	await until(engine, 'the invitation', () => reader.roomById(roomId)?.membership === 'invite');
	await engine.session.join({room: roomId});
	await engine.session.loadMembers({roomId});
	const members = reader.details.members(ridOf(all, roomId));
	assert.equal(members.filter(({membership}) => membership === 'join').length, 5);
	assert.deepEqual(reader.details.commonRooms(bob.userId), [ridOf(all, roomId)]);
});

test('a public room is found, looked at and joined; a closed one says why not', servers, async t => {
	const all = await setUp(t);
	const {engine, bobs, bob} = all;
	const name = uniqueName('garden');
	const {room_id: id} = await bobs('POST', 'createRoom', {
		preset: 'public_chat',
		visibility: 'public',
		name,
		topic: 'plants',
		room_alias_name: name,
	});
	const alias = `#${name}:${bob.userId.split(':').slice(1).join(':')}`;
	// The server counts members in the background.
	let found = await engine.session.directory({term: name});
	while (found.rooms.length === 0) found = await engine.session.directory({term: name});
	assert.deepEqual(
		found.rooms.map(({name: each, topic, memberCount, alias: address}) => [each, topic, memberCount, address]),
		[[name, 'plants', 1, alias]],
	);
	for (const room of [
		alias,
		`https://matrix.to/#/${encodeURIComponent(alias)}`,
		`matrix:r/${alias.slice(1)}?action=join`,
	]) {
		const summary = await engine.session.preview({room});
		assert.deepEqual(
			[summary.roomId, summary.name, summary.joinRule, summary.membership],
			[id, name, 'public', undefined],
		);
	}
	assert.equal((await engine.session.join({room: alias})).roomId, id);

	const {room_id: closed} = await bobs('POST', 'createRoom', {preset: 'private_chat', name: 'Closed'});
	const closedId = asString(closed) ?? '';
	assert.match(await refusal(engine.session.join({room: closedId})), /You are not invited to this room/);
	assert.match(await refusal(engine.session.knock({room: closedId})), /takes no requests/);
	assert.match(
		await refusal(engine.session.preview({room: `#no-${name}:${alias.split(':').slice(1).join(':')}`})),
		/There is no room with the address/,
	);
	await bobs('PUT', `rooms/${encodeURIComponent(closedId)}/state/m.room.join_rules/`, {join_rule: 'knock'});
	assert.match(await refusal(engine.session.join({room: closedId})), /lets people in who ask/);
	await engine.session.knock({room: closedId, reason: 'let me in'});
	const member = await bobs(
		'GET',
		`rooms/${encodeURIComponent(closedId)}/state/m.room.member/${encodeURIComponent(all.self)}`,
	);
	assert.deepEqual([member['membership'], member['reason']], ['knock', 'let me in']);
});

test('a space has rooms in an order, joined or not, and loses them again', servers, async t => {
	const all = await setUp(t);
	const {engine, reader} = all;
	const spaceId = await create(all, {name: 'Work', isSpace: true});
	const spaceRid = (): number => ridOf(all, spaceId);
	const second = await create(all, {name: 'Second', spaceId, access: 'space'});
	const first = await create(all, {name: 'First', access: 'public'});
	await engine.session.setSpaceChild({spaceId, roomId: second, isChild: true, order: 'b'});
	await engine.session.setSpaceChild({spaceId, roomId: first, isChild: true, order: 'a'});
	await until(
		engine,
		'two rooms in the space',
		() =>
			reader.details
				.children(spaceRid())
				.map(({order}) => order)
				.join('') === 'ab',
	);
	assert.deepEqual(reader.details.spaces(), [spaceRid()]);
	assert.deepEqual(
		reader.details.children(spaceRid()).map(({roomId}) => roomId),
		[first, second],
	);
	const {rooms} = await engine.session.spaceRooms({spaceId});
	assert.deepEqual(rooms.map(({name, order, membership}) => [name, order, membership]).toSorted(), [
		['First', 'a', 'join'],
		['Second', 'b', 'join'],
	]);
	const rule = await all.state(second, 'm.room.join_rules');
	assert.equal(rule['join_rule'], 'restricted');
	assert.equal(asObject(asArray(rule['allow'])[0])['room_id'], spaceId);
	await engine.session.setSpaceChild({spaceId, roomId: first, isChild: false});
	await until(engine, 'one room in the space', () => reader.details.children(spaceRid()).length === 1);
});

test('an upgrade is followed only to a room that points back', servers, async t => {
	const all = await setUp(t);
	const {engine, bobs, bob, reader} = all;
	const make = async (): Promise<string> => {
		const {room_id: id} = await bobs('POST', 'createRoom', {preset: 'public_chat', name: 'Old', room_version: '9'});
		const roomId = asString(id) ?? '';
		await engine.session.join({room: roomId});
		await until(engine, 'the room', () => reader.roomById(roomId)?.membership === 'join');
		return roomId;
	};
	const honest = await make();
	const {replacement_room: next} = await bobs('POST', `rooms/${encodeURIComponent(honest)}/upgrade`, {
		new_version: '10',
	});
	await until(engine, 'the tombstone', () => reader.details.successor(ridOf(all, honest)) !== undefined);
	assert.equal((await engine.session.checkSuccessor({roomId: honest})).roomId, next);
	assert.equal((await engine.session.followUpgrade({roomId: honest})).roomId, next);
	assert.equal(await all.membership(asString(next) ?? '', all.self), 'join');

	const lying = await make();
	const {room_id: trap} = await bobs('POST', 'createRoom', {preset: 'public_chat', name: 'Trap'});
	const trapId = asString(trap) ?? '';
	await bobs('PUT', `rooms/${encodeURIComponent(lying)}/state/m.room.tombstone/`, {
		body: 'moved',
		replacement_room: trapId,
	});
	await until(engine, 'the tombstone', () => reader.details.successor(ridOf(all, lying)) === trapId);
	assert.match(await refusal(engine.session.followUpgrade({roomId: lying})), /does not say that it continues it/);
	const own = await bobs(
		'GET',
		`rooms/${encodeURIComponent(trapId)}/state/m.room.member/${encodeURIComponent(all.self)}`,
	);
	assert.equal(own['membership'], 'leave');
	assert.ok(bob.userId.length > 0);
});

test('own rooms are upgraded to the version that the server makes', servers, async t => {
	const all = await setUp(t);
	const {engine, reader} = all;
	const roomId = await create(all);
	assert.match(await refusal(engine.session.upgradeRoom({roomId})), /of version \d+ already/);
	assert.ok(reader.roomById(roomId) !== undefined);
});

test('people have a profile, and who is none is said', servers, async t => {
	const all = await setUp(t);
	const {engine, bob} = all;
	await engine.session.setDisplayName({name: 'Alice Liddell'});
	assert.equal((await engine.session.profile({userId: all.self})).displayName, 'Alice Liddell');
	assert.equal((await engine.session.profile({userId: bob.userId})).userId, bob.userId);
	const nobody = `@nobody-${uniqueName('x')}:${bob.userId.split(':').slice(1).join(':')}`;
	assert.match(await refusal(engine.session.profile({userId: nobody})), /There is no person/);
});

test('a room that was left can be forgotten, one that was not cannot', servers, async t => {
	const all = await setUp(t);
	const {engine, reader} = all;
	const roomId = await create(all);
	assert.match(await refusal(engine.session.forget({roomId})), /still in this room/);
	await engine.session.leave({roomId});
	await until(engine, 'the leave', () => reader.roomById(roomId)?.membership === 'leave');
	await engine.session.forget({roomId});
});
