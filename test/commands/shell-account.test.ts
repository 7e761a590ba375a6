/** `mx whoami`, `doctor`, `login`, `logout`, `help`: what they hand to the shell and what they print. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type {DoctorCheck, LoginRequest} from '../../source/commands/define-command.ts';
import type {AccountStatus} from '../../source/domain/session.ts';
import {now, run} from './shell-context.ts';

const status: AccountStatus = {
	userId: '@anna:one.test',
	deviceId: 'DEVICE',
	homeserver: 'https://one.test',
	net: {state: 'offline', cause: 'nothing answers', retryAt: now},
	encryption: {state: 'unverified', message: 'This device is not verified.', next: 'Run `mx login`'},
	lastSync: now,
	deviceKeys: {ed25519: 'ed', curve25519: 'curve'},
};

test('whoami shows account, device, connection, encryption and keys', async () => {
	const {lines, document} = await run(['whoami'], {shell: {whoami: async () => status}});
	for (const part of [
		'user\t@anna:one.test',
		'device\tDEVICE',
		'connection\toffline: nothing answers',
		'ed25519\ted',
	]) {
		assert.ok(lines.includes(part), part);
	}
	assert.deepEqual(document?.['net'], {
		state: 'offline',
		cause: 'nothing answers',
		retry_at: '2026-11-25T18:00:00.000Z',
		retry_at_ms: now,
	});
	assert.deepEqual(document?.['encryption'], {
		state: 'unverified',
		message: 'This device is not verified.',
		next: 'Run `mx login`',
	});
});

test('whoami has null where nothing is known', async () => {
	const bare = {...status, net: {state: 'online'}, lastSync: undefined, deviceKeys: undefined} as const;
	const {document, lines} = await run(['whoami'], {shell: {whoami: async () => bare}});
	assert.deepEqual(
		[document?.['last_sync'], document?.['last_sync_ms'], document?.['device_keys']],
		[null, null, null],
	);
	assert.ok(lines.includes('last sync\tnever'));
});

const check = (state: DoctorCheck['state']): DoctorCheck => ({
	name: 'server',
	state,
	message: 'nothing answers',
	next: state === 'ok' ? undefined : 'Check the network.',
});

test('doctor prints each check with what to do, and fails only on a problem', async () => {
	const doctor = (checks: readonly DoctorCheck[]) => run(['doctor'], {shell: {doctor: async () => checks}});
	const fine = await doctor([check('ok'), check('warning')]);
	assert.deepEqual(fine.lines, ['ok\tserver\tnothing answers', 'warning\tserver\tnothing answers\tCheck the network.']);
	assert.equal(fine.error, undefined);
	const bad = await doctor([check('problem'), check('ok'), check('problem')]);
	assert.deepEqual([bad.error?.reason, bad.error?.message], ['error', 'There are 2 problems.']);
	assert.deepEqual(bad.items?.[0], {
		name: 'server',
		state: 'problem',
		message: 'nothing answers',
		next: 'Check the network.',
	});
	assert.deepEqual(bad.document, {checks: bad.items});
});

test('login hands its flags on and never prints a secret', async () => {
	const requests: LoginRequest[] = [];
	const login = async (request: LoginRequest) => {
		requests.push(request);
		return {
			userId: '@anna:one.test',
			deviceId: 'DEVICE',
			homeserver: 'https://one.test',
			encryption: status.encryption,
			recoveryKeyFile: '/k',
		};
	};
	const words =
		'login one.test anna --password-stdin --recovery-key-stdin --recovery-key-file k --skip-verification --secrets file --device-name d';
	const {document, lines} = await run(words.split(' '), {shell: {login}});
	assert.deepEqual(requests, [
		{
			server: 'one.test',
			user: 'anna',
			isPasswordOnStdin: true,
			isRecoveryKeyOnStdin: true,
			recoveryKeyFile: 'k',
			isVerificationSkipped: true,
			secrets: 'file',
			secretsCommand: undefined,
			deviceName: 'd',
		},
	]);
	assert.deepEqual(lines, ['@anna:one.test']);
	assert.deepEqual(Object.keys(document ?? {}), [
		'user_id',
		'device_id',
		'homeserver',
		'encryption',
		'recovery_key_file',
	]);
});

test('logout asks unless told not to, and tells whether the server knows', async () => {
	const requests: unknown[] = [];
	const logout = async (request: unknown) => {
		requests.push(request);
		return {userId: '@anna:one.test', deviceId: 'DEVICE', isRevoked: false};
	};
	const {document} = await run(['logout', '--force', '-y'], {shell: {logout}});
	await run(['logout'], {shell: {logout}});
	assert.deepEqual(requests, [
		{isForced: true, isConfirmed: true},
		{isForced: false, isConfirmed: false},
	]);
	assert.deepEqual(document, {user_id: '@anna:one.test', device_id: 'DEVICE', revoked: false});
});

test('help hands the verb on', async () => {
	const asked: unknown[] = [];
	await run(['help', 'send'], {shell: {help: verb => void asked.push(verb)}});
	await run(['help'], {shell: {help: verb => void asked.push(verb)}});
	assert.deepEqual(asked, ['send', undefined]);
});
