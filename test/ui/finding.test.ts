/** The quick switcher and the list of commands: found by a few letters, run, left. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {at, member, state, text} from './sample-account.ts';
import {addLunch, addRooms, altDown, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;

const altK = '\u001Bk';
const altX = '\u001Bx';
const altBack = '\u001B<';
const altForward = '\u001B>';
const altSlash = '\u001B/';
const controlK = '\u000B';
const escape = '\u001B';
const enter = '\r';

/** Names of the rooms of the list that is open, from the top. */
const listed = (lines: readonly string[]): readonly string[] =>
	lines.flatMap(line => /│ +(?:[•!▸] )?((?:Room \d+|Sunday lunch))/.exec(line)?.[1] ?? []);

suite('the quick switcher', () => {
	test('shows the rooms that were open last first, and the open one after them', async () => {
		addRooms(sample.account, 6);
		const {screen} = await open({columns: 120});
		for (const name of ['Room 5', 'Room 3']) {
			screen.press(`${altK}${name}${enter}`);
			await screen.waitFor(`Enter sends to ${name}`);
		}
		screen.press(altK);
		await screen.waitFor('Enter goes there');
		assert.deepEqual(listed(screen.lines()).slice(0, 3), ['Room 5', 'Room 3', 'Room 0']);
	});

	test('is opened by ^K where there is nothing to cut, and cuts where there is', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(enter);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(`half a thought\u0001${controlK}`);
		await screen.waitFor(lines => lines.some(line => /(?:^|│ )>$/.test(line)));
		assert.ok(!screen.lines().some(line => line.includes('Enter goes there')));
		screen.press(controlK);
		await screen.waitFor('Enter goes there');
		screen.press(escape);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press('\u0019');
		await screen.waitFor('> half a thought');
	});

	test('finds people whom no room is with, by name and by id', async () => {
		addLunch(sample.account, {
			state: [
				state('m.room.name', '', {name: 'Sunday lunch'}),
				member('@zoe:two.test', 'Zoé \u001B[31mRed'),
				member('@bert:one.test', 'Bert'),
			],
		});
		const {screen} = await open({columns: 120});
		screen.press(`${altK}zoe`);
		await screen.waitFor('@zoe:two.test');
		assert.ok(screen.lines().some(line => line.includes('People')));
		screen.press(`\u0015@bert:one${enter}`);
		await screen.waitFor('@bert:one.test');
	});

	test('with > it lists commands, and runs the one that is chosen', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(`${altK}>all keys`);
		await screen.waitFor('Show all keys');
		screen.press('\u001B[B');
		screen.press(enter);
		await screen.waitFor('Keys and commands');
	});

	test('a covering list leaves no piece of the conversation at the rule beside it', async () => {
		addLunch(sample.account);
		for (const columns of [80, 120]) {
			const {screen} = await open({columns});
			assert.ok(screen.lines().some(line => line.includes('├')));
			screen.press(altK);
			await screen.waitFor('Enter goes there');
			assert.ok(!screen.lines().some(line => line.includes('├')));
			await screen.close();
		}
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`fits ${columns}×${rows} with hostile names`, async () => {
			for (const [index, name] of [
				'\u202Eevil',
				'a\u0301\u0302\u0303\u0304b',
				'👩‍👩‍👧'.repeat(40),
				'\u001B[2J',
				'漢字'.repeat(60),
			].entries())
				sample.account.sync({
					id: `!hostile${index}:one.test`,
					state: [state('m.room.name', '', {name})],
					timeline: [text('@zoe:one.test', 'hi', {origin_server_ts: at('10:00')})],
				});
			const {screen} = await open({columns, rows});
			for (const query of ['', 'e', 'ab', '漢', '👩']) {
				screen.press(`${altK}\u0015${query}`);
				await screen.waitFor('Go to');
				// Nothing wraps, so nothing scrolls.
				assert.match(screen.lines()[0] ?? '', /mx · /);
				screen.press(escape);
				await screen.waitFor(lines => !lines.some(line => line.includes('Go to')));
			}
			assert.deepEqual(screen.problems, []);
		});
	}

	test('a key reads no more rooms than are seen, whatever their number', async () => {
		addRooms(sample.account, 400);
		const {screen} = await open({columns: 80, rows: 24});
		screen.press(altK);
		await screen.waitFor('Enter goes there');
		let reads = 0;
		const {reader} = sample.account;
		const count =
			<Arguments extends readonly unknown[], Result>(read: (...values: Arguments) => Result) =>
			(...values: Arguments): Result => {
				reads += 1;
				return read(...values);
			};
		Object.assign(reader, {
			room: count(reader.room),
			rooms: count(reader.rooms),
			roomNames: count(reader.roomNames),
			people: count(reader.people),
			directRoom: count(reader.directRoom),
		});
		screen.press('r');
		await screen.waitFor('> r');
		assert.ok(reads <= 4 * 24, `${reads} reads`);
	});
});

suite('the list of commands', () => {
	test('runs a command, with its key beside it', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(`${altX}whole screen`);
		await screen.waitFor(/Draw the whole screen again.*\/redraw.*\^L/);
		screen.press(`\u0015quit${enter}`);
		await screen.ended;
	});

	test('/help with a word shows the commands about it', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(enter);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(`/help poll${enter}`);
		await screen.waitFor('> poll');
		await screen.waitFor(/Ask a question with answers.*\/poll QUESTION/);
	});

	test('says why a command is not possible now, before and after it is chosen', async () => {
		addRooms(sample.account, 2);
		const {screen} = await open({columns: 120});
		screen.press(`${altX}accept`);
		await screen.waitFor(/Accept the invitation.*no invitation is open/);
		screen.press(enter);
		await screen.waitFor('Not now: no invitation is open.');
	});

	test('asks for the words of a command in the composer, and keeps what was written there', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(enter);
		screen.press('half a thought');
		await screen.waitFor('> half a thought');
		screen.press(`${altX}join${enter}`);
		await screen.waitFor('> /join');
		screen.press('\u0015\u0019\u001By');
		await screen.waitFor('> half a thought');
	});

	test('lists all groups without a word, at 40 columns too', async () => {
		addLunch(sample.account);
		const {screen} = await open({columns: 40, rows: 12});
		screen.press(altX);
		await screen.waitFor('Getting around');
		assert.ok(screen.lines().every(line => line.length <= 40));
	});
});

suite('back and forward', () => {
	test('goes through the rooms that were open, without those that were only passed', async () => {
		addRooms(sample.account, 6);
		const {screen} = await open();
		screen.press(`${altK}Room 4${enter}`);
		await screen.waitFor('Enter sends to Room 4');
		screen.press(`${altK}Room 0${enter}`);
		await screen.waitFor('Enter sends to Room 0');
		screen.press(altDown + altDown);
		await screen.waitFor('Enter sends to Room 2');
		screen.press(altBack);
		await screen.waitFor('Enter sends to Room 0');
		screen.press(altBack);
		await screen.waitFor('Enter sends to Room 4');
		screen.press(altBack);
		await screen.waitFor('There is no room to go back to.');
		screen.press(altForward);
		await screen.waitFor('Enter sends to Room 0');
		screen.press(altForward);
		await screen.waitFor('Enter sends to Room 2');
		screen.press(altSlash);
		await screen.waitFor('Enter sends to Room 0');
		screen.press(altSlash);
		await screen.waitFor('Enter sends to Room 2');
	});
});
