/** Takes secrets and message text out of what goes to the log, and makes control characters visible. Pure and total. */
import type {JsonValue} from './json.ts';

const removed = '[removed]';

/** Longest text that is looked through, in UTF-16 units; a log line quotes less. */
const longestText = 65_536;
const longestEntry = 8192;
const deepest = 6;
const mostItems = 50;

/** One letter of base58, the alphabet of recovery keys (Matrix spec §Recovery key). */
const base58 = '[1-9A-HJ-NP-Za-km-z]';

const secretName =
	'(?:access|refresh|id|login|session|bearer|auth)[-_]?token|loginToken|passw(?:or)?d|passphrase|pass_?key' +
	'|(?:client|shared|macaroon|registration)[-_]?(?:shared[-_]?)?secret|recovery[-_]?key|master[-_]?key|storage[-_]?key|private[-_]?key';

/** Each pattern keeps its first group and loses the rest. */
const patterns: readonly RegExp[] = [
	// Tokens of Synapse (syt_ access, syr_ refresh, syl_ login) and of the Matrix Authentication Service (mat_, mar_, mct_, mcr_).
	/()\b(?:sy[trl]|ma[trc]|mc[trc])_[\w.~+/=-]{4,}/g,
	// Recovery keys: 48 letters from the bytes 8B 01 on, which begin with Es; written in groups of four.
	new RegExp(`()\\bEs${base58}{2}(?:[\\s-]{0,2}${base58}{4}){11}`, 'g'),
	/(\bauthorization\\?["']?\s{0,3}[:=,]\s{0,3}\\?["']?)(?:(?:bearer|basic|digest)\s+)?[^\s"'\\,;}]+/gi,
	/(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi,
	new RegExp(`((?:${secretName})\\\\?["']?\\s{0,3}(?:[:=]|%3d)\\s{0,3}\\\\?["'])(?:[^"'\\\\]|\\\\[^"'])+`, 'gi'),
	new RegExp(`((?:${secretName})\\s{0,3}(?:[:=]|%3d)\\s{0,3})[^\\s"'\\\\&,;}]+`, 'gi'),
	// A password in a URL.
	/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,200}:)[^\s/@"']+(?=@)/gi,
];

/** @returns `text` without tokens, recovery keys, passwords and Authorization headers; at most 8,192 UTF-16 units of it. */
export const redact = (text: string): string => {
	let result = text.slice(0, longestText);
	for (const pattern of patterns) result = result.replace(pattern, `$1${removed}`);
	if (result.length <= longestEntry) return text.length > longestText ? `${result}…` : result;
	return `${result.slice(0, longestEntry)}…`;
};

/** Fields whose value is a secret, or what a person wrote: they are never logged, whatever their value. */
const isPrivateField = (name: string): boolean =>
	/token|passw|passphrase|secret|authorization|cookie|recovery.?key|master.?key|storage.?key|private.?key|signing.?key|session.?key|one.?time.?key|encryptedData|^mx_?key$/i.test(
		name,
	) || /^(?:new_|formatted_)?body$|^(?:m\.new_)?content$|^plaintext$|^ciphertext$|^topic$|^displayname$/i.test(name);

const redactError = (error: Error, depth: number): JsonValue => ({
	name: redact(error.name),
	message: redact(error.message),
	stack: redact(error.stack ?? ''),
	...(error.cause === undefined ? {} : {cause: redactAt(error.cause, depth + 1)}),
});

const redactMembers = (value: object, depth: number): JsonValue => {
	const result: Record<string, JsonValue> = {};
	const names = Object.keys(value);
	for (const name of names.slice(0, mostItems)) {
		// Object.defineProperty: a member named __proto__ must stay a member.
		const redacted = isPrivateField(name) ? removed : redactAt((value as Record<string, unknown>)[name], depth + 1);
		Object.defineProperty(result, redact(name), {value: redacted, enumerable: true, configurable: true});
	}
	if (names.length > mostItems) result['…'] = `${names.length - mostItems} more`;
	return result;
};

const redactObject = (value: object, depth: number): JsonValue => {
	if (value instanceof Error) return redactError(value, depth);
	if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
	if (value instanceof URL) return redact(value.href);
	if (value instanceof Map || value instanceof Set) return `[${value.size} entries]`;
	if (depth >= deepest) return '[deep]';
	if (Array.isArray(value)) {
		const items = value.slice(0, mostItems).map(item => redactAt(item, depth + 1));
		return value.length > mostItems ? [...items, `… ${value.length - mostItems} more`] : items;
	}
	return redactMembers(value, depth);
};

const redactAt = (value: unknown, depth: number): JsonValue => {
	switch (typeof value) {
		case 'string':
			return redact(value);
		case 'number':
			return Number.isFinite(value) ? value : String(value);
		case 'boolean':
			return value;
		case 'bigint':
			return String(value);
		case 'undefined':
			return null;
		case 'function':
		case 'symbol':
			return `[${typeof value}]`;
		case 'object':
	}
	if (value === null) return null;
	try {
		return redactObject(value, depth);
	} catch {
		// A getter or proxy of somebody else's threw; the rest of the line is worth having.
		return '[unreadable]';
	}
};

/**
 * @returns a JSON value that says of `value` what a log may hold: strings redacted, private fields removed, errors with
 * their stacks, bytes and maps by their size only, at most six levels deep and 50 members wide. Never throws.
 */
export const redactValue = (value: unknown): JsonValue => redactAt(value, 0);

/**
 * What JSON.stringify leaves as it is and yet moves, hides or reorders text on a terminal or in an editor: DEL and C1,
 * line separators, bidirectional controls, zero-width characters.
 */
const hiddenCharacters = /[\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** @returns one line of JSON in which every control or invisible character is a \u escape. */
export const escapedJson = (value: JsonValue): string =>
	JSON.stringify(value).replace(
		hiddenCharacters,
		character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
