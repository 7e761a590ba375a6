import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {openSampleAccount, type SampleAccount} from '../ui/sample-account.ts';
import {annaJoined, chatter, openTimeline, roomId} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

suite('gaps of the timeline', () => {
	test('a room that was opened before its first messages came asks for older ones when they are there', () => {
		account.sync({id: roomId, state: [annaJoined]});
		const {timeline} = openTimeline(account);
		timeline.acceptOlder({kind: 'end'});
		assert.equal(timeline.older().kind, 'end');
		account.sync({id: roomId, timeline: chatter(3), isLimited: true, previousToken: 'before'});
		timeline.refresh();
		assert.equal(timeline.older().kind, 'idle');
		assert.ok(timeline.isMissingHistory());
	});

	test('a gap that comes while a room is open is asked for, although all before it was there', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(4)});
		const {timeline, lines} = openTimeline(account);
		timeline.acceptOlder({kind: 'end'});
		account.sync({id: roomId, timeline: chatter(4, 30), isLimited: true, previousToken: 'between'});
		timeline.refresh();
		assert.equal(timeline.older().kind, 'idle');
		assert.ok(timeline.isMissingHistory(), lines().join('\n'));
		timeline.setOlder({kind: 'failed', reason: 'no network'});
		timeline.refresh();
		assert.equal(timeline.older().kind, 'failed');
	});

	test('a gap is asked for although it is above the screen: who scrolls past it in one go must not miss it', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(4)});
		account.sync({id: roomId, timeline: chatter(40, 30), isLimited: true, previousToken: 'between'});
		const {timeline, lines} = openTimeline(account);
		assert.ok(!lines().some(line => line.includes('missing')), lines().join('\n'));
		assert.ok(timeline.isMissingHistory());
	});
});
