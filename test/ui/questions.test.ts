/** Questions in the status line: one key answers, every other one drops them. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {state} from './sample-account.ts';
import {addLunch, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';

for (const columns of [40, 80, 120]) {
	test(`leaving asks, and y leaves, at ${columns} columns`, async () => {
		addLunch(sample.account);
		const {screen, fake} = await sample.open({columns});
		screen.press(enter);
		screen.press(`/leave${enter}`);
		await screen.waitFor('y leaves');
		assert.match(
			screen.lines().at(-1) ?? '',
			columns > 40 ? /Leave Sunday lunch\? y leaves, any other key does not/ : /Leave Sunday lunch\? y leaves/,
		);
		assert.deepEqual(fake.of('leave'), []);
		screen.press('y');
		await screen.waitFor('You have left the room.');
		assert.deepEqual(fake.of('leave'), [{roomId: lunch}]);
		assert.deepEqual(screen.problems, []);
	});
}

test('n drops the question and is not typed', async () => {
	addLunch(sample.account);
	const {screen, fake} = await sample.open();
	screen.press(enter);
	screen.press(`/leave${enter}`);
	await screen.waitFor('y leaves');
	screen.press('n');
	await screen.waitFor(lines => !(lines.at(-1) ?? '').includes('y leaves'));
	screen.press('yes');
	await screen.waitFor('> yes');
	assert.deepEqual(fake.of('leave'), []);
});

test('a paste that begins with the answer does not answer', async () => {
	addLunch(sample.account);
	const {screen, fake} = await sample.open();
	screen.press(enter);
	screen.press(`/leave${enter}`);
	await screen.waitFor('y leaves');
	screen.press('\u001B[200~y\u001B[201~');
	await screen.waitFor(lines => !(lines.at(-1) ?? '').includes('y leaves'));
	await screen.waitFor('> y');
	assert.deepEqual(fake.of('leave'), []);
});

test('a command typed into a question is no message without its slash', async () => {
	addLunch(sample.account);
	const {screen, fake} = await sample.open();
	screen.press(enter);
	screen.press(`/leave${enter}`);
	await screen.waitFor('y leaves');
	for (const key of '/outbox') screen.press(key);
	await screen.waitFor('> /outbox');
	screen.press(enter);
	await screen.waitFor('Nothing waits');
	assert.deepEqual(fake.of('send'), []);
	assert.deepEqual(fake.of('leave'), []);
});

test('a letter that is a key of the selected message does nothing in a question', async () => {
	addLunch(sample.account);
	const {screen, fake} = await sample.open();
	screen.press(`${enter}/select${enter}`);
	await screen.waitFor('reply');
	screen.press('p');
	screen.press(`:leave${enter}`);
	await screen.waitFor('y leaves');
	const pins = fake.of('setPinned').length;
	screen.press('p');
	await screen.waitFor(lines => !(lines.at(-1) ?? '').includes('y leaves'));
	assert.equal(fake.of('setPinned').length, pins);
});

test('a long name gives way to the answer', async () => {
	addLunch(sample.account, {state: [state('m.room.name', '', {name: 'Lunch '.repeat(40)})]});
	const {screen} = await sample.open({columns: 40});
	screen.press(enter);
	screen.press(`/leave${enter}`);
	await screen.waitFor(lines => /Leave Lunch .*… ?y leaves$/.test(lines.at(-1) ?? ''));
});

test('what was said before a question does not come back when it is dropped', async () => {
	addLunch(sample.account);
	const {screen} = await sample.open();
	screen.press(enter);
	screen.press(`/theme pink${enter}`);
	await screen.waitFor('There is no theme pink');
	screen.press(`/leave${enter}`);
	await screen.waitFor('y leaves');
	screen.press('n');
	await screen.waitFor(lines => !(lines.at(-1) ?? '').includes('y leaves'));
	assert.doesNotMatch(screen.lines().join(' '), /no theme/);
});
