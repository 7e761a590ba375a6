/** Unlocking a further device with the recovery key, against a real homeserver. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {EventType, Preset, type MatrixClient} from 'matrix-js-sdk';
import {CryptoEvent, encodeRecoveryKey} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {ExpectedError} from '../../source/domain/errors.ts';
import {waitOnClient} from '../../source/matrix/client-conditions.ts';
import {setUpNewAccount} from '../../source/matrix/encryption-setup.ts';
import {readEncryptionSetup} from '../../source/matrix/encryption-state.ts';
import {unlockWithRecoveryKey, type RestoreProgress} from '../../source/matrix/recovery.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, uniqueName, type Account, type Owner} from '../helpers/synapse.ts';
import {encryptionOnServer, openDevice, type EncryptionDevice} from './encryption-client.ts';

type FirstDevice = EncryptionDevice & {readonly account: Account; readonly recoveryKey: string};

const setUpFirstDevice = async (owner: Owner, name: string): Promise<FirstDevice> => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName(name));
	const device = await openDevice(owner, server, account);
	const {recoveryKey} = await setUpNewAccount(device, {password: account.password});
	return {...device, account, recoveryKey};
};

const sendEncrypted = async (client: MatrixClient, texts: readonly string[]): Promise<string> => {
	const {room_id: roomId} = await client.createRoom({
		preset: Preset.PrivateChat,
		initial_state: [{type: EventType.RoomEncryption, state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}}],
	});
	const isReady = async () => client.getRoom(roomId)?.hasEncryptionStateEvent() ?? false;
	await waitOnClient(client, isReady, AbortSignal.timeout(20_000));
	for (const text of texts) await client.sendTextMessage(roomId, text);
	return roomId;
};

/** The SDK uploads keys to the backup up to ten seconds after they were made. */
const backUpKeys = (client: MatrixClient): Promise<void> =>
	new Promise(resolve => {
		client.on(CryptoEvent.KeyBackupSessionsRemaining, remaining => {
			if (remaining === 0) resolve();
		});
	});

const readableTexts = (client: MatrixClient, roomId: string): readonly unknown[] =>
	(client.getRoom(roomId)?.getLiveTimeline().getEvents() ?? [])
		.filter(event => event.isEncrypted() && !event.isDecryptionFailure())
		.map(event => event.getContent()['body']);

const refusedBecause = (pattern: RegExp) => (error: unknown) =>
	error instanceof ExpectedError && error.report.reason === 'encryption' && pattern.test(error.message);

test(
	'a second device with the recovery key is verified and reads what was written before it',
	await needsServers(),
	async t => {
		const server = await sharedSynapse();
		const first = await setUpFirstDevice(t, 'history');
		const backedUp = backUpKeys(first.client);
		const roomId = await sendEncrypted(first.client, ['old secret 1', 'old secret 2']);
		await backedUp;
		const before = await encryptionOnServer(server, first.account);

		const second = await openDevice(t, server, first.account);
		assert.equal((await readEncryptionSetup(second.client)).state, 'unverified');
		assert.deepEqual(readableTexts(second.client, roomId), []);
		const progress: RestoreProgress[] = [];
		const {setup, restored} = await unlockWithRecoveryKey(second, first.recoveryKey, {
			onProgress: step => progress.push(step),
		});
		assert.equal(setup.state, 'ready');
		assert.deepEqual(restored, {imported: 1, total: 1});
		assert.deepEqual(
			[progress.at(0), progress.at(-1)],
			[
				{restored: 0, total: undefined},
				{restored: 1, total: 1},
			],
		);
		await Promise.all(
			(second.client.getRoom(roomId)?.getLiveTimeline().getEvents() ?? []).map(event =>
				second.client.decryptEventIfNeeded(event),
			),
		);
		assert.deepEqual(readableTexts(second.client, roomId), ['old secret 1', 'old secret 2']);
		// Nothing was replaced, and each device trusts the other.
		assert.deepEqual(await encryptionOnServer(server, first.account), before);
		const trust = await second.client
			.getCrypto()
			?.getDeviceVerificationStatus(first.account.userId, first.client.getDeviceId() ?? '');
		assert.equal(trust?.crossSigningVerified, true);
	},
);

