import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import fc from 'fast-check';
import {anchorToTop, scrollBy, visibleSlices, type ScrollAnchor} from '../../source/view-models/scroll.ts';

const heightsOf = (heights: readonly number[]) => ({
	count: heights.length,
	heightOf: (index: number) => heights[index] ?? 0,
});
const end = {kind: 'end'} as const;

/** The visible lines as `entry.line`. */
const linesOf = (anchor: ScrollAnchor, heights: readonly number[], rows: number): readonly string[] =>
	visibleSlices(anchor, heightsOf(heights), rows).flatMap(({index, from, to}) =>
		Array.from({length: to - from}, (_, line) => `${index}.${from + line}`),
	);

suite('scroll', () => {
	test('the end shows the last lines, cutting the entry at the top', () => {
		assert.deepEqual(linesOf(end, [3, 1, 2], 4), ['0.2', '1.0', '2.0', '2.1']);
	});

	test('a short timeline shows all it has', () => {
		assert.deepEqual(linesOf(end, [1, 1], 5), ['0.0', '1.0']);
		assert.deepEqual(linesOf(end, [], 5), []);
	});

	test('an anchor keeps its line whatever comes below', () => {
		const anchor = scrollBy(end, heightsOf([3, 1, 2]), {lines: -1, rows: 3});
		assert.deepEqual(linesOf(anchor, [3, 1, 2], 3), ['0.2', '1.0', '2.0']);
		assert.deepEqual(linesOf(anchor, [3, 1, 2, 5, 5], 3), ['0.2', '1.0', '2.0']);
	});

	test('scrolling up stops when the first line is on the top row', () => {
		const anchor = scrollBy(end, heightsOf([3, 1, 2]), {lines: -99, rows: 3});
		assert.deepEqual(linesOf(anchor, [3, 1, 2], 3), ['0.0', '0.1', '0.2']);
	});

	test('scrolling down to the last line is the end again', () => {
		const up = scrollBy(end, heightsOf([3, 1, 2]), {lines: -2, rows: 3});
		assert.equal(up.kind, 'line');
		assert.deepEqual(scrollBy(up, heightsOf([3, 1, 2]), {lines: 2, rows: 3}), end);
	});

	test('the top of an entry can be put on the top row', () => {
		assert.deepEqual(linesOf(anchorToTop(1, heightsOf([3, 1, 2, 4]), 3), [3, 1, 2, 4], 3), ['1.0', '2.0', '2.1']);
	});

	test('whatever is scrolled, the rows are full, in order, and up and down again is the same place', () => {
		const world = fc.record({
			heights: fc.array(fc.integer({min: 0, max: 6}), {minLength: 1, maxLength: 30}),
			rows: fc.integer({min: 1, max: 12}),
			moves: fc.array(fc.integer({min: -9, max: 9}), {maxLength: 12}),
		});
		fc.assert(
			fc.property(world, ({heights, rows, moves}) => {
				const all = heights.flatMap((height, index) => Array.from({length: height}, (_, line) => `${index}.${line}`));
				let anchor: ScrollAnchor = end;
				let bottom = all.length;
				for (const lines of moves) {
					anchor = scrollBy(anchor, heightsOf(heights), {lines, rows});
					bottom = Math.min(all.length, Math.max(Math.min(rows, all.length), bottom + lines));
					assert.deepEqual(linesOf(anchor, heights, rows), all.slice(Math.max(0, bottom - rows), bottom));
				}
			}),
		);
	});
});
