/** Lists over and beside the conversation: opened by a key, narrowed by typing, left as they were entered. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addLunch, addRooms, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const altK = '\u001Bk';
const escape = '\u001B';
const enter = '\r';
const down = '\u001B[B';

for (const columns of [40, 80, 120]) {
	test(`the quick switcher goes to a room by a part of its name, at ${columns} columns`, async () => {
		addRooms(sample.account, 30);
		addLunch(sample.account);
		const {screen} = await sample.open({columns});
		screen.press(altK);
		await screen.waitFor('Enter goes there');
		assert.match(screen.lines()[2] ?? '', /> a room, @ a person/);
		screen.press('lunch');
		await screen.waitFor(lines => lines.filter(line => /Room \d+/.test(line)).length === 0 || columns > 60);
		assert.deepEqual(screen.cursor(), {row: 2, column: (screen.lines()[2] ?? '').indexOf('> lunch') + 7});
		screen.press(enter);
		await screen.waitFor(lines => (lines[1] ?? '').includes('Sunday lunch'));
		assert.deepEqual(screen.problems, []);
	});
}

test('a list that was closed leaves the text of the composer and its keys as they were', async () => {
	addLunch(sample.account);
	const {screen} = await sample.open();
	screen.press(enter);
	screen.press('half a thou');
	await screen.waitFor('> half a thou');
	screen.press(altK);
	await screen.waitFor('Enter goes there');
	screen.press(`xyz${down}`);
	await screen.waitFor('Nothing is called like that.');
	screen.press(escape);
	await screen.waitFor('> half a thou');
	screen.press('ght');
	await screen.waitFor('> half a thought');
});
