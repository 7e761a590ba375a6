/** What the client says when nobody runs, or when one side goes away. */
import assert from 'node:assert/strict';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {SessionReply} from '../../source/domain/session.ts';
import {ConnectionLost, connectSession} from '../../source/instance/socket-client.ts';
import {connect, freshFiles, serve, serveLines, spawnOwner, until} from './socket-peers.ts';
import type {Served} from './socket-peers.ts';

test('where nobody runs there is no connection', async context => {
	const files = freshFiles(context);
	assert.equal(await connectSession(files), undefined);
	const gone = {socket: join(files.folder, 'gone', 's'), socketToken: join(files.folder, 'gone', 't')};
	assert.equal(await connectSession(gone), undefined);
	const server = await serve(context, files);
	await server.close();
	assert.equal(await connectSession(files), undefined);
	assert.deepEqual(readdirSync(files.folder), []);
});

test('the socket of a killed owner is stale: no connection, and the next owner takes its place', async context => {
	const files = freshFiles(context);
	const owner = await spawnOwner(context, files);
	const connection = await connect(context, files);
	const pending = [connection.session.status({}), connection.session.rooms({limit: 1})];
	owner.kill('SIGKILL');
	for (const answer of pending) {
		await assert.rejects(answer, (error: unknown) => {
			return error instanceof ConnectionLost && /went away/.test(error.message) && error.report.next !== undefined;
		});
	}
	await connection.closed;
	await assert.rejects(connection.session.status({}), ConnectionLost);
	assert.ok(existsSync(files.socket) && existsSync(files.socketToken));
	assert.equal(await connectSession(files), undefined);
	await serve(context, files);
	assert.ok(await (await connect(context, files)).session.status({}));
});

test('a request that is pending when either side closes is rejected', async context => {
	const files = freshFiles(context);
	let requestCount = 0;
	const handle = async (): Promise<SessionReply> => {
		requestCount += 1;
		return new Promise(() => undefined);
	};
	const server = await serve(context, files, {handle});
	const [one, two] = [await connect(context, files), await connect(context, files)];
	const pending = [one.session.status({}), two.session.status({})];
	const rejected = pending.map(async answer => assert.rejects(answer, ConnectionLost));
	await until(() => requestCount === 2);
	one.close();
	await server.close();
	await Promise.all(rejected);
});

test('the last reply still goes out when the server closes', async context => {
	const files = freshFiles(context);
	let server: Served | undefined;
	let closing: Promise<void> | undefined;
	server = await serve(context, files, {
		handle: async ({id}) => {
			setImmediate(() => {
				closing = server?.close();
			});
			return {id, ok: true, result: 'x'.repeat(4_000_000)};
		},
	});
	const {session, closed} = await connect(context, files);
	assert.equal((await session.logout({isForced: false}))['length'], 4_000_000);
	await closed;
	await closing;
	assert.equal(existsSync(files.socket), false);
});

test('an mx of another protocol is to be restarted', async context => {
	const files = freshFiles(context);
	await serveLines(context, files, '{"mx":"9.0.0","protocol":2,"userId":"@ada:example.org"}\n');
	await assert.rejects(connectSession(files), (error: unknown) => {
		return error instanceof ExpectedError && error.report.next === 'Restart the running mx.';
	});
});

test('an owner that ends just now counts as none, and one that speaks nonsense is an error', async context => {
	const files = freshFiles(context);
	await serveLines(context, files, '');
	assert.equal(await connectSession(files), undefined);
	for (const lines of ['x\n', '{}\n', '{"mx":"1","protocol":1,"userId":"@a:b"}\n{"accepted":false}\n']) {
		const other = freshFiles(context);
		await serveLines(context, other, lines);
		await assert.rejects(connectSession(other), ExpectedError);
	}
});

test('an owner that is suspended is reported after the time limit', async context => {
	const files = freshFiles(context);
	const owner = await spawnOwner(context, files);
	owner.kill('SIGSTOP');
	await assert.rejects(connectSession(files, 300), (error: unknown) => {
		return error instanceof ExpectedError && error.report.reason === 'notReady' && /suspended/.test(error.message);
	});
	owner.kill('SIGCONT');
	assert.equal((await connect(context, files)).userId, '@a:b');
});
