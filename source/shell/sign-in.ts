/** `mx login`: a new device of an account, or, where one is signed in here, the same device again. */
import type {LoginRequest, LoginResult} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {Engine} from '../engine/open-engine.ts';
import type {Homeserver} from '../matrix/discovery.ts';
import type {SignedIn} from '../matrix/login.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {planSecrets, type SecretsPlan} from './choose-secrets.ts';
import {catchUp, openLiveEngine} from './live-engine.ts';
import type {ShellParts} from './ports.ts';
import {setUpEncryption} from './set-up-encryption.ts';
import {signInAgain} from './sign-in-again.ts';
import {
	deviceNameOf,
	readIdentity,
	readPassword,
	readStdinSecrets,
	readUser,
	type StdinSecrets,
} from './sign-in-input.ts';
import {createUndo, type Undo} from './undo.ts';
import {existingDatabase, removeDatabases, wipeAccount} from './wipe-account.ts';

/** A key that is shown must be seen by somebody, so that is settled before anything is made. */
const requirePlaceForKey = (request: LoginRequest, {prompts}: ShellParts): void => {
	if (prompts !== undefined || request.recoveryKeyFile !== undefined) return;
	if (request.isRecoveryKeyOnStdin || request.isVerificationSkipped) return;
	throw new ExpectedError({
		message: 'There is no terminal to show or to ask for the recovery key.',
		next: 'Give --recovery-key-file FILE for a new account, --recovery-key-stdin for another device, or --skip-verification.',
		reason: 'usage',
	});
};

/** The record is lost or was never written: a new key over these files would make them unreadable for ever. */
const refuseOrphanedStore = ({access}: ShellParts): void => {
	const existing = existingDatabase(access.files);
	if (existing === undefined) return;
	throw new ExpectedError({
		message: `${existing} is there, but the account record that belongs to it is not.`,
		next: 'Put account.json back from a backup, move the files away, or sign in under another --profile.',
		reason: 'error',
	});
};

const describe = ({baseUrl, versions}: Homeserver): string => {
	const numbered = versions.filter(version => version.startsWith('v'));
	const last = numbered.at(-1) ?? versions.at(-1);
	return `Homeserver: ${baseUrl}${last === undefined ? '' : `, Matrix up to ${last}`}`;
};

/** A device on the server, and how to get rid of it. */
type NewDevice = {
	readonly signedIn: SignedIn;
	readonly homeserver: string;
	readonly password: string;
	readonly plan: SecretsPlan;
};

const signInOnServer = async (
	request: LoginRequest,
	given: StdinSecrets,
	parts: ShellParts,
	undo: Undo,
): Promise<NewDevice> => {
	const [{createGuardedFetch}, {discoverHomeserver, checkPasswordLogin}, {logInWithPassword, logOut}] =
		await Promise.all([
			import('../matrix/guarded-fetch.ts'),
			import('../matrix/discovery.ts'),
			import('../matrix/login.ts'),
		]);
	const send = createGuardedFetch({
		isFailed: () => (parts.signal.aborted ? (parts.signal.reason as Error) : undefined),
	});
	const {server, user: typed} = await readIdentity(request, parts);
	parts.talk.progress(`Looking for ${server}…`);
	const homeserver = await discoverHomeserver(server, send);
	parts.talk.say(describe(homeserver));
	await checkPasswordLogin(homeserver, send);
	const user = await readUser(typed, parts);
	const password = await readPassword(given.password, parts);
	const plan = await planSecrets(request, parts);
	const {baseUrl} = homeserver;
	const signedIn = await logInWithPassword({baseUrl, user, password, deviceName: deviceNameOf(request)}, send);
	const {accessToken, deviceId} = signedIn;
	undo.push(`the device ${deviceId} on the server`, async () =>
		logOut({baseUrl, accessToken}, createGuardedFetch({isFailed: () => undefined})),
	);
	parts.signal.throwIfAborted();
	return {signedIn, homeserver: signedIn.homeUrl ?? baseUrl, password, plan};
};

