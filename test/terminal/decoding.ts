/** Table tests of the input decoder. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createInputDecoder} from '../../source/terminal/input-decoder.ts';
import type {InputEvent} from '../../source/terminal/input-event.ts';

/** Reads like what was pressed: `a`, `<enter>`, `paste(…)`. */
export const say = (event: InputEvent): string => {
	switch (event.kind) {
		case 'text':
			return event.text;
		case 'key':
			return `<${event.key}>`;
		case 'mouse': {
			const held = `${event.hasCtrl ? 'ctrl ' : ''}${event.hasAlt ? 'alt ' : ''}${event.hasShift ? 'shift ' : ''}`;
			return `mouse(${held}${event.action} ${event.button} ${event.column},${event.row})`;
		}
		case 'focus':
			return event.isFocused ? 'focus' : 'blur';
		case 'paste':
		case 'quarantine':
		case 'reply':
			return `${event.kind}(${event.text})`;
		default:
			return event satisfies never;
	}
};

/** One read. */
export type Chunk = Uint8Array | string;

/** @returns what the reads mean, given that nothing follows. */
export const read = (chunks: readonly Chunk[]): readonly string[] => {
	const decoder = createInputDecoder();
	const events = chunks.flatMap(chunk => decoder.write(chunk));
	return [...events, ...decoder.flush()].map(say);
};

/** One test a row: name, reads, what they mean. */
export const check = (
	title: string,
	rows: readonly (readonly [string, Chunk | readonly Chunk[], readonly string[]])[],
) => {
	suite(title, () => {
		for (const [name, chunks, expected] of rows) {
			test(name, () => {
				const list = typeof chunks === 'string' || chunks instanceof Uint8Array ? [chunks] : chunks;
				assert.deepEqual(read(list), expected);
			});
		}
	});
};
