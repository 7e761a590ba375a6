/** Signing in and out with the real program and a real homeserver. */
import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {before} from 'node:test';
import {asArray, asObject, asString} from '../../source/domain/json.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {runMx, spawnMxInTerminal} from '../helpers/program.ts';
import {sharedSynapse, uniqueName, type Account, type Homeserver} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {startProxy} from './homeserver-proxy.ts';

const root = temporaryDirectory();
let server: Homeserver;

before(async () => {
	server = await sharedSynapse();
});

/** A new account, a home for mx, and mx in it. */
const createWorld = async () => {
	const account = await server.registerUser(uniqueName('anna'));
	const home = path.join(root, account.userId.slice(1).replaceAll(/\W/g, '-'));
	mkdirSync(home);
	const keyFile = path.join(home, 'recovery.key');
	return {
		account,
		home,
		keyFile,
		run: (line: string, stdin = '', directory = home) => runMx(line.split(' '), {home: directory, stdin}),
		/** Signs in as a script does. */
		login: () =>
			runMx(['login', account.userId, '--password-stdin', '--recovery-key-file', keyFile], {
				home,
				stdin: `${account.password}\n`,
			}),
	};
};

const files = (home: string, profile = 'default'): readonly string[] => {
	const data = path.join(home, 'data', profile);
	return existsSync(data) ? readdirSync(data) : [];
};

const devicesOf = async ({accessToken}: Account): Promise<readonly string[]> => {
	const answer = await matrixRequest({url: server.url, accessToken}, 'GET', '/_matrix/client/v3/devices');
	return asArray(answer['devices']).map(device => asString(asObject(device)['device_id']) ?? '');
};

const statusOf = async (run: (line: string) => Promise<{readonly stdout: string}>) => {
	const status = asObject(JSON.parse((await run('whoami --json')).stdout));
	return {
		deviceId: asString(status['device_id']),
		encryption: asString(asObject(status['encryption'])['state']),
		status,
	};
};

test('a script signs in on the first device: encryption is set up, the key is in its file, and nothing secret is printed', async () => {
	const {account, home, keyFile, run, login} = await createWorld();
	const {code, stdout, stderr} = await login();
	assert.equal(code, 0, stderr);
	assert.equal(stdout, `${account.userId}\n`);
	assert.match(stderr, /keyring is not available.*file that only your user can read/);
	const recoveryKey = readFileSync(keyFile, 'utf8').trim();
	assert.match(recoveryKey, /^Es\w\w(?: \w{4}){11}$/);
	assert.equal(statSync(keyFile).mode & 0o777, 0o600);
	assert.ok(!stderr.includes(recoveryKey) && !stderr.includes(account.password));
	assert.deepEqual([...files(home)].sort(), ['account.db', 'account.json', 'account.key', 'crypto.db']);
	const {encryption, status} = await statusOf(run);
	assert.equal(encryption, 'ready');
	assert.equal(status['user_id'], account.userId);
	assert.match(asString(asObject(status['device_keys'])['ed25519']) ?? '', /^[\w+/]{43}$/);
});

test('signing in twice is refused, and another profile is another account', async () => {
	const {account, run, login} = await createWorld();
	await login();
	const again = await run(`login ${account.userId} --password-stdin`, `${account.password}\n`);
	assert.deepEqual([again.code, /already signed in as/.test(again.stderr)], [1, true]);
	const other = await run('login somebody.test else');
	assert.deepEqual([other.code, /already signed in as/.test(other.stderr)], [1, true]);
	assert.equal((await run('whoami --profile work')).code, 3);
});

test('a wrong password is the exit code 7, and leaves neither files nor a device', async () => {
	const {account, home, run} = await createWorld();
	const devices = await devicesOf(account);
	const {code, stderr} = await run(`login ${account.userId} --password-stdin --skip-verification`, 'wrong\n');
	assert.deepEqual([code, /user name or the password is wrong/.test(stderr)], [7, true]);
	assert.deepEqual(files(home), []);
	assert.deepEqual(await devicesOf(account), devices);
});

