/** One room of the inbox as a line: mark, name, time, count. Names never push the right column off. */
import type {RoomRow} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad} from '../text/width.ts';
import {boldSpan, fillLine, paintLine, span, spreadLine, type ScreenLine, type ThemeRole} from './screen-line.ts';
import {shortTimeText} from './time-text.ts';

/** Cells of the column of counts, and of the column of times. */
const badgeWidth = 5;
const timeWidth = 6;

/** Narrower inboxes have no times. */
const widthWithTimes = 30;

/** @returns whether the room waits for the person: an invitation, unread messages, or marked by hand. */
export const isWaiting = (room: RoomRow): boolean =>
	room.membership === 'invite' || room.unreadCount > 0 || room.isMarkedUnread;

/** @returns the name of a room to show. */
export const roomName = (room: RoomRow): SafeText => safeText(room.name, 'name', room.roomId);

const countText = (count: number): SafeText => (count > 99 ? literal`99+` : literal`${count}`);

const badgeOf = (room: RoomRow): {readonly text: SafeText; readonly role: ThemeRole} => {
	if (room.membership === 'invite') return {text: literal`!`, role: 'mention'};
	if (room.highlightCount > 0) {
		return {text: literal`${countText(Math.max(room.unreadCount, room.highlightCount))}@`, role: 'mention'};
	}
	if (room.unreadCount > 0) return {text: countText(room.unreadCount), role: 'unread'};
	return {text: room.isMarkedUnread ? literal`•` : literal``, role: 'unread'};
};

const noteOf = (room: RoomRow, width: number, now: number): ScreenLine => {
	if (room.membership === 'invite') return [span(literal`invites you`, 'accent')];
	if (width < widthWithTimes || room.lastActivity === 0) return [];
	return [span(pad(shortTimeText(room.lastActivity, now), timeWidth, 'start'), 'muted')];
};

/**
 * @param width cells of the inbox
 * @param now milliseconds since the Unix epoch
 * @returns a line of exactly `width` cells
 */
export const inboxLine = (
	room: RoomRow,
	{width, now, isSelected}: {readonly width: number; readonly now: number; readonly isSelected: boolean},
): ScreenLine => {
	const mark = span(isSelected ? literal` ▸ ` : literal`   `, 'accent');
	const name = isWaiting(room) ? boldSpan(roomName(room), 'unread') : span(roomName(room));
	const badge = badgeOf(room);
	// A narrow inbox needs the cells for the name of what one is invited to.
	const hasBadge = room.membership !== 'invite' || width >= widthWithTimes;
	const badgeSpan = boldSpan(pad(badge.text, badgeWidth, 'start'), badge.role);
	const right = [...noteOf(room, width, now), ...(hasBadge ? [badgeSpan] : []), span(literal` `)];
	const line = fillLine(spreadLine([mark, name], right, width), width);
	return isSelected ? paintLine(line, 'selection') : line;
};
