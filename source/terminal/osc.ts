/** What mx tells the terminal besides what it draws: text for the clipboard, the name of the window. */
import {asciiText} from '../domain/ascii-text.ts';

declare const brand: unique symbol;

/** A sequence that draws nothing. Only this file and that of the notifications make it, of characters that they chose themselves. */
export type OscSequence = string & {readonly [brand]: true};

type Environment = Readonly<Record<string, string | undefined>>;

/** Bytes of text; the longest that xterm and what is modelled on it take. */
export const maximumClipboard = 74_994;

/** Rings; in a title it would end it. */
export const bell = '\u0007';

/** Code points of a title, or of a part of a notification. */
const longestText = 200;

/** ST. */
export const stringEnd = '\u001B\\';

/** tmux hands on only what is wrapped for it (`allow-passthrough`), and takes a bare one only with `set-clipboard on`. */
export const throughTmux = (sequence: string): string =>
	`\u001BPtmux;${sequence.replaceAll('\u001B', '\u001B\u001B')}\u001B\\`;

/** @returns whether tmux stands between mx and the terminal. */
export const isTmux = ({TMUX, TERM}: Environment): boolean => (TMUX ?? '') !== '' || TERM?.startsWith('tmux') === true;

/**
 * OSC 52: puts text into the clipboard.
 * @returns `undefined` for more than `maximumClipboard` bytes: a terminal would drop it without a word
 */
export const clipboardSequence = (text: string, environment: Environment): OscSequence | undefined => {
	const bytes = Buffer.from(text.toWellFormed());
	if (bytes.length > maximumClipboard) return undefined;
	const sequence = `\u001B]52;c;${bytes.toString('base64')}\u001B\\`;
	return (isTmux(environment) ? sequence + throughTmux(sequence) : sequence) as OscSequence;
};

/** One line without anything that a terminal could take for an end, a parameter or a command; never longer than it should be. */
export const oscText = (text: string, isAscii: boolean): string => {
	const line = text
		.toWellFormed()
		.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]+/g, ' ')
		.replaceAll(';', ',');
	const cut = Array.from(line).slice(0, longestText).join('');
	return isAscii ? asciiText(cut) : cut;
};

/** OSC 0: the name of the window and of its icon. @param isAscii the terminal may not read UTF-8 */
export const titleSequence = (title: string, isAscii: boolean): OscSequence =>
	`\u001B]0;${oscText(title, isAscii)}${stringEnd}` as OscSequence;
