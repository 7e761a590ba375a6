/** The mouse: the wheel scrolls what is under it, a click goes there; and the view in which it belongs to the terminal. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {OpenedScreen} from '../helpers/screen.tsx';
import {at, member, state, text} from './sample-account.ts';
import {addLunch, addRooms, altDown, anna, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;
const altL = '\u001Bl';
const escape = '\u001B';
const up = '\u001B[A';
const mouseOn = '\u001B[?1000h\u001B[?1006h';
const mouseOff = '\u001B[?1006l\u001B[?1000l';

/** A cell, from 0. */
type Cell = readonly [column: number, row: number];

const report = (button: number, [column, row]: Cell, end = 'M'): string =>
	`\u001B[<${button};${column + 1};${row + 1}${end}`;
const click = (cell: Cell): string => report(0, cell) + report(0, cell, 'm');
const wheelUp = (cell: Cell, notches = 1): string => report(64, cell).repeat(notches);
const wheelDown = (cell: Cell, notches = 1): string => report(65, cell).repeat(notches);

/** @returns the cell where a text begins. */
const cellOf = (screen: OpenedScreen, words: string): Cell => {
	const lines = screen.lines();
	const row = lines.findIndex(line => line.includes(words));
	assert.notEqual(row, -1, `${words} is not on the screen:\n${lines.join('\n')}`);
	return [lines[row]?.indexOf(words) ?? 0, row];
};

const longTalk = (count: number) =>
	Array.from({length: count}, (_, index) =>
		text(anna, `message ${index}`, {origin_server_ts: at('09:00') + index * 61_000}),
	);

const addTalk = (): void => {
	addLunch(sample.account, {timeline: longTalk(80)});
	addRooms(sample.account, 60);
};

suite('the wheel', () => {
	for (const [columns, rows] of [
		[92, 24],
		[120, 40],
	] as const) {
		test(`over the conversation scrolls it, over the inbox the list, at ${columns} by ${rows}`, async () => {
			addTalk();
			const {screen} = await open({columns, rows});
			screen.press(altDown);
			await screen.waitFor('message 79');
			screen.press(wheelUp([columns - 10, 8], 4));
			await screen.waitFor(lines => !lines.join('\n').includes('message 79'));
			assert.ok(screen.lines().some(line => line.includes('▸ Sunday lunch')));
			screen.press(wheelDown([columns - 10, 8], 6));
			await screen.waitFor('message 79');
			screen.press(wheelDown([3, 8], 5));
			await screen.waitFor(lines => !lines.join('\n').includes('▸ Sunday lunch'));
			// The room is still the open one.
			assert.ok(screen.lines().some(line => line.includes('message 79')));
			screen.press(wheelDown([3, 8], 100));
			await screen.waitFor('Room 59');
			screen.press(wheelUp([3, 8], 100));
			await screen.waitFor('▸ Sunday lunch');
		});
	}

	test('after a scroll of the list the next step shows the open room again', async () => {
		addTalk();
		const {screen} = await open({columns: 96});
		screen.press(altDown);
		await screen.waitFor('▸ Sunday lunch');
		screen.press(wheelDown([3, 8], 8));
		await screen.waitFor(lines => !lines.join('\n').includes('▸ Sunday lunch'));
		screen.press(altDown);
		await screen.waitFor('▸ Room 0');
	});

	test('over the help and over a list it scrolls these', async () => {
		addTalk();
		const {screen} = await open({columns: 96});
		screen.press(altDown);
		await screen.waitFor('message 79');
		screen.press('\u001BOP');
		await screen.waitFor('Keys and commands');
		screen.press(wheelDown([40, 8], 2));
		await screen.waitFor(lines => !lines.join('\n').includes('Keys and commands'));
		screen.press(escape);
		await screen.waitFor('message 79');
		screen.press('\u001Bk');
		await screen.waitFor('Esc closes');
		const before = screen.lines().join('\n');
		screen.press(wheelDown([60, 8], 20));
		await screen.waitFor(lines => lines.join('\n') !== before && lines.join('\n').includes('Esc closes'));
	});
});

