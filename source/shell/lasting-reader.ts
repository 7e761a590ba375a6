/** The screen's reader of the store, opened anew where the one from the start would not see what is written later. */
import {statSync} from 'node:fs';
import {ExpectedError} from '../domain/errors.ts';
import type {EngineNotice} from '../domain/session.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {isDamage} from './account-access.ts';

export type LastingReader = {
	/** The same object for as long as the screen lives. */
	readonly reader: AccountReader;
	/** To be told of every notice, before the screen is. @returns whether everything has to be read again */
	readonly heed: (notice: EngineNotice) => boolean;
};

/** A reader and how to let its file go. */
export type OpenedReader = {readonly reader: AccountReader; readonly close: () => void};

/** Methods, and objects of methods. */
type Parts = Readonly<Record<string, unknown>>;

/** @returns what tells one file from another that takes its path; `undefined` where there is none */
const identityOf = (file: string): string | undefined => {
	const stats = statSync(file, {bigint: true, throwIfNoEntry: false});
	return stats && `${stats.dev} ${stats.ino}`;
};

/** What is on screen is damaged, but the disk need not be checked any more. */
const wasReplaced = (cause: ExpectedError): ExpectedError =>
	new ExpectedError(
		{message: 'it was damaged and is replaced by now.', next: 'Quit mx and start it again.', reason: 'error'},
		{cause},
	);

/**
 * On a read-only disk the reader may have a copy of the file. When the disk takes writes after all, the file is opened, if it
 * is still the one from the start: in an archive that took its place the rooms have other numbers, and what is written in the
 * open room would go to a stranger.
 * @param open opens the file
 */
export const createLastingReader = (file: string, open: () => OpenedReader): LastingReader => {
	const before = identityOf(file);
	let current = open();
	// Whichever of two was opened, it can be told from neither.
	const identity = before === identityOf(file) ? before : undefined;
	let isDiskRefusing = false;

	const isSame = (): boolean => identity !== undefined && identityOf(file) === identity;

	const read = (path: readonly string[], values: readonly unknown[]): unknown => {
		const method = path.reduce<unknown>((part, name) => (part as Parts)[name], current.reader);
		try {
			return (method as (...given: readonly unknown[]) => unknown)(...values);
		} catch (error) {
			throw error instanceof ExpectedError && isDamage(error) && !isSame() ? wasReplaced(error) : error;
		}
	};
	/** The methods of a reader, and those of its parts. */
	const lasting = (part: Parts, path: readonly string[]): Parts =>
		Object.fromEntries(
			Object.entries(part).map(([name, member]) => {
				const own = [...path, name];
				if (typeof member !== 'function') return [name, lasting(member as Parts, own)];
				return [name, (...values: readonly unknown[]) => read(own, values)];
			}),
		);

	/** @returns whether the file was opened anew. */
	const reopen = (): boolean => {
		if (!isSame()) return false;
		const next = open();
		// It may have been replaced meanwhile.
		const isTaken = isSame();
		(isTaken ? current : next).close();
		if (isTaken) current = next;
		return isTaken;
	};

	return {
		reader: lasting(current.reader, []) as AccountReader,
		heed(notice) {
			if (notice.kind !== 'net') return false;
			const wasRefusing = isDiskRefusing;
			isDiskRefusing = notice.net.state === 'no-storage';
			if (!wasRefusing || isDiskRefusing) return false;
			try {
				return reopen();
			} catch (error) {
				// What is open can still be read.
				if (error instanceof ExpectedError) return false;
				throw error;
			}
		},
	};
};
