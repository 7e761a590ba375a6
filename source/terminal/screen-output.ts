/** The stream that Ink writes to where it draws by itself (MX_RENDERER=ink): every chunk goes through a filter to the real terminal. */
import {EventEmitter} from 'node:events';
import {createDrainWatch} from './drain-watch.ts';
import type {KittyPictures} from './kitty-pictures.ts';
import type {PixelPictures} from './pixel-pictures.ts';
import type {OscSequence} from './osc.ts';

/** The part of `process.stdout` that is needed. */
export type TerminalOutput = NodeJS.EventEmitter & {
	readonly columns?: number | undefined;
	readonly rows?: number | undefined;
	/** Bytes that wait in the process. */
	readonly writableLength: number;
	readonly write: (chunk: string, callback?: (error?: Error | null) => void) => boolean;
};

/** Ink's `stdout`. */
export type ScreenOutput = {
	/** For `render(…, {stdout})`. */
	readonly stream: NodeJS.WriteStream;
	/** Bytes sent so far. */
	readonly bytesWritten: () => number;
	/** Bytes that the terminal has not taken yet: while there are some, a new frame only makes the screen later. */
	readonly backlog: () => number;
	/** Whether the terminal takes what is written so slowly that less should be drawn. */
	readonly isSlow: () => boolean;
	/** Tells the terminal something that draws nothing, between two frames. */
	readonly tell: (sequence: OscSequence) => void;
	/** Pictures for terminals that can show them; `undefined` where Ink draws by itself. */
	readonly pictures?:
		| (Pick<KittyPictures, 'add' | 'remove'> & {
				/** As `add`, for what is drawn over cells. */
				readonly addPixels: PixelPictures['add'];
				/** The terminal may be another one: what is seen is sent again. */
				readonly renew: () => void;
		  })
		| undefined;
	/** Draws everything again, whatever the terminal shows. */
	readonly repaint: () => void;
	/** While it is paused, what Ink draws is lost: everything must be drawn anew afterwards. */
	readonly setPaused: (isPaused: boolean) => void;
	/** From now on nothing is written and Ink sees a stream that has ended: for `leave`, so that no frame hits the shell. */
	readonly close: () => void;
};

const fallbackColumns = 80;
const fallbackRows = 24;

/**
 * A terminal that is a blocking stream stops the whole process when it does not read (Ctrl-S, a stalled link), so
 * that neither timers nor signals run. Node has no public call for it (nodejs/node#9145).
 * @param stream The output, and `process.stderr` as well: Ink's `restore-cursor` writes there while the process exits.
 */
export const setNonBlocking = (stream: object): void => {
	const {_handle: handle} = stream as {_handle?: {setBlocking?: (isBlocking: boolean) => unknown}};
	handle?.setBlocking?.(false);
};

type Callback = (error?: Error | null) => void;

/**
 * @param stdout The terminal. @param filter The output firewall: a chunk in, a safe chunk out; it may keep state.
 */
export const createScreenOutput = (stdout: TerminalOutput, filter: (chunk: string) => string): ScreenOutput => {
	let bytesWritten = 0;
	let isOpen = true;
	let isPaused = false;
	const drain = createDrainWatch();
	setNonBlocking(stdout);
	const stream = new EventEmitter();
	const write = (chunk: unknown, encoding?: unknown, callback?: Callback): boolean => {
		const done = typeof encoding === 'function' ? (encoding as Callback) : callback;
		const isShown = isOpen && !isPaused;
		const text = isShown ? filter(String(chunk)) : '';
		bytesWritten += Buffer.byteLength(text);
		if (isShown) {
			const taken = drain.begin();
			return stdout.write(text, error => {
				taken();
				done?.(error);
			});
		}
		done?.();
		return true;
	};
	const forwardResize = () => stream.emit('resize');
	const forwardDrain = () => stream.emit('drain');
	stdout.on('resize', forwardResize);
	stdout.on('drain', forwardDrain);
	// Ink asks another process for the size when it is 0, so it is never 0 here.
	Object.defineProperties(stream, {
		isTTY: {value: true},
		columns: {get: () => stdout.columns || fallbackColumns},
		rows: {get: () => stdout.rows || fallbackRows},
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
			if (!isOpen || isPaused) return;
			bytesWritten += Buffer.byteLength(sequence);
			stdout.write(sequence);
		},
		repaint() {
			write('\u001B[H\u001B[2J');
			stream.emit('resize');
		},
		setPaused: isNowPaused => {
			isPaused = isNowPaused;
		},
		close: () => {
			isOpen = false;
			stdout.off('resize', forwardResize);
			stdout.off('drain', forwardDrain);
		},
	};
};
