/** The chats with one person as one timeline: order, pages, holes, jumps, what is unread, and what stays when the rooms change. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {at, me, openSampleAccount, state, text, type SampleAccount, type SampleEvent} from '../ui/sample-account.ts';
import {addAnna, annaSays, chats, iSay, linkPeople, onMatrix, onSignal, onWhatsApp} from '../ui/sample-person.ts';
import {openTimeline} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const size = {width: 60, rows: 12};
const minute = 60_000;

/** Message `n` of all, `n` minutes after eight of yesterday, in the room that is its turn. */
const said = (count: number, timeOf = (index: number) => at('08:00', 1) + index * minute): readonly SampleEvent[][] =>
	chats.map((chat, turn) =>
		Array.from({length: count}, (_, index) => index)
			.filter(index => index % chats.length === turn)
			.map(index => text(chat.user, `text ${index}.`, {origin_server_ts: timeOf(index)})),
	);

const open = (id = onSignal.id) => openTimeline(account, size, id);

/** The numbers of the messages in memory. */
const numbers = ({timeline}: ReturnType<typeof open>): readonly number[] =>
	timeline.items().flatMap(item => {
		const body = item.kind === 'message' ? item.message.content['body'] : undefined;
		return typeof body === 'string' ? [Number(/^text (\d+)\.$/.exec(body)?.[1])] : [];
	});

const upTo = (count: number): readonly number[] => Array.from({length: count}, (_, index) => index);

const isRising = (all: readonly number[]): boolean =>
	all.every((each, index) => index === 0 || each === (all[index - 1] ?? 0) + 1);

suite('the order of a timeline of several rooms', () => {
	test('is that of time, whichever of the rooms is opened', () => {
		addAnna(account, said(12));
		for (const {id} of chats) assert.deepEqual(numbers(open(id)), upTo(12), id);
	});

	test('is of one room alone where nobody is linked', () => {
		addAnna(account, said(12), {isApart: true});
		assert.deepEqual(numbers(open()), [0, 3, 6, 9]);
	});

	test('pages to the oldest and back to the newest without losing or doubling a message', () => {
		addAnna(account, said(900));
		const view = open();
		const {timeline} = view;
		for (let page = 0; page < 400 && !numbers(view).includes(0); page += 1) timeline.scrollPages(-1);
		assert.ok(isRising(numbers(view)), numbers(view).join(' '));
		assert.equal(numbers(view)[0], 0);
		for (let page = 0; page < 400 && !timeline.isAtEnd(); page += 1) timeline.scrollPages(1);
		assert.ok(isRising(numbers(view)), numbers(view).join(' '));
		assert.equal(numbers(view).at(-1), 899);
	});

	test('has each message once where all have the same time', () => {
		addAnna(
			account,
			said(900, index => at('08:00') + Math.floor(index / 150) * minute),
		);
		const view = open();
		const seen = new Set<number>();
		for (let page = 0; page < 500 && seen.size < 900; page += 1) {
			const all = numbers(view);
			assert.equal(new Set(all).size, all.length);
			for (const each of all) seen.add(each);
			view.timeline.scrollPages(-1);
		}
		assert.equal(seen.size, 900);
	});

	test('is that of the server within a room, where messages of one time came page by page from the newest on', () => {
		const same = {origin_server_ts: at('08:00')};
		const [signal = 0] = addAnna(account, [[], [annaSays(onWhatsApp, 'text 9.', '09:00')], []]);
		account.sync({
			id: onSignal.id,
			timeline: [text(onSignal.user, 'text 3.', same)],
			isLimited: true,
			previousToken: 'p',
		});
		const edge = {chunk: 1, token: 'p', kind: 'gap'} as const;
		const chunk = account.account.database
			.prepare("SELECT chunk FROM chunk WHERE rid = ? AND previous_token = 'p'")
			.get(BigInt(signal)) as {chunk: number | bigint};
		const page = {events: [text(onSignal.user, 'text 2.', same), text(onSignal.user, 'text 1.', same)], end: undefined};
		account.account.write(() => account.writer.timelines.prepend(signal, {...edge, chunk: Number(chunk.chunk)}, page));
		assert.deepEqual(numbers(open()), [1, 2, 3, 9]);
	});

	test('is that of coming in for a message of a clock that is years ahead, which goes up as others come', () => {
		const ahead = {origin_server_ts: at('08:00') + 400 * 24 * 60 * minute};
		addAnna(account, [
			[annaSays(onSignal, 'text 0.', '08:00'), text(onSignal.user, 'text 2.', ahead)],
			[annaSays(onWhatsApp, 'text 1.', '12:44')],
			[],
		]);
		const opened = open();
		assert.deepEqual(numbers(opened), [0, 1, 2]);
		// The clock of the sample stands still: what comes in the next day is later than that.
		account.sync({id: onWhatsApp.id, timeline: [text(onWhatsApp.user, 'text 3.', {origin_server_ts: at('12:50')})]});
		opened.timeline.refresh();
		assert.deepEqual(numbers(opened), [0, 1, 2, 3]);
		assert.deepEqual(numbers(open(onMatrix.id)), [0, 1, 2, 3]);
		// The time that is shown is the one that it gave, and a jump finds it in its place.
		const message = opened.timeline.items().flatMap(item => (item.kind === 'message' ? item.message : []))[2];
		assert.equal(message?.timestamp, ahead.origin_server_ts);
		assert.ok(opened.timeline.jumpTo(message.eventId));
		opened.timeline.scrollToEnd('newest');
		assert.deepEqual(numbers(opened), [0, 1, 2, 3]);
	});

	test('pages through messages of a clock that is ahead without losing or doubling one', () => {
		addAnna(
			account,
			said(900, index => at('08:00') + index * minute),
		);
		const view = open();
		const seen = new Set<number>();
		for (let page = 0; page < 500 && seen.size < 900; page += 1) {
			const all = numbers(view);
			assert.equal(new Set(all).size, all.length);
			for (const each of all) seen.add(each);
			view.timeline.scrollPages(-1);
		}
		assert.equal(seen.size, 900);
	});

	test('names the network where another room goes on, and at the top of what is seen', () => {
		addAnna(account, [
			[annaSays(onSignal, 'one', '08:00'), annaSays(onSignal, 'two', '08:00'), iSay('three', '08:05')],
			[iSay('four', '08:06'), annaSays(onWhatsApp, 'five', '08:07')],
			[],
		]);
		const {timeline, lines} = openTimeline(account, {width: 60, rows: 12}, onMatrix.id);
		const shown = lines().filter(line => /one|two|three|four|five/.test(line));
		assert.deepEqual(
			shown.map(line => line.replaceAll(/\s+/g, ' ')),
			['08:00 Anna SG one', 'two', '08:05 you three ✓', '08:06 you WA four ✓', '08:07 Anna five'],
		);
		timeline.resize({width: 60, rows: 1});
		assert.match(lines()[0] ?? '', /Anna +WA five/);
	});

	test('names no network where there is one alone', () => {
		addAnna(account, [[annaSays(onSignal, 'one', '08:00')], [], []], {isApart: true});
		assert.ok(
			open()
				.lines()
				.some(line => /Anna +one/.test(line)),
		);
	});
});

