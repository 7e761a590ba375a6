/** Polls on the screen: asked, voted in, ended. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {asObject} from '../../source/domain/json.ts';
import {enter, escape, select, setUpMessages, tell} from './message-scene.ts';
import {acceptNext, waiting} from './message-session.ts';
import {event, type SampleEvent} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, open} = setUpMessages();

const down = '\u001B[B';

const poll = (more: object = {}): SampleEvent =>
	event(
		anna,
		{
			'org.matrix.msc3381.poll.start': {
				question: {'org.matrix.msc1767.text': 'red or white?'},
				kind: 'org.matrix.msc3381.poll.disclosed',
				answers: ['red', 'white'].map(text => ({id: text, 'org.matrix.msc1767.text': text})),
				...more,
			},
		},
		{type: 'org.matrix.msc3381.poll.start'},
	);

const vote = (sender: string, target: string, ...answers: readonly string[]): SampleEvent =>
	event(
		sender,
		{
			'org.matrix.msc3381.poll.response': {answers},
			'm.relates_to': {rel_type: 'm.reference', event_id: target},
		},
		{type: 'org.matrix.msc3381.poll.response'},
	);

suite('polls', () => {
	for (const size of [
		{columns: 80, rows: 24},
		{columns: 120, rows: 40},
		{columns: 40, rows: 14},
	]) {
		test(`show how the votes stand at ${size.columns} columns`, async () => {
			const asked = poll();
			const target = asked['event_id'];
			sample.account.sync({
				id: lunch,
				timeline: [
					asked,
					vote(anna, target, 'red'),
					vote('@zoe:one.test', target, 'red'),
					vote('@bob:one.test', target, 'white'),
				],
			});
			const {screen} = await open(size);
			await screen.waitFor(/poll +red or white\?\n.*1 ○ red\n.*█{8}░{4} 2\n.*2 ○ white\n.*█{4}░{8} 1\n.*3 votes/);
			screen.press(`/vote 2${enter}`);
			await screen.waitFor(/2 ● white\n.*█{6}░{6} 2\n.*4 votes · you voted/);
			acceptNext(sample.account, lunch);
			tell(screen);
			await screen.waitFor(/2 ● white\n.*█{6}░{6} 2\n.*4 votes · you voted *$/m);
		});
	}

	test('are asked by a slash word, and voted in by the list of answers', async () => {
		const {screen, fake} = await open();
		screen.press(`/poll what for dessert? | cake | ice${enter}`);
		await screen.waitFor(/poll +what for dessert\?/);
		acceptNext(sample.account, lunch);
		tell(screen);
		await screen.waitFor('0 votes · /vote 1 for the first');
		await select(screen, 'what for dessert?');
		await screen.waitFor('V vote');
		screen.press('V');
		await screen.waitFor('Vote: what for dessert?');
		screen.press(down);
		screen.press(enter);
		await screen.waitFor(/2 ● ice/);
		assert.deepEqual(
			fake.of('send').map(({type, content}) => [type, asObject(content)['org.matrix.msc3381.poll.response']]),
			[
				['org.matrix.msc3381.poll.start', undefined],
				['org.matrix.msc3381.poll.response', {answers: ['2']}],
			],
		);
		screen.press(escape);
	});

	test('end after a question, and then nobody votes', async () => {
		const {screen} = await open();
		screen.press(`/poll what for dessert? | cake | ice${enter}`);
		await screen.waitFor(/poll +what for dessert\?/);
		acceptNext(sample.account, lunch);
		tell(screen);
		await screen.waitFor('0 votes');
		screen.press(`/endpoll${enter}`);
		await screen.waitFor('End the poll “what for dessert?” for everybody?');
		screen.press('y');
		await screen.waitFor('ended · 0 votes');
		acceptNext(sample.account, lunch);
		tell(screen);
		await screen.waitFor('the poll has ended');
		screen.press(`/vote 1${enter}`);
		await screen.waitFor('There is no open poll here.');
		assert.equal(waiting(sample.account, lunch).filter(({state}) => state !== 'sent').length, 0);
	});

	test('of others are not ended, numbers are checked, and hidden results stay hidden', async () => {
		sample.account.sync({id: lunch, timeline: [poll({kind: 'org.matrix.msc3381.poll.undisclosed'})]});
		const {screen} = await open();
		await screen.waitFor(/0 votes · \/vote 1 for the first · hidden/);
		screen.press(`/endpoll${enter}`);
		await screen.waitFor('There is no open poll here.');
		screen.press(`/vote 3${enter}`);
		await screen.waitFor('The answers have the numbers 1 to 2: /vote 1');
		screen.press(`/vote 1 2${enter}`);
		await screen.waitFor('In this poll you can choose one.');
	});
});
