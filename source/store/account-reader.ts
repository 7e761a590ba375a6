/** What the screen and the reading verbs ask of account.db: windows of rooms, windows of timelines. Read-only. */
import {parseMentions, type Mention} from '../domain/mention.ts';
import type {Message} from '../domain/message.ts';
import type {LostMessage, OutboxItem} from '../domain/outbox-item.ts';
import {editDraft, editedIn, replyDraft} from '../domain/draft-place.ts';
import {prepare} from './bind.ts';
import {createBridgeHealthReader, type BridgeHealthReader} from './bridge-health-store.ts';
import {integer, json, optionalText} from './columns.ts';
import {createCompletionReader, type CompletionReader} from './completion-reader.ts';
import {createContactReader, type ContactReader} from './contact-reader.ts';
import {createMessageFacts, type MessageFacts} from './message-facts.ts';
import {createMessageSearch, type MessageSearch} from './message-search.ts';
import {createMessageReader, type TimelineWindow} from './message-reader.ts';
import {createMixedTimeline, type MixedPage, type MixedWindow} from './mixed-timeline.ts';
import type {Database} from './open-database.ts';
import {createNewsReader, type NewsReader} from './news-reader.ts';
import {createOutboxReader, createWaitingReader} from './outbox-store.ts';
import {createPersonReader, type PersonReader} from './person-reader.ts';
import {createPortalReader, type PortalReader} from './portal-store.ts';
import {createReadState, type ReadState} from './read-state.ts';
import {createSentMessages} from './sent-messages.ts';
import {createRoomDetails, type RoomDetails} from './room-details.ts';
import {createRoomListReader, type RoomListReader} from './room-list-reader.ts';
import {createStateReader, type StateReader} from './state-reader.ts';
import {createLostReader} from './undelivered.ts';

export type {TimelineWindow} from './message-reader.ts';

/** The read side of an account. Every call reads what is committed now. */
export type AccountReader = RoomListReader &
	PersonReader &
	ContactReader & {
		/** Runs calls that all read what is committed at one moment: else a message may be between the outbox and the timeline. */
		readonly atOnce: <Result>(read: () => Result) => Result;
		readonly timeline: (window: TimelineWindow) => ReturnType<ReturnType<typeof createMessageReader>['timeline']>;
		/** The messages of several rooms as one timeline. */
		readonly mixedTimeline: (window: MixedWindow) => MixedPage;
		/** One event of a room by its id. */
		readonly message: (rid: number, eventId: string) => Message | undefined;
		/** Newest messages of a thread, oldest first, without the root. */
		readonly thread: (rid: number, root: string, limit: number) => readonly Message[];
		/** What is known about single messages: versions, who reacted, who read, threads. */
		readonly about: MessageFacts;
		/** What has come in, for notifications. */
		readonly news: NewsReader;
		readonly outbox: (rid: number) => readonly OutboxItem[];
		/** What the server does not have yet, of all rooms. */
		readonly waiting: () => readonly OutboxItem[];
		/** What was sent from this device, and a bridge did not pass on. */
		readonly lost: () => readonly LostMessage[];
		/** @param thread its root; without it, the draft of the room */
		readonly draft: (rid: number, thread?: string) => string;
		/** Messages that are edited or answered in a draft of the room, by their event ids. */
		readonly draftTargets: (rid: number) => {readonly edits: string | undefined; readonly reply: string | undefined};
		/** Whom the draft names. */
		readonly draftMentions: (rid: number, thread?: string) => readonly Mention[];
		/** The next older message of the account in a room; without a place the newest one. */
		readonly sent: ReturnType<typeof createSentMessages>;
		/** What a text may name. */
		readonly completion: CompletionReader;
		/** Display name of a member, untrusted. */
		readonly memberName: (rid: number, userId: string) => string | undefined;
		/** User id of who invited to a room. */
		readonly inviter: (rid: number) => string | undefined;
		/** Milliseconds since the Unix epoch of the last completed sync. */
		readonly lastSync: () => number | undefined;
		/** Messages by their words. */
		readonly search: MessageSearch;
		/** How far people have read, and what is not read. */
		readonly reads: ReadState;
		/** Members, settings, power, spaces. */
		readonly details: RoomDetails;
		/** What a room is of another network, and how the logins of bridges are. */
		readonly portals: Pick<PortalReader, 'portal' | 'bridgeStates' | 'knownBots' | 'isAccepted'> & BridgeHealthReader;
		/** The state of rooms as it came. */
		readonly state: StateReader;
		/** Event id of the fully-read marker. */
		readonly fullyRead: (rid: number) => string | undefined;
	};

/** @param ownUserId the account's user id */
export const createAccountReader = (database: Database, ownUserId: string): AccountReader => {
	const messages = createMessageReader(database, ownUserId);
	const rooms = createRoomListReader(database, ownUserId);
	const outbox = createOutboxReader(database);
	const draft = prepare(database, 'SELECT text, mentions FROM draft WHERE rid = ? AND thread = ?');
	const lastEdit = prepare(
		database,
		`SELECT thread FROM draft WHERE rid = ? AND thread >= '${editDraft('')}' AND thread < '${editDraft('~')}' ORDER BY time DESC LIMIT 1`,
	);
	const memberName = prepare(database, 'SELECT display_name FROM member WHERE rid = ? AND user_id = ?');
	const inviter = prepare(database, 'SELECT inviter FROM room WHERE rid = ?');
	const lastSync = prepare(database, `SELECT value FROM meta WHERE key = 'last_sync'`);
	const fullyRead = prepare(database, 'SELECT fully_read FROM room WHERE rid = ?');

	return {
		...rooms,
		...createPersonReader(database),
		...createContactReader(database, ownUserId),
		atOnce(read) {
			if (database.inTransaction) return read();
			database.exec('BEGIN');
			try {
				return read();
			} finally {
				// An error of the disk may have ended it.
				if (database.inTransaction) database.exec('COMMIT');
			}
		},
		timeline: window => messages.timeline(window),
		mixedTimeline: createMixedTimeline(database, messages),
		message: (rid, eventId) => messages.message(rid, eventId),
		thread: (rid, root, limit) => messages.thread(rid, root, limit),
		about: createMessageFacts(database, ownUserId),
		outbox,
		news: createNewsReader(database),
		waiting: createWaitingReader(database),
		lost: createLostReader(database),
		draft: (rid, thread = '') => optionalText(draft.get(rid, thread), 'text') ?? '',
		draftTargets: rid => ({
			edits: editedIn(optionalText(lastEdit.get(rid), 'thread') ?? ''),
			reply: optionalText(draft.get(rid, replyDraft), 'text'),
		}),
		draftMentions: (rid, thread = '') => parseMentions(json(draft.get(rid, thread), 'mentions')),
		sent: createSentMessages(database, ownUserId),
		completion: createCompletionReader(database, ownUserId),
		memberName: (rid, userId) => optionalText(memberName.get(rid, userId), 'display_name'),
		inviter: rid => optionalText(inviter.get(rid), 'inviter'),
		lastSync() {
			const row = lastSync.get();
			return row === undefined ? undefined : integer(row, 'value');
		},
		search: createMessageSearch(database, ownUserId),
		reads: createReadState(database, ownUserId),
		details: createRoomDetails(database),
		portals: {...createPortalReader(database, ownUserId), ...createBridgeHealthReader(database)},
		state: createStateReader(database),
		fullyRead: rid => optionalText(fullyRead.get(rid), 'fully_read'),
	};
};
