/** The way to a day of a room, and to the first message that was not read when it was opened. */
import type {SearchActions} from '../commands/search-actions.ts';
import {dateExamples, parseDateWords} from '../domain/date-words.ts';
import {isByPerson, isUnreadable, type Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {dayText} from '../view-models/time-text.ts';
import type {Jumps} from './jumps.ts';
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

export const createPlacesInTime = (options: PlaceInTimeOptions): PlacesInTime => {
	const {model, session, reader, jumps, log, now} = options;
	/** How the room that is open stood before it was. */
	let opened: {readonly rid: number; readonly marker: string | undefined; readonly unread: number} | undefined;

	/** @returns the stored message that is the first from a time on, if nothing can be missing before it */
	const storedAt = (rid: number, time: number): string | undefined => {
		const {before, from} = reader.search.atTime(rid, time);
		const isWhole = reader.search.coverage(rid).incompleteRooms === 0;
		if (from === undefined) return isWhole ? before?.eventId : undefined;
		return isWhole || before?.chunk === from.chunk ? from.eventId : undefined;
	};

	const goToTime = async ({rid, roomId}: RoomRow, time: number): Promise<void> => {
		const stored = storedAt(rid, time);
		let eventId = stored;
		try {
			eventId ??= (await session.eventAtTime({roomId, time})).eventId;
		} catch (error) {
			log.info('screen', 'a day could not be looked up', {error});
			const {before, from} = reader.search.atTime(rid, time);
			eventId = (from ?? before)?.eventId;
			model.say(`${failureText(error)} This is the nearest message that is stored.`, 'warning');
			if (eventId !== undefined && model.openedRoom()?.rid === rid) await jumps.go({rid, eventId});
			return;
		}
		if (model.openedRoom()?.rid !== rid || !(await jumps.go({rid, eventId}))) return;
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

	const goToUnread = async (rid: number): Promise<void> => {
		const {marker, unread = 0} = opened?.rid === rid ? opened : {marker: undefined};
		const line = model.timeline.firstUnread();
		if (line === undefined && unread === 0) return model.say('Nothing was unread here when you came.');
		const counted = (): string | undefined =>
			reader
				.timeline({rid, limit: Math.min(mostCounted, unread + nearEntries)})
				.messages.filter(isUnread)
				.at(-unread)?.eventId;
		const eventId = line ?? (marker === undefined ? undefined : await firstBehind(rid, marker)) ?? counted();
		if (eventId === undefined) return model.say('The first unread message is not stored here yet.', 'warning');
		if (model.openedRoom()?.rid === rid) await jumps.go({rid, eventId});
	};

	return {
		noteOpening({rid, unreadCount, isMarkedUnread}) {
			opened = {rid, marker: reader.fullyRead(rid), unread: unreadCount === 0 && isMarkedUnread ? 1 : unreadCount};
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
