/** What the archive notes of a message besides the event itself: the text that is shown, and what it is besides words. */
import {asString, type JsonObject} from '../domain/json.ts';
import {relationOf} from '../domain/edits.ts';
import {isPollStart, pollFallback, pollOf} from '../domain/poll.ts';

/** Message types by which a message is found. */
const kinds: ReadonlySet<string> = new Set([
	'm.image',
	'm.file',
	'm.video',
	'm.audio',
	'm.location',
	'm.notice',
	'm.emote',
]);

/** Mentions are links too, but not ones that anybody looks for. */
const hiddenLink = /href\s*=\s*["']?https?:\/\/(?!matrix\.to\/)/i;

const pollText = (type: string, content: JsonObject): string | undefined => {
	const poll = pollOf(type, content);
	return poll === undefined ? undefined : pollFallback(poll);
};

/** @returns what is shown and found of an event: the text of a message, the key of a reaction. */
export const shownBody = (type: string, content: JsonObject): string | undefined => {
	if (type === 'm.reaction') return relationOf(content).key;
	// Its text is for clients that cannot verify.
	if (content['msgtype'] === 'm.key.verification.request') return undefined;
	if (type === 'm.room.message' || type === 'm.sticker') return asString(content['body']);
	return isPollStart(type) ? pollText(type, content) : undefined;
};

/** @returns `image`, `file`, `notice` and so on, `link` for words with an address; `undefined` for plain words. */
export const messageKind = (type: string, content: JsonObject): string | undefined => {
	if (type === 'm.sticker') return 'sticker';
	if (type !== 'm.room.message') return undefined;
	const messageType = asString(content['msgtype']) ?? '';
	if (kinds.has(messageType)) return messageType.slice(2);
	const isLink =
		asString(content['body'])?.includes('://') || hiddenLink.test(asString(content['formatted_body']) ?? '');
	return isLink ? 'link' : undefined;
};