test('a wrong key, a typing error and no key at all leave the identity as it is', await needsServers(), async t => {
	const server = await sharedSynapse();
	const first = await setUpFirstDevice(t, 'wrong');
	const before = await encryptionOnServer(server, first.account);
	const second = await openDevice(t, server, first.account);
	const wrong = encodeRecoveryKey(new Uint8Array(32)) ?? '';
	const typo = first.recoveryKey.replace(/.$/, last => (last === 'a' ? 'b' : 'a'));
	await assert.rejects(unlockWithRecoveryKey(second, wrong), refusedBecause(/bad MAC/));
	await assert.rejects(unlockWithRecoveryKey(second, typo), refusedBecause(/typing error \(Incorrect parity\)/));
	await assert.rejects(unlockWithRecoveryKey(second, 'not a key'), refusedBecause(/typing error/));
	await assert.rejects(unlockWithRecoveryKey(second, ''), refusedBecause(/typing error/));
	// What the SDK itself would do with the password at hand, when no key was given.
	await assert.rejects(async () => second.client.getCrypto()?.bootstrapCrossSigning({}), /falsey/);
	assert.deepEqual(await encryptionOnServer(server, first.account), before);
	assert.equal((await readEncryptionSetup(first.client)).state, 'ready');
	assert.equal((await readEncryptionSetup(second.client)).state, 'unverified');
	// After all that the right key still works.
	assert.equal((await unlockWithRecoveryKey(second, first.recoveryKey)).setup.state, 'ready');
});

test('a passphrase that another client asked for opens the account too', await needsServers(), async t => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('phrase'));
	const other = await openDevice(t, server, account);
	const crypto = other.client.getCrypto();
	await crypto?.bootstrapCrossSigning({authUploadDeviceSigningKeys: upload => upload(null)});
	const generated = await crypto?.createRecoveryKeyFromPassphrase('correct horse battery');
	assert.ok(generated);
	await crypto?.bootstrapSecretStorage({setupNewKeyBackup: true, createSecretStorageKey: async () => generated});
	const device = await openDevice(t, server, account);
	await assert.rejects(unlockWithRecoveryKey(device, 'wrong horse'), refusedBecause(/typing error/));
	assert.equal((await unlockWithRecoveryKey(device, 'correct horse battery')).setup.state, 'ready');
});

test('without other devices the states tell whether a recovery key can still help', await needsServers(), async t => {
	const server = await sharedSynapse();
	const first = await setUpFirstDevice(t, 'alone');
	const {account} = first;
	first.client.stopClient();
	await matrixRequest(
		{url: server.url, accessToken: account.accessToken},
		'POST',
		'/_matrix/client/v3/delete_devices',
		{
			devices: [first.client.getDeviceId() ?? ''],
			auth: {
				type: 'm.login.password',
				identifier: {type: 'm.id.user', user: account.userId},
				password: account.password,
			},
		},
	);
	const second = await openDevice(t, server, account);
	assert.equal((await readEncryptionSetup(second.client)).state, 'unverified-alone');
	await matrixRequest(
		{url: server.url, accessToken: account.accessToken},
		'PUT',
		`/_matrix/client/v3/user/${encodeURIComponent(account.userId)}/account_data/m.secret_storage.default_key`,
		{},
	);
	assert.equal((await readEncryptionSetup(second.client)).state, 'locked-out');
	const before = await encryptionOnServer(server, account);
	await assert.rejects(setUpNewAccount(second, {password: account.password}), refusedBecause(/already set up/));
	assert.deepEqual(await encryptionOnServer(server, account), before);
});

test('a deleted backup shows, and the recovery key makes a new one', await needsServers(), async t => {
	const server = await sharedSynapse();
	const first = await setUpFirstDevice(t, 'backup');
	await first.client.getCrypto()?.deleteKeyBackupVersion('1');
	assert.equal((await readEncryptionSetup(first.client)).state, 'no-backup');
	assert.equal((await unlockWithRecoveryKey(first, first.recoveryKey)).setup.state, 'ready');
	const [, version] = await encryptionOnServer(server, first.account);
	assert.equal(version, '2');
	const second = await openDevice(t, server, first.account);
	assert.equal((await unlockWithRecoveryKey(second, first.recoveryKey)).setup.state, 'ready');
});

test('a backup of another key is reported broken and stays', await needsServers(), async t => {
	const server = await sharedSynapse();
	const first = await setUpFirstDevice(t, 'mismatch');
	await matrixRequest(
		{url: server.url, accessToken: first.account.accessToken},
		'POST',
		'/_matrix/client/v3/room_keys/version',
		{
			algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2',
			auth_data: {public_key: 'Ch3bMmVzOeFNtE+MhhPRbdeJYHpwnZ3tm0hTf9pZB2g', signatures: {}},
		},
	);
	assert.equal((await readEncryptionSetup(first.client)).state, 'backup-broken');
	const second = await openDevice(t, server, first.account);
	const {setup, restored} = await unlockWithRecoveryKey(second, first.recoveryKey);
	assert.equal(setup.state, 'backup-broken');
	assert.equal(restored, undefined);
	const [, version] = await encryptionOnServer(server, first.account);
	assert.equal(version, '2');
});
