/** The parser of terminal input: one token at a time from a binary string (one character a byte); no state. */
import {lazily} from '../domain/lazily.ts';
import {csiEvent, mouseEvent, ss3Event} from './control-sequences.ts';
import {controlByteEvent, keyEvent, noModifiers} from './key-names.ts';
import type {InputEvent} from './input-event.ts';

const escape = '\u001B';
const segmenter = lazily(() => new Intl.Segmenter(undefined, {granularity: 'grapheme'}));

/** Ends a bracketed paste. */
export const pasteEnd = `${escape}[201~`;

/** One step of the parser: bytes used and what they mean; `undefined`: more bytes are needed. */
export type Step = {readonly length: number; readonly events: readonly InputEvent[]; readonly isPasteStart?: boolean};

/** @returns the text of UTF-8 bytes; what is none becomes U+FFFD. */
export const decodeText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

const graphemesOf = (text: string): readonly InputEvent[] => {
	const clean = text.replaceAll(/[\u0080-\u009F]/g, '');
	const graphemes = /^[ -~]*$/.test(clean)
		? Array.from(clean)
		: Array.from(segmenter().segment(clean), part => part.segment);
	return graphemes.map(grapheme => ({kind: 'text', text: grapheme}));
};

const sequenceLengthOf = (lead: number): number => {
	if (lead >= 0xc2 && lead <= 0xdf) return 2;
	if (lead >= 0xe0 && lead <= 0xef) return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
};

/** @returns how many bytes at the end of a run are the beginning of a character that is still under way. */
const incompleteTail = (run: string): number => {
	for (let back = 1; back <= Math.min(3, run.length); back++) {
		const byte = run.charCodeAt(run.length - back);
		if (byte < 0x80) return 0;
		if (byte >= 0xc0) return sequenceLengthOf(byte) > back ? back : 0;
	}
	return 0;
};

const stepOverText = (input: string, at: number): Step | undefined => {
	const pattern = /[^\u0000-\u001F\u007F]+/y;
	pattern.lastIndex = at;
	const run = pattern.exec(input)?.[0] ?? '';
	const isAtEnd = at + run.length === input.length;
	const length = run.length - (isAtEnd ? incompleteTail(run) : 0);
	return length === 0 ? undefined : {length, events: graphemesOf(decodeText(run.slice(0, length)))};
};

const altKey = (bytes: string): InputEvent => keyEvent(bytes === ' ' ? 'space' : bytes, {...noModifiers, alt: true});

/**
 * @param input What is pending, from its ESC on.
 * @returns what an unfinished sequence was, given that nothing followed: Escape, Alt with a key, or half a report.
 */
export const eventsOfUnfinished = (input: string): readonly InputEvent[] => {
	if (input === escape) return [keyEvent('escape')];
	if (input === escape + escape) return [keyEvent('escape'), keyEvent('escape')];
	if (/^\u001B[ -~]$/.test(input)) return [altKey(input.charAt(1))];
	if (/^\u001B{2}[ -~]$/.test(input)) return [keyEvent('escape'), altKey(input.charAt(2))];
	return [{kind: 'reply', text: input}];
};

/** @param body Where the parameters begin. @returns where the sequence ends or breaks off, `undefined` while it has not come. */
const endOfCsi = (input: string, body: number): {readonly end: number; readonly isBroken: boolean} | undefined => {
	for (let index = body; index < input.length; index++) {
		const code = input.charCodeAt(index);
		// The Linux console says F1 as `CSI [ A`; rxvt ends a key with shift in `$`, else an intermediate byte.
		if (code === 0x5b && index === body) continue;
		if (code === 0x24 && /^[2-8]$/.test(input.slice(body, index))) return {end: index + 1, isBroken: false};
		if (code >= 0x40 && code <= 0x7e) return {end: index + 1, isBroken: false};
		if (code < 0x20 || code > 0x3f) return {end: index, isBroken: true};
	}
	return undefined;
};

/** Reads `CSI M` and three bytes, each 32 + button, column, row from 1 (X10 and normal tracking of xterm). */
const stepOverX10Mouse = (input: string, start: number, end: number): Step | undefined => {
	const bytes = [0, 1, 2].map(index => input.charCodeAt(end + index));
	if (bytes.some(byte => byte < 32))
		return {length: end - start, events: [{kind: 'reply', text: input.slice(start, end)}]};
	const [code, column, row] = bytes.map(byte => byte - 32);
	if (code === undefined || column === undefined || row === undefined || Number.isNaN(row)) return undefined;
	return {length: end + 3 - start, events: [mouseEvent({code, column, row, isRelease: false})]};
};