test('a further device is verified by the recovery key; a wrong one leaves it unverified, and mx login goes on', async () => {
	const first = await createWorld();
	await first.login();
	const recoveryKey = readFileSync(first.keyFile, 'utf8').trim();
	const home = path.join(first.home, 'second');
	mkdirSync(home);
	const run = (line: string, stdin = '') => first.run(line, stdin, home);
	const wrong = recoveryKey.replace(/\w{4}$/, last => (last === 'aaaa' ? 'bbbb' : 'aaaa'));
	const refused = await run(
		`login ${first.account.userId} --password-stdin --recovery-key-stdin`,
		`${first.account.password}\n${wrong}\n`,
	);
	assert.equal(refused.code, 9, refused.stderr);
	assert.match(refused.stderr, /You stay signed in/);
	assert.notEqual((await statusOf(run)).encryption, 'ready');
	assert.equal((await run('login')).code, 4);
	const done = await run('login --recovery-key-stdin', `${recoveryKey}\n`);
	assert.equal(done.code, 0, done.stderr);
	assert.match(done.stderr, /This device is verified/);
	assert.equal((await statusOf(run)).encryption, 'ready');
});

test('--skip-verification signs in and says what is missing', async () => {
	const first = await createWorld();
	await first.login();
	const {code, stderr} = await first.run(
		`login ${first.account.userId} --password-stdin --skip-verification --profile other`,
		`${first.account.password}\n`,
	);
	assert.deepEqual([code, /not verified/.test(stderr)], [0, true]);
});

test('a person signs in at a terminal, and sees the recovery key once, on a screen of its own', async t => {
	const {account, home, run} = await createWorld();
	const program = spawnMxInTerminal(t, ['login'], {home, columns: 100});
	await program.waitFor('Homeserver (example.org):');
	program.press(`${server.serverName}\r`);
	await program.waitFor('User name:');
	program.press(`${account.userId.slice(1).split(':', 1).join('')}\r`);
	await program.waitFor('Password:');
	program.press(`${account.password}\r`);
	await program.waitFor('New passphrase');
	program.press('correct horse\r');
	await program.waitFor('The same again:');
	program.press('correct horse\r');
	await program.waitFor(/Es\w\w(?: \w{4}){11}/);
	await program.waitFor('Press Enter when you have written it down.');
	program.press('\r');
	assert.equal((await program.ended).code, 0);
	assert.doesNotMatch(program.lines().join('\n'), /Es\w\w(?: \w{4}){11}/);
	assert.ok(!program.output().includes(account.password) && !program.output().includes('correct horse'));
	// Without a terminal nobody can type the passphrase: the exit code 4, and whoami tells what it can.
	assert.equal((await run('rooms')).code, 4);
	assert.equal((await statusOf(run)).encryption, 'unknown');
	const rooms = spawnMxInTerminal(t, ['rooms'], {home});
	await rooms.waitFor('Passphrase of the key:');
	rooms.press('wrong\r');
	await rooms.waitFor('passphrase is wrong');
	rooms.press('correct horse\r');
	assert.equal((await rooms.ended).code, 0);
});

test('logout revokes the device and removes everything; signing in again then works', async () => {
	const {account, home, keyFile, run, login} = await createWorld();
	await login();
	const {deviceId} = await statusOf(run);
	assert.ok((await devicesOf(account)).includes(deviceId ?? ''));
	const {code, stderr} = await run('logout');
	assert.equal(code, 0, stderr);
	assert.deepEqual(files(home), []);
	assert.ok(!(await devicesOf(account)).includes(deviceId ?? ''));
	assert.equal((await run('whoami')).code, 3);
	const again = await run(
		`login ${account.userId} --password-stdin --recovery-key-stdin`,
		`${account.password}\n${readFileSync(keyFile, 'utf8')}`,
	);
	assert.equal(again.code, 0, again.stderr);
});

test('at a terminal logout asks first', async t => {
	const {home, run, login} = await createWorld();
	await login();
	const program = spawnMxInTerminal(t, ['logout'], {home, columns: 120});
	await program.waitFor('[y/N]');
	program.press('n\r');
	assert.equal((await program.ended).code, 130);
	assert.equal((await run('whoami')).code, 0);
});

