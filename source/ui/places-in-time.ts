/** The way to a day of a room, and to the first message that was not read when it was opened. */
import type {SearchActions} from '../commands/search-actions.ts';
import {dateExamples, parseDateWords} from '../domain/date-words.ts';
import {isByPerson, isUnreadable, timeAmongRooms, type Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {dayText} from '../view-models/time-text.ts';
import type {Jumps, JumpTarget} from './jumps.ts';
import {failureText, type ScreenPort} from './screen-port.ts';

export type PlaceInTimeOptions = ScreenPort & {
	readonly reader: AccountReader;
	readonly jumps: Jumps;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

export type PlacesInTime = Pick<SearchActions, 'goToDate' | 'goToFirstUnread'> & {
	/** A room is about to be opened: what is unread in it is unread until it is left. */
	readonly noteOpening: (room: RoomRow) => void;
};

/** Messages that are looked at behind the last one that was read. */
const nearEntries = 100;

/** Messages that are counted back where nothing says which one was read last. */
const mostCounted = 5000;

/** How a room stood before it was opened. */
type Opening = {readonly rid: number; readonly marker: string | undefined; readonly unread: number};

export const createPlacesInTime = (options: PlaceInTimeOptions): PlacesInTime => {
	const {model, session, reader, jumps, log, now} = options;
	/** How the room that is open, and the others of a person, stood before it was. */
	let opened: readonly Opening[] = [];

	/** @returns the stored message that is the first from a time on, if nothing can be missing before it */
	const storedAt = (rid: number, time: number): string | undefined => {
		const {before, from} = reader.search.atTime(rid, time);
		const isWhole = reader.search.coverage([rid]).incompleteRooms === 0;
		if (from === undefined) return isWhole ? before?.eventId : undefined;
		return isWhole || before?.chunk === from.chunk ? from.eventId : undefined;
	};

	/** @returns the oldest of messages that are stored */
	const oldestOf = (found: readonly JumpTarget[]): JumpTarget | undefined => {
		const timeOf = ({rid, eventId}: JumpTarget): number => {
			const message = reader.message(rid, eventId);
			return message === undefined ? Number.POSITIVE_INFINITY : timeAmongRooms(message);
		};
		return found.toSorted((one, other) => timeOf(one) - timeOf(other))[0];
	};

	/** What a person has said on other networks from a time on. */
	const besides = (rid: number, time: number): readonly JumpTarget[] =>
		model.opened.rooms().flatMap(room => {
			const from = room.rid === rid ? undefined : reader.search.atTime(room.rid, time).from;
			return from === undefined ? [] : [{rid: room.rid, eventId: from.eventId}];
		});

	const goToTime = async ({rid, roomId}: RoomRow, time: number): Promise<void> => {
		const isStillOpen = (): boolean => model.openedRoom()?.rid === rid;
		const go = async (eventId: string): Promise<boolean> => {
			const isFrom = (reader.message(rid, eventId)?.timestamp ?? 0) >= time;
			const found = [{rid, eventId}, ...(isFrom ? besides(rid, time) : [])];
			return jumps.go({...(oldestOf(found) ?? {rid, eventId}), isWithin: true});
		};
		const stored = storedAt(rid, time);
		let eventId = stored;
		try {
			eventId ??= (await session.eventAtTime({roomId, time})).eventId;
		} catch (error) {
			log.info('screen', 'a day could not be looked up', {error});
			const {before, from} = reader.search.atTime(rid, time);
			eventId = (from ?? before)?.eventId;
			model.say(`${failureText(error)} This is the nearest message that is stored.`, 'warning');
			if (eventId !== undefined && isStillOpen()) await go(eventId);
			return;
		}
		if (!isStillOpen() || !(await go(eventId))) return;
		const shown = model.timeline.selected();
		if (shown?.kind === 'message') model.say(`${dayText(shown.message.timestamp, now())} · Backspace goes back`);
	};

	const isUnread = (message: Message): boolean =>
		!isByPerson(message) &&
		message.stateKey === undefined &&
		message.threadRoot === undefined &&
		!isUnreadable(message);

	/** @returns the first message behind the one that was read last */
	const firstBehind = async (rid: number, marker: string): Promise<string | undefined> => {
		const isPlaced = (reader.message(rid, marker)?.chunkOrder ?? 0) !== 0;
		if (!isPlaced && !(await jumps.fetch({rid, eventId: marker}))) return undefined;
		const place = reader.message(rid, marker);
		return place && reader.timeline({rid, limit: nearEntries, after: place}).messages.find(isUnread)?.eventId;
	};

	/** @returns the first message that was not read in one room when it was opened */
	const unreadIn = async ({rid, marker, unread}: Opening): Promise<JumpTarget | undefined> => {
		const counted = (): string | undefined =>
			reader
				.timeline({rid, limit: Math.min(mostCounted, unread + nearEntries)})
				.messages.filter(isUnread)
				.at(-unread)?.eventId;
		const eventId = (marker === undefined ? undefined : await firstBehind(rid, marker)) ?? counted();
		return eventId === undefined ? undefined : {rid, eventId};
	};

	const goToUnread = async (rid: number): Promise<void> => {
		const line = model.timeline.firstUnread();
		const waiting = opened.filter(room => room.unread > 0 && model.opened.roomOf(room.rid) !== undefined);
		if (line === undefined && waiting.length === 0) return model.say('Nothing was unread here when you came.');
		const found = line === undefined ? await Promise.all(waiting.map(unreadIn)) : [line];
		const target = oldestOf(found.filter(each => each !== undefined));
		if (target === undefined) return model.say('The first unread message is not stored here yet.', 'warning');
		if (model.openedRoom()?.rid === rid) await jumps.go({...target, isWithin: true});
	};

	return {
		noteOpening(room) {
			const rooms = reader.personRooms(room.rid).map(rid => (rid === room.rid ? room : reader.room(rid)));
			opened = rooms
				.filter(each => each !== undefined)
				.map(({rid, unreadCount, isMarkedUnread}) => {
					const unread = unreadCount === 0 && isMarkedUnread ? 1 : unreadCount;
					return {rid, marker: reader.fullyRead(rid), unread};
				});
		},
		goToDate(words) {
			const room = model.openedRoom();
			if (room === undefined || room.membership === 'invite') return model.say('Open a room first.', 'warning');
			const span = parseDateWords(words, now());
			if (span === undefined)
				return model.say(`"${words}" is no date that mx can read: write ${dateExamples}.`, 'warning');
			if (span.from > now()) return model.say('That is still to come.', 'warning');
			void goToTime(room, span.from);
		},
		goToFirstUnread() {
			const room = model.openedRoom();
			if (room === undefined) model.say('Open a room first.', 'warning');
			else void goToUnread(room.rid);
		},
	};
};
