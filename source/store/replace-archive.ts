/** A damaged account.db: set aside, begun anew, and what only this machine has is taken over as far as it can be read. */
import {openAccountDatabase, type AccountDatabase, type AccountFile} from './account-database.ts';
import {prepare, type Bindable} from './bind.ts';
import {integer} from './columns.ts';
import {openDatabase, setAside, type Database, type Row} from './open-database.ts';

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
	const known = new Set(rooms.map(row => row['rid']));
	const hasRoom = (row: Row): boolean => known.has(row['rid']);
	return account.writeDurably(() => {
		insertRows(account, 'meta', ['key', 'value'], token);
		insertRows(account, 'room', roomColumns, rooms);
		return {
			waiting: insertRows(account, 'outbox', outboxColumns, outbox.filter(hasRoom)),
			drafts: insertRows(account, 'draft', draftColumns, drafts.filter(hasRoom)),
			left: [...outbox, ...drafts].filter(row => !hasRoom(row)).length,
		};
	});
};

const openDamaged = (file: AccountFile): Database | undefined => {
	try {
		return openDatabase({...file, mode: 'reader', durability: 'normal'});
	} catch {
		// Nothing of it can be read.
		return undefined;
	}
};

/**
 * Sets the file aside and makes a new one. The owner's lock must be held, and the file closed.
 * @throws ExpectedError when the disk refuses; the damaged file is never deleted
 */
export const replaceDamagedArchive = (file: AccountFile, now: Date): ArchiveDamage => {
	const asideName = setAside(file.file, now);
	const account = openAccountDatabase(file);
	const old = openDamaged({...file, file: asideName});
	try {
		const nothing = {waiting: 0, drafts: 0, left: 0};
		return {asideName, ...(old === undefined ? nothing : copyReadable(old, account))};
	} finally {
		old?.close();
		account.close();
	}
};
