/** What `search` of a Session answers, from the store alone. */
import {ExpectedError} from '../domain/errors.ts';
import type {SearchAnswer} from '../domain/history-requests.ts';
import {parseSearch} from '../domain/search-query.ts';
import type {AccountReader} from './account-reader.ts';

const usage = (message: string): ExpectedError =>
	new ExpectedError({message, next: 'See mx help search.', reason: 'usage'});

/**
 * @param options.now milliseconds since the Unix epoch
 * @throws ExpectedError `usage` for what is no search; `notFound`, `ambiguous` for names that mean nobody, no room, or too many
 */
export const searchArchive = (
	reader: AccountReader,
	{query: text, limit}: {readonly query: string; readonly limit: number},
	{ownUserId, now}: {readonly ownUserId: string; readonly now: number},
): SearchAnswer => {
	const parsed = parseSearch(text, {now});
	if (parsed.kind === 'nothing') throw usage('Write what is searched for.');
	if (parsed.kind === 'problem') throw usage(parsed.sentence);
	const {messages, ...result} = reader.search.find({query: parsed.query, limit});
	return {
		...result,
		messages: messages.flatMap(found => {
			const room = reader.room(found.rid);
			return room === undefined ? [] : [{...found, room, isMine: found.sender === ownUserId}];
		}),
		coverage: reader.search.coverage(),
		lastSync: reader.lastSync(),
	};
};
