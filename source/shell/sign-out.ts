/** `mx logout`: revoke the session, then wipe what this machine keeps of the account. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {LogoutRequest, LogoutResult} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import {interrupted} from '../domain/interruption.ts';
import {connectSession, type SessionConnection} from '../instance/socket-client.ts';
import type {AccountRecord} from '../store/account-record.ts';
import type {Database} from '../store/open-database.ts';
import {claimAccount} from './claim-account.ts';
import type {ShellParts} from './ports.ts';
import {wipeAccount} from './wipe-account.ts';

/** Milliseconds that a running mx gets to end after it was told. */
const patience = 10_000;

const confirm = async ({userId}: AccountRecord, {isConfirmed}: LogoutRequest, parts: ShellParts): Promise<void> => {
	if (isConfirmed || parts.prompts === undefined) return;
	parts.talk.say(`This signs ${userId} out and removes its messages, keys and unsent messages from this machine.`);
	parts.talk.say('Encrypted messages can be read again only with the recovery key or another device.');
	if (!(await parts.prompts.confirm('Sign out and remove everything?'))) throw interrupted();
};

/** Runs `work`; with --force its failure is only told. @returns whether it worked */
const attempt = async (work: () => Promise<void>, {isForced}: LogoutRequest, {talk}: ShellParts): Promise<boolean> => {
	try {
		await work();
		return true;
	} catch (error) {
		if (!(error instanceof ExpectedError)) throw error;
		const {message, next, reason} = error.report;
		if (!isForced) {
			const steps = [next, 'To remove everything here all the same: mx logout --force'].filter(
				step => step !== undefined,
			);
			throw new ExpectedError({message, next: steps.join(' '), reason}, {cause: error});
		}
		talk.say(message);
		return false;
	}
};

const revokeThroughOwner = async (
	connection: SessionConnection,
	request: LogoutRequest,
	parts: ShellParts,
): Promise<boolean> => {
	const {session, closed} = connection;
	try {
		const isRevoked = await attempt(async () => void (await session.logout({isForced: false})), request, parts);
		if (!isRevoked) await session.logout({isForced: true});
		await Promise.race([closed, sleep(patience)]);
		return isRevoked;
	} finally {
		connection.close();
	}
};

const revokeToken = async (record: AccountRecord, {access}: ShellParts): Promise<void> => {
	const accessToken = await access.readToken(record);
	if (accessToken === undefined) return;
	const [{logOut}, {createGuardedFetch}] = await Promise.all([
		import('../matrix/login.ts'),
		import('../matrix/guarded-fetch.ts'),
	]);
	await logOut({baseUrl: record.homeserver, accessToken}, createGuardedFetch({isFailed: () => undefined}));
};

/** Holds the lock of the account; without a database, where there is nothing to lock. */
type Lock = {readonly database: Database | undefined};

const lock = async (record: AccountRecord, {access}: ShellParts): Promise<Lock> => {
	const [{openDatabase}, {StoreBusy}, {deriveKeys}] = await Promise.all([
		import('../store/open-database.ts'),
		import('../store/store-errors.ts'),
		import('../store/secrets/derived-keys.ts'),
	]);
	const {cryptoDatabase: file} = access.files;
	const key = deriveKeys(await access.masterKey(record)).cryptoDatabase;
	try {
		const options = {file, key, cipher: record.cipher, durability: 'full'} as const;
		return {database: openDatabase({...options, mode: 'exclusive', mustExist: true})};
	} catch (error) {
		// Missing or damaged: it goes anyway.
		if (error instanceof ExpectedError && !(error instanceof StoreBusy)) return {database: undefined};
		throw error;
	}
};

/** @returns whether the server knows that the session has ended. */
const revoke = async (record: AccountRecord, request: LogoutRequest, parts: ShellParts): Promise<boolean> => {
	const {access, signal} = parts;
	const now = (): number => performance.now();
	const connection = await connectSession(access.files);
	if (connection !== undefined) return revokeThroughOwner(connection, request, parts);
	const hasKey = await attempt(async () => void (await access.masterKey(record)), request, parts);
	if (!hasKey) return false;
	const owner = await claimAccount({
		files: access.files,
		claim: async () => lock(record, parts),
		signal,
		now,
	});
	if ('session' in owner) return revokeThroughOwner(owner, request, parts);
	try {
		return await attempt(async () => revokeToken(record, parts), request, parts);
	} finally {
		owner.database?.close();
	}
};

/**
 * Signs out. With --force everything is wiped although the server cannot be told, or the key is lost; never under a
 * running mx that does not answer.
 * @throws ExpectedError `notSignedIn`; `interrupted` when the person says no; by kind of failure when it is not forced
 */
export const signOut = async (request: LogoutRequest, parts: ShellParts): Promise<LogoutResult> => {
	const {talk, access} = parts;
	const record = await access.requireRecord();
	await confirm(record, request, parts);
	const isRevoked = await revoke(record, request, parts);
	if (!isRevoked) talk.say(`The device ${record.deviceId} stays on the server's list: remove it from another client.`);
	const problem = await wipeAccount(record, parts);
	if (problem !== undefined) talk.say(problem);
	talk.say(`Signed out: everything of ${record.userId} is removed from this machine.`);
	return {userId: record.userId, deviceId: record.deviceId, isRevoked};
};
