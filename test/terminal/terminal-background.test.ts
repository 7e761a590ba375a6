/** Dark or light: what terminals answer, and what their environment says. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {backgroundFrom, backgroundOf} from '../../source/terminal/terminal-background.ts';

test('answers of terminals to OSC 11', () => {
	const answers: readonly (readonly [reply: string, background: string | undefined])[] = [
		['\u001B]11;rgb:1616/1818/1d1d\u001B\\', 'dark'],
		['\u001B]11;rgb:ffff/ffff/ffff\u0007', 'light'],
		['\u001B]11;rgb:fd/f6/e3\u001B\\', 'light'],
		['\u001B]11;rgba:0000/0000/0000/8000\u001B\\', 'dark'],
		['\u001B]10;rgb:ffff/ffff/ffff\u001B\\', undefined],
		['\u001B]11;white\u001B\\', undefined],
		['\u001B[?1u', undefined],
	];
	for (const [reply, background] of answers)
		assert.equal(backgroundOf(reply, false), background, JSON.stringify(reply));
});

test('inside a multiplexer plain white means that it does not know', () => {
	assert.equal(backgroundOf('\u001B]11;rgb:ffff/ffff/ffff\u001B\\', true), undefined);
	assert.equal(backgroundOf('\u001B]11;rgb:fdfd/f6f6/e3e3\u001B\\', true), 'light');
});

test('COLORFGBG, where the terminal does not answer', () => {
	const of = (COLORFGBG?: string) => backgroundFrom({COLORFGBG});
	assert.deepEqual(
		[of('0;15'), of('0;7'), of('15;0'), of('15;default;0'), of()],
		['light', 'light', 'dark', 'dark', 'dark'],
	);
});
