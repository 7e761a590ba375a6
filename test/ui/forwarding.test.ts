/** Forwarding messages to other rooms, and reporting them to those who run the server. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {enter, escape, marked, select, setUpMessages, waitUntilGone} from './message-scene.ts';
import {waiting} from './message-session.ts';
import {event, me, member, state, text, type SampleRoom} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, question, open} = setUpMessages();

const kitchen = '!kitchen:one.test';

const addKitchen = (more: Partial<SampleRoom> = {}): void =>
	void sample.account.sync({
		state: [state('m.room.name', '', {name: 'Kitchen'}), member(me, 'Alice')],
		timeline: [text('@zoe:one.test', 'soup', {origin_server_ts: 1})],
		...more,
		id: kitchen,
	});

const sentTo = (roomId: string) => waiting(sample.account, roomId).map(({content}) => content);

suite('forwarding', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`f offers the rooms, and sends what was said to the one that is chosen, at ${columns}×${rows}`, async () => {
			addKitchen();
			const {screen} = await open({columns, rows});
			await select(screen, 'are you coming');
			screen.press('f');
			await screen.waitFor('Forward to');
			screen.press('kit');
			await screen.waitFor(lines => !lines.some(line => line.includes('Sunday lunch') && !line.includes('│')));
			screen.press(enter);
			await screen.waitFor('The message is forwarded to Kitchen.');
			assert.deepEqual(sentTo(kitchen), [{msgtype: 'm.text', body: 'are you coming on sunday?', 'm.mentions': {}}]);
			assert.deepEqual(sentTo(lunch), []);
			assert.deepEqual(screen.problems, []);
		});
	}

	test('several go in their order, without what tied them to the room', async () => {
		addKitchen();
		sample.account.sync({
			id: lunch,
			timeline: [
				event(anna, {
					msgtype: 'm.text',
					body: '> <@alice:one.test> yes!\n\n@alice look',
					format: 'org.matrix.custom.html',
					formatted_body: '<mx-reply><blockquote>yes!</blockquote></mx-reply><b>look</b>',
					'm.mentions': {user_ids: [me]},
					'm.relates_to': {'m.in_reply_to': {event_id: question().event_id}},
				}),
			],
		});
		const {screen} = await open();
		await select(screen, '┃ Anna Kowalska');
		screen.press(' k ');
		await screen.waitFor('2 chosen');
		screen.press('f');
		await screen.waitFor('Forward 2 messages to');
		screen.press(`kitchen${enter}`);
		await screen.waitFor('2 messages are forwarded to Kitchen.');
		assert.deepEqual(sentTo(kitchen), [
			{msgtype: 'm.text', body: 'the salad, please', 'm.mentions': {}},
			{
				msgtype: 'm.text',
				body: '@alice look',
				format: 'org.matrix.custom.html',
				formatted_body: '<b>look</b>',
				'm.mentions': {},
			},
		]);
		await waitUntilGone(screen, '2 chosen');
	});

	test('what was encrypted goes into a room that is not only after a question', async () => {
		addKitchen();
		const secret = event(anna, {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's'}, {type: 'm.room.encrypted'});
		sample.account.sync({id: lunch, timeline: [secret]});
		const {screen} = await open();
		screen.press(`/forward Kitchen${enter}`);
		// The newest message that can be read is meant.
		await screen.waitFor('The message is forwarded to Kitchen.');
		assert.equal(sentTo(kitchen)[0]?.['body'], 'the salad, please');
		screen.press(escape);
		await waitUntilGone(screen, 'is forwarded');
		await select(screen, 'decrypting');
		screen.press('f');
		await screen.waitFor('The message cannot be read.');
		const content = {msgtype: 'm.text', body: 'the code is 7'};
		sample.account.writer.events.decrypted(sample.account.pkOf(secret.event_id), {
			type: 'm.room.message',
			content,
			shield: undefined,
		});
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		await screen.waitFor('the code is 7');
		screen.press('f');
		await screen.waitFor('Forward to');
		screen.press(`kitchen${enter}`);
		await screen.waitFor('Kitchen is not encrypted, this is. Forward it all the same?');
		screen.press('n');
		await waitUntilGone(screen, 'all the same');
		assert.equal(sentTo(kitchen).length, 1);
		screen.press(`f`);
		screen.press(`kitchen${enter}`);
		await screen.waitFor('all the same');
		screen.press('y');
		await screen.waitFor('The message is forwarded to Kitchen.');
		assert.deepEqual(sentTo(kitchen)[1], {...content, 'm.mentions': {}});
	});

	test('a room that is not there, or that the person is not in, is said', async () => {
		const {screen} = await open();
		addKitchen({category: 'invite', state: [state('m.room.name', '', {name: 'Kitchen'})]});
		screen.press(`/forward nowhere${enter}`);
		await screen.waitFor('There is no room nowhere.');
		screen.press(`/forward Kitchen${enter}`);
		await screen.waitFor('You are not in Kitchen.');
	});
});

suite('reporting', () => {
	test('a report has a reason and is asked for; own messages are not reported', async () => {
		const {screen, fake} = await open();
		screen.press(`/report${enter}`);
		await screen.waitFor('Write /report REASON');
		screen.press(`\u0015/report spam and lies${enter}`);
		await screen.waitFor('Report this message of Anna Kowalska to those who');
		screen.press('n');
		await waitUntilGone(screen, 'Report this message');
		assert.deepEqual(fake.of('report'), []);
		await select(screen, 'are you coming');
		screen.press(':');
		screen.press(`report spam and lies${enter}`);
		await screen.waitFor('Report this message of Anna');
		screen.press('y');
		await screen.waitFor('Reported.');
		assert.deepEqual(fake.of('report'), [{roomId: lunch, eventId: question().event_id, reason: 'spam and lies'}]);
		// The message stays selected until Esc; the next one takes the sentence away.
		screen.press(escape);
		await screen.waitFor(() => marked(screen) === '');
		screen.press(escape);
		await waitUntilGone(screen, 'Reported.');
		await select(screen, 'yes!');
		screen.press(':');
		screen.press(`report me${enter}`);
		await screen.waitFor('This is your own message.');
	});
});
