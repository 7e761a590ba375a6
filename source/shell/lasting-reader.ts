/** The screen's reader of the store, opened anew where the one from the start would not see what is written later. */
import {ExpectedError} from '../domain/errors.ts';
import type {EngineNotice} from '../domain/session.ts';
import type {AccountReader} from '../store/account-reader.ts';

export type LastingReader = {
	/** The same object for as long as the screen lives. */
	readonly reader: AccountReader;
	/** To be told of every notice, before the screen is. @returns whether everything has to be read again */
	readonly heed: (notice: EngineNotice) => boolean;
};

/**
 * On a read-only disk the reader may have a copy of the file. When the disk takes writes after all, the file is opened.
 * @param open opens the file; its rooms keep their numbers
 */
export const createLastingReader = (open: () => AccountReader): LastingReader => {
	let current = open();
	let isDiskRefusing = false;
	const methods = (Object.keys(current) as readonly (keyof AccountReader)[]).map(name => [
		name,
		(...values: readonly unknown[]) => (current[name] as (...values: readonly unknown[]) => unknown)(...values),
	]);
	return {
		reader: Object.fromEntries(methods) as AccountReader,
		heed(notice) {
			if (notice.kind !== 'net') return false;
			const wasRefusing = isDiskRefusing;
			isDiskRefusing = notice.net.state === 'no-storage';
			if (!wasRefusing || isDiskRefusing) return false;
			try {
				current = open();
			} catch (error) {
				// What is open can still be read.
				if (error instanceof ExpectedError) return false;
				throw error;
			}
			return true;
		},
	};
};
