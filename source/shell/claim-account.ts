/** The way to an account: through the mx that runs, else by owning it; and again while the owner starts or ends. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {AccountFiles} from '../domain/directories.ts';
import {ExpectedError} from '../domain/errors.ts';
import {connectSession, type SessionConnection} from '../instance/socket-client.ts';
import {findHolder} from './store-holder.ts';

/** Milliseconds that a busy account is tried for. */
const patience = 20_000;
/** Milliseconds between two tries: at least, and at most so much more. */
const shortestPause = 50;
const pauseRange = 100;

/** What is tried in turn. */
export type ClaimOptions<Owned> = {
	readonly files: AccountFiles;
	/** Opens the stores. @throws StoreBusy when another process owns them */
	readonly claim: () => Promise<Owned>;
	readonly signal: AbortSignal;
	/** Milliseconds of a clock that does not jump: `performance.now`. */
	readonly now: () => number;
};

const isBusy = (error: unknown): boolean => error instanceof Error && error.name === 'StoreBusy';

const stillBusy = (files: AccountFiles): ExpectedError => {
	const holder = findHolder(files.cryptoDatabase);
	const who = holder === undefined ? 'Another mx' : `Another mx (process ${holder})`;
	return new ExpectedError({
		message: `${who} holds the account and does not answer.`,
		next: holder === undefined ? 'End it, then try again.' : `End it with kill ${holder}, then try again.`,
		reason: 'error',
	});
};

/**
 * Connects to the owner of the account, or becomes it.
 * @throws ExpectedError that names the owner when it stays busy for 20 s without answering; whatever `claim` throws
 */
export const claimAccount = async <Owned>(options: ClaimOptions<Owned>): Promise<SessionConnection | Owned> => {
	const {files, claim, signal, now} = options;
	const deadline = now() + patience;
	for (;;) {
		signal.throwIfAborted();
		const connection = await connectSession(files);
		if (connection !== undefined) return connection;
		try {
			return await claim();
		} catch (error) {
			if (!isBusy(error)) throw error;
			if (now() >= deadline) throw stillBusy(files);
		}
		await sleep(shortestPause + Math.random() * pauseRange);
	}
};
