/** Reads a picture back: a strict reader of the XML that pictures consist of, and what is on the grid of a window. */
import assert from 'node:assert/strict';

export type Element = {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly children: ReadonlyArray<Element | string>;
};

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'"};

const unescape = (text: string): string => {
	assert.doesNotMatch(text, /[<>]/);
	return text.replaceAll(/&([^;]*);?/g, (_, name: string) => entities[name] ?? assert.fail(`unknown entity ${name}`));
};

const readAttributes = (text: string): Record<string, string> => {
	const attributes: Record<string, string> = {};
	for (const [, name = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
		assert.ok(!Object.hasOwn(attributes, name), `${name} is given twice`);
		attributes[name] = unescape(value);
	}
	return attributes;
};

/** @returns the root element. @throws AssertionError when it is not well-formed XML 1.0, or has more than elements and text */
export const readXml = (text: string): Element => {
	assert.ok(text.isWellFormed());
	assert.doesNotMatch(text, /[\0-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/, 'XML 1.0 §2.2');
	const top: Array<Element | string> = [];
	const open: Array<{readonly name: string; readonly children: Array<Element | string>}> = [{name: '', children: top}];
	let length = 0;
	for (const [whole, tag, characters] of text.matchAll(/<([^<>]*)>|([^<]+)/g)) {
		length += whole.length;
		const children = open.at(-1)?.children ?? assert.fail('an element is closed twice');
		if (characters !== undefined) {
			children.push(unescape(characters));
		} else if (tag?.startsWith('/')) {
			assert.equal(open.pop()?.name, tag.slice(1));
		} else {
			const [, name, attributes = '', slash] = /^(\w+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)$/.exec(tag ?? '') ?? [];
			assert.ok(name !== undefined, `no tag: ${tag}`);
			const element = {name, attributes: readAttributes(attributes), children: []};
			children.push(element);
			if (slash === '') open.push(element);
		}
	}
	assert.equal(length, text.length, 'a tag is not closed');
	assert.equal(open.length, 1, 'an element is not closed');
	const [element, ...others] = top.filter(child => typeof child !== 'string' || child.trim() !== '');
	assert.deepEqual(others, []);
	return element === undefined || typeof element === 'string' ? assert.fail('no element') : element;
};

/** All elements of this name below one, in document order. */
export const findAll = (element: Element, name: string): readonly Element[] =>
	element.children.flatMap(child =>
		typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...findAll(child, name)],
	);

export const textOf = (element: Element): string =>
	element.children.map(child => (typeof child === 'string' ? child : textOf(child))).join('');

/** Pixels. */
const cell = {width: 9, height: 19};

/** The light lines by which of their arms are filled, in the order left, right, up, down. */
const lineCharacters: Readonly<Record<string, string>> = {
	'1100': '─',
	'0011': '│',
	'0101': '┌',
	'1001': '┐',
	'0110': '└',
	'1010': '┘',
	'0111': '├',
	'1011': '┤',
	'1101': '┬',
	'1110': '┴',
	'1111': '┼',
};

/** Whether a path of rectangles covers a point of its row. */
const isFilled = (path: string, x: number, y: number): boolean =>
	Array.from(path.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\d+z/g)).some(([, ...numbers]) => {
		const [left = 0, top = 0, width = 0, height = 0] = numbers.map(Number);
		return x >= left && x < left + width && y >= top && y < top + height;
	});

const readShape = (path: string, column: number): string => {
	const at = (x: number, y: number): boolean => isFilled(path, column * cell.width + x, y);
	if (at(1, 8) && at(1, 10)) return at(1, 1) ? '▎' : '━';
	const arms = [at(1, 9), at(7, 9), at(4, 1), at(4, 17)];
	return lineCharacters[arms.map(Number).join('')] ?? ' ';
};

const rightToLeft = /^(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{M}\p{Join_Control} ]+$/u;

/** Which row of the window a placed `<g>` is, from 0. */
export const rowOf = (element: Element): number => {
	const [, x, y] = /^translate\((\d+) (\d+)\)$/.exec(element.attributes['transform'] ?? '') ?? [];
	assert.equal(x, '12');
	const row = (Number(y) - 38) / cell.height;
	assert.ok(Number.isInteger(row));
	return row;
};

/** What is drawn in each column of a row; a space where nothing is, an empty string under the right half of a wide character. */
export const layOut = (row: Element, columns: number): readonly string[] => {
	const path = findAll(row, 'path')
		.map(({attributes}) => attributes['d'])
		.join('');
	const cells = Array.from({length: columns}, (_, column) => readShape(path, column));
	for (const run of findAll(row, 'text')) {
		const start = Number(run.attributes['x']) / cell.width;
		const length = Number(run.attributes['textLength']) / cell.width;
		assert.ok(Number.isInteger(start) && start + length <= columns);
		const text = textOf(run);
		// Several characters (with their marks) of one column each, or one of one or two columns.
		const isRun = run.attributes['lengthAdjust'] === undefined || rightToLeft.test(text);
		const characters = isRun ? (text.match(/[^\p{M}\p{Join_Control}][\p{M}\p{Join_Control}]*/gu) ?? []) : [text];
		if (isRun) assert.equal(characters.length, length, `"${text}" is not ${length} columns wide`);
		else assert.ok(length <= 2);
		for (const [index, character] of characters.entries()) cells[start + index] = character;
		if (!isRun && length === 2) cells[start + 1] = '';
	}
	return cells;
};

/** The rows of a still picture as text, without the blanks at their ends. */
export const readLines = (svg: string, columns: number, rows: number): readonly string[] => {
	const lines = Array.from({length: rows}, () => '');
	for (const row of findAll(readXml(svg), 'g')) lines[rowOf(row)] = layOut(row, columns).join('').trimEnd();
	return lines;
};
