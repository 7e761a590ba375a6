/** `mx login` where an account is signed in already: renew its session on the same device, or finish its encryption. */
import {existsSync} from 'node:fs';
import type {LoginRequest, LoginResult} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {AccountStatus} from '../domain/session.ts';
import type {Engine} from '../engine/open-engine.ts';
import {connectSession, type SessionConnection} from '../instance/socket-client.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {isDamage} from './account-access.ts';
import {isDeviceKnown, tokenState} from './account-checks.ts';
import {catchUp, openLiveEngine} from './live-engine.ts';
import type {ShellParts} from './ports.ts';
import {setUpEncryption} from './set-up-encryption.ts';
import {deviceNameOf, readPassword, readStdinSecrets, type StdinSecrets} from './sign-in-input.ts';
import {checkDatabase} from './store-check.ts';

const alreadySignedIn = (userId: string): ExpectedError =>
	new ExpectedError({
		message: `You are already signed in as ${userId}.`,
		next: 'Use --profile NAME for another account, or mx logout to leave this one.',
		reason: 'error',
	});

/** Whether the arguments name somebody else than who is signed in. */
const isSomebodyElse = ({userId}: AccountRecord, {server, user}: LoginRequest): boolean => {
	const named = user ?? (server?.startsWith('@') ? server : undefined);
	if (named === undefined) return false;
	return named.startsWith('@') ? named !== userId : !userId.startsWith(`@${named}:`);
};

const resultOf = (
	{userId, deviceId, homeserver}: AccountRecord,
	encryption: AccountStatus['encryption'],
): LoginResult => ({
	userId,
	deviceId,
	homeserver,
	encryption,
	recoveryKeyFile: undefined,
});

/** The running mx has the stores; it renews its own session. */
const signInThroughOwner = async (
	record: AccountRecord,
	{session}: SessionConnection,
	given: StdinSecrets,
	parts: ShellParts,
): Promise<LoginResult> => {
	const status = await session.status({});
	const {net, encryption} = status;
	if (net.state === 'soft-logout') {
		await session.signInAgain({password: await readPassword(given.password, parts)});
		parts.talk.say(`Signed in again as ${record.userId} on the device ${record.deviceId}.`);
		return resultOf(record, encryption);
	}
	const isFine = net.state !== 'logged-out' && (encryption.state === 'ready' || encryption.state === 'unknown');
	if (isFine) throw alreadySignedIn(record.userId);
	throw new ExpectedError({
		message: net.state === 'logged-out' ? 'This device was signed out.' : encryption.message,
		next: 'Quit the running mx, then run mx login again.',
		reason: 'error',
	});
};

/** @returns whether the crypto store is gone, emptied, or cannot be read as a whole; one that another mx has open counts as fine */
const isCryptoLost = async ({access}: ShellParts, record: AccountRecord, masterKey: Uint8Array): Promise<boolean> => {
	const {deriveKeys} = await import('../store/secrets/derived-keys.ts');
	const {cryptoDatabase: key} = deriveKeys(masterKey);
	try {
		const options = {file: access.files.cryptoDatabase, key, cipher: record.cipher, mode: 'exclusive'} as const;
		const state = await checkDatabase(options);
		return state === 'missing' || state === 'damaged';
	} catch (error) {
		// The master key was checked before: it is the first page.
		if (error instanceof ExpectedError && isDamage(error)) return true;
		throw error;
	}
};

/** What is known of the session before it is renewed. */
type Before = {readonly record: AccountRecord; readonly token: string | undefined; readonly isCryptoLost: boolean};

/** A session that was renewed. */
type Renewed = {readonly record: AccountRecord; readonly accessToken: string; readonly isNewDevice: boolean};

/**
 * Signs in on the same device while the server still has its keys. A device that was removed comes back without them,
 * and its crypto would never upload them again [measured: nobody could encrypt for it]; so that becomes a new device, as
 * one does whose keys cannot be read here.
 */
