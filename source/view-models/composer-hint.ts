/** The line below the composer: what Enter does, and for whom. And why nothing can be written in a room. */
import type {RoomLimits} from '../bridges/capabilities.ts';
import {outageWords, reloginCommand} from '../bridges/explain.ts';
import {answersInThreads} from '../bridges/limit-checks.ts';
import {isCurable, type BridgeHealth} from '../domain/bridge-health.ts';
import {isRequest, type RoomRow} from '../domain/room.ts';
import type {SectionFacts} from './inbox-sections.ts';
import type {KeyOf} from './key-of.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';
import {roomName} from './inbox-row.ts';
import {limitHints} from './network-limits.ts';
import {countLines} from './paste.ts';
import {
	cutLine,
	emptyLine,
	lineWidth,
	span,
	spreadLine,
	type ScreenLine,
	type ScreenSpan,
	type ThemeRole,
} from './screen-line.ts';
import type {Pane} from './screen-state.ts';
import type {Via} from './via.ts';

/** @returns why nothing can be written; `undefined` where it can. */
export const closedReason = (room: RoomRow): SafeText | undefined => {
	if (room.membership === 'invite') return literal`the invitation is not accepted yet`;
	if (room.membership !== 'join') return literal`you are not in this room any more`;
	return room.successor === undefined ? undefined : literal`this room goes on elsewhere`;
};

/** What stands in place of the composer where nothing can be written. */
export const closedWords = (room: RoomRow, reason: SafeText): SafeText => {
	if (room.membership === 'invite') return literal`Enter accepts the invitation`;
	return room.membership === 'join' ? literal`this room goes on elsewhere · Enter goes there` : reason;
};

/** So many lines that not all are seen: the hint counts them. */
const manyLines = 8;

/** What an answer tells a stranger besides what it says; without the name where that is long. @param width cells */
const answerWords = (whom: SafeText, width: number): SafeText => {
	const words = literal`A request: Enter tells ${whom} you are here`;
	return textWidth(words) <= width ? words : literal`A request: Enter tells them you are here`;
};

const savesEdit = literal`Enter saves the edit`;

/** What the hint depends on. */
export type HintFacts = {
	readonly room: RoomRow | undefined;
	/** The way to a person who is on several networks. */
	readonly via?: Via | undefined;
	readonly pane: Pane;
	/** Where Enter goes from the inbox, if not to the open room. */
	readonly target?: RoomRow | undefined;
	/** Text in the composer. */
	readonly text: string;
	/** What the text will do as a command, whom it will wake, or what keys do in the menu; `undefined` where there is nothing to say. */
	readonly command: ScreenSpan | undefined;
	/** The mode of the composer and what its keys do, at length and in short. */
	readonly mode?: readonly ScreenSpan[] | undefined;
	/** The text is on its way to the store. */
	readonly isStoring: boolean;
	readonly isOnline: boolean;
	/** What the text is besides a new message of the room. */
	readonly writing?: 'reply' | 'edit' | 'thread' | undefined;
	/** The disk takes nothing: Enter is refused, and the text stays. */
	readonly isDiskRefusing: boolean;
	/** What the network of the room takes. */
	readonly limits?: RoomLimits | undefined;
	/** The login over which the room is written to, where nothing arrives there now. */
	readonly outage?: BridgeHealth | undefined;
	/** Of the inbox, that the keys are in: whether its header is chosen, and whether signing in again helps it. */
	readonly section?: SectionFacts | undefined;
	readonly keyOf: KeyOf;
};

/** The first reminder that fits beside what Enter does; the latter is cut only when alone. */
const besides = (
	reminders: readonly ScreenSpan[],
	enter: SafeText,
	width: number,
	role: ThemeRole = 'muted',
): ScreenLine => {
	const right = [span(enter, role)];
	const left = reminders.map(reminder => [reminder]).find(line => lineWidth(line) + 2 + lineWidth(right) <= width);
	return left === undefined ? cutLine(right, width) : spreadLine(left, right, width);
};

/** The mode, as long as there is room, and beside it what the network takes. */
const modeLine = ({limits, text, writing}: HintFacts, mode: readonly ScreenSpan[], width: number): ScreenLine => {
	const hints = limits === undefined ? [] : limitHints(limits, text, writing === 'reply');
	// The mere name of the network is not worth the words of the mode.
	const both = (hints.length > 1 ? hints.slice(0, -1) : hints).flatMap(hint => mode.map(each => [each, hint] as const));
	const [fitting] = both
		.filter(line => lineWidth(line) + 2 <= width)
		.toSorted((first, second) => lineWidth(second) - lineWidth(first));
	if (fitting !== undefined) return spreadLine([fitting[0]], [fitting[1]], width);
	const alone = mode.find(each => lineWidth([each]) <= width);
	return cutLine(alone === undefined ? mode.slice(-1) : [alone], width);
};

