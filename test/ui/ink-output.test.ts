import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import fc from 'fast-check';
import {createInkFilter} from '../../source/ui/ink-output.ts';

const filter = (chunk: string): string => createInkFilter()(chunk);

suite('what Ink writes', () => {
	test('plain text, styles and links pass unchanged', () => {
		const chunk = '\u001B[31mred\u001B[39m żółć привет │ \u001B]8;;https://one.test/\u001B\\link\u001B]8;;\u001B\\\n';
		assert.equal(filter(chunk), chunk);
	});

	test('steps over unchanged rows become one', () => {
		assert.equal(filter('\u001B[E\u001B[E\u001B[Ex\u001B[E'), '\u001B[3Ex\u001B[E');
	});

	test('behind a disputed character the column is set anew, at the end of a row it need not be', () => {
		assert.equal(filter('ab🎉 c'), 'ab🎉\u001B[5G c');
		assert.equal(filter('ok ✓\nnext'), 'ok ✓\nnext');
		assert.equal(filter('漢字 x'), '漢字 x');
	});

	test('what may be drawn too wide is erased behind', () => {
		assert.equal(filter('👨‍👩‍👧‍👦x'), '👨‍👩‍👧‍👦\u001B[3G\u001B[Kx');
		assert.equal(filter('👍🏽\n'), '👍🏽\u001B[3G\u001B[K\n');
	});

	test('the column is known after moves and over chunks', () => {
		const next = createInkFilter();
		assert.equal(next('\u001B[10Gx'), '\u001B[10Gx');
		assert.equal(next('⚠ y'), '⚠\u001B[12G y');
		assert.equal(next('\u001B[E⚠ y'), '\u001B[E⚠\u001B[2G y');
	});

	test('no text is lost or changed', () => {
		const piece = fc.oneof(
			fc.string({unit: 'grapheme', maxLength: 12}).map(text => text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '')),
			fc.constantFrom('\n', '\u001B[3G', '\u001B[E', '\u001B[31m', '\u001B[K'),
		);
		fc.assert(
			fc.property(fc.array(piece), pieces => {
				const chunk = pieces.join('');
				const textOf = (output: string): string => output.replaceAll(/\u001B\[[\d;]*[A-Za-z]/g, '');
				assert.equal(textOf(filter(chunk)), textOf(chunk));
			}),
		);
	});
});
