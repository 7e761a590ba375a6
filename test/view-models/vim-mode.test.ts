import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {screenTable} from '../../source/commands/screen-table.ts';
import {exWords, vimSections, type VimSection} from '../../source/commands/vim-table.ts';
import {emptyComposer, reduceComposer, type Composer} from '../../source/view-models/composer.ts';
import {enterNormal, noteTyped} from '../../source/view-models/vim-mode.ts';
import {insertMode, overwrite, type VimState} from '../../source/view-models/vim-state.ts';
import {normalKey, visualTarget} from '../../source/view-models/vim-visual.ts';
import {createRandom} from '../helpers/random.ts';

/** Keys in a string; `<esc>` and `<c-r>` are those keys. */
const keysOf = (keys: string): readonly string[] =>
	Array.from(keys.matchAll(/<esc>|<c-r>|<cr>|./gsu), ([key]) =>
		key === '<esc>' ? 'escape' : key === '<c-r>' ? 'ctrl-r' : key === '<cr>' ? 'enter' : key,
	);

/** The bar is the cursor. */
const composerOf = (marked: string): Composer => ({
	...emptyComposer,
	text: marked.replace('|', ''),
	cursor: marked.indexOf('|'),
});

const marked = ({text, cursor}: Composer): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

const press = (start: string, keys: string): {readonly composer: Composer; readonly state: VimState} => {
	let composer = composerOf(start);
	let state: VimState = {...insertMode, mode: 'normal'};
	for (const key of keysOf(keys)) {
		if (state.mode === 'insert' && key !== 'escape') {
			composer = reduceComposer(composer, state.isReplacing ? overwrite(composer, key) : {kind: 'insert', text: key});
			state = noteTyped(state, key);
			continue;
		}
		const step =
			state.mode === 'insert'
				? enterNormal(state, composer)
				: normalKey(state, composer, key, (place, action) => reduceComposer({...emptyComposer, ...place}, action));
		if (step === undefined) continue;
		state = step.state;
		composer = step.actions.reduce(reduceComposer, composer);
	}
	return {composer, state};
};

