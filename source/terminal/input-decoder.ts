/**
 * Bytes of a terminal to input events: incremental, total, and the same however the bytes are split over reads.
 * It works on bytes kept as a binary string (one character a byte), so that searching is cheap and X10 mouse reports
 * stay exact; text is decoded from UTF-8 at the end.
 */
import {decodeText, eventsOfUnfinished, pasteEnd, stepOver} from './input-tokens.ts';
import type {InputEvent} from './input-event.ts';

/** What the decoder waits for; the reader calls `flush` when it does not come in time. */
export type PendingInput =
	/** The rest of an escape sequence, or nothing if the person pressed Escape or Alt with a key. */
	| 'escape'
	/** The rest of a sequence that no hand types: a report, an answer. */
	| 'sequence'
	/** The end of a bracketed paste. */
	| 'paste'
	/** Silence, which ends the quarantine behind a paste. */
	| 'silence';

/** The decoder of one terminal. */
export type InputDecoder = {
	/** @returns the events that the bytes complete. */
	readonly write: (chunk: Uint8Array | string) => readonly InputEvent[];
	/** @returns the events that what is pending turns out to be, given that nothing followed in time. */
	readonly flush: () => readonly InputEvent[];
	/** @returns what is pending; `undefined`: no timer is needed. */
	readonly pending: () => PendingInput | undefined;
};

/** A paste under way: `tail` may be the beginning of the end marker; stalled: what came so far was given out already. */
type Paste = {readonly parts: string[]; tail: string; isStalled: boolean};

const interrupt = '\u0003';

const binaryOf = (chunk: Uint8Array | string): string =>
	typeof chunk === 'string'
		? Buffer.from(chunk, 'utf8').toString('latin1')
		: Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');

const isPressed = (event: InputEvent): boolean => event.kind === 'key' || event.kind === 'text';

/** What is read but not yet said, and the events of the current call. */
type State = {pending: string; paste: Paste | undefined; quarantine: string | undefined; events: InputEvent[]};

const release = (state: State): void => {
	// C1 controls are no keys, so whether one came with a key does not matter.
	const text = decodeText(state.quarantine ?? '').replaceAll(/[\u0080-\u009F]/g, '');
	if (text !== '') state.events.push({kind: 'quarantine', text});
	state.quarantine = undefined;
};

const accept = (state: State, bytes: string, events: readonly InputEvent[]): void => {
	const isQuarantined = state.quarantine !== undefined;
	if (isQuarantined && events.some(isPressed)) state.quarantine += bytes;
	// One by one: a megabyte of text is more than a call may have arguments.
	for (const event of events) if (!isQuarantined || !isPressed(event)) state.events.push(event);
};

const givePaste = (state: State, paste: Paste): void => {
	const text = decodeText(paste.parts.splice(0).join(''));
	if (text !== '') state.events.push({kind: 'paste', text});
};

const abandonPaste = (state: State, paste: Paste): void => {
	paste.parts.push(paste.tail);
	givePaste(state, paste);
	state.paste = undefined;
};

/** @returns the index behind what belongs to the paste. */
const continuePaste = (state: State, paste: Paste, at: number): number => {
	const held = paste.tail.length;
	const bytes = paste.tail + state.pending.slice(at);
	const end = bytes.indexOf(pasteEnd);
	const kept = end === -1 ? Math.max(0, bytes.length - pasteEnd.length + 1) : end;
	paste.parts.push(bytes.slice(0, kept));
	paste.tail = bytes.slice(kept);
	if (end === -1) return state.pending.length;
	givePaste(state, paste);
	state.paste = undefined;
	state.quarantine = '';
	return at + end + pasteEnd.length - held;
};

const parsePending = (state: State): void => {
	let at = 0;
	while (at < state.pending.length) {
		if (state.paste !== undefined) {
			at = continuePaste(state, state.paste, at);
			continue;
		}
		const step = stepOver(state.pending, at);
		if (step === undefined) break;
		accept(state, state.pending.slice(at, at + step.length), step.events);
		at += step.length;
		if (step.isPasteStart !== true) continue;
		// A second paste right behind the first is text again, so it needs no quarantine.
		release(state);
		state.paste = {parts: [], tail: '', isStalled: false};
	}
	state.pending = state.pending.slice(at);
};

const flushPending = (state: State): void => {
	if (state.paste !== undefined) {
		state.paste.parts.push(state.paste.tail);
		state.paste.tail = '';
		state.paste.isStalled = true;
		givePaste(state, state.paste);
		return;
	}
	if (state.pending.startsWith('\u001B')) {
		const unfinished = state.pending;
		state.pending = '';
		accept(state, unfinished, eventsOfUnfinished(unfinished));
	}
	release(state);
};

const pendingOf = ({pending, paste, quarantine}: State): PendingInput | undefined => {
	if (paste !== undefined)
		return paste.isStalled && paste.parts.length === 0 && paste.tail === '' ? undefined : 'paste';
	if (/^\u001B{1,2}[[O\]P_]?$/.test(pending)) return 'escape';
	if (pending.startsWith('\u001B')) return 'sequence';
	return quarantine === undefined ? undefined : 'silence';
};

/**
 * What follows a paste in the same burst (until `flush`, so however it is split) is quarantined. A paste whose end does
 * not come is given out by `flush` in parts; the first Ctrl-C after that ends it, so that a lost end marker cannot take
 * the keyboard away.
 */
export const createInputDecoder = (): InputDecoder => {
	const state: State = {pending: '', paste: undefined, quarantine: undefined, events: []};
	const takeEvents = (): readonly InputEvent[] => {
		const {events} = state;
		state.events = [];
		return events;
	};
	return {
		write: chunk => {
			const bytes = binaryOf(chunk);
			if (state.paste?.isStalled === true && bytes.startsWith(interrupt)) abandonPaste(state, state.paste);
			state.pending += bytes;
			parsePending(state);
			return takeEvents();
		},
		flush: () => {
			flushPending(state);
			return takeEvents();
		},
		pending: () => pendingOf(state),
	};
};
