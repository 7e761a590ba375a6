/** Who may speak on the socket, and what the files around it let through. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {
	chmodSync,
	chownSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test from 'node:test';
import {Worker} from 'node:worker_threads';
import {ExpectedError} from '../../source/domain/errors.ts';
import {connectSession} from '../../source/instance/socket-client.ts';
import {connect, connectRaw, echo, freshFiles, saying, serve, until} from './socket-peers.ts';

test('socket and token are 0600 in a 0700 directory, whatever the umask, and the umask is as before', async context => {
	const files = freshFiles(context);
	const umask = process.umask(0);
	context.after(() => process.umask(umask));
	await serve(context, files);
	assert.equal(process.umask(0), 0);
	assert.equal(statSync(files.socket).mode & 0o7777, 0o600);
	assert.equal(statSync(files.socketToken).mode & 0o7777, 0o600);
	assert.equal(statSync(files.folder).mode & 0o7777, 0o700);
});

test('a server in a worker thread, which has no umask of its own, makes the same modes', async context => {
	const files = freshFiles(context);
	const module = new URL('../../source/instance/socket-server.ts', import.meta.url).href;
	const code = `
		const {parentPort} = await import('node:worker_threads');
		const {serveSession} = await import(${JSON.stringify(module)});
		const handle = async ({id, method}) => {
			if (method === 'logout') setImmediate(() => server.close());
			return {id, ok: true, result: 'from the worker'};
		};
		const onSubscribe = () => () => undefined;
		const server = await serveSession({files: ${JSON.stringify(files)}, version: '1', userId: '@a:b', handle, onSubscribe});
		parentPort.postMessage('ready');
	`;
	const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
	context.after(async () => worker.terminate());
	await once(worker, 'message');
	assert.equal(statSync(files.socket).mode & 0o7777, 0o600);
	const connection = await connect(context, files);
	assert.equal(await connection.session.status({}), 'from the worker');
	const ended = once(worker, 'exit');
	await connection.session.logout({isForced: false});
	await ended;
	assert.deepEqual(readdirSync(files.folder), []);
});

test('who connects while one mx ends and the next one starts is not refused for the token of the first', async context => {
	const files = freshFiles(context);
	await serve(context, files);
	const token = readFileSync(files.socketToken, 'utf8');
	writeFileSync(files.socketToken, 'A'.repeat(43));
	const connecting = connectSession(files);
	// Its own token is written before it greets anybody.
	writeFileSync(files.socketToken, token);
	const connection = await connecting;
	connection?.close();
	assert.equal(connection?.userId, '@ada:example.org');
});

test('a client without the right token gets a refusal and nothing else', async context => {
	const files = freshFiles(context);
	let requestCount = 0;
	const server = await serve(context, files, {
		handle: async request => {
			requestCount += 1;
			return echo(request);
		},
	});
	writeFileSync(files.socketToken, 'A'.repeat(43));
	await assert.rejects(connectSession(files), saying(/did not accept/));
	for (const hello of ['{"token":""}', '{"token":null}', '[]', 'x', '{"id":1,"method":"status","params":{}}']) {
		const raw = await connectRaw(context, files);
		raw.socket.write(`${hello}\n{"id":1,"method":"status","params":{}}\n{"subscribe":true}\n`);
		await raw.closed;
		assert.match(raw.received(), /^\{"mx":"1.2.3","protocol":1,"userId":"@ada:example.org"\}\n\{"refused":.*\}\n$/);
	}
	assert.equal(requestCount, 0);
	assert.equal(server.listenerCount(), 0);
	assert.equal(server.problems.length, 6);
});

test('a line that is too long ends the connection of who sent it, and of nobody else', async context => {
	const files = freshFiles(context);
	const server = await serve(context, files);
	const polite = await connect(context, files);
	const raw = await connectRaw(context, files);
	raw.socket.write(`${JSON.stringify({token: readFileSync(files.socketToken, 'utf8')})}\n`);
	await until(() => raw.received().includes('accepted'));
	raw.socket.write('x'.repeat(1_200_000));
	await raw.closed;
	assert.deepEqual(server.problems, ['A client sent a line that is too long.']);
	const before = await connectRaw(context, files);
	before.socket.write('x'.repeat(1_200_000));
	await before.closed;
	assert.ok(await polite.session.status({}));
});

test('what is not a request ends the connection; an unknown method is answered', async context => {
	const files = freshFiles(context);
	const server = await serve(context, files);
	const raw = await connectRaw(context, files);
	raw.socket.write(`${JSON.stringify({token: readFileSync(files.socketToken, 'utf8')})}\n`);
	raw.socket.write('{"id":1,"method":"constructor","params":{}}\n{"id":2,"method":"send"}\n');
	await until(() => raw.received().split('\n').length === 5);
	assert.match(raw.received(), /"id":1,"ok":false.*another version.*\n.*"id":2,"ok":false/);
	raw.socket.write('nonsense\n');
	await raw.closed;
	assert.deepEqual(server.problems, ['A client sent a line that is not a request.']);
});

test('a directory that others can use is not trusted, by server and client', async context => {
	const files = freshFiles(context);
	await serve(context, files);
	chmodSync(files.folder, 0o770);
	await assert.rejects(connectSession(files), saying(/open to other users/));
	await assert.rejects(serve(context, files), saying(/open to other users/));
	chmodSync(files.folder, 0o700);
	assert.ok(await connect(context, files));
});

test('a directory of another user is not trusted', {skip: process.geteuid?.() !== 0}, async context => {
	const files = freshFiles(context);
	await serve(context, files);
	chownSync(files.folder, 4711, 4711);
	await assert.rejects(connectSession(files), saying(/belongs to another user/));
	chownSync(files.folder, 0, 0);
});

test('planted links are not followed', async context => {
	const files = freshFiles(context);
	const target = join(files.folder, 'target');
	writeFileSync(target, 'untouched');
	symlinkSync(target, files.socket);
	symlinkSync(target, files.socketToken);
	await assert.rejects(connectSession(files), ExpectedError);
	await serve(context, files);
	assert.equal(readFileSync(target, 'utf8'), 'untouched');
	assert.ok(statSync(files.socket).isSocket());
	assert.ok((await connect(context, files)).version);
});

test("what is in the socket's place and is no socket is not deleted", async context => {
	const files = freshFiles(context);
	writeFileSync(files.socket, 'precious');
	await assert.rejects(serve(context, files), saying(/is in the way/));
	assert.equal(readFileSync(files.socket, 'utf8'), 'precious');
	rmSync(files.socket);
	mkdirSync(files.socket);
	await assert.rejects(serve(context, files), saying(/is in the way/));
});
