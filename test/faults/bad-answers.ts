/** Answers that no homeserver should give, for a fault proxy or a faulty server. */
import {gzipSync} from 'node:zlib';
import type {Outcome, ProxyAnswer, RawAnswer} from '../engine/fault-proxy.ts';

const json = {'content-type': 'application/json'};

/** An answer with this text as its body. */
export const answer = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): ProxyAnswer => ({
	status,
	body,
	headers,
});

/** A Matrix error. */
export const refusal = (
	status: number,
	errcode: string,
	more: object = {},
	headers: Readonly<Record<string, string>> = {},
): ProxyAnswer => answer(JSON.stringify({errcode, error: 'a test', ...more}), status, headers);

/** A web page, as the sign-in page of a network or the error page of a proxy. */
export const page = (status = 200): ProxyAnswer =>
	answer('<!doctype html><title>Hotel</title>Welcome', status, {'content-type': 'text/html; charset=utf-8'});

/** The other side breaks the connection with a TCP reset. */
export const reset: RawAnswer = response => void response.socket?.resetAndDestroy();

/** Nothing comes, and the connection stays open. */
export const hang: RawAnswer = () => undefined;

/** The headers and the first bytes come, then nothing more. */
export const stall: RawAnswer = response => void response.writeHead(200, json).write('{"event_id":"$');

/** A body that goes on for ever, a byte at a time. */
export const drip: RawAnswer = response => {
	response.writeHead(200, json).write('{');
	const timer = setInterval(() => response.write(' '), 20);
	response.once('close', () => clearInterval(timer));
};

/** A body that ends long before its length. */
export const cutOff: RawAnswer = response => {
	response.writeHead(200, {...json, 'content-length': '1000'}).write('{"event_id":"$');
	response.socket?.end();
};

/** 200 MiB of spaces in 200 KB. */
export const gzipBomb = (): RawAnswer => {
	// Parts of a gzip file may follow each other; one small part is made, not 200 MiB.
	const part = gzipSync(Buffer.alloc(1024 * 1024, ' '));
	const bomb = Buffer.concat(Array.from({length: 200}, () => part));
	return response => void response.writeHead(200, {...json, 'content-encoding': 'gzip'}).end(bomb);
};

/** Brackets within brackets, 200,000 deep. */
export const deepValue = (): string => `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;

/** A body of 100 MB, as fast as it is taken. */
export const largeBody =
	(onBytes: (count: number) => void = () => undefined): RawAnswer =>
	response => {
		response.writeHead(200, json).write('{"next_batch":"s","presence":{"events":["');
		const chunk = Buffer.alloc(64 * 1024, 'x');
		let left = 100 * 1024 * 1024;
		const pump = (): void => {
			while (!response.destroyed && left > 0) {
				left -= chunk.length;
				onBytes(chunk.length);
				if (!response.write(chunk)) return void response.once('drain', pump);
			}
			response.end('"]}}');
		};
		pump();
	};

/** Answers with a success that are none; with the words in which a row names them. */
export const brokenSuccesses: ReadonlyArray<readonly [name: string, outcome: Outcome]> = [
	['nothing at all', answer('')],
	['half of the JSON', answer('{"event_id":"$half')],
	['a body that breaks off', cutOff],
	['null', answer('null')],
	['an empty object', answer('{}')],
	['an array', answer('[]')],
	['a string', answer('"text"')],
];