const renew = async (
	{record, token, isCryptoLost: isLost}: Before,
	password: string,
	request: LoginRequest,
	parts: ShellParts,
): Promise<Renewed> => {
	const [{createGuardedFetch}, {logInWithPassword, logOut}, {setAside}, {writeAccountRecord}] = await Promise.all([
		import('../matrix/guarded-fetch.ts'),
		import('../matrix/login.ts'),
		import('../store/open-database.ts'),
		import('../store/account-record.ts'),
	]);
	const {files} = parts.access;
	const send = createGuardedFetch({isFailed: () => undefined});
	const login = {baseUrl: record.homeserver, user: record.userId, password, deviceName: deviceNameOf(request)};
	if (!isLost) {
		const {accessToken} = await logInWithPassword({...login, deviceId: record.deviceId}, send);
		if (await isDeviceKnown(record, accessToken, send)) return {record, accessToken, isNewDevice: false};
		await logOut({baseUrl: record.homeserver, accessToken}, send);
	}
	const {accessToken, deviceId} = await logInWithPassword(login, send);
	// Nobody is to encrypt for a device whose keys are lost; that its session has ended already is as good.
	if (isLost && token !== undefined)
		await logOut({baseUrl: record.homeserver, accessToken: token}, send).catch(() => undefined);
	if (existsSync(files.cryptoDatabase)) {
		const name = setAside(files.cryptoDatabase, new Date(parts.now()));
		const why = isLost ? 'The keys of this device could not be read' : 'The server had removed this device';
		parts.talk.say(`${why}, so this is a new one. The old keys are kept as ${name}.`);
	}
	const renewed = {...record, deviceId};
	writeAccountRecord(files.accountRecord, renewed);
	return {record: renewed, accessToken, isNewDevice: true};
};

const finish = async (
	engine: Engine,
	record: AccountRecord,
	options: {readonly request: LoginRequest; readonly given: StdinSecrets; readonly wasGood: boolean},
	parts: ShellParts,
): Promise<LoginResult> => {
	const {request, given, wasGood} = options;
	try {
		await catchUp(engine, parts);
		const isReady = (await engine.encryption.read()).state === 'ready';
		if (wasGood && (isReady || request.isVerificationSkipped)) throw alreadySignedIn(record.userId);
		if (!wasGood) parts.talk.say(`Signed in again as ${record.userId} on the device ${record.deviceId}.`);
		const {setup, recoveryKeyFile} = await setUpEncryption({engine, request, ...given}, parts);
		return {...resultOf(record, setup), recoveryKeyFile};
	} finally {
		await engine.stop();
	}
};

/**
 * Renews the session if it has ended, keeping messages and keys; else finishes the encryption set-up if it is not done.
 * @throws ExpectedError `error` when there is nothing to do, or the account is another one; else by kind of failure
 */
export const signInAgain = async (
	record: AccountRecord,
	request: LoginRequest,
	parts: ShellParts,
): Promise<LoginResult> => {
	if (isSomebodyElse(record, request)) throw alreadySignedIn(record.userId);
	const {access} = parts;
	const connection = await connectSession(access.files);
	if (connection !== undefined) {
		try {
			return await signInThroughOwner(record, connection, await readStdinSecrets(request, parts), parts);
		} finally {
			connection.close();
		}
	}
	const masterKey = await access.masterKey(record);
	const token = await access.readToken(record);
	const state = token === undefined ? 'ended' : await tokenState(record, token);
	const before = {record, token, isCryptoLost: await isCryptoLost(parts, record, masterKey)};
	const wasGood = state === 'good' && !before.isCryptoLost;
	const given = await readStdinSecrets(request, parts);
	const password = wasGood ? given.password : await readPassword(given.password, parts);
	const renewed = password === undefined || wasGood ? undefined : await renew(before, password, request, parts);
	await access.prepare();
	const engine = await openLiveEngine(
		{record, accessToken: undefined, isNewDevice: false, ...renewed, masterKey},
		parts,
	);
	return finish(engine, renewed?.record ?? record, {request, given: {...given, password}, wasGood}, parts);
};
