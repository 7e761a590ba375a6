/** IndexedDB values as bytes, and the keys inside of values (key paths). */
import v8 from 'node:v8';
import {domError} from './dom-error.ts';

/** Where a key lies inside of a value: a dotted path, several of them, or nowhere. */
export type KeyPath = string | readonly string[] | null;

// The first byte says how the rest is written. JSON stays readable across versions of Node, and it is what the crypto
// writes; V8's structured clone takes the rest.
const jsonTag = 0x4a;
const cloneTag = 0x56;
const maximumJsonDepth = 30;

const isPlainRecord = (value: object): value is Readonly<Record<string, unknown>> => {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
};

/** @returns whether JSON gives back exactly what a structured clone would. */
const isPlainJson = (value: unknown, depth = 0): boolean => {
	if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
	if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
	if (typeof value !== 'object' || depth > maximumJsonDepth) return false;
	if (Array.isArray(value)) {
		// Neither holes nor further properties.
		return Object.keys(value).length === value.length && value.every(item => isPlainJson(item, depth + 1));
	}
	if (!isPlainRecord(value)) return false;
	return Object.keys(value).every(key => isPlainJson(value[key], depth + 1));
};

/** @returns the value as bytes, a copy as of now. @throws DataCloneError for functions, symbols and the like */
export const encodeValue = (value: unknown): Uint8Array => {
	if (isPlainJson(value)) return Buffer.from(String.fromCharCode(jsonTag) + JSON.stringify(value));
	try {
		return Buffer.concat([Buffer.of(cloneTag), v8.serialize(value)]);
	} catch (error) {
		throw domError('DataCloneError', error instanceof Error ? error.message : String(error));
	}
};

/** @returns a fresh copy of the value that `encodeValue` made these bytes from. */
export const decodeValue = (bytes: Uint8Array): unknown => {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (buffer[0] === jsonTag) return JSON.parse(buffer.toString('utf8', 1)) as unknown;
	if (buffer[0] === cloneTag) return v8.deserialize(buffer.subarray(1)) as unknown;
	throw new Error(`A stored value begins with ${buffer[0]}`);
};

const step = (value: unknown, name: string): unknown =>
	value !== null && value !== undefined && Object.hasOwn(Object(value) as object, name)
		? (value as Readonly<Record<string, unknown>>)[name]
		: undefined;

const valueAtPath = (path: string, value: unknown): unknown =>
	path === '' ? value : path.split('.').reduce(step, value);

/** @returns what lies at the key path, not yet known to be a key; `undefined` when a part of it is missing. */
export const valueAt = (keyPath: KeyPath, value: unknown): unknown => {
	if (keyPath === null) return undefined;
	if (typeof keyPath === 'string') return valueAtPath(keyPath, value);
	const parts = keyPath.map(path => valueAtPath(path, value));
	return parts.includes(undefined) ? undefined : parts;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** @returns whether `putKeyAt` can write at the path: all that lies on it, the value included, are objects or missing. */
export const canPutKeyAt = (path: string, value: unknown): boolean => {
	let holder: unknown = value;
	for (const name of path.split('.').slice(0, -1)) {
		if (!isObject(holder)) return false;
		if (!Object.hasOwn(holder, name)) return true;
		holder = holder[name];
	}
	return isObject(holder);
};

/** Writes a generated key into the value, which is the store's own copy. */
export const putKeyAt = (path: string, value: unknown, key: number): void => {
	const names = path.split('.');
	const last = names.pop() ?? '';
	let holder = value as Record<string, unknown>;
	for (const name of names) holder = (holder[name] ??= {}) as Record<string, unknown>;
	holder[last] = key;
};
