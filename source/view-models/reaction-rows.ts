/** The rows of the list of reactions: those that are there, those used lately, and common ones by their names. */
import type {Reaction} from '../domain/message.ts';
import {commonReactions} from '../text/common-reactions.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad} from '../text/width.ts';
import type {PanelRow} from './panel.ts';
import {span} from './screen-line.ts';

export type ReactionSources = {
	/** Reactions of the message. */
	readonly given: readonly Reaction[];
	/** Keys that the person used lately, newest first. */
	readonly recent: readonly string[];
	/** Whether the network of the room has it. @default all */
	readonly isAllowed?: ((key: string) => boolean) | undefined;
};

/** Cells of an emoji and the blanks behind it. */
const emojiWidth = 4;

const nameOf = (key: string): string => commonReactions.find(([emoji]) => emoji === key)?.[1] ?? '';

const countText = ({count, isMine}: Reaction): SafeText =>
	isMine ? literal`${count}, yours: Enter takes it back` : literal`${count}`;

const rowOf = (key: string, note: SafeText): PanelRow => ({
	key,
	lines: () => [
		[
			span(pad(safeText(key, 'name', '(empty)'), emojiWidth)),
			span(literal`${safeText(nameOf(key), 'name')}`),
			span(literal`  ${note}`, 'muted'),
		],
	],
});

/** @param query words of a name; a text that names none can be given as it is */
export const reactionRows = (
	query: string,
	{given, recent, isAllowed = () => true}: ReactionSources,
): readonly PanelRow[] => {
	const words = query
		.toLowerCase()
		.split(/\s+/)
		.filter(word => word !== '');
	const offered = [...recent, ...commonReactions.map(([emoji]) => emoji)].filter(isAllowed);
	const keys = [...new Set([...given.map(({key}) => key), ...offered])];
	const found = keys.filter(key => {
		const name = `${nameOf(key)} ${key.toLowerCase()}`;
		return words.every(word => name.includes(word));
	});
	const rows = found.map(key => {
		const reaction = given.find(each => each.key === key);
		return rowOf(key, reaction === undefined ? literal`` : countText(reaction));
	});
	const own = query.trim();
	return own === '' || found.includes(own) || !isAllowed(own) ? rows : [...rows, rowOf(own, literal`as it is written`)];
};
