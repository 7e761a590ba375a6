import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {graphemesOf, isNarrow} from '../../source/text/graphemes.ts';
import {literal, safeText} from '../../source/text/safe-text.ts';
import {pad, textWidth, truncate} from '../../source/text/width.ts';
import {hostileText} from '../corpus/arbitraries.ts';
import {findUnsafe} from '../corpus/safety.ts';

test('every narrow character is one cell, one grapheme, and safe as it is', () => {
	const narrow = Array.from({length: 0x1_00_00}, (_, code) => String.fromCharCode(code)).filter(
		character => character !== '\n' && isNarrow(character),
	);
	assert.ok(narrow.length > 1500);
	for (const character of narrow) {
		assert.equal(stringWidth(character), 1, character);
		assert.equal(safeText(character, 'body'), character);
	}

	const segmenter = new Intl.Segmenter('und', {granularity: 'grapheme'});
	assert.equal([...segmenter.segment(narrow.join(''))].length, narrow.length);
	assert.equal([...segmenter.segment(narrow.toReversed().join(''))].length, narrow.length);
});

test('widths are those of string-width', () => {
	for (const text of ['plain', 'Zażółć', '漢字', '👍🏽 ok', '👨‍👩‍👧‍👦', 'नमस्ते', 'กำลัง', '한국어'.normalize('NFD'), 'ﾊﾟ', '']) {
		assert.equal(textWidth(safeText(text, 'body')), stringWidth(text), text);
	}

	fc.assert(
		fc.property(hostileText(), input => {
			const text = safeText(input, 'line');
			assert.equal(textWidth(text), stringWidth(text));
		}),
		{numRuns: 2000},
	);
});

test('text is cut between graphemes and ends in an ellipsis', () => {
	assert.equal(truncate(literal`Anna Kowalska`, 13), 'Anna Kowalska');
	assert.equal(truncate(literal`Anna Kowalska`, 12), 'Anna Kowals…');
	assert.equal(truncate(literal`漢字漢字`, 5), '漢字…');
	assert.equal(truncate(literal`漢字漢字`, 6), '漢字…');
	assert.equal(truncate(literal`👨‍👩‍👧‍👦x`, 2), '…');
	assert.equal(truncate(literal`abc`, 1), '…');
	assert.equal(truncate(literal`abc`, 0), '');
});

test('cut text fits, is safe, and is not cut without need', () => {
	fc.assert(
		fc.property(hostileText(), fc.integer({min: 0, max: 30}), (input, cells) => {
			const text = safeText(input, 'line');
			const cut = truncate(text, cells);
			assert.ok(textWidth(cut) <= cells);
			assert.equal(findUnsafe(cut), undefined);
			assert.equal(cut === text, textWidth(text) <= cells && (cells > 0 || text === ''));
		}),
		{numRuns: 3000},
	);
});

test('text is filled on either side', () => {
	assert.equal(pad(literal`漢`, 4), '漢  ');
	assert.equal(pad(literal`12`, 4, 'start'), '  12');
	assert.equal(pad(literal`long`, 2), 'long');
});

test('graphemes join to the text they came from', () => {
	fc.assert(fc.property(hostileText(), text => assert.equal(graphemesOf(text).join(''), text)));
	assert.deepEqual(graphemesOf('e\u0301👍🏽x'), ['e\u0301', '👍🏽', 'x']);
});
