/** The process that tests with `--server demo` rely on: it can be cut off, comes back with everything, and ends with its parent. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {once} from 'node:events';
import {get, type ClientRequest} from 'node:http';
import test, {type TestContext} from 'node:test';
import {promisify} from 'node:util';
import {startDemoProcess} from '../../scripts/lib/demo-process.ts';
import type {ServerProcess} from '../../scripts/lib/server-process.ts';
import {asString} from '../../source/domain/json.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {homeserverAt} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const start = async (t: TestContext): Promise<ServerProcess> => {
	const server = await startDemoProcess({directory: temporaryDirectory(t)});
	t.after(() => server.stop());
	return server;
};

const whoAmI = async ({url}: ServerProcess, accessToken: string): Promise<unknown> =>
	(await matrixRequest({url, accessToken}, 'GET', '/_matrix/client/v3/account/whoami'))['user_id'];

/** A sync that waits for news, once it is under way. */
const waitForNews = async ({url}: ServerProcess, accessToken: string): Promise<ClientRequest> => {
	const {next_batch: since} = await matrixRequest({url, accessToken}, 'GET', '/_matrix/client/v3/sync');
	const path = `/_matrix/client/v3/sync?timeout=30000&since=${asString(since) ?? ''}`;
	const request = get(url + path, {agent: false, headers: {authorization: `Bearer ${accessToken}`}});
	await once(request, 'finish');
	// An answer to a later request: the server has the one before.
	await whoAmI({url} as ServerProcess, accessToken);
	return request;
};

for (const [name, end, message] of [
	['stopped', (server: ServerProcess) => server.stop(), /socket hang up/],
	// A TCP reset, as from a machine that comes back.
	['killed', (server: ServerProcess) => server.kill(), /read ECONNRESET/],
] as const) {
	test(`a demo server that was ${name} refuses, and is the same one when it was started again`, async t => {
		const server = await start(t);
		const {userId, accessToken} = await homeserverAt(server.url, server.serverName).registerUser('anna');
		assert.equal(userId, `@anna:localhost:${server.port}`);
		const news = await waitForNews(server, accessToken);
		const broken = assert.rejects(once(news, 'response'), {code: 'ECONNRESET', message});
		const ended = server.ended();
		await end(server);
		await broken;
		await ended;
		await assert.rejects(once(get(server.url, {agent: false}), 'response'), {code: 'ECONNREFUSED'});
		await end(server);
		assert.ok(process.kill(server.pid(), 0));
		await server.restart();
		assert.equal(await whoAmI(server, accessToken), userId);
		await server.restart();
		assert.equal(await whoAmI(server, accessToken), userId);
		assert.equal(await server.logText(), '');
	});
}

test('a demo server whose port is taken says so', async t => {
	const {port} = await start(t);
	await assert.rejects(startDemoProcess({directory: temporaryDirectory(t), port}), /EADDRINUSE/);
});

test('a demo server ends with the process that started it, even when that one is killed', async t => {
	const program = `
		import {startDemoProcess} from './scripts/lib/demo-process.ts';
		const server = await startDemoProcess({directory: ${JSON.stringify(temporaryDirectory(t))}});
		process.stdout.write(String(server.pid()), () => process.kill(process.pid, 'SIGKILL'));
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
