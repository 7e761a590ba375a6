/** One room of the inbox as a line: mark, name, time, count. Names never push the right column off. */
import {isRequest, isUnread, type RoomRow} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad, truncate} from '../text/width.ts';
import {networkLabel} from './network-label.ts';
import {
	boldSpan,
	cutLine,
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

/** Narrower inboxes leave blanks out. */
const wideWidth = 30;

/** Cells that a name keeps beside the time and the networks of a person, written out or shorter: it gives way to them. */
const leastName = {besideAll: 8, besideFew: 6};

/** @returns whether the room waits for the person: an invitation, unread messages, or marked by hand. */
export const isWaiting = (room: RoomRow): boolean => room.membership === 'invite' || isUnread(room);

/** @returns the name of a room to show. */
export const roomName = (room: RoomRow): SafeText => safeText(room.name, 'name', room.roomId);

const countText = (count: number): SafeText => (count > 99 ? literal`99+` : literal`${count}`);

/** What stands before the name, so that a room that waits stands out without colours too. */
const markOf = (room: RoomRow, isSelected: boolean): ScreenSpan => {
	if (isSelected) return span(literal`▸`, 'accent');
	if (room.membership === 'invite' || isRequest(room)) return boldSpan(literal`!`, 'mention');
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
 * Signs before the time: a message did not arrive, it came back from its sleep, something is written there and not sent, somebody waits for a reply.
 * @param free cells that the name leaves
 */
const signsOf = (
	room: RoomRow,
	{isSelected, now, free}: {readonly isSelected: boolean; readonly now: number; readonly free: number},
): ScreenLine => {
	if (room.membership === 'invite') return [];
	const {needsReplySince, isReminder, snoozedUntil, hasDraft, hasFailed} = room;
	const age = needsReplySince === undefined ? literal`` : literal`${ageText(needsReplySince, now)} `;
	const isAgeShown = free >= usualRight + 2 + lineWidth([span(age)]);
	return [
		...(hasFailed === true ? [span(literal`✗ `, 'error')] : []),
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

/** What a row says of a room besides its time: above all that whoever it is may have taken the name of somebody else. */
const wordOf = (room: RoomRow): ScreenLine => {
	if (isRequest(room)) return [span(literal`request`, 'accent')];
	return room.isMuted ? [span(literal`muted`, 'muted')] : [];
};

/** The columns at the right edge. @param free cells that the whole name leaves. @param hasTime otherwise the time is left out */
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
	const when = timeOf(room, now);
	const word = wordOf(room);
	if (!isWide) {
		// Where there is no room for both, the word says more than the time.
		const time = word.length > 0 ? word : [span(when, 'muted')];
		const count = badge.text === '' ? [] : [boldSpan(literal` ${pad(badge.text, 2, 'start')}`, badge.role)];
		return [...(hasTime ? time : []), ...count, span(literal` `)];
	}
	const count = [boldSpan(pad(badge.text, 5, 'start'), badge.role), span(literal` `)];
	// The name of a stranger counts more than when they wrote.
	const isTimeShown = hasTime && (!isRequest(room) || free > timeWidth + lineWidth([...word, ...count]));
	return [...word, ...(isTimeShown ? [span(pad(when, timeWidth, 'start'), 'muted')] : []), ...count];
};

/** Cells of a team where there is little room. */
const shortPlace = 6;

/**
 * The networks of a person where there is room, and where there is less: `SG·WA·SM`, `SG+2`. Of a room that does not stand under the
 * header of its network, the team or the like, if it has several.
 */
type PersonNetworks = {readonly all: ScreenLine; readonly few: ScreenLine};

/**
 * @param hasFirst the first of them stands in a column of its own
 */
const networksOf = ({person, place}: RoomRow, hasFirst: boolean): PersonNetworks => {
	const protocols = person?.protocols ?? [];
	if (protocols.length < 2) {
		if (place === undefined || !hasFirst) return {all: [], few: []};
		const name = safeText(place, 'name');
		// Numbers of one person begin alike.
		const end = /^\+[\d ]+$/.test(name) ? ` …${name.slice(-4)}` : ` · ${truncate(name, shortPlace)}`;
		return {all: [span(literal` · ${name}`, 'muted')], few: [span(safeText(end, 'line'), 'muted')]};
	}
	const shown = hasFirst ? protocols.slice(1) : protocols;
	const all = shown.flatMap((protocol, index) => [
		span(index > 0 ? literal`·` : hasFirst ? literal` +` : literal` `, 'muted'),
		networkLabel(protocol),
	]);
	const first = hasFirst ? [] : [span(literal` `), networkLabel(protocols[0])];
	const more = span(literal`${hasFirst ? literal` ` : literal``}+${protocols.length - 1}`, 'muted');
	return {all, few: [...first, more]};
};

type InboxLineOptions = {
	readonly width: number;
	readonly now: number;
	readonly isSelected: boolean;
	/** The network is named too. @default false */
	readonly hasLabel?: boolean;
	readonly name?: ScreenLine | undefined;
};

/** What stands beside the name of a row, and the cells that it leaves to the name. */
type Columns = {readonly labels: ScreenLine; readonly right: ScreenLine; readonly cells: number};

/**
 * Chooses what stands beside a name, which gives way first; then the networks of a person are written shorter, then the time goes.
 * @param needed cells of the whole name
 */
const firstFitting = (
	columnsBeside: (labels: ScreenLine, hasTime: boolean) => Columns,
	{all, few}: PersonNetworks,
	needed: number,
): Columns => {
	for (const [labels, hasTime, least] of [
		[all, true, leastName.besideAll],
		[few, true, leastName.besideFew],
		[few, false, leastName.besideFew],
		[[], true, leastName.besideFew],
	] as const) {
		const columns = columnsBeside(labels, hasTime);
		if (columns.cells >= Math.min(needed, least)) return columns;
	}
	return columnsBeside([], false);
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
	const names = shownName ?? [name];
	const head = [...mark, ...(hasLabel ? [networkLabel(room.protocol), blank] : [])];
	const needed = lineWidth(names);
	const columnsBeside = (labels: ScreenLine, hasTime: boolean) => {
		const free = width - lineWidth(head) - needed - lineWidth(labels);
		const signs = signsOf(room, {isSelected, now, free});
		const right = [...signs, ...rightOf(room, {width, now, free: free - lineWidth(signs), hasTime})];
		return {labels, right, cells: Math.max(0, Math.min(needed, free + needed - lineWidth(right) - 1))};
	};
	const {labels, right, cells} = firstFitting(columnsBeside, networksOf(room, hasLabel), needed);
	const line = fillLine(spreadLine([...head, ...cutLine(names, cells), ...labels], right, width), width);
	return isSelected ? paintLine(line, 'selection') : line;
};
