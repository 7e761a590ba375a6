/** Signals, stops, stalled and vanished terminals, sizes: the built program in a real terminal, with an account at work. */
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {before, suite, test} from 'node:test';
import {spawnMxInTerminal} from '../helpers/program.ts';
import {composerText, enter, goToRoom, waitUntil, writeMessage} from '../helpers/signed-in.ts';
import {connectSession} from '../../source/instance/socket-client.ts';
import {createRoom, textsOf} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {filesAt} from './damage.ts';
import {createScene, escape, interrupt, openAndTalk, openRoom, suiteOwner, untilBobHas, type Scene} from './scene.ts';

const program = path.resolve(import.meta.dirname, '../../dist/cli.js');
const redraw = '\u000C';

/** The terminal of a process. */
const terminalOf = (pid: number): string => readlinkSync(`/proc/${pid}/fd/0`);

const stty = (terminal: string, ...words: readonly string[]): string =>
	execFileSync('stty', ['-F', terminal, ...words], {encoding: 'utf8'});

const isRaw = (terminal: string): boolean => /-icanon/.test(stty(terminal, '-a'));

/** T: stopped, Z: dead; empty: gone. */
const stateOf = (pid: number): string => {
	try {
		return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
	} catch {
		return '';
	}
};

const untilGone = async (pid: number): Promise<void> => waitUntil(async () => assert.match(stateOf(pid), /^Z?$/));

const childrenOf = (pid: number): readonly number[] =>
	readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

const residentMegabytes = (pid: number): number =>
	Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

