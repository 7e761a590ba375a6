/**
 * What the archive tells of own messages behind bridges: status events and notices of the bot that is believed, and receipts.
 * What becomes of them is found each time they are read, so a bot that is believed no more has said nothing. Read-only.
 */
import {asObject} from '../domain/json.ts';
import {
	parseFailureNotice,
	parseSendStatus,
	sendStatusOf,
	sendStatusType,
	type FailedChange,
	type SendEvidence,
	type SendStatus,
} from '../domain/send-status.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalText, text} from './columns.ts';
import {createIrcLossReader, type IrcChat} from './irc-losses.ts';
import type {Database, Row} from './open-database.ts';

/** A place in a timeline; 0 where an event has none. */
type Place = {readonly chunkOrder: number; readonly position: number};

/** A room whose bridge is believed. */
export type SendRoom = {
	readonly rid: number;
	/** User id. */
	readonly bot: string;
	/** Id of the network. */
	readonly protocol: string;
	readonly isAttested: boolean;
	/** The bot has said of some message what became of it. */
	readonly isAnswering: boolean;
	/** How far the bot has read. */
	readonly botRead: (Place & {readonly time: number}) | undefined;
	/** The bridge reads first, and says afterwards what did not arrive. */
	readonly irc: IrcChat | undefined;
};

/** An own event. */
export type OwnEvent = Place & {readonly eventId: string};

/** Evidence of one event is not more than this. */
const mostEvidence = 50;

const isBehind = (first: Place, second: Place): boolean =>
	first.chunkOrder !== second.chunkOrder ? first.chunkOrder > second.chunkOrder : first.position >= second.position;

