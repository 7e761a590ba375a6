/**
 * Writes a recording as asciicast v2 (docs.asciinema.org/manual/asciicast/v2): one event a frame, with the rows that
 * changed, so that a recording depends on what was seen and not on how the program's bytes came in.
 */
import type {Frame} from './terminal-animation.ts';
import type {CellStyle, Colour, Row, Screen} from './terminal-screen.ts';

const escape = '\u001B';

const colourParameters = (colour: Colour, kind: 3 | 4): readonly (number | string)[] => {
	if (colour === undefined) return [];
	if (typeof colour === 'string') {
		return [`${kind}8`, 2, ...[1, 3, 5].map(start => Number.parseInt(colour.slice(start, start + 2), 16))];
	}
	if (colour < 8) return [kind * 10 + colour];
	return colour < 16 ? [(kind + 6) * 10 + colour - 8] : [`${kind}8`, 5, colour];
};

/** Select Graphic Rendition (ECMA-48 §8.3.117), from its beginning. */
const renditionOf = (style: CellStyle): string => {
	const parameters = [
		0,
		...(style.isBold ? [1] : []),
		...(style.isDim ? [2] : []),
		...(style.isItalic ? [3] : []),
		...(style.isUnderlined ? [4] : []),
		...(style.isInverse ? [7] : []),
		...(style.isHidden ? [8] : []),
		...(style.isStruck ? [9] : []),
		...colourParameters(style.foreground, 3),
		...colourParameters(style.background, 4),
	];
	return `${escape}[${parameters.join(';')}m`;
};

const plain = `${escape}[0m`;

const isPlainBlank = ({text, style}: Row[number]): boolean => text === ' ' && renditionOf(style) === plain;

const writeRow = (row: Row): string => {
	const end = row.findLastIndex(cell => !isPlainBlank(cell)) + 1;
	let written = '';
	let current = plain;
	for (const {text, style} of row.slice(0, end)) {
		const rendition = renditionOf(style);
		written += (rendition === current ? '' : rendition) + text;
		current = rendition;
	}
	return `${written}${current === plain ? '' : plain}${end < row.length ? `${escape}[K` : ''}`;
};

const moveTo = (row: number, column: number): string => `${escape}[${row + 1};${column + 1}H`;

/** What turns the terminal from one screen to the next; autowrap is off, so that the last column may be written. */
const writeChange = (before: Screen | undefined, {rows, cursor}: Screen): string => {
	const beforeRows = before?.rows.map(row => writeRow(row));
	const changed = rows
		.map((row, index) => ({index, written: writeRow(row)}))
		.filter(({index, written}) => written !== (beforeRows?.[index] ?? `${escape}[K`))
		.map(({index, written}) => moveTo(index, 0) + written);
	const shown = cursor === undefined ? '' : `${moveTo(cursor.row, cursor.column)}${escape}[?25h`;
	return `${before === undefined ? `${escape}[?7l${escape}[2J` : ''}${escape}[?25l${changed.join('')}${shown}`;
};

/** @returns a whole file: a header, then one line an event. The last event only says when the last frame ends. */
export const writeCast = (frames: readonly Frame[], title: string): string => {
	const [first] = frames;
	const header = {
		version: 2,
		width: first?.screen.columns,
		height: first?.screen.rows.length,
		title,
		env: {TERM: 'xterm-256color'},
	};
	let time = 0;
	const events = frames.map(({screen, seconds}, index) => {
		const event = [time, 'o', writeChange(frames[index - 1]?.screen, screen)];
		time = Math.round((time + seconds) * 1000) / 1000;
		return event;
	});
	return [header, ...events, [time, 'o', '']].map(line => `${JSON.stringify(line)}\n`).join('');
};
