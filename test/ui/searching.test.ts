/** Searching messages: the list of what is found, the way to it and back, and what is said of what cannot be found. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {at, member, state, text} from './sample-account.ts';
import {addLunch, addRooms, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;

const controlF = '\u0006';
const controlU = '\u0015';
const enter = '\r';
const escape = '\u001B';
const backspace = '\u007F';

/** A room with `tea 0` to `tea 199`, each a few hours after the one before, and other words between them. */
const addTea = (): void => {
	const timeline = Array.from({length: 400}, (_, index) =>
		text(anna, index % 2 === 0 ? `tea ${index / 2}` : `words ${index}`, {
			origin_server_ts: at('10:00', 30) + index * 3_600_000,
		}),
	);
	sample.account.sync({
		id: lunch,
		state: [
			member(anna, 'Anna Kowalska'),
			state('m.room.name', '', {name: 'Sunday lunch'}),
			state('m.room.create', '', {}),
		],
		timeline,
	});
};

const inPane = (lines: readonly string[], words: string): boolean => lines.some(line => line.includes(words));

suite('searching a room', () => {
	test('finds while one types, shows who, when and what is around, and goes there and back', async () => {
		addTea();
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(enter);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(controlF);
		await screen.waitFor('Search Sunday lunch');
		screen.press('"tea 42"');
		await screen.waitFor('1 in Sunday lunch');
		await screen.waitFor(/Anna Kowalska +29 Oct \d\d:\d\d/);
		// What was said before and after it.
		await screen.waitFor('Anna Kowalska: words 83');
		await screen.waitFor('Anna Kowalska: words 85');
		screen.press(enter);
		await screen.waitFor(/┃ tea 42|tea 42/);
		await screen.waitFor('1 of 1');
		await screen.waitFor(lines => inPane(lines, 'words 85') && !inPane(lines, '1 in Sunday lunch'));
		screen.press(backspace);
		await screen.waitFor('tea 199');
		assert.deepEqual(screen.problems, []);
	});

	test('a hit in a thread opens the thread there; n goes on to one in the room, and N back', async () => {
		const root = text(anna, 'the plan', {event_id: '$plan'});
		const reply = (index: number, body: string) =>
			text(anna, body, {
				event_id: `$reply${index}`,
				content: {body, msgtype: 'm.text', 'm.relates_to': {rel_type: 'm.thread', event_id: '$plan'}},
			});
		sample.account.sync({
			id: lunch,
			state: [member(anna, 'Anna Kowalska'), state('m.room.name', '', {name: 'Sunday lunch'})],
			timeline: [
				root,
				text(anna, 'a cake from the shop'),
				reply(1, 'first answer'),
				reply(2, 'bake a cake'),
				reply(3, 'done'),
			],
		});
		const {screen} = await open({columns: 80, rows: 24});
		screen.press(`${enter}${controlF}`);
		await screen.waitFor('Search Sunday lunch');
		screen.press('cake');
		await screen.waitFor('2 in Sunday lunch');
		screen.press(enter);
		await screen.waitFor('1 of 2');
		await screen.waitFor(/Thread .* Esc closes/);
		await screen.waitFor('bake a cake');
		screen.press('y');
		await screen.waitFor(() => screen.output().includes(Buffer.from('bake a cake').toString('base64')));
		screen.press('n');
		await screen.waitFor('2 of 2');
		await screen.waitFor(/▌ ?a cake from the shop/);
		await screen.waitFor(lines => !lines.join('\n').includes('first answer'));
		screen.press('N');
		await screen.waitFor('1 of 2');
		screen.press(controlF);
		await screen.waitFor('2 in Sunday lunch');
		assert.deepEqual(screen.problems, []);
	});

	test('n and N go from hit to hit, and say where they end', async () => {
		addTea();
		const {screen} = await open({columns: 100, rows: 30});
		screen.press(`${enter}${controlF}`);
		await screen.waitFor('Search Sunday lunch');
		screen.press('"tea 10" OR "tea 20" OR "tea 30"');
		await screen.waitFor('3 in Sunday lunch');
		screen.press(enter);
		await screen.waitFor('1 of 3');
		await screen.waitFor(/tea 30$/m);
		screen.press('n');
		await screen.waitFor('2 of 3');
		await screen.waitFor(/tea 20$/m);
		screen.press('n');
		await screen.waitFor('3 of 3');
		screen.press('n');
		await screen.waitFor('This was the last one that was found.');
		screen.press('N');
		await screen.waitFor('2 of 3');
		// The list is there again, with what was chosen.
		screen.press(controlF);
		await screen.waitFor('3 in Sunday lunch');
		await screen.waitFor('> "tea 30"');
		screen.press(escape);
		await screen.waitFor(lines => !inPane(lines, '3 in Sunday lunch'));
		screen.press(backspace);
		await screen.waitFor('tea 199');
	});

	test('Tab widens to all rooms, whose names stand beside the hits', async () => {
		addRooms(sample.account, 3);
		const {screen} = await open({columns: 120});
		screen.press(enter);
		await screen.waitFor('Enter sends to Room 0');
		screen.press(`${controlF}words`);
		await screen.waitFor('1 in Room 0');
		screen.press('\t');
		await screen.waitFor('3 in all rooms');
		await screen.waitFor(/zoe:one.test · Room 2/);
		screen.press('\u001B[B\u001B[B');
		screen.press(enter);
		await screen.waitFor('Room 2');
		await screen.waitFor('3 of 3');
		screen.press('N');
		await screen.waitFor('2 of 3');
		// On a hit, the list of all rooms is there again.
		screen.press(controlF);
		await screen.waitFor('3 in all rooms');
		screen.press(escape);
		await screen.waitFor(lines => !inPane(lines, '3 in all rooms'));
		screen.press(backspace);
		await screen.waitFor('Enter sends to Room 0');
	});

	test('says what is wrong with a search, and whom it does not know', async () => {
		addLunch(sample.account);
		const {screen} = await open({columns: 120});
		screen.press(`${enter}${controlF}`);
		await screen.waitFor('Search Sunday lunch');
		await screen.waitFor('Words, "a phrase"');
		for (const [typed, said] of [
			['form:anna', 'There is no filter form:'],
			['from:', 'Write who after from:'],
			['from:zoe', 'Nobody here is called "zoe".'],
			['after:someday', '"someday" is no date'],
			['soup', 'Nothing was found.'],
		] as const) {
			screen.press(`${controlU}${typed}`);
			await screen.waitFor(said);
		}
		screen.press(`${controlU}from:anna salad`);
		await screen.waitFor('1 in Sunday lunch');
		screen.press(`${controlU}in:lunch -from:me`);
		await screen.waitFor('2 in the named rooms');
	});

	test('is honest about history and keys that the archive does not have', async () => {
		addLunch(sample.account, {previousToken: 'more'});
		sample.account.sync({
			id: lunch,
			timeline: [
				text(anna, '', {type: 'm.room.encrypted', content: {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's'}}),
			],
		});
		const {screen} = await open({columns: 120});
		screen.press(`${enter}${controlF}salad`);
		await screen.waitFor('Not all of this room is stored');
		await screen.waitFor('One message could not be');
		screen.press(`${controlU}soup`);
		await screen.waitFor(/Nothing was found. Not all of this/);
		screen.press('\t');
		await screen.waitFor(/Of one room/);
	});
});

