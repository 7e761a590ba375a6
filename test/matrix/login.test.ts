/** Signing in, out and in again, against a real homeserver; strange answers from a faulty one. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError, type ExitReason} from '../../source/domain/errors.ts';
import {asObject, parseJson} from '../../source/domain/json.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import {logInWithPassword, logOut, whoAmI} from '../../source/matrix/login.ts';
import {needsServers, sharedSynapse, uniqueName, type Owner} from '../helpers/synapse.ts';
import {closedPort, startFaultyServer} from './faulty-server.ts';

const send = createGuardedFetch({isFailed: () => undefined});

const failsWith = (reason: ExitReason, sentence: RegExp) => (error: unknown) => {
	assert.ok(error instanceof ExpectedError, String(error));
	assert.equal(error.report.reason, reason, error.message);
	assert.match(error.message, sentence);
	return true;
};

test('a person signs in by localpart or full id, and out again', await needsServers(), async () => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('login'));
	const localpart = account.userId.slice(1).split(':')[0] ?? '';
	for (const user of [localpart, account.userId]) {
		const session = {baseUrl: server.url, password: account.password, user, deviceName: 'mx on a test'};
		const signedIn = await logInWithPassword(session, send);
		assert.equal(signedIn.userId, account.userId);
		const token = {baseUrl: server.url, accessToken: signedIn.accessToken};
		assert.deepEqual(await whoAmI(token, send), {userId: account.userId, deviceId: signedIn.deviceId});
		await logOut(token, send);
		await assert.rejects(whoAmI(token, send), failsWith('notSignedIn', /no longer knows this session/));
		// Signing out twice is done, not failed.
		await logOut(token, send);
	}
});

test('signing in again with the device id comes back on the same device', await needsServers(), async () => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('again'));
	const login = {baseUrl: server.url, user: account.userId, password: account.password, deviceName: 'mx'};
	const first = await logInWithPassword(login, send);
	const second = await logInWithPassword({...login, deviceId: first.deviceId}, send);
	assert.equal(second.deviceId, first.deviceId);
	assert.notEqual(second.accessToken, first.accessToken);
});

test('a wrong password, an unknown user and a dead server are told apart', await needsServers(), async () => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('wrong'));
	const login = {baseUrl: server.url, user: account.userId, password: 'wrong', deviceName: 'mx'};
	await assert.rejects(
		logInWithPassword(login, send),
		failsWith('refused', /^The user name or the password is wrong\.$/),
	);
	await assert.rejects(
		logInWithPassword({...login, user: uniqueName('nobody')}, send),
		failsWith('refused', /wrong\.$/),
	);
	await assert.rejects(
		logInWithPassword({...login, baseUrl: await closedPort()}, send),
		failsWith('error', /nothing answers/),
	);
});

/** A server that answers every sign-in alike; tells what it was asked. */
const startLoginServer = async (
	owner: Owner,
	status: number,
	answer: object,
): Promise<{url: string; asked: unknown[]}> => {
	const asked: unknown[] = [];
	const url = await startFaultyServer(owner, (request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			asked.push(parseJson(Buffer.concat(chunks).toString()));
			response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(answer));
		});
	});
	return {url, asked};
};

const goodAnswer = {user_id: '@anna:example.org', device_id: 'DEVICE', access_token: 'secret'};

test('no refresh token is ever asked for', async t => {
	const {url, asked} = await startLoginServer(t, 200, goodAnswer);
	await logInWithPassword({baseUrl: url, user: 'anna', password: 'p', deviceName: 'mx', deviceId: 'DEVICE'}, send);
	assert.deepEqual(asked, [
		{
			type: 'm.login.password',
			identifier: {type: 'm.id.user', user: 'anna'},
			password: 'p',
			initial_device_display_name: 'mx',
			device_id: 'DEVICE',
		},
	]);
	assert.equal('refresh_token' in asObject(asked[0]), false);
});

test('an answer that names another account or device, or is incomplete, is not taken', async t => {
	const login = {user: '@anna:example.org', password: 'p', deviceName: 'mx', deviceId: 'DEVICE'};
	for (const [change, sentence] of [
		[{user_id: '@eve:example.org'}, /another account/],
		[{device_id: 'OTHER'}, /did not give the device back/],
		[{device_id: undefined}, /incomplete/],
		[{access_token: ''}, /incomplete/],
		[{user_id: 'anna'}, /incomplete/],
		[{user_id: 7}, /incomplete/],
	] as const) {
		const {url} = await startLoginServer(t, 200, {...goodAnswer, ...change});
		await assert.rejects(logInWithPassword({...login, baseUrl: url}, send), failsWith('error', sentence));
	}
});

test('the base URL that a sign-in names is given only if it is safe', async t => {
	for (const [named, given] of [
		['https://matrix.example.org/', 'https://matrix.example.org'],
		['http://matrix.example.org/', undefined],
		['javascript:alert(1)', undefined],
	] as const) {
		const {url} = await startLoginServer(t, 200, {...goodAnswer, well_known: {'m.homeserver': {base_url: named}}});
		const signedIn = await logInWithPassword({baseUrl: url, user: 'anna', password: 'p', deviceName: 'mx'}, send);
		assert.equal(signedIn.homeUrl, given);
	}
});

test('too many tries, a locked and a deactivated account are said as such', async t => {
	for (const [status, answer, sentence] of [
		[429, {errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 4000}, /too many requests/],
		[401, {errcode: 'M_USER_LOCKED', soft_logout: true}, /locked/],
		[403, {errcode: 'M_USER_DEACTIVATED'}, /deactivated/],
	] as const) {
		const {url} = await startLoginServer(t, status, answer);
		const login = {baseUrl: url, user: 'anna', password: 'p', deviceName: 'mx'};
		await assert.rejects(logInWithPassword(login, send), failsWith('refused', sentence));
	}
});
