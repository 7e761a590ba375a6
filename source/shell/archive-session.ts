/** Reading without network and lock: through the mx that runs, else from account.db alone. */
import {existsSync} from 'node:fs';
import type {AccountFiles} from '../domain/directories.ts';
import {ExpectedError} from '../domain/errors.ts';
import {parseRoomAddress} from '../domain/identifiers.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Session} from '../domain/session.ts';
import {connectSession, type SessionConnection} from '../instance/socket-client.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {ShellParts} from './ports.ts';

/** The methods of a session that only read the store. */
export type Archive = Pick<Session, 'rooms' | 'read'>;

/** An archive and how to let it go. */
export type OpenArchive = {readonly archive: Archive; readonly close: () => void};

const notFound = (message: string): ExpectedError =>
	new ExpectedError({message, next: 'See mx rooms.', reason: 'notFound'});

const choose = (rooms: readonly RoomRow[], name: string, pick: number | undefined): RoomRow => {
	const [first] = rooms;
	if (first === undefined) throw notFound(`There is no room named "${name}".`);
	const picked = pick === undefined ? undefined : rooms[pick - 1];
	if (picked !== undefined) return picked;
	if (rooms.length === 1) return first;
	throw new ExpectedError({
		message: `"${name}" names ${rooms.length} rooms.`,
		next: `Choose one with --pick 1 to ${rooms.length}, or use its id.`,
		reason: 'ambiguous',
		candidates: rooms.map((room, index) => `${index + 1}. ${room.name} ${room.roomId}`),
	});
};

const findStoredRoom = (reader: AccountReader, address: string, pick: number | undefined): RoomRow => {
	const parsed = parseRoomAddress(address);
	const require = (room: RoomRow | undefined, message: string): RoomRow => {
		if (room === undefined) throw notFound(message);
		return room;
	};
	switch (parsed.kind) {
		case 'user':
			return require(reader.directRoom(parsed.userId), `There is no direct chat with ${parsed.userId} yet.`);
		case 'alias':
			return require(reader.roomByAlias(parsed.alias), `You are in no room with the address ${parsed.alias}.`);
		case 'roomId':
			return require(reader.roomById(parsed.roomId), `You are not in the room ${parsed.roomId}.`);
		case 'name':
	}
	return choose(reader.roomsByName(parsed.name), parsed.name, pick);
};

/** @returns the archive of an open reader. */
export const createArchive = (reader: AccountReader): Archive => ({
	rooms: async ({limit}) => ({rooms: reader.rooms({offset: 0, limit}), lastSync: reader.lastSync()}),
	async read({room: address, count, pick}) {
		const room = findStoredRoom(reader, address, pick);
		const {messages} = reader.timeline({rid: room.rid, limit: count});
		return {room, messages, lastSync: reader.lastSync()};
	},
});

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
	const [{openAccountReader}, {createAccountReader}, {deriveKeys}] = await Promise.all([
		import('../store/account-database.ts'),
		import('../store/account-reader.ts'),
		import('../store/secrets/derived-keys.ts'),
	]);
	const key = deriveKeys(await access.masterKey(record)).accountDatabase;
	const database = openAccountReader({file: access.files.accountDatabase, key, cipher: record.cipher});
	return {archive: createArchive(createAccountReader(database, record.userId)), close: () => void database.close()};
};
