/** Which characters a terminal gets, and what stands for those that it cannot show. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asciiText, withAsciiSigns} from '../../source/domain/ascii-text.ts';
import {characterSetOf, type CharacterSet} from '../../source/terminal/character-set.ts';
import {safeText, type SafeText} from '../../source/text/safe-text.ts';
import {graphemeWidth, textWidth} from '../../source/text/width.ts';
import {legitimateTexts} from '../corpus/legitimate.ts';
import {hostilePayloads} from '../corpus/terminal.ts';

test('the locale and the terminal decide, unless the person does', () => {
	const rows: readonly (readonly [Readonly<Record<string, string>>, boolean | undefined, CharacterSet])[] = [
		[{LANG: 'de_DE.UTF-8'}, undefined, 'unicode'],
		[{LANG: 'de_DE.utf8'}, undefined, 'unicode'],
		[{}, undefined, 'unicode'],
		[{LANG: 'de_DE.UTF-8', LC_ALL: 'C'}, undefined, 'ascii-frames'],
		[{LC_CTYPE: 'POSIX', LANG: 'en_US.UTF-8'}, undefined, 'ascii-frames'],
		[{LANG: 'de_DE.ISO-8859-1'}, undefined, 'ascii'],
		[{LANG: 'de_DE.UTF-8', TERM: 'linux'}, undefined, 'ascii-frames'],
		[{LANG: 'de_DE.UTF-8'}, true, 'ascii-frames'],
		[{LANG: 'de_DE.ISO-8859-1'}, true, 'ascii'],
		[{LANG: 'de_DE.ISO-8859-1', TERM: 'linux'}, false, 'unicode'],
	];
	for (const [environment, isWanted, expected] of rows)
		assert.equal(characterSetOf(environment, isWanted, 'linux'), expected, JSON.stringify([environment, isWanted]));
	assert.equal(characterSetOf({LANG: 'C'}, undefined, 'win32'), 'unicode');
});

test('signs of mx become ASCII, letters stay', () => {
	assert.equal(withAsciiSigns('├─ ▾ Signal · 3 ✓✓ …'), '+- v Signal . 3 ++ .');
	assert.equal(withAsciiSigns('naïve 漢字 🎉'), 'naïve 漢字 🎉');
	// Two cells wide they must stay.
	assert.equal(withAsciiSigns('⚠️ ♟️ ☑️ ⭐ ⌚'), '⚠️ ♟️ ☑️ ⭐ ⌚');
	assert.equal(withAsciiSigns('⚑ ⌘ ⇧'), '! * *');
});

test('where nothing but ASCII can be shown, letters lose their marks and the rest is a question mark for each cell', () => {
	const width = (grapheme: string) => graphemeWidth(grapheme as SafeText);
	assert.equal(asciiText('Zoë Łukasz “naïve” … 漢字 🎉', width), 'Zoe Lukasz "naive" . ???? ??');
	assert.equal(asciiText('Straße'), 'Strase');
	assert.equal(asciiText('one\ntwo'), 'one\ntwo');
});

test('any text is as wide as before, and ASCII', () => {
	const width = (grapheme: string) => graphemeWidth(grapheme as SafeText);
	const texts = [...Object.values(legitimateTexts), ...hostilePayloads.map(({payload}) => payload)];
	for (const text of texts) {
		const line = safeText(text, 'line');
		const ascii = asciiText(line, width);
		assert.match(ascii, /^[ -~]*$/, JSON.stringify(text));
		assert.equal(ascii.length, textWidth(line), JSON.stringify(text));
	}
});
