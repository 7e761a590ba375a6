/** What `mx keys` tells of what a terminal sends. */
import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {suite, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {createKeymap} from '../../source/commands/keymap.ts';
import {screenTable} from '../../source/commands/screen-table.ts';
import {bytesText, watchKeys} from '../../source/shell/keys.ts';

const start = (signal = new AbortController().signal) => {
	const stdin = Object.assign(new EventEmitter(), {
		isRaw: false,
		setRawMode(this: {isRaw: boolean}, isRaw: boolean) {
			this.isRaw = isRaw;
		},
		resume: () => undefined,
		pause: () => undefined,
	});
	const written: string[] = [];
	const replies: string[] = [];
	let time = 0;
	const done = watchKeys({
		stdin,
		write: text => void written.push(text),
		keymap: createKeymap(screenTable),
		escapeDelay: 5,
		now: () => (time += 10),
		signal,
		onReply: text => void replies.push(text),
	});
	return {
		stdin,
		replies,
		done,
		shown: () => written.join(''),
		press: (keys: string) => void stdin.emit('data', Buffer.from(keys)),
		/** Keys right behind a paste are dropped, so it is tried until it ends. */
		leave: async () => {
			let isDone = false;
			void done.then(() => (isDone = true));
			while (!isDone) {
				stdin.emit('data', Buffer.from('\u0003\u0003'));
				await sleep(40);
			}
		},
	};
};

suite('mx keys', () => {
	test('shows the bytes of a key, its name and what it does, and ends with ^C twice', async () => {
		const {press, shown, leave, stdin} = start();
		assert.equal(stdin.isRaw, true);
		press('\u001B[1;3B');
		press('\u000B');
		press('é');
		press('\u001B[200~two\nlines\u001B[201~');
		await leave();
		assert.match(shown(), /ESC \[ 1 ; 3 B\r\n {4}alt-down \(Alt-↓\): Go to the next room \(everywhere\)\r\n/);
		assert.match(
			shown(),
			/\^K\r\n {4}ctrl-k \(\^K\): Cut to the end .* \(while writing\); Go to a room .*\(everywhere\)/,
		);
		assert.match(shown(), /é\r\n {4}text é\r\n/);
		assert.match(shown(), /pasted: 9 characters/);
		assert.match(shown(), /Press \^C again to leave/);
		assert.equal(stdin.isRaw, false);
	});

	test('hands on answers of the terminal, and writes no control that it was sent', async () => {
		const {press, shown, replies, leave} = start();
		press('\u001B[?1u');
		press('\u001B]0;evil\u0007\u009B2J\u202E');
		await leave();
		assert.deepEqual(replies[0], '\u001B[?1u');
		assert.doesNotMatch(shown().replaceAll('\r\n', ''), /[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/);
	});

	test('ends when the terminal is gone, or from outside', async () => {
		const gone = start();
		gone.stdin.emit('end');
		await gone.done;
		const controller = new AbortController();
		const stopped = start(controller.signal);
		controller.abort();
		await stopped.done;
		assert.equal(stopped.stdin.isRaw, false);
	});

	test('names controls', () => {
		assert.equal(bytesText(Buffer.from('\u001B \u007F\u0001x')), 'ESC SPACE DEL ^A x');
	});
});
