/** Full-text search over the archive, newest first. */
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import {spaceCjk} from './full-text.ts';
import type {Database} from './open-database.ts';

/** A message that was found. Everything in it is untrusted text. */
export type FoundMessage = {
	readonly pk: number;
	readonly rid: number;
	readonly eventId: string;
	readonly sender: string;
	/** Milliseconds since the Unix epoch. */
	readonly timestamp: number;
	/** Shown text, of the last edit. */
	readonly body: string | undefined;
};

/** What is searched for. */
export type MessageQuery = {
	/** As a person typed it: messages with all of these words, in any order. */
	readonly words: string;
	/** Most messages that are wanted. */
	readonly limit: number;
};

/**
 * The words as an FTS5 expression. Each is a quoted string, in which only the quote itself has a meaning, so nothing that
 * a person types is an operator; a word of Chinese or Japanese characters is a phrase of them.
 */
const expressionOf = (words: string): string =>
	words
		.replaceAll('\0', ' ')
		.split(/\s+/)
		.filter(word => word !== '')
		.map(word => `"${spaceCjk(word).trim().replaceAll('"', '""')}"`)
		.join(' ');

/**
 * @returns a function that searches. Newest means last written: ordering by rank would read every message that has the word,
 * ordering by row reads `limit` of them.
 */
export const createMessageSearch = (database: Database): ((query: MessageQuery) => readonly FoundMessage[]) => {
	const search = prepare(
		database,
		`SELECT pk, rid, event_id, sender, timestamp, event.body AS body FROM full_text JOIN event ON event.pk = full_text.rowid
		WHERE full_text MATCH ? ORDER BY full_text.rowid DESC LIMIT ?`,
	);
	return ({words, limit}) => {
		const expression = expressionOf(words);
		if (expression === '') return [];
		return search.all(expression, limit).map(row => ({
			pk: integer(row, 'pk'),
			rid: integer(row, 'rid'),
			eventId: text(row, 'event_id'),
			sender: text(row, 'sender'),
			timestamp: integer(row, 'timestamp'),
			body: optionalText(row, 'body'),
		}));
	};
};
