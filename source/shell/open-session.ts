/** The session of a verb: opened when it is first asked for, reached anew when the running mx ends meanwhile. */
import type {Engine} from '../engine/open-engine.ts';
import {reportOf} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import {sessionProxy} from '../domain/session-proxy.ts';
import type {Session} from '../domain/session.ts';
import {ConnectionLost} from '../instance/socket-client.ts';
import {claimAccount} from './claim-account.ts';
import type {ShellParts} from './ports.ts';

/** A session and how to let it go. */
export type OpenSession = {
	readonly session: Session;
	/** The engine of this process; `undefined` when another mx answers. */
	readonly engine: Engine | undefined;
	readonly close: () => Promise<void>;
};

/** How often a request is repeated when the running mx went away. */
const tries = 3;

/** Opens the engine in this process. @throws StoreBusy when another one owns the account */
const openOwnEngine = async (parts: ShellParts): Promise<OpenSession> => {
	const {access} = parts;
	const record = await access.requireRecord();
	const masterKey = await access.masterKey(record);
	await access.prepare();
	const [{openEngine, log}, {deriveKeys}] = await Promise.all([
		parts.loadEngine(),
		import('../store/secrets/derived-keys.ts'),
	]);
	const engine = await openEngine({
		files: access.files,
		record,
		keys: deriveKeys(masterKey),
		mode: 'one-shot',
		version: parts.version,
		log,
	});
	const opened = {session: engine.session, engine, close: engine.stop};
	try {
		await engine.start();
		return opened;
	} catch (error) {
		await engine.stop();
		throw error;
	}
};

/**
 * Reaches the account: the mx that runs, without a key; else an engine of this process, without a sync loop.
 * @throws ExpectedError `notSignedIn`, `notReady` when the key cannot be asked for, and as claimAccount
 */
export const openSession = async (parts: ShellParts): Promise<OpenSession> => {
	const {access, signal} = parts;
	const now = (): number => performance.now();
	await access.requireRecord();
	const found = await claimAccount({files: access.files, claim: async () => openOwnEngine(parts), signal, now});
	if ('engine' in found) return found;
	return {session: found.session, engine: undefined, close: async () => found.close()};
};

/** The session of a verb, not opened yet. */
export type LazySession = {
	/** Repeats a request whose owner went away, so it is for requests that may be repeated. */
	readonly session: Session;
	readonly close: () => Promise<void>;
};

/** @returns a session that is opened with its first request. */
export const createLazySession = (open: () => Promise<OpenSession>): LazySession => {
	let opened: Promise<OpenSession> | undefined;
	const callOnce = async (method: keyof Session, params: JsonObject): Promise<unknown> => {
		const {session} = await (opened ??= open());
		return (session[method] as (params: JsonObject) => Promise<unknown>)(params);
	};
	return {
		session: sessionProxy(async (method, params) => {
			let lost: ConnectionLost | undefined;
			for (let attempt = 1; ; attempt += 1) {
				try {
					return await callOnce(method, params);
				} catch (error) {
					// It may have been done by who is gone.
					if (lost !== undefined && reportOf(error).reason === 'interrupted') throw lost;
					if (!(error instanceof ConnectionLost) || attempt === tries) throw error;
					lost = error;
					opened = undefined;
				}
			}
		}),
		async close() {
			// A session that could not be opened has nothing to close.
			const last = await opened?.catch(() => undefined);
			await last?.close();
		},
	};
};
