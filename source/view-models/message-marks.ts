/** What stands beside a message that is not part of it: whether it was read, and by whom. */
import {protocolOf} from '../bridges/protocols.ts';
import {isByPerson, type Message, type ReadPlace} from '../domain/message.ts';
import {isGrouped} from '../domain/portal.ts';
import {awaitedStage} from '../domain/send-status.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';
import {pinnedIn} from './pinned.ts';
import {comparePlaces, type AccountSource, type TimelinePlace} from './account-source.ts';

/** Beside one message. */
export type MessageMarks = {
	/** Somebody else has read it. */
	readonly isRead: boolean;
	/** Who has read it, if it is the newest message that was read; else nobody. */
	readonly readBy: readonly SafeText[];
	readonly isPinned: boolean;
	/** Its spoilers are readable. */
	readonly isRevealed: boolean;
	/** Name of the network behind the bridge, where something is to be said of it. */
	readonly network?: string | undefined;
	/** The bridge has said nothing of it, for so long. */
	readonly awaited?: 'pending' | 'unanswered' | undefined;
};

export const noMarks: MessageMarks = {isRead: false, readBy: [], isPinned: false, isRevealed: false};

/** @returns a text that is the same for the same marks. */
export const marksKey = ({isRead, readBy, isPinned, isRevealed, network, awaited}: MessageMarks): string =>
	[isRead, isPinned, isRevealed, network, awaited, ...readBy].join('\n');

type MarkSources = {
	/** How far others have read, who has read furthest first. */
	readonly reads: readonly ReadPlace[];
	/** Event ids. */
	readonly pinned: ReadonlySet<string>;
	readonly revealed: ReadonlySet<string>;
	/** Whether to say who has read: the newest message is among those that are marked, and others than one person could have. */
	readonly hasReaders: boolean;
	/** Name of the network behind the bridge of the room, where that is believed. @default Matrix */
	readonly network?: string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
};

/** What the bot of a bridge has read, only the bridge has. */
export const withoutBot = (
	source: Pick<AccountSource, 'portals'>,
	rid: number,
	reads: readonly ReadPlace[],
): readonly ReadPlace[] => {
	const portal = source.portals.portal(rid);
	return portal === undefined || !isGrouped(portal) ? reads : reads.filter(({userId}) => userId !== portal.bot);
};

/** How far people have read is known in the message's own room. */
const homeOf = (message: Pick<Message, 'home'> & TimelinePlace): TimelinePlace => message.home ?? message;

const readersOf = (
	message: TimelinePlace & Pick<Message, 'sender'> & Pick<Partial<Message>, 'home'>,
	reads: readonly ReadPlace[],
) => reads.filter(read => read.userId !== message.sender && comparePlaces(read, homeOf(message)) >= 0);

/** @returns what marks are made of. @param rid number of the open room */
export const markSourcesOf = (
	source: AccountSource,
	rid: number | undefined,
	{
		revealed,
		hasNewest,
		now,
	}: {readonly revealed: ReadonlySet<string>; readonly hasNewest: boolean; readonly now: number},
): MarkSources => {
	if (rid === undefined) return {reads: [], pinned: new Set(), revealed, hasReaders: false, now};
	const portal = source.portals.portal(rid);
	const isBridged = portal !== undefined && isGrouped(portal);
	const bots = isBridged && portal.bot !== undefined ? 1 : 0;
	// Of two people only the other one can have read; the mark says so.
	const isPair = source.room(rid)?.joinedCount === 2 + bots;
	return {
		reads: withoutBot(source, rid, source.reads.last(rid)),
		pinned: pinnedIn(source, rid),
		revealed,
		hasReaders: hasNewest && !isPair,
		network: isBridged ? protocolOf(portal.protocol).name : undefined,
		now,
	};
};

/** @returns the marks of each message. @param messages oldest first */
export const createMarks = (
	messages: readonly Message[],
	{reads, pinned, revealed, hasReaders, network, now}: MarkSources,
): ((message: Message) => MessageMarks) => {
	const [furthest] = reads;
	const last = hasReaders
		? messages.findLast(message => message.stateKey === undefined && readersOf(message, reads).length > 0)
		: undefined;
	const readBy = last === undefined ? [] : readersOf(last, reads);
	const names = readBy.map(({userId, name}) => safeText(name, 'name', userId));
	return message => {
		const isRead = isByPerson(message) && furthest !== undefined && comparePlaces(furthest, homeOf(message)) >= 0;
		const isPinned = pinned.has(message.eventId);
		const isRevealed = revealed.has(message.eventId);
		const isLast = message === last;
		const {status, failedChanges} = message;
		const awaited =
			status === undefined || isRead || network === undefined
				? undefined
				: awaitedStage(status, message.timestamp, now);
		const isTold = awaited !== undefined || status?.stage === 'failed' || failedChanges !== undefined;
		if (!isRead && !isPinned && !isRevealed && !isLast && !isTold) return noMarks;
		return {
			isRead,
			isPinned,
			isRevealed,
			readBy: isLast ? names : [],
			...(isTold ? {network} : {}),
			...(awaited === undefined ? {} : {awaited}),
		};
	};
};

/** Names that are said at most; the others are counted. */
const mostNames = 3;

/** @returns `read by Anna, Zoé +3` with as many names as fit, or only their number, or nothing. @param width cells */
export const readByText = (names: readonly SafeText[], width: number): SafeText => {
	for (let count = Math.min(mostNames, names.length); count > 0; count--) {
		const rest = names.length - count;
		const shown = joinSafe(names.slice(0, count), literal`, `);
		const text = rest === 0 ? literal`read by ${shown}` : literal`read by ${shown} +${rest}`;
		if (textWidth(text) <= width) return text;
	}
	const count = literal`read by ${names.length}`;
	return names.length > 0 && textWidth(count) <= width ? count : literal``;
};
