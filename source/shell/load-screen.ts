/** The door of the screen, which is loaded only when it is opened. */
import type {AccountFiles} from '../domain/directories.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {AccountRecord} from '../store/account-record.ts';

/** What the screen is opened with. */
export type ScreenOptions = {
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	/** 32 bytes. */
	readonly masterKey: Uint8Array;
	/** Version of mx. */
	readonly version: string;
	readonly hasColour: boolean;
};

/** The door. `runScreen` stays until the screen is left. @returns the exit code */
export type ScreenModule = {readonly runScreen: (options: ScreenOptions) => Promise<number>};

/** @throws ExpectedError when this build has no screen */
export const loadScreen = async (): Promise<ScreenModule> => {
	throw new ExpectedError({
		message: 'This build of mx has no screen.',
		next: 'The verbs work: mx --help.',
		reason: 'error',
	});
};
