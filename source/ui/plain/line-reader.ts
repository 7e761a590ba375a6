/** Lines as they are typed: the terminal edits them, mx gets them whole. */
import {StringDecoder} from 'node:string_decoder';
import type {TerminalInput} from '../../terminal/input-source.ts';

export type LineReaderOptions = {
	readonly onLine: (line: string) => void;
	/** @param rest what stood without a line break at the end of the input */
	readonly onEnd: (rest: string) => void;
};

/** Characters of a line: more are nobody's doing. */
const longestLine = 100_000;

/** @returns the end of reading. */
export const readLines = (input: TerminalInput, {onLine, onEnd}: LineReaderOptions): (() => void) => {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	const take = (chunk: Uint8Array | string): void => {
		const lines = `${rest}${typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))}`.split(/\r?\n/);
		rest = (lines.pop() ?? '').slice(0, longestLine);
		for (const line of lines) onLine(line.slice(0, longestLine));
	};
	const stop = (): void => {
		input.off('data', take);
		input.off('end', end);
		input.off('error', end);
		input.pause();
	};
	const end = (): void => {
		stop();
		onEnd(rest);
	};
	input.on('data', take);
	input.on('end', end);
	input.on('error', end);
	input.resume();
	return stop;
};
