/** The composer knows what the network of a room takes, and says it before something is sent. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {asString} from '../../source/domain/json.ts';
import {ctrlU, enter, marked, select, setUpMessages} from './message-scene.ts';
import {waiting} from './message-session.ts';
import {lunch} from './sample-screen.ts';
import {makePortal} from './sample-portal.ts';

const {sample, question, answer, open} = setUpMessages();

const ctrlUp = '\u001B[1;5A';

const features = {
	max_text_length: 100,
	edit: 2,
	edit_max_age: 3600,
	reaction: 2,
	reaction_count: 1,
	allowed_reactions: ['👍', '❤️'],
	reply: 2,
	thread: 0,
	delete: 2,
	formatting: {},
};

suite('in a room of Signal', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const)
		test(`the composer names the limits as far as they fit, at ${columns}×${rows}`, async () => {
			makePortal(sample.account, lunch, {features});
			const {screen} = await open({columns, rows});
			if (columns === 120) await screen.waitFor(/Signal · 100 characters · edits for 1 h\s+Enter sends/);
			else await screen.waitFor(/Enter sends/);
			screen.press('x'.repeat(90));
			if (columns > 40) await screen.waitFor('90 of 100 characters');
			screen.press('x'.repeat(20));
			await screen.waitFor('110 of 100 characters');
			assert.deepEqual(screen.problems, []);
		});

	test('a text that is too long is offered in parts, and each is short enough', async () => {
		makePortal(sample.account, lunch, {features});
		const {screen} = await open();
		screen.press(`${'soup is on '.repeat(18)}.`);
		await screen.waitFor('of 100 characters');
		screen.press(enter);
		await screen.waitFor(/Too long for one message: send it as \d/);
		assert.equal(waiting(sample.account, lunch).length, 0);
		screen.press('y');
		await screen.waitFor(() => waiting(sample.account, lunch).length > 1);
		for (const {content} of waiting(sample.account, lunch)) assert.ok((asString(content['body']) ?? '').length <= 100);
	});

	test('what it does not show is said when it is sent, and not sent', async () => {
		makePortal(sample.account, lunch, {features});
		const {screen} = await open();
		screen.press('are you **sure**');
		screen.press(enter);
		await screen.waitFor('Signal does not show bold');
		const [row] = waiting(sample.account, lunch);
		assert.equal(row?.content['formatted_body'], undefined);
	});

	test('and it is said before, like what becomes of an answer', async () => {
		makePortal(sample.account, lunch, {features: {...features, reply: 0}});
		const {screen} = await open({columns: 120, rows: 40});
		screen.press('are you **sure** or');
		await screen.waitFor('Signal does not show bold: it will arrive as plain text');
		screen.press(ctrlU);
		await screen.waitFor('Signal · 100 characters');
		await select(screen, 'are you coming');
		await screen.waitFor('reply');
		assert.ok(!screen.lines().some(line => /t thread/.test(line)));
		screen.press('r');
		await screen.waitFor('Signal has no answers: this arrives as a message by itself');
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
	] as const)
		test(`an answer goes into a thread where the network has those instead, as is said before, at ${columns}×${rows}`, async () => {
			makePortal(sample.account, lunch, {features: {...features, reply: 0, thread: 2}});
			const {screen, fake} = await open({columns, rows});
			await select(screen, 'are you coming');
			screen.press('r');
			await screen.waitFor(/⤷ in the thread of Anna/);
			await screen.waitFor(/Enter sends to the thread/);
			screen.press('walking is fine');
			screen.press(enter);
			await screen.waitFor(() => waiting(sample.account, lunch).length === 1);
			const [sent] = fake.of('send');
			assert.equal(sent?.thread, question().event_id);
			assert.equal(sent?.replyTo, undefined);
			assert.deepEqual(screen.problems, []);
		});

	test('and so does one whose message is chosen from the composer', async () => {
		makePortal(sample.account, lunch, {features: {...features, reply: 0, thread: 2}});
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(ctrlUp);
		await screen.waitFor(/Signal answers in threads: this goes into one\s+Enter sends to the thread/);
	});

	test('an edit that comes too late is refused with the reason, and not among the keys', async () => {
		makePortal(sample.account, lunch, {features});
		const {screen} = await open({columns: 140, rows: 30});
		await select(screen, 'shall I bring');
		await screen.waitFor('remove');
		assert.ok(!screen.lines().some(line => /\be edit/.test(line)));
		screen.press('e');
		await screen.waitFor('On Signal a message can be edited for 1 hour; this one is older.');
		screen.press('d');
		await screen.waitFor('Remove your message for everybody?');
	});

	test('t answers where there are no threads, and an answer in one is a plain answer', async () => {
		makePortal(sample.account, lunch, {features});
		const {screen, fake} = await open();
		await select(screen, 'are you coming');
		screen.press('t');
		await screen.waitFor('Signal has no threads: this is a reply.');
		await screen.waitFor('replying to Anna');
		screen.press('yes');
		screen.press(enter);
		await screen.waitFor(() => waiting(sample.account, lunch).length === 1);
		assert.deepEqual(waiting(sample.account, lunch)[0]?.content['m.relates_to'], {
			'm.in_reply_to': {event_id: question().event_id},
		});
		await fake.session.send({
			to: lunch,
			content: {msgtype: 'm.text', body: 'in a thread'},
			thread: question().event_id,
			isWaiting: false,
			timeout: 0,
		});
		const last = waiting(sample.account, lunch).at(-1);
		assert.deepEqual(last?.content['m.relates_to'], {'m.in_reply_to': {event_id: question().event_id}});
	});

	test('only its reactions are offered, and one takes the place of the other', async () => {
		makePortal(sample.account, lunch, {features});
		const {screen, fake} = await open({columns: 120, rows: 40});
		await select(screen, 'are you coming');
		screen.press('+');
		await screen.waitFor('React');
		await screen.waitFor('👍');
		assert.ok(!screen.lines().some(line => line.includes('🎉')));
		screen.press('👍');
		screen.press(enter);
		await screen.waitFor(() => waiting(sample.account, lunch).length === 1);
		await assert.rejects(
			fake.session.react({roomId: lunch, eventId: answer().event_id, key: '🎉'}),
			/only has these reactions here/,
		);
		assert.ok(marked(screen) !== undefined);
	});

	test('nothing of it is believed where the room is not', async () => {
		makePortal(sample.account, lunch, {features, trust: 'claimed'});
		const {screen} = await open({columns: 120, rows: 40});
		await screen.waitFor('Enter sends');
		screen.press('x'.repeat(200));
		await screen.waitFor('xxx');
		screen.press(enter);
		await screen.waitFor(() => waiting(sample.account, lunch).length === 1);
	});
});
