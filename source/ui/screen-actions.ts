/** What the commands of the screen do: steps of the model, and requests to the session. */
import type {ScreenActions, ScreenCommand, ScreenContext} from '../commands/define-command.ts';
import {parseInput} from '../commands/slash.ts';
import type {WrittenMessage} from '../commands/written-message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Settings} from '../store/settings.ts';
import {composerMeasure} from '../view-models/input-lines.ts';
import {createComposerActions, type ComposerActionOptions} from './composer-actions.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import {createAnswers} from './answers.ts';
import {createBridgeActions} from './bridge-actions.ts';
import {createAppearanceActions, type AppearanceOptions} from './appearance-actions.ts';
import {composerAction} from './edit-steps.ts';
import {createDeviceActions} from './device-actions.ts';
import {createFindActions} from './find-actions.ts';
import type {HistoryLoader} from './history-loader.ts';
import {createDevtoolsActions} from './devtools-actions.ts';
import {createKeyFileActions} from './key-file-actions.ts';
import {createMediaActions, type MediaActionOptions} from './media-actions.ts';
import {createMessageActions, type MessageActionOptions} from './message-actions.ts';
import {createJumps} from './jumps.ts';
import {createMessageTargets} from './message-target.ts';
import {createMovements} from './movements.ts';
import {createNotifyActions} from './notify-actions.ts';
import {createPanelActions} from './panel-actions.ts';
import {createPlacesInTime} from './places-in-time.ts';
import {createPollActions} from './poll-actions.ts';
import {createReceiptActions} from './receipt-actions.ts';
import {createRecoveryActions} from './recovery-actions.ts';
import type {PicturePort} from './picture-port.ts';
import type {RoomVisits} from './room-visits.ts';
import {createRoomParts} from './rooms.ts';
import {createSearchActions} from './search-actions.ts';
import type {ScreenPort} from './screen-port.ts';
import type {Sender} from './sender.ts';
import {createSectionActions} from './section-actions.ts';
import {createMergeActions} from './merge-actions.ts';
import {createTriageActions} from './triage-actions.ts';
import type {Theming} from './theming.ts';
import {createTurning} from './turning.ts';
import {createVerificationActions} from './verification-actions.ts';

/** Milliseconds between two Ctrl-C that quit. */
const interruptTime = 2000;

export type ScreenActionOptions = ScreenPort &
	Pick<MessageActionOptions, 'highlighter'> &
	Pick<ComposerActionOptions, 'completion' | 'emojiNamed' | 'pasteOf' | 'preview' | 'environment' | 'away'> &
	Pick<MediaActionOptions, 'pictures' | 'characters' | Exclude<keyof PicturePort, 'learn'>> & {
		readonly reader: AccountReader;
		/** Lists are said with numbers, and keys mean nothing. @default false */
		readonly isLinear?: boolean | undefined;
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
		/** As they hold now. */
		readonly settings: () => Partial<Settings>;
		/** All commands, with the keys that they have now. */
		readonly commands: () => readonly ScreenCommand[];
		/** The account's own. */
		readonly userId: string;
		/** Puts text into the clipboard of the person's terminal. @returns whether it is short enough */
		readonly copy: (text: string) => boolean;
		/** Hands a web address to the system. */
		readonly openLink: (href: string) => Promise<void>;
		/** Hands a file to the system. */
		readonly openPath: (path: string) => Promise<void>;
	};

