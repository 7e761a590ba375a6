/** Random programs of IndexedDB calls, and their outcome on an implementation: the two halves of the differential test. */
import type {Random} from '../../helpers/random.ts';
import {endOf, openIndexedDB, resultOf, type Implementation} from './indexed-db-promises.ts';

type Key = string | number;
/** A single key, or bounds; bounds in the wrong order stand for the lower key. */
type RangeSpec =
	| {readonly kind: 'only'; readonly key: Key}
	| {
			readonly kind: 'bound';
			readonly lower: Key;
			readonly upper: Key;
			readonly isLowerOpen: boolean;
			readonly isUpperOpen: boolean;
	  };

type Call = {
	readonly store: StoreName;
	readonly index?: string | undefined;
	/** Whether the next call is made only when this one has its result. */
	readonly isAwaited: boolean;
} & (
	| {readonly kind: 'put' | 'add'; readonly value: object; readonly key?: Key | undefined}
	| {readonly kind: 'get' | 'getKey' | 'count' | 'delete'; readonly range: RangeSpec | undefined}
	| {readonly kind: 'getAll' | 'getAllKeys'; readonly range: RangeSpec | undefined; readonly limit: number | undefined}
	| {readonly kind: 'clear'}
	| {
			readonly kind: 'cursor';
			readonly range: RangeSpec | undefined;
			readonly direction: 'next' | 'prev';
			readonly isUpdating: boolean;
			readonly isDeleting: boolean;
	  }
);

type Step =
	| {readonly kind: 'upgrade'; readonly change: 'index' | 'store'}
	| {
			readonly kind: 'transaction';
			readonly mode: 'readonly' | 'readwrite';
			readonly calls: readonly Call[];
			readonly end: 'auto' | 'commit' | 'abort';
	  };

export type Program = readonly Step[];

const storeNames = ['plain', 'inline', 'generated', 'inlineGenerated'] as const;
type StoreName = (typeof storeNames)[number];
const indexNames = ['number', 'unique', 'many', 'compound'] as const;

// The characters around the limits of the key encoding, and surrogates.
const characters = 'ab\0\u001d\u001e~\u007f\u0080é\u3f7e\u3f7f\u4000\ud83d\ude00\ufffd\uffffz'.split('');

export const randomText = (random: Random): string =>
	Array.from({length: random.below(4)}, () => random.pick(characters)).join('');

const randomKey = (random: Random): Key =>
	random.pick([random.below(6), `k${random.below(6)}`, randomText(random), random.below(3)]);

const randomRange = (random: Random): RangeSpec | undefined => {
	if (random.chance(0.25)) return undefined;
	if (random.chance(0.33)) return {kind: 'only', key: randomKey(random)};
	const [isLowerOpen, isUpperOpen] = [random.chance(0.4), random.chance(0.4)];
	return {kind: 'bound', lower: randomKey(random), upper: randomKey(random), isLowerOpen, isUpperOpen};
};

const randomValue = (random: Random): object => ({
	text: randomText(random),
	...(random.chance(0.6) && {n: random.below(4)}),
	...(random.chance(0.3) && {u: random.pick([random.below(6), 'q'])}),
	...(random.chance(0.3) && {m: [random.below(3), random.below(3), true]}),
	...(random.chance(0.3) && {x: random.below(2)}),
	...(random.chance(0.1) && {bytes: Uint8Array.of(1, 2)}),
	...(random.chance(0.1) && {date: new Date(5)}),
});

const randomSave = (random: Random, store: StoreName): Call => {
	const kind = random.pick(['put', 'put', 'add'] as const);
	const isAwaited = random.chance(0.5);
	const value = randomValue(random);
	if (store === 'plain') return {kind, store, value, key: randomKey(random), isAwaited};
	if (store === 'inline' && random.chance(0.95))
		return {kind, store, value: {...value, id: randomKey(random)}, isAwaited};
	return {kind, store, value, isAwaited};
};

