/** The rooms of a person while their timeline is open: read, missing, left, found again, falling apart. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {escape, marked, waitUntilGone} from './message-scene.ts';
import {altR, enter, openAnna, shown, tell} from './person-scene.ts';
import {at, state, text, type SampleEvent} from './sample-account.ts';
import {addAnna, annaSays, chats, linkPeople, onMatrix, onSignal, onWhatsApp} from './sample-person.ts';
import {addLunch, altDown, altUp, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const altA = '\u001Ba';
const altU = '\u001Bu';

suite('the rooms of a person', () => {
	test('are all read once their end is seen', async () => {
		addAnna(sample.account);
		const fresh = chats.map(chat => annaSays(chat, `new by ${chat.protocol ?? 'matrix'}`, '12:40'));
		chats.forEach(({id}, index) => sample.account.sync({id, timeline: [fresh[index]], unread: 1}));
		const {screen, fake} = await openAnna(sample);
		await screen.waitFor('new by matrix');
		await screen.waitFor(() => new Set(fake.of('markRead').map(({roomId}) => roomId)).size === 3);
		const marked = new Set(fake.of('markRead').map(({eventId}) => eventId));
		assert.deepEqual(marked, new Set(fresh.map(({event_id: eventId}) => eventId)));
		// None of them is marked over and over.
		assert.equal(fake.of('markRead').length, 3);
	});

	test('stay unread, all of them, with /markunread, also when the network is turned', async () => {
		const rids = addAnna(sample.account);
		const {screen, fake} = await openAnna(sample);
		await screen.waitFor(() => fake.of('markRead').length === 3);
		screen.press(`/markunread${enter}`);
		await screen.waitFor(() => fake.of('markUnread').length === 3);
		for (const rid of rids) sample.account.execute('UPDATE room SET is_marked_unread = 1 WHERE rid = ?', rid);
		tell(screen, rids);
		screen.press(altR);
		await screen.waitFor('MX>');
		screen.press('x');
		await screen.waitFor('MX> x');
		assert.equal(fake.of('markRead').length, 3);
	});

	test('say with their network who types, where it is not the one that is written to', async () => {
		const [signal = 0, whatsapp = 0] = addAnna(sample.account);
		const {screen} = await openAnna(sample);
		screen.notify({kind: 'typing', rid: whatsapp, users: [onWhatsApp.user]});
		await screen.waitFor('Anna is typing');
		screen.notify({kind: 'typing', rid: whatsapp, users: []});
		screen.notify({kind: 'typing', rid: signal, users: [onSignal.user]});
		await screen.waitFor('Anna on Signal is typing');
	});

	test('show what comes into any of them at once', async () => {
		const [signal = 0] = addAnna(sample.account);
		const {screen} = await openAnna(sample);
		sample.account.sync({id: onSignal.id, timeline: [annaSays(onSignal, 'news by Signal', '12:44')], unread: 1});
		tell(screen, [signal]);
		await screen.waitFor(/SG +news by Signal/);
		assert.match(shown(screen), /WA>/);
	});

	test('ask the server for older messages of the one in which they are missing', async () => {
		addAnna(sample.account, [
			[annaSays(onSignal, 'long ago', '09:00', 3)],
			[annaSays(onWhatsApp, 'look at this', '12:33')],
			[],
		]);
		sample.account.sync({
			id: onSignal.id,
			timeline: [annaSays(onSignal, 'after the hole', '12:00')],
			isLimited: true,
			previousToken: 'between',
		});
		const {screen, fake} = await openAnna(sample);
		await screen.waitFor(() => fake.of('loadOlder').length > 0);
		const [request] = fake.of('loadOlder');
		assert.equal(request?.['roomId'], onSignal.id);
		const at = sample.account.account.database
			.prepare("SELECT chunk_order FROM chunk WHERE previous_token = 'between'")
			.get();
		assert.deepEqual(request?.['at'], {chunkOrder: Number((at as {chunk_order: bigint}).chunk_order), side: 'older'});
	});

	test('are left and found again as one', async () => {
		addLunch(sample.account);
		addAnna(sample.account);
		const {screen} = await openAnna(sample);
		screen.press(altR);
		await screen.waitFor('MX>');
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		assert.ok(!/MX>|WA>/.test(shown(screen)));
		screen.press(altUp);
		// Where they wrote last again.
		await screen.waitFor('WA>');
	});

	test('fall apart without losing the place, and the open one stays open', async () => {
		const long = (chat: (typeof chats)[number], word: string): readonly SampleEvent[] =>
			Array.from({length: 60}, (_, index) =>
				text(chat.user, `${word} ${index}.`, {
					origin_server_ts: 1_700_000_000_000 + index * 60_000 + (chat === onSignal ? 1 : 0),
				}),
			);
		const rids = addAnna(sample.account, [
			long(onSignal, 'signal'),
			[...long(onWhatsApp, 'whatsapp'), annaSays(onWhatsApp, 'look at this', '12:33')],
			[],
		]);
		const {screen} = await openAnna(sample);
		screen.press('\u001B[5~\u001B[5~');
		await screen.waitFor('older messages');
		const lowest = (): string => screen.lines().findLast(line => /(?:signal|whatsapp) \d+\./.test(line)) ?? '';
		const number = Number(/(\d+)\./.exec(lowest())?.[1]);
		linkPeople(sample.account, []);
		tell(screen, rids);
		await screen.waitFor(lines => !lines.some(line => line.includes('signal ')));
		await waitUntilGone(screen, 'WA>');
		assert.ok(Math.abs(Number(/(\d+)\./.exec(lowest())?.[1]) - number) <= 1, lowest());
		linkPeople(
			sample.account,
			chats.map(({user}) => user),
		);
		tell(screen, rids);
		await screen.waitFor('WA>');
		await screen.waitFor(lines => lines.some(line => line.includes('signal ')));
	});

	test('come together while one is open; the line above what was not read stays where it is', async () => {
		const rids = addAnna(sample.account, undefined, {isApart: true});
		sample.account.sync({id: onWhatsApp.id, timeline: [annaSays(onWhatsApp, 'look at this too', '12:40')], unread: 1});
		const {screen, fake} = await sample.open({columns: 100, rows: 30});
		screen.press(`/go ${onWhatsApp.id}\r`);
		await screen.waitFor(/━ new ━[^]*look at this too/);
		await screen.waitFor(() => fake.of('markRead').length === 1);
		sample.account.execute('UPDATE room SET unread_count = 0 WHERE rid = ?', rids[1] ?? 0);
		linkPeople(
			sample.account,
			chats.map(({user}) => user),
		);
		tell(screen, rids);
		await screen.waitFor('WA>');
		await screen.waitFor(/bring the salad[^]*look at this\n[^]*━ new ━[^]*look at this too/);
	});

	test('are the ways of the timeline as long as one is in them', async () => {
		const rids = addAnna(sample.account);
		const {screen} = await openAnna(sample);
		sample.account.sync({id: onMatrix.id, category: 'leave'});
		sample.account.sync({
			id: onSignal.id,
			state: [state('m.room.tombstone', '', {replacement_room: '!next:one.test'})],
		});
		tell(screen, rids);
		await screen.waitFor(lines => !lines.some(line => line.includes('hello from Matrix')));
		screen.press(altR);
		await screen.waitFor(/one network only|SG>|no other way/);
	});

	test('are opened by what leads to one of them, with that one to write to', async () => {
		addLunch(sample.account);
		const salad = annaSays(onSignal, 'bring the cucumber', '12:31');
		addAnna(sample.account, [[salad], [annaSays(onWhatsApp, 'look at this', '12:33')], []]);
		const {screen} = await sample.open({columns: 100, rows: 30});
		screen.press(`/go ${onSignal.id}\r`);
		await screen.waitFor('SG>');
		await screen.waitFor('look at this');
		screen.press('/via whatsapp\r');
		await screen.waitFor('WA>');
		screen.press('/search cucumber\r');
		await screen.waitFor('in all rooms');
		screen.press(enter);
		await screen.waitFor(() => marked(screen).includes('cucumber'));
		await screen.waitFor('SG>');
	});

	test('are one to jump in: to a day, to what is unread, to what is answered, without turning to another network', async () => {
		const first = annaSays(onSignal, 'the first of that day', '08:00', 2);
		const answer = text(onSignal.user, 'and that', {
			origin_server_ts: at('12:30'),
			content: {msgtype: 'm.text', body: 'and that', 'm.relates_to': {'m.in_reply_to': {event_id: first.event_id}}},
		});
		addAnna(sample.account, [
			[first, answer],
			[annaSays(onWhatsApp, 'later that day', '09:00', 2), annaSays(onWhatsApp, 'look at this', '12:33')],
			[],
		]);
		sample.account.sync({id: onMatrix.id, timeline: [annaSays(onMatrix, 'not read yet', '12:20')], unread: 1});
		const {screen} = await openAnna(sample);
		await screen.waitFor('WA>');
		screen.press(altU);
		await screen.waitFor(() => marked(screen).includes('not read yet'));
		screen.press('jj');
		await screen.waitFor(() => marked(screen).includes('look at this'));
		screen.press('k');
		await screen.waitFor(/▌and that/);
		screen.press(enter);
		await screen.waitFor(() => marked(screen).includes('the first of that day'));
		assert.match(shown(screen), /Anna.*WA WhatsApp/);
		screen.press(escape);
		await screen.waitFor('WA>');
		screen.press('/date 2026-11-23\r');
		await screen.waitFor(() => marked(screen).includes('the first of that day'));
		assert.match(shown(screen), /Anna.*WA WhatsApp/);
	});

	test('are next when one of them is unread', async () => {
		addLunch(sample.account);
		addAnna(sample.account);
		sample.account.sync({id: onSignal.id, timeline: [annaSays(onSignal, 'read me', '12:20')], unread: 1});
		const {screen} = await sample.open({columns: 100, rows: 30});
		screen.press(altA);
		await screen.waitFor('read me');
		await screen.waitFor('SG>');
		assert.match(shown(screen), /look at this/);
		assert.equal(marked(screen), '');
	});
});
