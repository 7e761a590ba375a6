/** Draws a screen as SVG: runs of text, each stretched to its columns, in a plain window. */
import {cellHeight, cellWidth, shapeOf, type Rectangle} from './cell-shapes.ts';
import {paintOf, windowBackground, windowForeground} from './palette.ts';
import type {Cell, Row, Screen} from './terminal-screen.ts';

/** What a picture says about itself; the description is for those who do not see it. */
export type Caption = {readonly title: string; readonly description: string};

const fontSize = 15;
const baseline = 14;
const padding = 12;
const titleBarHeight = 32;

/** Where the first cell is. */
const origin = {left: padding, top: titleBarHeight + 6};

/** Characters that every font with fixed widths has; others get a run of their own, as another font may draw them. */
const fontCharacter = /^[\u0020-\u007E\u00A1-\u00AC\u00AE-\u024F\u0370-\u03FF\u0400-\u04FF–—‘’“”•…]$/u;

/** Letters that join each other, or stand in the order of their words, only when they are drawn together. */
const rightToLeft = /^(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}][\p{M}\p{Join_Control}]*$/u;

/**
 * What XML 1.0 §2.2 forbids, C1 controls and lone surrogates among it, and what turns the direction of writing or hides
 * itself; each is replaced, so it stays visible that something was there.
 */
