/** What a notification says of what has come in: as much as the person allows. */
import type {Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import {plainSummary} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {roomName} from './inbox-row.ts';

/** Whose text is said: of all, of none, or of what came in the clear. */
export type NewsDetail = 'all' | 'unencrypted' | 'none';

/** What has come into one room since the last notification. */
export type RoomNews = {
	readonly room: RoomRow;
	/** The newest one; `undefined`: an invitation. */
	readonly message: Message | undefined;
	/** Who wrote it, or invites. Untrusted. */
	readonly sender: string;
	readonly count: number;
	/** Name of the network, where the person writes on several, or there are several of it. */
	readonly network?: SafeText | undefined;
	readonly isHighlight: boolean;
};

export type NewsText = {readonly title: SafeText; readonly body: SafeText};

/** So many rooms are told of one by one; more only as a number. */
const mostRooms = 3;

const plural = (count: number, one: SafeText, many: SafeText): SafeText =>
	literal`${count} ${count === 1 ? one : many}`;

const isSecret = ({room, message}: RoomNews): boolean =>
	room.isEncrypted || (message !== undefined && message.encryption !== 'clear');

const wordsOf = (news: RoomNews, detail: NewsDetail): SafeText => {
	const {message} = news;
	if (message === undefined) return literal`invites you`;
	if (message.encryption === 'undecrypted') return literal`a message that cannot be read yet`;
	if (detail === 'unencrypted' && isSecret(news)) return literal`an encrypted message`;
	return plainSummary(message.content, message.type);
};

const textOf = (news: RoomNews, detail: NewsDetail): NewsText => {
	const {room, message, sender, count, isHighlight, network} = news;
	const name = network === undefined ? roomName(room) : literal`${roomName(room)} · ${network}`;
	const words = wordsOf(news, detail);
	const from = safeText(sender, 'name');
	const isAlone = room.isDirect && message !== undefined;
	const mark = isHighlight && !room.isDirect ? literal` (mentions you)` : literal``;
	const title = count > 1 ? literal`${name} (${count})` : name;
	return {
		title: literal`${title}${mark}`,
		body: isAlone ? words : literal`${from}${message === undefined ? literal` ` : literal`: `}${words}`,
	};
};

/** @returns the notifications, the most important first; none for no news */
export const newsTexts = (news: readonly RoomNews[], detail: NewsDetail): readonly NewsText[] => {
	if (news.length === 0) return [];
	const total = news.reduce((sum, {count}) => sum + count, 0);
	const what = plural(total, literal`new message`, literal`new messages`);
	if (detail === 'none') return [{title: literal`mx`, body: what}];
	if (news.length > mostRooms) return [{title: literal`mx`, body: literal`${what} in ${news.length} rooms`}];
	return news
		.toSorted((first, second) => Number(second.isHighlight) - Number(first.isHighlight))
		.map(each => textOf(each, detail));
};
