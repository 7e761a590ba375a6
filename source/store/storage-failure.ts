/** Tells a disk that fails from data that does not fit. */

/** What SQLite answers when the statement or its values are wrong, and the file is well (sqlite.org/rescode.html). */
const harmless = /^SQLITE_(?:ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG)(?:_|$)/;

const isFailure = (error: Error): boolean =>
	'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_') && !harmless.test(error.code);

/**
 * @returns whether `error`, or what caused it, came from the database because it cannot be read or written; a bug of ours
 * is none.
 */
export const isStorageFailure = (error: unknown): boolean =>
	error instanceof Error && (isFailure(error) || isStorageFailure(error.cause));
