/** Reading without network and lock: through the mx that runs, else from account.db alone. */
import {existsSync} from 'node:fs';
import type {AccountFiles} from '../domain/directories.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {Session} from '../domain/session.ts';
import {connectSession, type SessionConnection} from '../instance/socket-client.ts';
import type {ShellParts} from './ports.ts';

/** The methods of a session that only read the store. */
export type Archive = Pick<Session, 'rooms' | 'read' | 'search'>;

/** An archive and how to let it go. */
export type OpenArchive = {readonly archive: Archive; readonly close: () => void};

/** A suspended mx, or one of another version, is no reason not to read: the store can be read beside it. */
const connectIfPossible = async (files: AccountFiles): Promise<SessionConnection | undefined> => {
	try {
		return await connectSession(files);
	} catch (error) {
		if (error instanceof ExpectedError) return undefined;
		throw error;
	}
};

/**
 * Opens the archive of the account.
 * @throws ExpectedError `notSignedIn`; `notReady` when the key cannot be asked for
 */
export const openArchive = async ({access}: ShellParts): Promise<OpenArchive> => {
	const record = await access.requireRecord();
	const connection = await connectIfPossible(access.files);
	if (connection !== undefined) return {archive: connection.session, close: () => connection.close()};
	if (!existsSync(access.files.accountDatabase)) {
		throw new ExpectedError({
			message: 'Nothing was fetched from the server yet.',
			next: 'Run mx login to finish signing in.',
			reason: 'notReady',
		});
	}
	const [{openAccountReader}, {createAccountReader}, {readStoredRoom}, {searchArchive}, {deriveKeys}] =
		await Promise.all([
			import('../store/account-database.ts'),
			import('../store/account-reader.ts'),
			import('../store/find-stored-room.ts'),
			import('../store/search-archive.ts'),
			import('../store/secrets/derived-keys.ts'),
		]);
	const key = deriveKeys(await access.masterKey(record)).accountDatabase;
	const database = openAccountReader({file: access.files.accountDatabase, key, cipher: record.cipher});
	const reader = createAccountReader(database, record.userId);
	const archive: Archive = {
		rooms: async ({limit}) => ({rooms: reader.rooms({offset: 0, limit}), lastSync: reader.lastSync()}),
		read: async request => readStoredRoom(reader, record.userId, request),
		search: async request => searchArchive(reader, request, {ownUserId: record.userId, now: Date.now()}),
	};
	return {archive, close: () => void database.close()};
};
