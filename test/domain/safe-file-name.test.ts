/** Names that strangers chose, as they are written to the disk. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {mayBeOpened, safeFileName} from '../../source/domain/safe-file-name.ts';

const names: readonly (readonly [given: string, safe: string])[] = [
	['salad.jpg', 'salad.jpg'],
	['crème brûlée (1).pdf', 'crème brûlée (1).pdf'],
	['../../etc/passwd', 'passwd'],
	[String.raw`C:\Users\eve\run.exe`, 'run.exe'],
	['..', 'file'],
	['', 'file'],
	['/', 'file'],
	['.hidden', 'hidden'],
	['...', 'file'],
	['a\u0000b\u001B[31m.txt', 'a_b_[31m.txt'],
	['gpj.\u202Eexe.txt', 'gpj._exe.txt'],
	['con', '_con'],
	['NUL.txt', '_NUL.txt'],
	['trailing. . ', 'trailing'],
	['what?*<>|".txt', 'what______.txt'],
	['\uD800.png', '_.png'],
	['日本語.txt', '日本語.txt'],
];

for (const [given, safe] of names)
	test(`${JSON.stringify(given)} is kept as ${safe}`, () => assert.equal(safeFileName(given), safe));

test('whatever the name, it is one, and stays itself', () => {
	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 400}), name => {
			const safe = safeFileName(name);
			assert.ok(safe !== '' && !/^\.|[/\\\u0000-\u001F\u007F-\u009F]|[. ]$/u.test(safe), JSON.stringify(safe));
			assert.ok(Buffer.byteLength(safe) <= 201);
			assert.ok(safe.isWellFormed());
			assert.equal(safeFileName(safe), safe);
		}),
	);
});

test('what a system would run is not opened', () => {
	for (const name of ['a.jpg', 'a.PDF', 'voice.ogg']) assert.ok(mayBeOpened(name));
	for (const name of ['a.sh', 'a.desktop', 'a.exe', 'a.html', 'a.svg', 'jpg', 'a.jpg.lnk', '.jpg'])
		assert.ok(!mayBeOpened(name));
});
