/**
 * Stands between Ink and the terminal: takes whole frames and sends the cells that changed. While the terminal has not taken
 * a frame, only the newest one waits, so that a slow link is never more than one frame late. Nothing else gets out: it is the
 * last wall as well.
 */
import {EventEmitter} from 'node:events';
import {blankRow, createRowReader, withoutPictures} from './cell-rows.ts';
import {createStyles} from './cell-styles.ts';
import {createDrainWatch} from './drain-watch.ts';
import {shortestDifference, type Frame, type Position} from './frame-difference.ts';
import type {KittyPictures} from './kitty-pictures.ts';
import {readInkWrite, type InkCursor} from './ink-frame.ts';
import type {PixelPictures} from './pixel-pictures.ts';
import {setNonBlocking, type ScreenOutput, type TerminalOutput} from './screen-output.ts';

const fallbackColumns = 80;
const fallbackRows = 24;

/** A difference so short is seen at once, without synchronized output. */
const shortOutput = 120;

/** A picture has some hundred styles of its own: behind so many all are forgotten, and the screen is drawn anew. */
const mostStyles = 20_000;

/** Milliseconds without a frame after which pixels are drawn: while a person scrolls they would only hold the screen up. */
const restTime = 80;

const beginSync = '\u001B[?2026h';
const endSync = '\u001B[?2026l';
const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
const clear = '\u001B[m\u001B[H\u001B[2J';

type Callback = (error?: Error | null) => void;

type Wanted = {readonly lines: readonly string[]; readonly cursor: InkCursor};

/**
 * @param onBlocked told of each character that must not get out, by its code point
 * @param pictures that the terminal keeps, and that are drawn over cells. @default none
 */
