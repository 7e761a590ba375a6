/** A damaged account.db: set aside, begun anew, and what only this machine has is taken over as far as it can be read. */
import {existsSync, renameSync} from 'node:fs';
import {dirname} from 'node:path';
import {asObject, parseJson} from '../domain/json.ts';
import {openAccountDatabase, replacementOf, type AccountDatabase, type AccountFile} from './account-database.ts';
import {prepare, type Bindable} from './bind.ts';
import {integer} from './columns.ts';
import {asideNameFor, moveAside, openDatabase, type Database, type Row} from './open-database.ts';
import {isDamaged, toStoreError} from './store-errors.ts';
import {removeFile, syncDirectory} from './private-files.ts';

/** What became of it. */
export type ArchiveDamage = {
	/** Where the damaged file is now. */
	readonly asideName: string;
	/** Messages that were waiting to be sent, and are still. */
	readonly waiting: number;
	/** Texts that stood in composers, and still do. */
	readonly drafts: number;
	/** Messages and texts that stay in the damaged file, as far as it can be told: nobody can say which room they are for. */
	readonly left: number;
};

const roomColumns = ['rid', 'room_id', 'membership', 'name', 'calculated_name', 'is_encrypted', 'is_provisional'];
const outboxColumns =
	'id rid transaction_id type content state attempts not_before first_try error event_id created'.split(' ');
const attachmentColumns = ['outbox', 'role', 'name', 'type', 'size', 'keys', 'encrypted', 'clear'];
const draftColumns = ['rid', 'thread', 'text', 'time'];

/** @returns the rows up to the first that cannot be read. */
const readable = (database: Database, sql: string): readonly Row[] => {
	const rows: Row[] = [];
	try {
		for (const row of prepare(database, sql).iterate()) rows.push(row);
	} catch {
		// The rest lies on a damaged page.
	}
	return rows;
};

/** A room is provisional until the server tells of it: then nothing leaves in the clear. One by one: behind a damaged page there are others. */
const readRooms = (database: Database, rids: ReadonlySet<number>): readonly Row[] =>
	[...rids].flatMap(rid =>
		readable(
			database,
			`SELECT rid, room_id, membership, name, calculated_name, is_encrypted, 1 AS is_provisional FROM room WHERE rid = ${rid}`,
		),
	);

/** @returns how many rows were new: a damaged file may give one twice. */
const insertRows = (
	account: AccountDatabase,
	into: string,
	columns: readonly string[],
	rows: readonly Row[],
): number => {
	const marks = columns.map(() => '?').join(', ');
	const insert = prepare(account.database, `INSERT OR IGNORE INTO ${into}(${columns.join(', ')}) VALUES(${marks})`);
	return rows.reduce((sum, row) => sum + insert.run(...columns.map(column => row[column] as Bindable)).changes, 0);
};

/**
 * Copies the sign-in, what was not sent, what was being written, and the rooms of both. All else is on the server. The
 * next sync gives the numbers of other rooms away, so what has lost its room must not come along: it would go to a stranger.
 */
const copyReadable = (old: Database, account: AccountDatabase): Omit<ArchiveDamage, 'asideName'> => {
	const token = readable(old, `SELECT key, value FROM meta WHERE key = 'access_token'`);
	const outbox = readable(old, `SELECT ${outboxColumns.join(', ')} FROM outbox WHERE state <> 'sent'`);
	const drafts = readable(old, `SELECT ${draftColumns.join(', ')} FROM draft`);
	const rooms = readRooms(old, new Set([...outbox, ...drafts].map(row => integer(row, 'rid'))));
	// An older archive has none.
	const attachments = readable(old, `SELECT ${attachmentColumns.join(', ')} FROM attachment`);
	const known = new Set(rooms.map(row => row['rid']));
	const hasRoom = (row: Row): boolean => known.has(row['rid']);
	insertRows(account, 'meta', ['key', 'value'], token);
	insertRows(account, 'room', roomColumns, rooms);
	const kept = outbox.filter(hasRoom);
	const waiting = insertRows(account, 'outbox', outboxColumns, kept);
	const ids = new Set(kept.map(row => row['id']));
	const files = attachments.filter(row => ids.has(row['outbox']));
	insertRows(account, 'attachment', attachmentColumns, files);
	return {
		waiting,
		drafts: insertRows(account, 'draft', draftColumns, drafts.filter(hasRoom)),
		left: [...outbox, ...drafts].filter(row => !hasRoom(row)).length,
	};
};

