/** One room of the inbox as a line: mark, name, time, count. Names never push the right column off. */
import {isUnread, type RoomRow} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad} from '../text/width.ts';
import {networkLabel} from './network-label.ts';
import {
	boldSpan,
	fillLine,
	lineWidth,
	paintLine,
	span,
	spreadLine,
	type ScreenLine,
	type ScreenSpan,
	type ThemeRole,
} from './screen-line.ts';
import {ageText, dayNumber, shortTimeText, untilText} from './time-text.ts';

/** Cells of the column of times. */
const timeWidth = 6;

/** Narrower inboxes leave blanks out, and the time of an unread room where it would cost letters of the name. */
const wideWidth = 30;

/** @returns whether the room waits for the person: an invitation, unread messages, or marked by hand. */
export const isWaiting = (room: RoomRow): boolean => room.membership === 'invite' || isUnread(room);

/** @returns the name of a room to show. */
export const roomName = (room: RoomRow): SafeText => safeText(room.name, 'name', room.roomId);

const countText = (count: number): SafeText => (count > 99 ? literal`99+` : literal`${count}`);

/** What stands before the name, so that a room that waits stands out without colours too. */
const markOf = (room: RoomRow, isSelected: boolean): ScreenSpan => {
	if (isSelected) return span(literal`▸`, 'accent');
	if (room.membership === 'invite') return boldSpan(literal`!`, 'mention');
	if (!isWaiting(room)) return room.section === 'favourite' ? span(literal`*`, 'accent') : span(literal` `);
	return boldSpan(literal`•`, room.highlightCount > 0 ? 'mention' : 'unread');
};

const badgeOf = (room: RoomRow): {readonly text: SafeText; readonly role: ThemeRole} => {
	if (room.isMuted) return {text: literal``, role: 'muted'};
	if (room.highlightCount > 0) {
		return {text: literal`${countText(Math.max(room.unreadCount, room.highlightCount))}@`, role: 'mention'};
	}
	return {text: room.unreadCount > 0 ? countText(room.unreadCount) : literal``, role: 'unread'};
};

/** Cells that the time and the count take in a wide inbox. */
const usualRight = 13;

/**
 * Signs before the time: it came back from its sleep, something is written there and not sent, somebody waits for a reply.
 * @param free cells that the name leaves
 */
const signsOf = (
	room: RoomRow,
	{isSelected, now, free}: {readonly isSelected: boolean; readonly now: number; readonly free: number},
): ScreenLine => {
	if (room.membership === 'invite') return [];
	const {needsReplySince, isReminder, snoozedUntil, hasDraft} = room;
	const age = needsReplySince === undefined ? literal`` : literal`${ageText(needsReplySince, now)} `;
	const isAgeShown = free >= usualRight + 2 + lineWidth([span(age)]);
	return [
		...(isReminder || snoozedUntil !== undefined ? [span(literal`◔ `, isReminder ? 'accent' : 'muted')] : []),
		// The room that is open shows what is written itself.
		...(hasDraft && !isSelected ? [span(literal`✎ `, 'muted')] : []),
		...(needsReplySince === undefined ? [] : [span(literal`↩ ${isAgeShown ? age : literal``}`, 'accent')]),
	];
};

/** @returns what of a row goes by the clock */
export const timesOf = ({needsReplySince}: RoomRow, now: number): string =>
	`${dayNumber(now)} ${needsReplySince === undefined ? '' : ageText(needsReplySince, now)}`;

const timeOf = ({snoozedUntil, lastActivity}: RoomRow, now: number): SafeText => {
	if (snoozedUntil !== undefined) return untilText(snoozedUntil, now);
	return lastActivity === 0 ? literal`` : shortTimeText(lastActivity, now);
};