/** @param ownUserId the account's user id */
export const createSendStatusReader = (database: Database, ownUserId: string) => {
	const portal = prepare(
		database,
		`SELECT bot, protocol, trust, EXISTS(SELECT 1 FROM event INDEXED BY event_send_status
				WHERE event.rid = portal.rid AND sender = bot AND type = '${sendStatusType}') AS is_answering
		FROM portal WHERE rid = ? AND bot IS NOT NULL AND trust IN ('attested', 'inferred') AND kind <> 'console'`,
	);
	const botRead = prepare(
		database,
		`SELECT time, chunk_order, position FROM receipt JOIN event ON event.event_id = receipt.event_id AND event.rid = receipt.rid
			JOIN chunk ON chunk.chunk = event.chunk
		WHERE receipt.rid = ? AND user_id = ? AND receipt.type = 'm.read' ORDER BY chunk_order DESC, position DESC LIMIT 1`,
	);
	const statuses = prepare(
		database,
		`SELECT timestamp, coalesce(clear, raw) AS json FROM event WHERE related_to = ? AND relation = 'm.reference' AND rid = ?
			AND sender = ? AND type = '${sendStatusType}' AND redacted_by IS NULL ORDER BY pk LIMIT ${mostEvidence}`,
	);
	const notices = prepare(
		database,
		`SELECT timestamp, body FROM event INDEXED BY event_notice_reply WHERE reply_to = ? AND kind = 'notice' AND rid = ?
			AND sender = ? AND redacted_by IS NULL AND relation IS NOT 'm.replace' ORDER BY pk LIMIT ${mostEvidence}`,
	);
	const firstRead = prepare(
		database,
		`SELECT min(time) AS time FROM receipt JOIN event ON event.event_id = receipt.event_id AND event.rid = receipt.rid
			JOIN chunk ON chunk.chunk = event.chunk
		WHERE receipt.rid = ? AND receipt.type = 'm.read' AND user_id NOT IN (?, ?) AND (chunk_order, position) >= (?, ?)
			AND NOT EXISTS(SELECT 1 FROM own_ghost WHERE own_ghost.user_id = receipt.user_id)`,
	);
	const senderOf = prepare(database, 'SELECT sender FROM event WHERE event_id = ? AND rid = ?');
	const eventIdOf = prepare(database, 'SELECT event_id FROM event WHERE pk = ?');
	const ownReactions = prepare(
		database,
		`SELECT event_id, body FROM event WHERE related_to = ? AND relation = 'm.annotation' AND type = 'm.reaction' AND rid = ?
			AND sender = ? AND redacted_by IS NULL AND body IS NOT NULL`,
	);
	const removals = prepare(
		database,
		`SELECT event_id FROM outbox WHERE rid = ? AND type = 'm.room.redaction' AND state = 'sent'
			AND json_extract(content, '$.redacts') = ?`,
	);
	const irc = createIrcLossReader(database, ownUserId);
	const resent = prepare(database, 'SELECT 1 FROM send_care WHERE event_id = ? AND resent_as IS NOT NULL');

	const lossOf = (chat: IrcChat, eventId: string): readonly SendEvidence[] => {
		const loss = irc.lossOf(chat, eventId);
		if (loss === undefined) return [];
		const {time, of, text: reason} = loss;
		return [{kind: 'notice', isCertain: true, isRetriable: of === 'message', text: reason, time}];
	};

	const saidOf = ({rid, bot, irc: chat}: SendRoom, eventId: string): readonly SendEvidence[] => [
		...statuses.all(eventId, rid, bot).flatMap(row => {
			const content = asObject(asObject(json(row, 'json'))['content']);
			return parseSendStatus(content, integer(row, 'timestamp')) ?? [];
		}),
		...notices.all(eventId, rid, bot).flatMap(row => {
			return parseFailureNotice(optionalText(row, 'body') ?? '', integer(row, 'timestamp')) ?? [];
		}),
		...(chat === undefined ? [] : lossOf(chat, eventId)),
	];

	const readOf = ({rid, bot}: SendRoom, {chunkOrder, position}: Place): readonly SendEvidence[] => {
		if (chunkOrder === 0) return [];
		const row = firstRead.get(rid, ownUserId, bot, chunkOrder, position);
		return row === undefined || row['time'] === null ? [] : [{kind: 'read', time: integer(row, 'time')}];
	};

	/** @param isWhole also who has read it; else only where that changes something */
	const statusOf = (room: SendRoom, event: OwnEvent, isWhole = false): SendStatus => {
		const said = saidOf(room, event.eventId);
		const hasBotRead = room.botRead !== undefined && event.chunkOrder !== 0 && isBehind(room.botRead, event);
		const evidence: readonly SendEvidence[] = hasBotRead
			? [...said, {kind: 'bot-read', time: room.botRead.time}]
			: said;
		const status = sendStatusOf(evidence);
		const isUnclear = status.stage === 'failed' && !status.isCertain;
		const whole = isWhole || isUnclear ? sendStatusOf([...evidence, ...readOf(room, event)]) : status;
		return {...whole, isAwaited: room.isAnswering && said.length === 0};
	};

	const failed = (room: SendRoom, eventId: string): SendStatus | undefined => {
		const status = sendStatusOf(saidOf(room, eventId));
		return status.stage === 'failed' ? status : undefined;
	};

	return {
		/** @returns `undefined` for a room that is not bridged, or not believed to be */
		roomOf(rid: number): SendRoom | undefined {
			const row = portal.get(rid);
			if (row === undefined) return undefined;
			const bot = text(row, 'bot');
			const read = botRead.get(rid, bot);
			return {
				rid,
				bot,
				protocol: text(row, 'protocol'),
				isAttested: row['trust'] === 'attested',
				isAnswering: integer(row, 'is_answering') === 1,
				botRead:
					read === undefined
						? undefined
						: {
								chunkOrder: integer(read, 'chunk_order'),
								position: integer(read, 'position'),
								time: integer(read, 'time'),
							},
				irc: irc.chatOf(rid, bot),
			};
		},

		statusOf,

		/** @returns own changes of a message that did not reach the other network */
		failedChanges(
			room: SendRoom,
			{
				eventId,
				edit,
				isMine,
				isRemoved,
			}: {
				readonly eventId: string;
				/** Row number of the edit that is shown. */
				readonly edit: number | undefined;
				readonly isMine: boolean;
				/** By the account. */
				readonly isRemoved: boolean;
			},
		): readonly FailedChange[] {
			const changes: FailedChange[] = [];
			const note = (kind: FailedChange['kind'], id: string | undefined, key?: string): void => {
				const status = id === undefined ? undefined : failed(room, id);
				if (status !== undefined) changes.push({kind, status, ...(key === undefined ? {} : {key})});
			};
			if (isMine && edit !== undefined) note('edit', optionalText(eventIdOf.get(edit), 'event_id'));
			for (const row of ownReactions.all(eventId, room.rid, ownUserId))
				note('reaction', text(row, 'event_id'), text(row, 'body'));
			if (isRemoved) for (const row of removals.all(room.rid, eventId)) note('removal', optionalText(row, 'event_id'));
			return changes;
		},

		/** @returns whether a row only says of an own event that it failed, which that event says itself */
		isFailureNotice(room: SendRoom, row: Row): boolean {
			const replyTo = optionalText(row, 'reply_to');
			if (row['sender'] !== room.bot || row['kind'] !== 'notice') return false;
			if (room.irc !== undefined) return irc.isLossNotice(room.irc, row);
			if (replyTo === undefined || parseFailureNotice(optionalText(row, 'body') ?? '', 0) === undefined) return false;
			return optionalText(senderOf.get(replyTo, room.rid), 'sender') === ownUserId;
		},

		/** @returns whether an own message was sent again, as another one */
		isResent: (eventId: string): boolean => resent.get(eventId) !== undefined,
	};
};
