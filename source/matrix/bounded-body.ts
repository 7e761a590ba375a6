/** Reading the body of an answer within bounds: size, time and depth of its JSON. */
import {parseJson} from '../domain/json.ts';
import {NetworkError} from './network-errors.ts';

/** Bounds of one body. */
export type BodyBounds = {
	/** Bytes after decompression. */
	readonly size: number;
	/** Brackets within brackets. */
	readonly depth: number;
	/** Called with each piece, so that the caller can restart an idle timer. */
	readonly onProgress?: (() => void) | undefined;
};

const quoteByte = 0x22;
const backslashByte = 0x5c;

/** Follows brackets through JSON that comes in pieces; strings are skipped, so a bracket in a text does not count. */
type DepthScan = {
	/** @throws NetworkError `too-large` when the JSON is nested too deeply. */
	push(chunk: Uint8Array): void;
	/** @returns whether all brackets and strings are closed. */
	isBalanced(): boolean;
};

/**
 * Hostile JSON nested 200,000 deep passes JSON.parse and overflows the stack of whoever walks it.
 * @param limit Greatest depth.
 */
const createDepthScan = (limit: number): DepthScan => {
	let depth = 0;
	let isInString = false;
	let isEscaped = false;
	const scanString = (byte: number): void => {
		if (isEscaped) isEscaped = false;
		else if (byte === backslashByte) isEscaped = true;
		else if (byte === quoteByte) isInString = false;
	};
	return {
		push(chunk) {
			for (const byte of chunk) {
				if (isInString) scanString(byte);
				else if (byte === quoteByte) isInString = true;
				else if (byte === 0x7b || byte === 0x5b) {
					depth += 1;
					if (depth > limit)
						throw new NetworkError({kind: 'too-large', message: 'the server sent JSON that is nested too deeply'});
				} else if (byte === 0x7d || byte === 0x5d) depth -= 1;
			}
		},
		isBalanced: () => depth === 0 && !isInString,
	};
};

/**
 * Reads a whole body; stops the transfer as soon as it is too large or too deep, whatever the headers promised.
 * @throws NetworkError `too-large`; whatever reading the stream throws.
 */
export const readBoundedBody = async (
	response: Response,
	bounds: BodyBounds,
): Promise<{bytes: Uint8Array<ArrayBuffer>; isBalanced: boolean}> => {
	const scan = createDepthScan(bounds.depth);
	const chunks: Uint8Array[] = [];
	let size = 0;
	// Leaving the loop by an error cancels the stream, which closes the connection.
	for await (const chunk of response.body ?? []) {
		bounds.onProgress?.();
		size += chunk.byteLength;
		if (size > bounds.size) {
			throw new NetworkError({
				kind: 'too-large',
				message: `the server sent more than ${bounds.size} bytes, which is too much`,
			});
		}
		scan.push(chunk);
		chunks.push(chunk);
	}
	return {bytes: Buffer.concat(chunks), isBalanced: scan.isBalanced()};
};

// Up to this size the whole text is parsed as a check; above, balanced brackets must do, because the caller parses again.
const fullyCheckedSize = 256 * 1024;
const whitespace = new Set([0x20, 0x09, 0x0a, 0x0d]);

const firstByte = (bytes: Uint8Array): number | undefined => {
	const index = bytes.findIndex(byte => !whitespace.has(byte));
	return index === -1 ? undefined : bytes[index];
};

/** @returns whether an answer is a web page by its first character, as the login page of a network is. */
export const isWebPage = (bytes: Uint8Array): boolean => firstByte(bytes) === 0x3c;

/** @returns whether `bytes` are a JSON object or array; `null`, a bare string and half a document are not. */
export const isJsonDocument = (bytes: Uint8Array, isBalanced: boolean): boolean => {
	const first = firstByte(bytes);
	if (!isBalanced || (first !== 0x7b && first !== 0x5b)) return false;
	return bytes.byteLength > fullyCheckedSize || parseJson(Buffer.from(bytes).toString()) !== undefined;
};
