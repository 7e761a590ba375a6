/**
 * A terminal that draws pixels over cells, as xterm, mlterm and iTerm2 do: what is written into a cell, and what erases it, takes
 * the pixels in it away. It knows what the writer sends and fails on everything else.
 */
import assert from 'node:assert/strict';

export type PixelTerminal = ReturnType<typeof createPixelTerminal>;

const tokens =
	/\u001B\[\?(?<mode>\d+)(?<set>[hl])|\u001B\[(?<parameters>[\d;]*)(?<final>[A-Za-z])|\u001BP0;1;0q"1;1;(?<width>\d+);(?<height>\d+)(?<body>[#;0-9$!?-~-]*)\u001B\\|\u001B\]1337;File=inline=1;size=\d+;width=(?<columns>\d+);height=(?<rows>\d+);preserveAspectRatio=1;doNotMoveCursor=1:(?<data>[\w+/=]*)\u0007|\u001B\](?<osc>\d+);[^\u0007\u001B]*(?:\u0007|\u001B\\)|(?<control>[\r\n])|(?<text>[^\u0000-\u001F\u007F]+)/gu;

const blank = ' ';

export const createPixelTerminal = (columns: number, rows: number, cell = {width: 10, height: 20}) => {
	const segmenter = new Intl.Segmenter();
	let cells = Array.from({length: rows}, () => Array.from({length: columns}, () => blank));
	let [row, column] = [0, 0];
	let pictures = 0;
	const put = (text: string): void => {
		// Autowrap is off.
		const line = cells[row];
		if (line !== undefined) line[Math.min(column, columns - 1)] = text;
		column += 1;
	};
	const erase = (from: number, to: number, line = cells[row]): void => {
		line?.fill(blank, from, to);
	};
	const draw = (wide: number, high: number): void => {
		pictures += 1;
		assert.ok(row + high < rows && column + wide <= columns, 'the picture would scroll the screen, or leave it');
		for (let line = 0; line < high; line++)
			for (let at = 0; at < wide; at++) {
				const before = cells[row + line]?.[column + at] ?? '';
				assert.ok(before === blank || before.startsWith('px'), `pixels over ${before}`);
				const target = cells[row + line];
				if (target !== undefined) target[column + at] = `px ${wide}x${high} ${line} ${at}`;
			}
		// Terminals differ in where the cursor is then.
		[row, column] = [rows - 1, 3];
	};
	const control = (parameters: readonly number[], final: string): void => {
		const [first = 0, second = 0] = parameters;
		switch (final) {
			case 'H':
				[row, column] = [Math.max(1, first) - 1, Math.max(1, second) - 1];
				break;
			case 'G':
				column = Math.max(1, first) - 1;
				break;
			case 'K':
				assert.equal(first, 0);
				erase(column, columns);
				break;
			case 'J':
				assert.equal(first, 2);
				for (const line of cells) erase(0, columns, line);
				break;
			case 'm':
				break;
			case 'r':
			case 'S':
			case 'T':
				assert.ok(!cells.flat().some(each => each.startsWith('px')), 'scrolling with pixels on the screen');
				control.scroll(parameters, final);
				break;
			default:
				assert.fail(`CSI ${parameters.join(';')}${final}`);
		}
	};
	let region = {first: 0, last: rows - 1};
	control.scroll = ([first = 0, second = 0]: readonly number[], final: string): void => {
		if (final === 'r') {
			region = first === 0 ? {first: 0, last: rows - 1} : {first: first - 1, last: second - 1};
			[row, column] = [0, 0];
			return;
		}
		const by = final === 'S' ? first : -first;
		cells = cells.map((line, index) => {
			if (index < region.first || index > region.last) return line;
			const from = index + by;
			const isInside = from >= region.first && from <= region.last;
			return isInside ? [...(cells[from] ?? [])] : Array.from({length: columns}, () => blank);
		});
	};
	return {
		write(output: string): void {
			let length = 0;
			for (const match of output.matchAll(tokens)) {
				assert.equal(match.index, length, `unknown: ${JSON.stringify(output.slice(length, length + 20))}`);
				length += match[0].length;
				const {parameters, final, width, height, columns: wide, rows: high, control: sign, text} = match.groups ?? {};
				if (final !== undefined) control((parameters ?? '').split(';').map(Number), final);
				else if (width !== undefined)
					draw(Math.ceil(Number(width) / cell.width), Math.ceil(Number(height) / cell.height));
				else if (wide !== undefined) draw(Number(wide), Number(high));
				else if (sign === '\r') column = 0;
				else if (sign === '\n') row = Math.min(rows - 1, row + 1);
				else if (text !== undefined) for (const {segment} of segmenter.segment(text)) put(segment);
			}
			assert.equal(length, output.length, `unknown: ${JSON.stringify(output.slice(length, length + 20))}`);
		},
		rows: (): readonly string[] => cells.map(line => line.join('|')),
		/** @returns how often a picture was drawn. */
		pictures: () => pictures,
		pixelCells: () => cells.flat().filter(each => each.startsWith('px')).length,
		cursor: () => ({row, column}),
	};
};
