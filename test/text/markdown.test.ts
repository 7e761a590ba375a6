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
			assert.deepEqual(markdownToHtml(text), {body: text, named: {users: [], isEverybody: false}});
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
			named: {users: [], isEverybody: false},
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

suite('names', () => {
	const rules = {
		known: [
			{text: '@Ann', id: '@ann:one.test'},
			{text: '@Anna Kowalska', id: '@anna:one.test'},
			{text: '@**bold** `x`', id: '@bold:one.test'},
			{text: '@<b>&', id: '@html:one.test'},
			{text: '@田中', id: '@tanaka:one.test'},
			{text: '#Lunch', id: '!lunch:one.test', servers: ['one.test']},
		],
		isPerson: (id: string) => id !== '@stranger:one.test',
		mayNameEverybody: true,
	};
	const pill = (id: string, text: string) => `<a href="https://matrix.to/#/${id}">${text}</a>`;
	const cases: readonly (readonly [text: string, html: string | undefined, users: readonly string[]])[] = [
		['hi @Ann', `<p>hi ${pill('@ann:one.test', '@Ann')}</p>`, ['@ann:one.test']],
		['@Ann: hi', `<p>${pill('@ann:one.test', '@Ann')}: hi</p>`, ['@ann:one.test']],
		['@Anna', undefined, []],
		['@Anna Kowalska!', `<p>${pill('@anna:one.test', '@Anna Kowalska')}!</p>`, ['@anna:one.test']],
		['x@Ann', undefined, []],
		['**@Ann**', `<p><strong>${pill('@ann:one.test', '@Ann')}</strong></p>`, ['@ann:one.test']],
		['`@Ann`', '<p><code>@Ann</code></p>', []],
		['```\n@Ann\n```', '<pre><code>@Ann\n</code></pre>', []],
		['[@Ann](https://one.example)', '<p><a href="https://one.example">@Ann</a></p>', []],
		['\\@Ann', '<p>@Ann</p>', []],
		['@**bold** `x` yes', `<p>${pill('@bold:one.test', '@**bold** `x`')} yes</p>`, ['@bold:one.test']],
		['@<b>& x', `<p>${pill('@html:one.test', '@&lt;b&gt;&amp;')} x</p>`, ['@html:one.test']],
		['@田中さん', `<p>${pill('@tanaka:one.test', '@田中')}さん</p>`, ['@tanaka:one.test']],
		['- @Ann\n- x', `<ul>\n<li>${pill('@ann:one.test', '@Ann')}</li>\n<li>x</li>\n</ul>`, ['@ann:one.test']],
		['ask @bob:one.test.', `<p>ask ${pill('@bob:one.test', '@bob:one.test')}.</p>`, ['@bob:one.test']],
		[
			'ask @bob:one.test:8448, then',
			`<p>ask ${pill('@bob:one.test:8448', '@bob:one.test:8448')}, then</p>`,
			['@bob:one.test:8448'],
		],
		['ask @stranger:one.test', undefined, []],
		['mail bob@bob:one.test', undefined, []],
		['see #Lunch', '<p>see <a href="https://matrix.to/#/!lunch:one.test?via=one.test">#Lunch</a></p>', []],
	];
	for (const [text, html, users] of cases) {
		test(JSON.stringify(text), () => {
			const {body, formattedBody, named} = markdownToHtml(text, rules);
			assert.equal(body, text);
			assert.equal(formattedBody, html);
			assert.deepEqual(named, {users, isEverybody: false});
		});
	}

	for (const [text, isEverybody] of [
		['@room dinner', true],
		['hey @room!', true],
		['`@room`', false],
		['@rooms', false],
		['@room:one.test', false],
		['x@room', false],
	] as const) {
		test(`everybody: ${text}`, () => {
			assert.equal(markdownToHtml(text, rules).named.isEverybody, isEverybody);
			assert.equal(markdownToHtml(text, {...rules, mayNameEverybody: false}).named.isEverybody, false);
		});
	}
});
