/** What the tests of requests on rooms share: an engine, another person, and what the server has. */
import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {openArchive, startEngine, waitOnEngine, type HomeOptions, type TestEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {sharedSynapse, uniqueName} from '../helpers/synapse.ts';

/** An engine, another person by raw HTTP, and what the server has. @param options how mx reaches the server */
export const setUpRooms = async (t: TestContext, options: Pick<HomeOptions, 'url'> = {}) => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server, options);
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
	return {server, engine, home, self, bob, bobs: request(bob.accessToken), state, membership, reader, own: mine};
};

type RoomsSetUp = Awaited<ReturnType<typeof setUpRooms>>;

export const until = async (engine: TestEngine, what: string, look: () => boolean): Promise<void> =>
	void (await waitOnEngine(engine, async () => (look() ? true : undefined), {what: () => what}));

export const ridOf = ({reader}: RoomsSetUp, roomId: string): number => reader.roomById(roomId)?.rid ?? -1;

export const create = async (
	{engine}: RoomsSetUp,
	more: Partial<Parameters<TestEngine['session']['createRoom']>[0]> = {},
) => {
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
export const refusal = async (request: Promise<unknown>): Promise<string> => {
	try {
		await request;
	} catch (error) {
		assert.ok(error instanceof ExpectedError, String(error));
		return error.report.message;
	}
	throw new Error('It was not refused');
};