export const createScreenWriter = (
	stdout: TerminalOutput,
	onBlocked: (codePoint: string) => void,
	pictures?: {readonly kept: KittyPictures; readonly pixels: PixelPictures},
): ScreenOutput => {
	let styles = createStyles();
	const createReader = () =>
		createRowReader({
			styles,
			onBlocked,
			hasPicture: (...cell) => pictures?.kept.has(...cell) === true || pictures?.pixels.has(...cell) === true,
		});
	let readRow = createReader();
	let bytesWritten = 0;
	let isOpen = true;
	let isPaused = false;
	/** What the terminal shows; `undefined`: nobody knows. */
	let shown: Frame | undefined;
	/** The newest frame of Ink. */
	let last: Wanted | undefined;
	/** The same, until it is drawn. */
	let wanted: Wanted | undefined;
	let position: Position;
	let isCursorShown = false;
	let inFlight = 0;
	/** Until pixels are drawn. */
	let rest: NodeJS.Timeout | undefined;
	const drain = createDrainWatch();
	setNonBlocking(stdout);
	const stream = new EventEmitter();
	const columnsOf = (): number => stdout.columns || fallbackColumns;
	const rowsOf = (): number => stdout.rows || fallbackRows;

	const send = (text: string): void => {
		bytesWritten += Buffer.byteLength(text);
		inFlight += 1;
		const taken = drain.begin();
		stdout.write(text, () => {
			taken();
			inFlight -= 1;
			proceed();
		});
	};

	/** When the terminal has taken everything: the newest frame first, then what pictures wait for. */
	const proceed = (): void => {
		if (inFlight === 0 && wanted !== undefined) draw();
		if (inFlight === 0) sendPicture();
		if (inFlight === 0 && pictures?.pixels.isWaiting() === true) rest ??= setTimeout(drawPixels, restTime);
	};

	/** Draws pictures over the cells that are theirs: the screen shows the newest frame. */
	const drawPixels = (): void => {
		rest = undefined;
		if (pictures === undefined || !isOpen || isPaused || inFlight > 0 || wanted !== undefined) return;
		const drawn = shown === undefined ? '' : pictures.pixels.draw();
		if (drawn === '' || last === undefined) return;
		shown = frameOf(last.lines);
		position = undefined;
		const hide = isCursorShown ? hideCursor : '';
		isCursorShown = false;
		send(beginSync + hide + drawn + placeCursor(last.cursor) + endSync);
	};

	/** The screen is not at rest. */
	const wakeUp = (): void => {
		clearTimeout(rest);
		rest = undefined;
	};

	/** Between two frames, a piece of a picture that is to be seen: cells stand for it as soon as the terminal has all of it. */
	const sendPicture = (): void => {
		if (pictures === undefined || !isOpen || isPaused) return;
		const before = pictures.kept.version();
		const piece = pictures.kept.next(drain.isSlow());
		if (pictures.kept.version() !== before) wanted ??= last;
		if (piece !== '') send(piece);
	};

	/** Takes all pictures away: the terminal goes into other hands. */
	const dropPictures = (): void => {
		const output = isOpen && !isPaused ? (pictures?.kept.leave() ?? '') : '';
		if (output !== '') stdout.write(output);
	};

	/** Puts the cursor where Ink wants it, behind what was drawn. */
	const placeCursor = (cursor: InkCursor): string => {
		if (cursor === undefined) {
			const hide = isCursorShown ? hideCursor : '';
			isCursorShown = false;
			return hide;
		}
		const target = {row: rowsOf() - 1 - cursor.fromBottom, column: Math.min(cursor.column, columnsOf() - 1)};
		const isThere = position?.row === target.row && position.column === target.column;
		const move = isThere ? '' : `\u001B[${target.row + 1};${target.column + 1}H`;
		const show = isCursorShown ? '' : showCursor;
		position = target;
		isCursorShown = true;
		return move + show;
	};

	const frameOf = (lines: readonly string[]): Frame => {
		const [columns, rows] = [columnsOf(), rowsOf()];
		const frame = Array.from({length: rows}, (_, index) => readRow(lines[index] ?? '', columns));
		if (pictures === undefined) return frame;
		pictures.kept.see(new Set(frame.flatMap(row => [...(row.pictures ?? [])])));
		return pictures.pixels.cover(frame, styles).map(row => withoutPictures(row, styles, pictures.kept.isKept));
	};

	const draw = (): void => {
		if (wanted === undefined || !isOpen || isPaused) return;
		const {lines, cursor} = wanted;
		wanted = undefined;
		wakeUp();
		if (styles.count() > mostStyles) {
			styles = createStyles();
			readRow = createReader();
			forget();
		}
		const isWhole = shown === undefined || shown.length !== rowsOf() || shown[0]?.graphemes.length !== columnsOf();
		if (isWhole) pictures?.pixels.forget();
		const next = frameOf(lines);
		const before = isWhole || shown === undefined ? next.map(() => blankRow(columnsOf())) : shown;
		const wasShown = isCursorShown;
		const difference = shortestDifference(before, next, styles, isWhole ? {row: 0, column: 0} : position);
		shown = next;
		if (difference.output !== '') ({position} = difference);
		if (isWhole) position = difference.output === '' ? {row: 0, column: 0} : difference.position;
		const drawn = (isWhole ? clear : '') + difference.output;
		const isShort = difference.runs <= 1 && drawn.length <= shortOutput && !isWhole;
		// Where much is drawn the cursor must not be seen running about.
		const isHidden = !isShort && drawn !== '' && wasShown;
		if (isHidden) isCursorShown = false;
		const output = (isHidden ? hideCursor : '') + drawn + placeCursor(cursor);
		if (output === '') return;
		send(isShort ? output : beginSync + output + endSync);
	};

	const take = (chunk: string): void => {
		const write = readInkWrite(chunk);
		if (write.kind === 'nothing' || (write.kind === 'cursor' && last === undefined)) return;
		last = {lines: write.kind === 'frame' ? write.lines : (last?.lines ?? []), cursor: write.cursor};
		wanted = last;
		// The terminal has not taken the one before: when it has, the newest is drawn.
		proceed();
	};

	const write = (chunk: unknown, encoding?: unknown, callback?: Callback): boolean => {
		const done = typeof encoding === 'function' ? (encoding as Callback) : callback;
		if (isOpen && !isPaused && chunk !== '') take(String(chunk));
		// With an empty chunk Ink asks when all is out.
		if (chunk === '' && isOpen && inFlight > 0) stdout.write('', done);
		else done?.();
		return true;
	};

	const forget = (): void => {
		shown = undefined;
		position = undefined;
		isCursorShown = false;
	};
	const forwardResize = (): void => {
		forget();
		wanted = undefined;
		stream.emit('resize');
	};
	const forwardDrain = (): void => void stream.emit('drain');
	stdout.on('resize', forwardResize);
	stdout.on('drain', forwardDrain);
	// Ink asks another process for the size when it is 0, so it is never 0 here.
	Object.defineProperties(stream, {
		isTTY: {value: true},
		columns: {get: columnsOf},
		rows: {get: rowsOf},
		writable: {get: () => isOpen},
		writableLength: {get: () => stdout.writableLength},
		write: {value: write},
	});
	return {
		stream: stream as NodeJS.WriteStream,
		bytesWritten: () => bytesWritten,
		backlog: () => stdout.writableLength,
		isSlow: drain.isSlow,
		tell(sequence) {
			if (isOpen && !isPaused) send(sequence);
		},
		pictures:
			pictures === undefined
				? undefined
				: {
						add: pictures.kept.add,
						addPixels: pictures.pixels.add,
						remove(id) {
							pictures.kept.remove(id);
							pictures.pixels.remove(id);
							proceed();
						},
						renew: pictures.kept.forget,
					},
		repaint() {
			forget();
			wanted = last;
			proceed();
		},
		setPaused(isNowPaused) {
			if (isNowPaused) dropPictures();
			isPaused = isNowPaused;
			forget();
			wanted = undefined;
		},
		close() {
			dropPictures();
			wakeUp();
			isOpen = false;
			wanted = undefined;
			stdout.off('resize', forwardResize);
			stdout.off('drain', forwardDrain);
		},
	};
};
