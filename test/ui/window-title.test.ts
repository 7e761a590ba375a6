/** The name of the terminal's window. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findUnsafe} from '../corpus/safety.ts';
import {text} from './sample-account.ts';
import {addLunch, altDown, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

/** @returns the names that the window was given, in order. */
const titlesIn = (output: string): readonly string[] =>
	Array.from(output.matchAll(/\u001B\]0;([^\u0007\u001B]*)\u001B\\/g), ([, title = '']) => title);

const state = (name: string) => ({type: 'm.room.name', state_key: '', content: {name}});

test('the window says how many rooms are unread and which room is open, and has its own name back at the end', async () => {
	addLunch(sample.account, {unread: 2});
	const {screen} = await sample.open();
	await screen.waitFor(() => titlesIn(screen.output()).at(-1) === '(1) mx');
	screen.press(altDown);
	await screen.waitFor(() => titlesIn(screen.output()).at(-1)?.endsWith('mx · Sunday lunch') === true);
	await screen.close();
	const restored = screen.restored.join('');
	assert.deepEqual(titlesIn(restored), ['']);
	assert.ok(restored.endsWith('\u001B[23;0t'));
});

test('a room where something comes in is counted', async () => {
	addLunch(sample.account);
	const {screen} = await sample.open();
	await screen.waitFor(() => titlesIn(screen.output()).at(-1) === 'mx');
	sample.account.sync({id: lunch, timeline: [text(anna, 'and bread')], unread: 1});
	screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
	await screen.waitFor(() => titlesIn(screen.output()).at(-1) === '(1) mx');
});

test('a hostile name of a room is no command', async () => {
	addLunch(sample.account, {
		state: [state('a\u0007b\u001B]52;c;QQ==\u0007\u001B[2J\u202Ec;d\u009C e\u2800f\u{E0100}')],
	});
	const {screen} = await sample.open();
	screen.press(altDown);
	await screen.waitFor(() => titlesIn(screen.output()).some(title => title.startsWith('mx · a')));
	const title = titlesIn(screen.output()).at(-1) ?? '';
	assert.match(title, /^[^\u0000-\u001F\u007F-\u009F\u202A-\u202E;]*$/);
	assert.equal(findUnsafe(title), undefined);
	assert.ok(!screen.output().includes('\u001B]52'));
});

test('where the setting says so, the window keeps its name', async () => {
	addLunch(sample.account);
	const {screen} = await sample.open({settings: {title: false}});
	screen.press(altDown);
	await screen.waitFor('the salad, please');
	await screen.close();
	assert.deepEqual(titlesIn(screen.output() + screen.restored.join('')), []);
});

test('a terminal without UTF-8 gets a name in ASCII', async () => {
	addLunch(sample.account, {state: [state('Crème brûlée')]});
	const {screen} = await sample.open({environment: {TERM: 'xterm', LANG: 'de_DE.ISO-8859-1'}});
	screen.press(altDown);
	await screen.waitFor(() => titlesIn(screen.output()).at(-1) === 'mx . Creme brulee');
	assert.match(screen.output().replaceAll(/\u001B|\r|\n/g, ''), /^[ -~]*$/);
});
