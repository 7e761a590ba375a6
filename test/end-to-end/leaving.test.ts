/** Every way out of the screen gives the terminal back, ends in time and leaves no process behind. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {constants} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {before, suite, test, type TestContext} from 'node:test';
import {createRoom} from '../helpers/engine.ts';
import {spawnMxInTerminal, type Ended, type TerminalProgram} from '../helpers/program.ts';
import {assertRestored} from '../helpers/restored-terminal.ts';
import {composerText, enter, openFirstRoom, signIn, writeMessage, type SignedIn} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, startSynapse, type Homeserver} from '../helpers/synapse.ts';

const interrupt = '\u0003';

/** Milliseconds that leaving may take. */
const patience = 3000;

/** Processes that have this home in their environment; Linux alone tells. */
const processesOf = ({home}: SignedIn): readonly number[] =>
	readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.filter(name => {
			try {
				return readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`MX_HOME=${home}`);
			} catch {
				// It has ended meanwhile, or is somebody else's.
				return false;
			}
		})
		.map(Number);

/** The code that a shell tells. */
const shellCode = ({code, signal}: Ended): number => (signal === undefined ? code : 128 + signal);

/** Leaves by some way and checks everything about it. */
const leave = async (
	anna: SignedIn,
	screen: TerminalProgram,
	{act, code}: {readonly act: () => unknown; readonly code: number},
): Promise<void> => {
	const begin = performance.now();
	assert.ok(processesOf(anna).includes(screen.pid));
	act();
	const ended = await screen.ended;
	const time = performance.now() - begin;
	assert.equal(shellCode(ended), code);
	assert.ok(time < patience, `it took ${Math.round(time)} ms`);
	assertRestored(screen.output());
	assert.deepEqual(processesOf(anna), []);
};

const ways: ReadonlyArray<{
	readonly name: string;
	readonly code: number;
	readonly act: (screen: TerminalProgram) => unknown;
}> = [
	{name: 'Ctrl-C twice', code: 0, act: screen => screen.press(interrupt + interrupt)},
	{name: '/quit', code: 0, act: screen => screen.type(`/quit${enter}`)},
	...(['SIGTERM', 'SIGHUP', 'SIGINT'] as const).map(signal => ({
		name: signal,
		code: 128 + constants.signals[signal],
		act: (screen: TerminalProgram) => screen.kill(signal),
	})),
];

const isLinux = process.platform === 'linux';
const {skip} = await needsServers();

suite('leaving', {skip: skip || (isLinux ? false : 'needs /proc')}, () => {
	let server: Homeserver;
	let anna: SignedIn;

	before(async () => {
		server = await sharedSynapse();
		anna = await signIn(server);
		await createRoom(server, anna.account, {name: 'Exit', isEncrypted: true});
	});

	/** Opens the screen and talks a little, so that everything runs. */
	const open = async (t: TestContext): Promise<TerminalProgram> => {
		const screen = anna.openScreen(t);
		await openFirstRoom(screen);
		await writeMessage(screen, `hello from ${screen.pid}`);
		await screen.waitFor(lines => lines.some(line => line.includes(`hello from ${screen.pid}`) && line.includes('✓')));
		return screen;
	};

	for (const {name, code, act} of ways) {
		test(`by ${name}: code ${code}, the terminal as it was, nothing left`, async t => {
			const screen = await open(t);
			await leave(anna, screen, {act: () => act(screen), code});
		});
	}

	test('the shell below reads whole lines again', async t => {
		const script = path.join(anna.home, 'shell.mjs');
		writeFileSync(
			script,
			`import {execFileSync, spawnSync} from 'node:child_process';
			const mx = process.env.MX_PROGRAM;
			const {status} = spawnSync(process.execPath, [mx], {stdio: 'inherit'});
			console.log('mx ended with ' + status);
			console.log(execFileSync('stty', ['-a'], {stdio: ['inherit', 'pipe', 'inherit']}).toString());`,
		);
		const env = {MX_PROGRAM: path.resolve(import.meta.dirname, '../../dist/cli.js')};
		const shell = spawnMxInTerminal(t, [], {home: anna.home, script, env, columns: 100, rows: 30});
		await openFirstRoom(shell);
		shell.type(`/quit${enter}`);
		await shell.ended;
		assert.match(shell.output(), /mx ended with 0/);
		for (const flag of ['icanon', 'echo', 'isig', 'icrnl', 'opost'])
			assert.match(shell.output(), new RegExp(`[ \n]${flag}\\b`));
	});

	test('in the first moment, before the engine runs', async t => {
		const screen = anna.openScreen(t);
		await screen.waitFor('INBOX');
		await leave(anna, screen, {act: () => screen.press(interrupt + interrupt), code: 0});
	});

	test('what stands in the composer is there again', async t => {
		const first = await open(t);
		first.type('not finished');
		await first.waitFor('> not finished');
		await leave(anna, first, {act: () => first.kill('SIGTERM'), code: 143});
		const second = anna.openScreen(t);
		await openFirstRoom(second);
		await second.waitFor(lines => composerText(lines) === 'not finished');
		second.press('\u0015');
		await second.waitFor(lines => composerText(lines) === '');
		await leave(anna, second, {act: () => second.press(interrupt + interrupt), code: 0});
	});

	test('the first of two screens, and then the second', async t => {
		const first = await open(t);
		const second = anna.openScreen(t);
		await openFirstRoom(second);
		await second.waitFor(`hello from ${first.pid}`);
		second.press(interrupt + interrupt);
		assert.deepEqual(await second.ended, {code: 0, signal: undefined});
		assertRestored(second.output());
		await leave(anna, first, {act: () => first.kill('SIGTERM'), code: 143});
	});
});

test(
	'leaving while the server does not answer, and while there is none',
	{skip: skip || (isLinux ? false : 'needs /proc')},
	async t => {
		const server = await startSynapse(t);
		const anna = await signIn(server);
		await createRoom(server, anna.account, {name: 'Silence'});
		const first = anna.openScreen(t);
		await openFirstRoom(first);
		await writeMessage(first, 'hello');
		await first.waitFor(lines => lines.some(line => line.includes('hello') && line.includes('✓')));
		process.kill(server.pid(), 'SIGSTOP');
		try {
			await writeMessage(first, 'nobody answers');
			await leave(anna, first, {act: () => first.press(interrupt + interrupt), code: 0});
		} finally {
			process.kill(server.pid(), 'SIGCONT');
		}
		await server.stop();
		const second = anna.openScreen(t);
		await openFirstRoom(second);
		await second.waitFor('offline');
		await leave(anna, second, {act: () => second.type(`/quit${enter}`), code: 0});
	},
);
