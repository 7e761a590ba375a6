/** The DOMExceptions of IndexedDB: what its callers did wrong, as opposed to failures of the storage. */

type DomErrorName =
	| 'AbortError'
	| 'ConstraintError'
	| 'DataCloneError'
	| 'DataError'
	| 'InvalidAccessError'
	| 'InvalidStateError'
	| 'NotFoundError'
	| 'ReadOnlyError'
	| 'TransactionInactiveError'
	| 'UnknownError'
	| 'VersionError';

/** @returns an exception as the IndexedDB specification names it; thrown or dispatched by the caller. */
export const domError = (name: DomErrorName, message: string): DOMException => new DOMException(message, name);
