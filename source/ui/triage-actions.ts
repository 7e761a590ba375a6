/** What commands do to keep the inbox in order: its filters at once, the marks of rooms by the session. */
import type {ScreenContext} from '../commands/define-command.ts';
import type {TriageActions} from '../commands/triage-actions.ts';
import type {RoomRow, TaggedSection} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {roomName} from '../view-models/inbox-row.ts';
import {momentText} from '../view-models/time-text.ts';
import {createFilterActions} from './filter-actions.ts';
import type {RoomVisits} from './room-visits.ts';
import {createSnoozeActions, type WithRow} from './snooze-actions.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type TriageOptions = ScreenPort & {
	readonly visits: Pick<RoomVisits, 'keepUnread'>;
	/** Lists are said with numbers, and keys mean nothing. @default false */
	readonly isLinear?: boolean | undefined;
	readonly reader: Pick<AccountReader, 'about' | 'reads' | 'details' | 'room' | 'row' | 'personRooms'> & {
		/** Names of the tags of a room. */
		readonly tags: (rid: number) => readonly string[];
	};
	/** Opens a room; the keys stay where they are. */
	readonly goTo: (room: RoomRow | undefined) => void;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
	readonly context: () => ScreenContext;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

const hour = 3_600_000;

const units: Readonly<Record<string, number>> = {m: 60_000, h: hour, d: 24 * hour, w: 7 * 24 * hour};

/** The longest mute with an end: what is longer is for ever. */
const longestMute = 366 * 24 * hour;

