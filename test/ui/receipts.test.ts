/** Who has read how far: marks on own messages, names behind the newest one that was read, and those of ignored people nowhere. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {escape, select, setUpMessages, tell, waitUntilGone} from './message-scene.ts';
import {event, member, text} from './sample-account.ts';
import {makePortal} from './sample-portal.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, answer, open} = setUpMessages();

const bridge = '@bridge:one.test';
const eve = '@eve:one.test';
const zoe = '@zoe:one.test';

const receipt = (eventId: string, userId: string, ts: number, thread?: string) => ({
	[eventId]: {'m.read': {[userId]: {ts, ...(thread === undefined ? {} : {thread_id: thread})}}},
});

/** What stands at the end of the row of the answer. */
const markOf = (lines: readonly string[]): string => lines.find(line => line.includes('yes!'))?.at(-1) ?? '';

suite('receipts', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`an own message is sent, delivered, read, and read by whom, at ${columns}×${rows}`, async () => {
			makePortal(sample.account, lunch, {bot: bridge});
			const {screen} = await open({columns, rows});
			await screen.waitFor(lines => markOf(lines) === '✓');
			const status = {'m.relates_to': {rel_type: 'm.reference', event_id: answer().event_id}, status: 'SUCCESS'};
			sample.account.sync({
				id: lunch,
				timeline: [event(bridge, status, {type: 'com.beeper.message_send_status'})],
			});
			tell(screen);
			await screen.waitFor(lines => markOf(lines) === '✓' && /✓✓/.test(lines.join('\n')));
			sample.account.sync({id: lunch, receipts: receipt(answer().event_id, anna, 5, 'main')});
			tell(screen);
			await screen.waitFor(lines => markOf(lines) === '◉' || lines.some(line => /yes!.*◉/.test(line)));
			const hm = text(anna, 'hm');
			sample.account.sync({
				id: lunch,
				state: [member(zoe, 'Zoé')],
				timeline: [hm],
				receipts: receipt(hm.event_id, zoe, 6),
			});
			tell(screen);
			// Who wrote it has read it, which nobody needs to be told.
			await screen.waitFor(/hm   read by Zoé$/m);
			assert.doesNotMatch(screen.lines().join('\n'), /✓✓|read by Anna/);
			await select(screen, 'yes!');
			screen.press('v');
			for (let step = 0; step < 12 && !screen.lines().join('\n').includes('Read by 2'); step += 1)
				screen.press('\u001B[B');
			await screen.waitFor('Read by 2');
			screen.press(escape);
			await waitUntilGone(screen, 'Read by 2');
			assert.deepEqual(screen.problems, []);
		});
	}

	test('receipts of ignored people are not shown, and come back with them', async () => {
		const {screen} = await open();
		sample.account.ignore(eve);
		const hm = text(anna, 'hm');
		sample.account.sync({
			id: lunch,
			state: [member(eve, 'Eve')],
			timeline: [hm],
			receipts: receipt(hm.event_id, eve, 5),
		});
		tell(screen);
		await screen.waitFor('hm');
		assert.equal(markOf(screen.lines()), '✓');
		await select(screen, 'yes!');
		screen.press('v');
		await screen.waitFor('Read by nobody yet');
		screen.press(escape);
		sample.account.ignore();
		tell(screen);
		await screen.waitFor(/yes!.*◉/);
		await screen.waitFor('read by Eve');
	});

	test('who has read in a thread only has not read the room', async () => {
		const {screen} = await open();
		sample.account.sync({id: lunch, receipts: receipt(answer().event_id, anna, 5, '$elsewhere')});
		tell(screen);
		sample.account.sync({id: lunch, timeline: [event(anna, {msgtype: 'm.text', body: 'later'})]});
		tell(screen);
		await screen.waitFor('later');
		assert.match(screen.lines().join('\n'), /yes!.*✓/);
	});
});
