/** Draws all that an account holds, as the screen would if somebody scrolled through all of it. */
import assert from 'node:assert/strict';
import {isUnreadable, type Message} from '../../source/domain/message.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import type {AccountReader, TimelineWindow} from '../../source/store/account-reader.ts';
import {createInbox} from '../../source/view-models/inbox.ts';
import type {ScreenLine} from '../../source/view-models/screen-line.ts';
import {timelineItems} from '../../source/view-models/timeline-items.ts';
import {createRowMaker} from '../../source/view-models/timeline-rows.ts';
import {createTimeline} from '../../source/view-models/timeline.ts';
import {findUnsafe} from '../corpus/safety.ts';
import {keyOf} from '../view-models/default-keys.ts';

const pageSize = 100;
const now = 1_700_000_000_000;

const assertSafe = (lines: readonly ScreenLine[]): void => {
	for (const line of lines) for (const {text} of line) assert.equal(findUnsafe(text), undefined, JSON.stringify(text));
};

const onError = (error: unknown): never => {
	throw error;
};

const pagesOf = function* (reader: AccountReader, rid: number) {
	let before: TimelineWindow['before'];
	for (;;) {
		const page = reader.timeline({rid, limit: pageSize, before});
		const [first] = page.messages;
		if (first === undefined) return;
		yield page;
		before = first;
	}
};

const layOutRoom = (reader: AccountReader, ownUserId: string, {rid}: RoomRow): readonly Message[] => {
	const makeRow = createRowMaker(onError);
	const nameOf = (userId: string) => reader.memberName(rid, userId);
	const all: Message[] = [];
	for (const page of pagesOf(reader, rid)) {
		const run = {...page, hasOlder: true, hasNewer: false};
		const items = timelineItems({run, outbox: [], readUpTo: undefined, older: {kind: 'idle'}});
		for (const item of items)
			assertSafe(
				makeRow(item, {
					width: 80,
					now,
					nameOf,
					quoteOf: () => undefined,
					ownUserId,
					transferOf: () => undefined,
					pictureOf: () => undefined,
					networkOf: () => undefined,
					keyOf,
				}).lines,
			);
		all.unshift(...page.messages);
	}
	return all;
};

/** Lays out every message, every room of the list and the end of every timeline. @throws when anything fails or is unsafe */
export const layOutAll = (reader: AccountReader, ownUserId: string) => {
	const rooms = reader.rooms({offset: 0, limit: 100_000});
	const inbox = createInbox(reader, () => now);
	inbox.refresh();
	const {heading, rows} = inbox.view({width: 30, height: rooms.length + 2, isFocused: true});
	assertSafe([heading, ...rows.map(row => row.line)]);
	const timeline = createTimeline({source: reader, userId: ownUserId, now: () => now, keyOf, onError});
	let messages = 0;
	let unreadable = 0;
	for (const room of rooms) {
		timeline.open(room);
		assertSafe(timeline.view().rows.flatMap(row => row.lines));
		const all = layOutRoom(reader, ownUserId, room);
		messages += all.length;
		unreadable += all.filter(isUnreadable).length;
	}
	return {rooms: rooms.length, messages, unreadable};
};
