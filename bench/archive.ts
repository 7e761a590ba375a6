/** Reading an archive of a million messages: a window of a timeline, a search, and all that the first paint needs. */
import {fork, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {parseSyncRoom, type SyncRoom} from '../source/domain/sync-response.ts';
import {openAccountDatabase} from '../source/store/account-database.ts';
import {chooseCipher, readCpuFlags} from '../source/store/open-database.ts';
import {createRoomWriter} from '../source/store/room-writer.ts';
import {createRandom, type Random} from '../test/helpers/random.ts';
import {median} from './figures.ts';
import type {ArchiveStart, ArchiveTimes} from './programs/read-archive.ts';
import type {BenchOptions, Figures} from './run.ts';
import {ownUser, roomIdOf} from './synthetic-account.ts';

const messageCount = 1_000_000;
const roomCount = 5000;
/** Messages of one room that come in one response. */
const batchSize = 50;
const batchesInTransaction = 20;
const coldRuns = 7;
/** One message in so many has the rare word. */
const rareEvery = 20_000;
const megabyte = 1_048_576;

/** How the rooms share the messages, so that the biggest of 5,000 has 58,000 of a million. */
const steepness = 0.855;

const vocabulary = Array.from({length: 20_000}, (_, index) => `word${index.toString(36)}`);

/** Small numbers far more often than large ones, as words are used. */
const skewed = (random: Random, limit: number): number =>
	Math.floor(limit ** (random.below(1_000_000) / 1_000_000)) - 1;

const bodyOf = (random: Random, count: number): string => {
	const words = Array.from({length: 3 + random.below(15)}, () => vocabulary[skewed(random, vocabulary.length)]);
	return [...words, ...(count % rareEvery === 0 ? ['serendipity'] : [])].join(' ');
};

/** Which room each batch is for: every room has one, the big ones many, all mixed as life mixes them. */
const roomsOfBatches = (random: Random, messages: number): readonly number[] => {
	const weights = Array.from({length: roomCount}, (_, index) => (index + 1) ** -steepness);
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	const batches = weights.flatMap((weight, room) =>
		Array.from({length: Math.max(1, Math.round((messages * weight) / total / batchSize))}, () => room),
	);
	for (let index = batches.length - 1; index > 0; index--) {
		const other = random.below(index + 1);
		[batches[index], batches[other]] = [batches[other] as number, batches[index] as number];
	}
	return batches;
};

/** Writes the archive as the engine does: by the room writer, a response's part of a room at a time. */
const writeArchive = (options: Parameters<typeof openAccountDatabase>[0], messages: number) => {
	const account = openAccountDatabase(options);
	const rooms = createRoomWriter(account, ownUser);
	const random = createRandom(1);
	const batches = roomsOfBatches(random, messages);
	const perBatch = messages / batches.length;
	const started = Date.UTC(2020, 0, 1);
	let count = 0;
	const nextRoom = (room: number, size: number): SyncRoom => {
		const events = Array.from({length: size}, () => {
			count += 1;
			return {
				type: 'm.room.message',
				event_id: `$${count.toString(36).padStart(8, '0')}${'a'.repeat(35)}`,
				sender: random.chance(0.25) ? ownUser : `@user${(room * 3 + random.below(8)) % 10_000}:other.example`,
				origin_server_ts: started + count * 100_000,
				content: {msgtype: 'm.text', body: bodyOf(random, count)},
			};
		});
		const create = {
			type: 'm.room.name',
			state_key: '',
			event_id: `$name${room}`,
			sender: ownUser,
			origin_server_ts: started,
		};
		return parseSyncRoom(roomIdOf(room), 'join', {
			state: {events: [{...create, content: {name: `Room ${room}`}}]},
			timeline: {events, prev_batch: 't0', limited: false},
			unread_notifications: {notification_count: random.chance(0.2) ? 3 : 0, highlight_count: 0},
		});
	};
	for (let index = 0; index < batches.length; index += batchesInTransaction) {
		account.write(() => {
			for (const [offset, room] of batches.slice(index, index + batchesInTransaction).entries()) {
				const isFull = Math.round((index + offset + 1) * perBatch) - count;
				rooms.applyRoom(nextRoom(room, isFull));
			}
		});
	}
	const biggest = account.database
		.prepare('SELECT count(*) AS count FROM event JOIN room ON room.rid = event.rid WHERE room_id = ?')
		.get(roomIdOf(0)) as {readonly count: number};
	account.close();
	return {count, biggest: biggest.count};
};

/** Drops what the system has cached of a file, and of no other (posix_fadvise DONTNEED on all of it). */
const dropFromCache = (file: string): void => {
	const {status} = spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], {stdio: 'ignore'});
	if (status !== 0) throw new Error('dd cannot drop a file from the cache; GNU coreutils are needed');
};

const readArchive = async (start: ArchiveStart): Promise<ArchiveTimes> => {
	const script = join(import.meta.dirname, 'programs/read-archive.ts');
	const child = fork(script, [JSON.stringify(start)], {execArgv: []});
	const [times] = (await Promise.race([
		once(child, 'message'),
		once(child, 'exit').then(() => Promise.reject(new Error('The reading process failed'))),
	])) as [ArchiveTimes];
	await once(child, 'exit');
	return times;
};

/** See docs/benchmarks.md. `--messages N` for another size than a million. */
export const benchArchive = async (options: BenchOptions): Promise<Figures> => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-bench-archive-'));
	process.once('exit', () => rmSync(directory, {recursive: true, force: true}));
	const file = join(directory, 'account.db');
	const key = new Uint8Array(32).fill(7);
	const cipher = chooseCipher(readCpuFlags());
	const started = performance.now();
	const {count, biggest} = writeArchive({file, key, cipher}, options['messages'] ?? messageCount);
	const seconds = (performance.now() - started) / 1000;
	const start: ArchiveStart = {
		file,
		key: Buffer.from(key).toString('base64'),
		cipher,
		userId: ownUser,
		biggestRoom: roomIdOf(0),
		searches: {common: 'word1', rare: 'serendipity', two: 'word1 word2', several: 'word5 wordk word3'},
	};
	spawnSync('sync', [file]);
	const cold: ArchiveTimes[] = [];
	const warm: ArchiveTimes[] = [];
	for (let run = 0; run < coldRuns; run++) {
		dropFromCache(file);
		cold.push(await readArchive(start));
		warm.push(await readArchive(start));
	}
	const all = [...cold, ...warm];
	const names = Object.keys(start.searches);
	const searches = names.map(name => [name, median(all.map(times => times.searches[name] ?? Number.NaN))] as const);
	const newest = median(all.map(times => times.newest));
	const middle = median(all.map(times => times.middle));
	return {
		timeline_window_ms: Math.max(newest, middle),
		search_ms: Math.max(...searches.map(([, time]) => time)),
		first_paint_data_ms: median(cold.map(times => times.firstPaint)),
		first_paint_data_warm_ms: median(warm.map(times => times.firstPaint)),
		timeline_newest_ms: newest,
		timeline_middle_ms: middle,
		...Object.fromEntries(searches.map(([name, time]) => [`search_${name}_ms`, time])),
		...Object.fromEntries(names.map(name => [`search_${name}_found`, warm[0]?.found[name] ?? 0])),
		messages: count,
		biggest_room: biggest,
		database_mb: statSync(file).size / megabyte,
		written_per_second: count / seconds,
	};
};
