/** Moving around: from room to room, through the inbox, in the timeline, and out of whatever is open. */
import {parseMatrixLink} from '../domain/matrix-link.ts';
import type {Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {createRoomTrail} from '../view-models/room-trail.ts';
import {editedText} from '../view-models/writings.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import type {HistoryLoader} from './history-loader.ts';
import type {Jumps} from './jumps.ts';
import type {PlacesInTime} from './places-in-time.ts';
import type {RoomVisits} from './room-visits.ts';
import {roomsOf} from './rooms-of-address.ts';
import type {ScreenPort} from './screen-port.ts';
import type {Turning} from './turning.ts';

export type MovementOptions = Pick<ScreenPort, 'model'> & {
	readonly reader: AccountReader;
	readonly drafts: DraftKeeper;
	readonly visits: RoomVisits;
	readonly history: HistoryLoader;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly jumps: Pick<Jumps, 'follow'>;
	readonly turning: Turning;
	readonly times: Pick<PlacesInTime, 'noteOpening'>;
	/** Selects a message of the timeline. */
	readonly selectMessage: () => void;
};

/** Actions that need no session. */
export const createMovements = (options: MovementOptions) => {
	const {model, reader, drafts, visits, history, selectMessage, turning} = options;
	const trail = createRoomTrail<undefined>(options.now);

	const returnTo = (room: RoomRow): void => {
		void drafts.flush();
		// A thread of another room beside it would be written in by mistake.
		if (model.panels.scope() === 'thread') model.closePanel('all');
		options.times.noteOpening(room);
		model.openRoom(room.rid);
		visits.enter();
		history.check();
	};

	/** @param isPassing by a step in the list, maybe on the way to another room */
	const goTo = (room: RoomRow | undefined, isPassing = false): void => {
		if (room === undefined) {
			model.say('There are no rooms yet.');
			return;
		}
		if (turning.to(room.rid)) return;
		trail.visit(room.rid, isPassing);
		returnTo(room);
	};

	/** As `goTo`; a person who was chosen by a row is written to as they wrote last. */
	const goToRow = (room: RoomRow | undefined, isPassing = false): void => {
		// Whoever is there already stays where they write.
		if (room !== undefined && model.opened.roomOf(room.rid) !== undefined) return;
		const outgoing = room === undefined ? undefined : turning.outgoing(room);
		goTo(outgoing, isPassing);
		const passedOver = outgoing === undefined ? undefined : turning.passedOver(outgoing);
		if (passedOver !== undefined) model.say(passedOver, 'warning');
	};

	const leaveInbox = (): void => {
		if (model.openedRoom() === undefined) goToRow(model.inbox.first());
		model.focusComposer();
		visits.check();
	};

	/** What was written anew of a message is not lost with the edit. */
	const putAway = (target: Message): void => {
		const number = model.composerNumber();
		const {text} = model.composers.get(number);
		if (text.trim() !== '' && text !== editedText(target)) {
			model.composers.apply(number, {kind: 'move', to: 'text-end'});
			model.composers.apply(number, {kind: 'kill', to: 'text-start'});
			model.say(`The edit is dropped: ${model.keyOf('yank')} puts its text here.`);
		}
		model.composers.apply(number, {kind: 'set', text: ''});
	};

	/** What an answer or an edit was about is dropped; the draft stands there as it was. @returns whether there was one */
	const dropWriting = (): boolean => {
		const room = model.openedRoom();
		const writing = room === undefined ? undefined : model.writings.of(room.rid);
		if (writing?.kind === 'edit') putAway(writing.target);
		const isDropped = room !== undefined && model.writings.drop(room.rid);
		if (isDropped) drafts.touch();
		model.timeline.deselect();
		// The thread beside it was there to be answered.
		const isLeft = isDropped && model.writings.threadOf(room.rid) === undefined;
		if (isLeft && model.panels.scope() === 'thread') model.closePanel('all');
		if (isDropped) model.update();
		return isDropped;
	};

	/** History may be missing on either side. */
	const afterScroll = (): void => {
		model.update();
		history.ask();
		visits.act();
	};

	return {
		goTo,
		goToRow,
		returnTo,
		trail,
		leaveInbox,
		moveRoom(steps: number): void {
			goToRow(model.inbox.neighbour(steps), true);
			if (!model.isCovered() && model.openedRoom() !== undefined) model.focusComposer();
		},
		/** A step onto the header of a folded section opens nothing. */
		walkInbox(steps: number): void {
			const room = model.inbox.walk(steps);
			if (room === undefined && model.inbox.first() !== undefined) model.update();
			else goToRow(room, true);
		},
		nextUnread(): void {
			const room = model.inbox.nextUnread();
			if (room === undefined) {
				model.say('Nothing else is unread.');
				return;
			}
			goTo(room);
			leaveInbox();
		},
		openRoom(address: string): void {
			const link = parseMatrixLink(address);
			if (link !== undefined) return options.jumps.follow(link);
			const [room, ...others] = roomsOf(reader, address);
			if (room === undefined) model.say(`There is no room ${address}.`, 'warning');
			else if (others.length > 0)
				model.say(`${others.length + 1} rooms are called ${address}; use the alias or the id.`, 'warning');
			else {
				// An address means that room, a name means the person.
				if (/^[!#]/.test(address)) goTo(room);
				else goToRow(room);
				leaveInbox();
			}
		},
		openRow(roomId: string): void {
			const room = reader.roomById(roomId);
			if (room === undefined) return model.say('That room is not known any more.', 'warning');
			goToRow(room);
			leaveInbox();
			return undefined;
		},
		scrollLines(lines: number): void {
			if (model.isHelpOpen()) model.scrollHelp(lines);
			else model.timeline.scrollLines(lines);
			afterScroll();
		},
		scrollPages(pages: number): void {
			if (model.isHelpOpen()) model.scrollHelp(pages * Math.max(1, model.store.get().frame.paneRows - 2));
			else model.timeline.scrollPages(pages);
			afterScroll();
		},
		scrollToEnd(end: 'oldest' | 'newest'): void {
			model.timeline.scrollToEnd(end);
			afterScroll();
		},
		cancel(): void {
			if (model.isHelpOpen()) model.setHelpOpen(false);
			else if (dropWriting() || model.dismiss()) return;
			else if (!model.timeline.isAtEnd()) {
				model.timeline.scrollToEnd('newest');
				afterScroll();
			} else if (model.openedRoom() === undefined) model.focusInbox();
			else if (model.focusedPane() === 'inbox') leaveInbox();
			else if (model.dismissReminder()) return;
			else if (model.composer().text === '') selectMessage();
			else {
				const [select, clear, yank] = ['cancel', 'interrupt', 'yank'].map(model.keyOf);
				model.say(`${select} selects a message when nothing is written: ${clear} clears, ${yank} puts it back.`);
			}
		},
		toggleInbox(): void {
			// Seen already, it is given the keys first.
			const isSeen = model.store.get().frame.inboxWidth > 0;
			if (isSeen && model.focusedPane() !== 'inbox') model.focusInbox();
			else model.setInboxShown(!isSeen);
			if (!model.isCovered()) visits.check();
		},
	};
};