const openDamaged = (file: AccountFile): Database | undefined => {
	try {
		return openDatabase({...file, mode: 'reader', durability: 'normal'});
	} catch {
		// Nothing of it can be read.
		return undefined;
	}
};

const removeDatabase = (file: string): void => {
	for (const suffix of ['', '-wal', '-shm']) removeFile(file + suffix);
};

/** Makes the new archive whole beside the damaged one. */
const buildReplacement = (file: AccountFile, asideName: string): ArchiveDamage => {
	const replacement = replacementOf(file.file);
	removeDatabase(replacement);
	const account = openAccountDatabase({...file, file: replacement});
	const old = openDamaged(file);
	try {
		const damage = account.writeDurably(() => {
			const copied = old === undefined ? {waiting: 0, drafts: 0, left: 0} : copyReadable(old, account);
			account.setMeta('replaced', JSON.stringify({asideName, ...copied}));
			return {asideName, ...copied};
		});
		// All must be in the file itself: its log does not come along.
		account.database.pragma('wal_checkpoint(TRUNCATE)');
		return damage;
	} finally {
		old?.close();
		account.close();
	}
};

const putInPlace = (file: AccountFile, asideName: string): void => {
	moveAside(file.file, asideName);
	syncDirectory(dirname(file.file));
	renameSync(replacementOf(file.file), file.file);
	syncDirectory(dirname(file.file));
};

/**
 * Makes a new archive, sets the damaged one aside, and puts the new one in its place. The owner's lock must be held, and the
 * file closed. After a kill `finishReplacement` goes on.
 * @throws ExpectedError when the disk refuses; the damaged file is never deleted, and stays in its place until the new one is whole
 */
export const replaceDamagedArchive = (file: AccountFile, now: Date): ArchiveDamage => {
	const asideName = asideNameFor(file.file, now);
	try {
		const damage = buildReplacement(file, asideName);
		syncDirectory(dirname(file.file));
		putInPlace(file, asideName);
		return damage;
	} catch (error) {
		throw toStoreError(error, file.file);
	}
};

/** @returns what became of the archive before this one, until it is forgotten. */
export const lastReplacement = (account: AccountDatabase): ArchiveDamage | undefined => {
	const {asideName, waiting, drafts, left} = asObject(parseJson(account.meta('replaced') ?? 'null'));
	if (typeof asideName !== 'string') return undefined;
	return {asideName, waiting: Number(waiting), drafts: Number(drafts), left: Number(left)};
};

/** Whoever is to know was told. */
export const forgetReplacement = (account: AccountDatabase): void =>
	account.write(() => account.setMeta('replaced', undefined));

/**
 * Ends what a kill has cut off, before the archive is opened. While the damaged file is in its place, the new one may be cut off
 * itself and goes; afterwards it is whole, and the only one. The owner's lock must be held.
 * @throws ExpectedError when the disk refuses
 */
export const finishReplacement = (file: AccountFile, now: Date): void => {
	const replacement = replacementOf(file.file);
	if (!existsSync(replacement)) return;
	if (existsSync(file.file)) return removeDatabase(replacement);
	try {
		const account = openAccountDatabase({...file, file: replacement});
		const damage = lastReplacement(account);
		account.close();
		if (damage === undefined) removeDatabase(replacement);
		else putInPlace(file, damage.asideName);
	} catch (error) {
		if (isDamaged(error)) moveAside(replacement, asideNameFor(replacement, now));
		else throw toStoreError(error, file.file);
	}
};
