import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import headless from '@xterm/headless';
import * as fc from 'fast-check';
import {drawPicture} from '../../scripts/lib/terminal-picture.ts';
import {watchScreen, type Screen} from '../../scripts/lib/terminal-screen.ts';
import {hostileText} from '../corpus/arbitraries.ts';
import {legitimateTexts, readEmoji} from '../corpus/legitimate.ts';
import {hostilePayloads} from '../corpus/terminal.ts';
import {findAll, layOut, readLines, readXml, rowOf, textOf} from './svg-reading.ts';

const escape = '\u001B';
const caption = {title: 'mx', description: 'what is seen'};

const show = async (bytes: string, columns = 40, rows = 6) => {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, logLevel: 'off'});
	const readScreen = watchScreen(terminal);
	await new Promise<void>(resolve => {
		terminal.write(bytes, resolve);
	});
	const lines = Array.from({length: rows}, (_, row) => {
		const {active} = terminal.buffer;
		return (
			active
				.getLine(active.baseY + row)
				?.translateToString(true)
				.trimEnd() ?? ''
		);
	});
	return {screen: readScreen(), lines};
};

/** The elements of a picture's only row, and the rule of each one's class. */
const drawOneRow = async (bytes: string) => {
	const root = readXml(drawPicture((await show(`${escape}[?25l${bytes}`)).screen, caption));
	const style = findAll(root, 'style').map(textOf).join('');
	const [row] = findAll(root, 'g');
	const find = (name: string) =>
		(row === undefined ? [] : findAll(row, name)).map(element => ({
			x: element.attributes['x'],
			width: element.attributes['width'],
			d: element.attributes['d'],
			text: textOf(element),
			rule: new RegExp(`^\\.${element.attributes['class']}\\{(.*)\\}$`, 'm').exec(style)?.[1],
		}));
	return {texts: find('text'), backgrounds: find('rect'), paths: find('path')};
};

suite('what a picture shows is what the terminal shows', () => {
	const screens: Readonly<Record<string, string>> = {
		'a screen of two columns': [
			`${escape}[1mmx${escape}[22m ${escape}[38;2;139;148;165m· @you:demo.test${escape}[39m`,
			' INBOX     1 │ Anna   Signal · encrypted',
			'▸ Anna  12:45│ ──────── Today ────────',
			'             │ 12:45 Anna  see you  there…   ✓',
			'             ├──────────┬─────┐ ━━━ new ━━━',
			'             │ ▎quoted  └──┴──┼┤',
		].join('\r\n'),
		'gaps, edges and words': ['a  b', 'x y z', `${' '.repeat(39)}|`, `|${' '.repeat(38)}|`, '', '  two   three'].join(
			'\r\n',
		),
		...Object.fromEntries(
			Object.entries(legitimateTexts).map(([name, text]) => [name, `${text.replaceAll('\n', '\r\n')}|`]),
		),
		'hidden and coloured blanks': `a${escape}[41m  ${escape}[49mb ${escape}[4mc d${escape}[24m ${escape}[7m e ${escape}[27m f`,
	};
	for (const [name, bytes] of Object.entries(screens)) {
		test(name, async () => {
			const {screen, lines} = await show(bytes);
			assert.deepEqual(readLines(drawPicture(screen, caption), 40, 6), lines);
		});
	}

	test('emoji take two columns, each of them all that it consists of', async () => {
		const emoji = readEmoji();
		const columns = 60;
		for (let start = 0; start < emoji.length; start += 120) {
			const some = emoji.slice(start, start + 120);
			const bytes = some.map((one, index) => `${one}|${index % 20 === 19 ? '\r\n' : ''}`).join('');
			const {screen} = await show(bytes, columns, 7);
			const drawn = readLines(drawPicture(screen, caption), columns, 7).join('');
			assert.equal(drawn, some.map(one => `${one}|`).join(''));
			const bars = screen.rows.flatMap(row => row.filter(({text}) => text === '|').map(({column}) => column % 3));
			assert.deepEqual(
				bars,
				some.map(() => 2),
			);
		}
	});
});

/** What a picture of the screen has to have in its columns. */
const expectedCells = ({columns, rows}: Screen): readonly (readonly string[])[] =>
	rows.map(row => {
		const cells = Array.from({length: columns}, () => ' ');
		for (const {column, width, text, style} of row) {
			cells[column] = style.isHidden ? ' ' : text;
			if (width === 2 && cells[column] !== ' ') cells[column + 1] = '';
		}
		return cells;
	});

