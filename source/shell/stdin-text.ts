/** Standard input of a script: its lines one by one (password, then recovery key), or all of it. */
import {StringDecoder} from 'node:string_decoder';
import {ExpectedError} from '../domain/errors.ts';

/** The part of `process.stdin` that is needed. */
export type InputStream = AsyncIterable<Uint8Array | string> & {readonly isTTY?: boolean};

/** What is read from stdin. Both throw ExpectedError `usage` on a terminal: what is typed there would be seen. */
export type StdinText = {
	/** The next line without its end, without waiting for more; `undefined` at the end. */
	readonly line: () => Promise<string | undefined>;
	/** All that is left. */
	readonly all: () => Promise<string>;
};

/** Longest input, in UTF-16 units. */
const maximumLength = 1_048_576;

const tooLong = (): ExpectedError =>
	new ExpectedError({message: 'The input is too long.', next: 'A message holds about 45000 bytes.', reason: 'usage'});

const noPipe = (): ExpectedError =>
	new ExpectedError({
		message: 'There is nothing on stdin: it is the terminal.',
		next: 'Give the text as an argument, or send it through a pipe or from a file.',
		reason: 'usage',
	});

/** @returns the reader of a stream; nothing is read before the first question. */
export const createStdinText = (stream: InputStream): StdinText => {
	const decoder = new StringDecoder('utf8');
	let chunks: AsyncIterator<Uint8Array | string> | undefined;
	let text = '';
	let isEnded = false;
	const readMore = async (): Promise<void> => {
		if (stream.isTTY === true) throw noPipe();
		chunks ??= stream[Symbol.asyncIterator]();
		const {done, value} = await chunks.next();
		isEnded = done === true;
		if (value !== undefined) text += typeof value === 'string' ? value : decoder.write(Buffer.from(value));
		if (isEnded) text += decoder.end();
		if (text.length > maximumLength) throw tooLong();
	};
	return {
		async line() {
			while (!isEnded && !text.includes('\n')) await readMore();
			if (text === '') return undefined;
			const [first = ''] = text.split('\n', 1);
			text = text.slice(first.length + 1);
			return first.replace(/\r$/, '');
		},
		async all() {
			while (!isEnded) await readMore();
			const rest = text;
			text = '';
			return rest;
		},
	};
};
