import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import * as fc from 'fast-check';
import {htmlToBlocks} from '../../source/text/html-to-blocks.ts';
import {markdownToHtml} from '../../source/text/markdown.ts';
import {hostileText} from '../corpus/arbitraries.ts';
import {rowsOf} from './rows.ts';

suite('plain words', () => {
	for (const text of [
		'hi',
		'two\nlines',
		'<b>x</b> & "y"',
		'see https://one.example/x',
		'main.rs and foo@bar.example',
		'  indented',
		'',
		' ',
		'1.5 * 2',
	]) {
		test(`${JSON.stringify(text)} is sent without HTML`, () => {
			assert.deepEqual(markdownToHtml(text), {body: text});
		});
	}
});

suite('markup', () => {
	const html = (text: string) => markdownToHtml(text).formattedBody;

	test('emphasis, code, strikes, links', () => {
		assert.equal(html('a **b** *c* `d` ~~e~~'), '<p>a <strong>b</strong> <em>c</em> <code>d</code> <s>e</s></p>');
		assert.equal(html('[x](https://one.example)'), '<p><a href="https://one.example">x</a></p>');
		assert.equal(
			html('**see** https://one.example'),
			'<p><strong>see</strong> <a href="https://one.example">https://one.example</a></p>',
		);
	});

	test('lists, quotes, headings, code blocks, tables without attributes', () => {
		assert.equal(html('- a\n- b'), '<ul>\n<li>a</li>\n<li>b</li>\n</ul>');
		assert.equal(html('> a'), '<blockquote>\n<p>a</p>\n</blockquote>');
		assert.equal(html('# a'), '<h1>a</h1>');
		assert.equal(html('```rust\nx\n```'), '<pre><code class="language-rust">x\n</code></pre>');
		assert.match(html('|a|\n|:-:|\n|1|') ?? '', /<th>a<\/th>[^]*<td>1<\/td>/);
	});

	test('two paragraphs, and an escape that the body would show, need HTML', () => {
		assert.equal(html('a\n\nb'), '<p>a</p>\n<p>b</p>');
		assert.equal(html('\\*a\\*'), '<p>*a*</p>');
	});

	test('a typed line break is a line break', () => {
		assert.equal(html('**a**\nb'), '<p><strong>a</strong><br>\nb</p>');
	});

	test('the body is what was typed, cleaned', () => {
		assert.deepEqual(markdownToHtml('**a**\u0000\r\n\uD800'), {
			body: '**a**\n�',
			formattedBody: '<p><strong>a</strong><br>\n�</p>',
		});
	});
});

suite('hostile Markdown', () => {
	test('raw HTML, images and other schemes stay text', () => {
		const {formattedBody} = markdownToHtml(
			'**x** <script>alert(1)</script> <img src=x> ![i](https://tracker) [j](javascript:alert(1)) [f](file:///etc) [d](data:text/html,x)',
		);
		assert.doesNotMatch(formattedBody ?? '', /<script|<img|href="(?!https:)/);
	});

	test('any text comes back readable by our own parser', () => {
		fc.assert(
			fc.property(hostileText(), text => {
				const {body, formattedBody} = markdownToHtml(text);
				assert.ok(body.isWellFormed());
				assert.doesNotMatch(formattedBody ?? '', /[\0-\u0008\u000b-\u001f\u007f-\u009f]/);
			}),
			{numRuns: 1000},
		);
	});

	test('what is sent is shown as it was meant', () => {
		const {formattedBody} = markdownToHtml('Shopping **today**:\n\n- milk\n- 2 eggs\n\n> not you\n\n```\nx  y\n```');
		assert.deepEqual(rowsOf(htmlToBlocks(formattedBody ?? '') ?? [], 40), [
			'Shopping today:',
			'• milk',
			'• 2 eggs',
			'▎ not you',
			'x  y',
		]);
	});
});

test('a line that is sent without asking Markdown is one that Markdown would leave alone', () => {
	const words = fc.stringMatching(/^[A-Za-zé漢][A-Za-z0-9é漢 ,!?'"()]{0,30}\.?$/);
	fc.assert(
		fc.property(words, text => {
			assert.equal(markdownToHtml(text).formattedBody, undefined);
		}),
	);
});
