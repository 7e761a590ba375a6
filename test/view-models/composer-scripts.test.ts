/** The composer in scripts that are hard: words, kills and undo by grapheme, and bursts as input methods send them. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {backspace, erase, kill, move, redo, run, show, type, undo, write, yank} from './composer-writing.ts';
import type {ComposerAction} from '../../source/view-models/composer.ts';

type Case = readonly [name: string, before: string, actions: readonly ComposerAction[], after: string];

const check = (title: string, cases: readonly Case[]) => {
	suite(title, () => {
		for (const [name, before, actions, after] of cases) {
			test(name, () => assert.equal(show(run(write(before), ...actions)), after));
		}
	});
};

const insert = (text: string): ComposerAction => ({kind: 'insert', text});
const paste = (text: string): ComposerAction => ({kind: 'paste', text});
const transpose: ComposerAction = {kind: 'transpose'};

/** What an input method does while a word is composed: each state takes the place of the one before. */
const compose = (...states: readonly string[]): readonly ComposerAction[] =>
	states.flatMap((state, index) => {
		const before = states[index - 1] ?? '';
		const graphemes = Array.from(new Intl.Segmenter().segment(before));
		return [...graphemes.map(() => backspace), insert(state)];
	});

check('Hangul', [
	['a word back', '안녕하세요 세계|', [move('word-left')], '안녕하세요 |세계'],
	['a word is killed', '안녕하세요 세계|', [kill('word-left')], '안녕하세요 |'],
	['a syllable of jamo is one step left', 'x\u1112\u1161\u11AB|', [move('left')], 'x|\u1112\u1161\u11AB'],
	['Delete takes a whole syllable of jamo', '|\u1112\u1161\u11ABx', [erase('right')], '|x'],
	['swaps syllables', '한글|', [transpose], '글한|'],
]);

check('Thai', [
	['two words back', 'สวัสดีครับ|', [move('word-left'), move('word-left')], '|สวัสดีครับ'],
	['a word is killed, and comes back', 'สวัสดีครับ|', [kill('word-left'), yank], 'สวัสดีครับ|'],
	['a vowel below goes with its letter', 'กู|', [backspace], '|'],
	['Delete takes letter and tone', '|ก่อน', [erase('right')], '|อน'],
]);

check('Hebrew and Arabic', [
	['a word back', 'שלום עולם|', [move('word-left')], 'שלום |עולם'],
	['a word with points is one', 'שָׁלוֹם עוֹלָם|', [kill('word-left')], 'שָׁלוֹם |'],
	['Home goes to the first letter', 'שלום|', [move('line-start')], '|שלום'],
	['a letter with its vowel is one', 'مُحَمَّد|', [backspace, backspace], 'مُحَ|'],
	['Latin among it', 'שלום abc עולם|', [move('word-left'), move('word-left')], 'שלום |abc עולם'],
]);

check('Chinese and Japanese', [
	['a word of Japanese', '日本語を書く|', [move('word-left')], '日本語を|書く'],
	['a kana with its mark is one', 'か\u3099|', [backspace], '|'],
	['killed in the middle of a line', '你好|世界', [kill('line-end'), yank], '你好世界|'],
	['a variation of a sign is one', '葛\u{E0100}|', [backspace], '|'],
]);

check('Emoji', [
	['a flag of a land within a land', '🏴󠁧󠁢󠁷󠁬󠁳󠁿|', [backspace], '|'],
	['a couple with skin tones', 'a👩🏽‍❤️‍👨🏿|', [move('left')], 'a|👩🏽‍❤️‍👨🏿'],
	['a flag is killed whole', '🇵🇱|', [kill('word-left')], '|'],
	['what is killed comes back whole', '👩‍👩‍👧 🇩🇪|', [kill('line-start'), yank, yank], '👩‍👩‍👧 🇩🇪👩‍👩‍👧 🇩🇪|'],
	['a letter between two halves makes two', '|', [insert('👩'), insert('x'), insert('\u200D👧')], '👩x\u200D👧|'],
]);

check('Bursts as of an input method', [
	['a word of Japanese', '|', compose('n', 'に', 'にh', 'にほ', 'にほn', 'にほん', '日本'), '日本|'],
	['a syllable of Hangul', 'a |', compose('ㅎ', '하', '한'), 'a 한|'],
	['within a line', '前|後', compose('t', 'て', 'てs', 'てす', 'テスト'), '前テスト|後'],
	['one undo takes the word', 'a|', [...compose('n', 'に', '日'), undo, undo, undo, undo, undo], 'a|'],
	['undo and redo come back to it', '|', [...compose('ㅎ', '하', '한'), undo, redo], '한|'],
	['a whole sentence at once', '|', [insert('今日は良い天気ですね。')], '今日は良い天気ですね。|'],
	['then Backspace takes one sign of it', '|', [insert('今日は。'), backspace], '今日は|'],
	['dead keys', 'caf|', compose('´', 'é'), 'café|'],
]);

check('Pastes among scripts', [
	['a combining mark joins what stands before', 'e|x', [paste('\u0301')], 'e\u0301|x'],
	['half a pair becomes a sign', '|', [paste('a\uD83D')], 'a\uFFFD|'],
	['tabs become blanks, CRLF becomes LF', '|', [paste('a\tb\r\nc\rd')], 'a    b\nc\nd|'],
	['colours go', '|', [paste('\u001B[31mred\u001B[0m')], 'red|'],
	['directions stay as they are written', '|', [paste('\u2067שלום\u2069')], '\u2067שלום\u2069|'],
	['undo takes it whole', '你|', [...type('好'), paste('สวัสดี 👩‍👩‍👧'), undo], '你好|'],
]);
