import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import * as fc from 'fast-check';
import {htmlToBlocks} from '../../source/text/html-to-blocks.ts';
import {layoutBlocks} from '../../source/text/layout.ts';
import type {Block} from '../../source/text/spans.ts';
import {hostileHtml} from '../corpus/arbitraries.ts';
import {findUnsafe} from '../corpus/safety.ts';
import {rowsOf, styleOf} from './rows.ts';

const blocksOf = (html: string): readonly Block[] => {
	const blocks = htmlToBlocks(html);
	assert.ok(blocks !== undefined, 'too deep');
	return blocks;
};

const rows = (html: string, width = 60): readonly string[] => rowsOf(blocksOf(html), width);
const style = (html: string, part: string) => styleOf(layoutBlocks(blocksOf(html), 60, {isSpoilerShown: true}), part);

suite('inline elements', () => {
	test('each becomes a style of our own', () => {
		assert.deepEqual(style('<b>x</b>', 'x'), {isBold: true});
		assert.deepEqual(style('<strong><em>x</em></strong>', 'x'), {isBold: true, isItalic: true});
		assert.deepEqual(style('<u>x</u>', 'x'), {isUnderlined: true});
		assert.deepEqual(style('<del>x</del>', 'x'), {isStruck: true});
		assert.deepEqual(style('<code>x</code>', 'x'), {isCode: true});
		assert.deepEqual(style('<b>x</b> y', 'y'), {});
	});

	test('colours of the sender are not taken over', () => {
		assert.deepEqual(
			style('<span data-mx-color="#000000" data-mx-bg-color="#000" style="color:red">x</span>', 'x'),
			{},
		);
	});

	test('unknown elements lend their text, scripts and styles do not', () => {
		assert.deepEqual(rows('<marquee>a <blink>b</blink></marquee><script>alert(1)</script><style>x{}</style>'), ['a b']);
	});

	test('the quote of a reply fallback is dropped', () => {
		assert.deepEqual(rows('<mx-reply><blockquote>old <b>text</b></blockquote></mx-reply>new'), ['new']);
	});

	test('an image is its description', () => {
		assert.deepEqual(rows('a <img src="mxc://x/y" alt=":cat:"> <img src="https://tracker"> b'), ['a :cat: [image] b']);
	});

	test('superscript and subscript keep their meaning', () => {
		assert.deepEqual(rows('2<sup>10</sup> H<sub>2</sub>O'), ['2^10 H_2O']);
	});

	test('white space collapses, entities are decoded, a line break breaks', () => {
		assert.deepEqual(rows('  a \n\t b&amp;&lt;c&gt;<br>  d<br/>'), ['a b&<c>', 'd']);
	});

	test('an entity cannot split a character off the sanitizer', () => {
		assert.deepEqual(rows('e&#x301; &#x1F468;&#x200D;&#x1F469;&#x200D;&#x1F467; &#27;[31m &#x9b;2J &#x202e;x'), [
			'e\u0301 👨‍👩‍👧 ␛[31m ›2J x',
		]);
	});
});

suite('spoilers', () => {
	const html = '<span data-mx-spoiler="the end">he dies</span> ok';

	test('they are hidden at their width until asked for, and show the reason', () => {
		assert.deepEqual(rows(html), ['(the end) ▒▒ ▒▒▒▒ ok']);
		assert.deepEqual(rowsOf(blocksOf(html), 60, {isSpoilerShown: true}), ['(the end) he dies ok']);
	});

	test('a link inside is hidden with its host', () => {
		const [line] = layoutBlocks(blocksOf('<span data-mx-spoiler><a href="https://x.y/">secret</a></span>'), 60);
		assert.ok(line?.every(span => span.style.link === undefined && !/[a-z]/.test(span.text)));
	});
});

