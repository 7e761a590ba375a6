/** Threads: seen beside the conversation, listed, and written in with a draft of their own. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ctrlU, enter, escape, marked, select, setUpMessages, tell, waitUntilGone} from './message-scene.ts';
import {acceptNext, waiting} from './message-session.ts';
import {at, event, me, text} from './sample-account.ts';
import {addRooms, anna, lunch} from './sample-screen.ts';

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
			// It stands in the thread, which stays to be seen.
			await screen.waitFor(/⧗|walking is fine(?![\s\S]*> walking)/);
			await screen.waitFor('or swim');
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

	test('R shows the thread that is written in, and another room leaves it', async () => {
		addRooms(sample.account, 1);
		const {screen} = await open();
		await select(screen, 'are you coming');
		screen.press('R');
		await screen.waitFor('in the thread of Anna');
		screen.press(`walking${enter}`);
		await screen.waitFor(/Thread[\s\S]*walking +⧗/);
		screen.press(`/go Room 0${enter}`);
		await screen.waitFor('Enter sends to Room 0');
		screen.press(`/go Sunday lunch${enter}`);
		await screen.waitFor('Enter sends to Sunday lunch');
		assert.doesNotMatch(screen.lines().join('\n'), /in the thread of/);
	});

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
		await screen.waitFor(() => marked(screen).includes('are you coming on sunday?'));
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`what is new in a thread stands at its root and in the list, until it is read, at ${columns}×${rows}`, async () => {
			const root = question().event_id;
			const last = inThread('or swim', '12:41');
			sample.account.sync({
				id: lunch,
				timeline: [inThread('we could walk', '12:40'), last],
				unread: 0,
				threads: {[root]: {unread: 2, highlights: 1}},
			});
			const {screen, fake} = await open({columns, rows});
			await screen.waitFor(columns < 60 ? '⤷ 2 replies · 2 new' : '⤷ 2 replies, last 12:41 · 2 new');
			assert.doesNotMatch(screen.lines().join('\n'), /or swim\s*$/m);
			assert.equal(sample.account.reader.roomById(lunch)?.unreadCount, 2);
			// The room is read as far as it is shown; its thread is not.
			await screen.waitFor(() => fake.of('markRead').length === 1);
			assert.equal(fake.of('markRead')[0]?.['thread'], undefined);
			screen.press('\u001Bt');
			await screen.waitFor('⤷ 2 replies · 2 new, Anna');
			screen.press(enter);
			await screen.waitFor('or swim');
			await screen.waitFor(() => fake.of('markRead').length === 2);
			assert.deepEqual(fake.of('markRead')[1], {roomId: lunch, eventId: last.event_id, thread: root});
			const {rid = 0} = sample.account.reader.roomById(lunch) ?? {};
			sample.account.writer.markThreadRead(rid, root);
			tell(screen);
			screen.press(escape);
			await screen.waitFor('Enter opens');
			await waitUntilGone(screen, '2 new');
			assert.equal(sample.account.reader.roomById(lunch)?.unreadCount, 0);
			assert.deepEqual(screen.problems, []);
		});
	}

	test('a thread is not read before its newest reply is seen', async () => {
		const replies = Array.from({length: 40}, (_, index) => inThread(`reply ${index}.`, '12:40'));
		sample.account.sync({id: lunch, timeline: replies});
		const {screen, fake} = await open({columns: 120, rows: 24});
		await select(screen, 'are you coming');
		screen.press('t');
		await screen.waitFor('reply 39.');
		const receipts = (): number => fake.of('markRead').filter(({thread}) => thread !== undefined).length;
		await screen.waitFor(() => receipts() === 1);
		screen.press('\u001B[5~');
		await screen.waitFor('reply 20.');
		sample.account.sync({id: lunch, timeline: [inThread('below', '12:44')]});
		tell(screen);
		screen.press('\u001B[A');
		await screen.waitFor(/Sunday lunch +12:44/);
		assert.equal(receipts(), 1);
		screen.press('\u001B[1;5F');
		await screen.waitFor('below');
		await screen.waitFor(() => receipts() === 2);
	});

	test('replies are reacted to, edited and removed where they stand', async () => {
		const own = event(me, {
			msgtype: 'm.text',
			body: 'I walk',
			'm.relates_to': {rel_type: 'm.thread', event_id: question().event_id},
		});
		sample.account.sync({id: lunch, timeline: [inThread('we could walk', '12:40'), own]});
		const {screen, fake} = await open();
		await select(screen, 'are you coming');
		screen.press('t');
		await screen.waitFor('I walk');
		screen.press('v');
		await screen.waitFor('Read by nobody yet');
		screen.press(escape);
		await screen.waitFor('I walk');
		screen.press('d');
		await screen.waitFor('Remove your message for everybody?');
		screen.press('n');
		screen.press('\u001B[A');
		screen.press('d');
		await screen.waitFor('You may not remove what others wrote');
		screen.press('+');
		await screen.waitFor('Enter reacts');
		screen.press(enter);
		await screen.waitFor(() => fake.of('react').length === 1);
		screen.press('\u001B[1;5F');
		screen.press('e');
		await screen.waitFor(/editing/);
		screen.press(`${ctrlU}I run${enter}`);
		await screen.waitFor(() => fake.of('send').length === 1);
		assert.equal(fake.of('send')[0]?.['edits'], own.event_id);
		assert.deepEqual(screen.problems, []);
	});

	test('what ignored people say is hidden, in threads too, and comes back', async () => {
		const eve = '@eve:one.test';
		const reply = {...inThread('evil reply', '12:42'), sender: eve};
		sample.account.sync({
			id: lunch,
			timeline: [inThread('we could walk', '12:40'), text(eve, 'evil words', {origin_server_ts: at('12:43')}), reply],
		});
		sample.account.ignore(eve);
		const {screen} = await open();
		await screen.waitFor('⤷ 1 reply, last 12:40');
		assert.doesNotMatch(screen.lines().join('\n'), /evil/);
		sample.account.ignore();
		tell(screen);
		await screen.waitFor('evil words');
		await screen.waitFor('⤷ 2 replies, last 12:42');
	});
});
