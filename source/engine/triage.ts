/** Keeps the inbox in order: sections, tags, mutes with an end, marks of unread, all at once read. */
import {ExpectedError} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import {longestNote, longestPetname, noteType, petnameType} from '../domain/room-note.ts';
import {isUnread, type RoomRow, type TaggedSection} from '../domain/room.ts';
import type {RoomRequests} from '../domain/room-requests.ts';
import {markContent} from '../domain/timeline-mark.ts';
import type {TriageRequests} from '../domain/triage-requests.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {Logger} from '../store/log-file.ts';
import {sectionTags} from '../store/section-tags.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {ReceiptManager} from './receipt-manager.ts';
import {createSnoozing} from './snoozing.ts';

export type TriageOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Homeserver;
	readonly stores: Pick<AccountStores, 'account' | 'reader' | 'rooms'>;
	readonly feed: ChangeFeed;
	readonly receipts: Pick<ReceiptManager, 'mark'>;
	readonly setNotifications: RoomRequests['setNotifications'];
	readonly log: Pick<Logger, 'info'>;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

export type Triage = Omit<TriageRequests, 'setInboxLayout'> & {
	/** A room was read: the server forgets that it was marked unread. */
	readonly noteRead: (room: RoomRow) => void;
	/** Ends the mutes whose time is over, and waits for the next one: once the server can be reached. */
	readonly endMutes: () => void;
	/** Wakes the rooms whose time is over, and waits for the next one. */
	readonly wakeRooms: () => void;
};

/** Rooms that are marked at a time: all that an account has. */
const mostRooms = 10_000;

/** A timer of Node holds no more than this, in milliseconds; what ends later is looked at again then. */
const longestWait = 24 * 3_600_000;

/** Milliseconds until a mute is tried to be ended again that the server could not be told of. */
const retryTime = 60_000;

