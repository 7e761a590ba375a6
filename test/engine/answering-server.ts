/** A homeserver on loopback that gives one /sync answer after the other, as fast as they are taken; and an engine on it. */
import type {TestContext} from 'node:test';
import {asObject, parseJson} from '../../source/domain/json.ts';
import {openEngine, type Engine} from '../../source/engine/open-engine.ts';
import type {LogFields, Logger} from '../../source/store/log-file.ts';
import {deriveKeys} from '../../source/store/secrets/derived-keys.ts';
import type {EngineHome} from '../helpers/engine.ts';
import {startFaultyServer} from '../matrix/faulty-server.ts';
import {usualAnswers} from '../matrix/scripted-server.ts';

/** Milliseconds after which an answer that was not taken is a stall. */
const patience = 30_000;

/** What the log says of a room that cannot be built for the SDK. */
const roomRefused = 'The SDK cannot take a room';

const answers = Object.entries({...usualAnswers, '/members': {chunk: []}, '/messages': {chunk: []}});

/** The crypto waits for people of whom the answer says nothing. */
const keysOf = (request: string): unknown => ({
	device_keys: Object.fromEntries(
		Object.keys(asObject(asObject(parseJson(request))['device_keys'])).map(user => [user, {}]),
	),
});

export type Answering = {
	readonly url: string;
	/** Resolves when the answer is taken: its token came back. @throws Error when it is asked for again, or for nothing */
	readonly taken: (index: number) => Promise<void>;
};

/** @param bodies of /sync, JSON; the token after the answer of index `n` is `s<n>` */
export const startAnswering = async (t: TestContext, bodies: readonly string[]): Promise<Answering> => {
	const takings = bodies.map(() => Promise.withResolvers<void>());
	const answerSync = (since: string | null): string | undefined => {
		const next = since === null ? 0 : Number(since.slice(1)) + 1;
		takings[next - 1]?.resolve();
		return bodies[next];
	};
	const asked = new Set<string | null>();
	const url = await startFaultyServer(t, (request, response) => {
		const {pathname, searchParams} = new URL(request.url ?? '/', 'http://localhost');
		const reply = (body: string, status = 200): void => {
			response.writeHead(status, {'content-type': 'application/json'});
			response.end(body);
		};
		if (pathname.endsWith('/sync')) {
			const since = searchParams.get('since');
			const index = since === null ? 0 : Number(since.slice(1)) + 1;
			if (asked.has(since)) takings[index]?.reject(new Error(`Answer ${index} was refused, and asked for again.`));
			asked.add(since);
			const body = answerSync(since);
			// After the last one the request stays open.
			if (body !== undefined) reply(body);
			return;
		}
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => void parts.push(part));
		request.on('end', () => {
			if (pathname.endsWith('/keys/query')) return reply(JSON.stringify(keysOf(Buffer.concat(parts).toString())));
			const known = answers.find(([end]) => pathname.endsWith(end));
			if (known !== undefined) return reply(JSON.stringify(known[1]));
			if (request.method === 'PUT') return reply('{}');
			return reply('{"errcode":"M_NOT_FOUND","error":"not here"}', 404);
		});
	});
	return {
		url,
		async taken(index) {
			const timer = setTimeout(() => takings[index]?.reject(new Error(`Answer ${index} stalls.`)), patience);
			await takings[index]?.promise;
			clearTimeout(timer);
		},
	};
};

/** Starts an engine. `troubles`: all errors of its log and of the console, rooms that the SDK could not take, all alerts. */
export const startLogged = async (
	t: TestContext,
	home: EngineHome,
): Promise<{readonly engine: Engine; readonly troubles: () => readonly string[]}> => {
	const troubles: string[] = [];
	const quiet = (): void => undefined;
	for (const name of ['debug', 'warn', 'error'] as const) {
		// The SDK speaks to the console also where it has a logger.
		t.mock.method(console, name, (...values: readonly unknown[]) => {
			if (name === 'error') troubles.push(`console: ${values.map(String).join(' ')}`);
		});
	}
	const log: Logger = {
		debug: quiet,
		info: quiet,
		warn: (_area, message, fields) => {
			if (message === roomRefused) troubles.push(`${message}: ${String(fields?.['error'])}`);
		},
		error: (area, message, fields: LogFields = {}) => {
			const {error} = fields;
			troubles.push(`${area}: ${message} ${error instanceof Error ? (error.stack ?? '') : ''}`);
		},
	};
	const engine = await openEngine({
		files: home.files,
		record: home.record,
		keys: deriveKeys(new Uint8Array(Buffer.from(home.masterKey, 'base64'))),
		mode: 'live',
		version: 'test',
		log,
		accessToken: home.account.accessToken,
		isNewDevice: true,
	});
	t.after(() => engine.stop());
	engine.subscribe(notice => {
		if (notice.kind === 'alert') troubles.push(`alert: ${notice.message}`);
	});
	await engine.start();
	return {engine, troubles: () => troubles};
};
