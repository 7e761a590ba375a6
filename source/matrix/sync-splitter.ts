/**
 * Cuts a /sync body into its rooms while it streams, so that a response of any size costs the memory of its largest
 * room. Everything outside `rooms` is parsed and kept (client-server API §GET /sync).
 */
import {unsafeKeys, type JsonObject} from '../domain/json.ts';
import type {RoomCategory} from '../domain/sync-response.ts';
import {NetworkError} from './network-errors.ts';

/** A room as text; parse it when its turn comes. */
export type RawRoom = {readonly roomId: string; readonly category: RoomCategory; readonly json: string};

export type SyncSplitter = {
	/** Takes the next bytes. @returns the rooms that became complete. @throws NetworkError when it is not a sync response */
	readonly push: (bytes: Uint8Array) => readonly RawRoom[];
	/** @returns the members of the response other than `rooms`. @throws NetworkError when the body was cut off */
	readonly end: () => JsonObject;
};

const byte = {
	quote: 34,
	backslash: 92,
	comma: 44,
	colon: 58,
	openBracket: 91,
	closeBracket: 93,
	openBrace: 123,
	closeBrace: 125,
} as const;
const spaces: ReadonlySet<number> = new Set([9, 10, 13, 32]);
const nullValue = Buffer.from('null');
const categories: ReadonlySet<string> = new Set<RoomCategory>(['join', 'leave', 'invite', 'knock']);

/**
 * Deepest nesting that is kept; well-meant responses have about 12, and whoever walks a value recurses. What is deeper is
 * cut off as `null`, because one member of one room can send it, and the server repeats a refused answer for ever. Room
 * events begin at level 7: one of which something was cut is deeper than `maximumEventDepth`, and no event for mx.
 */
const maximumDepth = 100;
/** Bytes of one captured value; a room of 50,000 members without lazy loading is about 20 MB. */
const maximumValue = 64 * 1024 * 1024;
/** Bytes between the values: a well-meant response has some braces and commas, a gzip bomb has hundreds of megabytes. */
const maximumBetween = 8 * 1024 * 1024;

const fail = (what: string): never => {
	throw new NetworkError({kind: 'server-error', message: `the server sent a sync answer that ${what}`});
};

const parse = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return fail('is not JSON');
	}
};

/** Structural levels: 1 top members, 2 room categories, 3 rooms. Deeper is inside a captured value. */
export const createSyncSplitter = (): SyncSplitter => {
	const top: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
	const path: string[] = ['', '', '', ''];
	let rooms: RawRoom[] = [];
	let depth = 0;
	let hasStarted = false;
	let isInString = false;
	let isEscaped = false;
	let isKeyExpected = false;
	let keyParts: Uint8Array[] | undefined;
	let valueParts: Uint8Array[] | undefined;
	let valueSize = 0;
	/** Bytes of all members other than `rooms`, which are kept until the end. */
	let topSize = 0;
	/** Bytes so far, and those of keys and values. */
	let size = 0;
	let keptSize = 0;
	let valueDepth = 0;
	/** Within what is cut off from the captured value. */
	let isCutOff = false;

	const count = (bytes: number): void => {
		valueSize += bytes;
		keptSize += bytes;
		if (valueSize + topSize > maximumValue) fail('is too large');
	};

	const keep = (parts: Uint8Array[], bytes: Uint8Array): void => {
		if (bytes.length === 0) return;
		count(bytes.length);
		// A copy: the stream may reuse its buffer.
		parts.push(Uint8Array.from(bytes));
	};

	const finishValue = (): void => {
		const json = Buffer.concat(valueParts ?? []).toString('utf8');
		valueParts = undefined;
		if (valueDepth === 1) topSize += valueSize;
		valueSize = 0;
		const [, first = '', second = '', third = ''] = path;
		if (valueDepth === 1) {
			if (!unsafeKeys.has(first) && first !== 'rooms') top[first] = parse(json);
		} else if (valueDepth === 3 && !unsafeKeys.has(third)) {
			rooms.push({roomId: third, category: second as RoomCategory, json});
		}
	};

	/** Whether the value after the key at `depth` is captured; `rooms` and its categories are walked through instead. */
	const isCaptured = (): boolean => {
		if (depth === 1) return path[1] !== 'rooms';
		if (depth === 2) return !categories.has(path[2] ?? '');
		return true;
	};

	const open = (isArray: boolean): void => {
		if (valueParts === undefined && isArray) {
			if (isKeyExpected) fail('has an unexpected shape');
			// A list where rooms should be holds none: it is captured, and dropped.
			valueParts = [];
			valueDepth = depth;
		}
		depth += 1;
		if (valueParts === undefined) isKeyExpected = true;
	};

	/** A byte before or after the one object that a body is. */
	const startAt = (current: number): void => {
		if (spaces.has(current)) return;
		if (hasStarted || current !== byte.openBrace) fail('is not a JSON object');
		hasStarted = true;
		open(false);
	};

	/** One pass over a chunk; `start` is where the captured value or key began in it. */
	const scan = (bytes: Uint8Array): void => {
		let start = 0;
		for (let index = 0; index < bytes.length; index++) {
			const current = bytes[index] as number;
			if (isInString) {
				if (isEscaped) isEscaped = false;
				else if (current === byte.backslash) isEscaped = true;
				else if (current === byte.quote) {
					isInString = false;
					if (keyParts !== undefined) {
						keep(keyParts, bytes.subarray(start, index));
						path[depth] = String(parse(`"${Buffer.concat(keyParts).toString('utf8')}"`));
						keyParts = undefined;
						valueSize = 0;
					}
				}
				continue;
			}
			if (depth === 0) {
				startAt(current);
				continue;
			}
			switch (current) {
				case byte.quote:
					isInString = true;
					if (isKeyExpected && valueParts === undefined) {
						keyParts = [];
						start = index + 1;
					}
					break;
				case byte.openBrace:
				case byte.openBracket:
					open(current === byte.openBracket);
					if (depth === maximumDepth + 1 && valueParts !== undefined) {
						keep(valueParts, bytes.subarray(start, index));
						keep(valueParts, nullValue);
						isCutOff = true;
						start = index;
					}
					break;
				case byte.closeBrace:
				case byte.closeBracket:
				case byte.comma:
					if (valueParts !== undefined && depth === valueDepth) {
						keep(valueParts, bytes.subarray(start, index));
						finishValue();
					}
					if (valueParts === undefined) {
						// Only objects are walked through; inside a captured value the parser checks.
						if (current === byte.closeBracket) fail('has an unexpected shape');
						isKeyExpected = current === byte.comma;
					}
					if (current === byte.comma) break;
					depth -= 1;
					if (isCutOff && depth === maximumDepth) {
						count(index - start);
						isCutOff = false;
						start = index + 1;
					}
					break;
				case byte.colon:
					if (valueParts === undefined && isKeyExpected) {
						isKeyExpected = false;
						if (isCaptured()) {
							valueParts = [];
							valueDepth = depth;
							start = index + 1;
						}
					}
					break;
			}
		}
		const open_ = keyParts ?? valueParts;
		if (isCutOff) count(bytes.length - start);
		else if (open_ !== undefined) keep(open_, bytes.subarray(start));
		size += bytes.length;
		if (size - keptSize > maximumBetween) fail('is too large');
	};

	return {
		push(bytes) {
			scan(bytes);
			const complete = rooms;
			rooms = [];
			return complete;
		},
		end() {
			if (!hasStarted || depth !== 0) fail('was cut off');
			return top as JsonObject;
		},
	};
};