suite('a click', () => {
	test('on a room opens it, on a message selects it, on the composer writes there', async () => {
		addLunch(sample.account);
		addRooms(sample.account, 5);
		const {screen, fake} = await open({columns: 96});
		screen.press(click(cellOf(screen, 'Sunday lunch')));
		await screen.waitFor('the salad, please');
		await screen.waitFor('▸ Sunday lunch');
		screen.press('one two');
		await screen.waitFor('> one two');
		screen.press(click(cellOf(screen, 'yes! what shall I bring')));
		await screen.waitFor('▌');
		assert.ok(
			screen.lines().some(line => line.includes('▌') && line.includes('yes! what')),
			screen.lines().join('\n'),
		);
		const [column, row] = cellOf(screen, '> one two');
		screen.press(click([column + 2 + 4, row]));
		screen.press('X');
		await screen.waitFor('> one Xtwo');
		// Beyond the text is its end.
		screen.press(click([column + 40, row]));
		screen.press('!');
		await screen.waitFor('> one Xtwo!');
		assert.deepEqual(fake.of('send'), []);
	});

	test('into written lines puts the cursor between graphemes, also wide ones, wrapped ones and below a quote', async () => {
		addLunch(sample.account);
		const {screen} = await open({columns: 96});
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		screen.press('漢字👍🏽x\nsecond');
		await screen.waitFor('  second');
		const [column, row] = cellOf(screen, '> 漢字');
		// The second cell of the second character: before it.
		screen.press(click([column + 5, row]));
		screen.press('A');
		await screen.waitFor('> 漢A字');
		screen.press(click([column + 2 + 3, row + 1]));
		screen.press('B');
		await screen.waitFor('secBond');
		screen.press('\u001B[1;5A');
		await screen.waitFor('replying to');
		const [, quoted] = cellOf(screen, '> 漢A字');
		screen.press(click([column + 2, quoted]));
		screen.press('C');
		await screen.waitFor('> C漢A字');
	});

	test('on a row of the menu takes it', async () => {
		addLunch(sample.account);
		const {screen} = await open({columns: 96});
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		screen.press('@an');
		await screen.waitFor('Esc closes');
		screen.press(click(cellOf(screen, '  Anna Kowalska')));
		await screen.waitFor(lines => lines.some(line => line.includes('> @Anna Kowalska')));
	});

	test('on an entry of a list chooses it, and a second one takes it; on its corner closes it', async () => {
		addLunch(sample.account);
		addRooms(sample.account, 8);
		const {screen} = await open({columns: 96});
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		const openSwitcher = async (): Promise<void> => {
			screen.press('\u001Bk');
			await screen.waitFor('Esc closes');
			await screen.waitFor(lines => lines.some(line => line.indexOf('Room 3') > 27));
		};
		await openSwitcher();
		const lines = screen.lines();
		const row = lines.findIndex(line => line.indexOf('Room 3') > 27);
		screen.press(click([40, row]));
		screen.press(click([40, row]));
		await screen.waitFor('words in 3');
		await openSwitcher();
		screen.press(click(cellOf(screen, 'Esc closes')));
		await screen.waitFor(after => !after.join('\n').includes('Esc closes'));
	});

	test('on the line above the composer goes to the newest message', async () => {
		addTalk();
		const {screen} = await open({columns: 96});
		screen.press(altDown);
		await screen.waitFor('message 79');
		screen.press(wheelUp([60, 8], 5));
		await screen.waitFor(lines => !lines.join('\n').includes('message 79'));
		screen.press(click([60, screen.lines().findIndex(line => line.includes('├'))]));
		await screen.waitFor('message 79');
	});

	test('anywhere, and any report at all, breaks nothing', async () => {
		addTalk();
		for (const [columns, rows] of [
			[80, 24],
			[120, 40],
			[40, 12],
			[20, 5],
		] as const) {
			const {screen} = await open({columns, rows});
			for (const button of [0, 1, 2, 3, 32, 35, 64, 65, 66, 67, 4, 8, 16, 128])
				for (let step = 0; step < 12; step++) {
					const cell: Cell = [(step * 37) % (columns + 3), (step * 17) % (rows + 2)];
					screen.press(report(button, cell) + report(button, cell, 'm'));
				}
			screen.press('\u001B[<0;99999;99999M\u001B[<0;0;0M\u001B[M !!');
			screen.press('\f');
			await screen.waitFor(lines => lines.join('').trim() !== '');
			assert.deepEqual(screen.problems, []);
			await screen.close();
		}
	});

	test('where a room invites, and in a narrow terminal, goes to it', async () => {
		sample.account.sync({
			id: '!party:one.test',
			category: 'invite',
			state: [state('m.room.name', '', {name: 'Party'}), member('@alice:one.test', 'Alice', 'invite')],
		});
		addLunch(sample.account);
		const {screen, fake} = await open({columns: 40, rows: 12});
		screen.press(click(cellOf(screen, 'Sunday lunch')));
		await screen.waitFor('the salad, please');
		screen.press('\u001Bi');
		await screen.waitFor('INBOX');
		screen.press(click(cellOf(screen, 'Party')));
		await screen.waitFor('invit');
		assert.deepEqual(fake.of('join'), []);
	});
});

