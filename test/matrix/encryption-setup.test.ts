/** Setting up encryption against a real homeserver: a new account once, an existing identity never again. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {replaceRecoveryKey, setUpNewAccount} from '../../source/matrix/encryption-setup.ts';
import {readEncryptionSetup} from '../../source/matrix/encryption-state.ts';
import {unlockWithRecoveryKey} from '../../source/matrix/recovery.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {encryptionOnServer, masterKeyOnServer, openDevice} from './encryption-client.ts';

const isRefusedForEncryption = (error: unknown): boolean =>
	error instanceof ExpectedError && error.report.reason === 'encryption';

test('a new account gets identity, backup and a recovery key', await needsServers(), async t => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('new'));
	const device = await openDevice(t, server, account);
	assert.equal((await readEncryptionSetup(device.client)).state, 'new-account');
	const {recoveryKey} = await setUpNewAccount(device, {password: account.password});
	assert.match(recoveryKey, /^(?:[1-9A-HJ-NP-Za-km-z]{4} ){11}[1-9A-HJ-NP-Za-km-z]{4}$/);
	assert.equal((await readEncryptionSetup(device.client)).state, 'ready');
	const [masterKey, version] = await encryptionOnServer(server, account);
	assert.equal(masterKey, await device.client.getCrypto()?.getCrossSigningKeyId());
	assert.equal(version, '1');
});

test('a set-up account cannot be set up again, from this or another device', await needsServers(), async t => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('twice'));
	const first = await openDevice(t, server, account);
	await setUpNewAccount(first, {password: account.password});
	const before = await encryptionOnServer(server, account);
	const second = await openDevice(t, server, account);
	assert.equal((await readEncryptionSetup(second.client)).state, 'unverified');
	for (const device of [first, second]) {
		await assert.rejects(setUpNewAccount(device, {password: account.password}), isRefusedForEncryption);
	}
	assert.deepEqual(await encryptionOnServer(server, account), before);
	assert.equal((await readEncryptionSetup(first.client)).state, 'ready');
});

/** Lets the uploads of two identities pass only in the order first, second, and only after both were asked for. */
const createRace = () => {
	const secondArrived = Promise.withResolvers<void>();
	const firstDone = Promise.withResolvers<void>();
	const isUpload = (input: unknown): boolean =>
		input instanceof URL && input.pathname.endsWith('/keys/device_signing/upload');
	const first: typeof fetch = async (input, init) => {
		if (!isUpload(input)) return fetch(input, init);
		await secondArrived.promise;
		const response = await fetch(input, init);
		firstDone.resolve();
		return response;
	};
	const second: typeof fetch = async (input, init) => {
		if (!isUpload(input)) return fetch(input, init);
		secondArrived.resolve();
		await firstDone.promise;
		return fetch(input, init);
	};
	return {first, second};
};

test('of two devices that set up one account at once one wins and the other is told', await needsServers(), async t => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('race'));
	const race = createRace();
	const winner = await openDevice(t, server, account, {fetch: race.first});
	const loser = await openDevice(t, server, account, {fetch: race.second});
	const [won, lost] = await Promise.allSettled([
		setUpNewAccount(winner, {password: account.password}),
		setUpNewAccount(loser, {password: account.password}),
	]);
	assert.ok(lost.status === 'rejected' && isRefusedForEncryption(lost.reason));
	assert.ok(won.status === 'fulfilled');
	assert.equal(await masterKeyOnServer(server, account), await winner.client.getCrypto()?.getCrossSigningKeyId());
	assert.equal((await readEncryptionSetup(winner.client)).state, 'ready');
	assert.equal((await readEncryptionSetup(loser.client)).state, 'unverified');
	// The loser's own keys are gone for good: it unlocks like any further device.
	assert.equal((await unlockWithRecoveryKey(loser, won.value.recoveryKey)).setup.state, 'ready');
});

test(
	'two devices that set up one account with no order between them replace nothing silently',
	await needsServers(),
	async t => {
		const server = await sharedSynapse();
		const account = await server.registerUser(uniqueName('free-race'));
		const devices = [await openDevice(t, server, account), await openDevice(t, server, account)];
		const results = await Promise.allSettled(
			devices.map(device => setUpNewAccount(device, {password: account.password})),
		);
		const masterKey = await masterKeyOnServer(server, account);
		for (const [index, result] of results.entries()) {
			if (result.status === 'rejected') assert.ok(isRefusedForEncryption(result.reason), String(result.reason));
			else assert.equal(await devices[index]?.client.getCrypto()?.getCrossSigningKeyId(), masterKey);
		}
	},
);

