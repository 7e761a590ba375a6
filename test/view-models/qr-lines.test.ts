/** QR codes in half blocks: what is drawn is what is read again. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {qrRows} from '../../source/text/qr-code.ts';
import {qrLines} from '../../source/view-models/qr-lines.ts';
import {readQr} from '../helpers/read-qr.ts';

const texts = [
	'hello',
	'sgnl://linkdevice?uuid=5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d&pub_key=BX0p7bZ1vQd3l9W1w%2FqQ8zq3m8s6c1x1',
	`2@${'aB3/'.repeat(50)},${'x+y='.repeat(11)},zZ9`,
	'grüße ☕',
];

test('what is drawn is read again', () => {
	for (const text of texts) {
		const rows = qrRows(text);
		assert.equal(readQr(rows), text);
		// Square: two modules in a row, one in a column; the border is light.
		assert.equal(rows.length, Math.ceil((rows[0]?.length ?? 0) / 2));
		assert.match(rows[0] ?? '', /^█+$/);
		assert.deepEqual(
			qrLines(text).map(line => line.map(span => span.text).join('')),
			rows,
		);
	}
});

test('it is light on dark whatever the theme', () => {
	for (const line of qrLines('hello'))
		assert.deepEqual(
			line.map(({style}) => style.colours),
			[{foreground: '#ffffff', background: '#000000'}],
		);
});

test('a text that no code takes is none', () => {
	assert.deepEqual(qrRows('x'.repeat(4000)), []);
});
