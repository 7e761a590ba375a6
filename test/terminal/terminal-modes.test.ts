/** The modes of the terminal: on, off, once, and in the right order behind what is still being written. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import xterm from '@xterm/headless';
import {createTerminalModes} from '../../source/terminal/terminal-modes.ts';
import {createFakeStdout} from './fake-terminal.ts';
import type {TerminalModesOptions} from '../../source/terminal/terminal-modes.ts';

const openModes = (options: Partial<TerminalModesOptions> = {}) => {
	const stdout = createFakeStdout();
	const writeSync = (bytes: Uint8Array): number => {
		stdout.written += Buffer.from(bytes).toString();
		return bytes.length;
	};
	const modes = createTerminalModes({stdout, writeSync, hasKittyKeyboard: false, hasMouse: false, ...options});
	return {stdout, modes};
};

/** What a terminal makes of the bytes. */
const show = async (bytes: string) => {
	const terminal = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true});
	await new Promise<void>(resolve => terminal.write(bytes, resolve));
	const {bracketedPasteMode, sendFocusMode, wraparoundMode, mouseTrackingMode} = terminal.modes;
	return {screen: terminal.buffer.active.type, bracketedPasteMode, sendFocusMode, wraparoundMode, mouseTrackingMode};
};

const shell = {
	screen: 'normal',
	bracketedPasteMode: false,
	sendFocusMode: false,
	wraparoundMode: true,
	mouseTrackingMode: 'none',
};
const screen = {
	screen: 'alternate',
	bracketedPasteMode: true,
	sendFocusMode: true,
	wraparoundMode: false,
	mouseTrackingMode: 'none',
};

test('enter turns the modes on, leave turns all of them off', async () => {
	const {stdout, modes} = openModes({hasMouse: true});
	modes.enter();
	assert.deepEqual(await show(stdout.written), {...screen, mouseTrackingMode: 'vt200'});
	modes.leave();
	assert.deepEqual(await show(stdout.written), shell);
});

test('leave in the middle of a sequence still restores', async () => {
	for (const half of ['\u001B[38;2;1', '\u001B]8;;https://one.te', '\u001BP>|x', '\u001B[?2026h\u001B[31mred']) {
		const {stdout, modes} = openModes();
		modes.enter();
		stdout.written += half;
		modes.leave();
		assert.deepEqual(await show(stdout.written), shell, JSON.stringify(half));
	}
});

test('leave writes once, and the exit after it nothing', () => {
	const {stdout, modes} = openModes();
	modes.enter();
	modes.leave();
	const {written} = stdout;
	modes.leave();
	modes.leaveAtExit();
	assert.equal(stdout.written, written);
});

test('an exit without leave restores', async () => {
	const {stdout, modes} = openModes();
	modes.enter();
	modes.leaveAtExit();
	assert.deepEqual(await show(stdout.written), shell);
});

test('before enter nothing is written', () => {
	const {stdout, modes} = openModes({hasKittyKeyboard: true});
	modes.leave();
	modes.leaveAtExit();
	modes.setMouse(true);
	modes.acceptReply('\u001B[?0u');
	assert.equal(stdout.written, '');
});

test('enter after leave turns the modes on again', async () => {
	const {stdout, modes} = openModes();
	modes.enter();
	modes.leave();
	modes.enter();
	assert.deepEqual(await show(stdout.written), screen);
});

