/** The composer in cells: wrapping, scrolling, the cursor, up and down. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import stringWidth from 'string-width';
import {composerLayout} from '../../source/view-models/composer-layout.ts';
import {down, run, show, type, up, write} from './composer-writing.ts';
import type {Composer, ComposerAction} from '../../source/view-models/composer.ts';
import type {ComposerLayout, ComposerView} from '../../source/view-models/composer-layout.ts';

const view = (width: number): ComposerView => ({width, measureGrapheme: stringWidth});

/** @returns the rows, with a bar where the cursor is. */
const draw = ({rows, cursor}: ComposerLayout): readonly string[] =>
	rows.map(({text}, index) => {
		if (index !== cursor.row) return text;
		let cells = 0;
		const graphemes = Array.from(new Intl.Segmenter().segment(text), ({segment}) => segment);
		const at = graphemes.findIndex(grapheme => {
			const isHere = cells >= cursor.column;
			cells += stringWidth(grapheme);
			return isHere;
		});
		return at === -1 ? `${text}|` : graphemes.toSpliced(at, 0, '|').join('');
	});

const layout = (marked: string, width: number, maxRows = 8) => composerLayout(write(marked), view(width), maxRows);

type Case = readonly [name: string, marked: string, width: number, rows: readonly string[]];

const cases: readonly Case[] = [
	['nothing is one empty row', '|', 10, ['|']],
	['a short line', 'hello|', 10, ['hello|']],
	['the last cell is kept for the cursor', 'hello|', 6, ['hello|']],
	['words go to the next row whole', 'hello wor|ld', 8, ['hello ', 'wor|ld']],
	['a blank may take the last cell', 'hello world|', 6, ['hello ', 'world|']],
	['the cursor behind that blank is in the next row', 'hello |world', 6, ['hello ', '|world']],
	['a word that is longer than the row is cut', 'abcdefgh|', 5, ['abcd', 'efgh|']],
	['a long word after a short one', 'ab cdefghij|', 5, ['ab ', 'cdef', 'ghij|']],
	['a hyphen lets go', 'ab-cd|', 5, ['ab-', 'cd|']],
	['CJK breaks anywhere', '日本語|', 5, ['日本', '語|']],
	['a wide character does not fit half', 'abc日|', 5, ['abc', '日|']],
	['a family takes two cells', 'ab👩‍👩‍👧‍👦|', 5, ['ab👩‍👩‍👧‍👦|']],
	['lines', 'a\n\nb|', 10, ['a', '', 'b|']],
	['an empty last line', 'a\n|', 10, ['a', '|']],
	['the cursor at the end of a line', 'ab|\nc', 10, ['ab|', 'c']],
	['blanks at the end of a full row stay in it', 'hello | ', 6, ['hello ', '| ']],
	['one cell', 'ab|', 1, ['a', '|b']],
];

suite('Wrapping', () => {
	test('no word of a long line is broken where work on it is divided', () => {
		const words = Array.from({length: 1200}, (_, index) => `word${index}`);
		const text = words.join(' ');
		for (const cursor of [0, 2047, 2048, 2049, 4096, 5000, text.length]) {
			const {rows} = composerLayout({text, cursor}, view(40), 1000);
			assert.deepEqual(
				rows.flatMap(row => row.text.trim().split(' ')),
				words,
			);
			const row = rows.findIndex(({from, to}) => cursor >= from && cursor < to);
			const at = composerLayout({text, cursor}, view(40), 1000).cursor;
			assert.equal(at.row, row === -1 ? rows.length - 1 : row, String(cursor));
		}
		// Without blanks it is broken anywhere, and nothing is lost.
		const solid = 'x'.repeat(5000);
		const {rows} = composerLayout({text: solid, cursor: 3000}, view(40), 1000);
		assert.equal(rows.map(row => row.text).join(''), solid);
	});

	for (const [name, marked, width, rows] of cases) {
		test(name, () => assert.deepEqual(draw(layout(marked, width)), rows));
	}
});

