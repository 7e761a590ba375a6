/** `mx verify` with the real program: two devices of an account, two people, beside a running mx and alone. */
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test, {before} from 'node:test';
import {asArray, asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {runMx, spawnMxInTerminal} from '../helpers/program.ts';
import {sharedSynapse, uniqueName, type Homeserver} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const root = temporaryDirectory();
let server: Homeserver;

before(async () => {
	server = await sharedSynapse();
});

let homes = 0;

/** mx in a home of its own, signed in. */
const signIn = async ({userId, password}: {readonly userId: string; readonly password: string}, flags: string[]) => {
	homes += 1;
	const home = path.join(root, String(homes));
	mkdirSync(home);
	const run = async (line: string, stdin = '') => runMx(line.split(' '), {home, stdin});
	const {code, stderr} = await runMx(['login', userId, '--password-stdin', ...flags], {home, stdin: `${password}\n`});
	assert.equal(code, 0, stderr);
	return {home, run};
};

const stepsOf = (stdout: string): readonly JsonObject[] =>
	stdout
		.split('\n')
		.filter(line => line !== '')
		.map(line => asObject(JSON.parse(line)));

const stateOf = async (run: (line: string) => Promise<{readonly stdout: string}>) =>
	asString(asObject(asObject(JSON.parse((await run('whoami --json')).stdout))['encryption'])['state']);

test('two devices verify each other by lines of JSON, and the new one gets the keys', async () => {
	const account = await server.registerUser(uniqueName('anna'));
	const first = await signIn(account, ['--recovery-key-file', path.join(root, 'anna.key')]);
	const second = await signIn(account, ['--skip-verification', '--device-name', 'second']);
	assert.equal(await stateOf(second.run), 'unverified');
	const [waited, asked] = await Promise.all([
		first.run('verify --incoming --json', 'accept\n{"answer": "match"}\n'),
		second.run('verify --json', 'match\n'),
	]);
	for (const {code, stderr} of [waited, asked]) assert.equal(code, 0, stderr);
	const [theirs, ours] = [stepsOf(waited.stdout), stepsOf(asked.stdout)];
	const compared = [theirs, ours].map(steps => steps.find(({step}) => step === 'compare'));
	assert.deepEqual(compared[0]?.['emoji'], compared[1]?.['emoji']);
	assert.deepEqual(compared[0]?.['decimals'], compared[1]?.['decimals']);
	assert.equal(theirs[0]?.['incoming'], true);
	for (const steps of [theirs, ours]) {
		assert.deepEqual([steps.at(-1)?.['step'], steps.at(-1)?.['trusted']], ['done', true]);
		assert.ok(steps.every(({v}) => v === 1));
	}
	assert.equal(await stateOf(second.run), 'ready');
	assert.ok(!waited.stdout.includes(readFileSync(path.join(root, 'anna.key'), 'utf8').trim()));
});

test('a person says that the emoji differ: both end with 9, and nothing is verified', async () => {
	const [anna, bob] = [await server.registerUser(uniqueName('anna')), await server.registerUser(uniqueName('bob'))];
	const hers = await signIn(anna, ['--recovery-key-file', path.join(root, `${homes}.key`)]);
	const his = await signIn(bob, ['--recovery-key-file', path.join(root, `${homes}.key`)]);
	// The chat is there, and he is in it.
	const sent = await runMx(['send', bob.userId, 'hello', '--json'], {home: hers.home});
	const roomId = asString(asObject(JSON.parse(sent.stdout))['room_id']) ?? '';
	const join = `/_matrix/client/v3/join/${encodeURIComponent(roomId)}`;
	await matrixRequest({url: server.url, accessToken: bob.accessToken}, 'POST', join, {});
	const [waited, asked] = await Promise.all([
		his.run('verify --incoming --json', 'accept\nmismatch\n'),
		hers.run(`verify ${bob.userId} --jsonl`, 'match\n'),
	]);
	assert.deepEqual([waited.code, asked.code], [9, 9], waited.stderr + asked.stderr);
	assert.equal(stepsOf(asked.stdout).at(-1)?.['room_id'], roomId);
	for (const {stdout} of [waited, asked])
		assert.deepEqual(
			[stepsOf(stdout).at(-1)?.['cancel_code'], stepsOf(stdout).at(-1)?.['trusted']],
			['m.mismatched_sas', false],
		);
});

test('what cannot be meant is said at once, and a wait ends by itself', async () => {
	const account = await server.registerUser(uniqueName('anna'));
	const {run} = await signIn(account, ['--recovery-key-file', path.join(root, `${homes}.key`)]);
	const both = await run('verify --own --incoming');
	assert.deepEqual([both.code, both.stdout], [2, '']);
	const device = await run('verify NOSUCHDEVICE');
	assert.deepEqual([device.code, /You have no device NOSUCHDEVICE/.test(device.stderr)], [5, true]);
	const waited = await run('verify --incoming --timeout 1');
	assert.deepEqual([waited.code, /Nothing came of it in time/.test(waited.stderr)], [4, true]);
});

test('beside a running mx the socket answers, and in a terminal a person says yes', async t => {
	const account = await server.registerUser(uniqueName('anna'));
	const first = await signIn(account, ['--recovery-key-file', path.join(root, `${homes}.key`)]);
	const second = await signIn(account, ['--skip-verification', '--device-name', 'second']);
	const screen = spawnMxInTerminal(t, [], {home: first.home});
	await screen.waitFor('F1 help');
	const asking = spawnMxInTerminal(t, ['verify'], {home: second.home});
	// The screen tells of it; another process answers.
	await screen.waitFor('asks to be verified.');
	const waited = first.run('verify --incoming --json', 'accept\nmatch\n');
	await asking.waitFor('Do both sides show the same? [y/N]');
	// The terminal breaks the line where it is full.
	const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');
	const compared = withoutBlanks(asking.lines().join(''));
	asking.press('y\r');
	assert.equal((await asking.ended).code, 0);
	const {code, stdout, stderr} = await waited;
	assert.equal(code, 0, stderr);
	const shown = stepsOf(stdout).find(({step}) => step === 'compare');
	for (const emoji of asArray(shown?.['emoji']))
		assert.ok(compared.includes(withoutBlanks(asString(asObject(emoji)['name']) ?? '?')));
	await screen.waitFor('Both devices trust each other now.');
	screen.press('/quit\r');
	assert.equal((await screen.ended).code, 0);
});