export const createTriage = (options: TriageOptions): Triage => {
	const {userId, homeserver, stores, feed, receipts, setNotifications, log, now} = options;
	const {account, reader, rooms} = stores;
	const {triage: calls} = homeserver;
	const snoozing = createSnoozing(options);
	let timer: NodeJS.Timeout | undefined;
	options.signal.addEventListener('abort', () => clearTimeout(timer));

	const requireRoom = (roomId: string): RoomRow => {
		const room = reader.roomById(roomId);
		if (room?.membership === 'join') return room;
		const message = room === undefined ? `The room ${roomId} is not known.` : 'You are not in this room.';
		throw new ExpectedError({message, reason: room === undefined ? 'notFound' : 'refused'});
	};

	const attempt = async (doing: string, work: () => Promise<void>): Promise<void> => {
		try {
			await work();
		} catch (error) {
			throw toExpectedError(error, doing);
		}
	};

	/** @param content `undefined` takes the tag away */
	const putTag = async ({rid, roomId}: RoomRow, tag: string, content: JsonObject | undefined): Promise<void> => {
		if (content === undefined) await calls.removeTag(userId, roomId, tag);
		else await calls.setTag(userId, roomId, tag, content);
		account.write(() => rooms.marks.tag(rid, tag, content));
		feed.changed([rid], true);
	};

	/** What is put away comes back with what is newer than the message that its tag names. */
	const tagContent = (room: RoomRow, section: TaggedSection): JsonObject => {
		if (section !== 'archived') return {};
		return markContent(rooms.attention.newest(room.rid) ?? {eventId: undefined, time: room.lastActivity});
	};

	const setSection: Triage['setSection'] = async ({roomId, section}) => {
		const room = requireRoom(roomId);
		const wanted = section === 'normal' ? undefined : sectionTags[section];
		await attempt('move the room', async () => {
			// The new one first: should the rest fail, the room is where the person wants it.
			if (wanted !== undefined) await putTag(room, wanted, tagContent(room, section));
			const others = new Set<string>(Object.values(sectionTags).filter(tag => tag !== wanted));
			// Not the store's: a sync that the server made before the last change may just have brought them back.
			for (const tag of await calls.tags(userId, room.roomId)) if (others.has(tag)) await putTag(room, tag, undefined);
			if (section !== 'archived') return;
			await snoozing.forget(room);
			if (room.isMarkedUnread) await markUnread({roomId, isUnread: false});
		});
		return {};
	};

	const setTag: Triage['setTag'] = async ({roomId, tag, isSet}) => {
		const room = requireRoom(roomId);
		const name = `u.${tag.trim().replace(/^u\./, '')}`;
		// The server takes up to 255 bytes.
		if (name === 'u.' || Buffer.byteLength(name) > 255)
			throw new ExpectedError({message: 'A tag is a word or two.', reason: 'usage'});
		await attempt('tag the room', async () => putTag(room, name, isSet ? {} : undefined));
		return {};
	};

	const plan = (): void => {
		clearTimeout(timer);
		const next = options.signal.aborted ? undefined : rooms.marks.nextUnmute();
		if (next === undefined) return;
		timer = setTimeout(endMutes, Math.min(Math.max(next.until - now(), 0), longestWait));
		timer.unref();
	};

	const unmute = async (roomId: string): Promise<void> => {
		const room = reader.roomById(roomId);
		await setNotifications({roomId, level: 'default'});
		if (room === undefined) return;
		account.write(() => rooms.marks.mute(room, false, undefined));
		feed.changed([room.rid], true);
	};

	const endMutes = (): void => {
		if (options.signal.aborted) return;
		const next = rooms.marks.nextUnmute();
		if (next === undefined || next.until > now()) {
			plan();
			return;
		}
		unmute(next.roomId).then(endMutes, (error: unknown) => {
			log.info('triage', 'a mute could not be ended yet', {error});
			if (options.signal.aborted) return;
			clearTimeout(timer);
			timer = setTimeout(endMutes, retryTime);
			timer.unref();
		});
	};

	const markUnread: Triage['markUnread'] = async ({roomId, isUnread}) => {
		const room = requireRoom(roomId);
		await attempt(isUnread ? 'mark the room as unread' : 'mark the room as read', async () =>
			calls.setRoomData(userId, roomId, 'm.marked_unread', {unread: isUnread}),
		);
		account.write(() => rooms.marks.markUnread(room.rid, isUnread));
		feed.changed([room.rid], true);
		return {};
	};

	/** Writes account data of a room: the server first, since what it refuses is not so. */
	const putRoomData = async (room: RoomRow, type: string, content: JsonObject): Promise<void> => {
		await calls.setRoomData(userId, room.roomId, type, content);
		account.write(() => rooms.marks.applyAccountData(room.rid, type, content));
		feed.changed([room.rid], true);
	};

	return {
		async setNote({roomId, note}) {
			const room = requireRoom(roomId);
			if (note.length > longestNote)
				throw new ExpectedError({message: `A note has at most ${longestNote} characters.`, reason: 'refused'});
			const content = note.trim() === '' ? {} : {text: note.trim()};
			await attempt('keep the note', async () => putRoomData(room, noteType, content));
			return {};
		},
		snooze: snoozing.snooze,
		dismissReply: snoozing.dismissReply,
		wakeRooms: snoozing.wakeRooms,
		async setPetname({roomId, name}) {
			const room = requireRoom(roomId);
			if (name.length > longestPetname)
				throw new ExpectedError({message: `A name has at most ${longestPetname} characters.`, reason: 'refused'});
			const content = name.trim() === '' ? {} : {name: name.trim()};
			await attempt('keep the name', async () => putRoomData(room, petnameType, content));
			account.write(() => rooms.rename(room.rid));
			feed.changed([room.rid], true);
			return {};
		},
		setSection,
		setTag,
		markUnread,
		async mute({roomId, isMuted, until}) {
			const room = requireRoom(roomId);
			await setNotifications({roomId, level: isMuted ? 'none' : 'default'});
			account.write(() => rooms.marks.mute(room, isMuted, until));
			feed.changed([room.rid], true);
			plan();
			return {};
		},
		async markAllRead({section, until}) {
			const filter = section === undefined ? ({kind: 'unread'} as const) : ({kind: 'section', id: section} as const);
			const listed = reader.rooms({offset: 0, limit: mostRooms, filter});
			const all = listed.flatMap(({rid}) => reader.personRooms(rid)).flatMap(rid => reader.room(rid) ?? []);
			const joined = all.filter(room => room.membership === 'join' && isUnread(room));
			for (const room of joined) {
				const eventId = reader.reads.lastMainEvent(room.rid, until);
				if (eventId !== undefined) receipts.mark(room, eventId);
				for (const root of reader.reads.threads(room.rid).keys()) {
					const reply = reader.about.lastOfThread(room.rid, root, until);
					if (reply !== undefined) receipts.mark(room, reply, root);
				}
			}
			// All that is to be told is kept by now: what only the server can do must not hold it up.
			for (const {roomId, isMarkedUnread} of joined) if (isMarkedUnread) await markUnread({roomId, isUnread: false});
			return {count: listed.filter(room => room.membership === 'join' && isUnread(room)).length};
		},
		noteRead({roomId, isMarkedUnread}) {
			if (!isMarkedUnread) return;
			markUnread({roomId, isUnread: false}).catch((error: unknown) =>
				log.info('triage', 'the server still has a room as marked unread', {error}),
			);
		},
		endMutes,
	};
};