const cases: readonly (readonly [before: string, keys: string, after: string])[] = [
	['one |two three', 'h', 'one| two three'],
	['|one two three', '3l', 'one| two three'],
	['|one two three', 'w', 'one |two three'],
	['|one, two', 'w', 'one|, two'],
	['|one, two', 'W', 'one, |two'],
	['one two |three', '2b', '|one two three'],
	['|one two', 'e', 'on|e two'],
	['|one two', 'ee', 'one tw|o'],
	['one |two', '0', '|one two'],
	['  one |two', '^', '  |one two'],
	['|one two', '$', 'one tw|o'],
	['o|ne\ntwo', 'j', 'one\nt|wo'],
	['one\nt|wo', 'k', 'o|ne\ntwo'],
	['one\ntwo\nth|ree', 'gg', '|one\ntwo\nthree'],
	['|one\ntwo\nthree', 'G', 'one\ntwo\n|three'],
	['|one\ntwo\nthree', '2G', 'one\n|two\nthree'],
	['|one two three', 'ft', 'one |two three'],
	['|one two three', '2ft', 'one two |three'],
	['|one two three', 'tt', 'one| two three'],
	['one two thre|e', 'Ft', 'one two |three'],
	['|a,b,c,d', 'f,;;', 'a,b,c|,d'],
	['|a,b,c,d', 'f,;,', 'a|,b,c,d'],
	['one| two', 'x', 'one|two'],
	['o|ne two', '2x', 'o| two'],
	['on|e', 'x', 'o|n'],
	['o|ne', 'X', '|ne'],
	['one |two three', 'dw', 'one |three'],
	['|one two three', 'd2w', '|three'],
	['|one two three', '2dw', '|three'],
	['one |two', 'dw', 'one| '],
	['one t|wo three', 'diw', 'one | three'],
	['one t|wo three', 'daw', 'one |three'],
	['say "he|llo" now', 'di"', 'say "|" now'],
	['say "he|llo" now', 'da"', 'say | now'],
	['f(a, (b|), c)', 'di(', 'f(a, (|), c)'],
	['f(a|, (b), c)', 'da(', '|f'],
	['one |two three', 'D', 'one| '],
	['one |two', 'd0', '|two'],
	['one t|wo', 'db', 'one |wo'],
	['|one two three', 'dtt', '|two three'],
	['|one two three', 'dft', '|wo three'],
	['one\nt|wo\nthree', 'dd', 'one\n|three'],
	['one\ntwo\nth|ree', 'dd', 'one\n|two'],
	['o|ne\ntwo\nthree', '2dd', '|three'],
	['o|ne\ntwo\nthree', 'dj', '|three'],
	['one\ntwo\nth|ree', 'dgg', '|'],
	['o|ne', 'dd', '|'],
	['one |two three', 'cwTWO<esc>', 'one TW|O three'],
	['one t|wo three', 'ciwx<esc>', 'one |x three'],
	['one\nt|wo\nthree', 'ccx<esc>', 'one\n|x\nthree'],
	['one |two', 'Cx<esc>', 'one |x'],
	['o|ne', 'sxy<esc>', 'ox|ye'],
	['o|ne', 'Sx<esc>', '|x'],
	['one |two', 'ix<esc>', 'one |xtwo'],
	['one |two', 'ax<esc>', 'one t|xwo'],
	['  one |two', 'Ix<esc>', '  |xone two'],
	['one |two', 'Ax<esc>', 'one two|x'],
	['o|ne\ntwo', 'ox<esc>', 'one\n|x\ntwo'],
	['one\nt|wo', 'Ox<esc>', 'one\n|x\ntwo'],
	['|one two', 'yww', 'one |two'],
	['|one two', 'ywwP', 'one one| two'],
	['|one two', 'dwp', 'tone| wo'],
	['o|ne\ntwo', 'yyjp', 'one\ntwo\n|one'],
	['o|ne\ntwo', 'ddp', 'two\n|one'],
	['one\nt|wo', 'yyP', 'one\n|two\ntwo'],
	['|ab', 'xp', 'b|a'],
	['|ab', 'yl3p', 'aaa|ab'],
	['o|ne', 'rx', 'o|xe'],
	['|one', '~~', 'ON|e'],
	['o|ne\n  two', 'J', 'one| two'],
	['|one two three', 'dwu', '|one two three'],
	['|one two three', 'dwu<c-r>', '|two three'],
	['|one two three four', 'dw.', '|three four'],
	['|one two three', 'cwx<esc>w.', 'x |x three'],
	['|a b c', 'x..', '| c'],
	['|日本語 text', 'w', '日本語 |text'],
	['|👩‍👩‍👧‍👦 family', 'x', '| family'],
	['|é́ cafe', 'x', '| cafe'],
	['one |two', 'd<esc>x', 'one |wo'],
	['one |two', 'dz', 'one |two'],
	['one |two', 'fz', 'one |two'],
	['o|ne', 'r<cr>', 'o|ne'],
	['|one two', 'gUiw', '|ONE two'],
	['|one two', 'gUU', '|ONE TWO'],
	['|ONE two', 'guw', '|one two'],
	['|one two', 'g~w', '|ONE two'],
];

/** One change is one step of undo: `u` took a word of what was typed, and what `cw` had taken away was gone. */
const undoCases: typeof cases = [
	['|one two three', 'ciwX<esc>u', '|one two three'],
	['|one two three', 'cwabc<esc>u', '|one two three'],
	['|one two three', 'ciwa b c<esc>u', '|one two three'],
	['|one two three', 'cwabc<esc>u<c-r>', 'abc| two three'],
	['o|ne two three', 'oxyz<esc>u', 'o|ne two three'],
	['o|ne two three', 'Oxyz w<esc>u', 'o|ne two three'],
	['|one two three', 'ciwX<esc>w.u', 'X |two three'],
	['|one two three', 'ciwX<esc>w.uu', '|one two three'],
	['|one two three', 'vecX Y<esc>u', '|one two three'],
	['one| two', 'ab c<esc>ad<esc>u', 'one b c|two'],
	['|one', 'RXY<esc>u', '|one'],
];

