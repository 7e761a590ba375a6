/** The composer: every script's graphemes, words, lines, kills, undo. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {cleanComposerText, emptyComposer} from '../../source/view-models/composer.ts';
import {backspace, down, erase, kill, move, redo, run, show, type, undo, up, write, yank} from './composer-writing.ts';
import type {ComposerAction} from '../../source/view-models/composer.ts';

type Case = readonly [name: string, before: string, actions: readonly ComposerAction[], after: string];

const check = (title: string, cases: readonly Case[]) => {
	suite(title, () => {
		for (const [name, before, actions, after] of cases) {
			test(name, () => assert.equal(show(run(write(before), ...actions)), after));
		}
	});
};

const left = move('left');
const right = move('right');

check('Backspace takes one grapheme', [
	['of ASCII', 'ab|', [backspace], 'a|'],
	['of CJK', '日本|', [backspace], '日|'],
	['that is a family', 'a👩‍👩‍👧‍👦|', [backspace], 'a|'],
	['that is a flag', '🇵🇱🇩🇪|', [backspace], '🇵🇱|'],
	['that is a flag among an odd number', '🇵🇱🇩🇪🇫🇷|', [backspace, backspace], '🇵🇱|'],
	['that has a skin tone', 'ok 👍🏽|', [backspace], 'ok |'],
	['that has a combining mark', 'cafe\u0301|', [backspace], 'caf|'],
	['that is a keycap', '1️⃣2️⃣|', [backspace], '1️⃣|'],
	['of Hangul jamo', '한\u1112\u1161\u11AB|', [backspace], '한|'],
	['of Thai', 'กำนำ|', [backspace], 'กำ|'],
	['of Devanagari', 'नमस्ते|', [backspace], 'नम|'],
	['of Hebrew with points', 'שָׁלוֹם|', [backspace, backspace], 'שָׁל|'],
	['that is a rainbow flag', '🏳️‍🌈|', [backspace], '|'],
	['with three hundred accents', `xa${'\u0301'.repeat(300)}|`, [backspace], 'x|'],
	['and nothing at the beginning', '|ab', [backspace], '|ab'],
	['that is a line feed', 'a\n|b', [backspace], 'a|b'],
]);

check('Delete takes one grapheme', [
	['of ASCII', '|ab', [erase('right')], '|b'],
	['that is a family', '|👩‍👩‍👧‍👦a', [erase('right')], '|a'],
	['that is a flag', '|🇵🇱🇩🇪', [erase('right')], '|🇩🇪'],
	['that has a skin tone', '|👍🏽!', [erase('right')], '|!'],
	['with three hundred accents', `|a${'\u0301'.repeat(300)}x`, [erase('right')], '|x'],
	['and nothing at the end', 'ab|', [erase('right')], 'ab|'],
]);

check('Left and right', [
	['go over graphemes', 'a👩‍👩‍👧‍👦🇵🇱é日|', [left, left, left, left], 'a|👩‍👩‍👧‍👦🇵🇱é日'],
	['come back', '|a👩‍👩‍👧‍👦🇵🇱👍🏽', [right, right, right], 'a👩‍👩‍👧‍👦🇵🇱|👍🏽'],
	['stop at both ends', '|a', [left, right, right, right], 'a|'],
	['go over a line feed', 'a\n|b', [left, left], '|a\nb'],
	['are logical in Hebrew', 'שלום|', [left], 'שלו|ם'],
]);

check('Words', [
	['back and forth', 'one two|', [move('word-left'), move('word-left'), move('word-right')], 'one| two'],
	['back over punctuation', 'one, two!|', [move('word-left')], 'one, |two!'],
	['across lines', 'one\n|two', [move('word-left')], '|one\ntwo'],
	['of Chinese', '|你好世界', [move('word-right')], '你好|世界'],
	['of Thai, which writes no blanks', '|สวัสดีครับ', [move('word-right')], 'สวัสดี|ครับ'],
	['of Cyrillic', 'привет мир|', [kill('word-left')], 'привет |'],
	['an emoji is one', 'done 🎉🎉|', [kill('word-left')], 'done 🎉|'],
	['a contraction is one', "I don't|", [kill('word-left')], 'I |'],
	['kill to the blank takes an address', 'see https://one.test/a-b|', [kill('blank-left')], 'see |'],
	['kill to the blank takes the blanks behind', 'see it  |', [kill('blank-left')], 'see |'],
	['kill forward', 'a |b c', [kill('word-right')], 'a | c'],
	['a long one', `a ${'b'.repeat(3000)}|`, [kill('word-left')], 'a |'],
]);

check('Lines', [
	['Home and End', 'a\nbc|d\ne', [move('line-start'), move('line-end')], 'a\nbcd|\ne'],
	['ends of the text', 'a\nb|\nc', [move('text-start'), right, move('text-end'), left], 'a\nb\n|c'],
	['kill to the end', 'a|b\nc', [kill('line-end')], 'a|\nc'],
	['kill at the end joins the next', 'a|\nc', [kill('line-end')], 'a|c'],
	['kill to the start', 'a\nbc|d', [kill('line-start')], 'a\n|d'],
	['kill at the start joins the one before', 'a\n|d', [kill('line-start')], 'a|d'],
	['newline', 'a|b', [{kind: 'newline'}], 'a\n|b'],
	['up and down keep the column', 'abcd\ne\nfgh|i', [up, up], 'abc|d\ne\nfghi'],
	['up and down keep the column over a short line', 'abcd\ne\nfgh|i', [up], 'abcd\ne|\nfghi'],
	['a move sideways sets the column anew', 'abcd\nef|\nghij', [left, up], 'a|bcd\nef\nghij'],
	['up counts graphemes', '👩‍👩‍👧‍👦🇵🇱x\nab|', [up], '👩‍👩‍👧‍👦🇵🇱|x\nab'],
	['down to an empty last line', 'ab|\n', [down], 'ab\n|'],
]);

test('where there is no line above or below, the same state comes back', () => {
	const first = run(write('a|b'), ...type('x'));
	assert.equal(run(first, up), first);
	assert.equal(run(first, down), first);
});

check('Kill and yank', [
	['bring back', 'one two|', [kill('word-left'), move('line-start'), yank], 'two|one '],
	['kills in a row are one', 'one two three|', [kill('word-left'), kill('word-left'), yank], 'one two three|'],
	['kills forward in a row are one', '|one two', [kill('word-right'), kill('word-right'), yank], 'one two|'],
	['a move between makes two', 'one two|', [kill('word-left'), move('line-start'), kill('line-end'), yank], 'one |'],
	[
		'yank-pop gives the one before',
		'one two|',
		[kill('word-left'), move('line-start'), kill('line-end'), yank, {kind: 'yank-pop'}],
		'two|',
	],
	[
		'yank-pop goes round',
		'one two|',
		[kill('word-left'), move('line-start'), kill('line-end'), yank, {kind: 'yank-pop'}, {kind: 'yank-pop'}],
		'one |',
	],
	['yank-pop without a yank does nothing', 'a|', [{kind: 'yank-pop'}], 'a|'],
	['erasing is no killing', 'ab|', [backspace, yank], 'a|'],
	['the ring outlives the message', 'one|', [kill('word-left'), {kind: 'set', text: ''}, yank], 'one|'],
]);

check('Undo and redo', [
	['a word at a time', '|', [...type('one two'), undo], 'one|'],
	['and again', '|', [...type('one two'), undo, undo], '|'],
	['and back', '|', [...type('one two'), undo, undo, redo, redo], 'one two|'],
	['typing after undo forgets redo', '|', [...type('one'), undo, ...type('x'), redo], 'x|'],
	['a move begins a new step', '|', [...type('ab'), left, ...type('c'), undo], 'a|b'],
	['Backspaces over a word are one step', '|', [...type('ab cd'), backspace, backspace, undo], 'ab cd|'],
	['Backspaces over two words are two', 'ab cd|', [backspace, backspace, backspace, backspace, undo], 'ab |'],
	['Deletes are one step', '|abc', [erase('right'), erase('right'), undo], '|abc'],
	['a paste', 'a|', [{kind: 'paste', text: 'x\ny'}, undo], 'a|'],
	['a kill', 'one two|', [kill('line-start'), undo], 'one two|'],
	['a yank', 'one|', [kill('line-start'), yank, undo], '|'],
	['clear', 'one\ntwo|', [{kind: 'clear'}, undo], 'one\ntwo|'],
	['a replacement', 'hi @al| there', [{kind: 'replace', from: 3, to: 6, text: '@alice'}, undo], 'hi @al| there'],
	['not what was before the draft', 'old|', [...type('x'), {kind: 'set', text: 'new'}, undo], 'new|'],
]);

check('Transpose', [
	['two letters', 'a|b', [{kind: 'transpose'}], 'ba|'],
	['the last two at the end of a line', 'abc|\nd', [{kind: 'transpose'}], 'acb|\nd'],
	['graphemes', '🇵🇱|👍🏽', [{kind: 'transpose'}], '👍🏽🇵🇱|'],
	['nothing at the start of a line', 'a\n|b', [{kind: 'transpose'}], 'a\n|b'],
	['nothing with one letter', 'a|', [{kind: 'transpose'}], 'a|'],
]);

check('Inserting', [
	['text', 'a|c', type('b'), 'ab|c'],
	['a combining mark joins the letter', 'e|', [...type('\u0301'), backspace], '|'],
	['what joins the next grapheme leaves the cursor behind it', '|🏽', [{kind: 'insert', text: '👍'}], '👍🏽|'],
	[
		'a replacement for a completion',
		'hi @al| there',
		[{kind: 'replace', from: 3, to: 6, text: '@alice'}],
		'hi @alice| there',
	],
	['a replacement never cuts a grapheme', 'a👍🏽b|', [{kind: 'replace', from: 1, to: 3, text: 'x'}], 'ax|b'],
	['a paste with CRLF and CR', '|', [{kind: 'paste', text: 'a\r\nb\rc'}], 'a\nb\nc|'],
	['a paste with tabs', '|', [{kind: 'paste', text: '\tx'}], '    x|'],
	['a paste with escape sequences', '|', [{kind: 'paste', text: '\u001B[31mred\u001B[0m \u001B]0;t\u0007x'}], 'red x|'],
	['a paste with an escape sequence that has no end', '|', [{kind: 'paste', text: 'a\u001B]0;rest'}], 'a]0;rest|'],
	['a paste with controls', '|', [{kind: 'paste', text: 'a\u0000\u0007\u009B\u007Fb'}], 'ab|'],
	['half a surrogate pair', '|', [{kind: 'paste', text: 'a\uD83Db'}], 'a\uFFFDb|'],
]);

test('a draft is cleaned like a paste and its cursor never cuts a grapheme', () => {
	assert.equal(show(run(emptyComposer, {kind: 'set', text: 'a\r\n👍🏽', cursor: 4})), 'a\n👍🏽|');
	assert.equal(cleanComposerText('\u2028'), '\n');
});

test('a megabyte is pasted, and a key after it does not look at all of it', () => {
	const text = 'lorem ipsum 日本 dolor 👩‍👩‍👧 sit amet\n'.repeat(30_000);
	const pasted = run(emptyComposer, {kind: 'paste', text});
	assert.equal(pasted.text, text);
	const keys: readonly ComposerAction[] = [...type('ab'), left, backspace, move('word-left'), up, down, undo, redo];
	run(pasted, ...keys);
	const begin = performance.now();
	for (let round = 0; round < 10; round++) run(pasted, ...keys);
	assert.ok((performance.now() - begin) / 10 / keys.length < 50);
});
