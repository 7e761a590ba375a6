/** The reader of the terminal: raw mode, timers, subscriptions, and the silent stream for Ink. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createInkStdin, createInputSource, escapeDelay} from '../../source/terminal/input-source.ts';
import {createFakeStdin} from './fake-terminal.ts';
import {say} from './decoding.ts';

const openSource = (delay = 25) => {
	const stdin = createFakeStdin();
	const seen: string[] = [];
	const ends = {count: 0};
	const source = createInputSource({stdin, escapeDelay: delay, onEnd: () => ends.count++});
	const unsubscribe = source.subscribe(event => seen.push(say(event)));
	return {stdin, source, seen, ends, unsubscribe, read: (text: string) => stdin.emit('data', Buffer.from(text))};
};

test('start turns raw mode on and reads, stop turns it off and reads no more', () => {
	const {stdin, source, seen, read} = openSource();
	read('too early');
	source.start();
	source.start();
	assert.deepEqual(stdin.state, {isRaw: true, isReading: true});
	read('a\r');
	source.stop();
	assert.deepEqual(stdin.state, {isRaw: false, isReading: false});
	read('b');
	source.start();
	read('c');
	assert.deepEqual(seen, ['a', '<enter>', 'c']);
});

test('a lone ESC becomes Escape after the delay, and not before', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {source, seen, read} = openSource(50);
	source.start();
	read('\u001B');
	context.mock.timers.tick(49);
	assert.deepEqual(seen, []);
	context.mock.timers.tick(1);
	assert.deepEqual(seen, ['<escape>']);
});

test('an arrow that is torn within the delay is an arrow', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {source, seen, read} = openSource(50);
	source.start();
	read('\u001B');
	context.mock.timers.tick(40);
	read('[A');
	context.mock.timers.tick(1000);
	assert.deepEqual(seen, ['<up>']);
});

test('keys right behind a paste are dropped with a notice, keys after silence are keys', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {source, seen, read} = openSource();
	source.start();
	read('\u001B[200~a\u001B[201~rm\r');
	context.mock.timers.tick(10);
	read('x');
	context.mock.timers.tick(25);
	read('\r');
	assert.deepEqual(seen, ['paste(a)', 'quarantine(rm\rx)', '<enter>']);
});

test('half a report is given up after a second, half a paste after three', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {source, seen, read} = openSource();
	source.start();
	read('\u001B[1;3');
	context.mock.timers.tick(1000);
	read('\u001B[200~half');
	context.mock.timers.tick(2999);
	assert.deepEqual(seen, ['reply(\u001B[1;3)']);
	context.mock.timers.tick(1);
	assert.deepEqual(seen, ['reply(\u001B[1;3)', 'paste(half)']);
});

test('a listener that throws does not lose the timer of what is pending', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {source, seen, read} = openSource();
	source.start();
	const unsubscribe = source.subscribe(() => {
		throw new Error('a bug');
	});
	assert.throws(() => read('a\u001B'), /a bug/);
	unsubscribe();
	context.mock.timers.tick(25);
	assert.deepEqual(seen, ['a', '<escape>']);
});

test('who has unsubscribed hears nothing', () => {
	const {source, seen, unsubscribe, read} = openSource();
	source.start();
	unsubscribe();
	read('a');
	assert.deepEqual(seen, []);
});

test('the end of the input and its errors are an end', () => {
	const {stdin, source, ends} = openSource();
	source.start();
	stdin.emit('end');
	source.stop();
	stdin.emit('error', Object.assign(new Error('read EIO'), {code: 'EIO'}));
	assert.equal(ends.count, 2);
});

test('an ESC waits longer over SSH', () => {
	assert.equal(escapeDelay({}), 25);
	assert.equal(escapeDelay({SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22'}), 50);
});

test("Ink's stdin looks like a terminal and stays silent", async () => {
	const stdin = createInkStdin();
	let hasSpoken = false;
	stdin.on('readable', () => {
		hasSpoken = true;
	});
	stdin.setEncoding('utf8');
	stdin.setRawMode(true).ref().unref();
	assert.equal(stdin.isTTY, true);
	assert.equal(stdin.read(), null);
	await new Promise(setImmediate);
	assert.equal(hasSpoken, false);
});