suite('links', () => {
	const linkRow = (href: string, text: string) => rows(`<a href="${href}">${text}</a>`)[0];

	test('the real host stands behind a text that hides it', () => {
		assert.equal(linkRow('https://evil.example/x', 'https://bank.example'), 'https://bank.example ⟨evil.example⟩');
		assert.equal(
			linkRow('https://evil.example/', 'evil.example.bank.example'),
			'evil.example.bank.example ⟨evil.example⟩',
		);
		assert.equal(
			linkRow('https://evil.example/', 'https://evil.example@bank.example'),
			'https://evil.example@bank.example ⟨evil.example⟩',
		);
		assert.equal(
			linkRow('https://evil.example/', 'evil.example is not https://bank.example'),
			'evil.example is not https://bank.example ⟨evil.example⟩',
		);
	});

	test('a text that is the address stands alone', () => {
		assert.equal(linkRow('https://one.example/path', 'https://one.example/path'), 'https://one.example/path');
		assert.equal(linkRow('https://one.example/path', 'One.example/…'), 'One.example/…');
		assert.equal(linkRow('mailto:a@b.example?attach=/etc/passwd', 'a@b.example'), 'a@b.example');
	});

	test('a host of mixed scripts is shown in punycode', () => {
		assert.equal(linkRow('https://аpple.com/', 'аpple.com'), 'аpple.com ⟨xn--pple-43d.com⟩');
	});

	test('only http, https, mailto and matrix are links, and never with credentials or controls', () => {
		for (const href of [
			'javascript:alert(1)',
			'file:///etc/passwd',
			'data:text/html,x',
			'ftp://x.y/',
			'//x.y/',
			'https://user@x.y/',
			'https://:pw@x.y/',
			'https://x.y/\u001B]52;c;QQ==\u0007',
			'https://x.y/a b',
			'mailto:',
			`https://x.y/${'a'.repeat(3000)}`,
			'-oProxyCommand=x',
		]) {
			assert.equal(style(`<a href="${href}">shown</a>`, 'shown')?.link, undefined, href);
		}
	});

	test('targets are normalised to printable ASCII', () => {
		assert.equal(style('<a href="HTTPS://X.Y/ä?ö#ü">t</a>', 't')?.link?.href, 'https://x.y/%C3%A4?%C3%B6#%C3%BC');
		assert.equal(style('<a href="mailto:a@b.c?body=x">t</a>', 't')?.link?.href, 'mailto:a@b.c');
	});

	test('links to people and rooms are mentions', () => {
		for (const href of [
			'https://matrix.to/#/@bob:one.test',
			'https://matrix.to/#/%40bob%3Aone.test?via=x',
			'matrix:u/bob:one.test',
		]) {
			const {mention, role} = style(`<a href="${href}">Bob</a>`, 'Bob') ?? {};
			assert.deepEqual({mention, role}, {mention: '@bob:one.test', role: 'mention'});
		}

		assert.equal(style('<a href="https://matrix.to/#/#room:one.test">Room</a>', 'Room')?.mention, '#room:one.test');
		assert.equal(linkRow('https://matrix.to/#/@bob:one.test', 'Bob'), 'Bob');
	});

	test('a mention that poses as another id shows the real one', () => {
		assert.equal(linkRow('https://matrix.to/#/@mallory:x', '@bob:one.test'), '@bob:one.test ⟨@mallory:x⟩');
	});

	test('an id with something to hide is no mention', () => {
		assert.equal(style('<a href="https://matrix.to/#/@a%E2%80%AEb:x">t</a>', 't')?.mention, undefined);
		assert.equal(style('<a href="https://matrix.to/#/@a%ZZ:x">t</a>', 't')?.mention, undefined);
	});

	test('addresses in text become links, without the full stop', () => {
		assert.deepEqual(rows('see https://one.example/a_(b). Or (https://two.example)'), [
			'see https://one.example/a_(b). Or (https://two.example)',
		]);
		assert.equal(style('see https://one.example/a_(b).', 'one.example')?.link?.href, 'https://one.example/a_(b)');
		assert.equal(style('(https://two.example)', 'two.example')?.link?.href, 'https://two.example/');
		assert.equal(style('<code>https://x.y</code>', 'x.y')?.link, undefined);
	});
});

