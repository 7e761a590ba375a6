/**
 * Copies of files that wait to be sent, encrypted each with keys of its own: those in the outbox row. What goes into an
 * encrypted room is uploaded as it lies here; for another room it is decrypted on the way.
 */
import {randomUUID} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {mkdir, open, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import type {FileKeys} from '../domain/media.ts';
import {createFileEncryption, decryptFile} from './file-cipher.ts';
import {fileError, removeFile, syncDirectory} from './private-files.ts';

/** A copy. */
export type KeptFile = {
	/** Its name in the directory. */
	readonly name: string;
	/** Bytes. */
	readonly size: number;
	readonly keys: FileKeys;
};

export type OutgoingFiles = ReturnType<typeof createOutgoingFiles>;

/** Bytes that are read at once. */
const pieceSize = 64 * 1024;

/** @param directory is made when the first file comes */
export const createOutgoingFiles = (directory: string) => {
	/** Names of copies that no row speaks of yet. */
	const fresh = new Set<string>();
	/** Whether there may be copies; at first nobody knows. */
	let hasAny = true;

	const write = async (name: string, source: AsyncIterable<Uint8Array>): Promise<KeptFile> => {
		const encryption = createFileEncryption();
		const file = await open(path.join(directory, name), 'wx', 0o600);
		let size = 0;
		try {
			for await (const chunk of source) {
				size += chunk.byteLength;
				await file.appendFile(encryption.push(chunk));
			}
			await file.sync();
		} finally {
			await file.close();
		}
		syncDirectory(directory);
		return {name, size, keys: encryption.end()};
	};

	return {
		/**
		 * Copies what a source gives; durable when it answers. `settle` must be called with the name afterwards.
		 * @throws ExpectedError when the disk refuses; whatever the source throws
		 */
		async keep(source: AsyncIterable<Uint8Array>): Promise<KeptFile> {
			const name = randomUUID();
			fresh.add(name);
			hasAny = true;
			try {
				await mkdir(directory, {recursive: true, mode: 0o700});
				return await write(name, source);
			} catch (error) {
				fresh.delete(name);
				removeFile(path.join(directory, name));
				throw fileError(directory, error);
			}
		},

		/** A row speaks of the copy from now on, or nobody does: then it goes with the next `removeOthers`. */
		settle: (name: string): void => void fresh.delete(name),

		/** @returns whether a copy is there, as long as it was. */
		async isWhole({name, size}: Pick<KeptFile, 'name' | 'size'>): Promise<boolean> {
			try {
				return (await stat(path.join(directory, name))).size === size;
			} catch {
				return false;
			}
		},

		/** @returns the bytes of a copy. @throws while it is read: the error of the disk, FileDamaged */
		read({name, keys}: Pick<KeptFile, 'name' | 'keys'>, form: 'encrypted' | 'clear'): AsyncIterable<Uint8Array> {
			const stream = createReadStream(path.join(directory, name), {highWaterMark: pieceSize});
			return form === 'encrypted' ? stream : decryptFile(stream, keys);
		},

		hasAny: (): boolean => hasAny,

		/** Removes all copies but those with these names, and those that are being made. */
		async removeOthers(names: ReadonlySet<string>): Promise<void> {
			let entries: readonly string[] = [];
			try {
				entries = await readdir(directory);
			} catch {
				// Nothing was ever sent.
			}
			const others = entries.filter(name => !names.has(name) && !fresh.has(name));
			for (const name of others) removeFile(path.join(directory, name));
			hasAny = others.length < entries.length || fresh.size > 0;
		},
	};
};
