/** The log on disk: private, redacted, rotated, and the console of every thread in it. */
import assert from 'node:assert/strict';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test from 'node:test';
import type {TestContext} from 'node:test';
import {Worker} from 'node:worker_threads';
import {ExpectedError} from '../../source/domain/errors.ts';
import {captureConsole, openLogFile} from '../../source/store/log-file.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const now = (): number => Date.UTC(2026, 10, 25);

const freshPath = (context: TestContext): string => {
	const root = temporaryDirectory(context);
	return join(root, 'mx.log');
};

const linesOf = (path: string): readonly Record<string, unknown>[] =>
	readFileSync(path, 'utf8')
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as Record<string, unknown>);

test('a line holds time, level, area, message and fields', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now});
	log.info('sync', 'Completed', {rooms: 3});
	log.warn('outbox', 'Retried');
	log.close();
	assert.deepEqual(linesOf(path), [
		{time: '2026-11-25T00:00:00.000Z', level: 'info', area: 'sync', message: 'Completed', fields: {rooms: 3}},
		{time: '2026-11-25T00:00:00.000Z', level: 'warn', area: 'outbox', message: 'Retried'},
	]);
});

test('lines below the level are not written', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now, level: 'warn'});
	log.debug('a', 'no');
	log.info('a', 'no');
	log.warn('a', 'yes');
	log.error('a', 'yes');
	log.close();
	assert.deepEqual(
		linesOf(path).map(line => line['message']),
		['yes', 'yes'],
	);
});

test('canary secrets are not in any byte of the log, wherever they come in', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now, level: 'debug'});
	const recoveryKey = 'EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd';
	const texts = ['syt_canary_canary_1', 'x?access_token=canary', 'Authorization: Bearer canary', recoveryKey];
	const restore = captureConsole(log);
	for (const text of texts) {
		log.error(text, text, {text, [text]: 1, list: [text], error: new Error(text), password: 'canary', body: 'canary'});
		console.log('Request', text, {headers: {authorization: 'canary'}, url: text}, new Error(text));
		console.error(text);
	}
	restore();
	log.close();
	const bytes = readFileSync(path, 'utf8');
	assert.doesNotMatch(bytes, /canary|jXEd|TKBj/);
	assert.equal(linesOf(path).length, 3 * texts.length);
});

test('control characters, also those that JSON leaves alone, are escaped', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now});
	log.info('a', 'x\u001B]52;c;AAAA\u0007\u009B2J\u2028\u202E\r\n', {'\u009D': '\u0085'});
	log.close();
	const text = readFileSync(path, 'utf8');
	assert.match(text, /^[\u0020-\u007E]+\n$/);
	assert.equal(linesOf(path)[0]?.['message'], 'x\u001B]52;c;AAAA\u0007\u009B2J\u2028\u202E\r\n');
});

test('log and rotated log are 0600, whatever the umask and what was there', context => {
	const path = freshPath(context);
	const umask = process.umask(0);
	context.after(() => process.umask(umask));
	writeFileSync(path, '');
	chmodSync(path, 0o666);
	const log = openLogFile({path, now, maximumSize: 200});
	assert.equal(statSync(path).mode & 0o7777, 0o600);
	for (let index = 0; index < 5; index += 1) log.info('a', `message ${index} ${'x'.repeat(60)}`);
	log.close();
	assert.equal(statSync(path).mode & 0o7777, 0o600);
	assert.equal(statSync(`${path}.1`).mode & 0o7777, 0o600);
});

test('the log is rotated at its size and one old file is kept, none of the last lines is lost', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now, maximumSize: 1000});
	for (let index = 0; index < 40; index += 1) log.info('a', `message ${index}`);
	log.close();
	assert.ok(statSync(path).size < 1200);
	assert.ok(statSync(`${path}.1`).size < 1200);
	assert.equal(existsSync(`${path}.2`), false);
	const messages = [...linesOf(`${path}.1`), ...linesOf(path)].map(line => line['message']);
	assert.deepEqual(
		messages,
		Array.from({length: messages.length}, (_, index) => `message ${40 - messages.length + index}`),
	);
});

