import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import * as fc from 'fast-check';
import {cleanOutgoing, joinSafe, literal, safeLines, safeText, type SafeMode} from '../../source/text/safe-text.ts';
import {hostileText} from '../corpus/arbitraries.ts';
import {legitimateTexts, readEmoji} from '../corpus/legitimate.ts';
import {findUnsafe} from '../corpus/safety.ts';
import {hostilePayloads, placements} from '../corpus/terminal.ts';

const modes: readonly SafeMode[] = ['body', 'line', 'name'];

const problemOf = (text: string, mode: SafeMode): string | undefined =>
	findUnsafe(text) ?? (mode !== 'body' && text.includes('\n') ? 'a newline' : undefined);

suite('hostile text', () => {
	test('the corpus is complete', () => {
		assert.equal(hostilePayloads.length, 183);
		assert.equal(new Set(hostilePayloads.map(({payload}) => payload)).size, 183);
	});

	for (const {name, kind, payload} of hostilePayloads) {
		test(`${kind}: a text that ${name} is harmless`, () => {
			for (const placed of placements(payload)) {
				for (const mode of modes) {
					const text = safeText(placed, mode);
					assert.equal(problemOf(text, mode), undefined, `${mode}: ${JSON.stringify(text.slice(0, 80))}`);
					assert.equal(safeText(text, mode), text, `${mode} is not idempotent`);
				}
			}
		});
	}

	test('random text becomes safe, and stays as it is the second time', () => {
		fc.assert(
			fc.property(hostileText(), fc.constantFrom(...modes), (input, mode) => {
				const text = safeText(input, mode);
				assert.equal(problemOf(text, mode), undefined);
				assert.equal(safeText(text, mode), text);
			}),
			{numRuns: 5000},
		);
	});

	test('any code point between letters becomes safe', () => {
		fc.assert(
			fc.property(fc.string({unit: 'binary', minLength: 1, maxLength: 4}), input => {
				assert.equal(problemOf(safeText(`a${input}b`, 'body'), 'body'), undefined);
			}),
			{numRuns: 5000},
		);
	});
});

suite('honest text', () => {
	for (const [name, text] of Object.entries(legitimateTexts)) {
		test(`${name} is unchanged`, () => {
			assert.equal(safeText(text, 'body'), text);
			assert.equal(safeText(`a ${text} b`, 'body'), `a ${text} b`);
		});
	}

	test('every mark of every script stays on a letter', () => {
		const codes = Array.from({length: 0x11_00_00}, (_, code) => code);
		const marks = codes.map(code => String.fromCodePoint(code)).filter(each => /^(?!\p{DI})\p{M}$/u.test(each));
		assert.ok(marks.length > 2000);
		assert.deepEqual(
			marks.filter(mark => safeText(`a${mark}`, 'body') !== `a${mark}`),
			[],
		);
	});

	test('all fully-qualified emoji are unchanged', () => {
		const emoji = readEmoji();
		assert.equal(emoji.length, 3655);
		for (const mode of modes) {
			const changed = emoji.filter(each => safeText(`a ${each} b`, mode) !== `a ${each} b`);
			assert.deepEqual(changed, []);
		}
	});
});

