/** Searches the archive by words and filters. */
import type {SearchCoverage, SearchResult} from '../domain/history-requests.ts';
import type {SearchFilter, SearchQuery} from '../domain/search-query.ts';
import {prepare, type BoundStatement} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {Database} from './open-database.ts';
import {createSearchNames, type SearchNames} from './search-names.ts';
import {mostWalked, searchable, searchStatements, type ResolvedFilter, type SearchStatement} from './search-sql.ts';

/** What is searched for. */
export type MessageQuery = {
	readonly query: SearchQuery;
	/** Most messages that are wanted. */
	readonly limit: number;
	/** Only in these rooms, by their row numbers. */
	readonly rids?: readonly number[] | undefined;
};

/** A message of a timeline, and the run of messages without a gap that it is in. */
export type StoredPlace = {readonly eventId: string; readonly chunk: number};

export type MessageSearch = {
	/** @throws ExpectedError `notFound` or `ambiguous` for names that mean nobody, no room, or too many */
	readonly find: (request: MessageQuery) => SearchResult;
	/** The last message before a time and the first from then on. @param time milliseconds since the Unix epoch */
	readonly atTime: (
		rid: number,
		time: number,
	) => {readonly before: StoredPlace | undefined; readonly from: StoredPlace | undefined};
	/** @param rids of these rooms; all of them without */
	readonly coverage: (rids?: readonly number[]) => SearchCoverage;
};

/** Statements that are kept; a person types many queries of few shapes. */
const mostStatements = 50;

const resolve = (filter: SearchFilter, names: SearchNames, rids: readonly number[] | undefined): ResolvedFilter => {
	switch (filter.kind) {
		case 'from':
			return {kind: 'senders', userIds: names.people(filter.value, rids)};
		case 'to':
			return {kind: 'rooms', rids: names.chatsWith(filter.value)};
		case 'in':
			return {kind: 'rooms', rids: names.roomsCalled(filter.value)};
		case 'on':
			return {kind: 'rooms', rids: names.roomsOn(filter.value)};
		default:
			return filter;
	}
};

/** @param ownUserId the account's user id */
export const createMessageSearch = (database: Database, ownUserId: string): MessageSearch => {
	const names = createSearchNames(database, ownUserId);
	const statements = new Map<string, BoundStatement>();
	const run = ({sql, values}: SearchStatement, column = 'pk'): readonly number[] => {
		const statement = statements.get(sql) ?? prepare(database, sql);
		statements.delete(sql);
		statements.set(sql, statement);
		const [oldest] = statements.keys();
		if (statements.size > mostStatements && oldest !== undefined) statements.delete(oldest);
		return statement.all(...values).map(row => integer(row, column));
	};
	const byPk = prepare(
		database,
		`SELECT pk, rid, event_id, sender, timestamp, body, kind,
			(SELECT display_name FROM member WHERE member.rid = event.rid AND user_id = sender) AS sender_name
		FROM event WHERE pk = ? AND body IS NOT NULL AND NOT EXISTS(SELECT 1 FROM ignored WHERE user_id = sender)`,
	);
	const incompleteRooms = prepare(
		database,
		`SELECT count(DISTINCT chunk.rid) AS count FROM chunk JOIN room ON room.rid = chunk.rid WHERE older = 0 AND membership = 'join'`,
	);
	const incompleteOfRooms = prepare(
		database,
		'SELECT count(DISTINCT rid) AS count FROM chunk WHERE rid IN (SELECT value FROM json_each(?)) AND older = 0',
	);
	const undecrypted = prepare(
		database,
		'SELECT count(*) AS count FROM event INDEXED BY event_undecrypted WHERE encryption = 1',
	);
	const undecryptedOfRooms = prepare(
		database,
		`SELECT count(*) AS count FROM event INDEXED BY event_undecrypted
		WHERE encryption = 1 AND rid IN (SELECT value FROM json_each(?))`,
	);
	const oldest = prepare(
		database,
		`SELECT timestamp FROM event INDEXED BY message_of_room WHERE rid = ? AND ${searchable} ORDER BY timestamp LIMIT 1`,
	);

	const nearTime = (sql: string) => {
		const statement = prepare(
			database,
			`SELECT event_id, chunk FROM event INDEXED BY message_of_room WHERE rid = ? AND ${searchable} AND chunk IS NOT NULL AND ${sql} LIMIT 1`,
		);
		return (rid: number, time: number): StoredPlace | undefined => {
			const row = statement.get(rid, time);
			return row && {eventId: text(row, 'event_id'), chunk: integer(row, 'chunk')};
		};
	};
	const beforeTime = nearTime('timestamp < ? ORDER BY timestamp DESC');
	const fromTime = nearTime('timestamp >= ? ORDER BY timestamp');

	return {
		atTime: (rid, time) => ({before: beforeTime(rid, time), from: fromTime(rid, time)}),

		find({query, limit, rids}) {
			const filters = query.filters.map(({filter, isExcluded}) => ({filter: resolve(filter, names, rids), isExcluded}));
			const own: typeof filters = rids === undefined ? [] : [{filter: {kind: 'rooms', rids}, isExcluded: false}];
			const {find, walked} = searchStatements({...query, filters: [...own, ...filters], ownUserId, limit: limit + 1});
			const found = run(find);
			// What is walked through is in order; hits of words are not, until all of them are known.
			const mayBeCut = walked !== undefined && (found.length <= limit || query.words.length > 0);
			const isCut =
				mayBeCut && run({...walked, sql: `SELECT count(*) AS count FROM (${walked.sql})`}, 'count')[0] === mostWalked;
			const messages = found.slice(0, limit).flatMap(pk => {
				const row = byPk.get(pk);
				if (row === undefined) return [];
				return {
					pk,
					rid: integer(row, 'rid'),
					eventId: text(row, 'event_id'),
					sender: text(row, 'sender'),
					senderName: optionalText(row, 'sender_name'),
					timestamp: integer(row, 'timestamp'),
					body: text(row, 'body'),
					kind: optionalText(row, 'kind'),
				};
			});
			return {messages, hasMore: found.length > limit, isCut};
		},

		coverage(rids) {
			if (rids === undefined)
				return {
					incompleteRooms: integer(incompleteRooms.get(), 'count'),
					undecrypted: integer(undecrypted.get(), 'count'),
					oldest: undefined,
				};
			const [rid, ...others] = rids;
			const listed = JSON.stringify(rids);
			return {
				incompleteRooms: integer(incompleteOfRooms.get(listed), 'count'),
				undecrypted: integer(undecryptedOfRooms.get(listed), 'count'),
				oldest: others.length > 0 ? undefined : integer(oldest.get(rid), 'timestamp') || undefined,
			};
		},
	};
};
