/** The lists of pins and of threads with a person open: those of all of their chats. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {marked, waitUntilGone} from './message-scene.ts';
import {bodies, enter, openAnna, shown, tell} from './person-scene.ts';
import {at, event, me, state, type SampleEvent} from './sample-account.ts';
import {addAnna, annaSays, onMatrix, onSignal, onWhatsApp, type SampleChat} from './sample-person.ts';
import {setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const escape = '\u001B';
const down = '\u001B[B';
const altT = '\u001Bt';
const sizes = [
	[80, 24],
	[120, 40],
	[40, 12],
] as const;

const pins = (...events: readonly SampleEvent[]) =>
	state('m.room.pinned_events', '', {pinned: events.map(({event_id: id}) => id)});

const mayPin = state('m.room.power_levels', '', {users: {[me]: 50}, events: {'m.room.pinned_events': 50}});

const inThread = (chat: SampleChat, root: SampleEvent, body: string, clock: string): SampleEvent =>
	event(
		chat.user,
		{msgtype: 'm.text', body, 'm.relates_to': {rel_type: 'm.thread', event_id: root.event_id}},
		{origin_server_ts: at(clock)},
	);

/** A message on Signal, one on WhatsApp, one on Matrix; what is written last is on WhatsApp. */
const addMessages = () => {
	const salad = annaSays(onSignal, 'bring the salad', '12:31');
	const green = annaSays(onWhatsApp, 'a green one', '12:20');
	const hello = annaSays(onMatrix, 'hello from Matrix', '09:00');
	const rids = addAnna(sample.account, [[salad], [green, annaSays(onWhatsApp, 'look at this', '12:33')], [hello]]);
	return {salad, green, hello, rids};
};

suite('what is pinned in the chats of a person', () => {
	for (const [columns, rows] of sizes)
		test(`is one list with the networks, and to look turns to no other one, at ${columns}×${rows}`, async () => {
			const {salad, green, hello} = addMessages();
			sample.account.sync(
				{id: onSignal.id, state: [pins(salad)]},
				{id: onWhatsApp.id, state: [pins(green)]},
				{id: onMatrix.id, state: [pins(hello)]},
			);
			const {screen} = await openAnna(sample, {columns, rows});
			await screen.waitFor('WA>');
			screen.press(`/pins${enter}`);
			await screen.waitFor('Pinned in all chats');
			await screen.waitFor(/SG Anna +12:31\s*(?:│\s*)?\n[^\n]*bring the salad[^]*WA Anna +12:20[^]*MX Anna +09:00/);
			screen.press(enter);
			await screen.waitFor(() => marked(screen).includes('bring the salad'));
			screen.press(escape);
			await screen.waitFor(() => marked(screen) === '');
			await screen.waitFor('WA>');
			assert.deepEqual(screen.problems, []);
		});

	test('is taken off in its own chat, which is turned to and named; the list stays', async () => {
		const {salad, green} = addMessages();
		sample.account.sync(
			{id: onSignal.id, state: [mayPin, pins(salad)]},
			{id: onWhatsApp.id, state: [mayPin, pins(green)]},
		);
		const {screen, fake} = await openAnna(sample, {columns: 120});
		await screen.waitFor('WA>');
		screen.press(`/pins${enter}`);
		await screen.waitFor(/SG Anna +12:31/);
		screen.press('p');
		await screen.waitFor('The pin is taken off on Signal.');
		assert.deepEqual(fake.of('setPinned'), [{roomId: onSignal.id, eventId: salad.event_id, isPinned: false}]);
		await screen.waitFor('SG>');
		assert.match(shown(screen), /Pinned in all chats/);
		screen.press(down);
		screen.press('p');
		await screen.waitFor('The pin is taken off on WhatsApp.');
		assert.deepEqual(
			fake.of('setPinned').map(({roomId}) => roomId),
			[onSignal.id, onWhatsApp.id],
		);
	});

	test('is copied and forwarded from the list without turning', async () => {
		const {salad} = addMessages();
		sample.account.sync({id: onSignal.id, state: [pins(salad)]});
		const {screen} = await openAnna(sample, {columns: 120});
		screen.press(`/pins${enter}`);
		await screen.waitFor(/SG Anna +12:31/);
		screen.press('y');
		await screen.waitFor(() => screen.output().includes(Buffer.from('bring the salad').toString('base64')));
		screen.press('f');
		await screen.waitFor('Forward to');
		screen.press(escape);
		await screen.waitFor('Pinned in all chats');
		assert.match(shown(screen), /Anna.*WA WhatsApp/);
	});

	test('is loaded from each of the chats; one that cannot be asked keeps the others from nothing', async () => {
		const {rids} = addMessages();
		const far = annaSays(onMatrix, 'long ago', '09:00', 3);
		sample.account.sync(
			{id: onSignal.id, state: [pins(annaSays(onSignal, 'gone', '09:00', 4))]},
			{id: onMatrix.id, state: [pins(far)]},
		);
		const {screen} = await openAnna(sample, {
			columns: 120,
			answers: {
				loadMessages: async ({roomId}: {readonly roomId: string}) => {
					if (roomId === onSignal.id) throw new Error('not now');
					sample.account.account.write(() => sample.account.writer.events.insertLone(rids[2] ?? 0, far));
					return {};
				},
			},
		});
		screen.press(`/pins${enter}`);
		await screen.waitFor('SG the server does not give this one');
		await screen.waitFor(/MX Anna[^]*long ago/);
	});
});

