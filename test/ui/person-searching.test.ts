/** Searching with a person open: all of their chats are one, and to look turns to no other network. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {marked} from './message-scene.ts';
import {enter, openAnna, shown} from './person-scene.ts';
import {at, event, state, text} from './sample-account.ts';
import {addAnna, annaSays, onMatrix, onSignal, onWhatsApp} from './sample-person.ts';
import {addLunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const controlF = '\u0006';
const controlU = '\u0015';
const escape = '\u001B';
const sizes = [
	[80, 24],
	[120, 40],
	[40, 12],
] as const;

/** The salad comes up on each network, and in a room of others. */
const addSalad = (): readonly number[] => {
	addLunch(sample.account);
	return addAnna(sample.account, [
		[annaSays(onSignal, 'bring the salad', '12:31')],
		[annaSays(onWhatsApp, 'a green salad', '12:20'), annaSays(onWhatsApp, 'look at this', '12:33')],
		[annaSays(onMatrix, 'no salad for me', '09:00')],
	]);
};

suite('searching with a person open', () => {
	for (const [columns, rows] of sizes)
		test(`finds in all of their chats, says so, and says each network, at ${columns}×${rows}`, async () => {
			addSalad();
			const {screen} = await openAnna(sample, {columns, rows});
			screen.press(controlF);
			await screen.waitFor('Search all chats of Anna');
			screen.press('salad');
			await screen.waitFor('3 in all chats of Anna');
			await screen.waitFor(/SG Anna +12:31/);
			assert.match(shown(screen), /WA Anna +12:20/);
			if (rows > 12) assert.match(shown(screen), /MX Anna +09:00/);
			assert.deepEqual(screen.problems, []);
		});

	test('goes from hit to hit, and writes on where one wrote before', async () => {
		addSalad();
		const {screen} = await openAnna(sample, {columns: 120});
		await screen.waitFor('WA>');
		screen.press(`${controlF}salad`);
		await screen.waitFor('3 in all chats of Anna');
		screen.press(enter);
		await screen.waitFor(() => marked(screen).includes('bring the salad'));
		for (const [place, body] of [
			['2 of 3', 'a green salad'],
			['3 of 3', 'no salad for me'],
		] as const) {
			screen.press('n');
			await screen.waitFor(place);
			await screen.waitFor(() => marked(screen).includes(body));
			assert.match(shown(screen), /Anna.*WA WhatsApp/);
		}
		assert.doesNotMatch(shown(screen), /Writing on/);
		screen.press(escape);
		await screen.waitFor(() => marked(screen) === '');
		// The same chats, whichever of them is open: the list is there again.
		screen.press('/via signal\r');
		await screen.waitFor('SG>');
		screen.press(controlF);
		await screen.waitFor('3 in all chats of Anna');
	});

	test('says where one writes from now on, where a hit is in a thread of another network', async () => {
		const root = annaSays(onSignal, 'the plan', '10:00');
		const reply = event(
			onSignal.user,
			{msgtype: 'm.text', body: 'a salad', 'm.relates_to': {rel_type: 'm.thread', event_id: root.event_id}},
			{origin_server_ts: at('10:05')},
		);
		addAnna(sample.account, [[root, reply], [annaSays(onWhatsApp, 'look at this', '12:33')], []]);
		const {screen} = await openAnna(sample, {columns: 120});
		await screen.waitFor('WA>');
		screen.press(`${controlF}salad`);
		await screen.waitFor('1 in all chats of Anna');
		screen.press(enter);
		await screen.waitFor('Writing on Signal · 1 of 1');
		await screen.waitFor(/Thread .* Esc closes/);
		await screen.waitFor('SG>');
	});

	test('widens to all rooms, where the chats of the person still say their network, and back', async () => {
		addSalad();
		const {screen} = await openAnna(sample, {columns: 120});
		screen.press(`${controlF}salad`);
		await screen.waitFor('3 in all chats of Anna');
		await screen.waitFor('Tab all rooms');
		screen.press('\t');
		await screen.waitFor('4 in all rooms');
		await screen.waitFor(/SG Anna +12:31/);
		await screen.waitFor(/Sunday lunch/);
		await screen.waitFor('Tab this person');
		screen.press('\t');
		await screen.waitFor('3 in all chats of Anna');
	});

	test('in: names one chat alone, on: narrows to a network of theirs', async () => {
		addSalad();
		sample.account.sync({id: onSignal.id, state: [state('m.room.name', '', {name: 'Anna K on her phone'})]});
		const {screen} = await openAnna(sample, {columns: 120});
		screen.press(`${controlF}salad in:phone`);
		await screen.waitFor('1 in the named rooms');
		await screen.waitFor(/SG Anna/);
		screen.press(`${controlU}salad on:whatsapp`);
		await screen.waitFor('1 in all chats of Anna');
		await screen.waitFor(/WA Anna/);
		screen.press(`${controlU}salad -on:whatsapp`);
		await screen.waitFor('2 in all chats of Anna');
		// A network that they are not on.
		screen.press(`${controlU}salad on:irc`);
		await screen.waitFor('No room is on "irc"');
	});

	test('is honest about what of their history is not stored', async () => {
		addSalad();
		for (const {id, user} of [onSignal, onMatrix]) {
			const timeline = [text(user, 'after a hole', {origin_server_ts: at('12:32')})];
			sample.account.sync({id, timeline, isLimited: true, previousToken: 'between'});
		}
		const {screen} = await openAnna(sample, {columns: 120});
		screen.press(`${controlF}salad`);
		await screen.waitFor('3 in all chats of Anna');
		await screen.waitFor('Of 2 of these chats not all history');
		screen.press(`${controlU}soup`);
		await screen.waitFor(/Nothing was found\. Of 2 of these/);
	});
});
