import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {createTimeline} from '../../source/view-models/timeline.ts';
import {at, event, me, member, now, state, text, openSampleAccount, type SampleAccount} from '../ui/sample-account.ts';
import {anna, annaJoined, chatter, openTimeline, roomId} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

suite('timeline', () => {
	test('messages of one sender and minute are one group, days are divided', () => {
		account.sync({
			id: roomId,
			state: [annaJoined],
			timeline: [
				text(anna, 'good night', {origin_server_ts: at('23:10', 1)}),
				text(anna, 'hello', {origin_server_ts: at('12:40')}),
				text(anna, 'there', {origin_server_ts: at('12:40') + 20_000}),
				text(anna, 'again', {origin_server_ts: at('12:41')}),
				text(me, 'hi', {origin_server_ts: at('12:41')}),
			],
		});
		assert.deepEqual(openTimeline(account).lines(), [
			'the beginning of this room',
			'──────────────────────── Yesterday ────────────────────────',
			'23:10  Anna      good night',
			'────────────────────────── Today ──────────────────────────',
			'12:40  Anna      hello',
			'there',
			'12:41  Anna      again',
			'12:41  you       hi                                       ✓',
		]);
	});

	test('replies quote one line, edits and reactions show', () => {
		const question = text(me, 'what shall I bring?\nwine?', {origin_server_ts: at('12:39')});
		const answer = event(
			anna,
			{msgtype: 'm.text', body: 'salat', 'm.relates_to': {'m.in_reply_to': {event_id: question.event_id}}},
			{origin_server_ts: at('12:40')},
		);
		const target = answer.event_id;
		const react = (sender: string, key: string) =>
			event(sender, {'m.relates_to': {rel_type: 'm.annotation', event_id: target, key}}, {type: 'm.reaction'});
		account.sync({
			id: roomId,
			state: [annaJoined, member(me, 'Alice')],
			timeline: [
				question,
				answer,
				event(anna, {
					msgtype: 'm.text',
					body: '* salad',
					'm.new_content': {msgtype: 'm.text', body: 'salad'},
					'm.relates_to': {rel_type: 'm.replace', event_id: target},
				}),
				react(me, '👍'),
				react(anna, '👍'),
				react(anna, '🎉'),
			],
		});
		assert.deepEqual(openTimeline(account).lines().slice(-4), [
			'12:39  you       what shall I bring?',
			'wine?                                    ✓',
			'12:40  Anna      ┃ Alice: what shall I bring? wine?',
			'salad (edited)   👍 2  🎉 1',
		]);
	});

	test('what was removed, cannot be read or is not known is one quiet line each, and keeps its reason', () => {
		const removed = text(anna, 'oops', {origin_server_ts: at('12:40')});
		const encrypted = () =>
			event(
				anna,
				{algorithm: 'm.megolm.v1.aes-sha2', session_id: 's'},
				{type: 'm.room.encrypted', origin_server_ts: at('12:40')},
			);
		const [waiting, withheld] = [encrypted(), encrypted()];
		account.sync({
			id: roomId,
			state: [annaJoined],
			timeline: [
				removed,
				event(anna, {redacts: removed.event_id}, {type: 'm.room.redaction', redacts: removed.event_id}),
				waiting,
				withheld,
				event(anna, {}, {type: 'org.example.poll', origin_server_ts: at('12:40')}),
				event(anna, {msgtype: 'm.image', body: 'salad.jpg', info: {size: 1_200_000}}, {origin_server_ts: at('12:40')}),
			],
		});
		account.writer.events.undecryptable(account.pkOf(withheld.event_id), 'MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE');
		assert.deepEqual(openTimeline(account, {width: 110, rows: 12}).lines().slice(-5), [
			'12:40  Anna            removed',
			'decrypting…',
			'cannot be read: the sender gives keys to verified devices only: verify this device',
			'unsupported event org.example.poll',
			'photo  salad.jpg 1.2 MB',
		]);
	});

	test('a message that is not authentic says why', () => {
		const message = text(anna, 'trust me', {origin_server_ts: at('12:40')});
		account.sync({id: roomId, state: [annaJoined], timeline: [message]});
		account.execute(
			'UPDATE event SET shield = ? WHERE event_id = ?',
			JSON.stringify({colour: 'red', reason: 'verification-violation'}),
			message.event_id,
		);
		assert.equal(
			openTimeline(account, {width: 110, rows: 12}).lines().at(-1),
			"⚠ the sender's verified identity has changed",
		);
	});

	test('consecutive state changes fold into one line', () => {
		account.sync({
			id: roomId,
			timeline: [
				member('@bob:one.test', 'Bob'),
				member('@carl:one.test', 'Carl'),
				member('@dora:one.test', 'Dora'),
				state('m.room.topic', '', {topic: 'lunch'}),
				text(anna, 'welcome'),
				member('@dora:one.test', 'Dora', 'leave'),
			],
		});
		const lines = openTimeline(account, {width: 110, rows: 12}).lines();
		assert.ok(lines.includes('3 joined, topic changed'), lines.join('\n'));
		assert.equal(lines.at(-1), 'Dora left');
	});

	test('the unread line stands behind the fully-read marker, and stays when more comes', () => {
		const messages = chatter(4);
		account.sync({
			id: roomId,
			state: [annaJoined],
			timeline: messages,
			unread: 2,
			fullyRead: messages[1]?.event_id ?? '',
		});
		const {timeline, lines} = openTimeline(account);
		const mark = (): number => lines().findIndex(line => line.includes(' new '));
		assert.match(lines()[mark() + 1] ?? '', /text 2/);
		account.sync({id: roomId, timeline: chatter(1, 4), fullyRead: messages[3]?.event_id ?? ''});
		timeline.refresh();
		assert.match(lines()[mark() + 1] ?? '', /text 2/);
		assert.match(lines().at(-1) ?? '', /text 4/);
	});

	test('without a marker the unread line goes by the count', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(5), unread: 2});
		const lines = openTimeline(account).lines();
		assert.match(lines[lines.findIndex(line => line.includes(' new ')) + 1] ?? '', /text 3/);
	});

	test('a hole in the history is shown where it is, and the top says what the server may have', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(2), previousToken: 't0'});
		account.sync({id: roomId, timeline: chatter(2, 10), isLimited: true, previousToken: 't1'});
		const {timeline, lines} = openTimeline(account);
		assert.equal(lines()[0], 'PgUp loads older messages');
		assert.match(lines().join('\n'), /text 1\nhistory missing here\n.*text 10/);
		assert.ok(timeline.isMissingHistory());
		timeline.setOlder({kind: 'loading'});
		assert.match(lines().join('\n'), /text 1\nhistory missing here: loading…\n.*text 10/);
	});

	test('what waits, is sent or failed stands below the messages', () => {
		const [rid = 0] = account.sync({id: roomId, state: [annaJoined], timeline: chatter(1)});
		const add = (id: string) =>
			account.outbox.add({
				rid,
				transactionId: id,
				type: 'm.room.message',
				content: {msgtype: 'm.text', body: `mine ${id}`},
			});
		add('one');
		account.outbox.setState(add('two').id, 'failed', {error: 'the room is gone'});
		account.outbox.setState(add('three').id, 'sent', {eventId: '$later'});
		const {timeline, lines} = openTimeline(account, {width: 80, rows: 12});
		const shown = lines().join('\n');
		assert.match(shown, /mine one +⧗\nmine two +✗\n✗ not sent: the room is gone · \/retry · \/discard\nmine three +✓$/);
		assert.equal(timeline.failed()?.transactionId, 'two');
	});

	test('a row that cannot be laid out says so and the others stay', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(3)});
		const reader = {
			...account.reader,
			timeline: (window: Parameters<typeof account.reader.timeline>[0]) => {
				const page = account.reader.timeline(window);
				const broken = page.messages.map((message, index) =>
					index === 1 ? {...message, reactions: 5 as never} : message,
				);
				return {...page, messages: broken};
			},
		};
		const problems: unknown[] = [];
		const timeline = createTimeline({
			source: reader,
			userId: me,
			now: () => now,
			onError: error => problems.push(error),
		});
		timeline.open(account.reader.roomById(roomId));
		const shown = timeline.view().rows.flatMap(row => row.lines.map(line => line.map(part => part.text).join('')));
		assert.equal(shown.filter(line => line.includes('this message could not be shown')).length, 1);
		assert.equal(shown.filter(line => /text [02]/.test(line)).length, 2);
		assert.equal(problems.length, 1);
	});

	test('rows that did not change are the same objects', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(5)});
		const {timeline} = openTimeline(account);
		const before = timeline.view();
		timeline.refresh();
		assert.equal(timeline.view(), before);
		account.sync({id: roomId, timeline: chatter(1, 5)});
		timeline.refresh();
		const after = timeline.view();
		assert.notEqual(after, before);
		for (const row of before.rows) assert.ok(after.rows.includes(row), row.key);
	});
});
