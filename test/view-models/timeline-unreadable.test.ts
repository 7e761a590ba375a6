/** What came as an event and is none: one quiet row, and nothing of it on the screen. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {at, event, me, openSampleAccount, state, text, type SampleAccount} from '../ui/sample-account.ts';
import {anna, annaJoined, openTimeline, roomId} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const today = '────────────────────────── Today ──────────────────────────';
const hostile = {event_id: 7, sender: 'HOSTILE', type: 'HOSTILE', content: {body: 'HOSTILE \u001b[2J'}};

test('several in a row are one row with their number, and the message below begins a new group', () => {
	account.sync({
		id: roomId,
		state: [annaJoined],
		timeline: [
			text(anna, 'before', {origin_server_ts: at('12:40')}),
			null,
			hostile,
			{...hostile, content: []},
			text(anna, 'after', {origin_server_ts: at('12:40') + 1000}),
			{...hostile, type: 9},
		],
	});
	const lines = openTimeline(account).lines();
	assert.deepEqual(lines, [
		'the beginning of this room',
		today,
		'12:40 Anna     before',
		'3 damaged events that mx cannot read',
		'12:40 Anna     after',
		'a damaged event that mx cannot read',
	]);
	assert.doesNotMatch(lines.join('\n'), /HOSTILE/);
});

test('they are folded apart from state changes, and begin no day of their own', () => {
	account.sync({
		id: roomId,
		timeline: [
			null,
			state('m.room.topic', '', {topic: 'one'}),
			state('m.room.topic', '', {topic: 'two'}),
			{...hostile, origin_server_ts: at('12:00', 400)},
			text(anna, 'hello', {origin_server_ts: at('12:41')}),
		],
	});
	assert.deepEqual(openTimeline(account).lines(), [
		'the beginning of this room',
		'a damaged event that mx cannot read',
		today,
		'topic changed 2 times',
		'a damaged event that mx cannot read',
		'12:41 @anna:o… hello',
	]);
});

test('they are not new messages: neither below what is seen nor for the line above what is unread', () => {
	const mine = text(me, 'mine', {origin_server_ts: at('12:30')});
	account.sync({
		id: roomId,
		state: [annaJoined],
		timeline: [mine, null, text(anna, 'new', {origin_server_ts: at('12:40')}), hostile],
		unread: 1,
	});
	const {timeline, lines} = openTimeline(account);
	const seen = lines();
	assert.equal(seen[seen.findIndex(line => line.includes(' new ')) + 1], '12:40 Anna     new');
	timeline.resize({width: 60, rows: 2});
	timeline.scrollLines(-2);
	account.sync({
		id: roomId,
		timeline: [
			{...hostile, x: 1},
			{...hostile, x: 2},
		],
	});
	timeline.refresh();
	assert.equal(timeline.view().newBelow, 0);
});

test('where one stands at the edge of a hole in the history, the hole is still shown above it', () => {
	account.sync({id: roomId, state: [annaJoined], timeline: [text(anna, 'old', {origin_server_ts: at('12:00')})]});
	account.sync({
		id: roomId,
		timeline: [null, text(anna, 'new', {origin_server_ts: at('12:40')})],
		isLimited: true,
		previousToken: 'p',
	});
	assert.deepEqual(openTimeline(account).lines().slice(2), [
		'12:00 Anna     old',
		'history missing here: mx fetches it',
		'a damaged event that mx cannot read',
		'12:40 Anna     new',
	]);
});

test('a known event with damaged content is a message or change that says so in its place', () => {
	const contents = [
		{},
		{body: 7},
		{msgtype: 'm.text'},
		{msgtype: 'm.text', body: {}},
		{'m.relates_to': true},
		{body: 'words'},
	];
	account.sync({
		id: roomId,
		state: [annaJoined],
		timeline: [
			...contents.map((content, index) => event(anna, content, {origin_server_ts: at('12:40') + index * 60_000})),
			event(anna, {}, {type: 'm.sticker', origin_server_ts: at('12:46')}),
			event(anna, {x: 1}, {type: 'org.example.unknown', origin_server_ts: at('12:47')}),
		],
	});
	assert.deepEqual(openTimeline(account, {width: 60, rows: 30}).lines().slice(2), [
		'12:40 Anna     damaged message',
		'12:41 Anna     damaged message',
		'12:42 Anna     damaged message',
		'12:43 Anna     damaged message',
		'12:44 Anna     damaged message',
		'12:45 Anna     unsupported message without type',
		'words',
		'12:46 Anna     sticker',
		'12:47 Anna     unsupported event org.example.unknown',
	]);
});

test('each reason why a message cannot be read says what to do, or what will happen', () => {
	const encrypted = () =>
		event(
			anna,
			{algorithm: 'm.megolm.v1.aes-sha2', session_id: 's'},
			{type: 'm.room.encrypted', origin_server_ts: at('12:40')},
		);
	const reasons = [
		'MEGOLM_UNKNOWN_INBOUND_SESSION_ID',
		'MEGOLM_KEY_WITHHELD',
		'MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE',
		'OLM_UNKNOWN_MESSAGE_INDEX',
		'HISTORICAL_MESSAGE_NO_KEY_BACKUP',
		'HISTORICAL_MESSAGE_BACKUP_UNCONFIGURED',
		'HISTORICAL_MESSAGE_WORKING_BACKUP',
		'HISTORICAL_MESSAGE_USER_NOT_JOINED',
		'SENDER_IDENTITY_PREVIOUSLY_VERIFIED',
		'UNSIGNED_SENDER_DEVICE',
		'UNKNOWN_SENDER_DEVICE',
		'UNKNOWN_ERROR',
		'SOMETHING_NEW',
	];
	const events = reasons.map(encrypted);
	account.sync({id: roomId, state: [annaJoined], timeline: events});
	for (const [index, reason] of reasons.entries())
		account.writer.events.undecryptable(account.pkOf(events[index]?.event_id ?? ''), reason);
	const lines = openTimeline(account, {width: 160, rows: 40}).lines().slice(-reasons.length);
	for (const [index, line] of lines.entries())
		assert.match(line, /cannot be read: .*(: |recovery key).*\b(ask|verify|takes|appears)\b/, reasons[index]);
});

test('what mx does not know is one line with the text that came for such clients', () => {
	account.sync({
		id: roomId,
		state: [annaJoined],
		timeline: [
			event(
				anna,
				{'org.matrix.msc1767.text': 'Where?\n1. here'},
				{type: 'org.example.place', origin_server_ts: at('12:40')},
			),
			event(anna, {'m.text': [{body: 'a\u001b[2Jb'}]}, {type: 'org.example.note', origin_server_ts: at('12:41')}),
			event(anna, {'m.text': 'x'}, {type: 'org.example.other', origin_server_ts: at('12:42')}),
		],
	});
	assert.deepEqual(openTimeline(account, {width: 110, rows: 12}).lines().slice(-3), [
		'12:40  Anna            unsupported event org.example.place: Where? 1. here',
		'12:41  Anna            unsupported event org.example.note: a␛[2Jb',
		'12:42  Anna            unsupported event org.example.other',
	]);
});

test('changes that have no words of their own are counted behind the others', () => {
	account.sync({
		id: roomId,
		timeline: [
			state('org.example.one', '', {}),
			state('m.room.topic', '', {topic: 'one'}),
			state('org.example.two', '', {}),
			text(anna, 'hello', {origin_server_ts: at('12:41')}),
		],
	});
	assert.ok(openTimeline(account).lines().includes('topic changed, 2 other changes'));
});
