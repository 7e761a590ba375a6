/** The attachment table: what belongs to a file in the outbox. Its rows go by themselves with the outbox row, or when that is sent. */
import {asString, isObject, parseJson} from '../domain/json.ts';
import type {FileKeys} from '../domain/media.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {Row} from './open-database.ts';
import type {KeptFile} from './outgoing-files.ts';

/** Which file of a message it is. */
export type AttachmentRole = 'file' | 'thumbnail';

/** A copy that belongs to a row of the outbox. */
export type NewAttachment = KeptFile & {
	readonly role: AttachmentRole;
	/** Media type. */
	readonly type: string;
};

export type Attachment = NewAttachment & {
	/** Where it lies on the server, by the form in which it was uploaded. */
	readonly uris: {readonly encrypted: string | undefined; readonly clear: string | undefined};
};

/** The form in which a file lies on the server. */
export type UploadForm = keyof Attachment['uris'];

const keysOf = (row: Row): FileKeys => {
	const value = parseJson(text(row, 'keys'));
	const [key, iv, sha256] = isObject(value)
		? [asString(value['key']), asString(value['iv']), asString(value['sha256'])]
		: [];
	if (key === undefined || iv === undefined || sha256 === undefined) throw new TypeError('Keys of a file are damaged');
	return {key, iv, sha256};
};

const attachmentOf = (row: Row): Attachment => ({
	role: text(row, 'role') === 'thumbnail' ? 'thumbnail' : 'file',
	name: text(row, 'name'),
	type: text(row, 'type'),
	size: integer(row, 'size'),
	keys: keysOf(row),
	uris: {encrypted: optionalText(row, 'encrypted'), clear: optionalText(row, 'clear')},
});

export const createAttachmentStore = (account: AccountDatabase) => {
	const {database} = account;
	const insert = prepare(
		database,
		'INSERT INTO attachment(outbox, role, name, type, size, keys) VALUES(?, ?, ?, ?, ?, ?)',
	);
	const ofRow = prepare(database, 'SELECT * FROM attachment WHERE outbox = ? ORDER BY role DESC');
	const names = prepare(database, 'SELECT name FROM attachment');
	const setUri = {
		encrypted: prepare(database, 'UPDATE attachment SET encrypted = ? WHERE outbox = ? AND role = ?'),
		clear: prepare(database, 'UPDATE attachment SET clear = ? WHERE outbox = ? AND role = ?'),
	};
	return {
		add(outboxId: number, {role, name, type, size, keys}: NewAttachment): void {
			account.writeDurably(() => insert.run(outboxId, role, name, type, size, JSON.stringify(keys)));
		},
		/** @returns the files of a row, a thumbnail first. */
		of: (outboxId: number): readonly Attachment[] => ofRow.all(outboxId).map(attachmentOf),
		/** Notes where a file lies now. */
		setUri(outboxId: number, role: AttachmentRole, form: UploadForm, uri: string): void {
			account.writeDurably(() => setUri[form].run(uri, outboxId, role));
		},
		/** @returns the names of all copies that are still needed. */
		names: (): ReadonlySet<string> => new Set(names.all().map(row => text(row, 'name'))),
	};
};
