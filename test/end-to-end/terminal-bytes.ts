/** Reads what a program wrote to a terminal, and finds what mx has no business to write; knows nothing of mx's own firewall. */
import {findUnsafe} from '../corpus/safety.ts';

const ESC = '\u001B';
const stringEnd = `${ESC}\\`;

/** Modes that mx turns on and off: autowrap, cursor, mouse, focus, alternate screen, paste, synchronized output, graphemes. */
const ownModes = new Set(['7', '25', '1000', '1004', '1006', '1049', '2004', '2026', '2027']);

/**
 * Title saved and given back, the end of the scroll region (within one rows move up and down), and what the terminal is asked:
 * its name, its modes, the size of a cell, its attributes.
 */
const wholeSequences = new Set(['22;0t', '23;0t', 'r', '>q', '?2026$p', '?2027$p', '16t', 'c']);

/** Whether the terminal has the graphics of kitty. */
const graphicsQuery = `${ESC}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA${stringEnd}`;

const isOwnCsi = (parameters: string, final: string): boolean => {
	if (wholeSequences.has(parameters + final)) return true;
	if (parameters.startsWith('?')) {
		const mode = parameters.slice(1);
		if (final === 'u') return mode === '';
		return (final === 'h' || final === 'l') && ownModes.has(mode);
	}
	if (final === 'u') return /^(?:>\d{1,2}|<\d?)$/.test(parameters);
	if (!/^[\d;]*$/.test(parameters)) return false;
	if (final === 'm') return parameters.length <= 64;
	if (final === 'J') return parameters !== '3';
	if (final === 'r') return /^\d{1,3};\d{1,3}$/.test(parameters);
	return 'ABCDEFGHdKST'.includes(final) && parameters.length <= 9;
};

/** The part of an operating system command between `ESC ]` and its end. */
const isOwnOsc = (text: string): boolean => {
	// What colour the background has: it is asked once.
	if (text === '11;?') return true;
	// The name of the window: mx's own, whatever the rest of it says.
	if (/^0;(?:(?:\(\d+\) )?mx(?: · .*)?)?$/.test(text)) return findUnsafe(text) === undefined;
	const [, uri] = /^8;(?:id=[\w-]+)?;([!-~]*)$/.exec(text) ?? [];
	return uri !== undefined && (uri === '' || /^(?:https?:\/\/|mailto:|matrix:)/.test(uri));
};

/** @returns the length of the sequence that begins with the escape at `at`; 0 for one that mx never writes. */
const sequenceLength = (output: string, at: number): number => {
	const introducer = output.charAt(at + 1);
	if (introducer === '[') {
		let end = at + 2;
		while (end < output.length && !/[@-~]/.test(output.charAt(end))) end += 1;
		return isOwnCsi(output.slice(at + 2, end), output.charAt(end)) ? end + 1 - at : 0;
	}
	if (output.startsWith(graphicsQuery, at)) return graphicsQuery.length;
	if (introducer !== ']') return 0;
	const end = output.indexOf(stringEnd, at);
	return end !== -1 && isOwnOsc(output.slice(at + 2, end)) ? end + stringEnd.length - at : 0;
};

/**
 * @param output all that was written, decoded.
 * @returns where the first foreign byte stands and what is around it, or `undefined` if there is none.
 */
export const findForeign = (output: string): string | undefined => {
	const tell = (at: number, what: string): string =>
		`${what} in ${JSON.stringify(output.slice(Math.max(0, at - 40), at + 60))}`;
	for (let at = 0; at < output.length;) {
		const next = /[\u0000-\u001F\u007F-\u009F]/.exec(output.slice(at, at + 4096));
		const end = at + (next?.index ?? 4096);
		const unsafe = findUnsafe(output.slice(at, end));
		if (unsafe !== undefined) return tell(at, unsafe);
		at = end;
		const control = output.charAt(at);
		// CAN breaks off a sequence when the screen is left.
		const isOwn =
			control === '\r' || control === '\n' || (control === '\u0018' && output.startsWith(`${ESC}[`, at + 1));
		const length = control === ESC ? sequenceLength(output, at) : Number(isOwn);
		if (at < output.length && next !== null && length === 0) return tell(at, `U+${output.charCodeAt(at).toString(16)}`);
		at += length;
	}
	return undefined;
};
