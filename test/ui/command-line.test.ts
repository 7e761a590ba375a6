/** The line of commands behind a colon, and the list of commands: what is named runs, and what is only found is not run by Enter. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {addLunch, addRooms, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const altX = '\u001Bx';
const escape = '\u001B';
const down = '\u001B[B';
const enter = '\r';

/** With `x` in the composer, in normal mode. */
const openVim = async () => {
	addRooms(sample.account, 6);
	addLunch(sample.account);
	const opened = await sample.open({settings: {keys: 'vim'}, columns: 120});
	opened.screen.press(enter);
	await opened.screen.waitFor('Enter sends to Sunday lunch');
	opened.screen.press(`x${escape}`);
	await opened.screen.waitFor('NORMAL');
	return opened;
};

suite('the line of commands', () => {
	test('":b general" opened the form for a name in the room: a command that is named with words behind it comes first', async () => {
		const {screen} = await openVim();
		screen.press(`:b room 3${enter}`);
		await screen.waitFor('Enter sends to Room 3');
	});

	for (const [typed, row] of [
		['topic hello world', '/topic hello world'],
		['topic new topic here', '/topic new topic here'],
		['search boat', '/search boat'],
		['me waves', '/me waves'],
		['note my words', '/note my words'],
		['roomname New name', '/roomname New name'],
		['theme nord', '/theme nord'],
		['e general', '/go general'],
		['pet the one', '/petname the one'],
	] as const)
		test(`":${typed}" has that command in its first row`, async () => {
			const {screen} = await openVim();
			screen.press(`:${typed}`);
			await screen.waitFor(lines =>
				lines.some((line, index) => line.includes(`> ${typed}`) && lines[index + 1]?.includes(` ${row} `) === true),
			);
		});

	test('":topic hello world" put the command of another row into the composer: it sets the topic', async () => {
		const {screen, fake} = await openVim();
		screen.press(`:topic hello world${enter}`);
		await screen.waitFor(() => fake.of('changeRoom').length === 1);
	});

	for (const word of ['marks', 'reg', 'w', 'bd', 'noh', 'd', 'vs', 'e4 e5', '%s/a/b/'])
		test(`":${word}" ran the command that was found nearest: there is none, and nothing runs`, async () => {
			const {screen, fake} = await openVim();
			const before = fake.calls.length;
			screen.press(`:${word}${enter}`);
			await screen.waitFor(`There is no :${word}.`);
			await screen.waitFor(`> ${word}`);
			assert.deepEqual(
				fake.calls.slice(before).flatMap(({method}) => (method === 'show' ? [] : [method])),
				[],
			);
		});

	test('what is only found is chosen by an arrow, then Enter runs it', async () => {
		const {screen} = await openVim();
		screen.press(`:all keys${enter}`);
		await screen.waitFor('There is no :all keys. ↓ chooses one of these.');
		screen.press(down + enter);
		await screen.waitFor('Keys and commands');
	});

	test('the beginning of one name alone runs it; that of several does not', async () => {
		const {screen} = await openVim();
		screen.press(`:sp${enter}`);
		await screen.waitFor('Several begin with :sp.');
		screen.press(`oi`);
		await screen.waitFor(/\/spoiler/);
		screen.press(enter);
		await screen.waitFor('> /spoiler');
	});

	test('Enter on what is not written yet runs nothing', async () => {
		const {screen} = await openVim();
		screen.press(`:${enter}`);
		await screen.waitFor('Getting around');
	});
});

suite('the line of commands on messages', () => {
	test('":bn" on a selected message wrote /bn into the composer: it is the same line as elsewhere', async () => {
		const {screen} = await openVim();
		screen.press(escape);
		await screen.waitFor('r reply');
		screen.press(':all rooms');
		await screen.waitFor('> all rooms');
		screen.press(`\u0015bn${enter}`);
		await screen.waitFor('Enter sends to Room 0');
	});

	test('a command is about the message that is selected', async () => {
		addLunch(sample.account);
		const {screen, fake} = await sample.open({});
		screen.press(enter);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(escape);
		await screen.waitFor('r reply');
		screen.press(`:react 👍${enter}`);
		await screen.waitFor(() => fake.of('react').length === 1);
	});
});

suite('the list of commands', () => {
	test('listed what only moves where the keys are: the message above, a word left, section 1', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open({columns: 120, rows: 40});
		for (const [typed, moving, other] of [
			['select', 'Select the message above', '/select'],
			['move', 'Move a word left', 'commands|No command|>'],
			['section 1', 'Go to section 1', '>'],
			['leave', 'Pin the selected message', '/leave'],
		] as const) {
			screen.press(`${altX}${typed}`);
			await screen.waitFor(`> ${typed}`);
			await screen.waitFor(new RegExp(other));
			assert.ok(!screen.lines().some(line => line.includes(moving)));
			screen.press(escape);
			await screen.waitFor(lines => !lines.some(line => line.includes('Enter runs it')));
		}
	});

	test('does not run on Enter what is only found', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open({});
		screen.press(`${altX}marks${enter}`);
		await screen.waitFor('There is no command marks.');
	});

	test('gives the words behind an exact name to that command', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open({});
		screen.press(enter);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(`${altX}theme nope${enter}`);
		await screen.waitFor(/There is no theme .*nope/);
	});
});
