/** How the votes of polls stand, from the events that refer to them. */
import {asObject} from '../domain/json.ts';
import type {Message} from '../domain/message.ts';
import {endTypes, isPollStart, pollOf, responseTypes, votesOf, type PollVotes} from '../domain/poll.ts';
import {readRoomPower, type RoomPower} from '../domain/room-power.ts';
import {prepare} from './bind.ts';
import {integer, json, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** Types as a list in SQL; they are mx's own words. */
const quoted = (types: readonly string[]): string => types.map(type => `'${type}'`).join(', ');

/** Votes are shown by their poll, not as rows. */
export const hiddenVotes = quoted(responseTypes);

export const createPollReader = (database: Database, ownUserId: string) => {
	const events = prepare(
		database,
		`SELECT type, sender, timestamp, raw, clear FROM event WHERE related_to = ? AND relation = 'm.reference' AND rid = ?
			AND type IN (${quoted([...responseTypes, ...endTypes])}) AND encryption <> 1 AND redacted_by IS NULL`,
	);
	const state = prepare(database, `SELECT json FROM state WHERE rid = ? AND type = ? AND state_key = ''`);

	const powerOf = (rid: number): RoomPower => {
		const levels = json(state.get(rid, 'm.room.power_levels'), 'json');
		const create = asObject(json(state.get(rid, 'm.room.create'), 'json'));
		return readRoomPower(levels === undefined ? undefined : asObject(asObject(levels)['content']), create);
	};

	/** @returns how a poll stands; `undefined` of what is none */
	return (message: Pick<Message, 'rid' | 'eventId' | 'type' | 'content' | 'sender'>): PollVotes | undefined => {
		if (!isPollStart(message.type)) return undefined;
		const poll = pollOf(message.type, message.content);
		if (poll === undefined) return undefined;
		const found = events.all(message.eventId, message.rid).map(row => ({
			type: text(row, 'type'),
			sender: text(row, 'sender'),
			timestamp: integer(row, 'timestamp'),
			content: asObject(asObject(json(row, 'clear') ?? json(row, 'raw'))['content']),
		}));
		let power: RoomPower | undefined;
		const mayEnd = (userId: string): boolean => {
			power ??= powerOf(message.rid);
			return power.of(userId) >= power.toAct('redact');
		};
		return votesOf(poll, found, {asker: message.sender, ownUserId, mayEnd});
	};
};
