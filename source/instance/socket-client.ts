/** Another mx process reaches the running one: the Session over its Unix socket. */
import {createConnection} from 'node:net';
import type {Socket} from 'node:net';
import {ExpectedError, exitCodes} from '../domain/errors.ts';
import type {ErrorReport, ExitReason} from '../domain/errors.ts';
import {asArray, asInteger, asObject, asString, isObject} from '../domain/json.ts';
import type {JsonObject} from '../domain/json.ts';
import type {EngineNotice, Session, SessionMethod} from '../domain/session.ts';
import {sessionProxy} from '../domain/session-proxy.ts';
import {jsonLine, maximumReply, maximumRequest, protocolVersion, readJsonLines} from './json-lines.ts';
import {checkSocketDirectory, codeOf, readToken} from './socket-files.ts';
import type {SocketFiles} from './socket-files.ts';

/** The Session of the running mx. */
export type SessionConnection = {
	readonly session: Session;
	/** Version of the running mx. */
	readonly version: string;
	/** Who is signed in there. */
	readonly userId: string;
	/** Tells what the engine tells everyone. @returns a function that lets the listener go */
	subscribe(listener: (notice: EngineNotice) => void): () => void;
	/** Settles when the connection is gone, whoever ended it. */
	readonly closed: Promise<void>;
	/** Ends the connection; requests without an answer are rejected. Until then it keeps the process alive. */
	close(): void;
};

/**
 * The running mx went away before it answered: the request may have been carried out or not. Claim the store, or
 * connect again, and repeat it with the same transaction key.
 */
export class ConnectionLost extends ExpectedError {
	constructor(options?: ErrorOptions) {
		super(
			{
				message: 'The running mx went away before it answered.',
				next: 'Run the command again; with the same --txn nothing is sent twice.',
				reason: 'error',
			},
			options,
		);
		this.name = 'ConnectionLost';
	}
}

/** What the socket delivers, to whoever listens at the moment. */
type Wire = {onValue: (value: unknown) => void; onEnd: (problem: unknown) => void};

type Greeting = {readonly version: string; readonly userId: string};

/** Codes that mean that nobody listens, or not any more. */
const absent: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

const unusable = (error: unknown): unknown => {
	const code = codeOf(error);
	if (code === undefined) return error;
	const message = `The socket of the running mx cannot be used: ${code}.`;
	return new ExpectedError({message, next: 'Quit the running mx and start it again.', reason: 'error'}, {cause: error});
};

const findToken = (files: SocketFiles): string | undefined => {
	try {
		checkSocketDirectory(files);
		return readToken(files);
	} catch (error) {
		if (absent.includes(codeOf(error))) return undefined;
		throw unusable(error);
	}
};

const isExitReason = (reason: unknown): reason is ExitReason =>
	typeof reason === 'string' && Object.hasOwn(exitCodes, reason);

const parseReport = (value: unknown): ErrorReport => {
	const report = asObject(value);
	const {reason} = report;
	const candidates = asArray(report['candidates']).filter(candidate => typeof candidate === 'string');
	return {
		message: asString(report['message']) ?? 'The running mx failed without a word.',
		next: asString(report['next']),
		reason: isExitReason(reason) ? reason : 'error',
		candidates: candidates.length === 0 ? undefined : candidates,
	};
};

/** @throws ExpectedError when the other side speaks another protocol */
const parseGreeting = (value: unknown): Greeting => {
	const greeting = asObject(value);
	const version = asString(greeting['mx']);
	const userId = asString(greeting['userId']);
	if (greeting['protocol'] === protocolVersion && version !== undefined && userId !== undefined) {
		return {version, userId};
	}
	throw new ExpectedError({
		message: 'The running mx is of another version and does not understand this one.',
		next: 'Restart the running mx.',
		reason: 'error',
	});
};

const silent = (): ExpectedError =>
	new ExpectedError({
		message: 'An mx is running, but it does not answer; it may be suspended.',
		next: 'Bring it to the foreground (fg), or end it.',
		reason: 'notReady',
	});

const createWire = (socket: Socket): Wire => {
	const wire: Wire = {onValue: () => undefined, onEnd: () => undefined};
	let problem: unknown;
	readJsonLines(socket, maximumReply, {
		onValue: value => wire.onValue(value),
		onOversize: () => socket.destroy(new Error('The running mx sent a line that is too long')),
	});
	socket.on('error', error => {
		problem = error;
	});
	socket.on('close', () => wire.onEnd(problem));
	return wire;
};

