/** The engine against a real homeserver: messages that are looked up, days, searching, and filling what is missing on either side. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asInteger, asString} from '../../source/domain/json.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {createHome, createRoom, openArchive, startHome, waitForMessage} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {refusal} from './room-requests.ts';

const servers = await needsServers();
const total = 150;

test(
	'an old message is looked up by its id and by its time, found, and joined to the rest without loss',
	servers,
	async t => {
		const server = await sharedSynapse();
		const home = await createHome(server);
		const {accessToken, userId} = home.account;
		const roomId = await createRoom(server, home.account, {name: 'long'});
		const room = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`;
		const request = async (
			method: 'GET' | 'PUT',
			path: string,
			body?: {readonly msgtype: string; readonly body: string},
		) => matrixRequest({url: server.url, accessToken}, method, `${room}/${path}`, body);
		const ids: string[] = [];
		for (let index = 0; index < total; index += 1) {
			const sent = await request('PUT', `send/m.room.message/t${index}`, {msgtype: 'm.text', body: `word ${index}.`});
			ids.push(asString(sent['event_id']) ?? '');
		}
		const engine = await startHome(t, home, {isNew: true});
		await waitForMessage(engine, roomId, `word ${total - 1}.`);
		const {session} = engine;
		const reader = createAccountReader(openArchive(t, home).database, userId);
		const rid = reader.roomById(roomId)?.rid ?? 0;
		const target = ids[60] ?? '';
		assert.equal(reader.message(rid, target), undefined);

		assert.deepEqual(await session.loadAround({roomId, eventId: target}), {isPlaced: true});
		const place = reader.message(rid, target);
		assert.ok(place !== undefined && place.chunkOrder !== 0);
		assert.equal(reader.timeline({rid, limit: 1, after: place}).messages[0]?.content['body'], 'word 61.');
		assert.equal(reader.timeline({rid, limit: 1, before: place}).messages[0]?.content['body'], 'word 59.');

		const found = await session.search({query: '"word 60" from:me', limit: 10});
		assert.deepEqual(
			found.messages.map(({eventId, room: {name}}) => [eventId, name]),
			[[target, 'long']],
		);
		assert.equal(found.coverage.incompleteRooms, 1);

		const early = ids[20] ?? '';
		const {origin_server_ts: time} = await request('GET', `event/${encodeURIComponent(early)}`);
		const near = await session.eventAtTime({roomId, time: asInteger(time) ?? 0});
		const {origin_server_ts: nearTime} = await request('GET', `event/${encodeURIComponent(near.eventId)}`);
		assert.equal(nearTime, time);
		assert.notEqual((await session.eventAtTime({roomId, time: Date.now() + 1000})).eventId, '');
		assert.match(
			await refusal(session.loadAround({roomId, eventId: '$nothing-of-this-name'})),
			/The server does not have this message, or you may not see it/,
		);

		// Downwards from what was looked up until it joins what the sync brought, then upwards to the room's start.
		const texts = (): readonly string[] =>
			reader
				.timeline({rid, limit: 10_000})
				.messages.flatMap(({type, content}) => (type === 'm.room.message' ? [asString(content['body']) ?? ''] : []));
		const gaps = () => reader.timeline({rid, limit: 1}).gaps;
		const chunkOrder = place.chunkOrder;
		for (let step = 0; step < 40 && gaps().length > 1; step += 1)
			await session.loadOlder({roomId, count: 10, at: {chunkOrder, side: 'newer'}});
		assert.deepEqual(gaps(), [chunkOrder]);
		assert.equal(texts()[texts().indexOf('word 60.') + total - 61], `word ${total - 1}.`);
		for (let step = 0; step < 40 && gaps().length > 0; step += 1)
			await session.loadOlder({roomId, count: 10, at: {chunkOrder, side: 'older'}});
		assert.deepEqual(
			texts(),
			ids.map((_, index) => `word ${index}.`),
		);
		assert.equal((await session.search({query: 'word', limit: 1000})).messages.length, total);
		assert.equal((await session.search({query: 'word', limit: 1000})).coverage.incompleteRooms, 0);
	},
);
