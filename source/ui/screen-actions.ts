/** What the commands of the screen do: steps of the model, and requests to the session. */
import type {ScreenActions, ScreenContext} from '../commands/define-command.ts';
import {parseInput} from '../commands/slash.ts';
import {screenTable} from '../commands/screen-table.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {composerMeasure} from '../view-models/input-lines.ts';
import {createRoomTrail} from '../view-models/room-trail.ts';
import {sentMentions} from '../view-models/sent-mentions.ts';
import {createComposerActions, type ComposerActionOptions} from './composer-actions.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import {createAppearanceActions, type AppearanceOptions} from './appearance-actions.ts';
import {composerAction} from './edit-steps.ts';
import {createFindActions} from './find-actions.ts';
import type {HistoryLoader} from './history-loader.ts';
import {createMessageActions, textOfOutbox} from './message-actions.ts';
import {createJumps} from './jumps.ts';
import {createPanelActions} from './panel-actions.ts';
import {roomsOf} from './rooms-of-address.ts';
import type {RoomVisits} from './room-visits.ts';
import {createRoomParts} from './rooms.ts';
import {createSearchActions} from './search-actions.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';
import type {Sender} from './sender.ts';
import type {Theming} from './theming.ts';

/** Milliseconds between two Ctrl-C that quit. */
const interruptTime = 2000;

export type ScreenActionOptions = ScreenPort &
	Pick<ComposerActionOptions, 'completion' | 'emojiNamed' | 'environment' | 'away'> & {
		readonly reader: AccountReader;
		readonly sender: Sender;
		readonly drafts: DraftKeeper;
		readonly visits: RoomVisits;
		readonly history: HistoryLoader;
		/** Milliseconds since the Unix epoch. */
		readonly now: () => number;
		readonly quit: () => void;
		readonly redraw: () => void;
		readonly suspend: () => void;
		readonly theming: Theming;
		readonly mouse: AppearanceOptions['mouse'];
		readonly keepSetting: AppearanceOptions['keepSetting'];
		/** The account's own. */
		readonly userId: string;
		/** Puts text into the clipboard of the person's terminal. @returns whether it is short enough */
		readonly copy: (text: string) => boolean;
		/** Hands a web address to the system. */
		readonly openLink: (href: string) => Promise<void>;
	};

