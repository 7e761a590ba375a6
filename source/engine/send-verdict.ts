/** What becomes of something that could not be sent: it is tried again, it waits, or the person decides. */
import {ExpectedError} from '../domain/errors.ts';
import {classifyFailure, type NetworkFailure} from '../matrix/network-errors.ts';

const shortestDelay = 1000;
/** Milliseconds between two tries at most, unless the server wishes more. */
export const longestDelay = 60_000;
/** Tries after which a failure of an unknown kind is the person's to decide. */
const maximumUnknown = 10;

/** Delays are milliseconds. */
export type Verdict =
	| {readonly kind: 'retry'; readonly delay: number; readonly error: string}
	| {readonly kind: 'fail'; readonly error: string}
	| {readonly kind: 'hold'; readonly error: string};

const backOff = (attempts: number): number => {
	const delay = Math.min(longestDelay, shortestDelay * 2 ** Math.min(attempts, 6));
	return delay * (0.5 + Math.random() / 2);
};

const judgeNetwork = (failure: NetworkFailure, attempts: number): Verdict => {
	const error = failure.message;
	switch (failure.kind) {
		case 'soft-logout':
		case 'logged-out':
			return {kind: 'hold', error};
		case 'forbidden':
		case 'too-large':
		case 'bad-request':
		case 'not-found':
			return {kind: 'fail', error};
		case 'unknown':
			return attempts >= maximumUnknown ? {kind: 'fail', error} : {kind: 'retry', delay: backOff(attempts), error};
		case 'rate-limited':
			return {kind: 'retry', delay: (failure.retryAfter ?? 5000) * (1 + Math.random() / 10), error};
		default:
			return {kind: 'retry', delay: failure.retryAfter ?? backOff(attempts), error};
	}
};

/** @param attempts how often it was tried, with this time */
export const judge = (error: unknown, attempts: number): Verdict => {
	if (error instanceof ExpectedError) {
		const {message, reason} = error.report;
		return reason === 'notReady'
			? {kind: 'retry', delay: shortestDelay, error: message}
			: {kind: 'fail', error: message};
	}
	return judgeNetwork(classifyFailure(error), attempts);
};
