/** What is being written in each room: a new message, an answer to one, or another text of an own one. */
import type {Message} from '../domain/message.ts';
import {plainBody, plainSummary} from '../text/message-text.ts';
import {asString} from '../domain/json.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {boldSpan, span, spreadLine, type ScreenLine} from './screen-line.ts';

/** The message that the text in the composer is about. */
export type Writing = {readonly kind: 'reply' | 'edit'; readonly target: Message};

/** Numbers of composers are those of rooms; below this one they are those of other texts in a room. */
const firstOther = -2;

const messageName = ({isMine, senderName, sender}: Message): SafeText =>
	isMine ? literal`yourself` : safeText(senderName, 'name', sender);

const summaryOf = ({redactedBy, encryption, content, type}: Message): SafeText => {
	if (redactedBy !== undefined) return literal`a removed message`;
	if (encryption === 'undecrypted') return literal`a message that cannot be read`;
	return plainSummary(content, type);
};

/** @returns what stands in the composer when an own message is edited. */
export const editedText = ({content}: Message): string => {
	const body = plainBody(content);
	if (asString(content['msgtype']) === 'm.emote') return `/me ${body}`;
	return body.startsWith('/') ? `/${body}` : body;
};

export const createWritings = () => {
	const replies = new Map<number, Message>();
	const edits = new Map<number, Message>();

	const of = (rid: number): Writing | undefined => {
		const edit = edits.get(rid);
		if (edit !== undefined) return {kind: 'edit', target: edit};
		const reply = replies.get(rid);
		return reply === undefined ? undefined : {kind: 'reply', target: reply};
	};

	return {
		of,
		begin({kind, target}: Writing): void {
			(kind === 'edit' ? edits : replies).set(target.rid, target);
		},
		/** Back to what was written before: of an edit the text goes, of a reply it stays. @returns whether there was something to drop */
		drop: (rid: number): boolean => edits.delete(rid) || replies.delete(rid),

		/** @returns the number of the composer: an edit has one of its own, so that the draft stays as it was. */
		composerOf: (rid: number): number => (edits.has(rid) ? firstOther - rid : rid),
		/** @returns whether the composer of that number keeps a draft of its room. */
		isDraft: (composer: number): boolean => composer > firstOther,

		/** The line above the composer. @param width cells */
		banner(rid: number, width: number): ScreenLine | undefined {
			const writing = of(rid);
			if (writing === undefined) return undefined;
			const {kind, target} = writing;
			const words = kind === 'edit' ? literal`editing` : literal`replying to ${messageName(target)}`;
			const line = [
				boldSpan(kind === 'edit' ? literal`✎ ` : literal`↩ `, 'accent'),
				span(literal`${words}: `),
				span(summaryOf(target), 'muted'),
			];
			return spreadLine(line, [span(literal`Esc drops`, 'muted')], width);
		},
	};
};
