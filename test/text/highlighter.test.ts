/** Colours for code: in pieces that say the same, and only where a language is known. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createHighlighter} from '../../source/text/highlighter.ts';
import {htmlToBlocks} from '../../source/text/html-to-blocks.ts';
import {layoutBlocks} from '../../source/text/layout.ts';
import {literal, safeText} from '../../source/text/safe-text.ts';
import type {Span} from '../../source/text/spans.ts';

const code = (text: string): readonly Span[] => [{text: safeText(text, 'line'), style: {isCode: true}}];

const loaded = async () => {
	const ready = Promise.withResolvers<void>();
	const highlighter = createHighlighter(ready.resolve, ready.reject);
	assert.equal(highlighter.highlight(code('x'), literal`js`), undefined);
	assert.equal(highlighter.version(), 0);
	await ready.promise;
	assert.equal(highlighter.version(), 1);
	return highlighter;
};

const rolesOf = (spans: readonly Span[] | undefined) =>
	(spans ?? []).filter(({style}) => style.role !== undefined).map(({text, style}) => [text, style.role]);

suite('code', () => {
	test('has the colours of its language once that is loaded, and says the same', async () => {
		const {highlight} = await loaded();
		const text = 'const answer = 42; // "why"';
		const spans = highlight(code(text), literal`JavaScript`);
		assert.equal(spans?.map(span => span.text).join(''), text);
		assert.deepEqual(rolesOf(spans), [
			['const', 'keyword'],
			['42', 'number'],
			['// "why"', 'comment'],
		]);
		assert.ok(spans?.every(({style}) => style.isCode));
	});

	test('of an unknown language, a huge one, or one with other text in it stays as it is', async () => {
		const {highlight} = await loaded();
		assert.equal(highlight(code('x'), literal`klingon`), undefined);
		assert.equal(highlight(code('x'.repeat(20_000)), literal`js`), undefined);
		assert.equal(highlight([...code('let x'), {text: literal`= 1`, style: {isBold: true}}], literal`js`), undefined);
		assert.equal(highlight([], literal`js`), undefined);
	});

	test('is not torn within what looks like one sign', async () => {
		const {highlight} = await loaded();
		for (const text of ['let e = "a"\u0301;', 'x = 1\u200d2', '"👨"\u200d👩']) {
			const spans = highlight(code(text), literal`js`) ?? [];
			assert.ok(!spans.some(span => /^(?:\p{M}|\u200d)/u.test(span.text)), text);
		}
	});

	test('that is a spoiler shows nothing of itself', async () => {
		const {highlight} = await loaded();
		const html = '<span data-mx-spoiler><pre><code class="language-js">const key = 7;</code></pre></span>';
		const blocks = htmlToBlocks(html) ?? [];
		const shown = (options: object) =>
			layoutBlocks(blocks, 40, {highlight, ...options}).map(line => line.map(({text}) => text).join(''));
		assert.doesNotMatch(shown({}).join(), /key/);
		assert.match(shown({isSpoilerShown: true}).join(), /const key = 7;/);
		const plain = htmlToBlocks(html.replace(' data-mx-spoiler', '')) ?? [];
		assert.deepEqual(rolesOf(layoutBlocks(plain, 40, {highlight})[0]), [
			['const', 'keyword'],
			['7', 'number'],
		]);
	});
});
