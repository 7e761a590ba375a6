/** Rooms that are to be seen again later: in account data of the room, so that all devices agree. */
import {asInteger, type JsonObject} from './json.ts';
import {markContent, readMark, type TimelineMark} from './timeline-mark.ts';

/** Type of the account data. */
export const snoozeType = 'chat.mx.snooze';

/** When a room comes back. */
export type SnoozeTime = {
	/** Milliseconds since the Unix epoch. */
	readonly until: number;
	/** The person waits for an answer, and wants to know if none comes. */
	readonly isUnlessAnswered: boolean;
};

/** `after`: the newest event then; what comes behind it brings the room back. `woken`: its time was over. */
export type Snooze =
	| (SnoozeTime & {readonly kind: 'asleep'; readonly after: TimelineMark})
	| {readonly kind: 'woken'; readonly at: number; readonly isUnanswered: boolean};

/** @returns what account data of `snoozeType` say; `undefined` where that is nothing, or makes no sense */
export const parseSnooze = (content: JsonObject): Snooze | undefined => {
	const isUnlessAnswered = content['unless_answered'] === true;
	const at = asInteger(content['woken_at']);
	if (at !== undefined) return {kind: 'woken', at, isUnanswered: isUnlessAnswered};
	const until = asInteger(content['until']);
	const after = readMark(content);
	return until === undefined || after === undefined ? undefined : {kind: 'asleep', until, after, isUnlessAnswered};
};

/** @returns what `parseSnooze` reads */
export const snoozeContent = (snooze: Snooze): JsonObject => {
	if (snooze.kind === 'woken') return {woken_at: snooze.at, ...(snooze.isUnanswered ? {unless_answered: true} : {})};
	const {until, isUnlessAnswered, after} = snooze;
	return {until, ...(isUnlessAnswered ? {unless_answered: true} : {}), ...markContent(after)};
};