/** Ends all sessions of the account, and removes their devices. */
const revokeAll = async ({accessToken}: Account): Promise<void> => {
	await matrixRequest({url: server.url, accessToken}, 'POST', '/_matrix/client/v3/logout/all', {});
};

test('a device that was removed comes back as a new one: messages stay, the old keys are kept, and it can be written to', async () => {
	const {account, home, keyFile, run, login} = await createWorld();
	await login();
	const {deviceId} = await statusOf(run);
	await revokeAll(account);
	const doctor = await run('doctor');
	assert.deepEqual([doctor.code, /problem\tsession/.test(doctor.stdout)], [1, true]);
	const {code, stderr} = await run(
		'login --password-stdin --recovery-key-stdin',
		`${account.password}\n${readFileSync(keyFile, 'utf8')}`,
	);
	assert.equal(code, 0, stderr);
	assert.ok(files(home).some(name => name.startsWith('crypto.db.bad-')));
	const {deviceId: newDevice, encryption} = await statusOf(run);
	assert.notEqual(newDevice, deviceId);
	assert.equal(encryption, 'ready');
	assert.equal((await run('doctor')).code, 0);
});

test('an account whose databases are gone does not block the next login', async () => {
	const {account, home, run, login} = await createWorld();
	await login();
	const data = path.join(home, 'data', 'default');
	for (const name of files(home)) if (name.endsWith('.db')) rmSync(path.join(data, name));
	const {code, stderr} = await run(
		`login ${account.userId} --password-stdin --skip-verification`,
		`${account.password}\n`,
	);
	assert.equal(code, 0, stderr);
});

test('Ctrl-C during the first sync takes everything back, on the server too', async t => {
	const {account, home} = await createWorld();
	const proxy = await startProxy(t, server.url);
	proxy.stallSync();
	const devices = await devicesOf(account);
	const [name = ''] = account.userId.slice(1).split(':');
	const program = spawnMxInTerminal(t, ['login', proxy.name, name, '--secrets', 'file'], {home, columns: 120});
	await program.waitFor('Password:');
	program.press(`${account.password}\r`);
	await program.waitFor('Fetching your rooms');
	await proxy.stalled;
	assert.equal((await devicesOf(account)).length, devices.length + 1);
	assert.equal((await program.kill('SIGINT')).code, 130);
	assert.deepEqual(files(home), []);
	assert.deepEqual(await devicesOf(account), devices);
});

test('after a soft logout the same device signs in again, with its keys', async t => {
	const {account, home, keyFile, run} = await createWorld();
	const proxy = await startProxy(t, server.url);
	const [name = ''] = account.userId.slice(1).split(':');
	const first = await run(
		`login ${proxy.name} ${name} --password-stdin --recovery-key-file ${keyFile}`,
		`${account.password}\n`,
	);
	assert.equal(first.code, 0, first.stderr);
	const before = await statusOf(run);
	proxy.logOutSoftly();
	assert.match((await run('doctor')).stdout, /problem\tsession/);
	assert.equal((await run(`send ${account.userId} hello`)).code, 3);
	const again = await run('login --password-stdin', `${account.password}\n`);
	assert.equal(again.code, 0, again.stderr);
	assert.match(again.stderr, /Signed in again/);
	const after = await statusOf(run);
	assert.equal(after.deviceId, before.deviceId);
	assert.equal(after.encryption, 'ready');
	assert.deepEqual(after.status['device_keys'], before.status['device_keys']);
	assert.ok(!files(home).some(file => file.includes('.bad-')));
});

test('--force removes everything here although the key is lost', async () => {
	const {home, run, login} = await createWorld();
	await login();
	writeFileSync(path.join(home, 'data', 'default', 'account.key'), 'nonsense\n');
	const refused = await run('logout --yes');
	assert.deepEqual([refused.code, /logout --force/.test(refused.stderr)], [1, true]);
	assert.ok(files(home).includes('crypto.db'));
	const {code, stdout} = await run('logout --yes --force --json');
	assert.equal(code, 0);
	assert.equal(asObject(JSON.parse(stdout))['revoked'], false);
	assert.deepEqual(files(home), []);
});
