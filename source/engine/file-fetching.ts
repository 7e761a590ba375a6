/** Files of messages brought to the disk: fetched, decrypted, checked, and only then given their name. */
import {randomUUID} from 'node:crypto';
import {constants, rmSync} from 'node:fs';
import {copyFile, link, mkdir, open, unlink} from 'node:fs/promises';
import path from 'node:path';
import {ExpectedError} from '../domain/errors.ts';
import {sharedFile, sharedThumbnail, type SharedFile} from '../domain/media.ts';
import type {FetchedFile, FetchFileRequest, MediaRequests, Transfer} from '../domain/media-requests.ts';
import type {Message} from '../domain/message.ts';
import {safeFileName, splitName} from '../domain/safe-file-name.ts';
import type {MediaCalls} from '../matrix/media-calls.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import {decryptFile, FileDamaged} from '../store/file-cipher.ts';
import {fileError} from '../store/private-files.ts';

export type FileFetchingOptions = {
	readonly media: Pick<MediaCalls, 'download'>;
	/** @returns a message of the archive. */
	readonly message: (roomId: string, eventId: string) => Message | undefined;
	/** Directory for what is only looked at; made when it is needed. */
	readonly opened: string;
	readonly tell: (transfer: Transfer) => void;
	/** Milliseconds that only move forward. */
	readonly now: () => number;
};

/** Milliseconds between two words about how far a file is. */
const progressPause = 250;

/** Bytes of the largest file that is fetched. */
const largest = 16 * 1024 ** 3;

/** Names that are tried beside the wished one. */
const mostNames = 1000;

/** `most`: bytes. */
type Fetching = {readonly key: string; readonly rid: number; readonly signal: AbortSignal; readonly most: number};

const refused = (message: string, next?: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'refused'});

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** `salad.jpg`, `salad (2).jpg`, … */
const numbered = (name: string, number: number): string => {
	const [stem, ending] = splitName(name);
	return number === 1 ? name : `${stem} (${number})${ending}`;
};

/** Puts a file in its place, never in that of another one; hard links are not everywhere. @returns whether the place was free */
const place = async (from: string, to: string): Promise<boolean> => {
	try {
		await link(from, to);
		return true;
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return false;
	}
	try {
		await copyFile(from, to, constants.COPYFILE_EXCL);
		return true;
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return false;
		throw error;
	}
};

const placeSomewhere = async (from: string, folder: string, name: string): Promise<string> => {
	for (let number = 1; number <= mostNames; number++) {
		const to = path.join(folder, numbered(name, number));
		if (await place(from, to)) return to;
	}
	throw refused(`There are ${mostNames} files called ${name} in ${folder} already.`);
};

/** A file, and whether the server is to make it small. */
type Wanted = SharedFile & {readonly form: 'whole' | 'small'};

const fileOf = (message: Message | undefined, isThumbnail: boolean): Wanted => {
	if (message === undefined) throw new ExpectedError({message: 'The message is not known here.', reason: 'notFound'});
	if (message.redactedBy !== undefined) throw refused('The message was removed.');
	const file = sharedFile(message.content, message.type);
	if (file === undefined) throw refused('There is no file in this message that mx could fetch.');
	const thumbnail = isThumbnail ? sharedThumbnail(message.content) : undefined;
	if (thumbnail !== undefined) return {...file, ...thumbnail, size: undefined, form: 'whole'};
	return {...file, form: isThumbnail && file.keys === undefined ? 'small' : 'whole'};
};

export const createFileFetching = (options: FileFetchingOptions): Pick<MediaRequests, 'fetchFile' | 'stopFetching'> => {
	const {media, tell, now} = options;
	// What an earlier run has opened is looked at no more.
	rmSync(options.opened, {recursive: true, force: true});
	const running = new Map<string, AbortController>();

	/** @yields the bytes of a file as they come; progress is told meanwhile */
	const bytesOf = async function* (file: Wanted, {key, rid, signal, most}: Fetching): AsyncGenerator<Uint8Array> {
		const {body, size} = await media.download(file.uri, signal, file.form);
		const total = size ?? file.size ?? 0;
		let done = 0;
		let toldAt = Number.NEGATIVE_INFINITY;
		for await (const chunk of body) {
			done += chunk.byteLength;
			if (done > most) throw refused('The file is larger than what mx fetches.');
			yield chunk;
			const time = now();
			if (time - toldAt < progressPause) continue;
			toldAt = time;
			tell({key, rid, done, total: Math.max(done, total)});
		}
	};

	/** @param part path of a file that is not there yet */
	const write = async (part: string, bytes: AsyncIterable<Uint8Array>): Promise<number> => {
		const handle = await open(part, 'wx', 0o600);
		let size = 0;
		try {
			for await (const chunk of bytes) {
				size += chunk.byteLength;
				await handle.appendFile(chunk);
			}
		} finally {
			await handle.close();
		}
		return size;
	};

	const fetchInto = async (folder: string, file: Wanted, transfer: Fetching): Promise<FetchedFile> => {
		const part = path.join(folder, `.mx-${randomUUID()}.part`);
		try {
			await mkdir(folder, {recursive: true, mode: 0o700});
			const bytes = bytesOf(file, transfer);
			const size = await write(part, file.keys === undefined ? bytes : decryptFile(bytes, file.keys));
			transfer.signal.throwIfAborted();
			return {path: await placeSomewhere(part, folder, safeFileName(file.name)), size};
		} catch (error) {
			if (transfer.signal.aborted) throw refused('The file was not fetched: it was stopped.');
			if (error instanceof FileDamaged)
				throw refused(
					'The file is not the one that was sent: somebody changed it, or it was damaged.',
					'Nothing of it was kept.',
				);
			const known = fileError(folder, error);
			throw known instanceof ExpectedError ? known : toExpectedError(known, 'fetch the file');
		} finally {
			await unlink(part).catch(() => undefined);
		}
	};

	return {
		async fetchFile({roomId, eventId, folder, key, isThumbnail = false, largest: most = largest}: FetchFileRequest) {
			const message = options.message(roomId, eventId);
			const file = fileOf(message, isThumbnail);
			if (folder !== undefined && !path.isAbsolute(folder)) throw refused(`${folder} is not a whole path.`);
			if (running.has(key)) throw refused('The file is being fetched already.');
			const ending = new AbortController();
			running.set(key, ending);
			const rid = message?.rid ?? 0;
			try {
				// In a folder of its own: two files of one name, and nobody guesses where it is.
				const into = folder ?? path.join(options.opened, randomUUID());
				return await fetchInto(into, file, {key, rid, signal: ending.signal, most});
			} finally {
				running.delete(key);
				tell({key, rid, done: 0, total: 0, isOver: true});
			}
		},

		async stopFetching({key}) {
			const ending = running.get(key);
			ending?.abort();
			return {isDone: ending !== undefined};
		},
	};
};
