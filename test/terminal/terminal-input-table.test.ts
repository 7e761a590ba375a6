/** What terminals send for keys, row by row: the same events whole, torn apart at each byte, and together with what is typed around it. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createInputDecoder} from '../../source/terminal/input-decoder.ts';
import type {InputEvent} from '../../source/terminal/input-event.ts';
import {read, say} from './decoding.ts';

const escape = '\u001B';

/** Name, bytes, what they mean. */
type Row = readonly [name: string, bytes: string, events: readonly string[]];

const functionKeys: readonly Row[] = [
	...['P', 'Q', 'R', 'S'].map((letter, index): Row => [`F${index + 1}`, `${escape}O${letter}`, [`<f${index + 1}>`]]),
	...[15, 17, 18, 19, 20, 21, 23, 24].map((number, index): Row => [
		`F${index + 5}`,
		`${escape}[${number}~`,
		[`<f${index + 5}>`],
	]),
];

const rows: readonly Row[] = [
	['text, then Enter in one read', 'hello\r', ['h', 'e', 'l', 'l', 'o', '<enter>']],
	['a held key', 'jjj', ['j', 'j', 'j']],
	['Enter', '\r', ['<enter>']],
	['Ctrl-J', '\n', ['<ctrl-j>']],
	['Alt-Enter', `${escape}\r`, ['<alt-enter>']],
	['Shift-Enter, kitty', `${escape}[13;2u`, ['<shift-enter>']],
	['Ctrl-Enter, kitty', `${escape}[13;5u`, ['<ctrl-enter>']],
	['Shift-Enter, modifyOtherKeys (tmux extended-keys)', `${escape}[27;2;13~`, ['<shift-enter>']],
	['Ctrl-Enter, modifyOtherKeys', `${escape}[27;5;13~`, ['<ctrl-enter>']],
	['Tab, which is Ctrl-I', '\t', ['<tab>']],
	['Ctrl-I, kitty', `${escape}[105;5u`, ['<tab>']],
	['Ctrl-M, kitty', `${escape}[109;5u`, ['<enter>']],
	['Esc, kitty', `${escape}[27u`, ['<escape>']],
	['Backspace', '\u007F', ['<backspace>']],
	['Ctrl-H', '\b', ['<backspace>']],
	['Ctrl-/', '\u001F', ['<ctrl-/>']],
	['Ctrl-1, kitty', `${escape}[49;5u`, ['<ctrl-1>']],
	['Ctrl-comma, modifyOtherKeys', `${escape}[27;5;44~`, ['<ctrl-,>']],
	...functionKeys,
	['Alt with a letter', `${escape}k`, ['<alt-k>']],
	['Alt-Down', `${escape}[1;3B`, ['<alt-down>']],
	['Ctrl-Up', `${escape}[1;5A`, ['<ctrl-up>']],
	['Shift-Up', `${escape}[1;2A`, ['<shift-up>']],
	['Shift-PgUp', `${escape}[5;2~`, ['<shift-page-up>']],
	['an arrow, application mode', `${escape}OA`, ['<up>']],
	['a bracketed paste', `${escape}[200~one\rtwo${escape}[201~`, ['paste(one\rtwo)']],
	[
		'an answer about the background',
		`${escape}]11;rgb:1616/1818/1d1d${escape}\\`,
		[`reply(${escape}]11;rgb:1616/1818/1d1d${escape}\\)`],
	],
	[
		'an answer about the background, ended by BEL',
		`${escape}]11;rgb:16/18/1d\u0007`,
		[`reply(${escape}]11;rgb:16/18/1d\u0007)`],
	],
	['the clipboard', `${escape}]52;c;aGk=${escape}\\`, [`reply(${escape}]52;c;aGk=${escape}\\)`]],
	[
		'the name of the terminal (DCS)',
		`${escape}P>|kitty(0.40)${escape}\\`,
		[`reply(${escape}P>|kitty(0.40)${escape}\\)`],
	],
	['an answer about pictures (APC)', `${escape}_Gi=31;OK${escape}\\`, [`reply(${escape}_Gi=31;OK${escape}\\)`]],
	['device attributes', `${escape}[?62;22c`, [`reply(${escape}[?62;22c)`]],
	['a mode', `${escape}[?2026;2$y`, [`reply(${escape}[?2026;2$y)`]],
	['a click', `${escape}[<0;5;7M${escape}[<0;5;7m`, ['mouse(press left 4,6)', 'mouse(release left 4,6)']],
	['the wheel', `${escape}[<64;1;1M${escape}[<65;1;1M`, ['mouse(wheel-up none 0,0)', 'mouse(wheel-down none 0,0)']],
	['focus in and out', `${escape}[I${escape}[O`, ['focus', 'blur']],
];

