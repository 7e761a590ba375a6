/** Reads windows of a timeline as messages: with the shown edit, reactions, the quoted target and the sender's name. */
import {asInteger, asObject, parseJson, type JsonObject} from '../domain/json.ts';
import {
	unreadableType,
	type EncryptionState,
	type Message,
	type Reaction,
	type ReplyTarget,
	type Shield,
	type ThreadSummary,
} from '../domain/message.ts';
import {startTypes} from '../domain/poll.ts';
import {prepare} from './bind.ts';
import {flag, integer, json, optionalInteger, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';
import {createSendStatusReader, type SendRoom} from './send-status-reader.ts';
import {createPollReader, hiddenVotes} from './poll-reader.ts';

/** A place in a timeline. */
export type TimelineCursor = {readonly chunkOrder: number; readonly position: number};

/** Which messages: the newest `limit` ones before (older than) `before`, or the oldest `limit` ones after `after`. */
export type TimelineWindow = {
	readonly rid: number;
	readonly limit: number;
	readonly before?: TimelineCursor | undefined;
	readonly after?: TimelineCursor | undefined;
	/** Without what stands in threads. @default false */
	readonly isMain?: boolean | undefined;
	/** Only what was said, threads too: neither what was done to the room, nor what programs tell each other. @default false */
	readonly isSaid?: boolean | undefined;
};

/** Messages oldest first, and where the archive has holes between them. */
export type TimelinePage = {
	readonly messages: readonly Message[];
	/** Chunk orders before whose oldest message history is missing. */
	readonly gaps: readonly number[];
	/** Whether the room's first event is the oldest of what the archive has. */
	readonly isStartKnown: boolean;
};

type ChunkRow = {readonly chunk: number; readonly chunk_order: number; readonly older: number};

const encryptionStates: readonly EncryptionState[] = ['clear', 'undecrypted', 'decrypted'];

/** What somebody says whom the account ignores (client-server API §Ignoring Users); what they do to the room is seen. */
const isIgnored = 'state_key IS NULL AND EXISTS(SELECT 1 FROM ignored WHERE user_id = sender)';

/** Others are shown by what they do to messages, not as rows. */
export const isRow = `relation IS NOT 'm.replace' AND type NOT IN ('m.reaction', 'm.room.redaction', ${hiddenVotes}) AND NOT (${isIgnored})`;

/** What is a message, or one that cannot be read (yet). */
const saidTypes = ['m.room.message', 'm.room.encrypted', 'm.sticker', ...startTypes, unreadableType]
	.map(type => `'${type}'`)
	.join(', ');

/** A message in a thread, not the root and not a change of one. */
const isReply = `relation = 'm.thread' AND redacted_by IS NULL AND NOT (${isIgnored})`;

const contentOf = (row: Row): JsonObject =>
	asObject(asObject(parseJson(optionalText(row, 'clear') ?? optionalText(row, 'raw') ?? '{}'))['content']);

/** Types whose cleartext in an encrypted room is worth a warning. */
const messageTypes: ReadonlySet<string> = new Set(['m.room.message', 'm.sticker']);

/** What holds for all messages of a room. */
type RoomFacts = {
	/** When the room became encrypted, by its state; milliseconds since the Unix epoch, infinite if it never did. */
	readonly since: number;
	/** Its bridge, if that is believed. */
	readonly sendRoom: SendRoom | undefined;
};

const viaBridge: Shield = {colour: 'neutral', reason: 'via-bridge'};
const sentInClear: Shield = {colour: 'red', reason: 'sent-in-clear'};

const shieldOf = (row: Row, {since: encryptedSince, sendRoom}: RoomFacts): Shield | undefined => {
	const isClear = integer(row, 'encryption') === 0 && optionalText(row, 'redacted_by') === undefined;
	if (isClear && messageTypes.has(text(row, 'type')) && integer(row, 'timestamp') > encryptedSince) return sentInClear;
	const shield = asObject(json(row, 'shield'));
	// A bridge that is attested no more is a stranger's device.
	const isOfBridge = shield['reason'] === 'mismatched-sender' && shield['bridge'] !== undefined;
	if (isOfBridge && sendRoom?.isAttested === true && sendRoom.bot === shield['bridge']) return viaBridge;
	return shield['colour'] === 'grey' || shield['colour'] === 'red' ? (shield as Shield) : undefined;
};

/** Reactions without those that the account gave and that failed. */
const withoutOwn = (reactions: readonly Reaction[], keys: readonly string[]): readonly Reaction[] =>
	reactions.flatMap(reaction => {
		if (!reaction.isMine || !keys.includes(reaction.key)) return [reaction];
		return reaction.count > 1 ? [{...reaction, count: reaction.count - 1, isMine: false}] : [];
	});

export const createMessageReader = (database: Database, ownUserId: string) => {
	const eventColumns = `event.*, (SELECT display_name FROM member WHERE member.rid = event.rid AND user_id = sender) AS sender_name,
		EXISTS(SELECT 1 FROM own_ghost WHERE user_id = sender) AS is_own_ghost,
		(SELECT coalesce(edited.clear, edited.raw) FROM event AS edited WHERE edited.pk = event.edit) AS edit_json`;
	const statementsOf = (rows: string) => ({
		older: prepare(
			database,
			`SELECT ${eventColumns} FROM event WHERE rid = ? AND chunk = ? AND position < ? AND ${rows} ORDER BY position DESC LIMIT ?`,
		),
		newer: prepare(
			database,
			`SELECT ${eventColumns} FROM event WHERE rid = ? AND chunk = ? AND position > ? AND ${rows} ORDER BY position LIMIT ?`,
		),
	});
	const allRows = statementsOf(isRow);
	const mainRows = statementsOf(`${isRow} AND relation IS NOT 'm.thread'`);
	const saidRows = statementsOf(`${isRow} AND state_key IS NULL AND type IN (${saidTypes})`);
	const rowsOf = ({isMain, isSaid}: TimelineWindow): typeof allRows =>
		isSaid ? saidRows : isMain ? mainRows : allRows;
	const chunks = prepare(
		database,
		'SELECT chunk, chunk_order, older FROM chunk WHERE rid = ? ORDER BY chunk_order DESC',
	);
	const one = prepare(
		database,
		`SELECT ${eventColumns}, (SELECT chunk_order FROM chunk WHERE chunk.chunk = event.chunk) AS chunk_order
		FROM event WHERE event_id = ? AND rid = ?`,
	);
	const byNumber = prepare(
		database,
		`SELECT ${eventColumns}, (SELECT chunk_order FROM chunk WHERE chunk.chunk = event.chunk) AS chunk_order FROM event WHERE pk = ?`,
	);
	const threadSummary = prepare(
		database,
		`SELECT count(*) AS count, max(timestamp) AS last, max(thread_unread.unread) AS unread,
			max(thread_unread.highlights) AS highlights FROM event
		LEFT JOIN thread_unread ON thread_unread.rid = event.rid AND root = thread WHERE thread = ? AND event.rid = ? AND ${isReply}`,
	);
	const thread = prepare(
		database,
		`SELECT ${eventColumns}, chunk_order FROM event JOIN chunk ON chunk.chunk = event.chunk
		WHERE event.pk IN (SELECT pk FROM event WHERE thread = ? AND rid = ? AND ${isReply} ORDER BY timestamp DESC LIMIT ?)
		ORDER BY chunk_order, position`,
	);
	const reactions = prepare(
		database,
		`SELECT body, count(DISTINCT sender) AS count, max(sender = ?) AS is_mine FROM event
		WHERE related_to = ? AND relation = 'm.annotation' AND type = 'm.reaction' AND rid = ? AND redacted_by IS NULL AND body IS NOT NULL
			AND NOT (${isIgnored}) GROUP BY body ORDER BY min(pk)`,
	);
	const encryption = prepare(
		database,
		`SELECT json FROM state WHERE rid = ? AND type = 'm.room.encryption' AND state_key = ''`,
	);
	const target = prepare(
		database,
		`SELECT event_id, sender, body, redacted_by,
			(SELECT display_name FROM member WHERE member.rid = event.rid AND user_id = sender) AS sender_name
		FROM event WHERE event_id = ? AND rid = ? AND NOT (${isIgnored})`,
	);

	const votesOf = createPollReader(database, ownUserId);
	const sends = createSendStatusReader(database, ownUserId);

	const reactionsOf = (eventId: string, rid: number): readonly Reaction[] =>
		reactions.all(ownUserId, eventId, rid).map(row => ({
			key: text(row, 'body'),
			count: integer(row, 'count'),
			isMine: flag(row, 'is_mine'),
		}));

	const threadOf = (eventId: string, rid: number): ThreadSummary | undefined => {
		const row = threadSummary.get(eventId, rid);
		const count = integer(row, 'count');
		if (count === 0) return undefined;
		const [unread, highlights] = [optionalInteger(row, 'unread'), optionalInteger(row, 'highlights')];
		return {count, last: integer(row, 'last'), ...(unread === undefined ? {} : {unread, highlights})};
	};

	const replyOf = (eventId: string | undefined, rid: number): ReplyTarget | undefined => {
		if (eventId === undefined) return undefined;
		const row = target.get(eventId, rid);
		return {
			eventId,
			sender: optionalText(row, 'sender'),
			senderName: optionalText(row, 'sender_name'),
			body: optionalText(row, 'body'),
		};
	};

	/** What became of it behind the bridge of its room; what did not get there is as if it were not done. */
	const sendFactsOf = (room: SendRoom, row: Row, message: Message): Partial<Message> => {
		const {eventId, isMine, isPhone, redactedBy, reactions: all, stateKey} = message;
		if (stateKey !== undefined) return {};
		if (!isMine && sends.isFailureNotice(room, row)) return {isFolded: true};
		const hasOwnChange = isMine || all.some(reaction => reaction.isMine);
		if (!hasOwnChange) return {};
		const isRemoved = redactedBy === ownUserId;
		const failedChanges = sends.failedChanges(room, {eventId, edit: optionalInteger(row, 'edit'), isMine, isRemoved});
		const lost = failedChanges.flatMap(({key}) => key ?? []);
		return {
			...(failedChanges.length === 0 ? {} : {failedChanges}),
			...(lost.length === 0 ? {} : {reactions: withoutOwn(all, lost)}),
			// What was written on the phone is on the other network before it is here.
			...(isMine && isPhone !== true && redactedBy === undefined ? {status: sends.statusOf(room, message)} : {}),
			...(isMine && sends.isResent(eventId) ? {isFolded: true} : {}),
		};
	};

	const messageOf = (row: Row, chunkOrder: number, facts: RoomFacts): Message => {
		const {sendRoom} = facts;
		const rid = integer(row, 'rid');
		const eventId = text(row, 'event_id');
		const edit = optionalText(row, 'edit_json');
		const original = contentOf(row);
		const content =
			edit === undefined ? original : asObject(asObject(asObject(parseJson(edit))['content'])['m.new_content']);
		const redactedBy = optionalText(row, 'redacted_by');
		const cameAt = optionalInteger(row, 'came_at');
		const isMine = row['sender'] === ownUserId;
		const isPhone = flag(row, 'is_own_ghost') || (isMine && original['fi.mau.double_puppet_source'] !== undefined);
		const message: Message = {
			pk: integer(row, 'pk'),
			eventId,
			rid,
			chunkOrder,
			position: integer(row, 'position'),
			timestamp: integer(row, 'timestamp'),
			...(cameAt === undefined ? {} : {cameAt}),
			sender: text(row, 'sender'),
			senderName: optionalText(row, 'sender_name'),
			type: text(row, 'type'),
			stateKey: optionalText(row, 'state_key'),
			content: redactedBy === undefined ? content : {},
			isEdited: edit !== undefined,
			encryption: encryptionStates[integer(row, 'encryption')] ?? 'clear',
			undecryptableReason: optionalText(row, 'failure'),
			shield: shieldOf(row, facts),
			redactedBy,
			reactions: reactionsOf(eventId, rid),
			replyTo: replyOf(optionalText(row, 'reply_to'), rid),
			threadRoot: optionalText(row, 'thread'),
			isMine,
			...(isPhone ? {isPhone} : {}),
			thread: threadOf(eventId, rid),
		};
		const votes = votesOf(message);
		const known = votes === undefined ? message : {...message, votes};
		return sendRoom === undefined ? known : {...known, ...sendFactsOf(sendRoom, row, known)};
	};

	const factsOf = (rid: number): RoomFacts => {
		const event = asObject(json(encryption.get(rid), 'json'));
		return {
			since: asInteger(event['origin_server_ts']) ?? Number.POSITIVE_INFINITY,
			sendRoom: sends.roomOf(rid),
		};
	};

	const readOlder = (window: TimelineWindow, all: readonly ChunkRow[]): readonly Message[] => {
		const facts = factsOf(window.rid);
		const found: Message[] = [];
		for (const {chunk, chunk_order: order} of all) {
			const isAbove = window.before !== undefined && order > window.before.chunkOrder;
			if (isAbove || found.length >= window.limit) continue;
			const bound = order === window.before?.chunkOrder ? window.before.position : Number.MAX_SAFE_INTEGER;
			for (const row of rowsOf(window).older.all(window.rid, chunk, bound, window.limit - found.length))
				found.push(messageOf(row, order, facts));
		}
		return found.toReversed();
	};

	const readNewer = (window: TimelineWindow, after: TimelineCursor, all: readonly ChunkRow[]): readonly Message[] => {
		const facts = factsOf(window.rid);
		const found: Message[] = [];
		for (const {chunk, chunk_order: order} of all.toReversed()) {
			if (order < after.chunkOrder || found.length >= window.limit) continue;
			const bound = order === after.chunkOrder ? after.position : Number.MIN_SAFE_INTEGER;
			for (const row of rowsOf(window).newer.all(window.rid, chunk, bound, window.limit - found.length))
				found.push(messageOf(row, order, facts));
		}
		return found;
	};

	return {
		/** @returns one event of a room, wherever it stands, or known only as a relation. */
		message(rid: number, eventId: string): Message | undefined {
			const row = one.get(eventId, rid);
			return row === undefined ? undefined : messageOf(row, integer(row, 'chunk_order'), factsOf(rid));
		},

		/** @returns messages by their row numbers, of whichever rooms, in the order of the numbers. */
		numbered(numbers: readonly number[]): readonly Message[] {
			const facts = new Map<number, RoomFacts>();
			return numbers.flatMap(pk => {
				const row = byNumber.get(pk);
				if (row === undefined) return [];
				const rid = integer(row, 'rid');
				const own = facts.get(rid) ?? factsOf(rid);
				facts.set(rid, own);
				return [messageOf(row, integer(row, 'chunk_order'), own)];
			});
		},

		/** @returns the newest `limit` messages of a thread, oldest first, without the root. */
		thread(rid: number, root: string, limit: number): readonly Message[] {
			const facts = factsOf(rid);
			return thread.all(root, rid, limit).map(row => messageOf(row, integer(row, 'chunk_order'), facts));
		},

		timeline(window: TimelineWindow): TimelinePage {
			const all = chunks.all(window.rid) as ChunkRow[];
			const messages = window.after === undefined ? readOlder(window, all) : readNewer(window, window.after, all);
			return {
				messages,
				gaps: all.filter(row => row.older === 0).map(row => row.chunk_order),
				isStartKnown: all.at(-1)?.older === 2,
			};
		},
	};
};