/**
 * Greeting, token, acceptance. The token is read when somebody has greeted: before that, the one of an mx that has just ended
 * may lie there.
 * @returns `undefined` when nobody listens, or stops doing so
 */
const greet = async (
	socket: Socket,
	wire: Wire,
	{files, timeout}: {readonly files: SocketFiles; readonly timeout: number},
): Promise<Greeting | undefined> =>
	new Promise((resolve, reject) => {
		let greeting: Greeting | undefined;
		let token: string | undefined;
		const fail = (error: unknown): void => {
			clearTimeout(timer);
			reject(error);
			socket.destroy();
		};
		const leave = (): void => {
			clearTimeout(timer);
			resolve(undefined);
			socket.destroy();
		};
		const timer = setTimeout(() => fail(silent()), timeout);
		wire.onEnd = problem => {
			clearTimeout(timer);
			if (problem === undefined || absent.includes(codeOf(problem))) resolve(undefined);
			else reject(unusable(problem));
		};
		wire.onValue = value => {
			try {
				if (greeting === undefined) {
					greeting = parseGreeting(value);
					token = findToken(files);
					if (token === undefined) return leave();
					socket.write(jsonLine({token}));
					return;
				}
			} catch (error) {
				return fail(error);
			}
			if (asObject(value)['accepted'] !== true) {
				// It was that of the next one already.
				if (findToken(files) !== token) return leave();
				return fail(new ExpectedError(parseReport(asObject(value)['refused'])));
			}
			clearTimeout(timer);
			resolve(greeting);
		};
	});

type PendingCall = {readonly resolve: (result: unknown) => void; readonly reject: (error: unknown) => void};

const createCalls = (socket: Socket) => {
	const pending = new Map<number, PendingCall>();
	let lastId = 0;
	return {
		call: async (method: SessionMethod, params: JsonObject): Promise<unknown> => {
			lastId += 1;
			const id = lastId;
			const line = jsonLine({id, method, params});
			if (Buffer.byteLength(line) > maximumRequest) {
				throw new ExpectedError({message: 'This is too large to be sent in one piece.', reason: 'usage'});
			}
			if (!socket.writable) throw new ConnectionLost();
			return new Promise((resolve, reject) => {
				pending.set(id, {resolve, reject});
				socket.write(line);
			});
		},
		settle(reply: JsonObject): void {
			const id = asInteger(reply['id']) ?? 0;
			const call = pending.get(id);
			pending.delete(id);
			if (reply['ok'] === true) call?.resolve(reply['result']);
			else call?.reject(new ExpectedError(parseReport(reply['error'])));
		},
		rejectAll(error: ConnectionLost): void {
			for (const call of pending.values()) call.reject(error);
			pending.clear();
		},
	};
};

const createSessionConnection = (socket: Socket, wire: Wire, greeting: Greeting): SessionConnection => {
	const calls = createCalls(socket);
	const listeners = new Set<(notice: EngineNotice) => void>();
	let isSubscribed = false;
	wire.onValue = value => {
		if (!isObject(value)) return;
		const {notice} = value;
		if (notice === undefined) calls.settle(value);
		else for (const listener of listeners) listener(notice as EngineNotice);
	};
	const closed = new Promise<void>(resolve => {
		wire.onEnd = problem => {
			calls.rejectAll(new ConnectionLost(problem === undefined ? undefined : {cause: problem}));
			resolve();
		};
	});
	return {
		...greeting,
		session: sessionProxy(calls.call),
		subscribe(listener) {
			listeners.add(listener);
			if (!isSubscribed && socket.writable) socket.write(jsonLine({subscribe: true}));
			isSubscribed = true;
			return () => listeners.delete(listener);
		},
		closed,
		close: () => socket.destroy(),
	};
};

/**
 * Connects to the running mx of the account.
 * @param timeout milliseconds for the greeting: a suspended mx accepts connections and says nothing
 * @returns `undefined` when none runs, or it is just ending: then claim the account's lock
 * @throws ExpectedError when the directory is not safe, or the running mx is suspended, of another version, or refuses
 */
export const connectSession = async (files: SocketFiles, timeout = 5000): Promise<SessionConnection | undefined> => {
	if (findToken(files) === undefined) return undefined;
	const socket = createConnection(files.socket);
	const wire = createWire(socket);
	const greeting = await greet(socket, wire, {files, timeout});
	return greeting === undefined ? undefined : createSessionConnection(socket, wire, greeting);
};