suite('holes in the history of one of several rooms', () => {
	test('stand above its oldest message, and are filled in that room', () => {
		addAnna(account, [[annaSays(onSignal, 'long ago', '08:00')], [], [annaSays(onMatrix, 'today', '10:00')]]);
		account.sync({
			id: onWhatsApp.id,
			timeline: [annaSays(onWhatsApp, 'after the hole', '09:00')],
			isLimited: true,
			previousToken: 'between',
		});
		const {timeline, lines} = open();
		const shown = lines().join('\n');
		assert.match(shown, /long ago[^]*history of WhatsApp missing here: mx fetches it[^]*after the hole[^]*today/);
		assert.ok(timeline.isMissingHistory());
		const [, whatsapp] = account.reader
			.personRooms(account.reader.roomById(onSignal.id)?.rid ?? 0)
			.toSorted((one, other) => one - other);
		const place = timeline.missingAt();
		assert.deepEqual([place?.rid, place?.side], [whatsapp, 'older']);
		// What one room has no more of does not end the others.
		timeline.setOlder({kind: 'end'}, whatsapp);
		assert.match(lines().join('\n'), /history of WhatsApp missing here, and the server has\s+none/);
		assert.equal(timeline.older().kind, 'idle');
	});

	test('are the top only where the oldest message of all is meant, and the start is there when all rooms are known to it', () => {
		const create = (sender: string) => state('m.room.create', '', {}, {sender, origin_server_ts: at('07:00')});
		addAnna(account, [[create(me) as SampleEvent], [], [create(me) as SampleEvent]]);
		account.sync({
			id: onWhatsApp.id,
			timeline: [annaSays(onWhatsApp, 'first that is here', '06:00')],
			isLimited: true,
			previousToken: 'before',
		});
		const {timeline, lines} = open();
		assert.match(lines().join('\n'), /loads older messages[^]*first that is here/);
		assert.equal(timeline.missingAt()?.rid, account.reader.roomById(onWhatsApp.id)?.rid);
		const rid = account.reader.roomById(onWhatsApp.id)?.rid ?? 0;
		account.execute('UPDATE chunk SET older = 2 WHERE rid = ?', rid);
		timeline.refresh();
		assert.match(lines().join('\n'), /the beginning of these chats/);
	});
});