const randomCall = (random: Random): Call => {
	const store = random.pick<StoreName>(['plain', 'plain', ...storeNames]);
	if (random.chance(0.4)) return randomSave(random, store);
	const base = {store, isAwaited: random.chance(0.5)};
	if (random.chance(0.13)) return {...base, kind: 'delete', range: randomRange(random)};
	if (random.chance(0.04)) return {...base, kind: 'clear'};
	const index = store === 'plain' && random.chance(0.5) ? random.pick(indexNames) : undefined;
	const read = {...base, index, range: randomRange(random)};
	switch (random.below(4)) {
		case 0:
			return {...read, kind: random.pick(['get', 'getKey'] as const)};
		case 1: {
			const limit = random.chance(0.3) ? 1 + random.below(3) : undefined;
			return {...read, kind: random.pick(['getAll', 'getAllKeys'] as const), limit};
		}
		case 2:
			return {...read, kind: 'count'};
		default: {
			const direction = random.pick(['next', 'next', 'prev'] as const);
			const [isUpdating, isDeleting] = [random.chance(0.3), random.chance(0.2)];
			return {...read, kind: 'cursor', direction, isUpdating, isDeleting, isAwaited: true};
		}
	}
};

const randomStep = (random: Random): Step =>
	random.chance(0.1)
		? {kind: 'upgrade', change: random.pick(['index', 'store'] as const)}
		: {
				kind: 'transaction',
				mode: random.chance(0.7) ? 'readwrite' : 'readonly',
				calls: Array.from({length: 1 + random.below(7)}, () => randomCall(random)),
				end: random.pick(['auto', 'auto', 'commit', 'abort'] as const),
			};

export const randomProgram = (random: Random): Program =>
	Array.from({length: 3 + random.below(8)}, () => randomStep(random));

/** Makes results comparable: buffers and dates become tagged strings, and -0 is 0, as it is among keys. */
const comparable = (value: unknown): unknown => {
	if (value instanceof Date) return `date ${value.getTime()}`;
	if (value instanceof ArrayBuffer) return `bytes ${new Uint8Array(value).toString()}`;
	if (value instanceof Uint8Array) return `bytes ${value.toString()}`;
	if (Array.isArray(value)) return value.map(comparable);
	if (typeof value === 'object' && value !== null)
		return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, comparable(item)]));
	if (value === undefined) return 'undefined';
	return value === 0 ? 0 : value;
};

const describe = (value: unknown): string => JSON.stringify(comparable(value));

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

const createStores = (database: IDBDatabase): void => {
	const plain = database.createObjectStore('plain');
	plain.createIndex('number', 'n');
	plain.createIndex('unique', 'u', {unique: true});
	plain.createIndex('many', 'm', {multiEntry: true});
	plain.createIndex('compound', ['n', 'u']);
	database.createObjectStore('inline', {keyPath: 'id'});
	database.createObjectStore('generated', {autoIncrement: true});
	database.createObjectStore('inlineGenerated', {keyPath: 'id', autoIncrement: true});
};

const changeStores = (change: 'index' | 'store', database: IDBDatabase, transaction: IDBTransaction): void => {
	if (change === 'store') {
		if (database.objectStoreNames.contains('extra')) database.deleteObjectStore('extra');
		else database.createObjectStore('extra').put(1, 1);
		return;
	}
	const plain = transaction.objectStore('plain');
	if (plain.indexNames.contains('extra')) plain.deleteIndex('extra');
	else plain.createIndex('extra', 'x');
};

const rangeFor = (KeyRange: typeof IDBKeyRange, range: RangeSpec | undefined): IDBKeyRange | Key | undefined => {
	if (!range) return undefined;
	if (range.kind === 'only') return range.key;
	try {
		return KeyRange.bound(range.lower, range.upper, range.isLowerOpen, range.isUpperOpen);
	} catch {
		return range.lower;
	}
};

const longestWalk = 8;

