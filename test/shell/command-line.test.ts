/** The program itself, without a server: exit codes, help, pipes, and what it does where nobody is signed in. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import {environmentOf, node, runMx, scriptOf, spawnMxInTerminal} from '../helpers/program.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const home = temporaryDirectory();
const run = (line: string, stdin = '') => runMx(line === '' ? [] : line.split(' '), {home, stdin});

test('without an account mx says what can be done, also in a terminal', async t => {
	const {code, stderr, stdout} = await run('');
	assert.deepEqual([code, stdout], [3, '']);
	for (const part of ['mx login', 'Create an account', 'mx --help']) assert.ok(stderr.includes(part), part);
	const program = spawnMxInTerminal(t, [], {home});
	await program.waitFor('nobody is signed in');
	assert.equal((await program.ended).code, 3);
});

test('every verb that needs an account says that nobody is signed in, and makes no files', async () => {
	const lines = ['rooms', 'read Family', 'send Family hello', 'whoami', 'logout --yes'];
	const codes = await Promise.all(lines.map(async line => (await run(line)).code));
	assert.deepEqual(
		codes,
		lines.map(() => 3),
	);
	assert.deepEqual(
		readdirSync(home).filter(name => name !== 'cache'),
		[],
	);
});

test('help and version go to stdout and are done', async () => {
	const [help, verb, flag, version] = await Promise.all(
		['--help', 'help send', 'send --help', '--version'].map(line => run(line)),
	);
	assert.deepEqual([help?.code, verb?.code, flag?.code, version?.code], [0, 0, 0, 0]);
	assert.match(help?.stdout ?? '', /login \[SERVER\] \[USER\]/);
	assert.equal(verb?.stdout, flag?.stdout);
	const {version: expected} = JSON.parse(
		readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'),
	) as {version: string};
	assert.equal(version?.stdout, `${expected}\n`);
	for (const each of [help, verb, flag, version]) assert.equal(each?.stderr, '');
});

test('wrong arguments are one sentence, what to do, and exit code 2', async () => {
	const lines = [
		'sned x',
		'--nope',
		'--json --jsonl rooms',
		'--profile a --profile b rooms',
		'send',
		'read x -n none',
		'--json',
		'--profile ../x rooms',
		'login',
	];
	for (const line of lines) {
		const {code, stderr, stdout} = await run(line);
		assert.equal(code, 2, line);
		assert.equal(stdout, '', line);
		assert.match(stderr, /^mx: [^\n]+\.\n {4}[^\n]+\n$/, line);
	}
});

/** In a shell, as a person redirects. @returns its exit code and what it said */
const redirected = async (
	line: string,
	redirection: string,
): Promise<{readonly code: number; readonly said: string}> => {
	const child = spawn('sh', ['-c', `"$0" "$1" ${line} ${redirection}`, node, scriptOf({home})], {
		env: environmentOf({home}),
	});
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		said += text;
	});
	const [code] = (await once(child, 'close')) as [number];
	return {code, said};
};

const needsFull = {skip: existsSync('/dev/full') ? false : 'there is no /dev/full here'};

test('a full disk for the output is one sentence and exit code 1, no stack', needsFull, async () => {
	for (const line of ['--help', 'help send']) {
		const {code, said} = await redirected(line, '> /dev/full');
		assert.equal(code, 1, line);
		assert.match(said, /^mx: The output could not be written: there is no space left\.\n {4}[^\n]+\n$/, line);
	}
});

test('where nothing can be said on stderr the exit code still tells what was done', needsFull, async () => {
	for (const redirection of ['2> /dev/full', '2>&-', '2> /dev/full > /dev/null']) {
		assert.equal((await redirected('--version', redirection)).code, 0, redirection);
		assert.equal((await redirected('rooms', redirection)).code, 3, redirection);
	}
	const unheard = spawn(node, [scriptOf({home}), 'rooms'], {env: environmentOf({home})});
	unheard.stderr.destroy();
	assert.deepEqual(await once(unheard, 'close'), [3, null]);
});

test('what a message is read from is asked for before an account is', async () => {
	const {code, stderr} = await run('send --text Family', '\n');
	assert.deepEqual([code, /There is no text to send/.test(stderr)], [2, true]);
});

test('a server that does not answer, one that is none, and a name that nobody has are one sentence each', async () => {
	const {createServer} = await import('node:http');
	const server = createServer((_request, response) => response.end('<html>hello</html>')).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const login = (name: string) =>
		run(`login ${name} anna --password-stdin --skip-verification --secrets file`, 'secret\n');
	const web = await login(`localhost:${port}`);
	server.close();
	const closed = await login(`localhost:${port}`);
	const unknown = await login('no-such-host.invalid');
	for (const {code, stderr} of [web, closed, unknown]) {
		assert.equal(code, 1);
		assert.match(stderr, /mx: Cannot reach [^\n]+\n( {4}[^\n]+\n)?$/);
	}
	assert.match(closed.stderr, /nothing answers/);
	assert.deepEqual(
		readdirSync(home).filter(name => name === 'data'),
		[],
	);
});

test('a reader that has seen enough ends mx quietly', async () => {
	const script = path.resolve(import.meta.dirname, '../../dist/cli.js');
	const child = spawn(process.execPath, [script, '--help'], {
		env: {...process.env, MX_HOME: home},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	child.stdout.destroy();
	let stderr = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	const [code] = (await once(child, 'close')) as [number | null];
	assert.deepEqual([code, stderr], [0, '']);
});

test('doctor works without an account, and finds a directory that is open to others', async () => {
	const fine = await run('doctor --json');
	assert.equal(fine.code, 0);
	const {v, checks} = JSON.parse(fine.stdout) as {v: number; checks: {name: string; state: string}[]};
	assert.equal(v, 1);
	assert.deepEqual(
		checks.map(({name}) => name),
		['node', 'terminal', 'directories', 'account'],
	);
	const data = path.join(home, 'data', 'open');
	mkdirSync(data, {recursive: true, mode: 0o755});
	const {code, stdout} = await run('doctor --profile open');
	assert.equal(code, 1);
	assert.match(stdout, /^problem\tdirectories\t.*open to other users.*chmod 700/m);
});

test('files of an account without its record are never signed in over', async () => {
	const data = path.join(home, 'data', 'orphan');
	mkdirSync(data, {recursive: true, mode: 0o700});
	writeFileSync(path.join(data, 'crypto.db'), 'precious');
	const {code, stderr} = await run(
		'login one.test anna --password-stdin --skip-verification --profile orphan',
		'secret\n',
	);
	assert.equal(code, 1);
	assert.match(stderr, /account\.json/);
	assert.equal(readFileSync(path.join(data, 'crypto.db'), 'utf8'), 'precious');
});

test('Ctrl-C at a question ends with 130 and leaves nothing behind', async t => {
	const program = spawnMxInTerminal(t, ['login'], {home});
	await program.waitFor('Homeserver');
	program.press('\u0003');
	assert.equal((await program.ended).code, 130);
	assert.deepEqual(
		readdirSync(home).filter(name => name === 'runtime'),
		[],
	);
});
