/** What a terminal with kitty graphics makes of an output: which pictures it keeps, and which piece of one each cell shows. */
import assert from 'node:assert/strict';
import type headless from '@xterm/headless';

/** The first marks of the table of the protocol (rowcolumn-diacritics.txt), written down from it. */
const marks = [
	0x305, 0x30d, 0x30e, 0x310, 0x312, 0x33d, 0x33e, 0x33f, 0x346, 0x34a, 0x34b, 0x34c, 0x350, 0x351, 0x352, 0x357, 0x35b,
	0x363, 0x364, 0x365, 0x366, 0x367, 0x368, 0x369, 0x36a, 0x36b, 0x36c, 0x36d, 0x36e, 0x36f, 0x483, 0x484, 0x485, 0x486,
	0x487, 0x592, 0x593, 0x594, 0x595, 0x597, 0x598, 0x599, 0x59c, 0x59d, 0x59e, 0x59f, 0x5a0, 0x5a1, 0x5a8, 0x5a9, 0x5ab,
	0x5ac, 0x5af, 0x5c4, 0x610, 0x611, 0x612, 0x613, 0x614, 0x615, 0x616, 0x617,
];

export type KeptPicture = {readonly data: Buffer; columns?: number; rows?: number};

export type KittyCommand = {readonly keys: Readonly<Record<string, string>>; readonly payload: string};

/** @returns the graphics commands in an output, in order; those for the terminal around tmux unwrapped */
export const kittyCommands = (output: string): readonly KittyCommand[] => {
	const plain = output.replaceAll(/\u001BPtmux;((?:\u001B\u001B|[^\u001B])*)\u001B\\/g, (_, inner: string) =>
		inner.replaceAll('\u001B\u001B', '\u001B'),
	);
	return [...plain.matchAll(/\u001B_G([^;\u001B]*)(?:;([^\u001B]*))?\u001B\\/g)].map(([, keys = '', payload = '']) => ({
		keys: Object.fromEntries(keys.split(',').map(pair => pair.split('=') as [string, string])),
		payload,
	}));
};

/** Keeps pictures as kitty does, and fails on what it would not understand. */
export const keepPictures = (output: string): ReadonlyMap<number, KeptPicture> => {
	const kept = new Map<number, KeptPicture>();
	let open: {readonly id: number; base64: string} | undefined;
	for (const {keys, payload} of kittyCommands(output)) {
		if (keys['a'] === 'q') continue;
		assert.equal(keys['q'], '2', 'the terminal must not answer');
		assert.ok(payload.length <= 4096, `${payload.length} characters in one piece`);
		const id = Number(keys['i']);
		if (keys['a'] === 't' || keys['a'] === undefined) {
			if (keys['a'] === 't') {
				assert.equal(open, undefined, 'another picture is on its way');
				assert.deepEqual([keys['f'], keys['t']], ['100', 'd']);
				open = {id, base64: ''};
			}
			if (open === undefined) continue;
			open.base64 += payload;
			if (keys['m'] === '1') continue;
			const data = Buffer.from(open.base64, 'base64');
			// Half a picture is none.
			if (data.includes('IEND')) kept.set(open.id, {data});
			open = undefined;
			continue;
		}
		assert.equal(open, undefined, 'a command within a picture');
		if (keys['a'] === 'p') {
			assert.equal(keys['U'], '1');
			const picture = kept.get(id);
			assert.ok(picture !== undefined, 'a place for a picture that is not there');
			Object.assign(picture, {columns: Number(keys['c']), rows: Number(keys['r'])});
		} else {
			assert.deepEqual([keys['a'], keys['d']], ['d', 'I']);
			kept.delete(id);
		}
	}
	return kept;
};

/** @returns `id row column` of what a cell of xterm shows; the text of other cells */
export const shownIn = (cell: headless.IBufferCell | undefined): string => {
	const text = cell?.getChars() ?? '';
	if (!text.startsWith('\u{10EEEE}')) return text;
	const [, row = '', column = '', high = '', ...more] = text;
	assert.deepEqual(more, []);
	const index = (mark: string): number => marks.indexOf(mark.codePointAt(0) ?? 0);
	assert.ok(index(row) >= 0 && index(column) >= 0, text);
	assert.ok(cell?.isFgPalette() === true && high !== '');
	return `${high.codePointAt(0)?.toString(16)}.${cell.getFgColor()} ${index(row)} ${index(column)}`;
};