/** What vim has and mx has not takes its argument along: `a` of `ma` went to insert mode, `yy` of `"ayy` was typed. */
const swallowed: typeof cases = [
	['o|ne\ntwo', '"+yyjp', 'one\ntwo\n|one'],
	['o|ne\ntwo', '"ayyjp', 'one\ntwo\n|one'],
	['|one two', '"_dw', '|two'],
	['|one two', '"a<esc>x', '|ne two'],
	['|one two', 'max', '|ne two'],
	['|one two', "'ax", '|ne two'],
	['|one two', '`ax', '|ne two'],
	['|one two', 'qax', '|ne two'],
	['|one two', '@ax', '|ne two'],
	['|one two', 'zax', '|ne two'],
	['|one two', '>>x', '|ne two'],
	['|one two', '>iwx', '|ne two'],
	['|one two', 'gqqx', '|ne two'],
	['|one two', 'gqiwx', '|ne two'],
	['|one two', 'RXY<esc>', 'X|Ye two'],
	['on|e\ntwo', 'RXYZ<esc>', 'onXY|Z\ntwo'],
	['|one two', 've"+yP', 'on|eone two'],
	['|one two', 'vmax', '|ne two'],
	['|one two', 'vegU', '|ONE two'],
];

/** A count before `.`, or before what goes to insert mode, did nothing. */
const countCases: typeof cases = [
	['|a b c d e f', 'dw3.', '|e f'],
	['|a b c d e f', 'd2w.', '|e f'],
	['|a b c d e f', 'd2w1.', '|d e f'],
	['|a b c d e f', 'dw2..', '|f'],
	['|one', '3iab<esc>', 'ababa|bone'],
	['|one', '2ab<esc>', 'ob|bne'],
	['|one', '3iab<esc>u', '|one'],
	['|one', '2oab<esc>', 'one\nab\na|b'],
	['|one', 'ia<esc>3.', 'aa|aaone'],
	['|one', '2ia<esc>.', 'aa|aaone'],
	['|a b c', 'RX<esc>w.', 'X |X c'],
	['|one two', 'vecX<esc>wiY<esc>.', 'X |YYtwo'],
];

const visualCases: readonly (readonly [before: string, keys: string, after: string])[] = [
	['|one two three', 'vwd', '|wo three'],
	['|one two three', 'ved', '| two three'],
	['one |two three', 'vbd', '|wo three'],
	['|one two three', 'v2wd', '|hree'],
	['|one two', 'v$d', '|'],
	['|one two', 'vex', '| two'],
	['|one two', 'vecx<esc>', '|x two'],
	['|one two', 'vesx<esc>', '|x two'],
	['one t|wo', 'vby$p', 'one twot|w'],
	['o|ne\ntwo\nthree', 'Vjd', '|three'],
	['one\nt|wo\nthree', 'Vd', 'one\n|three'],
	['o|ne\ntwo', 'Vypjp', 'one\none\ntwo\n|one'],
	['o|ne\ntwo\nthree', 'Vjcx<esc>', '|x\nthree'],
	['o|ne\ntwo', 'vDu', 'o|ne\ntwo'],
	['o|ne\ntwo\nthree', 'vjD', '|three'],
	['one |two three', 'viwd', 'one | three'],
	['one t|wo three', 'viwd', 'one | three'],
	['say "he|llo" now', 'vi"cx<esc>', 'say "|x" now'],
	['|one two', 've~', '|ONE two'],
	['|ONE two', 'veu', '|one two'],
	['|one two', 'veU', '|ONE two'],
	['|one two', 'verx', '|xxx two'],
	['|one two', 'ver<cr>', 'on|e two'],
	['o|ne\n  two\nthree', 'VjJ', '|one two\nthree'],
	['o|ne\n  two', 'VJ', '|one two'],
	['|one two', 'yewvep', 'one |one'],
	['|one two three', 'vwo2ld', 'on|wo three'],
	['|one two', 'vwvx', 'one |wo'],
	['|one two', 'vw<esc>x', 'one |wo'],
	['o|ne\ntwo', 'vVd', '|two'],
	['|one two', 'vfwd', '|o'],
	['|one\ntwo\nthree', 'vGd', '|hree'],
	['one\ntwo\nth|ree', 'Vggd', '|'],
	['|日本語 text', 'v2ld', '| text'],
	['a|👩‍👩‍👧‍👦b', 'vd', 'a|b'],
	['|one two', 'vzd', '|ne two'],
];

