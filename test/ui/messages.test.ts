/** Selecting, answering and editing messages. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {enter, escape, marked, select, setUpMessages, tell, up, waitUntilGone, walk} from './message-scene.ts';
import {acceptNext, storingAnswers, waiting} from './message-session.ts';
import {event, me, text} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, question, answer, open} = setUpMessages();

const ctrlUp = '\u001B[1;5A';
const ctrlDown = '\u001B[1;5B';

suite('selecting messages', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`Esc selects the newest message, j and k go on, Esc goes back, at ${columns}×${rows}`, async () => {
			const {screen} = await open({columns, rows});
			screen.press(escape);
			await screen.waitFor(() => marked(screen).includes('the salad'));
			await screen.waitFor(/r reply · \+ react/);
			screen.press('k');
			await screen.waitFor(() => marked(screen).includes('yes!'));
			await screen.waitFor(columns > 40 ? /e edit · d remove/ : 'r reply · + react · e edit');
			screen.press('k');
			await screen.waitFor(() => marked(screen).includes('are you coming'));
			screen.press('jj');
			await screen.waitFor(() => marked(screen).includes('the salad'));
			screen.press(escape);
			await screen.waitFor(() => marked(screen) === '');
			screen.press('hello');
			await screen.waitFor('> hello');
			assert.deepEqual(screen.problems, []);
		});
	}

	test('without colours the bar still marks the message', async () => {
		const {screen} = await open({environment: {TERM: 'xterm', NO_COLOR: '1'}});
		screen.press(escape);
		await screen.waitFor(() => marked(screen).includes('the salad'));
	});

	test('with a text in the composer Esc selects nothing, and no letter is a command', async () => {
		const {screen} = await open();
		screen.press('draft');
		await screen.waitFor('> draft');
		screen.press(escape);
		await screen.waitFor('Esc selects a message when nothing is written');
		screen.press('d');
		await screen.waitFor('> draftd');
		assert.equal(marked(screen), '');
	});

	test('what is selected stays where it is while messages come', async () => {
		const {screen} = await open({rows: 12});
		screen.press(escape);
		await screen.waitFor(() => marked(screen).includes('the salad'));
		const row = screen.lines().findIndex(line => line.includes('▌'));
		for (let index = 0; index < 20; index += 1)
			sample.account.sync({id: lunch, timeline: [text(anna, `more ${index}`)]});
		tell(screen);
		await screen.waitFor('20 new ↓');
		assert.match(screen.lines()[row] ?? '', /▌the salad/);
		screen.press('G');
		await screen.waitFor(() => marked(screen).includes('more 19'));
		screen.press('g');
		await screen.waitFor(() => marked(screen).includes('are you coming'));
		screen.press('}');
		await screen.waitFor(() => marked(screen).includes('the salad'));
		screen.press('{');
		await screen.waitFor(() => marked(screen).includes('are you coming'));
	});

	test('a page goes up by the rows that are seen', async () => {
		for (let index = 0; index < 200; index += 1)
			sample.account.sync({id: lunch, timeline: [text(anna, `line ${index}.`)]});
		const {screen} = await sample.open({answers: storingAnswers(sample.account)});
		screen.press(enter);
		await screen.waitFor('line 199.');
		screen.press(escape);
		await screen.waitFor(() => marked(screen).includes('line 199.'));
		screen.press('\u001B[5~');
		await screen.waitFor(() => /▌line 16\d\./.test(marked(screen)));
		screen.press('k'.repeat(150));
		await screen.waitFor(() => /▌line 1\d\./.test(marked(screen)));
		assert.deepEqual(screen.problems, []);
	});

	test('a paste while a message is selected is text', async () => {
		const {screen} = await open();
		screen.press(escape);
		await screen.waitFor(() => marked(screen) !== '');
		screen.press('\u001B[200~dy\u001B[201~');
		await screen.waitFor('> dy');
		assert.equal(marked(screen), '');
	});
});

suite('answering', () => {
	test('r answers with a banner above the composer, and Esc drops it but not the text', async () => {
		const {screen} = await open();
		screen.press('see ');
		await screen.waitFor('> see');
		screen.press('\u0015');
		await waitUntilGone(screen, 'see');
		await select(screen, 'are you coming');
		screen.press('r');
		await screen.waitFor(/↩ replying to Anna Kowalska: are you.* Esc drops/);
		screen.press('of course');
		await screen.waitFor('> of course');
		screen.press(escape);
		await waitUntilGone(screen, 'replying');
		assert.ok(screen.lines().join('\n').includes('> of course'));
		screen.press(ctrlUp);
		await screen.waitFor('replying to Anna Kowalska: the salad');
		screen.press(ctrlUp);
		await screen.waitFor('replying to yourself: yes!');
		screen.press(ctrlUp);
		await screen.waitFor('replying to Anna Kowalska: are you');
		screen.press(enter);
		await screen.waitFor(/┃ Anna Kowalska: are you.*\n.*of course +⧗/);
		const [sent] = waiting(sample.account, lunch);
		assert.deepEqual(sent?.content['m.relates_to'], {'m.in_reply_to': {event_id: question().event_id}});
		assert.deepEqual(sent?.content['m.mentions'], {user_ids: [anna]});
		await waitUntilGone(screen, 'replying');
		acceptNext(sample.account, lunch);
		tell(screen);
		await screen.waitFor(/┃ Anna Kowalska: are you.*\n.*of course +✓/);
	});

	test('^Down behind the newest message answers nothing', async () => {
		const {screen} = await open();
		screen.press(ctrlUp);
		await screen.waitFor('replying to');
		screen.press(ctrlDown);
		await waitUntilGone(screen, 'replying');
		assert.equal(marked(screen), '');
	});
});

suite('editing', () => {
	test('Up in an empty composer edits the last own message, at once and with its Markdown', async () => {
		const {screen, fake} = await open();
		screen.press(up);
		await screen.waitFor('✎ editing: yes!');
		await screen.waitFor('> yes! **what** shall I bring');
		await screen.waitFor('Enter saves the edit');
		screen.press('?');
		screen.press(enter);
		await screen.waitFor(/yes! what shall I bring\? \(edited\) +⧗/);
		const [sent] = waiting(sample.account, lunch);
		assert.deepEqual(sent?.content['m.relates_to'], {rel_type: 'm.replace', event_id: answer().event_id});
		assert.equal(sent?.content['body'], '* yes! **what** shall I bring?');
		assert.deepEqual(
			fake.of('send').map(({endsDraft}) => endsDraft),
			[false],
		);
		acceptNext(sample.account, lunch);
		tell(screen);
		await screen.waitFor(/yes! what shall I bring\? \(edited\) +✓/);
	});

	test('the draft stands as it was when an edit is dropped', async () => {
		const {screen} = await open();
		screen.press('half a thought');
		await screen.waitFor('> half a thought');
		screen.press('\u0015');
		await waitUntilGone(screen, 'half');
		screen.press('\u0019');
		await screen.waitFor('> half a thought');
		screen.press(`/edit${enter}`);
		// It is a text with something before the slash: it was sent as such.
		await screen.waitFor(/half a thought\/edit +⧗/);
		screen.press('other');
		await screen.waitFor('> other');
		screen.press(ctrlUp);
		await screen.waitFor('replying to');
		screen.press(escape);
		await waitUntilGone(screen, 'replying');
		assert.ok(screen.lines().join('\n').includes('> other'));
	});

	test('an edit keeps the draft of the room', async () => {
		sample.account.execute(
			`INSERT INTO draft(rid, thread, text, time) SELECT rid, '', 'my draft', 1 FROM room WHERE room_id = ?`,
			lunch,
		);
		const {screen} = await open();
		await screen.waitFor('> my draft');
		screen.press(ctrlUp);
		await screen.waitFor('replying to');
		screen.press(escape);
		await waitUntilGone(screen, 'replying');
		screen.press('\u0003');
		await screen.waitFor('Cleared');
		screen.press(`/edit${enter}`);
		await screen.waitFor('✎ editing');
		screen.press(escape);
		await waitUntilGone(screen, 'editing');
		screen.press('\u0019');
		await screen.waitFor('> my draft');
	});

	test('others cannot be edited, and what was removed can neither', async () => {
		const {screen} = await open();
		await select(screen, 'the salad');
		screen.press('e');
		await screen.waitFor('Only your own messages can be edited.');
		sample.account.sync({
			id: lunch,
			timeline: [event(me, {redacts: answer().event_id}, {type: 'm.room.redaction', redacts: answer().event_id})],
		});
		tell(screen);
		await screen.waitFor('removed');
		screen.press('ke');
		await screen.waitFor('The message was removed.');
	});

	test('a message that failed is taken back, sent again or forgotten', async () => {
		const {account} = sample;
		const rid = account.reader.roomById(lunch)?.rid ?? 0;
		const add = (body: string) => {
			const content = {msgtype: 'm.text', body};
			const item = account.outbox.add({rid, transactionId: body, type: 'm.room.message', content});
			account.outbox.setState(item.id, 'failed', {error: 'too large'});
		};
		for (const body of ['first', 'second', 'third']) add(body);
		const {screen} = await open();
		await select(screen, 'first');
		await screen.waitFor('R send again · e edit · x discard');
		screen.press('x');
		await screen.waitFor('Forget what is not sent?');
		screen.press('y');
		await waitUntilGone(screen, 'first');
		await walk(screen, 'j', 'second');
		screen.press('R');
		await screen.waitFor(() => waiting(account, lunch).some(({state}) => state === 'queued'));
		screen.press('Ge');
		await screen.waitFor('> third');
		assert.deepEqual(
			waiting(account, lunch).map(({content, state}) => [content['body'], state]),
			[['second', 'queued']],
		);
	});
});