suite('the threads of the chats of a person', () => {
	for (const [columns, rows] of sizes)
		test(`are one list with the networks and what is new, and are gone to where they are, at ${columns}×${rows}`, async () => {
			const {salad, green, rids} = addMessages();
			sample.account.sync(
				{
					id: onSignal.id,
					timeline: [inThread(onSignal, salad, 'with walnuts', '12:36')],
					threads: {[salad.event_id]: {unread: 1, highlights: 0}},
				},
				{id: onWhatsApp.id, timeline: [inThread(onWhatsApp, green, 'no, a red one', '12:40')]},
			);
			const {screen} = await openAnna(sample, {columns, rows});
			await screen.waitFor('WA>');
			screen.press(altT);
			await screen.waitFor('Threads of all chats');
			await screen.waitFor(/WA Anna +a green one[^]*SG Anna +bring the salad[^]*⤷ 1 reply · 1 new, Anna 12:36/);
			screen.press(`${down}${enter}`);
			await screen.waitFor('In the thread on Signal.');
			await screen.waitFor('with walnuts');
			const [signal = 0] = rids;
			sample.account.writer.markThreadRead(signal, salad.event_id);
			tell(screen, rids);
			screen.press('r');
			await screen.waitFor(/SG> *$|SG> *│|in the thread of Anna/m);
			screen.press('and pears\r');
			await screen.waitFor(() => bodies(sample, onSignal.id).length > 0);
			assert.deepEqual(bodies(sample, onWhatsApp.id), []);
			assert.deepEqual(screen.problems, []);
		});

	test('are there again behind the thread that was opened from the list', async () => {
		const {salad, green} = addMessages();
		sample.account.sync(
			{id: onSignal.id, timeline: [inThread(onSignal, salad, 'with walnuts', '12:36')]},
			{id: onWhatsApp.id, timeline: [inThread(onWhatsApp, green, 'no, a red one', '12:40')]},
		);
		const {screen} = await openAnna(sample, {columns: 120});
		screen.press(altT);
		await screen.waitFor('Threads of all chats');
		screen.press(`${down}${enter}`);
		await screen.waitFor('In the thread on Signal.');
		await screen.waitFor('r writes · Enter shows');
		screen.press(escape);
		await screen.waitFor('Threads of all chats');
		screen.press(`\u001B[A${enter}`);
		await screen.waitFor('no, a red one');
		await screen.waitFor('In the thread on WhatsApp.');
		await waitUntilGone(screen, 'SG>');
	});
});
