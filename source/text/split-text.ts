/** Divides a text that is too long for one message. */

/** Bytes of a part: as Markdown it is sent twice, as it is and as HTML, and an event holds some 45,000. */
export const partSize = 16_000;

/** A fence of a block of code, with its language. */
const fencePattern = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]{0,20})[^\n`]*$/;

/** @returns a place in a long line that cuts neither a character nor, where there is a blank, a word */
const cutOf = (line: string, size: number): number => {
	let length = Math.min(line.length, size);
	while (Buffer.byteLength(line.slice(0, length)) > size) length = Math.floor(length * 0.8);
	if (length >= line.length) return line.length;
	const blank = line.lastIndexOf(' ', length);
	if (blank > length / 2) return blank + 1;
	return /[\uD800-\uDBFF]/.test(line.charAt(length - 1)) ? length - 1 : length;
};

/** @returns lines, those cut that alone are longer than a part */
const linesOf = (text: string, partSize: number): readonly string[] =>
	text.split('\n').flatMap(line => {
		const pieces: string[] = [];
		let rest = line;
		while (Buffer.byteLength(rest) > partSize) {
			const cut = cutOf(rest, partSize);
			pieces.push(rest.slice(0, cut));
			rest = rest.slice(cut);
		}
		return [...pieces, rest];
	});

/** Messages that a long text may become: what is longer is no message. */
export const mostParts = 20;

/**
 * Cuts between lines, best between paragraphs; a block of code that is cut ends and begins anew.
 * @param size bytes of a part
 * @returns the parts in their order; one where the text is short enough
 */
export const splitText = (text: string, size = partSize): readonly string[] => {
	if (Buffer.byteLength(text) <= size) return [text];
	const parts: string[] = [];
	let part: string[] = [];
	let bytesOfPart = 0;
	/** The fence of the block of code that the part is in, and the line that begins it anew. */
	let fence: {readonly line: string; readonly mark: string} | undefined;

	const end = (): void => {
		const said = fence === undefined ? part : [...part, fence.mark];
		if (said.join('').trim() !== '') parts.push(said.join('\n'));
		part = fence === undefined ? [] : [fence.line];
		bytesOfPart = Buffer.byteLength(part.join(''));
	};

	for (const line of linesOf(text, size)) {
		const bytes = Buffer.byteLength(line) + 1;
		const isParagraphEnd = line.trim() === '' && fence === undefined && bytesOfPart > size * 0.75;
		if (bytesOfPart + bytes > size || isParagraphEnd) end();
		// The line that divides two parts is of neither.
		if (isParagraphEnd) continue;
		const [, mark, language = ''] = fencePattern.exec(line) ?? [];
		const isClosing = fence !== undefined && mark?.startsWith(fence.mark) === true && line.trim() === mark;
		// A block that would begin anew only to end is over.
		if (isClosing && part.length === 1 && parts.length > 0) part = [];
		else part.push(line);
		bytesOfPart += bytes;
		if (mark === undefined) continue;
		if (fence === undefined) fence = {line: mark + language, mark};
		else if (isClosing) fence = undefined;
	}
	end();
	return parts;
};