suite('process and terminal', await needsServers(), () => {
	const owner = suiteOwner();
	let scene: Scene;

	before(async () => {
		scene = await createScene(owner, 'Signals');
	});

	test('stopped and continued from outside, mx has its terminal and its screen again', async t => {
		const {bob, roomId} = scene;
		const screen = await openAndTalk(t, scene);
		screen.type('half a thought');
		await screen.waitFor('> half a thought');
		const terminal = terminalOf(screen.pid);
		process.kill(screen.pid, 'SIGSTOP');
		await waitUntil(async () => assert.equal(stateOf(screen.pid), 'T'));
		// What a shell does that gets its terminal back.
		stty(terminal, 'sane');
		await bob.sendText(roomId, 'said while it stood still');
		const before = screen.output().length;
		process.kill(screen.pid, 'SIGCONT');
		await screen.waitFor('said while it stood still');
		await waitUntil(async () => assert.ok(isRaw(terminal)));
		const after = screen.output().slice(before);
		for (const mode of ['[?1049h', '[?2004h', '[?1004h', '[?7l', '[2J'])
			assert.ok(after.includes(`${escape}${mode}`), mode);
		assert.equal(composerText(screen.lines()), 'half a thought');
		screen.type(' more');
		await screen.waitFor('> half a thought more');
		screen.press(`\u0015`);
		screen.press(interrupt + interrupt);
		assert.deepEqual(await screen.ended, {code: 0, signal: undefined});
	});

	for (const [name, stop] of [
		['a stop signal', undefined],
		['Ctrl-Z', '\u001A'],
	] as const) {
		test(`${name} gives the terminal to the shell, and fg brings the screen back`, async t => {
			const {anna} = scene;
			const script = path.join(anna.home, 'shell.mjs');
			writeFileSync(
				script,
				`import {spawnSync} from 'node:child_process';
				const lines = 'set -m; "$MX_NODE" "$MX_PROGRAM"; stty -a; echo "the shell is here"; read line; fg; echo "ended with $?"';
				spawnSync('/bin/sh', ['-c', lines], {stdio: 'inherit'});`,
			);
			const env = {MX_PROGRAM: program, MX_NODE: process.execPath};
			const shell = spawnMxInTerminal(t, [], {home: anna.home, script, env, columns: 100, rows: 30});
			await openRoom(shell, scene);
			shell.type('not finished');
			await shell.waitFor('> not finished');
			if (stop === undefined) {
				const [pid] = childrenOf(childrenOf(shell.pid)[0] ?? 0);
				process.kill(pid ?? 0, 'SIGTSTP');
			} else shell.press(stop);
			await shell.waitFor('the shell is here');
			assert.match(shell.output(), /[ \n]icanon/);
			assert.match(shell.output(), /[ \n]echo\b/);
			assert.ok(shell.output().includes(`${escape}[?1049l`));
			shell.type('\r');
			await shell.waitFor(lines => composerText(lines) === 'not finished');
			shell.press('\u0015');
			await shell.waitFor(lines => composerText(lines) === '');
			shell.type(`/quit${enter}`);
			await shell.ended;
			assert.match(shell.output(), /ended with 0/);
		});
	}

	test('a terminal that reads nothing stops neither what comes nor what goes, and mx ends when told', async t => {
		const {anna} = scene;
		const room = await createRoom(await sharedSynapse(), anna.account, {name: 'Stalled'});
		const screen = await openAndTalk(t, scene);
		await screen.waitFor('Stalled');
		await goToRoom(screen, 'Stalled');
		screen.setReading(false);
		const before = residentMegabytes(screen.pid);
		const connection = await connectSession(filesAt(anna.home));
		assert.ok(connection);
		t.after(() => connection.close());
		const stored = async (): Promise<readonly string[]> => textsOf(connection, room);
		const texts = Array.from({length: 100}, (_, number) => `stalled ${number}.`);
		// So many at once that no gap opens.
		for (let first = 0; first < texts.length; first += 10) {
			const some = texts.slice(first, first + 10);
			const say = async (text: string): Promise<void> => {
				const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${text}`;
				await matrixRequest(anna.access, 'PUT', path, {msgtype: 'm.text', body: text});
				screen.press(redraw);
			};
			await Promise.all(some.map(say));
			await waitUntil(async () => {
				const known = await stored();
				for (const text of some) assert.ok(known.includes(text), text);
			});
		}
		screen.press('typed blindly');
		screen.press(enter);
		assert.equal((await anna.run(['send', room, 'through the stalled one'])).code, 0);
		await waitUntil(async () => {
			const bodies = await stored();
			for (const text of [...texts, 'typed blindly', 'through the stalled one'])
				assert.equal(bodies.filter(body => body === text).length, 1, text);
		});
		const grown = residentMegabytes(screen.pid) - before;
		t.diagnostic(`${Math.round(grown)} MB more than before`);
		assert.ok(grown < 100, `${grown} MB`);
		process.kill(screen.pid, 'SIGTERM');
		// By itself: the terminal still reads nothing.
		await untilGone(screen.pid);
		screen.setReading(true);
		const {code, signal = 0} = await screen.ended;
		assert.ok(code === 143 || signal === 15, `${code}, ${signal}`);
	});

	test('a reader that has seen enough of mx read ends it quietly', () => {
		const {anna, roomId} = scene;
		const lines = '{ "$MX_NODE" "$MX_PROGRAM" read "$ROOM" -n 999; echo "code $?" >&2; } | head -c 0';
		const {stderr} = spawnSync('/bin/sh', ['-c', lines], {
			encoding: 'utf8',
			env: {...process.env, MX_HOME: anna.home, MX_NODE: process.execPath, MX_PROGRAM: program, ROOM: roomId},
		});
		assert.equal(stderr, 'code 0\n');
	});

	test('a connection that breaks off loses nothing: what was sent arrives once, what was written is there again', async t => {
		const {anna} = scene;
		const screen = await openAndTalk(t, scene);
		screen.press('sent and gone');
		screen.press(enter);
		await screen.waitFor(lines => composerText(lines) === '');
		screen.press('still a draft');
		await screen.waitFor('> still a draft');
		screen.hangUp();
		await untilGone(screen.pid);
		const next = anna.openScreen(t);
		await openRoom(next, scene);
		await next.waitFor(lines => composerText(lines) === 'still a draft');
		await untilBobHas(scene, ['sent and gone']);
		next.press('\u0015');
		await next.waitFor(lines => composerText(lines) === '');
		await next.kill('SIGTERM');
	});

	test('whatever size the terminal takes, the last frame is right', async t => {
		const screen = await openAndTalk(t, scene);
		const expected = screen.lines();
		const terminal = terminalOf(screen.pid);
		const sizes = [
			[0, 0],
			[1, 1],
			[1000, 1000],
			[1, 1000],
			[1000, 1],
			[2, 40],
		] as const;
		for (let round = 0; round < 8; round++) {
			for (const [rows, columns] of sizes) stty(terminal, 'rows', String(rows), 'cols', String(columns));
		}
		stty(terminal, 'rows', '30', 'cols', '100');
		screen.press(redraw);
		await screen.waitFor(lines => lines.every((line, index) => line === expected[index]));
		await writeMessage(screen, 'after the storm');
		await screen.kill('SIGTERM');
	});

	test('an abort from outside restores the terminal too', async t => {
		const screen = await openAndTalk(t, scene);
		process.kill(screen.pid, 'SIGABRT');
		const {code, signal = 0} = await screen.ended;
		assert.ok(code === 134 || signal === 6, `${code}, ${signal}`);
		assert.match(screen.output(), /\u001B\[\?1049l/);
	});

	test('of five that are started at once one owns the account, and all send', async t => {
		const {anna} = scene;
		const screens = Array.from({length: 5}, () => anna.openScreen(t));
		await Promise.all(screens.map(async screen => openRoom(screen, scene)));
		await Promise.all(screens.map(async (screen, number) => writeMessage(screen, `one of five ${number}.`)));
		await untilBobHas(
			scene,
			screens.map((_, number) => `one of five ${number}.`),
		);
		for (const screen of screens) for (const number of screens.keys()) await screen.waitFor(`one of five ${number}.`);
		const locks = screens.filter(({pid}) =>
			execFileSync('ls', ['-l', `/proc/${pid}/fd`], {encoding: 'utf8'}).includes('/crypto.db\n'),
		);
		assert.equal(locks.length, 1);
		await Promise.all(screens.map(async screen => screen.kill('SIGTERM')));
	});
});
