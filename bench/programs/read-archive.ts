/** Reads a large archive as the screen does, in a process that has not seen it before. Argument: what opens it, as JSON. */
import process from 'node:process';
import {openAccountReader} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {parseSearch} from '../../source/domain/search-query.ts';
import {createMessageSearch} from '../../source/store/message-search.ts';
import type {Cipher} from '../../source/store/open-database.ts';
import {median} from '../figures.ts';

/** How the archive is opened, and what is looked for. */
export type ArchiveStart = {
	readonly file: string;
	/** Base64. */
	readonly key: string;
	readonly cipher: Cipher;
	readonly userId: string;
	readonly biggestRoom: string;
	readonly searches: Readonly<Record<string, string>>;
};

/** Milliseconds of one run: medians of many, but for `firstPaint`, which happens once in a process. */
export type ArchiveTimes = {
	readonly firstPaint: number;
	readonly newest: number;
	readonly middle: number;
	readonly searches: Readonly<Record<string, number>>;
	/** Messages found by each search, to show that it did something. */
	readonly found: Readonly<Record<string, number>>;
};

const windowSize = 50;
const listSize = 100;
const repetitions = 41;

const timed = (action: () => void): number => {
	const started = performance.now();
	action();
	return performance.now() - started;
};

const medianOf = (action: () => void): number => median(Array.from({length: repetitions}, () => timed(action)));

const {file, key, cipher, userId, biggestRoom, searches} = JSON.parse(process.argv[2] ?? '') as ArchiveStart;
const started = performance.now();
const database = openAccountReader({file, key: new Uint8Array(Buffer.from(key, 'base64')), cipher});
const reader = createAccountReader(database, userId);
const [top] = reader.rooms({offset: 0, limit: listSize});
reader.roomCount();
reader.totals();
reader.timeline({rid: top?.rid ?? 0, limit: windowSize});
const firstPaint = performance.now() - started;

const rid = reader.roomById(biggestRoom)?.rid ?? 0;
const newestMessage = reader.timeline({rid, limit: 1}).messages[0];
if (newestMessage === undefined) throw new Error('The biggest room is empty');
const before = {chunkOrder: newestMessage.chunkOrder, position: Math.floor(newestMessage.position / 2)};
const search = createMessageSearch(database, userId);
const find = (words: string) => {
	const parsed = parseSearch(words, {now: Date.now()});
	return parsed.kind === 'query' ? search.find({query: parsed.query, limit: windowSize}).messages : [];
};
const results: ArchiveTimes = {
	firstPaint,
	newest: medianOf(() => reader.timeline({rid, limit: windowSize})),
	middle: medianOf(() => reader.timeline({rid, limit: windowSize, before})),
	searches: Object.fromEntries(Object.entries(searches).map(([name, words]) => [name, medianOf(() => find(words))])),
	found: Object.fromEntries(Object.entries(searches).map(([name, words]) => [name, find(words).length])),
};
process.send?.(results, () => process.exit(0));