/** @returns milliseconds; `ever` for ever; `undefined` where it is no time. */
export const parseMuteTime = (text: string): number | 'ever' | undefined => {
	if (/^(?:for ?)?ever$/i.test(text)) return 'ever';
	const match = /^(\d{1,5})([mhdw])$/i.exec(text);
	const time = Number(match?.[1]) * (units[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
	if (Number.isNaN(time) || time === 0) return undefined;
	return time > longestMute ? 'ever' : time;
};

const done: Readonly<Record<TaggedSection, string>> = {
	favourite: 'is a favourite now',
	low: 'is below all others now',
	archived: 'is away until something comes in',
	normal: 'is back among the others',
};

/** How a mute is asked for, by key. */
const muteTimes = [
	{key: '1', label: '1 hour', time: hour},
	{key: '8', label: '8 hours', time: 8 * hour},
	{key: 'f', label: 'for ever', time: 'ever'},
] as const;

export const createTriageActions = (options: TriageOptions): TriageActions => {
	const {model, session, visits, reader, now} = options;

	/** On the header of a section, the open room is not what is meant. */
	const reasonAgainst = (room: RoomRow | undefined): string | undefined => {
		if (model.focusedPane() === 'inbox' && model.inbox.isOnHeader())
			return `the section is folded, ${model.keyOf('section-fold')} unfolds it`;
		return room === undefined ? 'no room is open' : model.closedReason();
	};

	/** Runs a request for the open room, if the person is in one. */
	const withRoom = (work: (room: RoomRow) => Promise<void>): void => {
		const room = model.openedRoom();
		const reason = reasonAgainst(room);
		if (room === undefined || reason !== undefined) {
			model.say(`Not now: ${reason ?? 'no room is open'}.`, 'warning');
			return;
		}
		void sayFailure(options, async () => {
			await work(room);
			model.refresh(new Set([room.rid]));
		});
	};

	const withRow: WithRow = work => {
		const room = model.openedRoom();
		const row = room === undefined ? undefined : reader.row(room.rid);
		if (room === undefined || row === undefined || reasonAgainst(room) !== undefined) return withRoom(async () => {});
		const rooms = reader.personRooms(room.rid).flatMap(rid => reader.room(rid) ?? []);
		return void sayFailure(options, async () => {
			await work(row, rooms);
			model.refresh(new Set(rooms.map(({rid}) => rid)));
		});
	};

	const silence = (time: number | 'ever'): void =>
		withRow(async (room, rooms) => {
			const until = time === 'ever' ? undefined : now() + time;
			for (const {roomId} of rooms) await session.mute({roomId, isMuted: true, until});
			const end = until === undefined ? '' : `, and tells you again ${momentText(until, now())}`;
			model.say(`${roomName(room)} is muted${end}.`, 'ok');
		});

	const unmute = (): void =>
		withRow(async (room, rooms) => {
			for (const {roomId} of rooms) await session.mute({roomId, isMuted: false});
			model.say(`${roomName(room)} tells you of messages again.`, 'ok');
		});

	const ask = (room: RoomRow): void =>
		model.question.ask({
			text: `Mute ${roomName(room)}?`,
			answers: muteTimes.map(({key, label, time}) => ({key, label, run: () => silence(time)})),
		});

	const read = async ({rid, roomId, isMarkedUnread}: RoomRow): Promise<void> => {
		const eventId = reader.reads.lastMainEvent(rid);
		if (eventId !== undefined) await session.markRead({roomId, eventId});
		else if (isMarkedUnread) await session.markUnread({roomId, isUnread: false});
		for (const thread of reader.reads.threads(rid).keys()) {
			const reply = reader.about.lastOfThread(rid, thread);
			if (reply !== undefined) await session.markRead({roomId, eventId: reply, thread});
		}
	};

	const readAll = async (): Promise<void> => {
		const {count} = await session.markAllRead({});
		model.refresh('all');
		const rooms = count === 1 ? '1 room is' : `${count} rooms are`;
		model.say(count === 0 ? 'Everything is read already.' : `${rooms} read now.`, 'ok');
	};

	return {
		...createFilterActions(options),
		...createSnoozeActions({...options, withRow, reasonAgainst}),
		toggleSection: section =>
			withRow(async (room, rooms) => {
				const next = room.section === section ? 'normal' : section;
				for (const {roomId} of rooms) await session.setSection({roomId, section: next});
				const where = next === 'archived' ? `: ${model.keyOf('filter-7')} shows it` : '';
				model.say(`${roomName(room)} ${done[next]}${where}.`, 'ok');
			}),
		toggleTag: tag =>
			withRoom(async ({roomId, rid}) => {
				const isSet = !reader.tags(rid).includes(`u.${tag}`);
				await session.setTag({roomId, tag, isSet});
				model.say(isSet ? `Tagged: ${tag}.` : `The tag ${tag} is gone.`, 'ok');
			}),
		mute(text) {
			const room = model.openedRoom();
			const time = text === undefined ? undefined : parseMuteTime(text);
			if (text !== undefined && time === undefined) model.say('Write /mute 30m, 8h, 2d or ever.', 'warning');
			else if (time !== undefined) silence(time);
			else if (room !== undefined && reader.row(room.rid)?.isMuted === true) unmute();
			// Says why not.
			else if (room === undefined || reasonAgainst(room) !== undefined) silence('ever');
			else ask(room);
		},
		unmute,
		setPetname: name =>
			withRoom(async room => {
				const words = name?.trim() ?? '';
				const user = reader.row(room.rid)?.person === undefined ? undefined : room.directUser;
				if (user === undefined) await session.setPetname({roomId: room.roomId, name: words});
				else await session.changePeople({change: {kind: 'rename', user, name: words}});
				model.say(words === '' ? 'It has its own name again.' : `For you it is ${words}, on all your devices.`, 'ok');
			}),
		note(text) {
			const note = reader.details.note(model.openedRoom()?.rid ?? -1);
			if (text !== undefined)
				withRoom(async ({roomId}) => {
					await session.setNote({roomId, note: text === '-' ? '' : text});
					model.say(text === '-' ? 'The note is gone.' : 'Noted: it stands beside the name of the room.', 'ok');
				});
			else if (note === '') model.say('Write /note and what you want to remember of this room.', 'warning');
			else if (options.isLinear === true) model.say(`Your note: ${note}`);
			// To be changed, or just read.
			else model.edit({kind: 'set', text: `/note ${note}`});
		},
		markUnread: () =>
			withRow(async (row, rooms) => {
				visits.keepUnread(model.openedRoom() ?? row);
				for (const {roomId} of rooms) await session.markUnread({roomId, isUnread: true});
			}),
		markRead(what) {
			if (what === 'all') void sayFailure(options, readAll);
			else if (what !== undefined) model.say('Write /read, or /read all.', 'warning');
			else
				withRow(async (_row, rooms) => {
					for (const room of rooms) await read(room);
				});
		},
	};
};
