/** What the keyboard, the mouse and the terminal itself can tell the screen. */

/**
 * The canonical name of a key, lower case, modifiers first in the order super, ctrl, alt, shift:
 * `enter`, `shift-tab`, `ctrl-up`, `page-down`, `f5`, `ctrl-k`, `ctrl-/`, `alt-enter`, `ctrl-alt-k`.
 * A character carries its own shift after alt (`alt-x`, `alt-X`, `alt-<`); only ctrl needs the word (`ctrl-shift-x`).
 * What one byte cannot tell apart has one name everywhere: `ctrl-i` is `tab`, `ctrl-m` is `enter`, `ctrl-[` is
 * `escape`, `ctrl-h` is `backspace`, `ctrl-_` is `ctrl-/`, `ctrl-@` is `ctrl-space`. A line feed is `ctrl-j`.
 */
export type KeyName = string;

/** A mouse report. */
export type MouseEvent = {
	readonly kind: 'mouse';
	readonly action: 'press' | 'release' | 'move' | 'wheel-up' | 'wheel-down' | 'wheel-left' | 'wheel-right';
	/** `none`: a move without a button, a wheel, or a release that does not say which. */
	readonly button: 'left' | 'middle' | 'right' | 'none';
	/** Cell, from 0 at the left. */
	readonly column: number;
	/** Cell, from 0 at the top. */
	readonly row: number;
	readonly hasShift: boolean;
	readonly hasAlt: boolean;
	readonly hasCtrl: boolean;
};

/** One event of the input. */
export type InputEvent =
	/** Printable text, one grapheme as far as it came in one read; a mark that comes later is an event of its own. */
	| {readonly kind: 'text'; readonly text: string}
	| {readonly kind: 'key'; readonly key: KeyName}
	/** A bracketed paste, raw: it may hold any control character. It is text for the composer and never runs a command. */
	| {readonly kind: 'paste'; readonly text: string}
	/**
	 * Keys that came in one burst behind the end of a paste and were dropped, raw: a clipboard that holds the end
	 * marker could otherwise press Enter. Say so on the screen; never run it.
	 */
	| {readonly kind: 'quarantine'; readonly text: string}
	| MouseEvent
	| {readonly kind: 'focus'; readonly isFocused: boolean}
	/** An answer of the terminal, or a sequence that is no key; the whole sequence, raw. */
	| {readonly kind: 'reply'; readonly text: string};
