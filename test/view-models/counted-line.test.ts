/** Where the line above what is new stands in a room without a marker: there is only the count of the server. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {at, event, openSampleAccount, text, type SampleAccount} from '../ui/sample-account.ts';
import {anna, annaJoined, openTimeline, roomId} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

suite('the line above what is new', () => {
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
