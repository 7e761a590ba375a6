/** What Ink 8 writes in its standard mode: whole frames between erasing and the cursor's place. Its format is private: see the contract test. */

/** A write of Ink, read back. */
export type InkWrite =
	/** All lines of the screen. @see cursor */
	| {readonly kind: 'frame'; readonly lines: readonly string[]; readonly cursor: InkCursor}
	/** Only the cursor goes elsewhere, or is hidden. */
	| {readonly kind: 'cursor'; readonly cursor: InkCursor}
	/** Erasing and modes, which the writer does by itself. */
	| {readonly kind: 'nothing'};

/** Cell from 0; rows are counted upwards from the last line. `undefined`: hidden. */
export type InkCursor = {readonly column: number; readonly fromBottom: number} | undefined;

const controls = String.raw`\u001B\[[\d;?]*[A-Za-z]`;
const leading = new RegExp(`^(?:\\u001B\\[(?:\\d*[ABCDEFGHJK]|\\d*;\\d*H|\\?\\d+[hl]))+`);
const trailing = /(?:\u001B\[(\d*)A)?\u001B\[(\d*)G\u001B\[\?25h$/;
const onlyControls = new RegExp(`^(?:${controls})*$`);

const cursorOf = (match: RegExpExecArray | null): InkCursor =>
	match === null
		? undefined
		: {column: Number(match[2] || 1) - 1, fromBottom: match[1] === undefined ? 0 : Number(match[1] || 1)};

/** @returns what a chunk means. Styles at the beginning of a frame are text of it. */
export const readInkWrite = (chunk: string): InkWrite => {
	const match = trailing.exec(chunk);
	const rest = match === null ? chunk : chunk.slice(0, match.index);
	const body = rest.replace(leading, '');
	if (body === '' || (onlyControls.test(body) && !body.includes('m'))) {
		const isAboutCursor = match !== null || chunk.includes('\u001B[?25l');
		return isAboutCursor ? {kind: 'cursor', cursor: cursorOf(match)} : {kind: 'nothing'};
	}
	return {kind: 'frame', lines: body.split('\n'), cursor: cursorOf(match)};
};
