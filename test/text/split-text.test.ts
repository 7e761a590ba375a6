/** A text that is too long for one message, in parts. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import * as fc from 'fast-check';
import {splitText} from '../../source/text/split-text.ts';

const without = (text: string, pattern: RegExp): string => text.replaceAll(pattern, '');

suite('a long text is cut', () => {
	test('not where it is short', () => {
		assert.deepEqual(splitText('a\n\nb'), ['a\n\nb']);
	});

	test('between paragraphs, then between lines', () => {
		const paragraph = `${'word '.repeat(11)}\n`.repeat(2).trimEnd();
		assert.deepEqual(splitText(`${paragraph}\n\n${paragraph}`, 130), [paragraph, paragraph]);
		assert.deepEqual(splitText('aaaa\nbbbb\ncccc', 10), ['aaaa\nbbbb', 'cccc']);
	});

	test('within a line between words, else between characters', () => {
		assert.deepEqual(splitText('one two three', 8), ['one two ', 'three']);
		assert.deepEqual(splitText('日本語日本語', 9), ['日本語', '日本語']);
		for (const part of splitText('😀'.repeat(20), 15)) assert.ok(part.isWellFormed());
	});

	test('a block of code ends and begins anew', () => {
		const code = Array.from({length: 8}, (_, index) => `line ${index}`).join('\n');
		const parts = splitText(`see\n\`\`\`ts\n${code}\n\`\`\`\nthat`, 40);
		assert.ok(parts.length > 1);
		for (const part of parts) assert.equal((part.match(/^```/gm) ?? []).length % 2, 0, part);
		for (const part of parts.slice(0, -1)) assert.match(part, /```$/);
		assert.match(parts[1] ?? '', /^```ts\n/);
		assert.equal(parts.join('\n').match(/line \d/g)?.length, 8);
	});

	test('and loses nothing but blanks and signs of code, whatever it is', () => {
		const piece = fc.constantFrom('a', ' ', '\n', '\n\n', '\n```\n', '日本', '👩‍👩‍👧', 'words of a line');
		const property = fc.property(fc.array(piece, {maxLength: 120}), pieces => {
			const text = pieces.join('');
			const parts = splitText(text, 40);
			const ink = /[\s`]/g;
			assert.equal(without(parts.join(''), ink), without(text, ink));
			for (const part of parts) assert.ok(Buffer.byteLength(part) <= 40 + 20, part);
		});
		fc.assert(property, {numRuns: 300});
	});
});
