/** What a program must have given back when it is gone. */
import assert from 'node:assert/strict';

/** What a mode is after all that was written: `h` on, `l` off. */
const modeAfter = (output: string, mode: number): string | undefined =>
	Array.from(output.matchAll(/\u001B\[\?([\d;]+)([hl])/g))
		.filter(([, modes = '']) => modes.split(';').includes(String(mode)))
		.at(-1)?.[2];

/** @param output all that a program wrote: alternate screen, bracketed paste, focus, mouse off; cursor and autowrap on; title, style and keyboard given back. */
export const assertRestored = (output: string): void => {
	const modes = Object.fromEntries(
		[1049, 2004, 1004, 1000, 1006, 2026, 25, 7].map(mode => [mode, modeAfter(output, mode)]),
	);
	assert.deepEqual(modes, {1049: 'l', 2004: 'l', 1004: 'l', 1000: 'l', 1006: 'l', 2026: 'l', 25: 'h', 7: 'h'});
	assert.equal(output.split('\u001B[22;0t').length, output.split('\u001B[23;0t').length);
	const pushes = output.match(/\u001B\[>\d*u/g) ?? [];
	const pops = output.match(/\u001B\[<\d*u/g) ?? [];
	assert.equal(pops.length, pushes.length);
	const end = output.slice(output.lastIndexOf('\u001B[?1049l'));
	// Nothing is drawn over the shell.
	assert.equal(end.replaceAll(/\u001B\[[?\d;]*[a-z]/gi, ''), '');
};