/** Actions that need no session: moving around. */
const createMovements = (options: ScreenActionOptions, selectMessage: () => void) => {
	const {model, reader, drafts, visits, history} = options;
	const trail = createRoomTrail<undefined>(options.now);

	const returnTo = (room: RoomRow): void => {
		void drafts.flush();
		// A thread of another room beside it would be written in by mistake.
		if (model.panels.scope() === 'thread') model.closePanel('all');
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
		if (room.rid === model.openedRoom()?.rid) return;
		trail.visit(room.rid, isPassing);
		returnTo(room);
	};

	const leaveInbox = (): void => {
		if (model.openedRoom() === undefined) goTo(model.firstRoom());
		model.focusComposer();
		visits.check();
	};

	/** What an answer or an edit was about is dropped; the draft stands there as it was. @returns whether there was one */
	const dropWriting = (): boolean => {
		const room = model.openedRoom();
		const isDropped = room !== undefined && model.writings.drop(room.rid);
		model.timeline.deselect();
		// The thread beside it was there to be answered.
		const isLeft = isDropped && model.writings.threadOf(room.rid) === undefined;
		if (isLeft && model.panels.scope() === 'thread') model.closePanel('all');
		if (isDropped) model.update();
		return isDropped;
	};

	const afterScroll = (isTowardsOlder: boolean): void => {
		model.update();
		if (isTowardsOlder) history.ask();
		visits.check();
	};

	return {
		goTo,
		returnTo,
		trail,
		leaveInbox,
		moveRoom(steps: number): void {
			goTo(model.neighbour(steps), true);
			if (!model.isCovered() && model.openedRoom() !== undefined) model.focusComposer();
		},
		walkInbox: (steps: number): void => goTo(model.neighbour(steps), true),
		nextUnread(): void {
			const room = model.nextUnread();
			if (room === undefined) {
				model.say('Nothing else is unread.');
				return;
			}
			goTo(room);
			leaveInbox();
		},
		openRoom(address: string): void {
			const [room, ...others] = roomsOf(reader, address);
			if (room === undefined) model.say(`There is no room ${address}.`, 'warning');
			else if (others.length > 0)
				model.say(`${others.length + 1} rooms are called ${address}; use the alias or the id.`, 'warning');
			else {
				goTo(room);
				leaveInbox();
			}
		},
		scrollLines(lines: number): void {
			if (model.isHelpOpen()) model.scrollHelp(lines);
			else model.timeline.scrollLines(lines);
			afterScroll(lines < 0);
		},
		scrollPages(pages: number): void {
			if (model.isHelpOpen()) model.scrollHelp(pages * Math.max(1, model.store.get().frame.paneRows - 2));
			else model.timeline.scrollPages(pages);
			afterScroll(pages < 0);
		},
		scrollToEnd(end: 'oldest' | 'newest'): void {
			model.timeline.scrollToEnd(end);
			afterScroll(end === 'oldest');
		},
		cancel(): void {
			if (model.isHelpOpen()) model.setHelpOpen(false);
			else if (dropWriting() || model.dismiss()) return;
			else if (!model.timeline.isAtEnd()) {
				model.timeline.scrollToEnd('newest');
				afterScroll(false);
			} else if (model.openedRoom() === undefined) model.focusInbox();
			else if (model.focusedPane() === 'inbox') leaveInbox();
			else if (model.dismissReminder()) return;
			else if (model.composer().text === '') selectMessage();
			else model.say('Esc selects a message when nothing is written: ^C clears, ^Y puts it back.');
		},
		toggleInbox(): void {
			model.setInboxShown(model.store.get().frame.inboxWidth === 0);
			if (!model.isCovered()) visits.check();
		},
	};
};

/** Actions on invitations, rooms and failed messages. */
const createRequests = (options: ScreenActionOptions, goTo: (room: RoomRow | undefined) => void) => {
	const {model, session, reader} = options;
	const refresh = (room: RoomRow): void => model.refresh(new Set([room.rid]));

	const join = async (address: string): Promise<void> => {
		model.say('Joining…');
		const {roomId} = await session.join({room: address});
		const room = reader.roomById(roomId);
		if (room === undefined) {
			model.say('Joined; the room appears with the next sync.', 'ok');
			return;
		}
		refresh(room);
		goTo(reader.roomById(roomId));
		model.say('Joined.', 'ok');
	};

	const decline = async (room: RoomRow): Promise<void> => {
		await session.leave({roomId: room.roomId});
		if (model.openedRoom()?.rid === room.rid) model.openRoom(undefined);
		refresh(room);
		model.say('The invitation is declined.');
	};

	const resolve = async (action: 'retry' | 'discard'): Promise<void> => {
		const item = model.timeline.failed();
		const room = model.openedRoom();
		if (item === undefined || room === undefined) {
			model.say('No message has failed in this room.');
			return;
		}
		if (action === 'discard') {
			model.edit({kind: 'paste', text: textOfOutbox(item), mentions: sentMentions(item.content)});
		}
		await session.resolveOutbox({id: item.id, action});
		refresh(room);
	};

	return {
		acceptInvitation(): void {
			const room = model.openedRoom();
			if (room?.membership === 'invite') void sayFailure(options, async () => join(room.roomId));
			else model.say('No invitation is open.');
		},
		declineInvitation(): void {
			const room = model.openedRoom();
			if (room?.membership === 'invite') void sayFailure(options, async () => decline(room));
			else model.say('No invitation is open.');
		},
		resolveFailed: (action: 'retry' | 'discard'): void => void sayFailure(options, async () => resolve(action)),
		retryNow(): void {
			model.say('Trying…', 'muted', true);
			void sayFailure(options, async () => session.retryNow({}));
		},
	};
};

