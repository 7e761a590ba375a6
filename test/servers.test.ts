/** The real homeservers that other tests and newcomers rely on. */

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import test from 'node:test';
import {promisify} from 'node:util';
import {asString} from '../source/domain/json.ts';
import {matrixRequest, MatrixRequestError} from './helpers/matrix-request.ts';
import {needsServers, sharedSynapse, startSynapse, uniqueName} from './helpers/synapse.ts';
import {temporaryDirectory} from './helpers/temporary-directory.ts';

const options = await needsServers();

test('a user of the shared server is signed in and named after its port', options, async () => {
	const {url, serverName, registerUser} = await sharedSynapse();
	const name = uniqueName('alice');
	const account = await registerUser(name);
	assert.equal(account.userId, `@${name}:${serverName}`);
	const answer = await matrixRequest({url, ...account}, 'GET', '/_matrix/client/v3/account/whoami');
	assert.equal(answer['device_id'], account.deviceId);
});

test('a refused request tells its status and code', options, async () => {
	const {url, registerUser} = await sharedSynapse();
	const name = uniqueName('alice');
	await registerUser(name);
	await assert.rejects(registerUser(name), {status: 400, errcode: 'M_USER_IN_USE'});
	await assert.rejects(matrixRequest({url}, 'GET', '/_matrix/client/v3/account/whoami'), MatrixRequestError);
});

test('a hundred requests in a row meet no rate limit', options, async () => {
	const {url, registerUser} = await sharedSynapse();
	const account = await registerUser(uniqueName('alice'));
	const access = {url, ...account};
	const room = await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', {});
	const roomPath = `/_matrix/client/v3/rooms/${asString(room['room_id'])}`;
	for (let number = 1; number <= 100; number++) {
		await matrixRequest(access, 'PUT', `${roomPath}/send/m.room.message/t${number}`, {
			msgtype: 'm.text',
			body: `message ${number}`,
		});
	}
});

test('equal initial syncs are not answered from a cache', options, async () => {
	const {url, registerUser} = await sharedSynapse();
	const access = {url, ...(await registerUser(uniqueName('alice')))};
	const countRooms = async () => {
		const answer = await matrixRequest(access, 'GET', '/_matrix/client/v3/sync?timeout=0');
		return Object.keys((answer['rooms'] as {join?: object} | undefined)?.join ?? {}).length;
	};

	assert.equal(await countRooms(), 0);
	await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', {});
	assert.equal(await countRooms(), 1);
});

test('a server that was killed and started again has kept its port, its users and its rooms', options, async t => {
	const synapse = await startSynapse(t);
	const account = await synapse.registerUser('alice');
	const firstPid = synapse.pid();
	await synapse.kill();
	await assert.rejects(matrixRequest(synapse, 'GET', '/_matrix/client/versions'));
	await synapse.restart();
	assert.notEqual(synapse.pid(), firstPid);
	const access = {url: synapse.url, ...account};
	const answer = await matrixRequest(access, 'GET', '/_matrix/client/v3/account/whoami');
	assert.equal(answer['user_id'], account.userId);
	await synapse.stop();
	assert.throws(() => process.kill(synapse.pid(), 0), {code: 'ESRCH'});
	assert.match(await synapse.logText(), /STARTING SERVER/);
});

test('a server ends with the process that started it, even when that one is killed', options, async t => {
	const program = `
		import {startSynapse} from './test/helpers/synapse.ts';
		const synapse = await startSynapse({after() {}}, {directory: ${JSON.stringify(temporaryDirectory())}});
		process.stdout.write(String(synapse.pid()), () => process.kill(process.pid, 'SIGKILL'));
	`;
	const started = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
	const pid = await started.then(
		() => assert.fail('The process was not killed.'),
		(error: {stdout: string; stderr: string}) => {
			assert.match(error.stdout, /^\d+$/, error.stderr);
			return Number(error.stdout);
		},
	);
	await t.waitFor(() => assert.throws(() => process.kill(pid, 0), {code: 'ESRCH'}), {interval: 20, timeout: 10_000});
});

test('without Synapse, tests are skipped with the reason, and fail where servers are required', async () => {
	const program = `
		import {needsServers} from './test/helpers/synapse.ts';
		console.log(JSON.stringify(await needsServers()));
	`;
	const run = (required: string) =>
		promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
			env: {...process.env, MX_TEST_SYNAPSE_MISSING: 'no Python here', MX_REQUIRE_SERVERS: required},
		});
	assert.deepEqual(JSON.parse((await run('')).stdout), {skip: 'no Python here'});
	await assert.rejects(run('1'), /MX_REQUIRE_SERVERS is 1, but there is no test server: no Python here/);
});
