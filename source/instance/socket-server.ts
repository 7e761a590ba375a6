/** The running mx answers other mx processes of the same user over a Unix socket: requests, replies, notices. */
import {timingSafeEqual} from 'node:crypto';
import {chmodSync} from 'node:fs';
import {createServer} from 'node:net';
import type {Server, Socket} from 'node:net';
import process from 'node:process';
import {isMainThread} from 'node:worker_threads';
import {ExpectedError, reportOf} from '../domain/errors.ts';
import type {ErrorReport} from '../domain/errors.ts';
import {asObject, asString} from '../domain/json.ts';
import type {EngineNotice, SessionReply, SessionRequest} from '../domain/session.ts';
import {parseSessionRequest} from '../domain/session-proxy.ts';
import {jsonLine, maximumReply, maximumRequest, protocolVersion, readJsonLines} from './json-lines.ts';
import {checkSocketDirectory, removeSocketFiles, writeToken} from './socket-files.ts';
import type {SocketFiles} from './socket-files.ts';

/** Takes a listener for notices. @returns a function that lets it go */
export type Subscribe = (listener: (notice: EngineNotice) => void) => () => void;

/** What a server needs. */
export type ServeOptions = {
	readonly files: SocketFiles;
	/** Version of this mx, for the greeting. */
	readonly version: string;
	readonly userId: string;
	/** Answers one request; it must not reject (see answerRequest). */
	readonly handle: (request: SessionRequest) => Promise<SessionReply>;
	/** Called when a client wants notices. */
	readonly onSubscribe: Subscribe;
	/** Something that the log should hold: a client that was cut off, with the reason. */
	readonly onProblem?: (problem: string) => void;
};

/** A listening server. */
export type SessionServer = {
	/** Stops listening, lets written replies go out, removes the socket and its token. */
	close(): Promise<void>;
};

/** Milliseconds that a client has to say its token. */
const helloTimeout = 5000;
/** Bytes a client may leave unread before it is cut off. */
const maximumUnread = 2 * maximumReply;
const maximumClients = 64;

const isSameToken = (given: string, token: string): boolean => {
	const [left, right] = [Buffer.from(given), Buffer.from(token)];
	return left.length === right.length && timingSafeEqual(left, right);
};

const refused: ErrorReport = {
	message: 'The running mx did not accept this process.',
	next: 'Quit the running mx and start it again.',
	reason: 'error',
};

const tooLarge: ErrorReport = {
	message: 'The answer is too large for the socket.',
	next: 'Ask for fewer rooms or messages.',
	reason: 'error',
};

/** What goes out to one client; `cutOff` ends one that does not read. */
const createWriter = (socket: Socket, cutOff: (problem: string) => void) => {
	const writeLine = (line: string): void => {
		if (!socket.writable) return;
		socket.write(line);
		if (socket.writableLength > maximumUnread) cutOff('A client does not read what it asked for.');
	};
	return {
		write: (value: unknown): void => writeLine(jsonLine(value)),
		reply: (answer: SessionReply): void => {
			const line = jsonLine(answer);
			const isTooLarge = Buffer.byteLength(line) > maximumReply;
			writeLine(isTooLarge ? jsonLine({id: answer.id, ok: false, error: tooLarge}) : line);
		},
	};
};

/** One client: hello with the token first, then requests and at most one subscription. */
const serveClient = (socket: Socket, token: string, options: ServeOptions): void => {
	let isAccepted = false;
	let unsubscribe: (() => void) | undefined;
	const cutOff = (problem: string): void => {
		options.onProblem?.(problem);
		socket.destroy();
	};
	const {write, reply} = createWriter(socket, cutOff);
	const accept = (value: unknown): void => {
		if (!isSameToken(asString(asObject(value)['token']) ?? '', token)) {
			options.onProblem?.('A client did not know the token.');
			socket.end(jsonLine({refused}));
			return;
		}
		isAccepted = true;
		socket.setTimeout(0);
		write({accepted: true});
	};
	const answer = async (request: SessionRequest): Promise<void> => {
		try {
			reply(await options.handle(request));
		} catch (error) {
			reply({id: request.id, ok: false, error: reportOf(error)});
		}
	};
	const onValue = (value: unknown): void => {
		if (!socket.writable) return;
		if (!isAccepted) return accept(value);
		if (asObject(value)['subscribe'] === true) {
			unsubscribe ??= options.onSubscribe(notice => write({notice}));
			return;
		}
		const parsed = parseSessionRequest(value);
		switch (parsed.kind) {
			case 'request':
				void answer(parsed.request);
				break;
			case 'refused':
				reply(parsed.reply);
				break;
			case 'malformed':
				cutOff('A client sent a line that is not a request.');
		}
	};
	socket.on('error', error => options.onProblem?.(`A client was lost: ${error.message}`));
	socket.on('close', () => unsubscribe?.());
	socket.setTimeout(helloTimeout, () => cutOff('A client did not say its token.'));
	readJsonLines(socket, maximumRequest, {onValue, onOversize: () => cutOff('A client sent a line that is too long.')});
	write({mx: options.version, protocol: protocolVersion, userId: options.userId});
};

/** Binds with a umask that keeps others out from the first moment; a worker cannot set it, there the directory does. */
const listen = async (server: Server, path: string): Promise<void> => {
	const listening = new Promise<void>((resolve, reject) => {
		server.once('listening', resolve);
		server.once('error', reject);
	});
	const umask = isMainThread ? process.umask(0o077) : undefined;
	try {
		server.listen(path);
	} finally {
		if (umask !== undefined) process.umask(umask);
	}
	await listening;
	if (process.platform !== 'win32') chmodSync(path, 0o600);
};

/** Milliseconds that clients get to read the last replies. */
const closeTimeout = 1000;

const closeServer = async (server: Server, clients: ReadonlySet<Socket>): Promise<void> => {
	const closed = new Promise<void>(resolve => {
		server.close(() => resolve());
	});
	for (const client of clients) client.end();
	const timer = setTimeout(() => {
		for (const client of clients) client.destroy();
	}, closeTimeout);
	await closed;
	clearTimeout(timer);
};

/**
 * Listens on the account's socket. Only the holder of the account's lock may call it: it removes a stale socket.
 * @throws ExpectedError when the directory is not safe or something else is in the socket's place
 */
export const serveSession = async (options: ServeOptions): Promise<SessionServer> => {
	const {files} = options;
	checkSocketDirectory(files);
	removeSocketFiles(files);
	const token = writeToken(files);
	const clients = new Set<Socket>();
	const server = createServer(socket => {
		clients.add(socket);
		socket.on('close', () => clients.delete(socket));
		serveClient(socket, token, options);
	});
	server.maxConnections = maximumClients;
	try {
		await listen(server, files.socket);
	} catch (error) {
		removeSocketFiles(files);
		const why = error instanceof Error ? error.message : String(error);
		throw new ExpectedError({message: `mx cannot listen on its socket: ${why}.`, reason: 'error'}, {cause: error});
	}
	// After the start: an accept that failed, for want of descriptors.
	server.on('error', error => options.onProblem?.(`The socket failed: ${error.message}`));
	return {
		async close() {
			await closeServer(server, clients);
			removeSocketFiles(files);
		},
	};
};
