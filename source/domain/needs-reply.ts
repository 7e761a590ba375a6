/** Whether somebody waits for an answer of the person. Pure: the store says what was said. */
import {behindMark, type TimelineMark} from './timeline-mark.ts';

/** Type of the account data of a room that say up to where nothing needs a reply (`TimelineMark`). */
export const replyType = 'chat.mx.reply';

/** What somebody did in a room, as far as it asks for a reply or is one. */
export type Remark = {
	readonly eventId: string;
	readonly sender: string;
	/** Milliseconds since the Unix epoch, server time. */
	readonly timestamp: number;
	/** `notice`: said by a program; `reaction`: one, or a vote in a poll. */
	readonly kind: 'message' | 'notice' | 'reaction';
	/** Names the person. */
	readonly isMention: boolean;
};

export type ReplyFacts = {
	/** A chat of two: everything that is said there is said to the person. */
	readonly isDirect: boolean;
	/** The account, or the ghost that a bridge has for what is written on the phone. */
	readonly isOwn: (userId: string) => boolean;
	/** Bots of bridges, and whom the person ignores. */
	readonly isNobody: (userId: string) => boolean;
	/** Up to where nothing needs a reply, as the person says. */
	readonly dismissed: TimelineMark | undefined;
};

/**
 * @param remarks newest first
 * @returns since when somebody waits: the time of the oldest message to the person behind their last answer, which may be a
 *   reaction; `undefined`: nobody does
 */
export const needsReplySince = (remarks: readonly Remark[], facts: ReplyFacts): number | undefined => {
	const {isDirect, isOwn, isNobody, dismissed} = facts;
	const open = dismissed === undefined ? remarks : behindMark(remarks, dismissed);
	const answer = open.findIndex(({sender}) => isOwn(sender));
	const unanswered = answer === -1 ? open : open.slice(0, answer);
	return unanswered.findLast(
		({kind, sender, isMention}) => kind === 'message' && !isNobody(sender) && (isDirect || isMention),
	)?.timestamp;
};
