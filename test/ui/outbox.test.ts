/** What is not sent yet, as the person sees it: sent later, listed, sent now, taken back. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createSendCareStore} from '../../source/store/send-care-store.ts';
import {enter, escape, setUpMessages, waitUntilGone} from './message-scene.ts';
import {acceptNext, waiting} from './message-session.ts';
import {me, now, text} from './sample-account.ts';
import {lunch} from './sample-screen.ts';

const {sample, open} = setUpMessages();

const down = '\u001B[B';

const sizes = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 40, rows: 12},
] as const;

const composed = (lines: readonly string[]): string => (lines.at(-3) ?? '').replace(/^.*│ /, '');

const all = () => sample.account.reader.waiting();

suite('/later', () => {
	test('keeps the message out of the timeline, says when it goes, and every word works behind it', async () => {
		const {screen} = await open();
		screen.press(`/later 2h **bring** wine${enter}`);
		await screen.waitFor(/It will be sent (tomorrow )?at \d\d:\d\d if mx runs then: \/outbox cancels it\./);
		assert.equal(composed(screen.lines()), '>');
		screen.press(`/later tomorrow /me leaves${enter}`);
		await screen.waitFor('It will be sent tomorrow at 09:00');
		assert.deepEqual(waiting(sample.account, lunch), []);
		assert.deepEqual(
			all().map(({content, sendAt, state}) => [content['msgtype'], content['body'], state, (sendAt ?? 0) > now]),
			[
				['m.text', '**bring** wine', 'scheduled', true],
				['m.emote', 'leaves', 'scheduled', true],
			],
		);
	});

	test('says what is missing, and the text stays', async () => {
		const {screen} = await open();
		screen.press(`/later soon wine${enter}`);
		await screen.waitFor('Write when: 10m, 18:30');
		assert.ok(screen.lines().some(line => line.endsWith('> /later soon wine')));
	});
});

suite('/outbox', () => {
	for (const size of sizes) {
		test(`lists what failed, what waits and what is to be sent later at ${size.columns} columns`, async () => {
			const {screen} = await open(size);
			const rid = sample.account.reader.roomById(lunch)?.rid ?? 0;
			const add = (transactionId: string, body: string, sendAt?: number) =>
				sample.account.outbox.add({
					rid,
					transactionId,
					type: 'm.room.message',
					content: {msgtype: 'm.text', body},
					sendAt,
				});
			const failed = add('a', 'no luck');
			sample.account.outbox.setState(failed.id, 'failed', {error: 'the server refused it'});
			add('b', 'on its way');
			add('c', 'tomorrow morning', now + 86_400_000);
			screen.press(`/outbox${enter}`);
			await screen.waitFor(/Not sent\n.*✗ Sunday lunch.*\n.*no luck\n.*the server refused it/);
			await screen.waitFor(/⧗ Sunday lunch.*\n.*on its way/);
			if (size.rows === 12) screen.press(down + down);
			await screen.waitFor(/To be sent later\n.*tomorrow at/);
			await screen.waitFor('tomorrow morning');
			screen.press(escape);
			await waitUntilGone(screen, 'To be sent later');
		});
	}

	test('sends now, discards after a question, and gives a message back with its words and its time', async () => {
		const {screen, fake} = await open();
		screen.press(`/later tomorrow first${enter}`);
		await screen.waitFor('It will be sent');
		screen.press(`/later tomorrow 10:00 second${enter}`);
		await screen.waitFor('10:00');
		screen.press(`/later tomorrow 11:00 /me third${enter}`);
		await screen.waitFor('11:00');
		screen.press(`/outbox${enter}`);
		await screen.waitFor('To be sent later');
		screen.press('s');
		await screen.waitFor('Waiting to be sent');
		assert.deepEqual(fake.of('resolveOutbox').at(-1)?.['action'], 'retry');
		screen.press('d');
		await screen.waitFor('Forget “first”, which is not sent?');
		screen.press('y');
		await waitUntilGone(screen, 'Waiting to be sent');
		assert.equal(all().length, 2);
		screen.press(down);
		screen.press('e');
		await screen.waitFor(/> \/later \d{4}-\d\d-\d\d 11:00 \/me third/);
		assert.deepEqual(
			all().map(({content}) => content['body']),
			['second'],
		);
		screen.press(enter);
		await screen.waitFor('It will be sent tomorrow at 11:00');
	});

	for (const size of sizes)
		test(`lists what a bridge did not pass on, which is marked in the inbox too, until something is sent there, at ${size.columns} columns`, async () => {
			const {account} = sample;
			const {screen, fake} = await open(size);
			const rid = account.reader.roomById(lunch)?.rid ?? 0;
			const isMarked = (): boolean => account.reader.row(rid)?.hasFailed === true;
			const send = (words: string): string => {
				const sent = text(me, words);
				const content = {msgtype: 'm.text', body: words};
				const {id} = account.outbox.add({rid, transactionId: words, type: 'm.room.message', content});
				account.sync({id: lunch, timeline: [sent]});
				account.outbox.setState(id, 'sent', {eventId: sent.event_id});
				return sent.event_id;
			};
			const care = createSendCareStore(account.account);
			const lost = send('the house is on fire');
			assert.ok(!isMarked());
			care.setTold(rid, lost);
			assert.ok(isMarked());
			screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
			if (size.columns > 80) await screen.waitFor(/Sunday lunch +✗/);
			screen.press(`/outbox${enter}`);
			await screen.waitFor(/Did not arrive\n.*✗ Sunday lunch\n.*the house is on fire/);
			screen.press(enter);
			await waitUntilGone(screen, 'Did not arrive');
			// It arrived after all; or something else was sent there.
			care.forget(lost);
			assert.ok(!isMarked());
			care.setTold(rid, lost);
			send('hello?');
			assert.ok(!isMarked());
			// It is lost all the same.
			screen.press(`/outbox${enter}`);
			await screen.waitFor(/Did not arrive\n.*✗ Sunday lunch\n.*the house is on fire/);
			screen.press('d');
			await screen.waitFor(
				size.columns > 40 ? 'Remove “the house is on fire”, which may not have arrived?' : 'Remove “the house',
			);
			screen.press('y');
			await screen.waitFor(() => fake.of('redact').length === 1);
			screen.press('s');
			await screen.waitFor(() => fake.of('resend').length === 1);
			assert.deepEqual(screen.problems, []);
		});

	test('a message that the server refused is marked in the inbox', async () => {
		await open();
		const rid = sample.account.reader.roomById(lunch)?.rid ?? 0;
		const content = {msgtype: 'm.text', body: 'no luck'};
		const {id} = sample.account.outbox.add({rid, transactionId: 'a', type: 'm.room.message', content});
		assert.equal(sample.account.reader.row(rid)?.hasFailed, false);
		sample.account.outbox.setState(id, 'failed', {error: 'the server refused it'});
		assert.equal(sample.account.reader.row(rid)?.hasFailed, true);
		sample.account.outbox.discard(id);
		assert.equal(sample.account.reader.row(rid)?.hasFailed, false);
	});

	test('of nothing says so', async () => {
		const {screen} = await open();
		screen.press(`/outbox${enter}`);
		await screen.waitFor('Nothing waits: all that you wrote is sent.');
		screen.press('s');
		await screen.waitFor('Nothing is chosen.');
	});
});

suite('/undo', () => {
	test('takes back what is not sent yet, with what it answers', async () => {
		const {screen} = await open();
		screen.press(`one${enter}two${enter}`);
		await screen.waitFor(/two +⧗/);
		screen.press(`/undo${enter}`);
		await screen.waitFor(lines => composed(lines) === '> two');
		await screen.waitFor('Taken back: it is not sent.');
		assert.deepEqual(
			waiting(sample.account, lunch).map(({content}) => content['body']),
			['one'],
		);
	});

	test('removes what is sent only after a question', async () => {
		const {screen, fake} = await open();
		screen.press(`sorry${enter}`);
		await screen.waitFor(/sorry +⧗/);
		acceptNext(sample.account, lunch);
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		await screen.waitFor(/sorry +✓/);
		screen.press(`/undo${enter}`);
		await screen.waitFor(/It is sent\. Remove “sorry” of \d\d:\d\d for everybody\?/);
		screen.press('n');
		await waitUntilGone(screen, 'for everybody?');
		assert.equal(fake.of('redact').length, 0);
		screen.press(`/undo${enter}`);
		await screen.waitFor('for everybody?');
		screen.press('y');
		await screen.waitFor(() => fake.of('redact').length === 1);
	});
});