/** The columns at the right edge. @param free cells that the name leaves. @param hasTime otherwise the time is left out */
const rightOf = (
	room: RoomRow,
	{
		width,
		now,
		free,
		hasTime,
	}: {readonly width: number; readonly now: number; readonly free: number; readonly hasTime: boolean},
): ScreenLine => {
	const isWide = width >= wideWidth;
	if (room.membership === 'invite') {
		const words = free >= 13 ? literal`invites you` : literal`invite`;
		return [span(words, 'accent'), span(literal` `)];
	}
	const badge = badgeOf(room);
	const badgeSpan = boldSpan(pad(badge.text, isWide ? 5 : 4, 'start'), badge.role);
	const isBoth = hasTime && (isWide || free >= timeWidth + lineWidth([badgeSpan]) + 2);
	const when = timeOf(room, now);
	// Where there is no room for both, that it is silent says more than when it spoke.
	const time = room.isMuted && !isWide ? literal`muted` : when;
	if (room.isMuted && isWide)
		return [span(literal`muted`, 'muted'), span(pad(time, timeWidth, 'start'), 'muted'), badgeSpan, span(literal` `)];
	if (!isWide && badge.text === '') return [...(hasTime ? [span(time, 'muted')] : []), span(literal` `)];
	return [...(isBoth ? [span(pad(time, timeWidth, 'start'), 'muted')] : []), badgeSpan, span(literal` `)];
};

/**
 * The networks of a person, in as many cells as there may be: `SG·WA·SM`, `SG+2`, nothing.
 * @param hasFirst the first of them stands in a column of its own
 */
const networksOf = ({person}: RoomRow, hasFirst: boolean): readonly ScreenLine[] => {
	const protocols = person?.protocols ?? [];
	if (protocols.length < 2) return [[]];
	const shown = hasFirst ? protocols.slice(1) : protocols;
	const all = shown.flatMap((protocol, index) => [
		span(index > 0 ? literal`·` : hasFirst ? literal` +` : literal` `, 'muted'),
		networkLabel(protocol),
	]);
	const first = hasFirst ? [] : [span(literal` `), networkLabel(protocols[0])];
	const more = span(literal`${hasFirst ? literal` ` : literal``}+${protocols.length - 1}`, 'muted');
	return [all, [...first, more], []];
};

type InboxLineOptions = {
	readonly width: number;
	readonly now: number;
	readonly isSelected: boolean;
	/** The network is named too. @default false */
	readonly hasLabel?: boolean;
	readonly name?: ScreenLine | undefined;
};

/**
 * @param width cells of the inbox
 * @param now milliseconds since the Unix epoch
 * @param name in place of the room's name, with what was searched for standing out
 * @returns a line of exactly `width` cells
 */
export const inboxLine = (room: RoomRow, options: InboxLineOptions): ScreenLine => {
	const {width, now, isSelected, hasLabel = false, name: shownName} = options;
	const blank = span(literal` `);
	const mark = [...(width >= wideWidth ? [blank] : []), markOf(room, isSelected), blank];
	const isFaint = room.isMuted || room.section === 'low' || room.section === 'archived' || room.section === 'snoozed';
	const name = isWaiting(room)
		? boldSpan(roomName(room), 'unread')
		: span(roomName(room), isFaint ? 'muted' : undefined);
	const named = [...mark, ...(hasLabel ? [networkLabel(room.protocol), blank] : []), ...(shownName ?? [name])];
	const columnsBeside = (left: ScreenLine, hasTime: boolean): ScreenLine => {
		const signs = signsOf(room, {isSelected, now, free: width - lineWidth(left)});
		return [...signs, ...rightOf(room, {width, now, free: width - lineWidth(left) - lineWidth(signs), hasTime})];
	};
	const networks = networksOf(room, hasLabel);
	// The networks of a person say more than a time, but less than the name.
	const lines = networks.flatMap(labels => {
		const left = [...named, ...labels];
		return (labels.length > 0 ? [true, false] : [true]).map(hasTime => ({left, right: columnsBeside(left, hasTime)}));
	});
	const fitting = lines.find(({left, right}) => lineWidth(left) + lineWidth(right) < width) ?? lines.at(-1);
	const line = fillLine(spreadLine(fitting?.left ?? named, fitting?.right ?? [], width), width);
	return isSelected ? paintLine(line, 'selection') : line;
};
