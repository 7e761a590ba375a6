/** What mx tells the terminal besides what it draws: text for the clipboard of the machine that the person sits at. */

declare const brand: unique symbol;

/** A sequence that draws nothing. Only this file makes it, of characters that it chose itself. */
export type OscSequence = string & {readonly [brand]: true};

/** Bytes of text; the longest that xterm and what is modelled on it take. */
export const maximumClipboard = 74_994;

/** tmux hands on only what is wrapped for it (`allow-passthrough`), and takes a bare one only with `set-clipboard on`. */
const forTmux = (sequence: string): string => `\u001BPtmux;${sequence.replaceAll('\u001B', '\u001B\u001B')}\u001B\\`;

const isTmux = ({TMUX, TERM}: Readonly<Record<string, string | undefined>>): boolean =>
	(TMUX ?? '') !== '' || TERM?.startsWith('tmux') === true;

/**
 * OSC 52: puts text into the clipboard.
 * @returns `undefined` for more than `maximumClipboard` bytes: a terminal would drop it without a word
 */
export const clipboardSequence = (
	text: string,
	environment: Readonly<Record<string, string | undefined>>,
): OscSequence | undefined => {
	const bytes = Buffer.from(text.toWellFormed());
	if (bytes.length > maximumClipboard) return undefined;
	const sequence = `\u001B]52;c;${bytes.toString('base64')}\u001B\\`;
	return (isTmux(environment) ? sequence + forTmux(sequence) : sequence) as OscSequence;
};
