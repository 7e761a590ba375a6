/** Reacting to a message: the list of emoji to choose from, and taking a reaction back. */
import type {MessageActions} from '../commands/message-actions.ts';
import type {Message} from '../domain/message.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {isAllowedReaction} from '../bridges/limit-checks.ts';
import {limitsOf} from '../view-models/network-limits.ts';
import {reactionRows} from '../view-models/reaction-rows.ts';
import {loadEmojiNames} from '../text/emoji-names.ts';
import {literal} from '../text/safe-text.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type ReactionOptions = ScreenPort & {
	readonly reader: AccountReader;
	/** @returns the message that is meant, or why there is none */
	readonly find: () => Message | string;
};

export type Reactions = Pick<MessageActions, 'openReactions' | 'react' | 'reactAgain' | 'unreact'>;

/** Reactions that are offered again. */
const recentCount = 12;

export const createReactions = (options: ReactionOptions): Reactions => {
	const {model, session, reader, find} = options;
	/** Newest first; of this run of mx. */
	let used: readonly string[] = [];

	const recent = (): readonly string[] =>
		[...new Set([...used, ...reader.about.recentReactions(recentCount)])].slice(0, recentCount);

	/** The message as it is now: since a list was opened, something may have come. */
	const current = (message: Message): Message =>
		model.timeline.findMessage(({eventId}) => eventId === message.eventId) ?? message;

	const toggle = (message: Message, key: string): void => {
		const roomId = model.openedRoom()?.roomId;
		if (roomId === undefined) return;
		const {eventId, rid} = message;
		const hasMine = current(message).reactions.some(reaction => reaction.key === key && reaction.isMine);
		if (!hasMine) used = [key, ...used.filter(other => other !== key)].slice(0, recentCount);
		void sayFailure(options, async () => {
			if (hasMine) await session.unreact({roomId, eventId, key});
			else {
				const {warning} = await session.react({roomId, eventId, key});
				if (warning !== undefined) model.say(warning, 'warning');
			}
			model.refresh(new Set([rid]));
		});
	};

	/** @returns the emoji of a name, written `heart` or `:heart:`; what is none, or is given already, stays as it is */
	const meant = async (message: Message, written: string): Promise<string> => {
		const name = /^:?([\w+-]+):?$/.exec(written)?.[1];
		const isGiven = message.reactions.some(({key}) => key === written);
		return name === undefined || isGiven ? written : ((await loadEmojiNames()).named(name) ?? written);
	};

	const withTarget = (run: (message: Message) => void): void => {
		const message = find();
		if (typeof message === 'string') model.say(message, 'warning');
		else run(message);
	};

	const isAllowed = (key: string): boolean => {
		const limits = limitsOf(reader, model.openedRoom());
		return limits === undefined || isAllowedReaction(limits, key);
	};

	const open = (message: Message): void =>
		model.openPanel({
			scope: 'reactions',
			place: 'side',
			title: literal`React`,
			prompt: literal`a name, an emoji or a word`,
			hint: literal`Enter reacts, or takes it back`,
			empty: () => literal`Type a name, an emoji or a word.`,
			rows: query => reactionRows(query, {given: current(message).reactions, recent: recent(), isAllowed}),
			choose(key) {
				model.closePanel();
				toggle(message, key);
			},
		});

	return {
		openReactions: () => withTarget(open),
		react: written =>
			withTarget(
				message => void sayFailure(options, async () => toggle(message, await meant(message, written.trim()))),
			),
		reactAgain() {
			const [last] = recent();
			if (last === undefined) model.say('You have not reacted to anything yet: + lists reactions.');
			else withTarget(message => toggle(message, last));
		},
		unreact(key) {
			withTarget(
				message =>
					void sayFailure(options, async () => {
						const wanted = key === undefined ? undefined : await meant(message, key.trim());
						const mine = message.reactions.filter(({isMine}) => isMine).map(reaction => reaction.key);
						const [only, ...others] = wanted === undefined ? mine : mine.filter(each => each === wanted);
						if (only === undefined) model.say('You have not reacted with that.', 'warning');
						else if (others.length > 0) model.say(`Which one? /unreact ${mine.join(' or ')}`, 'warning');
						else toggle(message, only);
					}),
			);
		},
	};
};
