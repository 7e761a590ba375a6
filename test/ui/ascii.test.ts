/** --ascii: everything that mx draws has a stand-in in ASCII, and what people wrote stays as it is. */
import assert from 'node:assert/strict';
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {withAsciiSigns} from '../../source/domain/ascii-text.ts';
import {text} from './sample-account.ts';
import {addLunch, addRooms, altDown, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const escape = '\u001B';

/** Files whose signs are not drawn: tables of what people write. */
const tables = new Set([
	'commands/message-styles.ts',
	'text/clean-grapheme.ts',
	'text/common-reactions.ts',
	'text/emoji-names.ts',
	'text/graphemes.ts',
	'text/links.ts',
	'text/markdown.ts',
	'text/row-writer.ts',
	'text/safe-text.ts',
]);

test('every sign in the sources of what is drawn has a stand-in', () => {
	const root = path.resolve(import.meta.dirname, '../../source');
	const files = globSync('{commands,text,ui,view-models}/**/*.{ts,tsx}', {cwd: root}).filter(file => !tables.has(file));
	assert.ok(files.length > 100);
	for (const file of files) {
		const code = readFileSync(path.join(root, file), 'utf8')
			.replaceAll(/\/\*[^]*?\*\//g, '')
			.replaceAll(/^\s*\/\/.*$/gm, '');
		// Dots, arrows, lines, blocks, shapes, ticks; letters of any script are words.
		for (const sign of code.match(/[·×‐-⯿]/gu) ?? [])
			assert.match(withAsciiSigns(sign), /^[ -~]$/, `${sign} in ${file}`);
	}
});

for (const [columns, rows] of [
	[80, 24],
	[120, 40],
	[40, 12],
] as const) {
	test(`all parts of the screen are ASCII at ${columns} by ${rows}`, async () => {
		addRooms(sample.account, 30);
		addLunch(sample.account, {unread: 2});
		const {screen} = await sample.open({columns, rows, settings: {ascii: true}});
		const look = async (keys: string, until: string | RegExp): Promise<void> => {
			screen.press(keys);
			await screen.waitFor(until);
			for (const line of screen.lines()) assert.match(line, /^[ -~]*$/, screen.lines().join('\n'));
		};
		await look('', 'INBOX');
		screen.press(altDown);
		await look('\r', 'the salad, please');
		await look('\u001BOP', 'Keys and commands');
		await look(escape, 'the salad, please');
		await look('\u001Bk', 'Esc');
		await look(escape, 'the salad, please');
		await look(escape, /r replies|answers|reply/);
		await look('i', 'the salad, please');
		for (const command of ['/theme', '/members', '/settings', '/create', '/directory', '/spaces']) {
			await look(`${command}\r`, 'Esc closes');
			screen.press(escape);
			await screen.waitFor(lines => !lines.join('\n').includes('Esc closes'));
		}
		await look('\u001Bl', 'Alt-L goes back');
		assert.deepEqual(screen.problems, []);
	});
}

test('what people wrote stays, and what they write', async () => {
	addLunch(sample.account);
	sample.account.sync({
		id: lunch,
		timeline: [
			text(anna, '“naïve” → 漢字 … ✓ • ── 🎉', {
				content: {
					msgtype: 'm.text',
					body: 'x',
					format: 'org.matrix.custom.html',
					formatted_body: '<ul><li>“naïve” → 漢字 … ✓ ── 🎉</li></ul><blockquote>quoted … words</blockquote>',
				},
			}),
		],
	});
	const {screen} = await sample.open({columns: 80, settings: {ascii: true}});
	screen.press(altDown);
	await screen.waitFor('* “naïve” → 漢字 … ✓ ── 🎉');
	await screen.waitFor('| quoted … words');
	screen.press('mine … →');
	await screen.waitFor('> mine … →');
});

test('keys are written as words, never as another key, and what was delivered has no letter behind it', async () => {
	addRooms(sample.account, 3);
	addLunch(sample.account);
	const {screen} = await sample.open({columns: 140, rows: 60, settings: {ascii: true}});
	await screen.waitFor('Alt-Down next room');
	await screen.waitFor(/Up Down +choose a room/);
	screen.press('\r');
	await screen.waitFor(/yes! what shall I bring.* \+$/m);
	screen.press('\u001Bk');
	await screen.waitFor('Up Down choose');
	screen.press(escape);
	await screen.waitFor('Enter sends to Sunday lunch');
	screen.press('\u001BOP');
	await screen.waitFor(/Left +Move left/);
	await screen.waitFor(/Alt-B, \^Left, Alt-Left +Move a word left/);
});
