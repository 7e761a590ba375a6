/** The devices of an account against a real server: listed with their trust, renamed, signed out; and those of another person. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test, type TestContext} from 'node:test';
import type {DeviceTrust, IdentityTrust} from '../../source/domain/device-requests.ts';
import {createHome, signInElsewhere, startEngine, startHome, type TestEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {refusal} from './room-requests.ts';

const servers = await needsServers();

const list = async (engine: TestEngine) => (await engine.session.devices({})).devices;

/** Keys and signatures come to a device as they come. */
const waitForTrust = async (t: TestContext, engine: TestEngine, deviceId: string, trust: DeviceTrust): Promise<void> =>
	t.waitFor(
		async () => {
			const device = (await list(engine)).find(each => each.deviceId === deviceId);
			assert.equal(device?.trust, trust);
		},
		{interval: 200, timeout: 20_000},
	);

test('devices are listed with their trust, and another one is renamed and signed out by password', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const {account} = home;
	const {recoveryKey} = await engine.session.setUpEncryption({password: account.password});
	const own = account.deviceId;
	await waitForTrust(t, engine, own, 'verified');

	const other = await signInElsewhere(server, account);
	const before = await list(engine);
	assert.deepEqual(new Set(before.map(({deviceId}) => deviceId)), new Set([own, other.deviceId]));
	assert.deepEqual(
		before.filter(({isThis}) => isThis).map(({deviceId}) => deviceId),
		[own],
	);
	assert.equal(before.find(({deviceId}) => deviceId === other.deviceId)?.trust, 'no-keys');

	const second = await startHome(t, await createHome(server, {account: other}), {isNew: true});
	await waitForTrust(t, engine, other.deviceId, 'unverified');
	// The second one sees that the first is signed, but not by whom.
	await waitForTrust(t, second, own, 'signed');
	await second.encryption.unlock(recoveryKey);
	await waitForTrust(t, engine, other.deviceId, 'verified');
	await waitForTrust(t, second, own, 'verified');

	await engine.session.renameDevice({deviceId: other.deviceId, name: 'Old laptop'});
	assert.equal((await list(engine)).find(({deviceId}) => deviceId === other.deviceId)?.name, 'Old laptop');
	assert.equal(
		await refusal(engine.session.signOutDevice({deviceId: own, password: account.password})),
		'This is the device that you are using.',
	);
	assert.deepEqual(await engine.session.signOutDevice({deviceId: other.deviceId}), {isDone: false});
	assert.equal(
		await refusal(engine.session.signOutDevice({deviceId: other.deviceId, password: 'a wrong guess'})),
		'The password is wrong.',
	);
	assert.equal((await list(engine)).length, 2);
	assert.deepEqual(await engine.session.signOutDevice({deviceId: other.deviceId, password: account.password}), {
		isDone: true,
	});
	assert.deepEqual(
		(await list(engine)).map(({deviceId}) => deviceId),
		[own],
	);
	await assert.rejects(
		matrixRequest({url: server.url, accessToken: other.accessToken}, 'GET', '/_matrix/client/v3/account/whoami'),
		/M_UNKNOWN_TOKEN/,
	);
	await engine.stop();
	const log = readFileSync(home.files.log, 'utf8');
	for (const secret of [account.password, 'a wrong guess']) assert.ok(!log.includes(secret));
});

test('the devices of another person are listed, with who vouches for them', servers, async t => {
	const server = await sharedSynapse();
	const {engine} = await startEngine(t, server);
	const bob = await startEngine(t, server);
	const {userId, deviceId, password} = bob.home.account;
	const waitFor = async (identity: IdentityTrust, trust: DeviceTrust): Promise<void> =>
		t.waitFor(
			async () =>
				assert.deepEqual(await engine.session.devicesOf({userId}), {
					identity,
					devices: [{deviceId, name: undefined, trust}],
				}),
			{interval: 200, timeout: 20_000},
		);
	await waitFor('none', 'unverified');
	await bob.engine.session.setUpEncryption({password});
	await waitFor('unverified', 'signed');
	await assert.rejects(engine.session.devicesOf({userId: 'bob'}), {message: 'bob is not the id of a person.'});
});
