/** What heisenbridge says of own messages that did not reach IRC: found by the chat, the time and the order of what was said. Read-only. */
import {
	isHeisenbridge,
	isLossOnly,
	linesOnIrc,
	lossesInChat,
	lossesOfChat,
	lossOf,
	type Loss,
	type Said,
} from '../domain/heisenbridge.ts';
import {nameInNetwork} from '../domain/room-name.ts';
import {prepare} from './bind.ts';
import {integer, optionalInteger, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';

/** A chat on IRC. */
export type IrcChat = {
	readonly rid: number;
	/** User id. */
	readonly bot: string;
	/** The nick or channel. */
	readonly name: string;
	/** Of the room for the network, where some losses are told. */
	readonly networkRid: number | undefined;
};

/** Milliseconds in which a loss is told: servers and the bridge let few lines through at a time. */
export const lossTime = 60_000;

/** Messages that are looked at. */
const mostMessages = 200;

/** @param ownUserId the account's user id */
export const createIrcLossReader = (database: Database, ownUserId: string) => {
	const chat = prepare(
		database,
		`SELECT room.name AS name, network_name, (SELECT console.rid FROM portal AS console
			WHERE console.kind = 'console' AND console.bot = portal.bot AND console.network = portal.network
				AND console.trust = 'attested' LIMIT 1) AS network_rid
		FROM portal CROSS JOIN room USING(rid) WHERE portal.rid = ? AND room.name IS NOT NULL`,
	);
	const message = prepare(
		database,
		`SELECT timestamp FROM event WHERE event_id = ? AND rid = ? AND sender = ? AND type = 'm.room.message'`,
	);
	const notices = prepare(
		database,
		`SELECT timestamp, body FROM event INDEXED BY event_notice
		WHERE rid = ? AND sender = ? AND timestamp BETWEEN ? AND ? AND kind = 'notice' AND body IS NOT NULL AND redacted_by IS NULL
		ORDER BY timestamp, pk LIMIT ${mostMessages}`,
	);
	const said = prepare(
		database,
		`SELECT timestamp, body FROM event INDEXED BY event_by_time_of_room
		WHERE rid = ? AND chunk IS NOT NULL AND coalesce(came_at, timestamp) BETWEEN ? AND ? AND sender = ?
			AND type = 'm.room.message' AND body IS NOT NULL LIMIT ${mostMessages}`,
	);

	const lossesSince = ({rid, bot, name, networkRid}: IrcChat, time: number): readonly Loss[] => {
		const noticesOf = (room: number): readonly Row[] => notices.all(room, bot, time, time + lossTime);
		const ofChat = noticesOf(rid).flatMap(row => lossesInChat(text(row, 'body'), integer(row, 'timestamp')));
		if (networkRid === undefined) return ofChat;
		const ofNetwork = noticesOf(networkRid).flatMap(row =>
			lossesOfChat(text(row, 'body'), name, integer(row, 'timestamp')),
		);
		return [...ofChat, ...ofNetwork].toSorted((first, second) => first.time - second.time);
	};

	const saidAfter = ({rid, name, networkRid}: IrcChat, time: number): readonly Said[] => {
		const saidIn = (room: number): readonly {readonly time: number; readonly body: string}[] =>
			said
				.all(room, time + 1, time + lossTime, ownUserId)
				.map(row => ({time: integer(row, 'timestamp'), body: text(row, 'body')}));
		// Commands to the bridge name the chat: MSG, WHOIS.
		const commands = networkRid === undefined ? [] : saidIn(networkRid).filter(({body}) => body.includes(name));
		return [
			...saidIn(rid).map(each => ({time: each.time, lines: linesOnIrc(each.body)})),
			...commands.map(each => ({time: each.time, lines: 1})),
		];
	};

	return {
		/** @returns `undefined` for a room that is not of heisenbridge, or of which nobody knows whose chat it is */
		chatOf(rid: number, bot: string): IrcChat | undefined {
			if (!isHeisenbridge(bot)) return undefined;
			const row = chat.get(rid);
			if (row === undefined) return undefined;
			const name = nameInNetwork(text(row, 'name'), optionalText(row, 'network_name'));
			return {rid, bot, name, networkRid: optionalInteger(row, 'network_rid')};
		},

		/** @returns why an own message, or an edit of one, did not arrive; `undefined` where nobody says so */
		lossOf(of: IrcChat, eventId: string): Loss | undefined {
			const row = message.get(eventId, of.rid, ownUserId);
			if (row === undefined) return undefined;
			const time = integer(row, 'timestamp');
			const losses = lossesSince(of, time);
			return losses.length === 0 ? undefined : lossOf(saidAfter(of, time), losses);
		},

		/** @returns whether a notice in the chat only says of an own message that it did not arrive */
		isLossNotice({rid}: IrcChat, row: Row): boolean {
			if (!isLossOnly(optionalText(row, 'body') ?? '')) return false;
			const time = integer(row, 'timestamp');
			return said.get(rid, time - lossTime, time, ownUserId) !== undefined;
		},
	};
};
