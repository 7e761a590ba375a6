/** What is done to messages of a person's other networks: in the room of the message, which is told before. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {select, walk} from './message-scene.ts';
import {waiting} from './message-session.ts';
import {altR, bodies, enter, openAnna, shown} from './person-scene.ts';
import {addAnna, annaSays, iSay, onMatrix, onSignal, onWhatsApp} from './sample-person.ts';
import {setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

suite('a message of another network of the person', () => {
	test('is answered where it was said, which is told before', async () => {
		const salad = annaSays(onSignal, 'bring the salad', '12:31');
		addAnna(sample.account, [[salad], [annaSays(onWhatsApp, 'look at this', '12:33')], []]);
		const {screen} = await openAnna(sample);
		await screen.waitFor('WA>');
		await select(screen, 'bring the salad');
		screen.press('r');
		await screen.waitFor('Replying on Signal.');
		await screen.waitFor('SG>');
		assert.match(shown(screen), /replying to Anna: bring the salad/);
		screen.press('with walnuts\r');
		await screen.waitFor(/SG> *$/m);
		const [row] = waiting(sample.account, onSignal.id);
		assert.deepEqual(row?.content['m.relates_to'], {'m.in_reply_to': {event_id: salad.event_id}});
		assert.deepEqual(bodies(sample, onWhatsApp.id), []);
	});

	test('keeps an answer that was begun where it belongs, when the network is turned', async () => {
		addAnna(sample.account);
		const {screen} = await openAnna(sample);
		await select(screen, 'look at this');
		screen.press('r');
		await screen.waitFor('replying to Anna: look at this');
		screen.press('nice');
		await screen.waitFor('WA> nice');
		screen.press(altR);
		await screen.waitFor('Your answer stays on WhatsApp.');
		await screen.waitFor(/MX> *$/m);
		screen.press('/via whatsapp\r');
		await screen.waitFor('WA> nice');
		assert.match(shown(screen), /replying to Anna: look at this/);
	});

	test('is reacted to, removed and edited in its own room', async () => {
		const salad = annaSays(onSignal, 'bring the salad', '12:31');
		const mine = iSay('on my way', '12:20');
		addAnna(sample.account, [[salad], [annaSays(onWhatsApp, 'look at this', '12:33')], [mine]]);
		const {screen, fake} = await openAnna(sample);
		await screen.waitFor('WA>');
		await select(screen, 'bring the salad');
		screen.press('+');
		await screen.waitFor('Reacting on Signal.');
		screen.press('thumbs up\r');
		await screen.waitFor(() => fake.of('react').length > 0);
		assert.deepEqual(
			fake.of('react').map(({roomId, eventId}) => [roomId, eventId]),
			[[onSignal.id, salad.event_id]],
		);
		await screen.waitFor('SG>');
		await walk(screen, 'k', 'on my way');
		screen.press('d');
		await screen.waitFor(/Remove your message/);
		screen.press('y');
		await screen.waitFor(() => fake.of('redact').length > 0);
		assert.deepEqual(
			fake.of('redact').map(({roomId}) => roomId),
			[onMatrix.id],
		);
		await screen.waitFor('MX>');
	});

	test('of the account is edited by Up from an empty composer, wherever it went', async () => {
		addAnna(sample.account, [[], [annaSays(onWhatsApp, 'look at this', '12:33')], [iSay('sent to Matrix', '12:40')]]);
		const {screen} = await openAnna(sample);
		await screen.waitFor('WA>');
		screen.press('\u001B[A');
		await screen.waitFor('MX> sent to Matrix');
		assert.match(shown(screen), /Editing on Matrix\./);
		screen.press(` now${enter}`);
		await screen.waitFor(() => bodies(sample, onMatrix.id).length > 0);
		assert.deepEqual(bodies(sample, onWhatsApp.id), []);
	});

	test('is looked at without writing to its network', async () => {
		addAnna(sample.account);
		const {screen} = await openAnna(sample);
		await select(screen, 'hello from Matrix');
		screen.press('v');
		await screen.waitFor(onMatrix.user);
		assert.match(shown(screen), /Anna.*WA WhatsApp/);
	});

	test('is copied and forwarded together with others, but not removed with them', async () => {
		addAnna(sample.account, [
			[iSay('sent to Signal', '12:40')],
			[annaSays(onWhatsApp, 'look at this', '12:33'), iSay('sent to WhatsApp', '12:41')],
			[],
		]);
		const {screen, fake} = await openAnna(sample);
		await select(screen, 'sent to WhatsApp');
		screen.press(' ');
		await screen.waitFor('1 chosen');
		screen.press('k ');
		await screen.waitFor('2 chosen');
		screen.press('d');
		await screen.waitFor('What is chosen is of several networks: choose messages of one of them.');
		assert.equal(fake.of('redact').length, 0);
		screen.press('y');
		await screen.waitFor('2 messages are copied');
	});
});
