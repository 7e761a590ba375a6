/** The keyring through its child process: the real keytar where it works or not, and every way a child can fail. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test from 'node:test';
import type {TestContext} from 'node:test';
import {childScript} from '../../../source/store/secrets/child-script.ts';
import {KeyringUnavailable, createKeyring, probeKeyring} from '../../../source/store/secrets/keyring.ts';
import type {KeyringAccess} from '../../../source/store/secrets/keyring.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

/** Reads the request into `request`, then runs `body`. */
const scripted = (context: TestContext, body: string, timeout = 20_000): KeyringAccess & {readonly folder: string} => {
	const folder = temporaryDirectory(context);
	const script = join(folder, 'child.mjs');
	const prelude = `
		import fs from 'node:fs';
		const request = JSON.parse(fs.readFileSync(0, 'utf8'));
		const reply = answer => process.stdout.write(JSON.stringify(answer));
		const seen = process.env.FOLDER + '/seen';
		fs.appendFileSync(seen, JSON.stringify({request, argv: process.argv, key: process.env.MX_KEY}) + '\\n');
	`;
	writeFileSync(script, `${prelude}\n${body}`);
	return {script, timeout, folder, environment: {PATH: process.env['PATH'], FOLDER: folder, MX_KEY: 'secret'}};
};

const working = `
	const path = process.env.FOLDER + '/store.json';
	const store = fs.existsSync(path) ? JSON.parse(fs.readFileSync(path, 'utf8')) : {};
	const name = request.service + '/' + request.account;
	if (request.action === 'set') store[name] = request.secret;
	if (request.action === 'delete') delete store[name];
	fs.writeFileSync(path, JSON.stringify(store));
	reply({ok: true, secret: request.action === 'get' ? store[name] ?? null : null});
`;

const unavailable = (pattern: RegExp) => (error: unknown) =>
	error instanceof KeyringUnavailable && error.report.reason === 'notReady' && pattern.test(error.why);

test('an entry is written, read back and removed, and the secret is never an argument', async context => {
	const access = scripted(context, working);
	const keyring = createKeyring(access);
	assert.equal(await keyring.read('ada'), undefined);
	await keyring.write('ada', 'the secret');
	assert.equal(await keyring.read('ada'), 'the secret');
	await keyring.remove('ada');
	assert.equal(await keyring.read('ada'), undefined);
	const seen = readFileSync(join(access.folder, 'seen'), 'utf8').trim().split('\n');
	for (const line of seen) {
		const {argv, key, request} = JSON.parse(line) as {argv: string[]; key?: string; request: {service: string}};
		assert.equal(request.service, 'mx');
		assert.equal(key, undefined);
		assert.ok(!argv.some(argument => argument.includes('secret')));
	}
});

test('the probe leaves nothing behind', async context => {
	const access = scripted(context, working);
	assert.deepEqual(await probeKeyring(access), {isAvailable: true});
	assert.equal(readFileSync(join(access.folder, 'store.json'), 'utf8'), '{}');
});

test('a keyring that does not give back what was stored is not trusted', async context => {
	const access = scripted(context, 'reply({ok: true, secret: request.action === "get" ? "other" : null});');
	await assert.rejects(createKeyring(access).write('ada', 'x'), unavailable(/did not give back/));
	assert.deepEqual(await probeKeyring(access), {isAvailable: false, reason: 'it did not give back what was stored'});
});

test('a child that hangs is killed at the time limit', async context => {
	const body = 'fs.writeFileSync(process.env.FOLDER + "/pid", String(process.pid)); setInterval(() => {}, 1000);';
	const access = scripted(context, body, 1500);
	await assert.rejects(createKeyring(access).read('ada'), unavailable(/did not answer within 1.5 s/));
	const path = join(access.folder, 'pid');
	// Under load it may be killed before it wrote its number; then there is nothing left to look for.
	if (!existsSync(path)) return;
	const pid = Number(readFileSync(path, 'utf8'));
	assert.throws(() => process.kill(pid, 0), {code: 'ESRCH'});
});

test('a child that ignores SIGTERM is killed all the same', async context => {
	const access = scripted(context, 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);', 1500);
	await assert.rejects(createKeyring(access).read('ada'), unavailable(/did not answer/));
});

test('a child that crashes is reported, and mx lives', async context => {
	const access = scripted(context, 'process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000);');
	await assert.rejects(createKeyring(access).read('ada'), unavailable(/crashed \(SIGSEGV\)/));
});

test('a child that answers nonsense, nothing, or ends without reading is reported', async context => {
	for (const body of [
		'process.stdout.write("x");',
		'process.exit(3);',
		'reply({ok: true, secret: 1});',
		'reply([]);',
	]) {
		await assert.rejects(createKeyring(scripted(context, body)).read('ada'), unavailable(/ended with code/), body);
	}
	const missing = {...scripted(context, ''), script: '/nonexistent/child.mjs'};
	await assert.rejects(createKeyring(missing).write('ada', 'x'.repeat(1_000_000)), unavailable(/ended with code 1/));
});

const libsecretErrors: readonly (readonly [error: string, why: string])[] = [
	[
		'Failed to load keytar native addon, checked ["../build/Release"] on prebuilds/linux-x64',
		'libsecret is not installed',
	],
	['Cannot autolaunch D-Bus without X11 $DISPLAY', 'there is no desktop session (D-Bus)'],
	['Could not connect: Connection refused', 'there is no desktop session (D-Bus)'],
	['The name org.freedesktop.secrets was not provided by any .service files', 'no keyring service is installed'],
	['Cannot create an item in a locked collection', 'it is locked'],
	['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'it has no collection yet'],
	['Something\u001B[2J new.\n', 'Something [2J new'],
];

test('the errors of libsecret are put in words', {skip: process.platform !== 'linux'}, async context => {
	for (const [error, reason] of libsecretErrors) {
		const access = scripted(context, `reply({ok: false, error: ${JSON.stringify(error)}});`);
		assert.deepEqual(await probeKeyring(access), {isAvailable: false, reason});
	}
});

test('the real keytar works or says why not, in words and within the time limit', async () => {
	assert.ok(existsSync(childScript('keytar-process')));
	// No bus: no dialog can open on the screen of who runs the tests.
	const environment = {...process.env, DBUS_SESSION_BUS_ADDRESS: undefined, DISPLAY: undefined};
	const probe = await probeKeyring({environment, timeout: 20_000});
	if (process.platform !== 'linux') return;
	assert.ok(!probe.isAvailable);
	assert.match(
		probe.reason,
		/^(libsecret is not installed|there is no desktop session|no keyring service is installed)/,
	);
});
