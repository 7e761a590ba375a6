/** JSON as it comes from the network, from disk or from arguments, and total functions that narrow it. */

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; every member may be missing. */
export type JsonObject = {readonly [key: string]: JsonValue | undefined};

/** @returns whether `value` is a JSON object: not null, not an array. */
export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns `value` if it is an object, else an empty one. */
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** @returns `value` if it is an array, else an empty one. */
export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** @returns `value` if it is a string, else `undefined`. */
export const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** @returns `value` if it is a finite integer within ±2^53, else `undefined`. */
export const asInteger = (value: unknown): number | undefined =>
	typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;

/** @returns the parsed JSON, or `undefined` if `text` is not JSON. */
export const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
};

/** Keys from the network that must not become keys of an object. */
export const unsafeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