suite('searching all rooms', () => {
	test('/search takes the words, also where no room is open', async () => {
		addRooms(sample.account, 3);
		const {screen} = await open({columns: 120});
		screen.press(`/search words in${enter}`);
		await screen.waitFor('3 in all rooms');
		screen.press(controlU);
		await screen.waitFor('Words, "a phrase"');
		screen.press(`in:"Room 1" words${enter}`);
		await screen.waitFor('1 of 1');
		await screen.waitFor('Room 1');
	});

	test('n without a search says how one is begun', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(enter);
		screen.press(escape);
		await screen.waitFor('r reply');
		screen.press('n');
		await screen.waitFor('Nothing was searched for yet: ^F searches this room.');
		screen.press('/');
		await screen.waitFor('Search Sunday lunch');
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const)
		test(`looks right at ${columns}×${rows} with hostile names and texts`, async () => {
			const hostile = [
				'\u202Eevil tea',
				`tea ${'a\u0301\u0302\u0303\u0304'.repeat(40)}`,
				'👩‍👩‍👧 tea '.repeat(40),
				'tea\u001B[2J\u001B]52;c;AAAA\u0007',
				`${'漢字'.repeat(90)} tea ${'漢字'.repeat(90)}`,
				'tea\n\n\n\ntea',
			];
			sample.account.sync({
				id: lunch,
				state: [state('m.room.name', '', {name: hostile[3] ?? ''}), member(anna, hostile[0] ?? '')],
				timeline: hostile.map(body => text(anna, body, {origin_server_ts: at('09:00', 400)})),
			});
			const {screen} = await open({columns, rows});
			screen.press(`${enter}${controlF}tea`);
			await screen.waitFor('6 in ');
			for (let step = 0; step < 6; step += 1) screen.press('\u001B[B');
			await screen.waitFor(/tea/);
			assert.match(screen.lines()[0] ?? '', /mx · /);
			assert.equal(screen.lines().length, rows);
			assert.deepEqual(screen.problems, []);
		});
});
