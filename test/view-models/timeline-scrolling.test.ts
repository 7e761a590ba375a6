import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {event, me, text, openSampleAccount, type SampleAccount} from '../ui/sample-account.ts';
import {anna, annaJoined, chatter, openTimeline, roomId} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

suite('scrolling the timeline', () => {
	test('new messages do not move what is scrolled, they are counted', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(40)});
		const {timeline, lines} = openTimeline(account);
		timeline.scrollPages(-1);
		const before = lines();
		account.sync({id: roomId, timeline: [...chatter(2, 40), text(me, 'mine')]});
		timeline.refresh();
		assert.deepEqual(lines(), before);
		assert.equal(timeline.view().newBelow, 2);
		timeline.scrollToEnd('newest');
		assert.match(lines().at(-1) ?? '', /mine/);
		assert.equal(timeline.view().newBelow, 0);
	});

	test('an edit above and a new width keep the place', () => {
		const messages = chatter(40);
		account.sync({id: roomId, state: [annaJoined], timeline: messages});
		const {timeline, lines} = openTimeline(account);
		timeline.scrollPages(-1);
		const bottom = lines().at(-1);
		const target = messages[20]?.event_id ?? '';
		account.sync({
			id: roomId,
			timeline: [
				event(anna, {
					msgtype: 'm.text',
					body: '*',
					'm.new_content': {msgtype: 'm.text', body: 'one\ntwo\nthree'},
					'm.relates_to': {rel_type: 'm.replace', event_id: target},
				}),
			],
		});
		timeline.refresh();
		assert.equal(lines().at(-1), bottom);
		timeline.resize({width: 44, rows: 8});
		assert.equal(
			lines()
				.at(-1)
				?.replace(/^\S+ +/, ''),
			bottom?.replace(/^\S+ +\S+ +/, ''),
		);
	});

	test('the whole archive can be scrolled through, up and down, with a bounded part in memory', () => {
		account.sync({id: roomId, state: [annaJoined], timeline: chatter(1500)});
		const {timeline, lines} = openTimeline(account);
		const seen = new Set<string>();
		const note = (): void => {
			for (const line of lines()) for (const [name] of line.matchAll(/text \d+/g)) seen.add(name);
		};
		for (let page = 0; page < 200 && !lines().includes('the beginning of this room'); page += 1) {
			note();
			timeline.scrollPages(-1);
		}
		note();
		assert.equal(seen.size, 1500);
		seen.clear();
		for (let page = 0; page < 200 && !timeline.isAtEnd(); page += 1) {
			note();
			timeline.scrollPages(1);
		}
		note();
		assert.equal(seen.size, 1500);
		assert.match(lines().at(-1) ?? '', /text 1499/);
	});
});