const undrawable =
	/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|[\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/gu;
const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Text for an element or a quoted attribute. */
export const escapeXml = (text: string): string =>
	text.replaceAll(undrawable, '\uFFFD').replaceAll(/[&<>"']/g, character => entities[character] ?? '');

/** The style sheet of one picture: a class for each set of declarations, in the order in which they came. */
export type StyleSheet = {
	/** @returns the name of the class with these declarations. */
	readonly classOf: (declarations: string) => string;
	readonly rules: () => string;
};

export const createStyleSheet = (): StyleSheet => {
	const names = new Map<string, string>();
	return {
		classOf(declarations) {
			const name = names.get(declarations) ?? `s${names.size.toString(36)}`;
			names.set(declarations, name);
			return name;
		},
		rules: () => Array.from(names, ([declarations, name]) => `.${name}{${declarations}}`).join('\n'),
	};
};

/** Adjacent items of which `isSame` says that they belong together. */
const groupRuns = <Item>(items: readonly Item[], isSame: (left: Item, right: Item) => boolean): Item[][] => {
	const runs: Item[][] = [];
	for (const item of items) {
		const run = runs.at(-1);
		const last = run?.at(-1);
		if (run !== undefined && last !== undefined && isSame(last, item)) run.push(item);
		else runs.push([item]);
	}
	return runs;
};

/** A cell with its colours resolved, and with what is drawn in it. */
type Painted = {
	readonly cell: Cell;
	readonly background: string;
	readonly foreground: string;
	readonly isBlank: boolean;
	readonly shapes: readonly Rectangle[];
	/** Declarations of the text, empty when none is drawn. */
	readonly font: string;
};

const paint = (cell: Cell, isCursor: boolean): Painted => {
	const {style} = cell;
	const colours = paintOf({...style, isInverse: style.isInverse !== isCursor});
	const shape = style.isHidden ? undefined : shapeOf(cell.text);
	const width = cell.width * cellWidth;
	const decorations: readonly Rectangle[] = [
		...(style.isUnderlined ? [[0, cellHeight - 3, width, 1] as const] : []),
		...(style.isStruck ? [[0, (cellHeight - 1) / 2, width, 1] as const] : []),
	];
	return {
		cell,
		...colours,
		isBlank: style.isHidden || shape !== undefined || cell.text === ' ',
		shapes: style.isHidden ? [] : [...(shape ?? []), ...decorations],
		font: `fill:${colours.foreground}${style.isBold ? ';font-weight:bold' : ''}${style.isItalic ? ';font-style:italic' : ''}`,
	};
};

const endOf = ({column, width}: Cell): number => column + width;

const columnsOf = (cells: readonly Painted[]): number => cells.reduce((sum, {cell}) => sum + cell.width, 0);

const drawBackgrounds = (cells: readonly Painted[], sheet: StyleSheet): string =>
	groupRuns(cells, (left, right) => left.background === right.background)
		.filter(([first]) => first?.background !== windowBackground)
		.map(run => {
			const left = (run[0]?.cell.column ?? 0) * cellWidth;
			const width = columnsOf(run) * cellWidth;
			const name = sheet.classOf(`fill:${run[0]?.background}`);
			return `<rect class="${name}" x="${left}" width="${width}" height="${cellHeight}"/>`;
		})
		.join('');

/** Rectangles of one colour that touch side by side become one. */
const joinRectangles = (rectangles: readonly Rectangle[]): readonly Rectangle[] => {
	const joined: Rectangle[] = [];
	for (const [left, top, width, height] of rectangles) {
		const index = joined.findIndex(
			([otherLeft, otherTop, otherWidth, otherHeight]) =>
				otherLeft + otherWidth === left && otherTop === top && otherHeight === height,
		);
		const other = joined[index];
		if (other === undefined) joined.push([left, top, width, height]);
		else joined[index] = [other[0], top, other[2] + width, height];
	}
	return joined;
};

const drawShapes = (cells: readonly Painted[], sheet: StyleSheet): string => {
	const byColour = new Map<string, Rectangle[]>();
	for (const {cell, foreground, shapes} of cells) {
		const moved = shapes.map(([left, ...rest]): Rectangle => [left + cell.column * cellWidth, ...rest]);
		byColour.set(foreground, [...(byColour.get(foreground) ?? []), ...moved]);
	}
	return Array.from(byColour, ([colour, rectangles]) =>
		rectangles.length === 0
			? ''
			: `<path class="${sheet.classOf(`fill:${colour}`)}" d="${joinRectangles(rectangles)
					.map(([left, top, width, height]) => `M${left} ${top}h${width}v${height}h-${width}z`)
					.join('')}"/>`,
	).join('');
};

/** What is drawn in one go: text of the font, words that are written from the right, or a glyph by itself. */
type Kind = 'font' | 'right-to-left' | 'glyph';

const kindOf = ({cell: {text}}: Painted): Kind =>
	fontCharacter.test(text) ? 'font' : rightToLeft.test(text) ? 'right-to-left' : 'glyph';

/** A run goes over a single blank, so that a sentence stays one; a longer gap would drift in a font of other widths. */
const textRuns = (cells: readonly Painted[]): readonly {readonly kind: Kind; readonly run: readonly Painted[]}[] => {
	const drawn = cells.flatMap((painted, index): readonly {kind: Kind; painted: Painted}[] => {
		if (!painted.isBlank) return [{kind: kindOf(painted), painted}];
		const [before, after] = [cells[index - 1], cells[index + 1]];
		const isInside = painted.cell.text === ' ' && before?.isBlank === false && after?.isBlank === false;
		return isInside ? [{kind: kindOf(before) === kindOf(after) ? kindOf(before) : 'font', painted}] : [];
	});
	const runs = groupRuns(
		drawn,
		(left, right) =>
			left.kind === right.kind &&
			left.kind !== 'glyph' &&
			left.painted.font === right.painted.font &&
			endOf(left.painted.cell) === right.painted.cell.column,
	);
	// Where the style changes at a blank, the blank is at the end of a run, or is one by itself.
	return runs.flatMap(run => {
		const first = run.findIndex(({painted}) => !painted.isBlank);
		const last = run.findLastIndex(({painted}) => !painted.isBlank);
		const kind = run[first]?.kind;
		return kind === undefined ? [] : [{kind, run: run.slice(first, last + 1).map(({painted}) => painted)}];
	});
};

const drawText = (cells: readonly Painted[], sheet: StyleSheet): string =>
	textRuns(cells)
		.map(({kind, run}) => {
			const left = (run[0]?.cell.column ?? 0) * cellWidth;
			const length = columnsOf(run) * cellWidth;
			// Glyphs of another font are stretched to their columns; between those of ours there is nothing to adjust.
			const adjust = kind === 'font' ? '' : ' lengthAdjust="spacingAndGlyphs"';
			const text = escapeXml(run.map(({cell}) => cell.text).join(''));
			const name = sheet.classOf(run[0]?.font ?? '');
			return `<text class="${name}" x="${left}" y="${baseline}" textLength="${length}"${adjust}>${text}</text>`;
		})
		.join('');

/** One row at the top left of the coordinates; empty when it shows nothing. */
export const drawRow = (row: Row, cursorColumn: number | undefined, sheet: StyleSheet): string => {
	const painted = row.map(cell =>
		paint(cell, cursorColumn !== undefined && cell.column <= cursorColumn && cursorColumn < endOf(cell)),
	);
	return drawBackgrounds(painted, sheet) + drawShapes(painted, sheet) + drawText(painted, sheet);
};

/** All rows of a screen, from the top. */
export const drawRows = ({rows, cursor}: Screen, sheet: StyleSheet): readonly string[] =>
	rows.map((row, index) => drawRow(row, cursor?.row === index ? cursor.column : undefined, sheet));

/** Puts something drawn at the top left where a row of the window is. */
export const placeRow = (index: number, drawn: string, className = ''): string =>
	`<g${className === '' ? '' : ` class="${className}"`} transform="translate(${origin.left} ${origin.top + index * cellHeight})">${drawn}</g>`;

const frameStyle = [
	`text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;`,
	'white-space:pre}',
	'rect,path{shape-rendering:crispEdges}',
].join('');

/** The window around what is drawn; `style` holds further rules. */
export const drawWindow = (
	{columns, rows}: {readonly columns: number; readonly rows: number},
	{title, description}: Caption,
	{style, content}: {readonly style: string; readonly content: string},
): string => {
	const width = origin.left + columns * cellWidth + padding;
	const height = origin.top + rows * cellHeight + padding;
	const buttons = [20, 38, 56].map(x => `<circle cx="${x}" cy="${titleBarHeight / 2}" r="5" fill="#3a404c"/>`).join('');
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
		`<title id="title">${escapeXml(title)}</title>`,
		`<desc id="description">${escapeXml(description)}</desc>`,
		`<style>\n${frameStyle}\n${style}\n</style>`,
		`<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${windowBackground}" stroke="#3a404c" style="shape-rendering:auto"/>`,
		buttons,
		`<text x="${width / 2}" y="${titleBarHeight / 2 + 5}" text-anchor="middle" fill="${windowForeground}" fill-opacity=".6">${escapeXml(title)}</text>`,
		content,
		'</svg>',
		'',
	].join('\n');
};

/** @returns a whole SVG document; the same for the same screen and caption. */
export const drawPicture = (screen: Screen, caption: Caption): string => {
	const sheet = createStyleSheet();
	const content = drawRows(screen, sheet)
		.map((drawn, index) => (drawn === '' ? '' : placeRow(index, drawn)))
		.filter(row => row !== '')
		.join('\n');
	return drawWindow({columns: screen.columns, rows: screen.rows.length}, caption, {style: sheet.rules(), content});
};