/** @returns the events of reads, and of what is left when nothing follows; some pastes come in parts. */
const decode = (chunks: readonly string[]): readonly InputEvent[] => {
	const decoder = createInputDecoder();
	return [...chunks.flatMap(chunk => decoder.write(chunk)), ...decoder.flush()];
};

suite('what terminals send', () => {
	for (const [name, bytes, events] of rows) {
		test(name, () => {
			assert.deepEqual(read([bytes]), events, 'whole');
			for (let at = 1; at < bytes.length; at++)
				assert.deepEqual(read([bytes.slice(0, at), bytes.slice(at)]), events, `torn at ${at}`);
			assert.deepEqual(read(Array.from(bytes)), events, 'byte by byte');
			// What follows a paste in the same read is held back.
			const isPaste = name.includes('paste');
			assert.deepEqual(
				read([`x${bytes}${isPaste ? '' : 'y'}`]),
				['x', ...events, ...(isPaste ? [] : ['y'])],
				'between letters',
			);
			assert.deepEqual(read([bytes + bytes]), [...events, ...events], 'twice');
		});
	}

	test('all of them in one read, and in reads of each length', () => {
		const plain = rows.filter(([name]) => !name.includes('paste'));
		const bytes = plain.map(row => row[1]).join('');
		const events = plain.flatMap(row => row[2]);
		for (const length of [bytes.length, 1, 2, 3, 5, 7, 64]) {
			const chunks = Array.from({length: Math.ceil(bytes.length / length)}, (_, index) =>
				bytes.slice(index * length, (index + 1) * length),
			);
			assert.deepEqual(decode(chunks).map(say), events, `reads of ${length}`);
		}
	});

	test('Esc is itself when nothing follows in time, and Alt when the key is there', () => {
		assert.deepEqual(read([escape]), ['<escape>']);
		assert.deepEqual(read([`${escape}j`]), ['<alt-j>']);
		const decoder = createInputDecoder();
		assert.deepEqual(decoder.write(escape), []);
		assert.equal(decoder.pending(), 'escape');
		assert.deepEqual(decoder.flush().map(say), ['<escape>']);
		assert.deepEqual(decoder.write('j').map(say), ['j']);
		assert.deepEqual(read([escape + escape]), ['<escape>', '<escape>']);
	});

	test('an arrow that is torn behind its ESC is an arrow as long as the rest comes in time', () => {
		const decoder = createInputDecoder();
		assert.deepEqual([...decoder.write(escape), ...decoder.write('['), ...decoder.write('A')].map(say), ['<up>']);
	});

	test('keys behind a paste in the same read are held back, those of the next are not', () => {
		const decoder = createInputDecoder();
		const events = decoder.write(`${escape}[200~rm -rf${escape}[201~\r`);
		assert.deepEqual(events.map(say), ['paste(rm -rf)']);
		assert.deepEqual(decoder.flush().map(say), ['quarantine(\r)']);
		assert.deepEqual(decoder.write('\r').map(say), ['<enter>']);
	});
});
