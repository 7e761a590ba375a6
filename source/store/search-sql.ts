/** The SQL of a search: by its words through the full-text index, without words through the newest messages that may be meant. */
import type {SearchFilter, SearchQuery, SearchWord} from '../domain/search-query.ts';
import type {Bindable} from './bind.ts';
import {spaceCjk} from './full-text.ts';

/** What is a message with a text; the same words as in the indexes of the schema. */
export const searchable = `body IS NOT NULL AND relation IS NOT 'm.replace' AND type <> 'm.reaction'`;

/** Of more messages than these, only the newest ones are looked at one by one. */
export const mostWalked = 100_000;

/** So many rooms, as the chats of a person are, are walked through side by side; of more, all messages of the account are. */
const mostBeside = 10;

/** A filter whose names are resolved. */
export type ResolvedFilter =
	| {readonly kind: 'senders'; readonly userIds: readonly string[]}
	| {readonly kind: 'rooms'; readonly rids: readonly number[]}
	| Extract<SearchFilter, {readonly kind: 'time' | 'has' | 'is' | 'type'}>;

export type ResolvedQuery = Omit<SearchQuery, 'filters'> & {
	readonly filters: ReadonlyArray<{readonly filter: ResolvedFilter; readonly isExcluded: boolean}>;
	readonly ownUserId: string;
	readonly limit: number;
};

/** A statement and what is bound to it. */
export type SearchStatement = {readonly sql: string; readonly values: readonly Bindable[]};

type Condition = SearchStatement & {
	/** An index answers it; the row itself need not be read. */
	readonly isNarrow: boolean;
};

const quote = (word: string): string => `"${spaceCjk(word).trim().replaceAll('"', '""')}"`;

/** Each word is a quoted string, in which only the quote itself has a meaning; a word of Chinese characters is a phrase of them. */
const wordExpression = ({kind, text}: SearchWord): string => (kind === 'prefix' ? `${quote(text)}*` : quote(text));

const anyOf = (words: readonly SearchWord[]): string => `(${words.map(wordExpression).join(' OR ')})`;

/** @returns the FTS5 expression; `undefined` where there are no words to be found */
const matchOf = ({words, excluded}: Pick<SearchQuery, 'words' | 'excluded'>): string | undefined => {
	if (words.length === 0) return undefined;
	const wanted = words.map(anyOf).join(' AND ');
	return excluded.length === 0 ? wanted : `(${wanted}) NOT ${anyOf(excluded)}`;
};

const listed = (column: string, values: ReadonlyArray<string | number>): Condition =>
	values.length === 1
		? {sql: `${column} = ?`, values, isNarrow: true}
		: {sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)], isNarrow: true};

const isMedia = `kind IN ('image', 'file', 'video', 'audio')`;

const source = 'coalesce(event.clear, event.raw)';

/** Whom the message names, by its `m.mentions` (client-server API §User and room mentions). */
const mention = `(CASE WHEN instr(${source}, '"m.mentions"') > 0 AND json_valid(${source}) THEN
	coalesce(json_extract(${source}, '$.content."m.mentions".room') = 1, 0)
	OR EXISTS(SELECT 1 FROM json_each(${source}, '$.content."m.mentions".user_ids') WHERE value = ?) ELSE 0 END)`;

const isConditions = {
	edited: 'event.edit IS NOT NULL',
	encrypted: 'event.encryption = 2',
	thread: 'event.thread IS NOT NULL',
	reply: `(event.reply_to IS NOT NULL AND event.relation IS NOT 'm.thread')`,
	mention,
} as const;

const reaction = `EXISTS(SELECT 1 FROM event AS other WHERE other.related_to = event.event_id AND other.relation = 'm.annotation'
	AND other.rid = event.rid AND other.redacted_by IS NULL)`;

const hasCondition = (value: Extract<SearchFilter, {readonly kind: 'has'}>['value']): Condition => {
	const narrow = (sql: string): Condition => ({sql, values: [], isNarrow: true});
	if (value === 'reaction') return {sql: reaction, values: [], isNarrow: false};
	if (value === 'media') return narrow(isMedia);
	// An address may stand in the caption of an image too.
	if (value === 'link')
		return {...narrow(`(kind = 'link' OR kind IS NOT NULL AND instr(body, '://') > 0)`), isNarrow: false};
	return narrow(`kind = '${value}'`);
};

const conditionOf = (filter: ResolvedFilter, ownUserId: string): Condition => {
	switch (filter.kind) {
		case 'senders':
			return listed('sender', filter.userIds);
		case 'rooms':
			return listed('rid', filter.rids);
		case 'time': {
			const {from, to} = filter;
			const bounds = [
				...(Number.isFinite(from) ? [{sql: 'timestamp >= ?', value: from}] : []),
				...(Number.isFinite(to) ? [{sql: 'timestamp < ?', value: to}] : []),
			];
			return {sql: bounds.map(({sql}) => sql).join(' AND '), values: bounds.map(({value}) => value), isNarrow: true};
		}
		case 'has':
			return hasCondition(filter.value);
		case 'is':
			return {
				sql: isConditions[filter.value],
				values: filter.value === 'mention' ? [ownUserId] : [],
				isNarrow: false,
			};
		case 'type': {
			const sql = filter.value === 'text' ? `(kind IS NULL OR kind = 'link')` : `kind = '${filter.value}'`;
			return {sql, values: [], isNarrow: true};
		}
		default:
			return filter satisfies never;
	}
};

