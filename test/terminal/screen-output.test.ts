/** Ink's stdout: the filter, the size, the end. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createElement} from 'react';
import {render, Text} from 'ink';
import {createInkStdin} from '../../source/terminal/input-source.ts';
import {createScreenOutput} from '../../source/terminal/screen-output.ts';
import {createFakeStdout} from './fake-terminal.ts';

const upper = (chunk: string): string => chunk.toUpperCase();

test('every chunk goes through the filter, and its bytes are counted', () => {
	const stdout = createFakeStdout();
	const output = createScreenOutput(stdout, upper);
	output.stream.write('aé');
	output.stream.write('b', 'utf8');
	assert.equal(stdout.written, 'AÉB');
	assert.equal(output.bytesWritten(), 4);
});

test('callbacks of both forms are called, also after close', () => {
	const output = createScreenOutput(createFakeStdout(), upper);
	let calls = 0;
	const count = () => calls++;
	output.stream.write('a', count);
	output.stream.write('a', 'utf8', count);
	output.close();
	output.stream.write('a', count);
	output.stream.write('a', 'utf8', count);
	assert.equal(calls, 4);
});

test('after close nothing is written and the stream says so', () => {
	const stdout = createFakeStdout();
	const output = createScreenOutput(stdout, upper);
	output.close();
	output.stream.write('a');
	assert.equal(stdout.written, '');
	assert.equal(output.stream.writable, false);
	assert.equal(output.bytesWritten(), 0);
});

test('the size is that of the terminal, and never nothing', () => {
	const stdout = createFakeStdout();
	const {stream, close} = createScreenOutput(stdout, upper);
	let resizes = 0;
	stream.on('resize', () => resizes++);
	stdout.columns = 100;
	stdout.emit('resize');
	assert.deepEqual([stream.columns, stream.rows, stream.isTTY, resizes], [100, 24, true, 1]);
	stdout.columns = 0;
	stdout.rows = undefined;
	assert.deepEqual([stream.columns, stream.rows], [80, 24]);
	close();
	stdout.emit('resize');
	assert.equal(resizes, 1);
	assert.equal(stdout.listenerCount('resize') + stdout.listenerCount('drain'), 0);
});

test('the backlog is what the terminal has not taken', () => {
	const stdout = createFakeStdout();
	const output = createScreenOutput(stdout, upper);
	assert.equal(output.stream.write('a'), true);
	stdout.writableLength = 10;
	assert.equal(output.backlog(), 10);
	assert.equal(output.stream.write('a'), false);
});

test('the terminal is set to non-blocking where it can be', () => {
	const calls: unknown[] = [];
	const stdout = Object.assign(createFakeStdout(), {
		_handle: {setBlocking: (isBlocking: boolean) => calls.push(isBlocking)},
	});
	createScreenOutput(stdout, upper);
	assert.deepEqual(calls, [false]);
});

test('Ink draws through it and ends on a closed one', async () => {
	const stdout = createFakeStdout();
	const output = createScreenOutput(stdout, upper);
	const app = render(createElement(Text, null, 'hello'), {
		stdout: output.stream,
		stdin: createInkStdin(),
		interactive: true,
		patchConsole: false,
		exitOnCtrlC: false,
		incrementalRendering: true,
	});
	await app.waitUntilRenderFlush();
	assert.match(stdout.written, /HELLO/);
	assert.doesNotMatch(stdout.written, /hello/);
	output.close();
	const {written} = stdout;
	app.unmount();
	await app.waitUntilExit();
	assert.equal(stdout.written, written);
});
