/** Threads: seen beside the conversation, listed, and written in with a draft of their own. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ctrlU, enter, escape, marked, select, setUpMessages, tell, waitUntilGone} from './message-scene.ts';
import {acceptNext, waiting} from './message-session.ts';
import {at, event} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, question, open} = setUpMessages();

const inThread = (body: string, clock: string) =>
	event(
		anna,
		{msgtype: 'm.text', body, 'm.relates_to': {rel_type: 'm.thread', event_id: question().event_id}},
		{origin_server_ts: at(clock)},
	);

suite('threads', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`t shows a thread, r writes in it, Esc leaves it, at ${columns}×${rows}`, async () => {
			sample.account.sync({id: lunch, timeline: [inThread('we could walk', '12:40'), inThread('or swim', '12:41')]});
			const {screen, fake} = await open({columns, rows});
			await select(screen, 'are you coming');
			await screen.waitFor('⤷ 2 replies, last 12:41');
			screen.press('t');
			await screen.waitFor('r writes · Enter shows');
			await screen.waitFor('or swim');
			screen.press('r');
			await screen.waitFor(/⤷ in the thread of Anna/);
			if (rows > 12) await screen.waitFor(/Enter sends to the thread/);
			screen.press('walking is fine');
			screen.press(enter);
			await screen.waitFor('walking is fine');
			const [sent] = waiting(sample.account, lunch);
			assert.deepEqual(sent?.content['m.relates_to'], {
				rel_type: 'm.thread',
				event_id: question().event_id,
				is_falling_back: true,
				'm.in_reply_to': {event_id: sample.account.reader.about.lastOfThread(sent?.rid ?? 0, question().event_id)},
			});
			assert.deepEqual(
				fake.of('send').map(({endsDraft, thread}) => [endsDraft, thread]),
				[[true, question().event_id]],
			);
			acceptNext(sample.account, lunch);
			tell(screen);
			// It is written in until it is left.
			await screen.waitFor(/⤷ in the thread of Anna/);
			screen.press(escape);
			await waitUntilGone(screen, 'in the thread of');
			await waitUntilGone(screen, 'r writes · Enter shows');
			assert.deepEqual(screen.problems, []);
		});
	}

	test('the draft of a thread is one of its own', async () => {
		const {screen, fake} = await open();
		screen.press('for the room');
		await screen.waitFor('> for the room');
		screen.press(ctrlU);
		await waitUntilGone(screen, 'for the room');
		await select(screen, 'are you coming');
		screen.press('R');
		await screen.waitFor('in the thread of Anna');
		screen.press('for the thread');
		await screen.waitFor('> for the thread');
		await screen.waitFor(() => fake.of('saveDraft').some(({thread}) => thread === question().event_id));
		screen.press(escape);
		await waitUntilGone(screen, 'for the thread');
		await select(screen, 'are you coming');
		screen.press('R');
		await screen.waitFor('> for the thread');
	});

	test('Alt-T lists the threads of the room, and one is opened from there', async () => {
		const {screen} = await open();
		screen.press('\u001Bt');
		await screen.waitFor('No threads here yet');
		sample.account.sync({id: lunch, timeline: [inThread('we could walk', '12:40')]});
		tell(screen);
		await screen.waitFor('⤷ 1 reply, Anna Kowalska 12:40');
		screen.press(enter);
		await screen.waitFor('r writes · Enter shows');
		await screen.waitFor('we could walk');
		screen.press(enter);
		await screen.waitFor(() => marked(screen).includes('we could walk'));
	});
});
