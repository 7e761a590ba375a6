/** All modes of the terminal that mx turns on, and their restoring, in one place. Ink's own `alternateScreen` stays off. */

/** The part of `process.stdout` that is needed. */
export type ModesOutput = {
	/** Bytes that wait in the process. */
	readonly writableLength: number;
	readonly write: (text: string, callback?: (error?: Error | null) => void) => unknown;
};

/** What the modes are made of. */
export type TerminalModesOptions = {
	readonly stdout: ModesOutput;
	/** `bytes => fs.writeSync(1, bytes)`: @returns how many bytes were taken; throws EAGAIN while the terminal takes none. */
	readonly writeSync: (bytes: Uint8Array) => number;
	/** Ask once for the kitty keyboard protocol; `acceptReply` turns it on when the terminal has it. */
	readonly hasKittyKeyboard: boolean;
	/** @returns what the terminal is asked whenever it is entered; the answers are `reply` events of the input. */
	readonly query?: (() => string) | undefined;
	/** Wheel and click; it takes the terminal's own selection away. */
	readonly hasMouse: boolean;
	/** mx names the window: then the name it had comes back, or none where the terminal keeps none. @default false */
	readonly hasTitle?: boolean;
};

/** The modes of one terminal. */
export type TerminalModes = {
	/** Alternate screen, no autowrap, bracketed paste, focus reports, saved title. */
	readonly enter: () => void;
	/** Turns everything on again where somebody else may have turned it off, as a shell does while mx is stopped. */
	readonly renew: () => void;
	/**
	 * Puts everything back behind what is still being written; `enter` may follow.
	 * @param whenOut Called when the terminal has taken it all, perhaps before `leave` returns; never if it is gone.
	 */
	readonly leave: (whenOut?: () => void) => void;
	/** For `process.on('exit')`: puts everything back at once, unless `leave` did it and its bytes are out. */
	readonly leaveAtExit: () => void;
	/**
	 * Writes a last line to the screen of the shell, behind what `leave` wrote. `process.stderr` is a blocking stream: a
	 * terminal that reads nothing would hold the process there for ever.
	 */
	readonly print: (text: string) => void;
	/** Turns the mouse on or off; it is kept over `leave` and `enter`. */
	readonly setMouse: (isOn: boolean) => void;
	/** @param reply A `reply` event of the input. */
	readonly acceptReply: (reply: string) => void;
};

const mouseOn = '\u001B[?1000h\u001B[?1006h';
const mouseOff = '\u001B[?1006l\u001B[?1000l';
/** Asks whether the terminal has the kitty keyboard protocol. */
export const kittyQuery = '\u001B[?u';
/** Disambiguate escape codes (1) and report alternate keys (4): Esc alone needs no waiting, Alt-< and Cyrillic work. */
export const kittyPush = '\u001B[>5u';
export const kittyPop = '\u001B[<u';

/** A family of emoji is one grapheme, two cells wide, as mx counts it. */
const clustersOn = '\u001B[?2027h';
const clustersOff = '\u001B[?2027l';
/** The terminal has the mode, and it is off (DECRPM). */
const clustersAnswer = '\u001B[?2027;2$y';

const saveTitle = '\u001B[22;0t';
const emptyTitle = '\u001B]0;\u001B\\';

/** Alternate screen, autowrap off, bracketed paste, focus reports, cursor hidden until Ink shows it. */
const enterModes = '\u001B[?1049h\u001B[?7l\u001B[?2004h\u001B[?1004h\u001B[?25l';

/**
 * CAN first: it breaks off a sequence that was being written. Then synchronized output, hyperlink, style, scroll region,
 * focus, paste, autowrap, cursor, screen, title.
 */
const leaveModes =
	'\u0018\u001B[?2026l\u001B]8;;\u001B\\\u001B[m\u001B[r\u001B[?1004l\u001B[?2004l\u001B[?7h\u001B[?25h\u001B[?1049l\u001B[23;0t';

/** Milliseconds that the end of the process may wait for a terminal that takes nothing, and between two tries. */
const patience = 400;
const pause = 5;

const isBusy = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/** Writes all of the text or gives up; a terminal that is gone or stopped needs no restoring. */
const writeAll = (text: string, writeSync: (bytes: Uint8Array) => number): void => {
	let rest: Uint8Array = Buffer.from(text);
	let waited = 0;
	while (rest.length > 0 && waited < patience) {
		try {
			rest = rest.subarray(writeSync(rest));
		} catch (error) {
			if (!isBusy(error)) return;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
			waited += pause;
		}
	}
};

/** @returns the modes; nothing is written before `enter`. */
export const createTerminalModes = (options: TerminalModesOptions): TerminalModes => {
	const {stdout, writeSync, hasKittyKeyboard} = options;
	let state: 'outside' | 'inside' | 'leaving' = 'outside';
	let hasMouse = options.hasMouse;
	let isKittyPushed = false;
	let hasClusters = false;
	const restoring = (): string => {
		const own = `${isKittyPushed ? kittyPop : ''}${hasClusters ? clustersOff : ''}${mouseOff}`;
		// CAN stays the first.
		return `${leaveModes.slice(0, 1)}${own}${options.hasTitle === true ? emptyTitle : ''}${leaveModes.slice(1)}`;
	};
	const turnOn = (before: string): void => {
		state = 'inside';
		isKittyPushed = false;
		hasClusters = false;
		const questions = `${hasKittyKeyboard ? kittyQuery : ''}${options.query?.() ?? ''}`;
		stdout.write(`${before}${enterModes}${hasMouse ? mouseOn : ''}${questions}`);
	};
	return {
		enter: () => {
			if (state !== 'inside') turnOn(saveTitle);
		},
		renew: () => {
			if (state === 'inside') turnOn(isKittyPushed ? kittyPop : '');
			else turnOn(saveTitle);
		},
		leave: whenOut => {
			if (state !== 'inside') return;
			state = 'leaving';
			if (stdout.writableLength > 0) {
				stdout.write(restoring(), error => {
					if (!error) whenOut?.();
				});
				return;
			}
			writeAll(restoring(), writeSync);
			state = 'outside';
			whenOut?.();
		},
		leaveAtExit: () => {
			const isDone = state === 'outside' || (state === 'leaving' && stdout.writableLength === 0);
			state = 'outside';
			if (!isDone) writeAll(restoring(), writeSync);
		},
		print: text => {
			if (state === 'outside') writeAll(text, writeSync);
			else stdout.write(text);
		},
		setMouse: isOn => {
			hasMouse = isOn;
			if (state === 'inside') stdout.write(isOn ? mouseOn : mouseOff);
		},
		acceptReply: reply => {
			if (state !== 'inside') return;
			if (!isKittyPushed && hasKittyKeyboard && /^\u001B\[\?\d+u$/.test(reply)) {
				isKittyPushed = true;
				stdout.write(kittyPush);
			}
			if (!hasClusters && reply === clustersAnswer) {
				hasClusters = true;
				stdout.write(clustersOn);
			}
		},
	};
};
