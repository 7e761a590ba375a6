/** What commands can do with single messages, and with several that are chosen. */
import type {MessageCareActions} from './message-care-actions.ts';

/** What commands can do with single messages. What is not possible says why in the status line. */
export type MessageActions = MessageCareActions & {
	/** Selects the lowest message that is seen; from then on single letters are commands. */
	readonly select: () => void;
	/** Back to writing. */
	readonly leave: () => void;
	/** Messages further down (positive) or up. */
	readonly move: (steps: number) => void;
	readonly moveDay: (direction: -1 | 1) => void;
	readonly movePages: (pages: number) => void;
	readonly moveToEnd: (end: 'oldest' | 'newest') => void;
	/** Begins an answer to the selected message. */
	readonly reply: () => void;
	/** While writing: answers the message above (negative) the one that is answered, or below it. */
	readonly chooseReply: (steps: -1 | 1) => void;
	/** Begins another text of the selected message; of one that is not sent, takes it back into the composer. */
	readonly edit: () => void;
	/** Lists reactions to choose from. */
	readonly openReactions: () => void;
	/** Reacts with an emoji or a word, or takes that reaction back. */
	readonly react: (key: string) => void;
	/** Reacts with what was reacted with last. */
	readonly reactAgain: () => void;
	/** Takes a reaction back; without a key the only one. */
	readonly unreact: (key: string | undefined) => void;
	/** Removes the selected message, after a question. */
	readonly remove: (reason: string | undefined) => void;
	/** Chooses the selected message to be acted on together with others, or lets it go. */
	readonly pick: () => void;
	/** Chooses all messages from the selected one to where one goes; again: none. */
	readonly pickRange: () => void;
	/** Lets go all that are chosen. */
	readonly unpick: () => void;
	/** Versions, who reacted, who read. */
	readonly details: () => void;
	/** The event as it came. */
	readonly source: () => void;
	/** Copies the source that is shown. */
	readonly copySource: () => void;
	/** Copies the text to the clipboard of the person's terminal. */
	readonly copy: () => void;
	/** Copies a link to the message. */
	readonly copyLink: () => void;
	/** Copies code blocks only. */
	readonly copyCode: () => void;
	/** Opens a web address in it, after a question. */
	readonly openLinks: () => void;
	/** Selects the message that is answered. */
	readonly jumpToQuoted: () => void;
	readonly jumpBack: () => void;
	/** Shows the thread of the selected message beside the conversation. */
	readonly openThread: () => void;
	/** Lists the threads of the room. */
	readonly openThreads: () => void;
	/** What is written from now on goes into the thread that is shown, or into that of the selected message. */
	readonly writeInThread: () => void;
	/** Sends what failed again; of what did not fail, writes in its thread. */
	readonly retry: () => void;
	/** Forgets what is not sent, after a question. */
	readonly discard: () => void;
};
