/** Rooms of a list as words: what is unread, and what else a room asks for. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RoomRow} from '../../source/domain/room.ts';
import {roomRowText} from '../../source/view-models/plain-rooms.ts';
import {lunchRoom} from './sample-room.ts';

const now = new Date('2026-11-25T12:45').getTime();
const hour = 3_600_000;

test('a room in a list says what it asks for', () => {
	const say = (more: Partial<RoomRow>): string => roomRowText({...lunchRoom, ...more}, now);
	assert.equal(say({}), 'Sunday lunch');
	assert.equal(
		say({unreadCount: 2, needsReplySince: now - 2 * hour, hasDraft: true}),
		'Sunday lunch, 2 unread, needs a reply for 2h, unsent text',
	);
	assert.equal(say({section: 'snoozed', snoozedUntil: now + hour}), 'Sunday lunch, away until 13:45');
	assert.equal(say({isReminder: true, isMarkedUnread: true}), 'Sunday lunch, marked as unread, came back');
});
