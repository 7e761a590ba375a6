/** Themes: chosen while looking at them, kept, and dark or light as the terminal is. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createFakeSession, openScreen} from '../helpers/screen.tsx';
import {now} from './sample-account.ts';
import {addLunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const escape = '\u001B';

/** A colour as it is written with 24 bits. */
const colour = (hex: string): string =>
	`38;2;${[1, 3, 5].map(start => Number.parseInt(hex.slice(start, start + 2), 16)).join(';')}`;
const accents = {dark: colour('#7fb0ff'), light: colour('#1d4ed8'), nord: colour('#88c0d0')};

suite('themes', () => {
	const open = async (environment: Readonly<Record<string, string>> = {}) => {
		addLunch(sample.account);
		const kept: unknown[] = [];
		const screen = await openScreen({
			reader: sample.account.reader,
			session: createFakeSession().session,
			now: () => now,
			columns: 100,
			environment: {TERM: 'xterm-256color', COLORTERM: 'truecolor', ...environment},
			keepSetting: async (name, value) => void kept.push([name, value]),
		});
		const shows = async (accent: string, since: number) =>
			screen.waitFor(() => screen.output().includes(accent, since));
		return {screen, kept, shows};
	};

	test('/theme shows each one that is stood on; Enter keeps it, Esc goes back', async () => {
		const {screen, kept, shows} = await open();
		assert.ok(screen.output().includes(accents.dark));
		let since = screen.output().length;
		screen.press(`${enter}/theme${enter}`);
		await screen.waitFor('Enter keeps it');
		screen.press('nord');
		await shows(accents.nord, since);
		since = screen.output().length;
		screen.press(escape);
		await shows(accents.dark, since);
		assert.deepEqual(kept, []);
		since = screen.output().length;
		screen.press(`/theme${enter}`);
		await screen.waitFor('Enter keeps it');
		screen.press(`nord${enter}`);
		await shows(accents.nord, since);
		await screen.waitFor(() => kept.length === 1);
		assert.deepEqual(kept, [['theme', 'nord']]);
		await screen.close();
	});

	test('a name sets a theme, a wrong one says which there are', async () => {
		const {screen, kept, shows} = await open();
		screen.press(`${enter}/theme pink${enter}`);
		await screen.waitFor('There is no theme pink: try one of auto, dark, light');
		screen.press(`/theme light${enter}`);
		await screen.waitFor(() => kept.length === 1);
		await shows(accents.light, 0);
		await screen.close();
	});

	test('without a choice the colours follow the background of the terminal', async () => {
		const {screen, shows} = await open();
		const since = screen.output().length;
		screen.press('\u001B]11;rgb:ffff/ffff/ffff\u001B\\');
		await shows(accents.light, since);
		await screen.close();
		const light = await open({COLORFGBG: '0;15'});
		assert.ok(light.screen.output().includes(accents.light));
		await light.screen.close();
	});

	test('a terminal that says what it is gets its colours, whatever did not come through SSH', async () => {
		const {screen, shows} = await open({TERM: 'xterm', COLORTERM: ''});
		assert.ok(!screen.output().includes(accents.dark));
		const since = screen.output().length;
		screen.press('\u001BP>|kitty(0.40.0)\u001B\\');
		await shows(accents.dark, since);
		await screen.close();
	});
});
