import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {createTimeline} from '../../source/view-models/timeline.ts';
import {at, event, me, member, now, state, text, openSampleAccount, type SampleAccount} from '../ui/sample-account.ts';
import {anna, annaJoined, chatter, openTimeline, roomId} from './sample-timeline.ts';
import {keyOf} from './default-keys.ts';

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
			'23:10 Anna     good night',
			'────────────────────────── Today ──────────────────────────',
			'12:40 Anna     hello',
			'there',
			'12:41 Anna     again',
			'12:41 you      hi                                         ✓',
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
			'12:39 you      what shall I bring?',
			'wine?                                      ✓',
			'12:40 Anna     ┃ Alice: what shall I bring? wine?',
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
				// It only says how another event fared.
				event(anna, {status: 'SUCCESS'}, {type: 'com.beeper.message_send_status', origin_server_ts: at('12:40')}),
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
		const last = (width: number) => openTimeline(account, {width, rows: 12}).lines().at(-1);
		assert.equal(last(110), "12:40  Anna            trust me   ⚠ sender's identity has changed");
		assert.equal(last(52), "⚠ sender's identity has changed");
	});

	test('of a new room, what every room begins with is named last', () => {
		account.sync({
			id: roomId,
			timeline: [
				state('m.room.create', '', {}),
				member('@bob:one.test', 'Bob'),
				state('m.room.power_levels', '', {}),
				state('m.room.join_rules', '', {join_rule: 'invite'}),
				state('m.room.history_visibility', '', {history_visibility: 'shared'}),
				state('m.room.topic', '', {topic: 'lunch'}),
			],
		});
		const shown = openTimeline(account, {width: 110, rows: 12}).lines();
		assert.equal(
			shown.at(-1),
			'room created, Bob joined, topic changed, permissions changed, join rule changed, history rule changed',
		);
	});

	test('in a narrow conversation nothing that explains is cut off', () => {
		const reason = 'the server does not allow it ("You do not have permission to post that to the room, at all")';
		account.sync({
			id: roomId,
			timeline: [
				member('@bob:one.test', 'Bob'),
				state('m.room.topic', '', {topic: 'lunch'}),
				state('m.room.join_rules', '', {join_rule: 'public'}),
				state('m.room.history_visibility', '', {history_visibility: 'shared'}),
			],
		});
		const rid = account.reader.roomById(roomId)?.rid ?? 0;
		const content = {msgtype: 'm.text', body: 'hi'};
		const {id} = account.outbox.add({rid, transactionId: 'one', type: 'm.room.message', content});
		account.outbox.setState(id, 'failed', {error: reason});
		const shown = openTimeline(account, {width: 38, rows: 20}).lines();
		assert.equal(shown.at(-1), '/retry · /discard');
		assert.match(shown.join(' '), /Bob joined, topic changed, join rule changed, history rule changed/);
		assert.match(shown.join(' '), /not sent: the server does not allow it/);
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

	test('a hole in the history is shown where it is, and the top says what the server may have', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(2), previousToken: 't0'});
		account.sync({id: roomId, timeline: chatter(2, 10), isLimited: true, previousToken: 't1'});
		const {timeline, lines} = openTimeline(account);
		assert.equal(lines()[0], 'PgUp loads older messages');
		assert.match(lines().join('\n'), /text 1\nhistory missing here: mx fetches it\n.*text 10/);
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
		assert.match(
			shown,
			/mine one +⧗\nmine two +✗\n✗ not sent: the room is gone\n\/retry sends it again · \/discard takes it back\nmine three +✓$/,
		);
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
			keyOf,
			onError: error => problems.push(error),
		});
		timeline.open(account.reader.roomById(roomId));
		const shown = timeline.view().rows.flatMap(row => row.lines.map(line => line.map(part => part.text).join('')));
		assert.equal(shown.filter(line => line.includes('this message could not be shown')).length, 1);
		assert.equal(shown.filter(line => /text [02]/.test(line)).length, 2);
		assert.equal(problems.length, 1);
	});

	test('the line of new messages stands above what came in unseen, not above what was watched', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(2)});
		const {timeline, lines} = openTimeline(account, {width: 60, rows: 20});
		const receive = (first: number): readonly string[] => {
			account.sync({id: roomId, timeline: chatter(1, first)});
			timeline.refresh();
			return lines().slice(-3);
		};
		assert.ok(receive(2).every(line => line.includes('text')));
		timeline.setWatched(false);
		assert.match(receive(3).join('\n'), /text 2\n━+ new ━+\n.*text 3$/);
		timeline.setWatched(true);
		assert.match(receive(4).join('\n'), /^━+ new ━+\n.*text 3\n.*text 4$/);
		timeline.open(account.reader.roomById(roomId));
		assert.ok(!lines().some(line => line.includes('new')));
	});

	test('who comes and goes is not new by itself: the line stands above the first message', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(2)});
		const {timeline, lines} = openTimeline(account, {width: 60, rows: 20});
		timeline.setWatched(false);
		account.sync({id: roomId, timeline: [member('@bob:one.test', 'Bob')]});
		timeline.refresh();
		assert.ok(!lines().some(line => line.includes('new')));
		account.sync({id: roomId, timeline: chatter(1, 2)});
		timeline.refresh();
		assert.match(lines().join('\n'), /Bob joined\n━+ new ━+\n.*text 2$/);
	});

	test('what comes in below while older messages are read is new', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(40)});
		const {timeline, lines} = openTimeline(account);
		timeline.scrollPages(-1);
		account.sync({id: roomId, timeline: chatter(1, 40)});
		timeline.refresh();
		timeline.scrollToEnd('newest');
		assert.match(lines().slice(-2).join('\n'), /^━+ new ━+\n.*text 40$/);
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
