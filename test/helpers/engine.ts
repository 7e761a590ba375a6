/** A real engine for tests: a fresh user on a Synapse, its files in a temporary MX_HOME, opened as the shell opens it. */
import './sdk-timers.ts';
import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {accountFiles, resolveDirectories, type AccountFiles} from '../../source/domain/directories.ts';
import {asString} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import type {EngineNotice} from '../../source/domain/session.ts';
import {openEngine, type Engine, type EngineOptions} from '../../source/engine/open-engine.ts';
import {openAccountDatabase, type AccountDatabase} from '../../source/store/account-database.ts';
import type {AccountRecord} from '../../source/store/account-record.ts';
import {openLogFile} from '../../source/store/log-file.ts';
import {createKey, deriveKeys} from '../../source/store/secrets/derived-keys.ts';
import {matrixRequest} from './matrix-request.ts';
import {uniqueName, type Account, type Homeserver, type Owner} from './synapse.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** A device of an account and its files; plain data, so a child process can be given one. */
export type EngineHome = {
	readonly account: Account;
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	/** Base64 of 32 bytes. */
	readonly masterKey: string;
};

export type HomeOptions = {
	/** The account, its first device; a fresh one without. */
	readonly account?: Account;
	/** How mx reaches the server, where that is a proxy. */
	readonly url?: string;
};

let homeCount = 0;
let base: string | undefined;

/** Makes the directories of a device that was never opened. */
export const createHome = async (server: Homeserver, options: HomeOptions = {}): Promise<EngineHome> => {
	const account = options.account ?? (await server.registerUser(uniqueName('mx')));
	base ??= temporaryDirectory();
	homeCount += 1;
	const directories = resolveDirectories(
		{MX_HOME: path.join(base, String(homeCount))},
		{home: '/nowhere', platform: process.platform},
	);
	for (const directory of Object.values(directories)) mkdirSync(directory, {recursive: true, mode: 0o700});
	return {
		account,
		files: accountFiles(directories),
		record: {
			version: 1,
			userId: account.userId,
			deviceId: account.deviceId,
			homeserver: options.url ?? server.url,
			cipher: 'aegis',
			secrets: {backend: 'file', check: 'unused'},
		},
		masterKey: Buffer.from(createKey()).toString('base64'),
	};
};

/** Makes a private room by raw HTTP. @returns its id */
export const createRoom = async (
	server: Homeserver,
	{accessToken}: Account,
	options: {readonly name?: string; readonly isEncrypted?: boolean} = {},
): Promise<string> => {
	const encryption = {type: 'm.room.encryption', state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}};
	const room = await matrixRequest({url: server.url, accessToken}, 'POST', '/_matrix/client/v3/createRoom', {
		...(options.name === undefined ? {} : {name: options.name}),
		initial_state: options.isEncrypted ? [encryption] : [],
	});
	return asString(room['room_id']) ?? '';
};

/** Signs in as a further device. @returns the same account on it */
export const signInElsewhere = async (server: Homeserver, account: Account): Promise<Account> => {
	const login = await matrixRequest({url: server.url}, 'POST', '/_matrix/client/v3/login', {
		type: 'm.login.password',
		identifier: {type: 'm.id.user', user: account.userId},
		password: account.password,
	});
	return {
		...account,
		deviceId: asString(login['device_id']) ?? '',
		accessToken: asString(login['access_token']) ?? '',
	};
};

/** Opens the archive of a home that nobody has open. */
export const openArchive = (owner: Owner, home: EngineHome): AccountDatabase => {
	const key = deriveKeys(new Uint8Array(Buffer.from(home.masterKey, 'base64'))).accountDatabase;
	const account = openAccountDatabase({file: home.files.accountDatabase, key, cipher: home.record.cipher});
	owner.after(async () => account.close());
	return account;
};

/** Changes the archive of a home that nobody has open by SQL, as a crash or a damage would. */
export const spoilArchive = (owner: Owner, home: EngineHome, sql: string): void => {
	const account = openArchive(owner, home);
	account.database.exec(sql);
	account.close();
};

export type OpenOptions = {
	/** @default 'live' */
	readonly mode?: 'live' | 'one-shot';
	/** Whether the device is opened for the first time. @default false */
	readonly isNew?: boolean;
	/** Shorter limits on requests, and on the sync. */
	readonly limits?: EngineOptions['limits'];
	readonly requestLimits?: EngineOptions['requestLimits'];
	readonly receiptTimes?: EngineOptions['receiptTimes'];
	readonly bridgeTimes?: EngineOptions['bridgeTimes'];
	/** Milliseconds since the Unix epoch. @default Date.now */
	readonly now?: EngineOptions['now'];
};

/** An engine that remembers what it told. */
export type TestEngine = Engine & {readonly notices: readonly EngineNotice[]};

/** Opens a home's engine without starting it; `stop` may be called again and again. */
export const openHome = async (home: EngineHome, options: OpenOptions = {}): Promise<TestEngine> => {
	const {account, files, record} = home;
	const log = openLogFile({path: files.log, now: Date.now, level: 'debug'});
	const engine = await openEngine({
		files,
		record,
		keys: deriveKeys(new Uint8Array(Buffer.from(home.masterKey, 'base64'))),
		mode: options.mode ?? 'live',
		version: 'test',
		log,
		limits: options.limits,
		requestLimits: options.requestLimits,
		receiptTimes: options.receiptTimes,
		bridgeTimes: options.bridgeTimes,
		now: options.now,
		...(options.isNew ? {accessToken: account.accessToken, isNewDevice: true} : {}),
	});
	const notices: EngineNotice[] = [];
	engine.subscribe(notice => void notices.push(notice));
	let stopped: Promise<void> | undefined;
	return {...engine, notices, stop: () => (stopped ??= engine.stop().finally(() => log.close()))};
};

