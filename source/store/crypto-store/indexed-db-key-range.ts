/** Ranges of keys: the IDBKeyRange of the API, and the half-open range of encoded keys that the records are read by. */
import {domError} from './dom-error.ts';
import {encodeKey} from './indexed-db-keys.ts';

/** Encoded keys from `from` (included) to `to` (not included). */
export type EncodedRange = {
	readonly from: Uint8Array;
	readonly to: Uint8Array;
	/** Set when the range holds this key only. */
	readonly only?: Uint8Array | undefined;
};

/** Every key. No encoded key is empty or begins with 0xff. */
export const everyKey: EncodedRange = {from: Uint8Array.of(), to: Uint8Array.of(0xff)};

/** @returns the bytes that come directly after `key`: nothing lies in between. */
export const after = (key: Uint8Array): Uint8Array => {
	const next = new Uint8Array(key.length + 1);
	next.set(key);
	return next;
};

/** @returns the range of one encoded key. */
export const onlyKey = (key: Uint8Array): EncodedRange => ({from: key, to: after(key), only: key});

/** Indexed Database API 3.0 §4.7. */
export class IDBKeyRange {
	readonly lower: unknown;
	readonly upper: unknown;
	readonly lowerOpen: boolean;
	readonly upperOpen: boolean;
	readonly encoded: EncodedRange;

	constructor(lower: unknown, upper: unknown, isLowerOpen: boolean, isUpperOpen: boolean) {
		this.lower = lower;
		this.upper = upper;
		this.lowerOpen = isLowerOpen;
		this.upperOpen = isUpperOpen;
		const low = lower === undefined ? undefined : encodeKey(lower);
		const high = upper === undefined ? undefined : encodeKey(upper);
		if (low && high) {
			const order = Buffer.compare(low, high);
			if (order > 0) throw domError('DataError', 'The lower bound is above the upper bound');
			if (order === 0 && (isLowerOpen || isUpperOpen)) throw domError('DataError', 'The range is empty');
			if (order === 0) {
				this.encoded = onlyKey(low);
				return;
			}
		}
		this.encoded = {
			from: low ? (isLowerOpen ? after(low) : low) : everyKey.from,
			to: high ? (isUpperOpen ? high : after(high)) : everyKey.to,
		};
	}

	static only(value: unknown): IDBKeyRange {
		return new IDBKeyRange(value, value, false, false);
	}

	static lowerBound(lower: unknown, isOpen = false): IDBKeyRange {
		return new IDBKeyRange(lower, undefined, isOpen, true);
	}

	static upperBound(upper: unknown, isOpen = false): IDBKeyRange {
		return new IDBKeyRange(undefined, upper, true, isOpen);
	}

	static bound(...[lower, upper, isLowerOpen, isUpperOpen]: [unknown, unknown, boolean?, boolean?]): IDBKeyRange {
		return new IDBKeyRange(lower, upper, isLowerOpen ?? false, isUpperOpen ?? false);
	}

	includes(key: unknown): boolean {
		const bytes = encodeKey(key);
		return Buffer.compare(bytes, this.encoded.from) >= 0 && Buffer.compare(bytes, this.encoded.to) < 0;
	}
}

/** @returns the range of a query: a range, a key, or every key for null and undefined. @throws DataError */
export const rangeOf = (query: unknown): EncodedRange => {
	if (query === undefined || query === null) return everyKey;
	return query instanceof IDBKeyRange ? query.encoded : onlyKey(encodeKey(query));
};

/** As `rangeOf`, where a query is required. @throws DataError */
export const requiredRangeOf = (query: unknown): EncodedRange => {
	if (query === undefined || query === null) throw domError('DataError', 'A key or a key range is required');
	return rangeOf(query);
};