/** @returns what commands can do. */
export const createScreenActions = (options: ScreenActionOptions): ScreenContext => {
	const {model, reader, sender, drafts, now, quit, redraw, suspend} = options;
	const jumps = createJumps({...options, enterRoom: room => enterRoom(room)});
	const message = createMessageActions({...options, jumps});
	const {goTo, returnTo, trail, ...movements} = createMovements(options, message.select);
	const requests = createRequests(options, goTo);
	let interruptedAt = Number.NEGATIVE_INFINITY;

	const sendText = (text: string, kind: 'm.text' | 'm.emote'): void => {
		const reason = model.openedRoom() === undefined ? 'no room is open' : model.closedReason();
		if (reason === undefined) void sender.send(text, kind);
		else model.say(`Not sent: ${reason}.`, 'warning');
	};

	const submit = (): void => {
		const room = model.openedRoom();
		const {text} = model.composer();
		if (text.trim() === '') {
			if (room !== undefined && model.writings.of(room.rid)?.kind === 'edit') message.remove(undefined);
			else if (room === undefined) movements.leaveInbox();
			else if (room.membership === 'invite') requests.acceptInvitation();
			else if (room.membership === 'join' && room.successor !== undefined) context.room.follow();
			return;
		}
		const parsed = parseInput(text, screenTable);
		if (parsed.kind === 'refused') model.say(parsed.sentence, 'warning');
		else if (parsed.kind === 'message') sendText(parsed.text, 'm.text');
		else {
			if (parsed.command.isTextKept !== true) model.edit({kind: 'set', text: ''});
			parsed.command.run(parsed.values as Record<string, string>, context);
			// It was about what was selected.
			if (model.focusedPane() === 'composer') model.timeline.deselect();
			model.update();
		}
	};

	/** Nothing is written, and nothing is answered or edited. */
	const isEmptyDraft = (): boolean => {
		const room = model.openedRoom();
		const isJoined = room?.membership === 'join' && model.writings.of(room.rid) === undefined;
		return isJoined && model.composer().text === '';
	};

	/** What is cleared can be put back with ^Y. */
	const clearComposer = (): void => {
		model.edit({kind: 'move', to: 'text-end'});
		model.edit({kind: 'kill', to: 'text-start'});
		drafts.touch();
	};

	const actions: ScreenActions = {
		...movements,
		...requests,
		quit,
		redraw,
		suspend,
		submit,
		enterRoom() {
			const isSeen = !model.isCovered() && model.openedRoom()?.membership === 'invite';
			movements.leaveInbox();
			if (isSeen) requests.acceptInvitation();
		},
		sendEmote: text => sendText(text, 'm.emote'),
		toggleHelp: () => model.setHelpOpen(!model.isHelpOpen()),
		scrollHelp: lines => model.scrollHelp(lines),
		edit(step) {
			if (step === 'up' && isEmptyDraft()) return message.edit();
			const {text, cursor} = model.composer();
			if (step === 'kill-to-end' && cursor === text.length) {
				context.find.openSwitcher();
				return;
			}
			model.edit(composerAction(step, composerMeasure(model.store.get().frame.conversationWidth)));
			drafts.touch();
		},
		interrupt() {
			if (now() - interruptedAt < interruptTime) {
				quit();
				return;
			}
			interruptedAt = now();
			const isWritten = model.composer().text !== '';
			if (model.isHelpOpen()) model.setHelpOpen(false);
			else if (model.panels.isOpen()) model.closePanel('all');
			else if (isWritten && !sender.isSending()) clearComposer();
			model.say(isWritten ? 'Cleared: ^Y puts it back. ^C again quits mx.' : 'Press ^C again to quit mx.');
		},
	};
	const enterRoom = (room: RoomRow): void => {
		goTo(room);
		movements.leaveInbox();
	};
	const context: ScreenContext = {
		screen: actions,
		panel: createPanelActions(model),
		...createRoomParts({...options, enterRoom}),
		message,
		appearance: createAppearanceActions(options),
		composer: createComposerActions({...options, submit}),
		search: createSearchActions({...options, jumps}),
		find: createFindActions({
			model,
			reader,
			trail,
			now,
			context: () => context,
			onFill: drafts.touch,
			returnTo,
			enterRoom,
		}),
	};
	return context;
};