/** Where a sequence begins (`start`, its last ESC) and whether an ESC for Alt stood before it. */
type Origin = {readonly start: number; readonly hasAlt: boolean};

const stepOverCsi = (input: string, {start, hasAlt}: Origin): Step | undefined => {
	const found = endOfCsi(input, start + 2);
	if (found === undefined) return undefined;
	const {end, isBroken} = found;
	const sequence = input.slice(start, end);
	if (isBroken) return {length: end - start, events: eventsOfUnfinished(sequence)};
	if (sequence === `${escape}[M`) return stepOverX10Mouse(input, start, end);
	if (sequence === `${escape}[200~`) return {length: end - start, events: [], isPasteStart: true};
	// An end marker without a beginning is the second half of a paste that held the marker.
	if (sequence === pasteEnd) return {length: end - start, events: []};
	return {length: end - start, events: [csiEvent(sequence, hasAlt)]};
};

const stepOverSs3 = (input: string, {start, hasAlt}: Origin): Step | undefined => {
	const pattern = /[\d;]*(?:([@-~])|([^])|$)/y;
	pattern.lastIndex = start + 2;
	const [body = '', final, other] = pattern.exec(input) ?? [];
	if (final !== undefined) {
		const length = 2 + body.length;
		return {length, events: [ss3Event(input.slice(start, start + length), hasAlt)]};
	}
	// No letter follows: it was Alt with a capital O.
	return other === undefined ? undefined : {length: 2, events: [altKey('O')]};
};

/** Reads OSC, DCS and APC up to BEL or ST. Any other control breaks them off, so that no lost end can eat the keyboard. */
const stepOverString = (input: string, start: number): Step | undefined => {
	const pattern = /[^\u0000-\u001F]*/y;
	pattern.lastIndex = start + 2;
	const end = start + 2 + (pattern.exec(input)?.[0].length ?? 0);
	const terminator = input.charAt(end);
	if (terminator === '' || (terminator === escape && end + 1 === input.length)) return undefined;
	const isSt = input.startsWith(`${escape}\\`, end);
	if (end === start + 2 && terminator !== '\u0007' && !isSt)
		return {length: 2, events: [altKey(input.charAt(start + 1))]};
	const length = end - start + (isSt ? 2 : Number(terminator === '\u0007'));
	return {length, events: [{kind: 'reply', text: decodeText(input.slice(start, start + length))}]};
};

const stepOverEscape = (input: string, start: number): Step | undefined => {
	const introducer = input.charAt(start + 1);
	switch (introducer) {
		case '':
			return undefined;
		case '[':
			return stepOverCsi(input, {start, hasAlt: false});
		case 'O':
			return stepOverSs3(input, {start, hasAlt: false});
		case ']':
		case 'P':
		case '_':
			return stepOverString(input, start);
		case escape:
			return stepOverTwoEscapes(input, start);
		default:
			break;
	}
	const code = introducer.charCodeAt(0);
	if (code < 0x20 || code === 0x7f) return {length: 2, events: [controlByteEvent(code, true)]};
	const length = sequenceLengthOf(code);
	const bytes = input.slice(start + 1, start + 1 + length);
	if (bytes.length < length && incompleteTail(bytes) === bytes.length) return undefined;
	const [character = ''] = decodeText(bytes);
	const isValid = character !== '\uFFFD';
	return {length: 1 + (isValid ? length : 1), events: [altKey(character)]};
};

/** rxvt and others put an ESC before an arrow for Alt; before anything else the first ESC is a key of its own. */
const stepOverTwoEscapes = (input: string, start: number): Step | undefined => {
	const introducer = input.charAt(start + 2);
	if (introducer === '') return undefined;
	const origin = {start: start + 1, hasAlt: true};
	const isKey = introducer === '[' || introducer === 'O';
	if (!isKey) return {length: 1, events: [keyEvent('escape')]};
	const step = introducer === '[' ? stepOverCsi(input, origin) : stepOverSs3(input, origin);
	const isArrow = step?.events[0]?.kind === 'key' && step.length > 2;
	if (step === undefined || isArrow) return step && {...step, length: step.length + 1};
	return {length: 1, events: [keyEvent('escape')]};
};

/**
 * @param input Bytes. @param at Index below its length.
 * @returns one token, `undefined` while its end has not come.
 */
export const stepOver = (input: string, at: number): Step | undefined => {
	const code = input.charCodeAt(at);
	if (code === 0x1b) return stepOverEscape(input, at);
	if (code < 0x20 || code === 0x7f) return {length: 1, events: [controlByteEvent(code, false)]};
	return stepOverText(input, at);
};
