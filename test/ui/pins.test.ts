/** Pinned messages: marked where they stand, listed beside the conversation, pinned and let go by who may. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {enter, escape, marked, select, setUpMessages, tell, waitUntilGone} from './message-scene.ts';
import {at, event, me, state, text} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, question, answer, open} = setUpMessages();

const pins = (...eventIds: readonly unknown[]) => state('m.room.pinned_events', '', {pinned: eventIds as string[]});

const power = (users: Readonly<Record<string, number>>) =>
	event(anna, {users, events: {'m.room.pinned_events': 50}}, {type: 'm.room.power_levels', state_key: ''});

suite('pinned messages', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`they are marked, listed, and shown where they stand, at ${columns}×${rows}`, async () => {
			const far = text(anna, 'long ago', {origin_server_ts: at('09:00', 3)});
			const {screen, fake} = await open({
				columns,
				rows,
				answers: {
					// The server has one that the store lacks, and not the other one.
					loadMessages: async () => {
						sample.account.account.write(() => sample.account.writer.events.insertLone(1, far));
						return {};
					},
				},
			});
			sample.account.sync({id: lunch, state: [pins(far.event_id, question().event_id, '$unknown', 7, null)]});
			tell(screen);
			await screen.waitFor(/are you coming on sunday\?[\s\S]*⚑ pinned/);
			screen.press(`/pins${enter}`);
			await screen.waitFor('Pinned messages');
			await screen.waitFor('the server does not give this one');
			await screen.waitFor('long ago');
			assert.deepEqual(fake.of('loadMessages')[0]?.['eventIds'], [far.event_id, '$unknown']);
			// The newest pin is on top, and what is not stored leads nowhere.
			screen.press(enter);
			await screen.waitFor('What was said around it');
			screen.press('\u001B[B');
			screen.press(enter);
			await screen.waitFor(() => marked(screen).includes('are you coming'));
			assert.deepEqual(screen.problems, []);
		});
	}

	test('p pins for everybody, and again takes the pin off; who may not is told how much power it needs', async () => {
		sample.account.sync({id: lunch, state: [power({})]});
		const {screen, fake} = await open();
		await select(screen, 'yes!');
		screen.press('p');
		await screen.waitFor('You need a power of 50 to pin messages here; yours is 0.');
		assert.deepEqual(fake.of('setPinned'), []);
		sample.account.sync({id: lunch, state: [power({[me]: 50})]});
		tell(screen);
		screen.press('p');
		await screen.waitFor('Pinned for everybody here');
		assert.deepEqual(fake.of('setPinned'), [{roomId: lunch, eventId: answer().event_id, isPinned: true}]);
		sample.account.sync({id: lunch, state: [pins(answer().event_id)]});
		tell(screen);
		await screen.waitFor(/yes![^\n]*\s[^\n]*⚑ pinned/);
		screen.press(':');
		screen.press(`pin${enter}`);
		await screen.waitFor('The message is pinned already.');
		screen.press(`:pins${enter}`);
		await screen.waitFor('Pinned messages');
		screen.press('p');
		await screen.waitFor('The pin is taken off.');
		assert.deepEqual(fake.of('setPinned')[1], {roomId: lunch, eventId: answer().event_id, isPinned: false});
	});

	test('without pins the list says how to make one; without a room, that one has to be open', async () => {
		const {screen} = await open();
		screen.press(`/pins${enter}`);
		await screen.waitFor('Nothing is pinned here: p on a message pins it.');
		screen.press(escape);
		await waitUntilGone(screen, 'Nothing is pinned');
		screen.press(`/unpin${enter}`);
		await screen.waitFor('The message is not pinned.');
	});

	test('the pin of a reply in a thread leads to the thread', async () => {
		const relation = {rel_type: 'm.thread', event_id: question().event_id};
		const reply = event(anna, {msgtype: 'm.text', body: 'we could walk', 'm.relates_to': relation});
		sample.account.sync({id: lunch, timeline: [reply], state: [pins(reply.event_id)]});
		const {screen} = await open();
		screen.press(`/pins${enter}`);
		await screen.waitFor('we could walk');
		screen.press(enter);
		await screen.waitFor('r writes · Enter shows');
		await screen.waitFor(/we could walk.*⚑ pinned/);
	});
});
