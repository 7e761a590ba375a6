/** The last wall before the terminal: lets through only what mx itself writes, whatever slipped past the sanitizer. */

export type OutputFirewall = {
	/** @returns the chunk, perhaps with a held sequence before it and a started one held back; blocked bytes are U+FFFD. */
	readonly filter: (chunk: string) => string;
	/** How many characters were blocked so far; not 0 means a bug in mx. */
	readonly blocked: number;
};

export type OutputFirewallOptions = {
	/** Called for each blocked character with its code point as `U+001B`, never with text of a message. */
	readonly onBlocked: (codePoint: string) => void;
};

const printable = String.raw`[^\0-\u001f\u007f-\u009f\u2028-\u202e\u2066\u2067\p{Cs}]`;
const stringEnd = String.raw`(?:\u0007|\u001b\\)`;

/** Everything that may pass. Nothing here makes a terminal answer, store, ring or run. */
const allowed = [
	`${printable}+`,
	String.raw`[\n\r]+`,
	// SGR, semicolon form: colours and attributes.
	String.raw`\u001b\[[\d;]{0,64}m`,
	// Cursor: up, down, forward, back, next line, previous line, column, row, position. Erase to the end of the line.
	String.raw`\u001b\[(?:\d{1,4})?(?:;\d{1,4})?[ABCDEFGHdK]`,
	// Erase on the screen; 3 would erase the scrollback.
	String.raw`\u001b\[[012]?J`,
	// Cursor, autowrap, focus reports, alternate screen, bracketed paste, synchronized output.
	String.raw`\u001b\[\?(?:25|7|1004|1049|2004|2026)[hl]`,
	// Kitty keyboard: push flags, pop, ask.
	String.raw`\u001b\[(?:>\d{1,2}|<\d{0,2}|\?)u`,
	// A link to the web, to mail, to Matrix; and its end.
	String.raw`\u001b\]8;(?:id=[\w-]{1,64})?;(?:(?:https?:\/\/|mailto:|matrix:)[!-~]{1,2048})?${stringEnd}`,
	// The window title.
	String.raw`\u001b\]0;${printable}{0,256}${stringEnd}`,
].join('|');

/** The beginning of a sequence, or of a surrogate pair, that the next chunk may complete; at most some 2,000 characters. */
const unfinished = [
	String.raw`\u001b`,
	String.raw`\u001b\[[?<>]?[\d;]{0,64}`,
	String.raw`\u001b\]8?`,
	String.raw`\u001b\]8;[\w=-]{0,67}`,
	String.raw`\u001b\]8;[\w=-]{0,67};[!-~]{0,2056}\u001b?`,
	String.raw`\u001b\]0`,
	String.raw`\u001b\]0;${printable}{0,256}\u001b?`,
	String.raw`[\ud800-\udbff]`,
].join('|');

const allowedToken = new RegExp(allowed, 'uy');
const unfinishedToken = new RegExp(`(?:${unfinished})$`, 'uy');

/**
 * A filter for a text stream, stateful over chunks. It reads one token at a time: what is no allowed token loses its first
 * character to U+FFFD, and the rest is read again, so that no text is swallowed and no sequence hides inside another.
 */
export const createOutputFirewall = ({onBlocked}: OutputFirewallOptions): OutputFirewall => {
	let held = '';
	let blocked = 0;

	const filter = (chunk: string): string => {
		const text = held + chunk;
		let output = '';
		let index = 0;
		held = '';
		while (index < text.length) {
			const token = matchAt(allowedToken, text, index);
			if (token !== undefined) {
				output += token;
				index += token.length;
			} else if (matchAt(unfinishedToken, text, index) !== undefined) {
				held = text.slice(index);
				break;
			} else {
				output += '\uFFFD';
				blocked++;
				onBlocked(nameOf(text.charCodeAt(index)));
				index++;
			}
		}

		return output;
	};

	return {
		filter,
		get blocked() {
			return blocked;
		},
	};
};

const matchAt = (pattern: RegExp, text: string, index: number): string | undefined => {
	pattern.lastIndex = index;
	return pattern.exec(text)?.[0];
};

const nameOf = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
