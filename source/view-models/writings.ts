/** What is being written in each room: a new message, an answer to one, or another text of an own one. */
import {editDraft} from '../domain/draft-place.ts';
import {isByPerson, type Message} from '../domain/message.ts';
import type {KeyOf} from './key-of.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {messageSummary} from './message-summary.ts';
import {boldSpan, span, spreadLine, type ScreenLine} from './screen-line.ts';
import {writtenText} from './written-words.ts';

/** The message that the text in the composer is about. `thread`: the target is the root; what is written goes there until it is left. */
export type Writing = {readonly kind: 'reply' | 'edit' | 'thread'; readonly target: Message};

/** What a composer keeps a draft of: a room, a thread in it by its root, or an edit (`editDraft`). */
export type DraftPlace = {readonly rid: number; readonly thread?: string};

/** Numbers of composers are those of rooms; from this one down they are those of other texts in a room. */
const firstOther = -2;

const messageName = (message: Message): SafeText =>
	isByPerson(message) ? literal`yourself` : safeText(message.senderName, 'name', message.sender);

const bannerWords: Readonly<Record<Writing['kind'], (target: Message) => readonly [sign: SafeText, words: SafeText]>> =
	{
		edit: () => [literal`✎ `, literal`editing`],
		reply: target => [literal`↩ `, literal`replying to ${messageName(target)}`],
		thread: target => [
			literal`⤷ `,
			isByPerson(target) ? literal`in your thread` : literal`in the thread of ${messageName(target)}`,
		],
	};
/** @returns what stands in the composer when an own message is edited. */
export const editedText = ({content}: Message): string => writtenText(content);

/** What was being written when mx ended. */
export type KeptWriting = {
	readonly read: (rid: number) => {readonly edits: string | undefined; readonly reply: string | undefined};
	readonly message: (rid: number, eventId: string) => Message | undefined;
};

export const createWritings = (keyOf: KeyOf) => {
	/** Rooms that were opened. */
	const restored = new Set<number>();
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
		/** Goes on with what was being written when mx ended; once for each room. */
		restore(rid: number, kept: KeptWriting): void {
			if (restored.has(rid)) return;
			restored.add(rid);
			const {edits, reply} = kept.read(rid);
			const find = (eventId: string | undefined): Message | undefined => {
				const message = eventId === undefined ? undefined : kept.message(rid, eventId);
				return message?.redactedBy === undefined ? message : undefined;
			};
			const answered = find(reply);
			if (answered !== undefined) byKind.reply.set(rid, answered);
			const edited = find(edits);
			if (edited !== undefined) byKind.edit.set(rid, edited);
		},
		/** Rooms in which something was written about a message, and what is answered there outside of threads. */
		replies: (): ReadonlyArray<readonly [rid: number, eventId: string | undefined]> =>
			[...restored].map(rid => [rid, byKind.thread.has(rid) ? undefined : byKind.reply.get(rid)?.eventId]),
		begin({kind, target}: Writing): void {
			const thread = byKind.thread.get(target.rid)?.eventId;
			// What is answered outside of the thread is answered outside of it.
			if (kind === 'reply' && thread !== target.threadRoot && thread !== target.eventId)
				byKind.thread.delete(target.rid);
			byKind[kind].set(target.rid, target);
		},
		/** Back to what was written before: of an edit the text goes, of a reply it stays. @returns whether there was something to drop */
		drop: (rid: number): boolean => drop(rid, kinds),
		/** Another room is opened: a thread in which nothing is begun is left with its room. */
		leave(rid: number, isBegun: boolean): void {
			if (!isBegun && of(rid)?.kind === 'thread') drop(rid, ['thread']);
		},
		/** What was written is sent; a thread is written in until it is left. */
		finish: (rid: number): boolean => drop(rid, ['edit', 'reply']),
		/** @returns event id of the root of the thread that is written in. */
		threadOf: (rid: number): string | undefined => byKind.thread.get(rid)?.eventId,

		/** @returns the number of the composer: edits and threads have some of their own, so that the draft stays as it was. */
		composerOf(rid: number): number {
			const edited = byKind.edit.get(rid)?.eventId;
			const thread = edited === undefined ? byKind.thread.get(rid)?.eventId : editDraft(edited);
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
			const line = [boldSpan(sign, 'accent'), span(literal`${words}: `), span(messageSummary(target), 'muted')];
			const does = kind === 'thread' ? literal`leaves` : literal`drops`;
			return spreadLine(line, [span(literal`${keyOf('cancel')} ${does}`, 'muted')], width);
		},
	};
};
