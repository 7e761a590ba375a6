/** A damaged account.db: set aside, begun anew, and what only this machine has is taken over as far as it can be read. */
import {openAccountDatabase, type AccountFile} from './account-database.ts';
import {prepare, type Bindable} from './bind.ts';
import {openDatabase, setAside, type Database, type Row} from './open-database.ts';

/** What became of it. */
export type ArchiveDamage = {
	/** Where the damaged file is now. */
	readonly asideName: string;
	/** Messages that were waiting to be sent, and are still. */
	readonly waiting: number;
	/** Texts that stood in composers, and still do. */
	readonly drafts: number;
};

const outboxColumns =
	'id rid transaction_id type content state attempts not_before first_try error event_id created'.split(' ');

/**
 * What is copied: the sign-in, the rooms that something was written for, what was not sent, and what was being written.
 * All else is on the server. A room is provisional until the server tells of it: then nothing leaves in the clear.
 */
const copies = [
	{
		table: 'meta',
		columns: ['key', 'value'],
		from: `meta WHERE key = 'access_token'`,
	},
	{
		table: 'room',
		columns: ['rid', 'room_id', 'membership', 'name', 'calculated_name', 'is_encrypted', 'is_provisional'],
		from: `(SELECT rid, room_id, membership, name, calculated_name, is_encrypted, 1 AS is_provisional FROM room
			WHERE rid IN (SELECT rid FROM outbox WHERE state <> 'sent' UNION SELECT rid FROM draft))`,
	},
	{
		table: 'outbox',
		columns: outboxColumns,
		from: `outbox WHERE state <> 'sent'`,
	},
	{table: 'draft', columns: ['rid', 'thread', 'text', 'time'], from: 'draft'},
] as const;

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
	const counts: Record<string, number> = {};
	try {
		for (const {table, columns, from} of copies) {
			const rows = old === undefined ? [] : readable(old, `SELECT ${columns.join(', ')} FROM ${from}`);
			const marks = columns.map(() => '?').join(', ');
			const insert = prepare(account.database, `INSERT INTO ${table}(${columns.join(', ')}) VALUES(${marks})`);
			account.writeDurably(() => {
				for (const row of rows) insert.run(...columns.map(column => row[column] as Bindable));
			});
			counts[table] = rows.length;
		}
	} finally {
		old?.close();
		account.close();
	}
	return {asideName, waiting: counts['outbox'] ?? 0, drafts: counts['draft'] ?? 0};
};
