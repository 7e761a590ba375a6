/** What can be done to a message, and why something cannot: one answer for keys, slash commands and their reminders. */
import {asString} from '../domain/json.ts';
import {isFileMessage, sharedFile} from '../domain/media.ts';
import {isByPerson, type Message} from '../domain/message.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import type {KeyOf} from './key-of.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import {cutLine, joinParts, lineWidth, span, type ScreenLine} from './screen-line.ts';
import type {ShownMessage} from './timeline-echo.ts';
import type {SelectableItem} from './timeline-selection.ts';

export type MessageAct =
	| 'reply'
	| 'edit'
	| 'react'
	| 'remove'
	| 'copy'
	| 'look'
	| 'fetch'
	| 'picture'
	| 'pin'
	| 'forward'
	| 'report';

/** Messages whose text can be written anew. */
const editable: ReadonlySet<string | undefined> = new Set(['m.text', 'm.emote', 'm.notice']);

const whyNotEdit = ({isMine, type, content, encryption}: Message): string | undefined => {
	if (!isMine) return 'Only your own messages can be edited.';
	if (encryption === 'undecrypted') return 'The message cannot be read, so it cannot be edited.';
	const isText = type === 'm.room.message' && editable.has(asString(content['msgtype']));
	return isText ? undefined : 'Only texts can be edited.';
};

const whyNotForward = ({type, content, encryption}: Message): string | undefined => {
	if (encryption === 'undecrypted') return 'The message cannot be read.';
	const isMessage = type === 'm.sticker' || (type === 'm.room.message' && asString(content['msgtype']) !== undefined);
	return isMessage ? undefined : 'Only messages can be forwarded.';
};

const isPicture = ({content, type}: Message): boolean =>
	(type === 'm.sticker' || content['msgtype'] === 'm.image') && sharedFile(content, type) !== undefined;

/**
 * @param mayRemoveOthers whether the account has the power to remove what others wrote
 * @returns a sentence for the person; `undefined` where it is possible
 */
export const whyNot = (message: Message, act: MessageAct, mayRemoveOthers = true): string | undefined => {
	if (act === 'look') return undefined;
	if (message.redactedBy !== undefined) return 'The message was removed.';
	switch (act) {
		case 'edit':
			return whyNotEdit(message);
		case 'remove':
			return message.isMine || mayRemoveOthers ? undefined : 'You may not remove what others wrote in this room.';
		case 'copy':
			return message.encryption === 'undecrypted' ? 'The message cannot be read.' : undefined;
		case 'picture':
			return isPicture(message) ? undefined : 'There is no picture in this message.';
		case 'fetch':
			return sharedFile(message.content, message.type) === undefined ? 'There is no file in this message.' : undefined;
		case 'forward':
			return whyNotForward(message);
		case 'report':
			return isByPerson(message) ? 'This is your own message.' : undefined;
		case 'reply':
		case 'react':
		case 'pin':
			return undefined;
		default:
			return act satisfies never;
	}
};

type Reminder = readonly [command: string, words: SafeText, act?: MessageAct];

const pickedReminders: readonly Reminder[] = [
	['yank-text', literal`copy`],
	['remove-key', literal`remove`],
	['forward-key', literal`forward`],
	['pick-message', literal`choose`],
];

const messageReminders: readonly Reminder[] = [
	['reply-key', literal`reply`, 'reply'],
	['picture-key', literal`picture`, 'picture'],
	['open-key', literal`open`, 'fetch'],
	['save-key', literal`save`, 'fetch'],
	['react-key', literal`react`, 'react'],
	['edit-key', literal`edit`, 'edit'],
	['remove-key', literal`remove`, 'remove'],
	['thread-key', literal`thread`, 'reply'],
	['yank-text', literal`copy`, 'copy'],
	['details', literal`details`, 'look'],
	['forward-key', literal`forward`, 'forward'],
];

const voteReminder: Reminder = ['vote-key', literal`vote`];

/** Says what is possible in any case; it goes last. */
const always: readonly Reminder[] = [
	['leave-messages', literal`writes`],
	['message-help', literal`all keys`],
];

const failedReminders: readonly Reminder[] = [
	['retry-key', literal`send again`],
	['edit-key', literal`edit`],
	['discard-key', literal`discard`],
];

const waitingReminders: readonly Reminder[] = [
	['edit-key', literal`take back`],
	['discard-key', literal`discard`],
];

/** @returns the row of the outbox that keys are about: of a message that is not sent, or of a change that failed. */
export const failedOrWaiting = (item: SelectableItem): OutboxItem | undefined => {
	if (item.kind === 'outbox') return item.item.state === 'sent' ? undefined : item.item;
	return item.message.pending?.find(({state}) => state === 'failed');
};

type HintOptions = {
	readonly mayRemoveOthers: boolean;
	/** Whether the network of the room does not let it be done. @default it does */
	readonly refuses?: ((message: Message, act: MessageAct) => boolean) | undefined;
	/** Whether the network of the room has threads. @default it does */
	readonly hasThreads?: boolean | undefined;
	/** Messages that are chosen together. */
	readonly pickedCount: number;
	readonly keyOf: KeyOf;
	readonly width: number;
};

const remindersOf = (
	item: SelectableItem,
	{
		mayRemoveOthers,
		refuses = () => false,
		hasThreads = true,
	}: Pick<HintOptions, 'mayRemoveOthers' | 'refuses' | 'hasThreads'>,
): readonly Reminder[] => {
	const row = failedOrWaiting(item);
	const isFile = item.kind === 'outbox' && isFileMessage(item.item.content, item.item.type);
	const own = row?.state === 'failed' ? failedReminders : waitingReminders;
	if (row?.state === 'failed' || item.kind === 'outbox')
		return isFile ? own.filter(([command]) => command !== 'edit-key') : own;
	const message: ShownMessage = item.message;
	const isOpenPoll = message.votes?.isEnded === false && message.redactedBy === undefined;
	const isLost = message.status?.stage === 'failed';
	const reminders = [
		...(isLost ? failedReminders.slice(0, 1) : []),
		...(isOpenPoll ? [voteReminder] : []),
		...messageReminders.filter(([command]) => hasThreads || command !== 'thread-key'),
	];
	return reminders.filter(
		([, , act]) => act === undefined || (whyNot(message, act, mayRemoveOthers) === undefined && !refuses(message, act)),
	);
};

/** The line below the composer while a message is selected: as many keys as fit. @param width cells */
export const messageHint = (item: SelectableItem | undefined, options: HintOptions): ScreenLine => {
	const {pickedCount, keyOf, width} = options;
	const single = item === undefined ? [] : remindersOf(item, options);
	const reminders = pickedCount > 0 ? pickedReminders : single;
	let parts: readonly ScreenLine[] = pickedCount > 0 ? [[span(literal`${pickedCount} chosen`)]] : [];
	for (const [command, words] of [...reminders, ...always]) {
		const key = keyOf(command);
		if (key === command) continue;
		const next = [...parts, [span(key, 'accent'), span(literal` ${words}`, 'muted')]];
		if (lineWidth(joinParts(next)) > width) break;
		parts = next;
	}
	return cutLine(joinParts(parts), width);
};
