import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {htmlToBlocks} from '../../source/text/html-to-blocks.ts';
import {layoutBlocks} from '../../source/text/layout.ts';
import {plainToBlocks} from '../../source/text/plain-to-blocks.ts';
import {hostileHtml, hostileText} from '../corpus/arbitraries.ts';
import {rowsOf, textOf} from './rows.ts';

const rows = (text: string, width: number) => rowsOf(plainToBlocks(text), width);

suite('wrapping', () => {
	test('rows break between words and drop the spaces there', () => {
		assert.deepEqual(rows('the quick  brown fox', 10), ['the quick', 'brown fox']);
		assert.deepEqual(rows('exact fits', 10), ['exact fits']);
	});

	test('a word longer than a row is cut at the width', () => {
		assert.deepEqual(rows('a abcdefghijkl b', 5), ['a', 'abcde', 'fghij', 'kl b']);
	});

	test('a word that changes its style is one word', () => {
		assert.deepEqual(rowsOf(htmlToBlocks('one tw<b>o th</b>ree') ?? [], 6), ['one', 'two', 'three']);
	});

	test('wide characters break anywhere but before closing punctuation, and never in half', () => {
		assert.deepEqual(rows('漢字漢字', 5), ['漢字', '漢字']);
		assert.deepEqual(rows('漢字漢。字', 6), ['漢字', '漢。字']);
		assert.deepEqual(rows('漢字ab cd', 6), ['漢字ab', 'cd']);
	});

	test('clusters stay whole', () => {
		assert.deepEqual(rows('👨‍👩‍👧‍👦👨‍👩‍👧‍👦e\u0301e\u0301e\u0301', 4), ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 'e\u0301e\u0301e\u0301']);
	});

	test('a character wider than the row becomes a sign', () => {
		assert.deepEqual(rows('漢', 1), ['�']);
	});

	test('line breaks and indents of plain text are kept', () => {
		assert.deepEqual(rows('if x\n  y\n\nz\n', 20), ['if x', '  y', '', 'z']);
	});

	test('an indent wider than half a row gives way', () => {
		assert.deepEqual(rows(`a\n${' '.repeat(50)}word`, 10), ['a', '     word']);
	});

	test('frames take at most half of the width', () => {
		const deep = htmlToBlocks(`${'<blockquote>'.repeat(50)}word word`) ?? [];
		assert.deepEqual(rowsOf(deep, 10), ['▎ ▎ word', '▎ ▎ word']);
		assert.deepEqual(rowsOf(deep, 1), ['w', 'o', 'r', 'd', 'w', 'o', 'r', 'd']);
	});

	test('code is cut at the width with its spaces', () => {
		assert.deepEqual(rowsOf(htmlToBlocks('<pre>a  b    c\n  漢字漢</pre>') ?? [], 6), [
			'a  b  ',
			'  c',
			'  漢字',
			'漢',
		]);
	});

	test('nothing is no rows, and a senseless width is one cell', () => {
		assert.deepEqual(layoutBlocks([], 10), []);
		for (const width of [0, -5, Number.NaN]) {
			assert.deepEqual(rows('ab', width), ['a', 'b']);
		}
	});
});

suite('long messages', () => {
	test('they are cut at 400 rows, the last one counts the rest', () => {
		const cut = rows('x\n'.repeat(500) + 'x', 20);
		assert.equal(cut.length, 400);
		assert.equal(cut.at(-1), '… 102 more lines');
		assert.equal(rows('x'.repeat(4010), 10).at(-1), '… 2 more l');
	});

	test('all rows are there when asked for', () => {
		assert.equal(
			layoutBlocks(plainToBlocks('x\n'.repeat(500) + 'x'), 20, {maxRows: Number.POSITIVE_INFINITY}).length,
			501,
		);
	});
});

suite('any text', () => {
	test('rows are never wider than the width', () => {
		fc.assert(
			fc.property(hostileText(), hostileHtml(), fc.integer({min: 1, max: 40}), (text, html, width) => {
				for (const blocks of [plainToBlocks(text), htmlToBlocks(html) ?? []]) {
					for (const line of layoutBlocks(blocks, width)) {
						assert.ok(stringWidth(textOf(line)) <= width, JSON.stringify(textOf(line)));
					}
				}
			}),
			{numRuns: 4000},
		);
	});

	test('no letter is lost or added by wrapping', () => {
		const letters = (text: string) => text.replaceAll(/[\s⟨⟩]/g, '');
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom('word', ' ', '漢', '字。', 'é', 'x'.repeat(30), '\n', '👍🏽', 'हिन्दी'), {maxLength: 40}),
				parts => {
					const text = parts.join('');
					assert.equal(letters(rows(text, 12).join('')), letters(text));
				},
			),
			{numRuns: 2000},
		);
	});
});