/** Opens a home's engine, and waits until it is in step with the server; it is stopped when its owner ends. */
export const startHome = async (owner: Owner, home: EngineHome, options: OpenOptions = {}): Promise<TestEngine> => {
	const engine = await openHome(home, options);
	owner.after(async () => engine.stop());
	await engine.start();
	await engine.caughtUp;
	return engine;
};

/** `startHome` for a fresh user. */
export const startEngine = async (
	owner: Owner,
	server: Homeserver,
	options: HomeOptions = {},
): Promise<{readonly home: EngineHome; readonly engine: TestEngine}> => {
	const home = await createHome(server, options);
	return {home, engine: await startHome(owner, home, {isNew: true})};
};

const patience = 45_000;

/**
 * Asks again at each notice of the engine, until something is found.
 * @param what for the failure: what was waited for
 * @param timeout milliseconds
 */
export const waitOnEngine = async <Found>(
	engine: Pick<Engine, 'subscribe'>,
	look: () => Promise<Found | undefined>,
	{what, timeout = patience}: {readonly what: () => string; readonly timeout?: number},
): Promise<Found> => {
	const deadline = performance.now() + timeout;
	let wake = Promise.withResolvers<void>();
	const unsubscribe = engine.subscribe(() => wake.resolve());
	try {
		for (;;) {
			wake = Promise.withResolvers<void>();
			const found = await look();
			if (found !== undefined) return found;
			const left = deadline - performance.now();
			if (left <= 0) throw new Error(`The engine waited in vain for ${what()}.`);
			const timer = setTimeout(() => wake.resolve(), left);
			await wake.promise;
			clearTimeout(timer);
		}
	} finally {
		unsubscribe();
	}
};

/** What a person can read of a message. */
export const textOf = (message: Message): string =>
	message.encryption === 'undecrypted'
		? `undecryptable: ${message.undecryptableReason ?? 'not tried yet'}`
		: (asString(message.content['body']) ?? '');

/** @returns all messages of a room that the archive has, oldest first, without state events. */
export const messagesOf = async (engine: Pick<Engine, 'session'>, room: string): Promise<readonly Message[]> => {
	const {messages} = await engine.session.read({room, count: 10_000});
	return messages.filter(message => message.stateKey === undefined);
};

/** @returns the readable text of a room's messages, oldest first. */
export const textsOf = async (engine: Pick<Engine, 'session'>, room: string): Promise<readonly string[]> =>
	(await messagesOf(engine, room)).map(textOf);

/** Waits for a message with this text, or the first one that passes a test. */
export const waitForMessage = async (
	engine: Pick<Engine, 'session' | 'subscribe'>,
	room: string,
	expected: string | ((message: Message) => boolean),
): Promise<Message> => {
	let all: readonly Message[] = [];
	return waitOnEngine(
		engine,
		async () => {
			const known = (await engine.session.rooms({limit: 10_000})).rooms.some(({roomId}) => roomId === room);
			all = known ? await messagesOf(engine, room) : [];
			return all.find(typeof expected === 'string' ? message => textOf(message) === expected : expected);
		},
		{
			what: () =>
				`${typeof expected === 'string' ? `"${expected}"` : 'a message that passes the test'} in ${room}; it has ${JSON.stringify(all.map(textOf))}`,
		},
	);
};

/** Waits until a room's messages are exactly these, oldest first. */
export const waitForTexts = async (
	engine: Pick<Engine, 'session' | 'subscribe'>,
	room: string,
	expected: readonly string[],
): Promise<void> => {
	let texts: readonly string[] = [];
	await waitOnEngine(
		engine,
		async () => {
			texts = await textsOf(engine, room);
			return isDeepStrictEqual(texts, expected) ? true : undefined;
		},
		{what: () => `${JSON.stringify(expected)} in ${room}; it has ${JSON.stringify(texts)}`},
	);
};

/** Sends a text and waits for the server. @returns the event id @throws Error when it was not delivered */
export const sendText = async (engine: Pick<Engine, 'session'>, to: string, body: string): Promise<string> => {
	const receipt = await engine.session.send({
		to,
		content: {msgtype: 'm.text', body},
		isWaiting: true,
		timeout: patience,
	});
	if (receipt.eventId === undefined || receipt.state !== 'sent')
		throw new Error(`Not sent: ${JSON.stringify(receipt)}`);
	return receipt.eventId;
};

/** Accepts an invitation as soon as it is there, and waits until the room is; mx may have done so by itself. */
export const acceptInvitation = async (
	engine: Pick<Engine, 'session' | 'subscribe'>,
	roomId: string,
): Promise<void> => {
	const waitFor = async (...memberships: readonly string[]) =>
		waitOnEngine(
			engine,
			async () =>
				(await engine.session.rooms({limit: 1000})).rooms.find(
					room => room.roomId === roomId && memberships.includes(room.membership),
				),
			{what: () => `${memberships.join(' or ')} of ${roomId}`},
		);
	const {membership} = await waitFor('invite', 'join');
	if (membership === 'invite') await engine.session.join({room: roomId});
	await waitFor('join');
};
