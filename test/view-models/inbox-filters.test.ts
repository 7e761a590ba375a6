/** The inbox by filters and by a name: what it shows, and that nothing moves that the person did not move. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {RoomRow} from '../../source/domain/room.ts';
import type {AccountSource} from '../../source/view-models/account-source.ts';
import {createInbox} from '../../source/view-models/inbox.ts';
import {inboxLine} from '../../source/view-models/inbox-row.ts';
import {lunchRoom} from './sample-room.ts';

const textOf = (line: readonly {readonly text: string}[]): string => line.map(({text}) => text).join('');

const now = new Date(2026, 10, 25, 12, 45).getTime();

const start = (rooms: RoomRow[]) => {
	let reads = 0;
	const list = (kind: string | undefined): readonly RoomRow[] =>
		rooms
			.filter(room => kind !== 'unread' || room.unreadCount > 0)
			.toSorted((a, b) => Number(b.unreadCount > 0) - Number(a.unreadCount > 0) || a.rid - b.rid);
	const source: Pick<
		AccountSource,
		'rooms' | 'roomCount' | 'row' | 'totals' | 'spaces' | 'roomNames' | 'sections' | 'inboxLayout'
	> = {
		rooms: ({offset, limit, filter}) => list(filter?.kind).slice(offset, offset + limit),
		roomCount: filter => list(filter?.kind).length,
		row: rid => {
			reads += 1;
			return rooms.find(room => room.rid === rid);
		},
		totals: () => ({unread: list('unread').length, highlights: 0}),
		spaces: () => [{rid: 900, name: 'House'}],
		sections: () => [],
		inboxLayout: () => ({isByTime: false, folded: [], order: []}),
		roomNames: limit => list(undefined).slice(0, limit),
	};
	const inbox = createInbox(source as AccountSource, () => now);
	inbox.refresh();
	/** Names, without the columns around them. */
	const shown = (): readonly string[] =>
		inbox.view({width: 40, height: 12, isFocused: true}).rows.map(({line}) => textOf(line).slice(3, 20).trim());
	const heading = (): string => textOf(inbox.view({width: 40, height: 12, isFocused: true}).heading);
	return {inbox, shown, heading, reads: () => reads};
};

const room = (rid: number, name: string, more: Partial<RoomRow> = {}): RoomRow => ({
	...lunchRoom,
	rid,
	name,
	isDirect: false,
	unreadCount: 0,
	...more,
});

suite('the filters of the inbox', () => {
	test('what is read stays in the list of the unread until that is chosen again', () => {
		const rooms = [room(1, 'one', {unreadCount: 1}), room(2, 'two', {unreadCount: 1}), room(3, 'three')];
		const {inbox, shown, heading} = start(rooms);
		assert.match(heading(), /^ INBOX +2 unread · 3 $/);
		inbox.setFilter({kind: 'unread'});
		assert.deepEqual(shown(), ['one', 'two']);
		assert.match(heading(), /^ INBOX · unread +2 $/);
		inbox.select(1);
		rooms[0] = room(1, 'one');
		inbox.refresh();
		assert.deepEqual(shown(), ['one', 'two']);
		inbox.select(2);
		inbox.setFilter({kind: 'unread'});
		assert.deepEqual(shown(), ['two']);
		rooms[1] = room(2, 'two');
		inbox.select(undefined);
		inbox.setFilter({kind: 'unread'});
		assert.deepEqual(shown(), ['verything is read']);
	});

	test('a name narrows the list with each letter, whatever its accents, and costs no more than the names', () => {
		const rooms = Array.from({length: 5000}, (_, index) => room(index + 1, `Room ${index}`));
		rooms[4200] = room(4201, 'Zoé’s Küche', {alias: '#lunch:one.test'});
		const {inbox, shown, heading, reads} = start(rooms);
		inbox.setNarrow('');
		assert.match(heading(), /^ \/▏ +5000 $/);
		for (const text of ['z', 'zoe', 'kuche zoe', 'lunch']) {
			const before = reads();
			inbox.setNarrow(text);
			assert.deepEqual(shown(), ['Zoé’s Küche'], text);
			assert.ok(reads() - before <= 2);
		}
		inbox.setNarrow('room 49');
		const before = reads();
		assert.equal(shown().length, 11);
		assert.ok(reads() - before <= 100);
		inbox.setNarrow('nothing like it');
		assert.deepEqual(shown(), ['othing is called']);
		assert.equal(inbox.neighbour(1), undefined);
		inbox.setNarrow(undefined);
		assert.equal(shown()[0], 'Room 0');
	});

	test('spaces are filters behind the others, by name', () => {
		const {inbox} = start([room(1, 'one')]);
		assert.deepEqual(
			inbox.filters().map(({name}) => name),
			['all', 'unread', 'mentions', 'needs reply', 'people', 'snoozed', 'archived', 'House'],
		);
	});

	test('the unread room before is the nearest above, and from the top the last one', () => {
		const rooms = ['a', 'b', 'c', 'd'].map((name, index) => room(index + 1, name, {unreadCount: 1}));
		const {inbox} = start(rooms);
		inbox.select(3);
		assert.equal(inbox.previousUnread()?.name, 'b');
		inbox.select(1);
		assert.equal(inbox.previousUnread()?.name, 'd');
	});

	for (const width of [26, 36, 40]) {
		test(`rows of ${width} cells show favourites and mutes, and no count of what is muted`, () => {
			const row = (more: Partial<RoomRow>): string =>
				textOf(inboxLine(room(1, 'Lunch', {lastActivity: now, ...more}), {width, now, isSelected: false}));
			assert.match(row({section: 'favourite'}), /^ ?\* Lunch/);
			const muted = row({isMuted: true, unreadCount: 7});
			assert.match(muted, /muted/);
			assert.doesNotMatch(muted, /7|•/);
			assert.equal(muted.length, width);
		});
	}
});
