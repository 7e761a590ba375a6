/** The one way to a statement: only values that SQLite stores as they are get bound, everything else throws. */
import {reportFailure, type Database, type Row, type RunResult} from './open-database.ts';

/** What may be bound. `undefined` becomes NULL, a boolean 0 or 1. */
export type Bindable = string | number | bigint | boolean | Uint8Array | null | undefined;

/** A statement whose parameters (`?`, by position) pass through `bind`. Keep it: preparing costs more than running. */
export type BoundStatement = {
	run(...parameters: Bindable[]): RunResult;
	/** @returns the first row, or `undefined` */
	get(...parameters: Bindable[]): Row | undefined;
	all(...parameters: Bindable[]): Row[];
	/** The connection cannot write, nor run this statement again, until the iteration ends. */
	iterate(...parameters: Bindable[]): IterableIterator<Row>;
};

type Bound = string | number | bigint | Uint8Array | null;

const largestInteger = 2n ** 63n - 1n;
const smallestInteger = -(2n ** 63n);

/**
 * The driver stores every JavaScript number as REAL; as a bigint an integer stays one, also in columns and expressions
 * without an affinity. Integers beyond ±2^53 are floating point numbers already and stay so.
 */
const bindNumber = (value: number): Bound => {
	if (Number.isSafeInteger(value)) return BigInt(value);
	if (Number.isFinite(value)) return value;
	throw new TypeError(`${value} cannot be stored`);
};

const bindBigInt = (value: bigint): Bound => {
	if (value > largestInteger || value < smallestInteger) throw new RangeError('The integer does not fit into 64 bits');
	return value;
};

/**
 * @returns what the driver is given for `value`. Lone surrogates become U+FFFD. A NUL character is kept and read back,
 * but SQL's own functions (length, instr, full text) see the text before it only.
 * @throws TypeError or RangeError for what SQLite would store as something else
 */
export const bind = (value: Bindable): Bound => {
	switch (typeof value) {
		case 'string':
			return value.toWellFormed();
		case 'number':
			return bindNumber(value);
		case 'boolean':
			return value ? 1n : 0n;
		case 'bigint':
			return bindBigInt(value);
		case 'undefined':
			return null;
		case 'object':
			if (value === null || value instanceof Uint8Array) return value;
			break;
		default:
	}
	throw new TypeError(`A value of type ${typeof value} cannot be stored`);
};

const bindAll = (values: readonly Bindable[]): Bound[] => values.map(bind);

/** A damaged full-text table fails here already. */
const compile = (database: Database, sql: string): ReturnType<Database['prepare']> => {
	try {
		return database.prepare(sql);
	} catch (error) {
		throw reportFailure(database, error);
	}
};

/**
 * Compiles `sql`, one statement with `?` parameters. It throws an ExpectedError where disk or file fail.
 * @throws the driver's error when it does not compile
 */
export const prepare = (database: Database, sql: string): BoundStatement => {
	const statement = compile(database, sql);
	const perform = (method: 'run' | 'get' | 'all', parameters: readonly Bindable[]): unknown => {
		try {
			return statement[method](...bindAll(parameters));
		} catch (error) {
			throw reportFailure(database, error);
		}
	};
	return {
		run: (...parameters) => perform('run', parameters) as RunResult,
		get: (...parameters) => perform('get', parameters) as Row | undefined,
		all: (...parameters) => perform('all', parameters) as Row[],
		*iterate(...parameters) {
			try {
				yield* statement.iterate(...bindAll(parameters)) as IterableIterator<Row>;
			} catch (error) {
				throw reportFailure(database, error);
			}
		},
	};
};
