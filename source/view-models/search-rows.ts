/** What was found as rows of a list: who, where, when, the words in their place, and what the archive lacks. */
import {asString} from '../domain/json.ts';
import type {Message} from '../domain/message.ts';
import type {SearchQuery, SearchWord} from '../domain/search-query.ts';
import {plainBody, plainSummary} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, span, spreadLine, type ScreenLine, type ScreenSpan} from './screen-line.ts';
import {markedLine} from './search-marks.ts';
import {clockText, dayNumber, shortDayText} from './time-text.ts';
import {wrapLine} from './wrap-line.ts';

/** A message that was found, as the list needs it. */
export type Hit = {
	readonly key: string;
	readonly sender: string;
	readonly senderName: string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly timestamp: number;
	readonly body: string;
	/** Name of the room, where there may be several. */
	readonly room: SafeText | undefined;
	/** The letters of its network, where the person has several chats. */
	readonly network: ScreenSpan | undefined;
};

export type HitContext = {
	readonly words: readonly SearchWord[];
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
	readonly isChosen: (key: string) => boolean;
	/** The message itself. */
	readonly messageOf: (key: string) => Message | undefined;
	/** The messages right above and below it. */
	readonly around: (key: string) => {readonly above: Message | undefined; readonly below: Message | undefined};
};

/** What cannot be found because the archive does not have it. */
export type Missing = {
	/** Only of one room. */
	readonly oldest: number | undefined;
	/** How many were searched: one, or the chats of a person; `undefined`: all. */
	readonly roomCount: number | undefined;
	readonly incompleteRooms: number;
	readonly undecrypted: number;
	readonly isCut: boolean;
	/** More was found than is shown. */
	readonly shownOf: number | undefined;
};

/** Rows of the text of a message. */
const bodyRows = 2;

const timeText = (time: number, now: number): SafeText =>
	dayNumber(time) === dayNumber(now) ? clockText(time) : literal`${shortDayText(time, now)} ${clockText(time)}`;

const contextLine = (message: Message | undefined, width: number): readonly ScreenLine[] => {
	if (message === undefined) return [];
	const who = safeText(message.senderName, 'name', message.sender);
	return [cutLine([span(literal`  ${who}: ${plainSummary(message.content, message.type)}`, 'muted')], width)];
};

/** Spoilers stay hidden. */
const textOf = ({content, type}: Message): SafeText =>
	/data-mx-spoiler/i.test(asString(content['formatted_body']) ?? '')
		? plainSummary(content, type)
		: safeText(plainBody(content), 'line');

const hitLines = (hit: Hit, context: HitContext, width: number): readonly ScreenLine[] => {
	const who = boldSpan(safeText(hit.senderName, 'name', hit.sender), 'name');
	// A direct chat is called like who wrote there.
	const where = hit.room === undefined || hit.room === who.text ? [] : [span(literal` · ${hit.room}`, 'muted')];
	const network = hit.network === undefined ? [] : [hit.network, span(literal` `)];
	const head = spreadLine([...network, who, ...where], [span(timeText(hit.timestamp, context.now), 'muted')], width);
	const message = context.messageOf(hit.key);
	const text = message === undefined ? safeText(hit.body, 'line') : textOf(message);
	const inner = Math.max(1, width - 2);
	const rows = wrapLine(markedLine(text, context.words, inner * bodyRows), inner, bodyRows);
	const body = rows.map(line => [span(literal`  `), ...line]);
	if (!context.isChosen(hit.key)) return [head, ...body];
	const {above, below} = context.around(hit.key);
	return [...contextLine(above, width), head, ...body, ...contextLine(below, width)];
};

/** Who said it, where, when, what; and nobody else's words. */
const hitSentence = (hit: Hit, context: HitContext): SafeText => {
	const who = safeText(hit.senderName, 'name', hit.sender);
	const where = hit.room === undefined || hit.room === who ? literal`` : literal` in ${hit.room}`;
	const network = hit.network === undefined ? literal`` : literal`, ${hit.network.text}`;
	const message = context.messageOf(hit.key);
	const text = message === undefined ? safeText(hit.body, 'line') : textOf(message);
	return literal`${who}${where}${network}, ${timeText(hit.timestamp, context.now)}: ${text}`;
};

/** @returns the words that are searched for, for marking them. */
export const wordsOf = ({words}: SearchQuery): readonly SearchWord[] => words.flat();

export const hitRows = (hits: readonly Hit[], context: HitContext): readonly PanelRow[] =>
	hits.map(hit => ({
		key: hit.key,
		lines: width => hitLines(hit, context, width),
		said: () => hitSentence(hit, context),
	}));

/** @returns sentences about what was not searched; empty where all was. */
export const missingSentences = (missing: Missing, now: number): readonly SafeText[] => {
	const {oldest, roomCount, incompleteRooms, undecrypted, isCut, shownOf} = missing;
	const sentences: SafeText[] = [];
	if (shownOf !== undefined) sentences.push(literal`The first ${shownOf} are shown: more words find fewer.`);
	if (isCut) sentences.push(literal`Only the newest messages were looked through: add a word, a room or a date.`);
	if (roomCount === 1 && incompleteRooms > 0)
		sentences.push(
			oldest === undefined
				? literal`Nothing of this room is stored here yet.`
				: literal`Not all of this room is stored here: what is missing before ${dayNumber(oldest) === dayNumber(now) ? literal`today` : shortDayText(oldest, now)}, or in between, was not searched. Scrolling up fetches it.`,
		);
	if (roomCount !== 1 && incompleteRooms > 0) {
		const isPerson = roomCount !== undefined;
		const one = isPerson ? literal`one of these chats` : literal`one room`;
		const several = literal`${incompleteRooms} ${isPerson ? literal`of these chats` : literal`rooms`}`;
		sentences.push(
			literal`Of ${incompleteRooms === 1 ? one : several} not all history is stored here: the rest was not searched.`,
		);
	}
	if (undecrypted > 0)
		sentences.push(
			undecrypted === 1
				? literal`One message could not be decrypted, so it cannot be found.`
				: literal`${undecrypted} messages could not be decrypted, so they cannot be found.`,
		);
	return sentences;
};

/** Sentences below the hits, which cannot be chosen. */
export const missingRows = (sentences: readonly SafeText[]): readonly PanelRow[] =>
	sentences.map((sentence, index) => ({
		key: `missing ${index}`,
		isHeading: true,
		lines: width => wrapLine([span(sentence, 'muted')], width, 4),
	}));
