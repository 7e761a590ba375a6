/** Large pastes, the preview, and the slash words that send: as the person sees them. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {readFileSync} from 'node:fs';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {SendRequest} from '../../source/domain/session.ts';
import {enter, setUpMessages, waitUntilGone} from './message-scene.ts';
import {waiting} from './message-session.ts';
import {lunch} from './sample-screen.ts';

const {sample, open} = setUpMessages();

const altC = '\u001Bc';
const altP = '\u001Bp';
const altW = '\u001Bw';
const altZ = '\u001Bz';
const clear = '\u0015';

const sizes = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 40, rows: 12},
] as const;

const paste = (text: string): string => `\u001B[200~${text.replaceAll('\n', '\r')}\u001B[201~`;

const sent = (): readonly unknown[] => waiting(sample.account, lunch).map(({content}) => content['body']);

const composed = (lines: readonly string[]): string => (lines.at(-3) ?? '').replace(/^.*│ /, '');

/** What is typed in one burst with a paste is dropped: a person is slower. */
const afterPaste = async ({screen}: Pick<Awaited<ReturnType<typeof open>>, 'screen'>): Promise<void> => {
	const pasted = Date.now();
	await screen.waitFor(() => Date.now() - pasted > 100);
};

suite('a large paste', () => {
	const code = Array.from({length: 12}, (_, index) => `  line ${index}`).join('\n');

	for (const size of sizes) {
		test(`is asked about, becomes code by one key, and is sent at ${size.columns} columns`, async () => {
			const {screen} = await open(size);
			screen.press(paste(code));
			await screen.waitFor('12 lines pasted · Alt-C as code');
			assert.deepEqual(sent(), []);
			await afterPaste({screen});
			screen.press(altC);
			await screen.waitFor('  ```');
			screen.press(altZ);
			await screen.waitFor(lines => lines.join('\n').includes('line 11') && !lines.join('\n').includes('```'));
			screen.press(altC);
			await screen.waitFor('```');
			screen.press(enter);
			await screen.waitFor(lines => composed(lines) === '>');
			assert.deepEqual(sent(), [`\`\`\`\n${code}\n\`\`\``]);
		});
	}

	test('is sent as a file after a question, with the rest as its words; what fails stays', async () => {
		const files: unknown[] = [];
		let isBroken = true;
		const sendFile = async ({path, caption}: {readonly path: string; readonly caption: {readonly body: string}}) => {
			if (isBroken) throw new ExpectedError({message: 'The disk is full.', reason: 'error'});
			files.push([readFileSync(path, 'utf8'), path.split('/').at(-1), caption.body]);
			return {};
		};
		const {screen} = await open({answers: {sendFile}});
		screen.press('see: ');
		screen.press(paste(code));
		await screen.waitFor('12 lines pasted');
		await afterPaste({screen});
		screen.press(altW);
		await screen.waitFor('Send 12 lines as the file pasted.txt to Sunday lunch?');
		assert.deepEqual(files, []);
		screen.press('y');
		await screen.waitFor('Not sent: The disk is full.');
		await screen.waitFor('line 11');
		isBroken = false;
		screen.press(altW);
		await screen.waitFor('Send 12 lines as the file');
		screen.press('y');
		await screen.waitFor(lines => composed(lines) === '>');
		assert.deepEqual(files, [[code, 'pasted.txt', 'see:']]);
	});

	test('never runs, whatever stands before its slash', async () => {
		for (const text of ['/leave', '\u001B[0m/leave', '\u0000/leave', '/me\n']) {
			const {screen} = await open();
			screen.press(paste(text));
			await screen.waitFor(`> /${text.replace(/[^/]*\//, '/').trim()}`);
			await screen.close();
		}
	});

	test('that is too long for one message says so, and is sent in parts after a question', async () => {
		const {screen} = await open();
		const paragraph = `${'lorem ipsum '.repeat(80).trim()}\n\n`;
		screen.press(paste(paragraph.repeat(60)));
		await screen.waitFor('58 kB: too long · Enter offers parts');
		await afterPaste({screen});
		screen.press(enter);
		await screen.waitFor('Too long for one message: send it as 5 or more?');
		assert.deepEqual(sent(), []);
		screen.press('n');
		await waitUntilGone(screen, 'send it as');
		screen.press(enter);
		await screen.waitFor('send it as 5 or more?');
		screen.press('y');
		await screen.waitFor(lines => composed(lines) === '>');
		assert.equal(sent().length, 5);
		assert.equal(sent().join('\n\n').trim(), paragraph.repeat(60).trim());
	});

	test('of a megabyte is no message, and stays', async () => {
		const {screen} = await open();
		screen.press(paste('lorem ipsum dolor sit amet\n'.repeat(40_000)));
		await screen.waitFor('1080 kB: too long · Alt-W as file');
		await afterPaste({screen});
		screen.press(enter);
		await screen.waitFor('Alt-W sends it as a file.');
		assert.deepEqual(sent(), []);
		await screen.waitFor('1080 kB: too long · Alt-W as file');
	});
});

