/** A homeserver that says what a test tells it to, and otherwise what every client needs to start. */
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Owner} from '../helpers/synapse.ts';
import {ownUser} from '../store/account-fixture.ts';
import {startFaultyServer} from './faulty-server.ts';

export type Script = {
	/** Bodies of /sync, in order; after the last one the request is left open. */
	readonly syncs?: readonly unknown[];
	/** Answers by the end of the path, before those that every client needs. */
	readonly answers?: Readonly<Record<string, unknown>>;
};

export type Scripted = {readonly url: string; readonly requests: readonly string[]};

/** By the end of the path. */
export const usualAnswers: Readonly<Record<string, unknown>> = {
	'/versions': {versions: ['v1.1', 'v1.11']},
	'/pushrules/': {global: {}},
	'/filter': {filter_id: 'f1'},
	'/keys/upload': {one_time_key_counts: {signed_curve25519: 50}},
	// Without an entry for each person the crypto waits for five seconds.
	'/keys/query': {device_keys: {[ownUser]: {}, '@anna:example.org': {}}},
	'/keys/claim': {one_time_keys: {}},
};

/** A homeserver that says what it is told to. */
export const startScripted = async (t: Owner, {syncs = [], answers = {}}: Script): Promise<Scripted> => {
	const requests: string[] = [];
	let syncCount = 0;
	const url = await startFaultyServer(t, (request: IncomingMessage, response: ServerResponse) => {
		const path = request.url ?? '';
		requests.push(path);
		const [plain = ''] = path.split('?');
		const reply = (body: unknown, status = 200): void => {
			response.writeHead(status, {'content-type': 'application/json'});
			response.end(JSON.stringify(body));
		};
		if (plain.endsWith('/sync')) {
			if (syncCount < syncs.length) reply(syncs[syncCount]);
			syncCount += 1;
			return;
		}
		const known = Object.entries({...usualAnswers, ...answers}).findLast(([end]) => plain.endsWith(end));
		if (known === undefined) reply({errcode: 'M_NOT_FOUND', error: 'not in the script'}, 404);
		else reply(known[1]);
	});
	return {url, requests};
};
