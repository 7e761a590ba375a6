/** Reading stdin: lines as they come, or all of it. */
import assert from 'node:assert/strict';
import {Readable} from 'node:stream';
import test from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {createStdinText} from '../../source/shell/stdin-text.ts';

const stdinOf = (...chunks: readonly (string | Buffer)[]) => createStdinText(Readable.from(chunks));

test('lines come one by one without their ends, and then no more', async () => {
	const stdin = stdinOf('secr', 'et\r\nEsT', 'P key\n', 'rest');
	assert.equal(await stdin.line(), 'secret');
	assert.equal(await stdin.line(), 'EsTP key');
	assert.equal(await stdin.line(), 'rest');
	assert.equal(await stdin.line(), undefined);
});

test('a line is there before the pipe is closed', async () => {
	const {promise: never} = Promise.withResolvers<string>();
	const stdin = createStdinText(
		(async function* () {
			yield 'secret\n';
			yield await never;
		})(),
	);
	assert.equal(await stdin.line(), 'secret');
});

test('all of it keeps its line breaks, and characters that were cut between two chunks', async () => {
	const [first, second] = [Buffer.from('grüße\n').subarray(0, 3), Buffer.from('grüße\n').subarray(3)];
	assert.equal(await stdinOf(first, second, 'x').all(), 'grüße\nx');
	assert.equal(await stdinOf().all(), '');
});

test('a terminal is not read, for what is typed there would be seen', async () => {
	const terminal = createStdinText(Object.assign(Readable.from(['secret\n']), {isTTY: true}));
	for (const read of [terminal.line, terminal.all]) {
		await assert.rejects(read, error => error instanceof ExpectedError && error.report.reason === 'usage');
	}
});

test('endless input ends', async () => {
	const endless = createStdinText(
		(async function* () {
			for (;;) yield 'x'.repeat(65_536);
		})(),
	);
	await assert.rejects(endless.all, /too long/);
	await assert.rejects(endless.line, /too long/);
});