suite('the bare view', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`shows the conversation alone and frees the mouse, at ${columns} by ${rows}`, async () => {
			addTalk();
			const {screen} = await open({columns, rows});
			screen.press(altDown);
			screen.press('\r');
			await screen.waitFor('message 79');
			screen.press('half a word');
			await screen.waitFor('half a word');
			const before = screen.lines();
			let since = screen.output().length;
			screen.press(altL);
			await screen.waitFor('Alt-L goes back');
			assert.ok(screen.output().includes(mouseOff, since));
			const bare = screen.lines();
			assert.ok(
				bare.slice(0, -1).every(line => !/[│├]|INBOX|half a word/.test(line)),
				bare.join('\n'),
			);
			assert.ok(bare.slice(0, -1).some(line => line.includes('message 79')));
			// The wheel of a terminal whose mouse is free, and PgUp.
			screen.press(up.repeat(3));
			await screen.waitFor(lines => !lines.join('\n').includes('message 79'));
			screen.press('\u001B[6~');
			await screen.waitFor('message 79');
			since = screen.output().length;
			screen.press(altL);
			await screen.waitFor(lines => lines.join('\n') === before.join('\n'));
			assert.ok(screen.output().includes(mouseOn, since));
		});
	}

	test('Esc leaves it, typing leaves it and is written', async () => {
		addLunch(sample.account);
		const {screen, fake} = await open({columns: 96});
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		screen.press(altL);
		await screen.waitFor('Alt-L goes back');
		screen.press(escape);
		await screen.waitFor('INBOX');
		screen.press(altL);
		await screen.waitFor('Alt-L goes back');
		screen.press('hi');
		await screen.waitFor('> hi');
		await screen.waitFor('INBOX');
		assert.deepEqual(fake.of('send'), []);
		screen.press('\u0015');
		screen.press('/bare\r');
		await screen.waitFor('Alt-L goes back');
	});
});

suite('without the mouse', () => {
	test('where the setting says so the terminal keeps it; /mouse takes it, and the choice is kept', async () => {
		addLunch(sample.account);
		const kept: unknown[] = [];
		const {screen} = await open({
			columns: 96,
			settings: {mouse: false},
			keepSetting: async (name, value) => void kept.push([name, value]),
		});
		assert.ok(!screen.output().includes('?1000h'));
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		screen.press('/mouse\r');
		await screen.waitFor('The mouse scrolls and selects');
		assert.ok(screen.output().includes(mouseOn));
		const since = screen.output().length;
		screen.press('/mouse off\r');
		await screen.waitFor('The mouse is left to the terminal');
		assert.ok(screen.output().includes(mouseOff, since));
		screen.press('/mouse sideways\r');
		await screen.waitFor('not sideways');
		assert.deepEqual(kept, [
			['mouse', true],
			['mouse', false],
		]);
		// A change of the bare view does not take it back.
		screen.press(altL);
		await screen.waitFor('Alt-L goes back');
		screen.press(altL);
		await screen.waitFor('INBOX');
		assert.ok(!screen.output().slice(since).includes(mouseOn));
	});
});
