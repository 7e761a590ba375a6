/** What became of an own message behind a bridge stands with it: a mark, the reason, the whole story, and one key to try again. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {waiting} from './message-session.ts';
import {marked, select, setUpMessages, tell, waitUntilGone} from './message-scene.ts';
import {event, me, now, text, type SampleEvent} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';
import {makePortal, mum, signalBot} from './sample-portal.ts';

const {sample, question, answer, open} = setUpMessages();

const status = (target: SampleEvent, content: JsonObject, sender = signalBot): SampleEvent =>
	event(
		sender,
		{...content, 'm.relates_to': {rel_type: 'm.reference', event_id: target.event_id}},
		{type: 'com.beeper.message_send_status'},
	);

const notice = (target: SampleEvent, body: string, sender = signalBot): SampleEvent =>
	event(sender, {msgtype: 'm.notice', body, 'm.relates_to': {'m.in_reply_to': {event_id: target.event_id}}});

const receipt = (target: SampleEvent, userId: string): JsonObject => ({
	[target.event_id]: {'m.read': {[userId]: {ts: now}}},
});

const lineOf = (lines: readonly string[], words: string): string => lines.find(line => line.includes(words)) ?? '';

suite('an own message in a room of Signal', () => {
	test('has a second tick when the bot says that it is there, and an eye when a person has read it', async () => {
		makePortal(sample.account, lunch);
		const {screen} = await open();
		await screen.waitFor(lines => /✓\s*$/.test(lineOf(lines, 'shall I bring')));
		sample.account.sync({id: lunch, timeline: [status(answer(), {status: 'SUCCESS'}, '@mallory:one.test')]});
		sample.account.sync({id: lunch, timeline: [text(anna, 'a word')]});
		tell(screen);
		await screen.waitFor('a word');
		assert.match(lineOf(screen.lines(), 'shall I bring'), / ✓\s*$/);
		// What the bot has read, the bridge has, and no person.
		sample.account.sync({id: lunch, receipts: receipt(answer(), signalBot)});
		tell(screen);
		await screen.waitFor(lines => /✓✓\s*$/.test(lineOf(lines, 'shall I bring')));
		sample.account.sync({id: lunch, receipts: receipt(answer(), mum)});
		tell(screen);
		await screen.waitFor(lines => /◉\s*$/.test(lineOf(lines, 'shall I bring')));
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const)
		test(`says why it failed, without the notice that says the same, at ${columns}×${rows}`, async () => {
			makePortal(sample.account, lunch);
			sample.account.sync({
				id: lunch,
				timeline: [
					notice(answer(), '⚠️ Your message was not bridged: the salad is gone'),
					...(rows > 12
						? [notice(question(), '⚠️ Your message was not bridged: says mallory', '@mallory:one.test')]
						: []),
				],
			});
			const {screen, fake} = await open({columns, rows});
			await screen.waitFor('did not reach Signal');
			await screen.waitFor(/the salad\s+is gone|salad is/);
			assert.equal(screen.lines().filter(line => line.includes('the salad is gone')).length <= 1, true);
			if (rows > 12) await screen.waitFor('says mallory');
			await screen.waitFor('✗');
			await select(screen, 'shall I bring');
			screen.press('R');
			await screen.waitFor(() => fake.of('resend').length === 1);
			assert.deepEqual(fake.of('resend')[0], {roomId: lunch, eventId: answer().event_id});
			assert.deepEqual(screen.problems, []);
		});

	test('that did not arrive is removed or written again, as nobody else has it', async () => {
		makePortal(sample.account, lunch);
		sample.account.sync({id: lunch, timeline: [notice(answer(), '⚠️ Your message was not bridged: no signal')]});
		const {screen, fake} = await open();
		await screen.waitFor('did not reach Signal');
		await select(screen, 'shall I bring');
		for (const key of ['x', 'd']) {
			screen.press(key);
			await screen.waitFor(/Remove “.*shall I bring”, which did not arrive\?/);
			screen.press('n');
			await waitUntilGone(screen, 'which did not arrive?');
		}
		assert.equal(fake.of('redact').length, 0);
		screen.press('e');
		await screen.waitFor(/> .*shall I bring/);
		assert.deepEqual(fake.of('redact'), [{roomId: lunch, eventId: answer().event_id}]);
		screen.press(' some wine?\r');
		await screen.waitFor(() => waiting(sample.account, lunch).length === 1);
		const [item] = waiting(sample.account, lunch);
		assert.equal(item?.content['m.new_content'], undefined, 'a message of its own');
		assert.deepEqual(screen.problems, []);
	});

	test('is told of elsewhere, and not where it is seen', async () => {
		const rid = makePortal(sample.account, lunch);
		const {screen} = await open();
		screen.notify({kind: 'send-failed', rid, message: 'Signal: “seen” did not arrive'});
		screen.notify({kind: 'send-failed', rid: rid + 1, message: 'Signal: “hello” to Mum did not arrive'});
		await screen.waitFor('“hello” to Mum did not arrive');
		assert.ok(!screen.lines().some(line => line.includes('“seen”')));
	});

	test('that may have arrived is sent again only after a question', async () => {
		makePortal(sample.account, lunch);
		sample.account.sync({
			id: lunch,
			timeline: [notice(answer(), '⚠️ Your message may not have been bridged: timeout')],
		});
		const {screen, fake} = await open();
		await screen.waitFor('may not have reached Signal: timeout');
		screen.press('/retry');
		screen.press('\r');
		await screen.waitFor('It may have arrived: send it again all the same?');
		assert.equal(fake.of('resend').length, 0);
		screen.press('y');
		await screen.waitFor('Sent again.');
		assert.equal(fake.of('resend').length, 1);
	});

	test('tells its whole story among its details', async () => {
		makePortal(sample.account, lunch);
		sample.account.sync({
			id: lunch,
			timeline: [
				status(answer(), {status: 'PENDING'}),
				status(answer(), {status: 'FAIL_RETRIABLE', reason: 'm.bridge_unavailable'}),
				status(answer(), {status: 'SUCCESS', delivered_to_users: [mum, anna]}),
			],
		});
		const {screen} = await open({columns: 140, rows: 40});
		await select(screen, 'shall I bring');
		screen.press('v');
		await screen.waitFor('Its way to Signal');
		await screen.waitFor('the bridge works on it');
		await screen.waitFor('failed: the bridge cannot be');
		await screen.waitFor('delivered to 2');
		assert.match(marked(screen), /shall I bring/);
	});

	test('is said to have no answer only where the bridge answers', async () => {
		makePortal(sample.account, lunch);
		const {screen} = await open();
		assert.ok(!screen.lines().some(line => line.includes('no answer')));
		const other = text(me, 'another');
		sample.account.sync({id: lunch, timeline: [other, status(other, {status: 'SUCCESS'})]});
		tell(screen);
		await screen.waitFor('no answer from the bridge to Signal');
		sample.account.sync({id: lunch, timeline: [status(answer(), {status: 'SUCCESS'})]});
		tell(screen);
		await waitUntilGone(screen, 'no answer from');
	});

	test('loses a reaction that did not get there, and says so; hostile words do no harm', async () => {
		makePortal(sample.account, lunch);
		const reaction = event(
			me,
			{'m.relates_to': {rel_type: 'm.annotation', event_id: question().event_id, key: '🎉'}},
			{type: 'm.reaction'},
		);
		sample.account.sync({id: lunch, timeline: [reaction]});
		const {screen} = await open({columns: 120, rows: 40});
		await screen.waitFor(/🎉 +1/);
		const message = `no\u001B[31m such\u202Eemoji ${'x'.repeat(5000)}`;
		sample.account.sync({id: lunch, timeline: [status(reaction, {status: 'FAIL_PERMANENT', message})]});
		tell(screen);
		await screen.waitFor(/the reaction 🎉 +did not reach Signal: no/);
		assert.ok(!screen.lines().some(line => /🎉 +1/.test(line) || /[\u001B\u202E]/.test(line)));
		assert.deepEqual(screen.problems, []);
	});

	test('has nothing of all that in a room that is not believed to be bridged', async () => {
		makePortal(sample.account, lunch, {trust: 'claimed'});
		sample.account.sync({
			id: lunch,
			timeline: [
				status(answer(), {status: 'FAIL_PERMANENT', message: 'forged'}),
				notice(answer(), '⚠️ Your message was not bridged: forged too'),
			],
		});
		const {screen} = await open();
		await screen.waitFor('forged too');
		assert.ok(!screen.lines().some(line => line.includes('did not reach')));
		assert.match(lineOf(screen.lines(), 'shall I bring'), / ✓\s*$/);
	});
});
