/** The decoder under random bytes and random splits. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {createInputDecoder} from '../../source/terminal/input-decoder.ts';
import {say} from './decoding.ts';
import type {InputEvent} from '../../source/terminal/input-event.ts';

const start = '\u001B[200~';
const end = '\u001B[201~';

/** Joins neighbouring text: a mark that comes in a later read cannot join the letter before it. */
const joined = (events: readonly InputEvent[]): readonly string[] => {
	const list: string[] = [];
	let text = '';
	for (const event of events) {
		if (event.kind === 'text') text += event.text;
		else {
			list.push(text, say(event));
			text = '';
		}
	}
	return [...list, text].filter(entry => entry !== '');
};

const fragments = fc.constantFrom(
	'\u001B',
	'[',
	'O',
	']',
	'P',
	'_',
	'\\',
	'\u0007',
	'\r',
	'\n',
	'\u007F',
	'\u0000',
	'\u0003',
	'a',
	'~',
	'M',
	'<',
	';',
	':',
	'1',
	'27',
	'200~',
	'201~',
	start,
	end,
	'$',
	'^',
	'u',
	'\u001B[A',
	'\u001B[1;3B',
	'\u001B[<0;1;1M',
	'\u001B[M !!',
	'é',
	'日',
	'👩‍👩‍👧',
	'\u001B]11;x\u001B\\',
	'\u001B[13;2u',
	'\u0301',
	'\u009B',
);
const someBytes = fc.oneof(
	fc.array(fragments, {maxLength: 30}).map(list => new Uint8Array(Buffer.from(list.join('')))),
	fc.uint8Array({maxLength: 60}),
);

test('any split of any bytes gives the same events', () => {
	const property = fc.property(someBytes, fc.array(fc.nat({max: 9}), {maxLength: 80}), (bytes, sizes) => {
		const decodeAll = (chunks: readonly Uint8Array[]) => {
			const decoder = createInputDecoder();
			const events = chunks.flatMap(chunk => decoder.write(chunk));
			return joined([...events, ...decoder.flush()]);
		};
		const chunks: Uint8Array[] = [];
		let at = 0;
		for (const size of sizes) {
			chunks.push(bytes.subarray(at, at + size));
			at += size;
		}
		assert.deepEqual(decodeAll([...chunks, bytes.subarray(at)]), decodeAll([bytes]));
	});
	fc.assert(property, {numRuns: 60000});
});

test('the decoder takes any bytes and flushes at any time, and no control character comes out as text', () => {
	const property = fc.property(fc.array(someBytes, {maxLength: 6}), chunks => {
		const decoder = createInputDecoder();
		const events = chunks.flatMap(chunk => [...decoder.write(chunk), ...decoder.flush()]);
		for (const event of events) {
			if (event.kind === 'text') assert.doesNotMatch(event.text, /[\u0000-\u001F\u007F-\u009F]/);
			if (event.kind === 'key') assert.match(event.key, /^(?:super-)?(?:ctrl-)?(?:alt-)?(?:shift-)?[^\u0000-\u0020]+$/);
		}
	});
	fc.assert(property, {numRuns: 60000});
});
