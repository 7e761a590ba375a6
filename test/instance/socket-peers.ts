/** Servers and clients for the tests of the socket; each goes with its test. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {createConnection, createServer} from 'node:net';
import {join} from 'node:path';
import process from 'node:process';
import type {TestContext} from 'node:test';
import type {ChildProcess} from 'node:child_process';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {EngineNotice, SessionReply, SessionRequest} from '../../source/domain/session.ts';
import {connectSession} from '../../source/instance/socket-client.ts';
import type {SessionConnection} from '../../source/instance/socket-client.ts';
import type {SocketFiles} from '../../source/instance/socket-files.ts';
import {serveSession} from '../../source/instance/socket-server.ts';
import type {ServeOptions} from '../../source/instance/socket-server.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

/** @returns paths in a new private folder that goes with the test. */
export const freshFiles = (context: TestContext): SocketFiles & {readonly folder: string} => {
	const folder = temporaryDirectory(context);
	return {folder, socket: join(folder, 'mx.sock'), socketToken: join(folder, 'mx.token')};
};

/** Answers with what was asked. */
export const echo = async ({id, ...request}: SessionRequest): Promise<SessionReply> => ({
	id,
	ok: true,
	result: request,
});

/** A server of this process. */
export type Served = {
	readonly problems: string[];
	readonly notify: (notice: EngineNotice) => void;
	readonly listenerCount: () => number;
	readonly close: () => Promise<void>;
};

/** Serves, until the test ends. */
export const serve = async (
	context: TestContext,
	files: SocketFiles,
	options: Partial<ServeOptions> = {},
): Promise<Served> => {
	const listeners = new Set<(notice: EngineNotice) => void>();
	const problems: string[] = [];
	const server = await serveSession({
		files,
		version: '1.2.3',
		userId: '@ada:example.org',
		handle: echo,
		onSubscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		onProblem: problem => problems.push(problem),
		...options,
	});
	let isClosed = false;
	const close = async (): Promise<void> => {
		if (!isClosed) await server.close();
		isClosed = true;
	};
	context.after(close);
	return {
		problems,
		close,
		notify(notice) {
			for (const listener of listeners) listener(notice);
		},
		listenerCount: () => listeners.size,
	};
};

/** Connects, until the test ends. */
export const connect = async (context: TestContext, files: SocketFiles): Promise<SessionConnection> => {
	const connection = await connectSession(files);
	assert.ok(connection);
	context.after(() => connection.close());
	return connection;
};

/** Speaks to the server without the client's manners. */
export const connectRaw = async (context: TestContext, files: SocketFiles) => {
	const socket = createConnection(files.socket);
	context.after(() => socket.destroy());
	socket.on('error', () => undefined);
	let received = '';
	socket.on('data', (chunk: Buffer) => {
		received += chunk.toString();
	});
	await once(socket, 'connect');
	return {socket, received: () => received, closed: new Promise(resolve => socket.on('close', resolve))};
};

/** Waits for a condition; the test's time limit is its end. */
export const until = async (condition: () => boolean): Promise<void> => {
	while (!condition()) await new Promise(resolve => setImmediate(resolve));
};

/** @returns whether an error is an ExpectedError whose sentence matches. */
export const saying = (pattern: RegExp) => (error: unknown) =>
	error instanceof ExpectedError && pattern.test(error.message);

/** Starts an owner that never answers, in a process of its own. */
export const spawnOwner = async (context: TestContext, files: SocketFiles): Promise<ChildProcess> => {
	const module = new URL('../../source/instance/socket-server.ts', import.meta.url).href;
	const code = `
		const {serveSession} = await import(${JSON.stringify(module)});
		const handle = () => new Promise(() => {});
		await serveSession({files: ${JSON.stringify(files)}, version: '1', userId: '@a:b', handle, onSubscribe: () => () => {}});
		console.log('ready');
	`;
	const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {stdio: ['ignore', 'pipe', 'inherit']});
	context.after(() => owner.kill('SIGKILL'));
	await once(owner.stdout, 'data');
	return owner;
};

/** A server that says what it likes. */
export const serveLines = async (context: TestContext, files: SocketFiles, lines: string): Promise<void> => {
	writeFileSync(files.socketToken, 'token');
	const server = createServer(socket => {
		socket.on('error', () => undefined);
		if (lines === '') socket.destroy();
		else socket.write(lines);
	});
	context.after(() => server.close());
	server.listen(files.socket);
	await once(server, 'listening');
};