/** Makes key and record. */
const createAccount = async (
	{signedIn, homeserver, plan}: NewDevice,
	{access}: ShellParts,
	undo: Undo,
): Promise<{readonly record: AccountRecord; readonly masterKey: Uint8Array}> => {
	const [{createMasterKey, deleteMasterKey}, {writeAccountRecord}, {chooseCipher, readCpuFlags}, {removeFile}] =
		await Promise.all([
			import('../store/secrets/master-key.ts'),
			import('../store/account-record.ts'),
			import('../store/open-database.ts'),
			import('../store/private-files.ts'),
		]);
	const context = access.secretsContext(plan.passphrase);
	const {userId, deviceId} = signedIn;
	const {masterKey, secrets} = await createMasterKey(plan.choiceFor(userId), context);
	undo.push('the key of the account', async () => deleteMasterKey(secrets, context));
	const record: AccountRecord = {
		version: 1,
		userId,
		deviceId,
		homeserver,
		cipher: chooseCipher(readCpuFlags()),
		secrets,
	};
	undo.push('the account record', () => removeFile(access.files.accountRecord));
	writeAccountRecord(access.files.accountRecord, record);
	return {record, masterKey};
};

const openNewAccount = async (
	device: NewDevice,
	parts: ShellParts,
	undo: Undo,
): Promise<{readonly engine: Engine; readonly record: AccountRecord}> => {
	await parts.access.prepare();
	const {record, masterKey} = await createAccount(device, parts, undo);
	undo.push('the databases', async () => removeDatabases(parts));
	const {accessToken} = device.signedIn;
	const engine = await openLiveEngine({record, masterKey, accessToken, isNewDevice: true}, parts);
	undo.push('the engine', engine.stop);
	await catchUp(engine, parts);
	return {engine, record};
};

/** All or nothing up to the first sync; what comes then is kept, and `mx login` goes on with it. */
const signInAnew = async (request: LoginRequest, parts: ShellParts): Promise<LoginResult> => {
	requirePlaceForKey(request, parts);
	refuseOrphanedStore(parts);
	const given = await readStdinSecrets(request, parts);
	const undo = createUndo();
	let opened: Awaited<ReturnType<typeof openNewAccount>>;
	let password: string;
	try {
		const device = await signInOnServer(request, given, parts, undo);
		password = device.password;
		opened = await openNewAccount(device, parts, undo);
	} catch (error) {
		parts.talk.progress('');
		for (const left of await undo.run()) parts.talk.say(`Not taken back: ${left}.`);
		throw error;
	}
	const {engine, record} = opened;
	const {userId, deviceId, homeserver} = record;
	parts.talk.say(`Signed in as ${userId} on the new device ${deviceId}.`);
	try {
		const {recoveryKey} = given;
		const {setup, recoveryKeyFile} = await setUpEncryption({engine, request, password, recoveryKey}, parts);
		return {userId, deviceId, homeserver, encryption: setup, recoveryKeyFile};
	} catch (error) {
		parts.talk.say('You stay signed in, but encryption is not set up completely; mx login goes on with it.');
		throw error;
	} finally {
		await engine.stop();
	}
};

/**
 * Signs in. What fails before the first sync is taken back, so that nothing is in the way of the next try.
 * @throws ExpectedError `usage`, `refused`, `notReady`, `encryption`, or by kind of failure
 */
export const signIn = async (request: LoginRequest, parts: ShellParts): Promise<LoginResult> => {
	const record = await parts.access.readRecord();
	if (record === undefined) return signInAnew(request, parts);
	if (existingDatabase(parts.access.files) !== undefined) return signInAgain(record, request, parts);
	// Cut off before anything was stored, by a crash or a logout that was not finished.
	await wipeAccount(record, parts);
	return signInAnew(request, parts);
};
