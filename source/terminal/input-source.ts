/**
 * The one reader of the terminal: raw mode, the decoder and its timers. Ink reads nothing: it gets a stream that never
 * says anything, and `useInput`, `usePaste` and `useFocus` are not used.
 */
import {Readable} from 'node:stream';
import {createInputDecoder} from './input-decoder.ts';
import type {InputEvent} from './input-event.ts';
import type {PendingInput} from './input-decoder.ts';

/** The part of `process.stdin` that is needed. */
export type TerminalInput = NodeJS.EventEmitter & {
	readonly setRawMode?: (isRaw: boolean) => unknown;
	readonly resume: () => unknown;
	readonly pause: () => unknown;
};

/** What the source is made of. */
export type InputSourceOptions = {
	readonly stdin: TerminalInput;
	/** Milliseconds that a lone ESC waits for the rest of a sequence: `escapeDelay(process.env)`. */
	readonly escapeDelay: number;
	/** Whether answers of the terminal are under way: a slow link tears them apart, and no piece may be taken for keys. @default never */
	readonly isAnswerDue?: () => boolean;
	/** The terminal is gone (end, or an error such as EIO). */
	readonly onEnd: () => void;
};

/** The input of one terminal. */
export type InputSource = {
	/** Turns raw mode on and begins to read; nothing happens when it is on. */
	readonly start: () => void;
	/** Stops reading and turns raw mode off: at the end, for `$EDITOR`, before a suspend. `start` goes on. */
	readonly stop: () => void;
	/** @param listener Called with each event in order. @returns the end of the subscription. */
	readonly subscribe: (listener: (event: InputEvent) => void) => () => void;
};

/**
 * @returns milliseconds to wait behind an ESC: a local terminal sends a key in one piece, a network may tear it apart
 * (Vim's `ttimeoutlen` is the same compromise).
 */
export const escapeDelay = (environment: Readonly<Record<string, string | undefined>>): number =>
	environment['SSH_CONNECTION'] === undefined ? 25 : 50;

/** Milliseconds without input that end the quarantine behind a paste: shorter than a key repeat, so that a held key ends it. */
export const silenceBehindPaste = 25;

/** Milliseconds after which what is missing will not come; a lone ESC has its own. */
const delays: Readonly<Record<Exclude<PendingInput, 'escape'>, number>> = {
	sequence: 1000,
	paste: 3000,
	silence: silenceBehindPaste,
};

/** While answers are due, what is missing may be this many times as late. */
const answerFactor = 5;

/** @returns a source that is not started yet. */
export const createInputSource = (options: InputSourceOptions): InputSource => {
	const {stdin, escapeDelay, onEnd, isAnswerDue = () => false} = options;
	const decoder = createInputDecoder();
	const listeners = new Set<(event: InputEvent) => void>();
	let timer: NodeJS.Timeout | undefined;
	let isStarted = false;
	const emit = (events: readonly InputEvent[]): void => {
		for (const event of events) for (const listener of listeners) listener(event);
	};
	const flush = (): void => {
		const events = decoder.flush();
		arm();
		emit(events);
	};
	const arm = (): void => {
		clearTimeout(timer);
		const pending = decoder.pending();
		if (pending === undefined) {
			timer = undefined;
			return;
		}
		const mayBeAnswer = (pending === 'escape' || pending === 'sequence') && isAnswerDue();
		const delay = pending === 'escape' ? escapeDelay : delays[pending];
		timer = setTimeout(flush, mayBeAnswer ? delay * answerFactor : delay);
	};
	const read = (chunk: Uint8Array | string): void => {
		const events = decoder.write(chunk);
		// Before the listeners: one of them may stop the source or throw.
		arm();
		emit(events);
	};
	const stop = (): void => {
		if (!isStarted) return;
		isStarted = false;
		clearTimeout(timer);
		stdin.off('data', read);
		stdin.off('end', onEnd);
		stdin.pause();
		stdin.setRawMode?.(false);
	};
	// It stays after `stop`: an `error` event that nobody hears would end the process before the screen is restored.
	stdin.on('error', onEnd);
	return {
		start: () => {
			if (isStarted) return;
			isStarted = true;
			stdin.setRawMode?.(true);
			stdin.on('data', read);
			stdin.on('end', onEnd);
			stdin.resume();
		},
		stop,
		subscribe: listener => {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
	};
};

/** @returns the `stdin` for Ink's `render`: a terminal by its looks, and silent for ever. */
export const createInkStdin = (): NodeJS.ReadStream => {
	const silent = new Readable({read: () => undefined});
	const shims = {
		isTTY: true,
		setRawMode: () => silent,
		setEncoding: () => silent,
		ref: () => silent,
		unref: () => silent,
	};
	return Object.assign(silent, shims) as unknown as NodeJS.ReadStream;
};
