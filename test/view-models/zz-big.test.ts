/** What holds for the composer whatever is written and pressed. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {composerLayout} from '../../source/view-models/composer-layout.ts';
import {graphemeAfter, graphemeBefore, graphemeBoundary} from '../../source/view-models/composer-motions.ts';
import {emptyComposer, reduceComposer} from '../../source/view-models/composer.ts';
import {run, undo} from './composer-writing.ts';
import type {ComposerAction} from '../../source/view-models/composer.ts';
import type {ComposerMotion} from '../../source/view-models/composer-motions.ts';

const pieces = fc.constantFrom(
	...Array.from('aB \n-.éж日한가あ'),
	...'e\u0301 \u0301 か\u3099 👩‍👩‍👧 👍🏽 🏽 \u200D 🇵 🇱 \uFE0F 1️⃣ กำ नमस्ते שָׁ مُ \u0600 \u1112\u1161\u11AB \u11A8'.split(' '),
	'\u0308'.repeat(70),
	'x'.repeat(90),
);
const someText = fc.array(pieces, {maxLength: 40}).map(list => list.join(''));

const boundariesOf = (text: string): readonly number[] => [
	...Array.from(new Intl.Segmenter().segment(text), ({index}) => index),
	text.length,
];

test('steps by grapheme are the boundaries of the whole text', () => {
	const property = fc.property(someText, text => {
		const boundaries = boundariesOf(text);
		for (const [index, boundary] of boundaries.entries()) {
			assert.equal(graphemeAfter(text, boundary), boundaries[index + 1] ?? text.length);
			assert.equal(graphemeBefore(text, boundary), boundaries[index - 1] ?? 0);
		}
		for (let index = 0; index <= text.length; index++) {
			assert.equal(
				graphemeBoundary(text, index),
				boundaries.find(boundary => boundary >= index),
			);
		}
	});
	fc.assert(property, {numRuns: 5000});
});

test('in a row of a thousand flags steps do not fall between two halves', () => {
	for (const text of [`🇵${'🇵🇱'.repeat(3000)}`, `a${'🇵🇱'.repeat(3000)}`, `👍🏽${'🇵🇱'.repeat(3001)}`]) {
		const boundaries = boundariesOf(text);
		assert.equal(graphemeBefore(text, text.length), boundaries.at(-2));
		for (let back = 1; back < 20; back++) {
			const index = text.length - 1000 - back;
			assert.equal(
				graphemeBoundary(text, index),
				boundaries.find(boundary => boundary >= index),
			);
		}
	}
});

const motions: readonly ComposerMotion[] = [
	'left',
	'right',
	'word-left',
	'word-right',
	'blank-left',
	'line-start',
	'line-end',
	'text-start',
	'text-end',
];
const motion = fc.constantFrom(...motions);
const by = fc.constantFrom<-1 | 1>(-1, 1);
const width = fc.integer({min: 1, max: 20});
const edits: fc.Arbitrary<ComposerAction> = fc.oneof(
	someText.map(text => ({kind: 'insert', text}) as const),
	someText.map(text => ({kind: 'paste', text}) as const),
	motion.map(to => ({kind: 'move', to}) as const),
	motion.map(to => ({kind: 'erase', to}) as const),
	motion.map(to => ({kind: 'kill', to}) as const),
	fc.tuple(by, width).map(([by, width]) => ({kind: 'row', by, view: {width, measureGrapheme: stringWidth}}) as const),
	fc.constantFrom<ComposerAction>(
		{kind: 'newline'},
		{kind: 'yank'},
		{kind: 'yank-pop'},
		{kind: 'transpose'},
		{kind: 'clear'},
	),
	fc.tuple(fc.nat(50), fc.nat(50), someText).map(([from, to, text]) => ({kind: 'replace', from, to, text}) as const),
);
const someActions = fc.array(edits, {maxLength: 25});

test('the cursor is always between two graphemes', () => {
	const property = fc.property(someActions, actions => {
		let state = emptyComposer;
		for (const action of actions) {
			state = reduceComposer(state, action);
			assert.ok(boundariesOf(state.text).includes(state.cursor), action.kind);
		}
	});
	fc.assert(property, {numRuns: 5000});
});

test('undo goes back to the beginning, redo forth to the end', () => {
	const property = fc.property(someActions, actions => {
		const state = run(emptyComposer, ...actions);
		const steps = state.undo.length;
		const first = run(state, ...Array.from({length: steps}, () => undo));
		assert.equal(first.text, '');
		assert.equal(run(first, ...Array.from({length: steps}, (): ComposerAction => ({kind: 'redo'}))).text, state.text);
	});
	fc.assert(property, {numRuns: 5000});
});

test('the layout shows the cursor, no row is wider than the composer, and rows and line feeds are the text', () => {
	const property = fc.property(
		someActions,
		width,
		fc.integer({min: 1, max: 6}),
		fc.nat(100),
		(actions, width, maxRows, top) => {
			const state = run(emptyComposer, ...actions);
			const view = {width, measureGrapheme: stringWidth};
			const seen = composerLayout(state, view, maxRows, top);
			assert.ok(seen.rows.length >= 1 && seen.rows.length <= maxRows);
			assert.ok(seen.cursor.row >= 0 && seen.cursor.row < seen.rows.length);
			assert.ok(seen.cursor.column >= 0 && seen.cursor.column < width);
			for (const {text} of seen.rows) {
				const graphemes = Array.from(new Intl.Segmenter().segment(text), ({segment}) => stringWidth(segment));
				const cells = graphemes.reduce((sum, size) => sum + size, 0);
				assert.ok(cells <= width || graphemes.filter(size => size > 0).length === 1, text);
			}
			const all = composerLayout(state, view, Number.MAX_SAFE_INTEGER);
			let text = '';
			for (const row of all.rows) {
				if (row.from > text.length) text += '\n';
				assert.equal(row.from, text.length);
				text += row.text;
			}
			assert.equal(text, state.text);
		},
	);
	fc.assert(property, {numRuns: 5000});
});

test('up and down through wrapped rows end at both ends of the text', () => {
	const property = fc.property(someText, width, (text, width) => {
		const view = {width, measureGrapheme: stringWidth};
		const walk = (state: typeof emptyComposer, by: -1 | 1) => {
			let rows = 0;
			for (let next = reduceComposer(state, {kind: 'row', by, view}); next !== state; rows++) {
				state = next;
				next = reduceComposer(state, {kind: 'row', by, view});
			}
			return {rows, state};
		};
		const start = run(emptyComposer, {kind: 'set', text, cursor: 0});
		const {rows, state} = walk(start, 1);
		const all = composerLayout(start, view, Number.MAX_SAFE_INTEGER).rows;
		assert.equal(rows, all.length - 1);
		assert.equal(walk(state, -1).state.cursor, 0);
	});
	fc.assert(property, {numRuns: 5000});
});
