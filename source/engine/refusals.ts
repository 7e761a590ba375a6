/** How requests on rooms are refused: with a sentence and the next step. */
import {ExpectedError, type ErrorReport} from '../domain/errors.ts';
import {NetworkError, type NetworkFailureKind} from '../matrix/network-errors.ts';

/** @throws ExpectedError always */
export const refuse = (reason: ErrorReport['reason'], message: string, next?: string): never => {
	throw new ExpectedError({message, next, reason});
};

/** @returns the kind of a failed request, `undefined` for what is none. */
export const failureKindOf = (error: unknown): NetworkFailureKind | undefined =>
	error instanceof NetworkError ? error.failure.kind : undefined;