test('a second writer follows a rotation and does not throw the fresh file away', context => {
	const path = freshPath(context);
	const one = openLogFile({path, now, maximumSize: 300});
	const two = openLogFile({path, now, maximumSize: 300});
	for (let index = 0; index < 5; index += 1) one.info('a', `one ${index}`);
	two.info('a', 'two');
	one.close();
	two.close();
	const messagesOf = (file: string): readonly unknown[] => linesOf(file).map(line => line['message']);
	assert.deepEqual(messagesOf(`${path}.1`), ['one 0', 'one 1', 'one 2', 'one 3']);
	assert.deepEqual(messagesOf(path), ['one 4', 'two']);
});

test('a planted link or directory is refused', context => {
	const path = freshPath(context);
	const target = join(path, '..', 'target');
	writeFileSync(target, 'mine');
	symlinkSync(target, path);
	assert.throws(() => openLogFile({path, now}), ExpectedError);
	assert.equal(readFileSync(target, 'utf8'), 'mine');
	rmSync(path);
	mkdirSync(path);
	assert.throws(() => openLogFile({path, now}), ExpectedError);
});

test('a log of another user is refused', {skip: process.geteuid?.() !== 0}, context => {
	const path = freshPath(context);
	writeFileSync(path, '');
	chownSync(path, 4711, 4711);
	assert.throws(() => openLogFile({path, now}), ExpectedError);
});

test('logging never throws, and lines that were lost are counted in the log', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now, maximumSize: 1});
	log.info('a', 'first');
	// The rotation cannot rename over a directory.
	mkdirSync(`${path}.1`);
	log.info('a', 'lost');
	log.info('a', 'lost too');
	rmSync(`${path}.1`, {recursive: true});
	log.info('a', 'last');
	log.close();
	log.info('a', 'after the end');
	const text = `${readFileSync(`${path}.1`, 'utf8')}${readFileSync(path, 'utf8')}`;
	assert.match(text, /2 lines before this one could not be written/);
});

test('an entry that would be too long keeps its message', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now});
	log.info('a', 'big', {list: Array.from({length: 50}, () => 'x'.repeat(8000))});
	log.close();
	assert.equal(linesOf(path)[0]?.['fields'], '[too long]');
});

test('the console writes to the log and not to the terminal, until it is given back', context => {
	const path = freshPath(context);
	const log = openLogFile({path, now, level: 'debug'});
	const original = console.log;
	const restore = captureConsole(log);
	context.after(restore);
	console.log('log', 1, {eventId: '$1'});
	console.warn('warn');
	console.error(new Error('failed'));
	console.table([1]);
	console.assert(true, 'holds');
	console.assert(false, 'does not hold');
	console.time('silent');
	console.count('silent');
	restore();
	assert.equal(console.log, original);
	log.close();
	assert.deepEqual(
		linesOf(path).map(line => [line['level'], line['message']]),
		[
			['debug', 'log 1'],
			['warn', 'warn'],
			['error', 'Error: failed'],
			['debug', ''],
			['error', 'does not hold'],
		],
	);
	assert.match(JSON.stringify(linesOf(path)[2]), /"stack":"Error: failed/);
});

test('the console of a worker thread writes to the same log', async context => {
	const path = freshPath(context);
	const module = new URL('../../source/store/log-file.ts', import.meta.url).href;
	const code = `
		const {captureConsole, openLogFile} = await import(${JSON.stringify(module)});
		const log = openLogFile({path: ${JSON.stringify(path)}, now: () => 0});
		captureConsole(log);
		console.error('from the worker');
		log.close();
	`;
	const log = openLogFile({path, now});
	const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {stdout: true, stderr: true});
	let output = '';
	for (const stream of [worker.stdout, worker.stderr]) {
		stream.on('data', (chunk: Buffer) => {
			output += chunk.toString();
		});
	}
	await new Promise((resolve, reject) => {
		worker.on('exit', resolve);
		worker.on('error', reject);
	});
	log.info('a', 'from the main thread');
	log.close();
	assert.equal(output, '');
	assert.deepEqual(
		linesOf(path).map(line => line['message']),
		['from the worker', 'from the main thread'],
	);
});
