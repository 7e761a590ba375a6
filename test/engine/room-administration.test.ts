/** The engine against a real homeserver: who is in rooms, and what they are set to; refusals say why. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asObject, asString} from '../../source/domain/json.ts';
import type {NotificationLevel} from '../../source/domain/room-requests.ts';
import type {TestEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {create, refusal, ridOf, setUpRooms, until} from './room-requests.ts';
import {needsServers, uniqueName} from '../helpers/synapse.ts';

const servers = await needsServers();

test('people are invited, removed, banned and let in again', servers, async t => {
	const all = await setUpRooms(t);
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
	const all = await setUpRooms(t);
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
	const all = await setUpRooms(t);
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
	const all = await setUpRooms(t);
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
	assert.deepEqual(await engine.session.isListed({roomId}), {isListed: false});
	await set({kind: 'listed', value: true});
	assert.deepEqual(await engine.session.isListed({roomId}), {isListed: true});
	await set({kind: 'listed', value: false});
	assert.deepEqual(await engine.session.isListed({roomId}), {isListed: false});
	await set({kind: 'alias', value: ''});
	assert.equal((await state(roomId, 'm.room.canonical_alias'))['alias'], undefined);
});

test('who is ignored stays so beside others, until they are not', servers, async t => {
	const all = await setUpRooms(t);
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
	const all = await setUpRooms(t);
	const {engine, reader} = all;
	const roomId = await create(all);
	const levels: readonly NotificationLevel[] = ['none', 'mentions', 'all', 'none', 'default'];
	for (const level of levels) {
		await engine.session.setNotifications({roomId, level});
		await until(engine, `the level ${level}`, () => reader.details.notificationLevel(roomId) === level);
	}
});

test('the list of members is brought from the server', servers, async t => {
	const all = await setUpRooms(t);
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

test('people have a profile, and who is none is said', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, bob} = all;
	await engine.session.setDisplayName({name: 'Alice Liddell'});
	assert.equal((await engine.session.profile({userId: all.self})).displayName, 'Alice Liddell');
	assert.equal((await engine.session.profile({userId: bob.userId})).userId, bob.userId);
	const nobody = `@nobody-${uniqueName('x')}:${bob.userId.split(':').slice(1).join(':')}`;
	assert.match(await refusal(engine.session.profile({userId: nobody})), /There is no person/);
});

test('a room that was left can be forgotten, one that was not cannot', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, reader} = all;
	const roomId = await create(all);
	assert.match(await refusal(engine.session.forget({roomId})), /still in this room/);
	await engine.session.leave({roomId});
	await until(engine, 'the leave', () => reader.roomById(roomId)?.membership === 'leave');
	await engine.session.forget({roomId});
});
