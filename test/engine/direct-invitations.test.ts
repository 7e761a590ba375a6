/** An invitation to a direct chat against a real homeserver: accepted, it is one, on all devices. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import {startEngine, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

test(
	'a chat that somebody began is one with them when it is accepted, whatever else is noted meanwhile',
	await needsServers(),
	async t => {
		const server = await sharedSynapse();
		const {engine, home} = await startEngine(t, server);
		const {userId, accessToken} = home.account;
		const bob = await server.registerUser(uniqueName('bob'));
		const [own, bobs] = [accessToken, bob.accessToken].map(
			token =>
				async (method: 'GET' | 'POST' | 'PUT', path: string, body?: JsonObject): Promise<JsonObject> =>
					matrixRequest({url: server.url, accessToken: token}, method, `/_matrix/client/v3/${path}`, body),
		);
		assert.ok(own !== undefined && bobs !== undefined);
		const invite = async (isDirect: boolean): Promise<string> => {
			const body = {invite: [userId], is_direct: isDirect, preset: 'private_chat'};
			return asString((await bobs('POST', 'createRoom', body))['room_id']) ?? '';
		};
		const roomThat = async (roomId: string, fits: (room: RoomRow) => boolean): Promise<RoomRow> =>
			waitOnEngine(
				engine,
				async () => (await engine.session.rooms({limit: 100})).rooms.find(room => room.roomId === roomId && fits(room)),
				{what: () => `the room ${roomId}`},
			);

		const [chat, group] = [await invite(true), await invite(false)];
		await roomThat(chat, ({membership, isDirect}) => membership === 'invite' && isDirect);
		await roomThat(group, ({membership, isDirect}) => membership === 'invite' && !isDirect);

		// Another device notes a chat of its own.
		const data = `user/${encodeURIComponent(userId)}/account_data/m.direct`;
		const other = asString((await own('POST', 'createRoom', {preset: 'private_chat'}))['room_id']) ?? '';
		await own('PUT', data, {'@carol:elsewhere.example': [other]});
		await roomThat(other, ({isDirect}) => isDirect);
		await roomThat(chat, ({isDirect}) => isDirect);

		await engine.session.join({room: chat});
		await engine.session.join({room: group});
		const room = await roomThat(chat, ({membership}) => membership === 'join');
		assert.deepEqual([room.isDirect, room.directUser], [true, bob.userId]);
		assert.equal((await roomThat(group, ({membership}) => membership === 'join')).isDirect, false);
		assert.deepEqual(await own('GET', data), {'@carol:elsewhere.example': [other], [bob.userId]: [chat]});
	},
);
