/** JSON values as lines on a socket, with a limit on the length of a line. */
import type {Socket} from 'node:net';
import {parseJson} from '../domain/json.ts';

/** Longest request, in bytes: a message is at most 64 KiB (client-server API §Size limits). */
export const maximumRequest = 1_048_576;

/** Longest answer or notice, in bytes: a list of some ten thousand rooms. */
export const maximumReply = 33_554_432;

/** Version of the lines on the socket; a change that an older mx cannot read raises it. */
export const protocolVersion = 1;

/** What a reader tells. */
export type LineListener = {
	/** A line; `undefined` if it is not JSON. */
	readonly onValue: (value: unknown) => void;
	/** A line is longer than the limit; nothing more is told. */
	readonly onOversize: () => void;
};

/** Splits what the socket receives into lines. Time and memory are linear in the length of the lines. */
export const readJsonLines = (socket: Socket, maximum: number, listener: LineListener): void => {
	let pieces: Buffer[] = [];
	let size = 0;
	const isWithinLimit = (piece: Buffer): boolean => {
		pieces.push(piece);
		size += piece.length;
		return size <= maximum;
	};
	const onData = (chunk: Buffer): void => {
		let rest = chunk;
		while (rest.length > 0) {
			const end = rest.indexOf(10);
			if (!isWithinLimit(end === -1 ? rest : rest.subarray(0, end))) {
				pieces = [];
				socket.off('data', onData);
				return listener.onOversize();
			}
			if (end === -1) return;
			const line = Buffer.concat(pieces, size).toString('utf8');
			pieces = [];
			size = 0;
			rest = rest.subarray(end + 1);
			listener.onValue(parseJson(line));
		}
	};
	socket.on('data', onData);
};

/** @returns the line for `value`, with its line break. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`;