/** Walks a cursor, changing and deleting on the way. @returns what it saw */
const walk = (call: Extract<Call, {kind: 'cursor'}>, request: IDBRequest<IDBCursorWithValue | null>): Promise<string> =>
	new Promise(resolve => {
		const seen: string[] = [];
		const step = (cursor: IDBCursorWithValue): void => {
			seen.push(describe([cursor.key, cursor.primaryKey, cursor.value]));
			if (seen.length > longestWalk) return resolve(seen.join());
			if (call.isUpdating && seen.length % 3 === 1 && !call.index)
				cursor.update({...(cursor.value as object), z: seen.length});
			if (call.isDeleting && seen.length % 3 === 2) cursor.delete();
			cursor.continue();
		};
		request.onsuccess = () => {
			const cursor = request.result;
			if (!cursor) return resolve(seen.join());
			try {
				step(cursor);
			} catch (error) {
				resolve([...seen, nameOf(error)].join());
			}
		};
		request.addEventListener('error', event => {
			event.preventDefault();
			resolve([...seen, nameOf(request.error)].join());
		});
	});

/** Makes one call. @returns its outcome as text @throws what the call throws at once */
const perform = (KeyRange: typeof IDBKeyRange, transaction: IDBTransaction, call: Call): Promise<string> => {
	const store = transaction.objectStore(call.store);
	const source = call.index === undefined ? store : store.index(call.index);
	const outcome = <Result>(request: IDBRequest<Result>): Promise<string> =>
		resultOf(request).then(describe, (error: unknown) => `fails with ${nameOf(error)}`);
	switch (call.kind) {
		case 'put':
		case 'add':
			return outcome(call.key === undefined ? store[call.kind](call.value) : store[call.kind](call.value, call.key));
		case 'clear':
			return outcome(store.clear());
		case 'delete':
			return outcome(store.delete(rangeFor(KeyRange, call.range) as IDBKeyRange));
		case 'get':
		case 'getKey':
			return outcome(source[call.kind](rangeFor(KeyRange, call.range) as IDBKeyRange));
		case 'count':
			return outcome(source.count(rangeFor(KeyRange, call.range)));
		case 'getAll':
		case 'getAllKeys':
			return outcome(source[call.kind](rangeFor(KeyRange, call.range), call.limit) as IDBRequest<unknown[]>);
		default:
			return walk(call, source.openCursor(rangeFor(KeyRange, call.range), call.direction));
	}
};

const runTransaction = async (
	{KeyRange}: Implementation,
	database: IDBDatabase,
	step: Extract<Step, {kind: 'transaction'}>,
): Promise<string[]> => {
	const transaction = database.transaction(storeNames, step.mode);
	const end = endOf(transaction);
	const outcomes: Promise<string>[] = [];
	for (const call of step.calls) {
		try {
			const outcome = perform(KeyRange, transaction, call);
			outcomes.push(outcome);
			if (call.isAwaited) await outcome;
		} catch (error) {
			outcomes.push(Promise.resolve(`throws ${nameOf(error)}`));
		}
	}
	try {
		if (step.end === 'abort') transaction.abort();
		else if (step.end === 'commit') transaction.commit();
	} catch (error) {
		outcomes.push(Promise.resolve(`the end throws ${nameOf(error)}`));
	}
	return [await end, ...(await Promise.all(outcomes))];
};

const contents = async (database: IDBDatabase): Promise<string[]> => {
	const transaction = database.transaction(storeNames);
	const reads = storeNames.flatMap<Promise<unknown>>(name => {
		const store = transaction.objectStore(name);
		return [resultOf(store.getAllKeys()), resultOf(store.getAll())];
	});
	for (const name of indexNames) reads.push(resultOf(transaction.objectStore('plain').index(name).getAllKeys()));
	return (await Promise.all(reads)).map(describe);
};

/** @returns all that the program could see, in the end the contents of the database. */
export const runProgram = async (implementation: Implementation, program: Program): Promise<string[]> => {
	const {factory} = implementation;
	let database = await openIndexedDB(factory, {name: 'fuzz', version: 1, upgrade: createStores});
	const seen: string[] = [];
	for (const step of program) {
		if (step.kind === 'transaction') {
			seen.push(...(await runTransaction(implementation, database, step)));
			continue;
		}
		database.close();
		database = await openIndexedDB(factory, {
			name: 'fuzz',
			version: database.version + 1,
			upgrade: (upgraded, transaction) => changeStores(step.change, upgraded, transaction),
		});
		seen.push(`version ${database.version} with ${[...database.objectStoreNames].join()}`);
	}
	seen.push(...(await contents(database)));
	database.close();
	return seen;
};
