/** What the words of the linear view do. */
import type {ScreenContext} from '../../commands/define-command.ts';
import type {PlainActions} from '../../commands/plain-table.ts';
import type {InboxFilter} from '../../domain/inbox-filter.ts';
import type {RoomRow} from '../../domain/room.ts';
import {literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {namedFilters} from '../../view-models/inbox-filters.ts';
import {isWaiting} from '../../view-models/inbox-row.ts';
import {briefly, messageSentence} from '../../view-models/plain-sentences.ts';
import {plainLines} from '../../view-models/plain-text.ts';
import {roomRowText} from '../../view-models/plain-rooms.ts';
import {isSelectable, type SelectableItem} from '../../view-models/timeline-selection.ts';
import {roomsOf as roomsOfAddress} from '../rooms-of-address.ts';
import {plainHelp} from './plain-help.ts';
import type {PlainPort} from './plain-port.ts';
import type {PlainView} from './plain-view.ts';

export type PlainActionOptions = PlainPort & {
	readonly context: ScreenContext;
	readonly view: PlainView;
	/** Sends or runs what stands in the composer. */
	readonly submit: () => void;
	/** The text of the composer has changed. */
	readonly onWritten: () => void;
};

/** More than any account has; and messages to choose from. */
const mostRooms = 100_000;
const mostMessages = 20;

export const createPlainActions = (options: PlainActionOptions): PlainActions => {
	const {model, context, reader, userId, now, print, lists, elsewhere, view} = options;
	const {timeline, writings} = model;

	const roomsOf = (filter: InboxFilter): readonly RoomRow[] => reader.rooms({offset: 0, limit: mostRooms, filter});

	const openRooms = (title: SafeText, rooms: readonly RoomRow[]): void => {
		if (rooms.length === 0) return print([literal`${title}: none.`]);
		lists.open({
			title: rooms.length === 1 ? literal`${title}, 1 room` : literal`${title}, ${rooms.length} rooms`,
			hint: literal`A number opens one.`,
			rows: rooms.map(room => ({
				text: roomRowText(room, now()),
				choose: () => context.screen.openRow(room.roomId),
			})),
		});
	};

	const named = (part: string): readonly RoomRow[] =>
		roomsOf({kind: 'all'}).filter(room => room.name.toLowerCase().includes(part.toLowerCase()));

	const listRooms = (which: string): void => {
		const wanted = which.toLowerCase();
		const all = roomsOf({kind: 'all'});
		if (wanted === '' || wanted === 'all')
			return openRooms(literal`Rooms`, [...all.filter(isWaiting), ...all.filter(room => !isWaiting(room))]);
		const filter = namedFilters(reader.spaces()).find(({name}) => name.toLowerCase() === wanted);
		if (filter !== undefined) return openRooms(safeText(`Rooms: ${filter.name}`, 'name'), roomsOf(filter.filter));
		openRooms(safeText(`Rooms with ${which} in their name`, 'name'), named(which));
	};

	/** The whole name counts more than a part of it: nobody types the picture at its end. */
	const goTo = (text: string): boolean => {
		if (text === '') {
			listRooms('');
			return false;
		}
		const found = roomsOfAddress(reader, text);
		const rooms = found.length > 0 || /^[!#@]/.test(text) ? found : named(text);
		const [only, ...others] = rooms;
		const isAddress = /^[!#@]/.test(text);
		if (only !== undefined && others.length === 0 && !isAddress) context.screen.openRow(only.roomId);
		else if (only === undefined || others.length === 0) context.screen.openRoom(only?.roomId ?? text);
		else openRooms(safeText(`Rooms with ${text} in their name`, 'name'), rooms);
		return only !== undefined && others.length === 0;
	};

	const messages = (): readonly SelectableItem[] => timeline.items().filter(isSelectable);

	const selectItem = (item: SelectableItem): void => {
		if (item.kind === 'message') {
			model.focusTimeline();
			timeline.selectMessage(item.message.eventId);
			model.update();
		} else print([literal`It is not sent yet.`]);
	};

	const select = (text: string): void => {
		if (model.openedRoom() === undefined) return print([literal`Open a room first.`]);
		const newest = messages()
			.filter(({kind}) => kind === 'message')
			.toReversed()
			.slice(0, mostMessages);
		const number = Number(text);
		if (text === '') {
			lists.open({
				title: literal`Messages, the newest first`,
				hint: literal`A number selects one.`,
				rows: newest.flatMap(item =>
					item.kind === 'message' ? [{text: briefly(item.message), choose: () => selectItem(item)}] : [],
				),
			});
			return;
		}
		const item = newest[number - 1];
		if (item === undefined)
			print([literal`Write /select, or /select with a number from 1 to ${newest.length}; 1 is the newest.`]);
		else selectItem(item);
	};

	const reveal = (): void => {
		const selected = timeline.selected();
		const hides = (item: SelectableItem): boolean => {
			if (item.kind !== 'message') return false;
			const {content, type} = item.message;
			return plainLines(content, type).join('\n') !== plainLines(content, type, true).join('\n');
		};
		const item = selected ?? messages().findLast(hides);
		if (item?.kind !== 'message') print([literal`No message here hides anything.`]);
		else print(messageSentence(item.message, userId, {isSpoilerShown: true}));
	};

	const where = (): void => {
		const unread = elsewhere.count();
		const trouble = view.netSentence();
		const {text} = model.composer();
		const room = model.openedRoom();
		const writing = room === undefined ? undefined : writings.of(room.rid);
		const selected = timeline.selected();
		print([
			...view.roomLines(false),
			...(unread === 0
				? []
				: [
						literal`${unread === 1 ? literal`1 other room has` : literal`${unread} other rooms have`} something unread: /next opens one.`,
					]),
			...(selected?.kind === 'message' ? [literal`Selected: ${briefly(selected.message)}.`] : []),
			...(writing === undefined
				? []
				: [literal`${writing.kind === 'edit' ? literal`You edit` : literal`You answer`} ${briefly(writing.target)}.`]),
			...(text === '' || writing?.kind === 'edit' ? [] : [literal`Written and not sent: ${safeText(text, 'line')}`]),
			...(trouble === undefined ? [] : [trouble]),
		]);
	};

	/** What is written is put back by nothing here: it is said once more. */
	const forgetWritten = (): boolean => {
		const {text} = model.composer();
		if (text === '') return false;
		model.edit({kind: 'set', text: ''});
		options.onWritten();
		print([literal`Forgotten: ${safeText(text, 'line')}`]);
		view.noteWritten();
		return true;
	};

	const cancel = (): void => {
		const room = model.openedRoom();
		if (lists.close()) return;
		if (room !== undefined && writings.of(room.rid) !== undefined) {
			writings.drop(room.rid);
			timeline.deselect();
			model.update();
			print([literal`Dropped. What you type is for the room again.`]);
			return;
		}
		if (timeline.selected() !== undefined) {
			model.focusComposer();
			print([literal`Nothing is selected any more.`]);
			return;
		}
		if (!forgetWritten()) print([literal`Nothing is open.`]);
	};

	const older = (isAgain = false): void => {
		if (model.openedRoom()?.membership === 'invite')
			return print([literal`You are not in this room yet: /accept joins.`]);
		if (model.openedRoom() === undefined) return print([literal`Open a room first.`]);
		const lines = view.transcript.older(timeline.items());
		if (lines.length > 0) return print(lines);
		if (!isAgain) {
			context.screen.scrollToEnd('oldest');
			return older(true);
		}
		const state = timeline.older();
		if (timeline.items()[0]?.kind === 'start') print([literal`This is the beginning of the room.`]);
		else if (state.kind === 'end') print([literal`The server has nothing older.`]);
		else if (state.kind === 'failed')
			print([literal`Older messages could not be loaded: ${safeText(state.reason, 'name')}.`]);
		else print([literal`Older messages are being loaded: /older again says them.`]);
	};

	return {
		listRooms,
		goTo,
		goOn: () => lists.goOn(),
		older: () => older(),
		select,
		reveal,
		send: () => (model.composer().text === '' ? print([literal`Nothing is written.`]) : options.submit()),
		cancel,
		writeInThread: () => context.message.writeInThread(),
		details: () => context.message.details(),
		repeat: () => lists.repeat(),
		where,
		connect: () => context.screen.retryNow(),
		help: word => print(plainHelp(word)),
	};
};