suite('hostile text', () => {
	const isDrawnAsItIs = (text: string): boolean =>
		!/[\u0080-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFFE\uFFFF]/.test(text) &&
		text.isWellFormed();

	test('markup is text', async () => {
		const hostile = `<script>alert("1")</script>]]>&amp;<!-- '`;
		const {screen, lines} = await show(hostile, 60, 2);
		const svg = drawPicture(screen, {title: hostile, description: hostile});
		assert.deepEqual(readLines(svg, 60, 2), lines);
		const root = readXml(svg);
		assert.deepEqual(findAll(root, 'script'), []);
		assert.deepEqual(findAll(root, 'title').map(textOf), [hostile]);
		assert.deepEqual(findAll(root, 'desc').map(textOf), [hostile]);
	});

	test('control characters, turned text and half characters become a sign in title and description', () => {
		const screen: Screen = {columns: 1, rows: [[]], cursor: undefined};
		const svg = drawPicture(screen, {title: 'a\0b\u001B\u202Ec', description: 'd\uD800e\uFFFEf\u0085g'});
		const root = readXml(svg);
		assert.deepEqual(findAll(root, 'title').map(textOf), ['a\uFFFDb\uFFFD\uFFFDc']);
		assert.deepEqual(findAll(root, 'desc').map(textOf), ['d\uFFFDe\uFFFDf\uFFFDg']);
	});

	test('and so they do in cells', () => {
		const style = {
			foreground: undefined,
			background: undefined,
			isBold: false,
			isDim: false,
			isItalic: false,
			isUnderlined: false,
			isStruck: false,
			isInverse: false,
			isHidden: false,
		};
		const cells = ['\0', '\u001B', 'a\u202E', '\uD800', '\u2028', '<'];
		const rows = [cells.map((text, column) => ({column, width: 1 as const, text, style}))];
		const svg = drawPicture({columns: 6, rows, cursor: undefined}, caption);
		assert.deepEqual(readLines(svg, 6, 1), ['\uFFFD\uFFFDa\uFFFD\uFFFD\uFFFD<']);
	});

	test('whatever a program writes, the picture is well-formed and shows the cells', async () => {
		const check = async (bytes: string): Promise<void> => {
			const {screen} = await show(bytes, 30, 4);
			const expected = expectedCells(screen);
			const root = readXml(drawPicture({...screen, cursor: undefined}, caption));
			for (const row of findAll(root, 'g')) {
				const drawn = layOut(row, 30);
				for (const [column, text] of (expected[rowOf(row)] ?? []).entries()) {
					if (isDrawnAsItIs(text) && !/[\u2500-\u259F]/.test(text)) assert.equal(drawn[column], text);
					else assert.doesNotMatch(drawn[column] ?? '', /[\u0080-\u009F\u202A-\u202E\u2066-\u2069]/);
				}
			}
		};
		// What is to be repeated a billion times keeps the model of the terminal busy for minutes.
		const payloads = hostilePayloads.map(({payload}) => payload).filter(payload => !/\d{6,}/.test(payload));
		for (const payload of payloads) await check(`a${payload}b`);
		await fc.assert(fc.asyncProperty(hostileText(), check), {numRuns: 500});
	});
});

suite('how cells are drawn', () => {
	test('colours come from the palette of 16, the cube, the greys and 24 bits', async () => {
		const colours = ['31', '91', '38;5;9', '38;5;196', '38;5;67', '38;5;244', '38;2;1;2;3'];
		const {texts} = await drawOneRow(colours.map(colour => `${escape}[${colour}m#`).join(''));
		assert.deepEqual(
			texts.map(({rule}) => rule),
			// The bright red is one run in both notations.
			['#e0656f', '#ff7b85', '#ff0000', '#5f87af', '#808080', '#010203'].map(colour => `fill:${colour}`),
		);
	});

	test('bold, italic, dim and inverse', async () => {
		const {texts, backgrounds} = await drawOneRow(
			`${escape}[1mb${escape}[0;3mi${escape}[0;2;38;2;255;255;255;48;2;1;1;1md${escape}[0;7mr${escape}[0m`,
		);
		assert.deepEqual(
			texts.map(({text, rule}) => [text, rule]),
			[
				['b', 'fill:#cfd5e1;font-weight:bold'],
				['i', 'fill:#cfd5e1;font-style:italic'],
				['d', 'fill:#808080'],
				['r', 'fill:#16181d'],
			],
		);
		assert.deepEqual(
			backgrounds.map(({x, width, rule}) => [x, width, rule]),
			[
				['18', '9', 'fill:#010101'],
				['27', '9', 'fill:#cfd5e1'],
			],
		);
	});

	test('underline and strike-through go over blanks too, and hidden text is not in the file', async () => {
		const {texts, paths} = await drawOneRow(`${escape}[4ma b${escape}[0m ${escape}[9mc${escape}[0m ${escape}[8msecret`);
		assert.deepEqual(
			texts.map(({text}) => text),
			['a b c'],
		);
		assert.deepEqual(
			paths.map(({d}) => d),
			['M0 16h27v1h-27zM36 9h9v1h-9z'],
		);
	});

	test('lines are rectangles that meet at the edges of their cells', async () => {
		const {texts, paths} = await drawOneRow('──┐█▁');
		assert.deepEqual(texts, []);
		assert.deepEqual(
			paths.map(({d}) => d),
			['M0 9h23v1h-23zM22 9h1v10h-1zM27 0h9v19h-9zM36 17h9v2h-9z'],
		);
	});

	test('the cursor inverts its cell, and only while the program shows it', async () => {
		const bytes = `abc${escape}[1;2H`;
		const rectangles = async (bytes: string): Promise<readonly (string | undefined)[]> => {
			const root = readXml(drawPicture((await show(bytes)).screen, caption));
			return findAll(root, 'g')
				.flatMap(row => findAll(row, 'rect'))
				.map(({attributes}) => attributes['x']);
		};
		assert.deepEqual(await rectangles(bytes), ['9']);
		assert.deepEqual(await rectangles(`${bytes}${escape}[?25l`), []);
		assert.deepEqual(await rectangles(`${bytes}${escape}[?25l${escape}[?25h`), ['9']);
	});

	test('the same screen gives the same file', async () => {
		const {screen} = await show('a \u001B[31mb');
		assert.equal(drawPicture(screen, caption), drawPicture(screen, caption));
	});
});