test('with a backlog leave queues behind it, and the exit writes again if it did not get out', () => {
	const synchronous: string[] = [];
	const {stdout, modes} = openModes({
		writeSync: bytes => synchronous.push(Buffer.from(bytes).toString()) && bytes.length,
	});
	modes.enter();
	stdout.writableLength = 1000;
	modes.leave();
	assert.match(stdout.written, /\u001B\[\?1049l/);
	assert.deepEqual(synchronous, []);
	modes.leaveAtExit();
	assert.match(synchronous.join(''), /\u001B\[\?1049l/);
});

test('a busy terminal is tried again, a partial write goes on, a dead one is given up', () => {
	const taken: string[] = [];
	let tries = 0;
	const {modes} = openModes({
		writeSync: bytes => {
			tries++;
			if (tries % 2 === 1) throw Object.assign(new Error('busy'), {code: 'EAGAIN'});
			taken.push(Buffer.from(bytes.subarray(0, 7)).toString());
			return Math.min(7, bytes.length);
		},
	});
	modes.enter();
	modes.leave();
	assert.match(taken.join(''), /\u001B\[\?1049l\u001B\[23;0t$/);

	let deadTries = 0;
	const dead = openModes({
		writeSync: () => {
			deadTries++;
			throw Object.assign(new Error('write EIO'), {code: 'EIO'});
		},
	});
	dead.modes.enter();
	dead.modes.leave();
	assert.equal(deadTries, 1);
});

test('a terminal that never takes anything is given up', () => {
	let tries = 0;
	const {modes} = openModes({
		writeSync: () => {
			tries += 1;
			throw Object.assign(new Error('busy'), {code: 'EAGAIN'});
		},
	});
	modes.enter();
	modes.leave();
	assert.ok(tries > 1 && tries < 1000, `${tries} tries`);
});

test('the kitty keyboard is asked for, turned on when the terminal has it, and popped', () => {
	const {stdout, modes} = openModes({hasKittyKeyboard: true});
	modes.enter();
	assert.match(stdout.written, /\u001B\[\?u$/);
	modes.acceptReply('\u001B[?62;4c');
	assert.doesNotMatch(stdout.written, /\u001B\[>5u/);
	modes.acceptReply('\u001B[?0u');
	modes.acceptReply('\u001B[?5u');
	assert.equal(stdout.written.split('\u001B[>5u').length, 2);
	modes.leave();
	assert.equal(stdout.written.split('\u001B[<u').length, 2);
});

test('without an answer no kitty keyboard is popped', () => {
	const {stdout, modes} = openModes({hasKittyKeyboard: true});
	modes.enter();
	modes.leave();
	assert.doesNotMatch(stdout.written, /\u001B\[<u/);
});

test('the mouse goes off and on, and stays as it was over leave and enter', async () => {
	const {stdout, modes} = openModes({hasMouse: true});
	modes.enter();
	modes.setMouse(false);
	assert.equal((await show(stdout.written)).mouseTrackingMode, 'none');
	modes.leave();
	modes.enter();
	assert.equal((await show(stdout.written)).mouseTrackingMode, 'none');
	modes.setMouse(true);
	assert.equal((await show(stdout.written)).mouseTrackingMode, 'vt200');
});

test('a last line goes to the screen of the shell', async () => {
	const {stdout, modes} = openModes();
	modes.enter();
	modes.leave();
	modes.print('bye');
	assert.match(stdout.written, /bye$/);
	stdout.writableLength = 1;
	modes.enter();
	modes.leave();
	modes.print('bye again');
	assert.match(stdout.written, /bye again$/);
});

test('graphemes are counted as clusters where the terminal can, and no longer afterwards', () => {
	const {stdout, modes} = openModes();
	modes.enter();
	modes.acceptReply('\u001B[?2027;2$y');
	modes.acceptReply('\u001B[?2027;2$y');
	assert.equal(stdout.written.split('\u001B[?2027h').length, 2);
	modes.leave();
	assert.ok(stdout.written.includes('\u001B[?2027l'));
	for (const answer of ['\u001B[?2027;0$y', '\u001B[?2027;1$y', '\u001B[?2027;4$y']) {
		const other = openModes();
		other.modes.enter();
		other.modes.acceptReply(answer);
		other.modes.leave();
		assert.ok(!/2027[hl]/.test(other.stdout.written), answer);
	}
});

test('the name of the window is kept, and comes back; where the terminal keeps none it is empty', () => {
	const {stdout, modes} = openModes({hasTitle: true});
	modes.enter();
	assert.ok(stdout.written.startsWith('\u001B[22;0t'));
	modes.leave();
	assert.ok(stdout.written.endsWith('\u001B[?1049l\u001B[23;0t'));
	assert.ok(stdout.written.indexOf('\u001B]0;\u001B\\') < stdout.written.indexOf('\u001B[23;0t'));
	const unnamed = openModes();
	unnamed.modes.enter();
	unnamed.modes.leave();
	assert.ok(!unnamed.stdout.written.includes('\u001B]0;'));
});

test('the questions are asked at each return', () => {
	let asked = 0;
	const {stdout, modes} = openModes({query: () => `\u001B[${++asked}n`});
	modes.enter();
	modes.renew();
	modes.leave();
	modes.enter();
	assert.equal(asked, 3);
	assert.ok(stdout.written.endsWith('\u001B[3n'));
});