suite('blocks', () => {
	test('paragraphs have an empty row between them, other blocks do not', () => {
		assert.deepEqual(rows('<p>a</p><p>b</p><ul><li>c</li></ul><div>d</div><div>e</div>'), [
			'a',
			'',
			'b',
			'• c',
			'd',
			'e',
		]);
	});

	test('lists nest, count from their start, and keep their indent', () => {
		assert.deepEqual(rows('<ol start="9"><li>a</li><li>b<ul><li>c<p>d</p></li></ul></li></ol><li>e'), [
			'9. a',
			'10. b',
			'    • c',
			'      ',
			'      d',
			'• e',
		]);
		assert.deepEqual(rows('<ol start="x"><li></li><li>b</li></ol>'), ['1. ', '2. b']);
	});

	test('quotes have a bar for each depth', () => {
		assert.deepEqual(rows('<blockquote><p>a</p><p>b</p><blockquote>c</blockquote></blockquote>d'), [
			'▎ a',
			'▎ ',
			'▎ b',
			'▎ ▎ c',
			'd',
		]);
		assert.deepEqual(styleOf(layoutBlocks(blocksOf('<blockquote><blockquote>c'), 20), '▎'), {
			role: 'border',
			quoteDepth: 1,
		});
	});

	test('headings are bold and know their level', () => {
		assert.deepEqual(style('<h2>Title</h2>', 'Title'), {isBold: true, heading: 2});
	});

	test('code keeps its spaces and names its language', () => {
		const html = '<pre><code class="language-rust">fn a() {\n\tif x  {\n}\n</code></pre>after';
		assert.deepEqual(rows(html), ['fn a() {', '    if x  {', '}', 'after']);
		const [code] = blocksOf(html);
		assert.equal(code?.kind === 'code' ? code.language : undefined, 'rust');
	});

	test('a rule fills the width', () => {
		assert.deepEqual(rows('a<hr>b', 5), ['a', '─────', 'b']);
	});

	test('a table row is a row, its cells side by side', () => {
		assert.deepEqual(
			rows(
				'<table><tr><th>a</th><th>b</th></tr><tr><td><p>1</p><p>2</p></td><td>3<ul><li>4</li></ul></td><td></td></tr></table>x',
			),
			['a   │ b', '────┼────', '1 2 │ 3 4', 'x'],
		);
	});

	test('a table stands in columns; where it is too wide, the widest cells wrap; where it is far too wide, rows are words', () => {
		const table =
			'<table><caption>prices</caption><thead><tr><th>what</th><th>how much</th></tr></thead>' +
			'<tbody><tr><td>salad</td><td>a <b>lot</b> of words about it</td></tr><tr><td>日本</td><td>3</td></tr></tbody></table>';
		assert.deepEqual(rows(table), [
			'prices',
			'what  │ how much',
			'──────┼────────────────────────',
			'salad │ a lot of words about it',
			'日本  │ 3',
		]);
		assert.deepEqual(rows(table, 20), [
			'prices',
			'what  │ how much',
			'──────┼─────────────',
			'salad │ a lot of',
			'      │ words about',
			'      │ it',
			'日本  │ 3',
		]);
		assert.deepEqual(rows(table, 8).slice(0, 3), ['prices', 'what │', 'how much']);
		assert.equal(style(table, 'lot')?.isBold, true);
	});

	test('cells without a table or a row, and tables in tables, lose no text', () => {
		assert.deepEqual(rows('<tr><td>a</td><td>b</td></tr>'), ['a │ b']);
		assert.deepEqual(rows('<td>a</td><table><td>b</td></table>'), ['a', 'b']);
		const nested = '<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>e';
		assert.deepEqual(rows(nested), ['a b c │ d', 'e']);
		assert.deepEqual(rows('<table><tr><td></td></tr></table>x'), ['x']);
	});

	test('a spoiler in a cell is hidden', () => {
		assert.deepEqual(rows('<table><tr><td>it was <span data-mx-spoiler>him</span></td></tr></table>'), ['it was ▒▒▒']);
	});
});

suite('hostile HTML', () => {
	test('nesting beyond 100 elements is refused', () => {
		assert.equal(htmlToBlocks('<u>'.repeat(10_000) + '</b>'.repeat(8000)), undefined);
		assert.equal(htmlToBlocks('<blockquote>'.repeat(101)), undefined);
		assert.ok(htmlToBlocks('<blockquote>'.repeat(99) + 'x'));
		assert.equal(htmlToBlocks('<mx-reply>'.repeat(101)), undefined);
	});

	test('text beyond 64 KiB is cut with a sign', () => {
		const cut = rows('<p>' + 'x'.repeat(100_000), 1000);
		assert.ok(cut.at(-1)?.endsWith('x…'));
		assert.equal(cut.join('').length, 65_536 - 3 + 1);
	});

	test('broken markup is read to its end', () => {
		assert.deepEqual(rows('a</b></p>b<b'), ['a', '', 'b']);
		assert.deepEqual(rows('<a href="https://x.y/">t'), ['t ⟨x.y⟩']);
		assert.deepEqual(rows('<constructor __proto__="x">a</constructor>'), ['a']);
		assert.deepEqual(rows(''), []);
		assert.deepEqual(rows('<p> </p><br>'), []);
	});

	test('any markup gives safe rows within the width', () => {
		fc.assert(
			fc.property(hostileHtml(), fc.integer({min: 1, max: 50}), (html, width) => {
				for (const line of layoutBlocks(htmlToBlocks(html) ?? [], width, {isSpoilerShown: true})) {
					for (const span of line) {
						assert.equal(findUnsafe(span.text), undefined);
						assert.ok(!span.text.includes('\n'));
						assert.match(span.style.link?.href ?? 'https://', /^(?:https?:\/\/|mailto:|matrix:)[!-~]*$/);
					}
				}
			}),
			{numRuns: 3000},
		);
	});
});
