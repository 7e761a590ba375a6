import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {createFakeSession, openScreen, type OpenedScreen} from '../helpers/screen.tsx';
import {now, openSampleAccount, state, text, type SampleAccount} from './sample-account.ts';

const altDown = '\u001B[1;3B';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
	account.sync({
		id: '!lunch:one.test',
		state: [state('m.room.name', '', {name: 'Lunch'})],
		timeline: [text('@anna:one.test', 'hello')],
	});
});

afterEach(() => account.close());

const open = async () => {
	const steps: string[] = [];
	const fake = createFakeSession({
		saveDraft: async () => {
			steps.push('draft');
			return {};
		},
	});
	const onQuit = async () => void steps.push('quit');
	const screen = await openScreen({reader: account.reader, session: fake.session, now: () => now, onQuit});
	screen.press(altDown);
	await screen.waitFor('hello');
	return {screen, steps, fake};
};

const assertRestored = (screen: OpenedScreen): void => {
	assert.ok(!screen.isAlternate());
	assert.match(screen.lines()[0] ?? '', /^\$ mx/);
	assert.equal(screen.stdin.isRaw, false);
	const restored = screen.restored.join('');
	for (const mode of ['\u001B[?7h', '\u001B[?25h', '\u001B[?2004l', '\u001B[?1004l', '\u001B[?1049l']) {
		assert.ok(restored.includes(mode), JSON.stringify(mode));
	}
};

suite('leaving the screen', () => {
	test('Ctrl-C first clears the composer into the kill ring, pressed again it quits', async () => {
		const {screen, steps} = await open();
		screen.press('half a thought');
		await screen.waitFor('> half a thought');
		screen.press('\u0003');
		await screen.waitFor('Cleared: ^Y puts it back. ^C again quits mx.');
		screen.press('\u0019');
		await screen.waitFor('> half a thought');
		// What is written again meanwhile is cleared too.
		screen.press('\u0003');
		await screen.waitFor(lines => lines.some(line => line.trimEnd() === '>'));
		screen.press('\u0003');
		assert.deepEqual(await screen.ended, {exitCode: 0});
		assertRestored(screen);
		assert.deepEqual(steps, ['quit']);
	});

	test('Ctrl-C over the help closes it, and says nothing of a text that it did not clear', async () => {
		const {screen} = await open();
		screen.press('half a thought');
		await screen.waitFor('> half a thought');
		screen.press('\u001BOP');
		await screen.waitFor('Keys and commands');
		screen.press('\u0003');
		await screen.waitFor('Press ^C again to quit mx.');
		assert.ok(screen.lines().some(line => line.includes('> half a thought')));
		assert.ok(!screen.lines().some(line => line.includes('Cleared')));
		screen.press('\u0003');
		await screen.ended;
	});

	test('/quit leaves the terminal as it was', async () => {
		const {screen, steps} = await open();
		screen.press('/quit\r');
		assert.deepEqual(await screen.ended, {exitCode: 0});
		assertRestored(screen);
		assert.deepEqual(steps, ['quit']);
	});

	for (const [signal, exitCode] of [
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
	] as const) {
		test(`${signal} keeps the draft and restores the terminal`, async () => {
			const {screen, steps} = await open();
			screen.press('unsent');
			await screen.waitFor('> unsent');
			screen.process.emit(signal);
			assert.deepEqual(await screen.ended, {exitCode});
			assertRestored(screen);
			assert.deepEqual(steps, ['draft', 'quit']);
		});
	}

	test('a bug restores the terminal, is told in a sentence, and ends with 1', async () => {
		const {screen, steps} = await open();
		screen.press('unsent');
		await screen.waitFor('> unsent');
		screen.process.emit('uncaughtException', new Error('no such thing\u001B[2J'));
		assert.deepEqual(await screen.ended, {exitCode: 1});
		assertRestored(screen);
		assert.deepEqual(steps, ['draft', 'quit']);
		const sentence = screen.problems.find(problem => typeof problem === 'string');
		assert.match(String(sentence), /^mx had to stop: no such thing␛\[2J\./);
	});

	test('a terminal that is gone ends mx, with the draft kept', async () => {
		const {screen, steps} = await open();
		screen.press('unsent');
		await screen.waitFor('> unsent');
		screen.stdin.emit('end');
		assert.deepEqual(await screen.ended, {exitCode: 129});
		assert.deepEqual(steps, ['draft', 'quit']);
	});

	test('nothing is written to the shell afterwards', async () => {
		const {screen} = await open();
		screen.press('/quit\r');
		await screen.ended;
		const written = screen.bytesWritten();
		screen.notify({kind: 'net', net: {state: 'offline'}});
		screen.resize(100, 30);
		screen.press('more keys');
		await new Promise(resolve => void setImmediate(resolve));
		assert.equal(screen.bytesWritten(), written);
	});

	test('a store that cannot be read is said in its place, the screen stays', async () => {
		const fake = createFakeSession({});
		let isBroken = false;
		const reader: typeof account.reader = {
			...account.reader,
			timeline(window) {
				if (isBroken) throw new Error('a page is damaged');
				return account.reader.timeline(window);
			},
		};
		const screen = await openScreen({reader, session: fake.session, now: () => now});
		isBroken = true;
		screen.press(altDown);
		await screen.waitFor('What is stored could not be read: a page is damaged');
		isBroken = false;
		screen.press('\u001B');
		screen.notify({kind: 'changed', rids: [account.reader.roomById('!lunch:one.test')?.rid ?? 0], isListChanged: true});
		await screen.waitFor('hello');
		await screen.close();
	});
});
