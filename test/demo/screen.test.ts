/** `mx demo` as a newcomer meets it: the screen without an account, the first minute, and nothing left of it. */
import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {suite, test, type TestContext} from 'node:test';
import {runMx, spawnMxInTerminal, type TerminalProgram} from '../helpers/program.ts';
import {assertRestored} from '../helpers/restored-terminal.ts';
import {composerText, enter, waitUntil} from '../helpers/signed-in.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const newLine = '\n';
const nextUnread = '\u001Ba';

type Machine = {
	readonly home: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly temporary: string;
};

/** A machine on which mx never ran. */
const createMachine = (): Machine => {
	const root = temporaryDirectory();
	const [home, temporary] = [path.join(root, 'home'), path.join(root, 'tmp')];
	mkdirSync(home);
	mkdirSync(temporary);
	return {home, temporary, env: {HOME: home, TMPDIR: temporary, MX_HOME: undefined, MX_TEST_MARK: root}};
};

const openDemo = (t: TestContext, {home, env}: Machine, args: readonly string[] = []): TerminalProgram =>
	spawnMxInTerminal(t, ['demo', ...args], {home, env, columns: 100, rows: 30});

const processesOf = ({env}: Machine): readonly string[] =>
	readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.filter(name => {
			try {
				return readFileSync(`/proc/${name}/environ`, 'utf8')
					.split('\0')
					.includes(`MX_TEST_MARK=${env['MX_TEST_MARK']}`);
			} catch {
				// It has ended meanwhile, or is somebody else's.
				return false;
			}
		});

suite('mx demo', () => {
	test('shows its rooms, and leaves no process, no file and no changed terminal', async t => {
		const machine = createMachine();
		const screen = openDemo(t, machine);
		await screen.waitFor(/ Zoé /);
		assert.equal(readdirSync(machine.temporary).length, 1);
		screen.type(`/quit${enter}`);
		assert.deepEqual(await screen.ended, {code: 0, signal: undefined});
		assertRestored(screen.output());
		assert.deepEqual([readdirSync(machine.temporary), readdirSync(machine.home)], [[], []]);
		if (existsSync('/proc')) assert.deepEqual(processesOf(machine), []);
	});

	test('the first room notices when each of its five keys was tried', async t => {
		const screen = openDemo(t, createMachine());
		await screen.waitFor('1. Enter sends');
		screen.type(`hello${enter}`);
		await screen.waitFor('2. ^J');
		screen.type('one');
		screen.press(newLine);
		screen.type(`two${enter}`);
		await screen.waitFor('3. Alt-A');
		screen.press(nextUnread);
		await screen.waitFor(lines => !(lines[1] ?? '').includes('│ mx '));
		// It counts as read when it was looked at for a moment, but for a reply in a thread.
		await screen.waitFor(lines => lines.some(line => /▸ .*\d\d:\d\d +1? +│/.test(line)));
		screen.type(`/go mx${enter}`);
		await screen.waitFor('5. / begins a command');
		screen.type(`/me waves${enter}`);
		await screen.waitFor('That is all it takes');
		await screen.waitFor(lines => composerText(lines) === '');
	});

	test('what a killed demo left is removed by the next one', async t => {
		const machine = createMachine();
		const first = openDemo(t, machine);
		await first.waitFor(/ Zoé /);
		await first.kill('SIGKILL');
		const [left] = readdirSync(machine.temporary);
		const second = openDemo(t, machine);
		await second.waitFor(/ Zoé /);
		await waitUntil(async () => assert.ok(!readdirSync(machine.temporary).includes(left ?? '')));
	});

	test('without a terminal it says what to do instead', async () => {
		const {home, env} = createMachine();
		const {code, stderr} = await runMx(['demo'], {home, env});
		assert.equal(code, 2);
		assert.match(stderr, /needs a terminal.*\n.*mx demo --serve/);
	});
});
