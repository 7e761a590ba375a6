/** The line above what is unread, in the timeline of a real store. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {at, event, openSampleAccount, text, type SampleAccount} from '../ui/sample-account.ts';
import {anna, annaJoined, chatter, openTimeline, roomId} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

suite('the line of what is unread', () => {
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

	test('more unread messages than are in memory keep their line while others come, and are told of until it was seen', () => {
		const messages = chatter(150);
		const marker = {fullyRead: messages[9]?.event_id ?? ''};
		account.sync({id: roomId, state: [annaJoined], timeline: messages, unread: 140, ...marker});
		const {timeline, lines} = openTimeline(account);
		assert.ok(timeline.view().isNewAbove);
		account.sync({id: roomId, timeline: chatter(1, 150), unread: 0});
		timeline.refresh();
		assert.match(lines().at(-1) ?? '', /text 150/);
		assert.ok(timeline.view().isNewAbove);
		timeline.jumpTo(messages[10]?.event_id ?? '');
		assert.match(lines()[lines().findIndex(line => line.includes(' new ')) + 1] ?? '', /text 10/);
		timeline.scrollToEnd('newest');
		assert.ok(!timeline.view().isNewAbove);
	});

	test('without a marker the line above what is new stands above all that is counted, also where notices came last', () => {
		account.sync({
			id: roomId,
			state: [annaJoined],
			timeline: [
				text(anna, 'before', {origin_server_ts: at('12:39')}),
				text(anna, 'a', {origin_server_ts: at('12:40')}),
				event(anna, {msgtype: 'm.emote', body: 'waves'}, {origin_server_ts: at('12:41')}),
				event(anna, {msgtype: 'm.notice', body: 'a notice'}, {origin_server_ts: at('12:42')}),
			],
			unread: 2,
		});
		const lines = openTimeline(account).lines();
		const line = lines.findIndex(each => /━ new ━/.test(each));
		assert.match(lines[line - 1] ?? '', /before/);
		assert.match(lines[line + 1] ?? '', /12:40 Anna +a$/);
	});
});
