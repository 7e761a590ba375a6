/** An engine that syncs while `mx login` works with it: opened, caught up, stopped. */
import {ExpectedError} from '../domain/errors.ts';
import {untilInterrupted} from '../domain/interruption.ts';
import type {EngineNotice, NetState} from '../domain/session.ts';
import type {Engine} from '../engine/open-engine.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {safeText} from '../text/safe-text.ts';
import type {ShellParts} from './ports.ts';

/** Which account is opened, and how. */
export type LiveEngineOptions = {
	readonly record: AccountRecord;
	readonly masterKey: Uint8Array;
	/** From signing in just now. */
	readonly accessToken: string | undefined;
	readonly isNewDevice: boolean;
};

/** What is said and done where the first sync does not come. */
export type Patience = {
	/** What the person does then. @default run mx login again */
	readonly again?: string;
	/** Milliseconds for which a server that cannot be reached may be away. @default 30 seconds */
	readonly offline?: number;
};

/** Milliseconds without a connection after which the first sync counts as failed. */
const usualPatience = 30_000;

/** Opens the account and begins to sync. @throws StoreBusy when another process owns it */
export const openLiveEngine = async (options: LiveEngineOptions, parts: ShellParts): Promise<Engine> => {
	const {masterKey, ...others} = options;
	const [{openEngine, log}, {deriveKeys}] = await Promise.all([
		parts.loadEngine(),
		import('../store/secrets/derived-keys.ts'),
	]);
	const engine = await openEngine({
		...others,
		files: parts.access.files,
		keys: deriveKeys(masterKey),
		mode: 'live',
		version: parts.version,
		log,
	});
	try {
		await engine.start();
		return engine;
	} catch (error) {
		await engine.stop();
		throw error;
	}
};

/** @param again what the person does then, e.g. `run mx login again`. @returns what is said of a connection by which nothing can be done */
export const lost = ({state, cause}: NetState, again: string): ExpectedError => {
	if (state === 'no-storage')
		return new ExpectedError({
			message: `mx cannot write to its files: ${cause ?? 'the disk refuses'}.`,
			next: `Free some space, then ${again}.`,
			reason: 'error',
		});
	const isAway = state === 'offline' || state === 'degraded';
	const what = state === 'offline' ? 'The server cannot be reached' : 'Cannot fetch your rooms';
	return new ExpectedError({
		message: `${what}: ${cause ?? 'the server does not answer'}.`,
		next: isAway ? `Check the network, then ${again}.` : 'Sign in again: mx login.',
		reason: isAway ? 'error' : 'notSignedIn',
	});
};

/** Rejects when the engine says that the first sync will not come. */
const createSyncFailure = (
	onWaiting: (net: NetState) => void,
	{again = 'run mx login again', offline = usualPatience}: Patience,
) => {
	const failed = Promise.withResolvers<never>();
	failed.promise.catch(() => undefined);
	let timer: NodeJS.Timeout | undefined;
	const onNet = (net: NetState): void => {
		onWaiting(net);
		switch (net.state) {
			case 'online':
			case 'connecting':
				clearTimeout(timer);
				timer = undefined;
				return;
			case 'offline':
			case 'degraded':
				timer ??= setTimeout(() => failed.reject(lost(net, again)), net.state === 'offline' ? offline : usualPatience);
				return;
			case 'no-storage':
			case 'soft-logout':
			case 'logged-out':
				failed.reject(lost(net, again));
		}
	};
	return {
		promise: failed.promise,
		onNotice: (notice: EngineNotice): void => {
			if (notice.kind === 'net') onNet(notice.net);
			if (notice.kind !== 'alert' || notice.isEnd !== true) return;
			failed.reject(new ExpectedError({message: notice.message, next: notice.next, reason: 'error'}));
		},
		dispose: () => clearTimeout(timer),
	};
};

const fetching = 'Fetching your rooms…';

/** Waits for the first sync. @throws ExpectedError when there is no connection for as long as `patience` says, or the engine gives up */
export const catchUp = async (
	engine: Pick<Engine, 'caughtUp' | 'subscribe'>,
	{talk, signal}: Pick<ShellParts, 'talk' | 'signal'>,
	patience: Patience = {},
): Promise<void> => {
	const failure = createSyncFailure(
		({cause}) => talk.progress(cause === undefined ? fetching : `${fetching} ${safeText(cause, 'line')}`),
		patience,
	);
	talk.progress(fetching);
	const unsubscribe = engine.subscribe(failure.onNotice);
	try {
		await untilInterrupted(signal, Promise.race([engine.caughtUp, failure.promise]));
	} finally {
		unsubscribe();
		failure.dispose();
		talk.progress('');
	}
};