suite('the rule', () => {
	test('controls become visible, one for one', () => {
		assert.equal(safeText('a\u001B[31mb\0\u007F\u009Bc', 'body'), 'a␛[31mb␀␡�c');
	});

	test('what is not a string is empty', () => {
		for (const input of [undefined, null, 5, true, {}, ['a'], {toString: () => 'x'}]) {
			assert.equal(safeText(input, 'body'), '');
		}
	});

	test('line breaks of all kinds are newlines in a body and one space in a line', () => {
		assert.equal(safeText('a\r\nb\rc\vd\fe\u0085f\u2028g\u2029h', 'body'), 'a\nb\nc\nd\ne\nf\ng\nh');
		assert.equal(safeText('a\r\n\r\nb\u2028c', 'line'), 'a b c');
	});

	test('a tab is four spaces', () => {
		assert.equal(safeText('a\tb', 'body'), 'a    b');
	});

	test('overrides and isolates vanish everywhere, direction marks in names, runs of them to one', () => {
		assert.equal(safeText('invoice\u202Efdp.exe', 'body'), 'invoicefdp.exe');
		assert.equal(safeText('a\u200Eb', 'body'), 'a\u200Eb');
		assert.equal(safeText('a\u200E\u200F\u200Eb', 'line'), 'a\u200Eb');
		assert.equal(safeText('a\u200Eb', 'name'), 'ab');
	});

	test('a joiner stays in scripts that join and between pictographs, nowhere else', () => {
		assert.equal(safeText('ad\u200Dm\u200Cin', 'name'), 'admin');
		assert.equal(safeText('می\u200C\u200Cخ', 'body'), 'می\u200Cخ');
		assert.equal(safeText('👨\u200D🦲\u200Dx', 'body'), '👨\u200D🦲x');
		assert.equal(safeText('e\u0301\u200D', 'body'), 'e\u0301');
		assert.equal(safeText('👨\u0301\u200D👩', 'body'), '👨\u0301👩');
	});

	test('a selector stays after an emoji only', () => {
		assert.equal(safeText('x\uFE0F☎\uFE0F\uFE0F', 'body'), 'x☎\uFE0F');
	});

	test('a skin tone stays on a person or alone', () => {
		assert.equal(safeText('a\u{1F3FD}👍\u{1F3FD}\u{1F3FD}', 'body'), 'a👍\u{1F3FD}');
		assert.equal(safeText('\u{1F3FD}', 'body'), '\u{1F3FD}');
	});

	test('TAG letters stay in the flag of a subdivision only', () => {
		const scotland = '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}';
		const texas = '\u{1F3F4}\u{E0075}\u{E0073}\u{E0074}\u{E0078}\u{E007F}';
		assert.equal(safeText(`${scotland}${texas}a\u{E0067}\u{E007F}`, 'body'), `${scotland}${texas}a`);
		assert.equal(safeText(texas.replace('\u{E007F}', '\u{E0061}'.repeat(20) + '\u{E007F}'), 'body'), '\u{1F3F4}');
	});

	test('eight marks a letter, two in a name, and the next letter starts anew', () => {
		assert.equal(safeText(`Z${'\u0300'.repeat(1000)}`, 'body'), `Z${'\u0300'.repeat(8)}`);
		assert.equal(safeText(`Z${'\u0300'.repeat(1000)}`, 'name'), `Z${'\u0300'.repeat(2)}`);
		assert.equal(safeText('लक्ष्मी', 'name'), 'लक्ष्मी');
	});

	test('a mark without a base gets a dotted circle', () => {
		assert.equal(safeText('\u0301x', 'body'), '\u25CC\u0301x');
		assert.equal(safeText('a\n\u0301x', 'body'), 'a\n\u25CC\u0301x');
	});

	test('at most 32 code points are one character', () => {
		assert.equal(Array.from(safeText('\u1100'.repeat(1000), 'body')).length, 32);
		assert.ok(Array.from(safeText(`👨${'\u200D👨'.repeat(500)}`, 'body')).length <= 32);
	});

	test('unassigned, private and broken code points become U+FFFD', () => {
		assert.equal(safeText(String.fromCharCode(0xe000, 0xd800) + String.fromCodePoint(0x1ffff), 'body'), '���');
	});

	test('fillers are spaces in a body and nothing in a name', () => {
		assert.equal(safeText('a\u3164b', 'body'), 'a b');
		assert.equal(safeText('a\u2800b', 'name'), 'ab');
	});

	test('a name is one trimmed line, and falls back to the id when nothing is left', () => {
		assert.equal(safeText('  An \n na\u3000 ', 'name'), 'An na');
		assert.equal(safeText('\u3164\u200B \u202E', 'name', '@anna:one.test'), '@anna:one.test');
		assert.equal(safeText({}, 'name', '@a\u202E:x'), '@a:x');
		assert.equal(safeText('', 'name'), '');
	});

	test('a body shows 400 lines and counts the rest', () => {
		const lines = safeText('x\n'.repeat(499) + 'x', 'body').split('\n');
		assert.equal(lines.length, 400);
		assert.equal(lines.at(-1), '… 101 more lines');
		assert.equal(safeText('x\n'.repeat(399), 'body'), 'x\n'.repeat(399));
	});

	test('text is cut at 64 KiB, never inside a surrogate pair', () => {
		const text = safeText('x'.repeat(65_534) + '😀'.repeat(10), 'line');
		assert.equal(text.length, 65_535);
		assert.ok(text.endsWith('x…'));
		assert.equal(safeText('\t'.repeat(65_536), 'line').length, 65_536);
	});

	test('lines without a limit are as safe', () => {
		const lines = safeLines(`${'a\u001B\r\n'.repeat(1000)}\u0301`);
		assert.equal(lines.length, 1001);
		assert.deepEqual([...new Set(lines)], ['a␛', '\u25CC\u0301']);
	});
});

suite('text of our own', () => {
	test('a literal joins constant text with safe parts and numbers', () => {
		assert.equal(literal`${safeText('An\u001Bna', 'name')} sent ${3} files`, 'An␛na sent 3 files');
	});

	test('safe parts are joined', () => {
		assert.equal(joinSafe([literal`a`, literal`b`], literal`, `), 'a, b');
		assert.equal(joinSafe([literal`a`, literal`b`]), 'ab');
	});
});

suite('text that goes out', () => {
	test('it keeps newlines and tabs, loses other controls and lone surrogates', () => {
		assert.equal(cleanOutgoing('a\r\nb\rc\td\0\u001B[m\u0007\u009Be\u2028f\uD800'), 'a\nb\nc\td[me\nf�');
	});

	test('a bridged reply cannot start a command of its own line discipline', () => {
		assert.doesNotMatch(cleanOutgoing('> quote\rQUIT :bye'), /\r/);
	});

	test('Unicode that the user typed is left alone', () => {
		for (const text of [...Object.values(legitimateTexts), ...readEmoji().slice(0, 200)]) {
			assert.equal(cleanOutgoing(text), text);
		}
	});
});