/** @returns what commands can do. */
export const createScreenActions = (options: ScreenActionOptions): ScreenContext => {
	const {model, reader, sender, drafts, now, quit, redraw, suspend} = options;
	const turning = createTurning({...options, isSending: sender.isSending});
	const jumps = createJumps({
		...options,
		turning,
		enterRoom: room => enterRoom(room),
		showThread: (...thread) => message.showThread(...thread),
	});
	const times = createPlacesInTime({...options, jumps});
	const targets = createMessageTargets({model, reader, now, mayRemoveOthers: () => false, turn: turning.to});
	const {open, ...media} = createMediaActions({
		...options,
		colours: options.theming.colours,
		findFile: () => targets.find('fetch'),
		findPicture: () => targets.find('picture'),
	});
	const message = createMessageActions({...options, jumps, turning, openFile: open});
	const {goTo, goToRow, returnTo, trail, ...movements} = createMovements({
		...options,
		turning,
		jumps,
		times,
		selectMessage: message.select,
	});
	const answers = createAnswers({...options, goTo});
	/** When, and what was written afterwards. */
	let interrupted = {at: Number.NEGATIVE_INFINITY, text: ''};

	const send = async (written: WrittenMessage, file?: string): Promise<void> => {
		const reason = model.openedRoom() === undefined ? 'no room is open' : model.closedReason();
		if (reason === undefined) await sender.send(written, file);
		else model.say(`Not sent: ${reason}.`, 'warning');
	};

	const submit = (): void => {
		const room = model.openedRoom();
		const {text} = model.composer();
		if (text.trim() === '') {
			if (room !== undefined && model.writings.of(room.rid)?.kind === 'edit') message.remove(undefined);
			else if (room === undefined) movements.leaveInbox();
			else if (room.membership === 'invite') answers.acceptInvitation();
			else if (room.membership === 'join' && room.successor !== undefined) context.room.follow();
			return;
		}
		const parsed = parseInput(text, options.commands());
		if (parsed.kind === 'refused') model.say(parsed.sentence, 'warning');
		else if (parsed.kind === 'message') context.composer.sendWritten();
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
		...answers,
		quit,
		redraw,
		suspend,
		submit,
		enterRoom() {
			if (model.focusedPane() === 'inbox' && model.inbox.isOnHeader()) return context.sections.toggleFold();
			const isSeen = !model.isCovered() && model.openedRoom()?.membership === 'invite';
			movements.leaveInbox();
			if (isSeen) answers.acceptInvitation();
			return undefined;
		},
		toggleHelp: () => model.setHelpOpen(!model.isHelpOpen()),
		scrollHelp: lines => model.scrollHelp(lines),
		edit(step) {
			if (step === 'up' && isEmptyDraft()) return message.edit();
			const {text, cursor} = model.composer();
			if (step === 'kill-to-end' && cursor === text.length) {
				context.find.openSwitcher();
				return;
			}
			model.edit(composerAction(step, composerMeasure(model.composerWidth())));
			drafts.touch();
		},
		interrupt() {
			const {text} = model.composer();
			// What was written since is not given up with a key that was meant to clear it.
			if (now() - interrupted.at < interruptTime && text === interrupted.text) {
				quit();
				return;
			}
			const isCovered = model.isHelpOpen() || model.panels.isOpen();
			const isCleared = !isCovered && !sender.isSending() && text !== '';
			if (model.isHelpOpen()) model.setHelpOpen(false);
			else if (isCovered) model.closePanel('all');
			else if (isCleared) clearComposer();
			interrupted = {at: now(), text: model.composer().text};
			model.say(
				isCleared ? `Cleared: ${model.keyOf('yank')} puts it back. ^C again quits mx.` : 'Press ^C again to quit mx.',
			);
		},
	};
	const enterRoom = (room: RoomRow): void => {
		goTo(room);
		movements.leaveInbox();
	};
	const enterRow = (room: RoomRow): void => {
		goToRow(room);
		movements.leaveInbox();
	};
	const receipts = createReceiptActions(options);
	const context: ScreenContext = {
		screen: actions,
		panel: createPanelActions(model),
		...createRoomParts({
			...options,
			enterRoom,
			choosePicture: () => media.setAvatar('room', undefined),
			verify: userId => context.verification.verify(userId),
		}),
		message,
		encryption: {
			...createDeviceActions(options),
			...createKeyFileActions(options),
			...createRecoveryActions({...options, verify: () => context.verification.verify(undefined)}),
		},
		verification: createVerificationActions({
			...options,
			enterRoom,
			isAscii: options.characters !== 'unicode',
			isLinear: options.isLinear ?? false,
			chosenDevice: () => context.encryption.chosenDevice(),
			onVerified(userId) {
				context.encryption.reloadDevices();
				context.people.reloadProfile(userId);
			},
		}),
		bridge: createBridgeActions({...options, enterRoom}),
		devtools: createDevtoolsActions({...options, showSource: message.showSource}),
		poll: createPollActions(options),
		appearance: createAppearanceActions({...options, receipts}),
		receipts,
		notify: createNotifyActions(options),
		media,
		composer: createComposerActions({...options, turning, submit, send, enterRoom}),
		search: {...createSearchActions({...options, jumps}), ...times},
		find: createFindActions({
			model,
			reader,
			trail,
			now,
			commands: options.commands,
			context: () => context,
			onFill: drafts.touch,
			returnTo,
			enterRoom: enterRow,
		}),
		sections: createSectionActions({...options, goTo: goToRow}),
		merging: createMergeActions(options),
		triage: createTriageActions({...options, goTo: goToRow, enterRoom, context: () => context}),
	};
	return context;
};
