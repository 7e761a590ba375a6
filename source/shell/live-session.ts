/** An account that is in step with the server while a verb works with it: the running mx, or an engine of the verb's own. */
import type {EngineNotice, Session} from '../domain/session.ts';
import {claimAccount} from './claim-account.ts';
import {catchUp, lost, openLiveEngine} from './live-engine.ts';
import type {ShellParts} from './ports.ts';

/** A session that tells what happens. */
export type LiveSession = {
	readonly session: Session;
	readonly subscribe: (listener: (notice: EngineNotice) => void) => () => void;
	/** An mx goes on behind it when this one ends. */
	readonly isKept: boolean;
	/** Resolves when the mx that answers is gone. */
	readonly closed: Promise<unknown>;
	readonly close: () => Promise<void>;
};

const again = 'try again: nothing was done';

/** What is asked of a bridge goes through the server: without it, it would be waited for in vain. @throws ExpectedError */
const requireServer = async (session: Session): Promise<void> => {
	const {net} = await session.status({});
	if (net.state !== 'offline') return;
	// The next try may be a minute away, and the network back.
	await session.retryNow({});
	throw lost(net, again);
};

/** Opens it; whoever does closes it. @throws ExpectedError also where the server cannot be reached */
export const openLive = async (parts: ShellParts): Promise<LiveSession> => {
	const {access, signal} = parts;
	const record = await access.requireRecord();
	const found = await claimAccount({
		files: access.files,
		claim: async () => {
			const masterKey = await access.masterKey(record);
			await access.prepare();
			const engine = await openLiveEngine({record, masterKey, accessToken: undefined, isNewDevice: false}, parts);
			return {engine};
		},
		signal,
		now: () => performance.now(),
	});
	if (!('engine' in found)) {
		try {
			await requireServer(found.session);
		} catch (error) {
			found.close();
			throw error;
		}
		return {
			isKept: true,
			session: found.session,
			subscribe: listener => found.subscribe(listener),
			closed: found.closed,
			close: async () => found.close(),
		};
	}
	const {engine} = found;
	try {
		await catchUp(engine, parts, {again, offline: 0});
	} catch (error) {
		await engine.stop();
		throw error;
	}
	return {
		isKept: false,
		session: engine.session,
		subscribe: engine.subscribe,
		closed: engine.ended,
		close: engine.stop,
	};
};

/** Runs something on such a session, and closes it. */
export const withLive = async <Result>(
	parts: ShellParts,
	work: (live: LiveSession) => Promise<Result>,
): Promise<Result> => {
	const live = await openLive(parts);
	try {
		return await work(live);
	} finally {
		await live.close();
	}
};