const negated = ({sql, ...rest}: Condition): Condition => ({...rest, sql: `NOT (coalesce(${sql}, 0))`});

/** The index that leaves the fewest messages to be walked through. */
const indexOf = (filters: ResolvedQuery['filters']): string => {
	const wanted = filters.filter(({isExcluded}) => !isExcluded).map(({filter}) => filter);
	if (wanted.some(filter => filter.kind === 'rooms' && filter.rids.length === 1)) return 'message_of_room';
	if (wanted.some(filter => filter.kind === 'senders' && filter.userIds.length === 1)) return 'message_of_sender';
	const isKind = (filter: ResolvedFilter): boolean =>
		(filter.kind === 'has' && filter.value !== 'reaction') || (filter.kind === 'type' && filter.value !== 'text');
	return wanted.some(isKind) ? 'message_of_kind' : 'message_by_time';
};

const conditionsOf = ({filters, ownUserId}: ResolvedQuery): readonly Condition[] =>
	filters.map(({filter, isExcluded}) => {
		const condition = conditionOf(filter, ownUserId);
		return isExcluded ? negated(condition) : condition;
	});

const all = (conditions: readonly SearchStatement[]): SearchStatement => ({
	sql: conditions.map(({sql}) => ` AND ${sql}`).join(''),
	values: conditions.flatMap(({values}) => values),
});

/** Words that nearly every message has: those that were stored last are enough. */
const hitsOf = `SELECT rowid FROM full_text WHERE full_text MATCH ? ORDER BY rowid DESC LIMIT ${mostWalked}`;

const byWords = (query: ResolvedQuery, match: string, conditions: readonly Condition[]): SearchStatement => {
	const {sql, values} = all(conditions);
	const direction = query.order === 'oldest' ? '' : ' DESC';
	const order =
		query.order === 'best' ? 'bm25(full_text), timestamp DESC' : `timestamp${direction}, event.pk${direction}`;
	// How good a hit is, the full-text index knows only while it is asked.
	const hits =
		query.order === 'best'
			? `full_text CROSS JOIN event INDEXED BY found_message ON event.pk = full_text.rowid WHERE full_text MATCH ?`
			: `(${hitsOf}) AS hit CROSS JOIN event INDEXED BY found_message ON event.pk = hit.rowid WHERE 1`;
	return {
		sql: `SELECT event.pk FROM ${hits}${sql} ORDER BY ${order} LIMIT ?`,
		values: [match, ...values, query.limit],
	};
};

/** @returns the query for each of its rooms, where these are few: the messages of one are in the order of an index */
const besides = (query: ResolvedQuery): readonly ResolvedQuery[] => {
	for (const [index, {filter, isExcluded}] of query.filters.entries()) {
		if (filter.kind !== 'rooms' || isExcluded || filter.rids.length === 0 || filter.rids.length > mostBeside) continue;
		return filter.rids.map(rid => ({
			...query,
			filters: query.filters.with(index, {filter: {kind: 'rooms', rids: [rid]}, isExcluded}),
		}));
	}
	return [query];
};

/** Messages in order, as far as indexes know whether they are meant. */
const walk = (query: ResolvedQuery, limit: number): SearchStatement => {
	const parts = besides(query).map(part => {
		const {sql, values} = all(conditionsOf(part).filter(({isNarrow}) => isNarrow));
		const index = indexOf(part.filters);
		const kind = index === 'message_of_kind' ? ' AND kind IS NOT NULL' : '';
		return {sql: `SELECT event.pk, timestamp FROM event INDEXED BY ${index} WHERE ${searchable}${kind}${sql}`, values};
	});
	const direction = query.order === 'oldest' ? '' : ' DESC';
	return {
		sql: `${parts.map(({sql}) => sql).join(' UNION ALL ')} ORDER BY timestamp${direction} LIMIT ?`,
		values: [...parts.flatMap(({values}) => values), limit],
	};
};

/** @returns the statement that gives the row numbers of what is found, and the one whose rows are walked through for it. */
export const searchStatements = (
	query: ResolvedQuery,
): {readonly find: SearchStatement; readonly walked: SearchStatement | undefined} => {
	const match = matchOf(query);
	const conditions = conditionsOf(query);
	if (match !== undefined) {
		const walked = query.order === 'best' ? undefined : {sql: hitsOf, values: [match]};
		return {find: byWords(query, match, conditions), walked};
	}
	const without: readonly Condition[] =
		query.excluded.length === 0
			? []
			: [
					{
						sql: 'event.pk NOT IN (SELECT rowid FROM full_text WHERE full_text MATCH ?)',
						values: [anyOf(query.excluded)],
						isNarrow: false,
					},
				];
	const wide = [...conditions.filter(({isNarrow}) => !isNarrow), ...without];
	if (wide.length === 0) return {find: walk(query, query.limit), walked: undefined};
	const walked = walk(query, mostWalked);
	const {sql, values} = all(wide);
	return {
		find: {
			sql: `SELECT event.pk FROM (${walked.sql}) AS near CROSS JOIN event ON event.pk = near.pk WHERE 1${sql} LIMIT ?`,
			values: [...walked.values, ...values, query.limit],
		},
		walked,
	};
};
