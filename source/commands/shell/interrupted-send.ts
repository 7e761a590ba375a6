/** What becomes of `mx send` when somebody interrupts it, and what is said then: whether the message goes out all the same. */
import {ExpectedError, reportOf} from '../../domain/errors.ts';
import {untilInterrupted} from '../../domain/interruption.ts';
import type {SendReceipt, Session} from '../../domain/session.ts';

/** Milliseconds that whoever sends gets to say how far it is. */
const patience = 5000;

const ended = (message: string, next?: string): ExpectedError =>
	new ExpectedError({message: `Interrupted. ${message}`, next, reason: 'interrupted'});

const nothingSent = (): ExpectedError => ended('Nothing was sent.');

const unknownFate = (key: string): ExpectedError =>
	ended('It may be sent all the same.', `A repeat with --txn ${key} sends nothing twice.`);

/** Does what comes before a message is sent. @throws ExpectedError `interrupted`, and what the work throws */
export const beforeSending = async <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
	try {
		return await untilInterrupted(signal, work());
	} catch (error) {
		throw signal.aborted ? nothingSent() : error;
	}
};

export type SendingParts = {
	readonly session: Pick<Session, 'letGo'>;
	readonly signal: AbortSignal;
	/** By which the order is let go. */
	readonly order: string;
	/** The transaction key that a repeat needs. */
	readonly key: string;
};

const fateOf = (error: unknown, key: string): ExpectedError => {
	const {reason, message} = reportOf(error);
	if (reason === 'interrupted') return nothingSent();
	// What ended without a word of its own may have been stored before.
	return reason === 'error' ? unknownFate(key) : ended(message);
};

/**
 * Sends, and lets the message go when it is interrupted.
 * @returns the receipt; of a message that was let go as it is now
 * @throws ExpectedError `interrupted` where it is not stored, or nobody says whether it is; and what `send` throws
 */
export const sendUntilInterrupted = async (
	{session, signal, order, key}: SendingParts,
	send: () => Promise<SendReceipt>,
): Promise<SendReceipt> => {
	if (signal.aborted) throw nothingSent();
	const expired = Promise.withResolvers<never>();
	let timer: NodeJS.Timeout | undefined;
	const letGo = (): void => {
		timer = setTimeout(() => expired.reject(unknownFate(key)), patience);
		// Who does not know the request will not answer the other one either.
		session.letGo({order}).catch(() => undefined);
	};
	signal.addEventListener('abort', letGo, {once: true});
	try {
		return await Promise.race([send(), expired.promise]);
	} catch (error) {
		throw signal.aborted ? fateOf(error, key) : error;
	} finally {
		signal.removeEventListener('abort', letGo);
		clearTimeout(timer);
	}
};

/** What is thrown in place of how a message was checked, if it was interrupted. @param check throws where it is not yet where it should be */
export const checkUntilInterrupted = (signal: AbortSignal, check: () => void): void => {
	if (!signal.aborted) return check();
	try {
		check();
	} catch (error) {
		const {message, next} = reportOf(error);
		throw ended(message, next);
	}
	throw ended('It was sent before that.');
};
