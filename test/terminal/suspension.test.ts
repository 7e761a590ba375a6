/** Ctrl-Z: the shell gets its screen back before the program stops, however slowly the terminal reads. */
import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {writeFileSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {test, type TestContext} from 'node:test';
import {spawn} from '@lydell/node-pty';
import {createScreenOutput} from '../../source/terminal/screen-output.ts';
import {installSuspension, type SuspensionOptions} from '../../source/terminal/suspension.ts';
import {createTerminalModes} from '../../source/terminal/terminal-modes.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {createFakeStdout} from './fake-terminal.ts';

const program = fileURLToPath(new URL('./programs/suspended-screen.ts', import.meta.url));
const leaving = '\u001B[?1049l';

/** The program as a job of a shell. */
const openTerminal = (context: TestContext, env: NodeJS.ProcessEnv = process.env) => {
	const script = 'set -m; "$0" "$1"; echo "the shell is here"; read line; fg; echo "code=$?;"';
	const pty = spawn('/bin/sh', ['-c', script, process.execPath, program], {cols: 80, rows: 24, env});
	let output = '';
	pty.onData(data => {
		output += data;
	});
	context.after(() => pty.kill('SIGKILL'));
	const until = async (text: string): Promise<void> => {
		for (let tries = 0; tries < 1500; tries++) {
			if (output.includes(text)) return;
			await wait(10);
		}
		assert.fail(`not seen: ${text} in ${JSON.stringify(output.slice(-500))}`);
	};
	return {pty, until, output: () => output};
};

for (const [name, key] of [
	['an idle terminal', 'z'],
	['a terminal that has still much to read', 'f'],
] as const) {
	test(`${name} shows the screen of the shell when the program is stopped, and its own one after fg`, async context => {
		const {pty, until, output} = openTerminal(context);
		await until('pid=');
		pty.write(key);
		await until('the shell is here');
		const shown = output();
		assert.ok(shown.lastIndexOf(leaving) > shown.lastIndexOf('flood'));
		assert.ok(shown.includes(leaving) && shown.lastIndexOf(leaving) < shown.indexOf('the shell is here'));
		pty.write('\r');
		await until('back again;');
		pty.write('q');
		await until('code=3;');
		assert.doesNotMatch(output(), /a frame for nobody/);
	});
}

test('an editor has the terminal alone, is interrupted alone, and stops and goes on with the program', async context => {
	const folder = temporaryDirectory(context);
	const editor = `${folder}/editor`;
	const script =
		'#!/bin/sh\ntrap "echo interrupted" INT\necho editing\nread a\necho "has $a"\nuntil read b; do :; done\necho "$a$b" >> "$1"\n';
	writeFileSync(editor, script, {mode: 0o755});
	const {pty, until, output} = openTerminal(context, {...process.env, VISUAL: editor, XDG_RUNTIME_DIR: folder});
	await until('pid=');
	pty.write('e');
	await until('editing');
	assert.ok(output().lastIndexOf(leaving) < output().indexOf('editing'));
	pty.write('one\r');
	// Ctrl-C throws away what was typed and is not read yet.
	await until('has one');
	pty.write('\u0003');
	await until('interrupted');
	pty.write('\u001A');
	await until('the shell is here');
	assert.doesNotMatch(output(), /back again/);
	pty.write('\r');
	await until('"${0}"');
	assert.doesNotMatch(output(), /back again/);
	pty.write('two\r');
	await until('written="as it was\\none');
	await until('back again;');
	pty.write('q');
	await until('code=3;');
});

/** A program in a terminal that takes bytes only when it is told to, and what becomes of it. */
const openSlow = (changes: Partial<SuspensionOptions> = {}) => {
	const events: string[] = [];
	const stdout = createFakeStdout();
	const process = Object.assign(new EventEmitter(), {
		pid: 1,
		exit: () => undefined,
		kill: (_: number, signal: string) => events.push(signal),
	});
	let whenTaken: ((error?: Error | null) => void) | undefined;
	const slow = Object.assign(stdout, {
		write(chunk: string, callback?: (error?: Error | null) => void): boolean {
			stdout.written += chunk;
			whenTaken = callback;
			return false;
		},
	});
	const output = createScreenOutput(slow, chunk => chunk);
	const modes = createTerminalModes({
		stdout: slow,
		writeSync(bytes) {
			events.push('written at once');
			return bytes.length;
		},
		hasKittyKeyboard: false,
		hasMouse: false,
	});
	modes.enter();
	stdout.writableLength = 1000;
	const suspension = installSuspension({
		process,
		leave(whenOut) {
			output.setPaused(true);
			modes.leave(whenOut);
		},
		leaveAtOnce: modes.leaveAtExit,
		enter: () => void events.push('entered'),
		refuse: () => void events.push('refused'),
		...changes,
	});
	return {
		process,
		suspension,
		events,
		take: (error?: Error) => {
			stdout.writableLength = 0;
			whenTaken?.(error);
		},
	};
};

test('the stop waits until the terminal has taken what restores it, and comes once', () => {
	const {process, suspension, events, take} = openSlow();
	suspension.suspend();
	suspension.suspend();
	process.emit('SIGTSTP');
	assert.deepEqual(events, []);
	take();
	assert.deepEqual(events, ['SIGTSTP']);
	process.emit('SIGCONT');
	assert.deepEqual(events, ['SIGTSTP', 'entered']);
	suspension.dispose();
});

test('a terminal that takes nothing for too long is written to at once, and the program stops', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {suspension, events} = openSlow();
	suspension.suspend();
	assert.deepEqual(events, []);
	context.mock.timers.tick(1000);
	assert.deepEqual(events, ['written at once', 'SIGTSTP']);
	suspension.dispose();
});

test('a program that is continued, or ended, before it stopped does not stop, nor one whose terminal is gone', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const continued = openSlow();
	continued.suspension.suspend();
	continued.process.emit('SIGCONT');
	continued.take();
	const ended = openSlow();
	ended.suspension.suspend();
	ended.suspension.dispose();
	ended.take();
	const gone = openSlow();
	gone.suspension.suspend();
	gone.take(new Error('write EIO'));
	gone.suspension.dispose();
	context.mock.timers.tick(5000);
	assert.deepEqual([continued.events, ended.events, gone.events], [['entered'], [], []]);
	continued.suspension.dispose();
});

test('where programs cannot be stopped, Ctrl-Z says so and leaves the screen as it is', () => {
	const {suspension, events} = openSlow({canStop: false});
	suspension.suspend();
	assert.deepEqual(events, ['refused']);
	suspension.dispose();
});
