/** What can be asked of an account about files of room keys, as other clients write and read them: part of `Session`. */
import type {JsonObject} from './json.ts';

export type KeyFileRequests = {
	/**
	 * Writes all room keys of this device into a file that only its owner may read, encrypted with a passphrase.
	 * @returns isDone: false where there is a file already and it was not said that it may be replaced
	 */
	exportKeys(request: {
		/** Absolute. */
		readonly file: string;
		readonly passphrase: string;
		readonly isReplacing: boolean;
	}): Promise<{readonly isDone: boolean; readonly count: number}>;
	/** Takes the room keys of such a file, and decrypts what waited for them. Fails with `encryption` for a wrong passphrase. */
	importKeys(request: {
		/** Absolute. */
		readonly file: string;
		readonly passphrase: string;
	}): Promise<JsonObject & {readonly count: number}>;
};

/** The method names of this part. */
export const keyFileMethods = ['exportKeys', 'importKeys'] as const satisfies readonly (keyof KeyFileRequests)[];
