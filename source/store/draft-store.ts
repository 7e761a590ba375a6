/** What stands in the composers, kept while it is typed. */
import {mentionsJson, type Mention} from '../domain/mention.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';

export const createDraftStore = (account: AccountDatabase) => {
	const put = prepare(
		account.database,
		`INSERT INTO draft(rid, thread, text, time, mentions) VALUES(?, ?, ?, ?, ?)
		ON CONFLICT(rid, thread) DO UPDATE SET text = excluded.text, time = excluded.time, mentions = excluded.mentions`,
	);
	const remove = prepare(account.database, 'DELETE FROM draft WHERE rid = ? AND thread = ?');
	return {
		/** Keeps the draft of a room, or of a thread in it by its root; an empty text forgets it. */
		save(rid: number, text: string, mentions: readonly Mention[] = [], thread = ''): void {
			const kept = mentions.length === 0 ? undefined : JSON.stringify(mentionsJson(mentions));
			account.writeDurably(() =>
				text === '' ? remove.run(rid, thread) : put.run(rid, thread, text, Date.now(), kept),
			);
		},
	};
};