suite('normal mode of vim', () => {
	for (const [before, keys, after] of cases)
		test(`${JSON.stringify(before)} ${keys} ${JSON.stringify(after)}`, () => {
			assert.equal(marked(press(before, keys).composer), after);
		});

	for (const [before, keys, after] of [...undoCases, ...swallowed, ...countCases])
		test(`${JSON.stringify(before)} ${keys} ${JSON.stringify(after)}`, () => {
			assert.equal(marked(press(before, keys).composer), after);
		});

	test('what is copied to "+ goes to the clipboard', () => {
		const {state, composer} = press('|one two', '"+y');
		assert.equal(normalKey(state, composer, 'w', place => place)?.copied, 'one ');
		const lines = press('o|ne\ntwo', 'V"*');
		assert.equal(normalKey(lines.state, lines.composer, 'y', place => place)?.copied, 'one');
	});

	test('keys that belong together and mean nothing are named together', () => {
		for (const keys of ['ma', 'gv', 'gqq', '>iw', 'zz', '3qa']) {
			const {state, composer} = press('|one', keys.slice(0, -1));
			assert.equal(normalKey(state, composer, keys.slice(-1), place => place)?.unknown, keys);
		}
	});

	for (const [before, keys, after] of visualCases)
		test(`visual: ${JSON.stringify(before)} ${keys} ${JSON.stringify(after)}`, () => {
			assert.equal(marked(press(before, keys).composer), after);
		});

	test('what is selected reaches from where v was pressed to behind the character at the cursor', () => {
		const {state, composer} = press('one |two three', 'vb');
		assert.deepEqual(visualTarget(state, composer), {from: 0, to: 5, isLinewise: false});
		const lines = press('o|ne\ntwo\nthree', 'Vj');
		assert.deepEqual(visualTarget(lines.state, lines.composer), {from: 0, to: 7, isLinewise: true});
	});

	test('a command that is not complete waits, and Esc drops it', () => {
		assert.deepEqual(press('|one', '2d').state.pending, ['2', 'd']);
		assert.deepEqual(press('|one', '2d<esc>').state.pending, []);
	});

	test('keys that mean nothing here are left to others', () => {
		const {state, composer} = press('|one', '');
		for (const key of ['escape', 'enter', 'page-up', 'alt-a', 'f1'])
			assert.equal(
				normalKey(state, composer, key, place => place),
				undefined,
			);
	});

	test('whatever is pressed, the cursor is in the text and never cuts a character', () => {
		const random = createRandom(7);
		const keys = Array.from('hlwbeWBE0^$jkgGfFtTdcyiaIAoOpPxXDCsSrRmqz>J~uUvV.;,"(123 ');
		for (let round = 0; round < 300; round++) {
			const pressed = Array.from({length: 40}, () => (random.chance(0.1) ? '<esc>' : random.pick(keys))).join('');
			const {composer} = press('one "two" (th|ree)\n日本語 👩‍👩‍👧‍👦\n\nlast line', pressed);
			assert.ok(composer.cursor >= 0 && composer.cursor <= composer.text.length, pressed);
			assert.equal(reduceComposer(composer, {kind: 'point', at: composer.cursor}).cursor, composer.cursor, pressed);
		}
	});
});

suite('the table of what vim knows', () => {
	const text = '|one "two" `three` \'four\' (five) [six] {seven} <eight>\nnine\nten';
	/** Pressed before the keys of a kind, and behind them. */
	const around: Readonly<Record<VimSection['kind'], readonly [before: string, behind: string]>> = {
		motion: ['', 'o'],
		operator: ['', 'w'],
		object: ['d', ''],
		change: ['', 'x'],
		visual: ['v', 'x'],
		screen: ['', ''],
	};
	for (const {kind, entries} of vimSections.filter(each => each.kind !== 'screen'))
		for (const {keys} of entries)
			test(`${kind}: every key of ${keys} means something`, () => {
				for (const key of keys.split(' ')) {
					const [before, behind] = around[kind];
					const name = key === '^R' ? '<c-r>' : key;
					let {composer, state} = press(text, before);
					let isKnown = false;
					for (const each of [...keysOf(name), ...keysOf(behind)]) {
						if (state.mode === 'insert') break;
						const step = normalKey(state, composer, each, place => place);
						assert.ok(step !== undefined && step.unknown === undefined, `${key}: ${each}`);
						({state} = step);
						composer = step.actions.reduce(reduceComposer, composer);
						isKnown = true;
					}
					assert.ok(isKnown, key);
				}
			});

	test('each word behind the colon is one of a command that there is', () => {
		const names = new Set(screenTable.map(({name}) => name));
		for (const name of exWords.values()) assert.ok(names.has(name), name);
	});
});