test('a set-up that was cut off after the identity is finished on the same device', await needsServers(), async t => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('cut'));
	let isCut = true;
	const device = await openDevice(t, server, account, {
		fetch: async (input, init) => {
			const isSecret =
				init?.method === 'PUT' && input instanceof URL && input.pathname.endsWith('m.cross_signing.self_signing');
			return isCut && isSecret ? Response.json({errcode: 'M_UNKNOWN', error: 'no'}, {status: 400}) : fetch(input, init);
		},
	});
	await assert.rejects(setUpNewAccount(device, {password: account.password}), ExpectedError);
	const masterKey = await masterKeyOnServer(server, account);
	assert.ok(masterKey);
	isCut = false;
	assert.equal((await readEncryptionSetup(device.client)).state, 'no-backup');
	const {recoveryKey} = await setUpNewAccount(device, {password: account.password});
	assert.equal(await masterKeyOnServer(server, account), masterKey);
	const second = await openDevice(t, server, account);
	assert.equal((await unlockWithRecoveryKey(second, recoveryKey)).setup.state, 'ready');
});

test(
	'a recovery key that was never seen is replaced by a verified device alone, and the identity stays',
	await needsServers(),
	async t => {
		const server = await sharedSynapse();
		const account = await server.registerUser(uniqueName('unseen'));
		let isCut = true;
		const device = await openDevice(t, server, account, {
			fetch: async (input, init) => {
				const isBackupKey =
					init?.method === 'PUT' && input instanceof URL && input.pathname.endsWith('m.megolm_backup.v1');
				return isCut && isBackupKey
					? Response.json({errcode: 'M_UNKNOWN', error: 'no'}, {status: 400})
					: fetch(input, init);
			},
		});
		await assert.rejects(setUpNewAccount(device, {password: account.password}), ExpectedError);
		isCut = false;
		assert.equal((await readEncryptionSetup(device.client)).state, 'backup-broken');
		const [masterKey, version] = await encryptionOnServer(server, account);
		const other = await openDevice(t, server, account);
		await assert.rejects(replaceRecoveryKey(other), isRefusedForEncryption);
		const {recoveryKey: older} = await replaceRecoveryKey(device);
		const {recoveryKey} = await replaceRecoveryKey(device);
		assert.deepEqual((await encryptionOnServer(server, account)).slice(0, 2), [masterKey, version]);
		await assert.rejects(unlockWithRecoveryKey(other, older), isRefusedForEncryption);
		assert.equal((await unlockWithRecoveryKey(other, recoveryKey)).setup.state, 'ready');
	},
);

test('stored keys of an account without an identity are not overwritten', await needsServers(), async t => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('remains'));
	await matrixRequest(
		{url: server.url, accessToken: account.accessToken},
		'PUT',
		`/_matrix/client/v3/user/${encodeURIComponent(account.userId)}/account_data/m.secret_storage.default_key`,
		{key: 'older'},
	);
	const device = await openDevice(t, server, account);
	const before = await encryptionOnServer(server, account);
	await assert.rejects(setUpNewAccount(device, {password: account.password}), isRefusedForEncryption);
	assert.deepEqual(await encryptionOnServer(server, account), before);
	assert.equal(await masterKeyOnServer(server, account), undefined);
});

test('an identity that could not be uploaded is made anew at the next try', await needsServers(), async t => {
	const server = await sharedSynapse();
	const account = await server.registerUser(uniqueName('upload'));
	let isCut = true;
	const device = await openDevice(t, server, account, {
		fetch: async (input, init) => {
			const isIdentity = input instanceof URL && input.pathname.endsWith('/keys/device_signing/upload');
			return isCut && isIdentity
				? Response.json({errcode: 'M_FORBIDDEN', error: 'no'}, {status: 403})
				: fetch(input, init);
		},
	});
	await assert.rejects(
		setUpNewAccount(device, {password: account.password}),
		(error: unknown) => error instanceof ExpectedError && error.report.reason === 'refused',
	);
	assert.equal(await masterKeyOnServer(server, account), undefined);
	isCut = false;
	assert.equal((await readEncryptionSetup(device.client)).state, 'new-account');
	await setUpNewAccount(device, {password: account.password});
	assert.equal((await readEncryptionSetup(device.client)).state, 'ready');
});
