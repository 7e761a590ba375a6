/** Which message a command is about: the selected one, else the one that is written about, else a likely one. */
import {isByPerson, type Message} from '../domain/message.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import {failedOrWaiting, whyNot, type MessageAct} from '../view-models/message-abilities.ts';
import {limitsOf, whyNotOnNetwork} from '../view-models/network-limits.ts';
import type {PanelScope} from '../commands/define-command.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {eventIdOf} from '../view-models/timeline-selection.ts';

const nobody: Readonly<Record<MessageAct, string>> = {
	reply: 'There is no message to reply to.',
	edit: 'You have written nothing here that can be edited.',
	react: 'There is no message to react to.',
	remove: 'You have written nothing here that can be removed.',
	copy: 'There is no message to copy.',
	look: 'There is no message here.',
	fetch: 'There is no file here.',
	pin: 'There is no message to pin.',
	forward: 'There is no message to forward.',
	report: 'There is no message of somebody else to report.',
	picture: 'There is no picture here.',
};

/** What is likely meant where nothing is selected. */
const isLikely: Readonly<Record<MessageAct, (message: Message) => boolean>> = {
	reply: message => !isByPerson(message) && whyNot(message, 'reply') === undefined,
	react: message => !isByPerson(message) && whyNot(message, 'react') === undefined,
	edit: message => whyNot(message, 'edit') === undefined,
	remove: message => message.isMine && whyNot(message, 'remove') === undefined,
	copy: message => whyNot(message, 'copy') === undefined,
	look: () => true,
	fetch: message => whyNot(message, 'fetch') === undefined,
	pin: message => whyNot(message, 'pin') === undefined,
	forward: message => whyNot(message, 'forward') === undefined,
	report: message => whyNot(message, 'report') === undefined,
	picture: message => whyNot(message, 'picture') === undefined,
};

export type MessageTargetOptions = {
	readonly model: ScreenModel;
	readonly reader: Pick<AccountReader, 'message' | 'outbox' | 'portals' | 'about'>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** The room of a message becomes the one that is written in, before something is done to it. @param doing e.g. `Replying` */
	readonly turn: (rid: number, doing: string) => void;
	/** Whether the account has the power for it in a room. */
	readonly mayRemoveOthers: (rid: number) => boolean;
};

/** Lists whose rows are messages, by their event ids, and `o` with the number of one that is not sent. */
const messageLists: ReadonlySet<string | undefined> = new Set<PanelScope>(['thread', 'pins']);

/** What is possible in a room that one has left, and in any room of a person. */
const isReading: ReadonlySet<MessageAct> = new Set(['copy', 'look', 'forward', 'fetch', 'picture']);

/** What is done in another room of a person. */
const doing: Readonly<Partial<Record<MessageAct, string>>> = {
	reply: 'Replying',
	edit: 'Editing',
	react: 'Reacting',
	remove: 'Removing',
	pin: 'Pinning',
	report: 'Reporting',
};

const unsentText = 'The message is not sent yet.';

export const createMessageTargets = ({model, reader, mayRemoveOthers, now, turn}: MessageTargetOptions) => {
	/** @returns why the network of the open room does not let it be done */
	const whyNotHere = (message: Message, act: MessageAct): string | undefined => {
		const limits = limitsOf(reader, model.opened.roomOf(message.rid) ?? model.openedRoom());
		if (limits === undefined || (act !== 'edit' && act !== 'react')) return undefined;
		const edits = act === 'edit' ? Math.max(0, reader.about.versions(message.rid, message.eventId).length - 1) : 0;
		return whyNotOnNetwork(limits, message, {act, edits, now: now()});
	};

	/** What is chosen in a list of messages that has the keys. */
	const chosenInList = (): {readonly message?: Message | undefined; readonly unsent?: OutboxItem | undefined} => {
		const room = model.openedRoom();
		const key = model.panels.chosen();
		const isList = model.focusedPane() === 'panel' && messageLists.has(model.panels.scope());
		if (!isList || key === undefined || room === undefined) return {};
		if (key.startsWith('$'))
			return {message: model.opened.rooms().flatMap(({rid}) => reader.message(rid, key) ?? [])[0]};
		return {unsent: reader.outbox(room.rid).find(({id, state}) => key === `o${id}` && state !== 'sent')};
	};

	/** An own message that has just arrived at the server is not in the archive yet. */
	const selectedMessage = (): Message | string | undefined => {
		const {message, unsent} = chosenInList();
		if (message !== undefined) return message;
		if (unsent !== undefined) return unsentText;
		const item = model.timeline.selected();
		if (item === undefined) return undefined;
		if (item.kind === 'message') return item.message;
		const eventId = eventIdOf(item);
		const arrived = model.timeline.findMessage(message => message.eventId === eventId);
		return arrived ?? unsentText;
	};

	const writtenAbout = (): Message | undefined => {
		const room = model.openedRoom();
		return room === undefined ? undefined : model.writings.of(room.rid)?.target;
	};

	const selectedUnsent = (): OutboxItem | undefined => {
		const {message, unsent} = chosenInList();
		if (message !== undefined || unsent !== undefined) return unsent;
		const item = model.timeline.selected();
		return item === undefined ? undefined : failedOrWaiting(item);
	};

	/** What is acted on is in the open room. */
	const turnFor = ({rid}: Message, act: MessageAct, words = doing[act] ?? 'Now'): void => {
		if (!isReading.has(act) && rid !== model.openedRoom()?.rid) turn(rid, words);
	};

	/**
	 * @param words what is done, where another room of a person is turned to for it. @default as the act is called
	 * @returns the message, or a sentence that says why there is none
	 */
	const find = (act: MessageAct, words?: string): Message | string => {
		const room = model.openedRoom();
		if (room === undefined) return 'Open a room first.';
		if (room.membership !== 'join' && !isReading.has(act)) return model.closedReason() ?? 'You are not in this room.';
		const message = selectedMessage() ?? writtenAbout() ?? model.timeline.findMessage(isLikely[act]);
		if (message === undefined) return nobody[act];
		if (typeof message === 'string') return message;
		const refusal = whyNot(message, act, mayRemoveOthers(message.rid)) ?? whyNotHere(message, act);
		if (refusal !== undefined) return refusal;
		turnFor(message, act, words);
		return message;
	};

	return {
		find,

		/** @returns what was chosen together and where the act is possible, oldest first; else the one message that is meant */
		findAll(act: MessageAct): readonly Message[] | string {
			const room = model.openedRoom();
			const {message: chosen} = chosenInList();
			const picked = model.timeline.picked().flatMap(item => (item.kind === 'message' ? [item.message] : []));
			if (picked.length === 0 || room === undefined || chosen !== undefined) {
				const message = find(act);
				return typeof message === 'string' ? message : [message];
			}
			const possible = picked.filter(message => whyNot(message, act, mayRemoveOthers(message.rid)) === undefined);
			const [first] = possible;
			if (first === undefined) return 'This is not possible with what is chosen.';
			if (!isReading.has(act) && possible.some(({rid}) => rid !== first.rid))
				return 'What is chosen is of several networks: choose messages of one of them.';
			turnFor(first, act);
			return possible;
		},

		/** @returns what is selected and not sent, or a change of it that failed. */
		selectedUnsent,
		/** @returns `selectedUnsent`; where nothing is selected, the newest that failed. */
		unsent: (): OutboxItem | undefined =>
			selectedUnsent() ?? (selectedMessage() === undefined ? model.timeline.failed() : undefined),
	};
};
