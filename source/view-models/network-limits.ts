/** What the network of a room takes, for the screen: said before something is sent. */
import {roomLimits, type RoomLimits} from '../bridges/capabilities.ts';
import {
	checkEdit,
	checkReaction,
	limitPhrases,
	lostReply,
	lostStyles,
	textLength,
	tooLongFor,
} from '../bridges/limit-checks.ts';
import type {Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {AccountSource} from './account-source.ts';
import type {MessageAct} from './message-abilities.ts';
import {span, type ScreenSpan} from './screen-line.ts';

/** From this part of the longest text on, characters are counted. */
const countedFrom = 0.8;

/** @returns the limits of the network; `undefined` in a room of Matrix, and in one that is not believed to be bridged */
export const limitsOf = (
	source: Pick<AccountSource, 'portals'>,
	room: Pick<RoomRow, 'rid' | 'protocol'> | undefined,
): RoomLimits | undefined =>
	room?.protocol === undefined
		? undefined
		: roomLimits(source.portals.portal(room.rid), source.portals.bridgeStates(room.rid));

/** @returns why the network does not let something be done to a message. @param edits how often it was edited */
export const whyNotOnNetwork = (
	limits: RoomLimits | undefined,
	{timestamp}: Pick<Message, 'timestamp'>,
	{act, edits, now}: {readonly act: MessageAct; readonly edits: number; readonly now: number},
): string | undefined => {
	if (limits === undefined) return undefined;
	if (act === 'edit') return checkEdit(limits, {timestamp, edits}, now).refusal;
	// Which one is chosen is not known yet.
	return act === 'react' && limits.reaction === -2 ? checkReaction(limits, '').refusal : undefined;
};

/** @returns how the text stands to the longest one, from whole to short. The network is named first */
export const limitHints = (limits: RoomLimits, text: string, isReply = false): readonly ScreenSpan[] => {
	const {maxText} = limits;
	if (tooLongFor(limits, text) !== undefined) {
		const count = literal`${textLength(text)} of ${maxText ?? 0} characters`;
		return [span(literal`${count}: Enter offers parts`, 'warning'), span(count, 'warning')];
	}
	const lost = lostStyles(limits, text) ?? (isReply ? lostReply(limits) : undefined);
	if (lost !== undefined) return [span(safeText(lost, 'name'), 'warning')];
	if (maxText !== undefined && text.length > maxText * countedFrom)
		return [span(literal`${textLength(text)} of ${maxText} characters`, 'muted')];
	return limitPhrases(limits).map(phrase => span(safeText(phrase, 'name'), 'muted'));
};

/** @returns what is asked before a message is removed, where the network does not let everybody lose it */
export const removalWords = (
	limits: RoomLimits | undefined,
	{timestamp}: Pick<Message, 'timestamp'>,
	now: number,
): SafeText => {
	if (limits === undefined) return literal`for everybody`;
	const network = safeText(limits.network, 'name');
	if (limits.delete !== undefined && limits.delete <= 0)
		return literal`for you only (on ${network} the others keep it)`;
	const isOver = limits.deleteMaxAge !== undefined && now - timestamp > limits.deleteMaxAge;
	return isOver ? literal`here (it is too old to be removed on ${network})` : literal`for everybody`;
};