suite('places in a timeline of several rooms', () => {
	test('are jumped to in whichever room they are', () => {
		const timelines = said(600);
		addAnna(account, timelines);
		const view = open(onMatrix.id);
		const wanted = timelines[1]?.[10];
		assert.ok(wanted !== undefined && !numbers(view).includes(31));
		assert.ok(view.timeline.jumpTo(wanted.event_id));
		const selected = view.timeline.selected();
		assert.equal(selected?.kind === 'message' ? selected.message.eventId : undefined, wanted.event_id);
		assert.ok(isRising(numbers(view)));
		assert.equal(view.timeline.jumpTo('$nowhere'), false);
	});

	test('stay where they are while messages come into another room, which count as new', () => {
		addAnna(account, said(90));
		const {timeline, lines} = open();
		timeline.scrollPages(-2);
		const before = lines();
		account.sync({id: onWhatsApp.id, timeline: [annaSays(onWhatsApp, 'news', '11:00')]});
		timeline.refresh();
		assert.deepEqual(lines(), before);
		assert.equal(timeline.view().newBelow, 1);
	});

	test('stay where they are when a room goes, and when it comes back', () => {
		addAnna(account, said(300));
		const view = open();
		const {timeline, lines} = view;
		timeline.scrollPages(-4);
		const lowest = lines().at(-1) ?? '';
		linkPeople(account, [onSignal.user, onWhatsApp.user]);
		timeline.refresh();
		assert.equal(timeline.rids().length, 2);
		assert.ok(numbers(view).every(each => each % 3 !== 2));
		const after = Number(/text (\d+)/.exec(lines().at(-1) ?? '')?.[1]);
		const number = Number(/text (\d+)/.exec(lowest)?.[1]);
		assert.ok(Math.abs(after - number) <= 1, `${lowest} became ${after}`);
		linkPeople(
			account,
			chats.map(({user}) => user),
		);
		timeline.refresh();
		assert.equal(timeline.rids().length, 3);
		assert.equal(Number(/text (\d+)/.exec(lines().at(-1) ?? '')?.[1]), after);
		linkPeople(account, []);
		timeline.refresh();
		assert.ok(numbers(view).every(each => each % 3 === 0));
		assert.ok(!timeline.isAtEnd());
	});

	test('of what is unread is above the oldest that is not read in any of the rooms', () => {
		const first = annaSays(onSignal, 'read on Signal', '08:00');
		const late = annaSays(onSignal, 'also read on Signal', '10:00');
		addAnna(account, [[first, late], [], []]);
		const read = annaSays(onWhatsApp, 'read on WhatsApp', '08:30');
		account.sync({
			id: onWhatsApp.id,
			timeline: [read, annaSays(onWhatsApp, 'not read', '09:30')],
			fullyRead: read.event_id,
			unread: 1,
		});
		account.sync({id: onMatrix.id, timeline: [annaSays(onMatrix, 'not read either', '10:30')], unread: 1});
		const {lines} = open();
		const words = lines().map(line => /━ new ━|(?:also )?(?:not )?read(?: on \w+| either)?/.exec(line)?.[0] ?? '');
		assert.deepEqual(
			words.filter(word => word !== ''),
			['read on Signal', 'read on WhatsApp', '━ new ━', 'not read', 'also read on Signal', 'not read either'],
		);
	});

	test('of what is unread is nowhere where all is read, and above what comes while nobody looks', () => {
		addAnna(account, said(9));
		const {timeline, lines} = open();
		assert.ok(!lines().some(line => line.includes(' new ')));
		timeline.setWatched(false);
		account.sync({id: onMatrix.id, timeline: [annaSays(onMatrix, 'news', '11:00')], unread: 1});
		timeline.refresh();
		assert.match(lines().join('\n'), /text 8\.[^]*━ new ━[^]*news/);
	});
});

test('own messages on their way stand below all, with the network that they go over', () => {
	const [signal = 0, whatsapp = 0] = addAnna(account, said(3));
	const draft = (rid: number, body: string) =>
		account.account.write(() =>
			account.outbox.add({
				rid,
				transactionId: body,
				type: 'm.room.message',
				content: {msgtype: 'm.text', body},
			}),
		);
	draft(whatsapp, 'by WhatsApp');
	draft(signal, 'by Signal');
	const {lines} = open();
	assert.match(lines().join('\n'), /you +WA by WhatsApp[^]*you +SG by Signal/);
});