/** That nothing arrives, from whole to short; it is said also where there is no room for what Enter does. */
const outageLine = (outage: BridgeHealth, enter: SafeText, width: number): ScreenLine => {
	const words = safeText(outageWords(outage), 'name');
	const short = safeText(outageWords({...outage, name: undefined}), 'name');
	const command = safeText(reloginCommand(outage), 'name');
	const help = isCurable(outage) ? [words, short].map(each => literal`${each} · ${command}`) : [];
	const reminders = [...help, words, short].map(text => span(text, 'warning'));
	const whole = besides(reminders, enter, width);
	if (whole.some(({text}) => reminders.some(reminder => reminder.text === text))) return whole;
	return cutLine([reminders.find(reminder => lineWidth([reminder]) <= width) ?? span(short, 'warning')], width);
};

/** @param width cells of the conversation. @returns at most `width` cells */
export const hintLine = (facts: HintFacts, width: number): ScreenLine => {
	const {room, pane, text, command, isStoring, isOnline} = facts;
	const newLine = span(literal`${facts.keyOf('newline')} new line`, 'muted');
	if (isStoring) return [span(literal`storing…`, 'muted')];
	if (pane === 'inbox') {
		const {section, target = room} = facts;
		const reminders = [
			...(section?.cure === undefined ? [] : [span(literal`${facts.keyOf('read-room')} ${section.cure}`, 'warning')]),
			span(literal`${facts.keyOf('inbox-up')} ${facts.keyOf('inbox-down')} other rooms`, 'muted'),
		];
		if (section?.isHeader === true) return besides(reminders, literal`Enter unfolds ${section.name}`, width);
		if (target === undefined) return emptyLine;
		const person = target === room ? facts.via?.person : undefined;
		return besides(reminders, literal`Enter goes to ${person ?? roomName(target)}`, width);
	}
	if (facts.mode !== undefined) return modeLine(facts, facts.mode, width);
	if (command !== undefined) return cutLine([command], width);
	if (room === undefined) return cutLine([span(literal`/ commands`, 'muted')], width);
	const reason = closedReason(room);
	if (reason !== undefined)
		return text === '' ? emptyLine : cutLine([span(literal`${reason} · / commands`, 'muted')], width);
	if (facts.isDiskRefusing) return cutLine([span(literal`what you write stays here for now`, 'muted')], width);
	const limits = facts.limits === undefined ? [] : limitHints(facts.limits, text, facts.writing === 'reply');
	if (facts.writing === 'edit' && facts.outage === undefined) return besides([...limits, newLine], savesEdit, width);
	const lines = countLines(text);
	const what = lines < manyLines ? (isOnline ? literal`` : literal`it `) : literal`${lines} lines `;
	const place = room.place === undefined ? literal`` : literal` (${safeText(room.place, 'name')})`;
	const named = facts.via?.person ?? literal`${roomName(room)}${place}`;
	const isThread = facts.writing === 'reply' && facts.limits !== undefined && answersInThreads(facts.limits);
	const name = isThread || facts.writing === 'thread' ? literal`the thread` : named;
	const whom = facts.via === undefined ? name : literal`${name} on ${facts.via.name}`;
	const enter = isOnline ? literal`Enter sends ${what}to ${whom}` : literal`Enter keeps ${what}for ${whom}`;
	if (facts.outage !== undefined) return outageLine(facts.outage, facts.writing === 'edit' ? savesEdit : enter, width);
	// What does not arrive as it is written counts more than whom it is for.
	if (limits[0]?.style.role === 'warning' && lineWidth([limits[0]]) + lineWidth([span(enter)]) + 2 > width)
		return cutLine([limits[0]], width);
	const other = facts.via === undefined ? [] : [span(literal`${facts.keyOf('via')} another network`, 'muted')];
	const keys = [literal`${newLine.text} · / commands`, literal`/ commands`].map(each => span(each, 'muted'));
	// Before anything is written, it counts more that it could go elsewhere.
	const reminders = text === '' ? [...other, ...limits, ...keys] : [...limits, ...other, ...keys];
	return isRequest(room)
		? besides(reminders, answerWords(whom, width), width, 'warning')
		: besides(reminders, enter, width);
};
