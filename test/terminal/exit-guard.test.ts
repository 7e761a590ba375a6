/** Every way out of the screen gives the terminal back: a real process under a real pseudo-terminal. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {setTimeout as wait} from 'node:timers/promises';
import {test} from 'node:test';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import type {TestContext} from 'node:test';

const program = fileURLToPath(new URL('./programs/guarded-screen.ts', import.meta.url));

/** The program under a shell that says its exit code and the state of the line afterwards. */
const openTerminal = (context: TestContext, way = 'plain') => {
	const script = '"$0" "$1" "$2"; echo "code=$?;"; stty -a; echo done';
	const pty = spawn('/bin/sh', ['-c', script, process.execPath, program, way], {cols: 80, rows: 24});
	const terminal = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true});
	let output = '';
	pty.onData(data => {
		output += data;
		terminal.write(data);
	});
	terminal.onData(data => pty.write(data));
	const until = async (pattern: RegExp): Promise<string> => {
		for (let tries = 0; tries < 1500; tries++) {
			const match = pattern.exec(output);
			if (match !== null) return match[1] ?? '';
			await wait(10);
		}
		return assert.fail(`not seen: ${String(pattern)} in ${JSON.stringify(output.slice(-2000))}`);
	};
	context.after(() => {
		pty.kill('SIGKILL');
		terminal.dispose();
	});
	return {
		pty,
		terminal,
		until,
		output: () => output,
		flushed: async () => new Promise<void>(resolve => terminal.write('', resolve)),
	};
};

type OpenTerminal = ReturnType<typeof openTerminal>;

const assertRestored = async ({terminal, until, output, flushed}: OpenTerminal, code: number) => {
	assert.equal(await until(/code=(\d+);/), String(code));
	await until(/(done)\r/);
	await flushed();
	assert.equal(terminal.buffer.active.type, 'normal');
	const {bracketedPasteMode, sendFocusMode, wraparoundMode, mouseTrackingMode} = terminal.modes;
	assert.deepEqual(
		{bracketedPasteMode, sendFocusMode, wraparoundMode, mouseTrackingMode},
		{bracketedPasteMode: false, sendFocusMode: false, wraparoundMode: true, mouseTrackingMode: 'none'},
	);
	assert.match(output(), /\u001B\[\?25h\u001B\[\?1049l/);
	assert.equal(output().split('\u001B[?1049l').length - 1, 1, 'the screen is left exactly once');
	assert.match(output(), / icanon/);
	assert.match(output(), / echo /);
};

const ready = async ({until, terminal, flushed}: OpenTerminal): Promise<number> => {
	const pid = Number(await until(/pid=(\d+);/));
	await flushed();
	assert.equal(terminal.buffer.active.type, 'alternate');
	assert.equal(terminal.modes.bracketedPasteMode, true);
	return pid;
};

for (const [signal, code] of [
	['SIGTERM', 143],
	['SIGHUP', 129],
	['SIGINT', 130],
] as const) {
	test(`${signal} saves, restores the terminal and exits with ${code}`, async context => {
		const open = openTerminal(context);
		process.kill(await ready(open), signal);
		await assertRestored(open, code);
		assert.match(open.output(), /saved after signal/);
	});
}

for (const [name, key, code, text] of [
	['quitting', 'q', 3, /saved after quit/],
	['an exit out of order', 'x', 5, /code/],
	['an exception in a handler', 't', 1, /bug: Error: thrown in a handler/],
	['a rejection that nobody handles', 'r', 1, /bug: Error: rejected/],
] as const) {
	test(`${name} restores the terminal and exits with ${code}`, async context => {
		const open = openTerminal(context);
		await ready(open);
		open.pty.write(key);
		await assertRestored(open, code);
		const afterScreen = open.output().slice(open.output().indexOf('\u001B[?1049l'));
		assert.match(afterScreen, text);
	});
}

test('an engine that does not end is not waited for', async context => {
	const open = openTerminal(context, 'engine-hangs');
	process.kill(await ready(open), 'SIGTERM');
	await assertRestored(open, 143);
});

test('a second signal ends the program at once', async context => {
	const open = openTerminal(context, 'engine-hangs');
	const pid = await ready(open);
	process.kill(pid, 'SIGINT');
	await open.until(/(\u001B\[\?1049l)/);
	process.kill(pid, 'SIGTERM');
	await assertRestored(open, 143);
});

const isAlive = (pid: number): boolean => {
	const statusFile = `/proc/${pid}/status`;
	// A container's first process may leave the dead unburied.
	if (existsSync(statusFile)) return !/^State:\s+Z/m.test(readFileSync(statusFile, 'utf8'));
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

const untilGone = async (pid: number): Promise<number> => {
	const begin = performance.now();
	while (isAlive(pid) && performance.now() - begin < 10_000) await wait(10);
	return performance.now() - begin;
};

test('a terminal that reads nothing more does not keep the program from ending', async context => {
	const open = openTerminal(context);
	const pid = await ready(open);
	open.pty.pause();
	open.pty.write('f');
	assert.ok((await untilGone(pid)) < 3000);
	open.pty.resume();
	assert.equal(await open.until(/code=(\d+);/), '143');
});

test('a terminal that is closed ends the program', async context => {
	const open = openTerminal(context);
	const pid = await ready(open);
	open.pty.kill('SIGKILL');
	assert.ok((await untilGone(pid)) < 3000);
});
