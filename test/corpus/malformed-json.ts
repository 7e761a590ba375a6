/** Wrong JSON from right JSON: every field takes every wrong value, and is left out. */
import type {JsonObject, JsonValue} from '../../source/domain/json.ts';
import type {Random} from '../helpers/random.ts';

const deep = 2000;

/** As JSON, so that it may be what JSON.stringify would not write. */
export const wrongValues: readonly string[] = [
	'null',
	'true',
	'false',
	'-1',
	'1e308',
	'1.5',
	'9007199254740993',
	'""',
	'"__proto__"',
	'"constructor"',
	'"\\u001b]0;title\\u0007\\u202e"',
	'[]',
	'{}',
	'[null]',
	JSON.stringify('x'.repeat(20_000)),
	'"\\ud800"',
	'"\\u0000"',
	'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
	`${'['.repeat(deep / 2)}${'{"a":'.repeat(deep / 2)}1${'}'.repeat(deep / 2)}${']'.repeat(deep / 2)}`,
];

/** A place in a value: keys and indexes from the outside in. */
type Path = readonly (string | number)[];

const isContainer = (value: unknown): value is JsonObject | readonly JsonValue[] =>
	typeof value === 'object' && value !== null;

/** @returns every place in a value, itself among them. */
const pathsOf = (value: JsonValue | undefined, path: Path = []): readonly Path[] => [
	path,
	...(isContainer(value)
		? Object.entries(value).flatMap(([key, inner]) =>
				pathsOf(inner as JsonValue, [...path, Array.isArray(value) ? Number(key) : key]),
			)
		: []),
];

/** A string that nothing else contains, to be replaced by JSON. */
const markOf = (index: number): string => `\u2063${index}\u2063`;
const marks = /"\u2063(\d+)\u2063"/gu;

/** Puts a mark at a place, or takes the place away. */
const changed = (
	value: JsonValue | undefined,
	[key, ...rest]: Path,
	mark: string | undefined,
): JsonValue | undefined => {
	if (key === undefined || !isContainer(value)) return mark;
	if (Array.isArray(value)) {
		const items = (value as readonly JsonValue[]).map((item, index) =>
			index === key ? changed(item, rest, mark) : item,
		);
		return items.filter(item => item !== undefined);
	}
	const object = value as JsonObject;
	return {...object, [key]: changed(object[String(key)], rest, mark)};
};

const written = (value: JsonValue | undefined): string =>
	(JSON.stringify(value) ?? 'null').replaceAll(marks, (_mark, index: string) => wrongValues[Number(index)] ?? 'null');

/** @returns the JSON of a value with each of its fields wrong in each way, one at a time. */
export const everyMalformed = function* (value: JsonObject): Generator<string, void, undefined> {
	for (const path of pathsOf(value)) {
		for (const index of wrongValues.keys()) yield written(changed(value, path, markOf(index)));
		if (path.length > 0) yield written(changed(value, path, undefined));
	}
};

/** @returns the JSON of a value that is wrong in two or three fields. */
export const someMalformed = (value: JsonObject, random: Random): string => {
	let result: JsonValue | undefined = value;
	for (let count = 2 + random.below(2); count > 0; count--) {
		const path = random.pick(pathsOf(result).slice(1));
		if (path === undefined) continue;
		result = changed(result, path, random.chance(0.1) ? undefined : markOf(random.below(wrongValues.length)));
	}
	return written(result);
};
