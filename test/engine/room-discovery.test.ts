/** The engine against a real homeserver: rooms are made, found, looked at, arranged in spaces, followed when they move. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asArray, asObject, asString} from '../../source/domain/json.ts';
import {create, refusal, ridOf, setUpRooms, until} from './room-requests.ts';
import {needsServers, uniqueName} from '../helpers/synapse.ts';

const servers = await needsServers();

test('a room is made as it was asked for, and known at once', servers, async t => {
	const all = await setUpRooms(t);
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

test('a public room is found, looked at and joined; a closed one says why not', servers, async t => {
	const all = await setUpRooms(t);
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
	const all = await setUpRooms(t);
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
	assert.deepEqual(
		new Map(rooms.map(({name, order, membership}) => [name, `${order} ${membership}`])),
		new Map([
			['First', 'a join'],
			['Second', 'b join'],
		]),
	);
	const rule = await all.state(second, 'm.room.join_rules');
	assert.equal(rule['join_rule'], 'restricted');
	assert.equal(asObject(asArray(rule['allow'])[0])['room_id'], spaceId);
	await engine.session.setSpaceChild({spaceId, roomId: first, isChild: false});
	await until(engine, 'one room in the space', () => reader.details.children(spaceRid()).length === 1);
});

test('an upgrade is followed only to a room that points back', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, bobs, bob, reader} = all;
	const make = async (): Promise<string> => {
		const {room_id: id} = await bobs('POST', 'createRoom', {preset: 'public_chat', name: 'Old'});
		const roomId = asString(id) ?? '';
		await engine.session.join({room: roomId});
		await until(engine, 'the room', () => reader.roomById(roomId)?.membership === 'join');
		return roomId;
	};
	const honest = await make();
	const {replacement_room: next} = await bobs('POST', `rooms/${encodeURIComponent(honest)}/upgrade`, {
		new_version: '11',
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

test('an upgraded room keeps its place in its spaces, and who was in it is invited', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, reader, bob, bobs, own} = all;
	const spaceId = await create(all, {name: 'Work', isSpace: true});
	const {room_id: id} = await own('POST', 'createRoom', {
		preset: 'private_chat',
		name: 'Old',
		room_version: '9',
		invite: [bob.userId],
	});
	const roomId = asString(id) ?? '';
	await bobs('POST', `join/${encodeURIComponent(roomId)}`, {});
	await until(engine, 'the room', () => reader.roomById(roomId)?.membership === 'join');
	await engine.session.setSpaceChild({spaceId, roomId, isChild: true, order: 'a'});
	await until(engine, 'the room in the space', () => reader.details.children(ridOf(all, spaceId)).length === 1);
	const {roomId: next, invited, missed} = await engine.session.upgradeRoom({roomId});
	assert.deepEqual([invited, missed], [1, 0]);
	assert.equal(await all.membership(next, bob.userId), 'invite');
	await until(engine, 'the new room in its place', () => {
		const [child, ...others] = reader.details.children(ridOf(all, spaceId));
		return child?.roomId === next && child.order === 'a' && others.length === 0;
	});
});

test('own rooms are upgraded to the version that the server makes', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, reader} = all;
	const roomId = await create(all);
	assert.match(await refusal(engine.session.upgradeRoom({roomId})), /of version \d+ already/);
	assert.ok(reader.roomById(roomId) !== undefined);
});
