/** What a failed request tells a person: the sentence, what to do next, the exit reason. */
import {ExpectedError, type ExitReason} from '../domain/errors.ts';
import {classifyFailure, type NetworkFailure, type NetworkFailureKind} from './network-errors.ts';

const exitReasons: Readonly<Record<NetworkFailureKind, ExitReason>> = {
	dns: 'error',
	refused: 'error',
	tls: 'error',
	timeout: 'error',
	reset: 'error',
	offline: 'error',
	'captive-portal': 'error',
	'server-error': 'error',
	unknown: 'error',
	'rate-limited': 'refused',
	forbidden: 'refused',
	'too-large': 'refused',
	'bad-request': 'refused',
	'soft-logout': 'notSignedIn',
	'logged-out': 'notSignedIn',
	'not-found': 'notFound',
};

const checkNetwork = 'Check the network and try again';
const signInAgain = 'Sign in again with `mx login`';

const nextSteps: Readonly<Partial<Record<NetworkFailureKind, string>>> = {
	dns: 'Check the spelling of the server name',
	tls: 'Ask the people who run the server; for an authority of your own set NODE_EXTRA_CA_CERTS to its file',
	'captive-portal': 'Open any web page in a browser, then try again',
	refused: checkNetwork,
	timeout: checkNetwork,
	reset: checkNetwork,
	offline: checkNetwork,
	'server-error': 'Try again later',
	'soft-logout': signInAgain,
	'logged-out': signInAgain,
};

const nextStepOf = ({kind, retryAfter}: NetworkFailure): string | undefined =>
	kind === 'rate-limited' ? `Try again in ${Math.ceil((retryAfter ?? 60_000) / 1000)} seconds` : nextSteps[kind];

/**
 * @param doing What was tried, to follow "Cannot": `sign in`, `join the room`.
 * @returns an ExpectedError with the exit reason that fits; an ExpectedError is handed through.
 */
export const toExpectedError = (error: unknown, doing: string): ExpectedError => {
	if (error instanceof ExpectedError) return error;
	const failure = classifyFailure(error);
	return new ExpectedError(
		{message: `Cannot ${doing}: ${failure.message}.`, next: nextStepOf(failure), reason: exitReasons[failure.kind]},
		{cause: error},
	);
};

/**
 * Runs `work` and makes ExpectedErrors of the failures of its requests; what is no failure of a request stays a bug.
 * @param doing As for `toExpectedError`.
 */
export const withExpectedErrors = async <Result>(doing: string, work: () => Promise<Result>): Promise<Result> => {
	try {
		return await work();
	} catch (error) {
		throw classifyFailure(error).kind === 'unknown' ? error : toExpectedError(error, doing);
	}
};
