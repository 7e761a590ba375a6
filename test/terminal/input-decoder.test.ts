/** The decoder of terminal input: text, controls, Alt, Escape, pastes. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createInputDecoder} from '../../source/terminal/input-decoder.ts';
import {check, say} from './decoding.ts';
import type {Chunk} from './decoding.ts';
import type {InputEvent} from '../../source/terminal/input-event.ts';

check('Text and Enter in one read', [
	['text then Enter is text and a key', 'hi\r', ['h', 'i', '<enter>']],
	['two Enters are two keys', '\r\r', ['<enter>', '<enter>']],
	['a held key is one event a press', 'jjj', ['j', 'j', 'j']],
	['Tab between letters is a key', 'a\tb', ['a', '<tab>', 'b']],
	['a control letter before text is a key', '\u0001b', ['<ctrl-a>', 'b']],
	['two control letters are two keys', '\u0017\u0015', ['<ctrl-w>', '<ctrl-u>']],
	['three Backspaces are three keys', '\u007F\u007F\u007F', ['<backspace>', '<backspace>', '<backspace>']],
	['an arrow before text is a key', '\u001B[Aab', ['<up>', 'a', 'b']],
	['line feed is Ctrl-J, carriage return is Enter', '\n\r', ['<ctrl-j>', '<enter>']],
	['space is text', 'a b', ['a', ' ', 'b']],
]);

check('Bytes of control', [
	['Ctrl with / is 0x1f', '\u001F', ['<ctrl-/>']],
	['Ctrl with space is NUL', '\u0000', ['<ctrl-space>']],
	['Ctrl-H is Backspace', '\u0008', ['<backspace>']],
	['the other three', '\u001C\u001D\u001E', ['<ctrl-\\>', '<ctrl-]>', '<ctrl-^>']],
	[
		'all letters',
		'abcdefgklnopqrstuvwxyz'.replaceAll(/./g, letter => String.fromCharCode(letter.charCodeAt(0) - 96)),
		[...'abcdefgklnopqrstuvwxyz'.matchAll(/./g)].map(([letter]) => `<ctrl-${letter}>`),
	],
	['C1 controls are no text', 'a\u009B\u0085b', ['a', 'b']],
]);

check('Alt', [
	['with a letter', '\u001Bf', ['<alt-f>']],
	['with a capital', '\u001BX', ['<alt-X>']],
	['with signs', '\u001B<\u001B>\u001B/\u001B1', ['<alt-<>', '<alt->>', '<alt-/>', '<alt-1>']],
	['with Enter', '\u001B\r', ['<alt-enter>']],
	['with Backspace', '\u001B\u007F', ['<alt-backspace>']],
	['with space', '\u001B ', ['<alt-space>']],
	['with a control letter', '\u001B\u000B', ['<ctrl-alt-k>']],
	['with a letter outside ASCII', '\u001Bé', ['<alt-é>']],
	[
		'with a letter outside ASCII that is torn',
		['\u001B', Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)],
		['<alt-é>'],
	],
	['with a bracket that nothing follows', '\u001B[', ['<alt-[>']],
	['with a bracket that another key follows', '\u001B[\u001Ba', ['<alt-[>', '<alt-a>']],
	['with a closing bracket', '\u001B]', ['<alt-]>']],
	[
		'with capital O, P and an underscore',
		['\u001BO\r', '\u001BP\r', '\u001B_\r'],
		['<alt-O>', '<enter>', '<alt-P>', '<enter>', '<alt-_>', '<enter>'],
	],
	['an arrow with an ESC before it (rxvt)', '\u001B\u001B[A', ['<alt-up>']],
]);

check('Escape', [
	['alone', '\u001B', ['<escape>']],
	['twice', '\u001B\u001B', ['<escape>', '<escape>']],
	['twice, then a letter', '\u001B\u001Bx', ['<escape>', '<alt-x>']],
	['three times', '\u001B\u001B\u001B', ['<escape>', '<escape>', '<escape>']],
	['torn from its arrow is still an arrow', ['\u001B', '[A'], ['<up>']],
	['before a mouse report', '\u001B\u001B[<0;1;1M', ['<escape>', 'mouse(press left 0,0)']],
]);

const start = '\u001B[200~';
const end = '\u001B[201~';

check('Paste', [
	[
		'is one event, line ends and controls included',
		`${start}line1\nline2\u001B[31m\r${end}`,
		['paste(line1\nline2\u001B[31m\r)'],
	],
	['in two reads', [`${start}on`, `e${end}`], ['paste(one)']],
	['with torn markers', ['\u001B[20', '0~one\u001B', '[20', '1~'], ['paste(one)']],
	['that holds the beginning of an end marker', `${start}a\u001B[201b${end}`, ['paste(a\u001B[201b)']],
	[
		'that holds the end marker does not press keys',
		`${start}a${end}rm -rf\r${end}`,
		['paste(a)', 'quarantine(rm -rf\r)'],
	],
	[
		'that holds the end marker, in two reads',
		[`${start}a${end}rm`, ` -rf\r${end}`],
		['paste(a)', 'quarantine(rm -rf\r)'],
	],
	['followed by another is two pastes', `${start}a${end}${start}b${end}`, ['paste(a)', 'paste(b)']],
	['followed by a report keeps the report', `${start}a${end}\u001B[I`, ['paste(a)', 'focus']],
	['followed by a C1 control and a key', [`${start}a${end}\u009B`, 'x'], ['paste(a)', 'quarantine(x)']],
	['of nothing', start + end, []],
	['of characters outside ASCII', `${start}日本 👩‍👩‍👧‍👦${end}`, ['paste(日本 👩‍👩‍👧‍👦)']],
]);

check('Characters', [
	['CJK', '日本', ['日', '本']],
	['a family is one grapheme', '👩‍👩‍👧‍👦x', ['👩‍👩‍👧‍👦', 'x']],
	['flags and skin tones', '🇵🇱🇩🇪👍🏽', ['🇵🇱', '🇩🇪', '👍🏽']],
	['a combining mark stays with its letter', 'e\u0301a', ['e\u0301', 'a']],
	['a character in two reads', [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)], ['é']],
	['an emoji in four reads', [...Buffer.from('🎉')].map(byte => new Uint8Array([byte])), ['🎉']],
	['bytes that are no UTF-8', new Uint8Array([0xff, 0x61, 0xc3, 0x28]), ['\uFFFD', 'a', '\uFFFD', '(']],
]);

test('after silence a quarantine is over', () => {
	const decoder = createInputDecoder();
	decoder.write(`${start}a${end}`);
	assert.equal(decoder.pending(), 'silence');
	assert.deepEqual(decoder.flush(), []);
	assert.equal(decoder.pending(), undefined);
	assert.deepEqual(decoder.write('\r').map(say), ['<enter>']);
});

test('a paste without an end is given out in parts, and Ctrl-C gives the keyboard back', () => {
	const decoder = createInputDecoder();
	decoder.write(`${start}half`);
	assert.equal(decoder.pending(), 'paste');
	assert.deepEqual(decoder.flush().map(say), ['paste(half)']);
	assert.equal(decoder.pending(), undefined);
	assert.deepEqual(decoder.write('more\r'), []);
	assert.deepEqual(decoder.flush().map(say), ['paste(more\r)']);
	assert.deepEqual(decoder.write('\u0003a').map(say), ['<ctrl-c>', 'a']);
});

test('what is pending says how long to wait', () => {
	const pendingAfter = (bytes: Chunk) => {
		const decoder = createInputDecoder();
		decoder.write(bytes);
		return decoder.pending();
	};
	assert.equal(pendingAfter('\u001B'), 'escape');
	assert.equal(pendingAfter('\u001B['), 'escape');
	assert.equal(pendingAfter('\u001B[1;'), 'sequence');
	assert.equal(pendingAfter('\u001B]11;'), 'sequence');
	assert.equal(pendingAfter(Buffer.from('é').subarray(0, 1)), undefined);
	assert.equal(pendingAfter('a'), undefined);
});

test('a paste of a megabyte in reads of 4 KiB is one event', () => {
	const text = 'lorem ipsum dolor\n'.repeat(58_000);
	const bytes = Buffer.from(start + text + end);
	const decoder = createInputDecoder();
	const events: InputEvent[] = [];
	for (let at = 0; at < bytes.length; at += 4096) events.push(...decoder.write(bytes.subarray(at, at + 4096)));
	assert.deepEqual(events, [{kind: 'paste', text}]);
});

test('a megabyte of text outside a paste is read, one event a character', () => {
	assert.equal(createInputDecoder().write('x'.repeat(1_000_000)).length, 1_000_000);
});
