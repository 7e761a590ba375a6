/** Answers that no homeserver should give, for a fault proxy or a faulty server. */
import {hotelPage, spoilers} from '../../source/demo/faults.ts';
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
	answer(hotelPage, status, {'content-type': 'text/html; charset=utf-8'});

/** Nothing comes, and the connection stays open. */
export const hang: RawAnswer = () => undefined;

/** The server of the demo answers badly in the same ways, when it is told to: what they are is told there. */
export const {
	reset,
	stall,
	drip,
	bomb: gzipBomb,
}: Readonly<Record<'reset' | 'stall' | 'drip' | 'bomb', RawAnswer>> = spoilers;

/** A body that ends long before its length. */
export const cutOff: RawAnswer = response => {
	response.writeHead(200, {...json, 'content-length': '1000'}).write('{"event_id":"$');
	response.socket?.end();
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