test('a text that is taller than the composer shows the rows up to the cursor', () => {
	const seen = layout('a\nb\nc\nd|\ne', 10, 3);
	assert.deepEqual(draw(seen), ['b', 'c', 'd|']);
	assert.deepEqual([seen.hasMoreAbove, seen.hasMoreBelow], [true, true]);
	const start = layout('|a\nb\nc\nd', 10, 3);
	assert.deepEqual(draw(start), ['|a', 'b', 'c']);
	assert.deepEqual([start.hasMoreAbove, start.hasMoreBelow], [false, true]);
});

test('the text stands still while the cursor moves inside of what is seen', () => {
	let state = write('a\nb\nc\nd\ne|');
	let seen = composerLayout(state, view(10), 3);
	const press = (action: ComposerAction) => {
		state = run(state, action);
		seen = composerLayout(state, view(10), 3, seen.top);
		return draw(seen);
	};
	assert.deepEqual(draw(seen), ['c', 'd', 'e|']);
	assert.deepEqual(press(up), ['c', 'd|', 'e']);
	assert.deepEqual(press(up), ['c|', 'd', 'e']);
	assert.deepEqual(press(up), ['b|', 'c', 'd']);
	assert.deepEqual(press(down), ['b', 'c|', 'd']);
	assert.deepEqual(press({kind: 'move', to: 'text-end'}), ['c', 'd', 'e|']);
});

test('no row stays empty below the text when it becomes shorter', () => {
	const long = composerLayout(write('a\nb\nc\nd|'), view(10), 3);
	assert.deepEqual(draw(composerLayout(write('a\nb\nc|'), view(10), 3, long.top)), ['a', 'b', 'c|']);
});

const rowMove = (by: -1 | 1, width: number): ComposerAction => ({kind: 'row', by, view: view(width)});

suite('Up and down in wrapped rows', () => {
	const rows: readonly (readonly [string, string, readonly ComposerAction[], string])[] = [
		['up inside of one line', 'hello world|', [rowMove(-1, 8)], 'hello| world'],
		['down inside of one line', 'he|llo world', [rowMove(1, 8)], 'hello wo|rld'],
		['to the end of a wrapped row, before its blank', 'hi worldly|', [rowMove(-1, 8)], 'hi| worldly'],
		['the column counts cells', '日本\nabc|', [rowMove(-1, 8)], '日|本\nabc'],
		[
			'the column is kept over a short row',
			'abcdef\ng\nhijk|l',
			[rowMove(-1, 20), rowMove(-1, 20)],
			'abcd|ef\ng\nhijkl',
		],
		['into the last row of a wrapped line', 'hello world\na|', [rowMove(-1, 8)], 'hello w|orld\na'],
	];
	for (const [name, before, actions, after] of rows) {
		test(name, () => assert.equal(show(run(write(before), ...actions)), after));
	}
});

test('in the first row up gives back the same state', () => {
	const state = write('hel|lo world');
	assert.equal(run(state, rowMove(-1, 8)), state);
});

test('a line of a megabyte is laid out only where the cursor is', () => {
	for (const text of ['lorem ipsum '.repeat(90_000), '日本語👩‍👩‍👧'.repeat(90_000), '🇵🇱'.repeat(250_000)]) {
		const state: Composer = run(write(`|${text}`), {kind: 'move', to: 'text-end'}, ...type('x'));
		const seen = composerLayout(state, view(80), 8);
		assert.equal(seen.rows.length, 8);
		assert.equal(seen.rows.at(-1)?.to, state.text.length);
		assert.equal(seen.rows.at(-1)?.text.endsWith('x'), true);
		let measured = 0;
		const counting = {
			...view(80),
			measureGrapheme: (grapheme: string) => {
				measured += 1;
				return view(80).measureGrapheme(grapheme);
			},
		};
		composerLayout(run(state, up), counting, 8, seen.top);
		assert.ok(measured < 100_000, `${measured} graphemes were measured`);
	}
});