suite('the preview', () => {
	for (const size of sizes) {
		test(`shows the message as it will look at ${size.columns} columns`, async () => {
			const {screen} = await open(size);
			screen.press(altP);
			await screen.waitFor('What you write is shown');
			screen.press('- **one**\n- two');
			await screen.waitFor(/preview.* +Alt-P closes/);
			await screen.waitFor(size.rows > 12 ? /• one\n.*• two/ : '• two');
			screen.press(altP);
			await waitUntilGone(screen, 'Alt-P closes');
			assert.match(screen.lines().join('\n'), /> - \*\*one\*\*/);
		});
	}

	test('follows slash words, gives way to the menu, and knows what is no message', async () => {
		const {screen} = await open();
		screen.press(altP);
		screen.press('/m');
		await screen.waitFor('/me TEXT');
		assert.ok(!screen.lines().join('\n').includes('Alt-P closes'));
		screen.press('e waves');
		await screen.waitFor(/\* .*waves/);
		screen.press(clear);
		await waitUntilGone(screen, 'Alt-P closes');
		screen.press('/later 10m **soon**');
		await screen.waitFor(/preview, to be sent at \d\d:\d\d/);
		screen.press(clear);
		screen.press('/quit ');
		await screen.waitFor('a command, no message');
	});

	test('of a long message is its end, and never takes the room of the conversation', async () => {
		const {screen} = await open({columns: 80, rows: 24});
		screen.press(altP);
		screen.press(Array.from({length: 30}, (_, index) => `line ${index}`).join('\n'));
		await screen.waitFor(/preview, \d+ more above/);
		await screen.waitFor('the salad, please');
	});
});

suite('words that send', () => {
	test('say how the text is meant', async () => {
		const {screen, fake} = await open();
		for (const text of ['/me waves', '/notice done', '/plain *x*', '/spoiler it ends']) {
			screen.press(`${text}\r`);
			await screen.waitFor(lines => composed(lines) === '>');
		}
		assert.deepEqual(
			fake.of('send').map(request => (request as unknown as SendRequest).content['msgtype']),
			['m.emote', 'm.notice', 'm.text', 'm.text'],
		);
		assert.deepEqual(sent(), ['waves', 'done', '*x*', '[spoiler]']);
	});

	test('a place is seen with its name', async () => {
		const {screen} = await open();
		screen.press('/location geo:52.52,13.405 Berlin\r');
		await screen.waitFor(/location +Berlin\s[^]*geo:52.52,13.405/);
	});

	test('what is wrong is said, and the text stays', async () => {
		const {screen} = await open();
		screen.press('/location Berlin\r');
		await screen.waitFor('Write /location geo:LATITUDE,LONGITUDE');
		await screen.waitFor('> /location Berlin');
	});
});
