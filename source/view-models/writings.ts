/** What is being written in each room: a new message, an answer to one, or another text of an own one. */
import type {Message} from '../domain/message.ts';
import {plainSummary} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {boldSpan, span, spreadLine, type ScreenLine} from './screen-line.ts';
import {writtenText} from './written-words.ts';

/** The message that the text in the composer is about. */
/** `thread`: the target is the root; what is written goes there until it is left. */
export type Writing = {readonly kind: 'reply' | 'edit' | 'thread'; readonly target: Message};

/** What a composer keeps a draft of: a room, or a thread in it by its root. */
export type DraftPlace = {readonly rid: number; readonly thread?: string};

/** Numbers of composers are those of rooms; from this one down they are those of other texts in a room. */
const firstOther = -2;

const messageName = ({isMine, senderName, sender}: Message): SafeText =>
	isMine ? literal`yourself` : safeText(senderName, 'name', sender);

const summaryOf = ({redactedBy, encryption, content, type}: Message): SafeText => {
	if (redactedBy !== undefined) return literal`a removed message`;
	if (encryption === 'undecrypted') return literal`a message that cannot be read`;
	return plainSummary(content, type);
};

const bannerWords: Readonly<Record<Writing['kind'], (target: Message) => readonly [sign: SafeText, words: SafeText]>> =
	{
		edit: () => [literal`✎ `, literal`editing`],
		reply: target => [literal`↩ `, literal`replying to ${messageName(target)}`],
		thread: ({isMine, senderName, sender}) => [
			literal`⤷ `,
			isMine ? literal`in your thread` : literal`in the thread of ${safeText(senderName, 'name', sender)}`,
		],
	};
/** @returns what stands in the composer when an own message is edited. */
export const editedText = ({content}: Message): string => writtenText(content);

export const createWritings = () => {
	const byKind = {
		edit: new Map<number, Message>(),
		reply: new Map<number, Message>(),
		thread: new Map<number, Message>(),
	} as const;
	const kinds = ['edit', 'reply', 'thread'] as const;
	const numbers = new Map<string, number>();
	const places = new Map<number, DraftPlace>();

	const of = (rid: number): Writing | undefined => {
		const kind = kinds.find(each => byKind[each].has(rid));
		const target = kind === undefined ? undefined : byKind[kind].get(rid);
		return kind === undefined || target === undefined ? undefined : {kind, target};
	};

	const numberOf = (key: string): number => {
		const number = numbers.get(key) ?? firstOther - numbers.size;
		numbers.set(key, number);
		return number;
	};

	const drop = (rid: number, from: ReadonlyArray<Writing['kind']>): boolean =>
		from.some(kind => byKind[kind].delete(rid));

	return {
		of,
		begin({kind, target}: Writing): void {
			const thread = byKind.thread.get(target.rid)?.eventId;
			// What is answered outside of the thread is answered outside of it.
			if (kind === 'reply' && thread !== target.threadRoot && thread !== target.eventId)
				byKind.thread.delete(target.rid);
			byKind[kind].set(target.rid, target);
		},
		/** Back to what was written before: of an edit the text goes, of a reply it stays. @returns whether there was something to drop */
		drop: (rid: number): boolean => drop(rid, kinds),
		/** What was written is sent; a thread is written in until it is left. */
		finish: (rid: number): boolean => drop(rid, ['edit', 'reply']),
		/** @returns event id of the root of the thread that is written in. */
		threadOf: (rid: number): string | undefined => byKind.thread.get(rid)?.eventId,

		/** @returns the number of the composer: edits and threads have some of their own, so that the draft stays as it was. */
		composerOf(rid: number): number {
			if (byKind.edit.has(rid)) return numberOf(`${rid} edit`);
			const thread = byKind.thread.get(rid)?.eventId;
			if (thread === undefined) return rid;
			const number = numberOf(`${rid} ${thread}`);
			places.set(number, {rid, thread});
			return number;
		},
		/** @returns what the composer of that number keeps a draft of; `undefined`: nothing */
		placeOf: (composer: number): DraftPlace | undefined =>
			composer > firstOther ? {rid: composer} : places.get(composer),

		/** The line above the composer. @param width cells */
		banner(rid: number, width: number): ScreenLine | undefined {
			const writing = of(rid);
			if (writing === undefined) return undefined;
			const {kind, target} = writing;
			const [sign, words] = bannerWords[kind](target);
			const line = [boldSpan(sign, 'accent'), span(literal`${words}: `), span(summaryOf(target), 'muted')];
			return spreadLine(line, [span(kind === 'thread' ? literal`Esc leaves` : literal`Esc drops`, 'muted')], width);
		},
	};
};
