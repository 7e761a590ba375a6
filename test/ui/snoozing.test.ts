/** Triage on the screen: later, done, no reply needed; and where such rooms are found again. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {
	anna,
	addLunch,
	addRooms,
	altDown,
	lunch,
	setUpSampleScreen,
	type SampleScreenOptions,
} from './sample-screen.ts';
import {now, text} from './sample-account.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const altI = '\u001Bi';
const alt = (key: string): string => `\u001B${key}`;

/** The engine keeps its marks as account data of the room; so does this one. */
const keep = (type: string, content: JsonObject): void => {
	sample.account.sync({id: lunch, accountData: [{type, content}]});
};

/** The lunch, in which Anna has the last word, among other rooms. */
const open = async (size: SampleScreenOptions = {}) => {
	const {account} = sample;
	addRooms(account, 2);
	const rid = addLunch(account);
	account.account.write(() => account.writer.applyDirectRooms({[anna]: [lunch]}));
	const newest = (): JsonObject => {
		const mark = account.writer.attention.newest(rid);
		return {event_id: mark?.eventId, origin_server_ts: mark?.time};
	};
	const opened = await sample.open({
		columns: 120,
		rows: 40,
		...size,
		answers: {
			snooze: async ({until}: {readonly until?: number}) => {
				keep('chat.mx.snooze', until === undefined ? {} : {until, ...newest()});
				return {};
			},
			dismissReply: async ({isDismissed}: {readonly isDismissed: boolean}) => {
				keep('chat.mx.reply', isDismissed ? newest() : {});
				return {};
			},
			setSection: async ({section}: {readonly section: string}) => {
				keep('m.tag', {tags: section === 'archived' ? {'u.archived': newest()} : {}});
				return {};
			},
		},
	});
	opened.screen.press(altDown);
	await opened.screen.waitFor('Sunday lunch');
	// The inbox covers the room in a small terminal.
	if ((size.columns ?? 120) < 60) opened.screen.press(enter);
	await opened.screen.waitFor('the salad, please');
	const rowOf = (lines: readonly string[]): string => lines.find(line => /^ .{0,3}Sunday lunch.*│/.test(line)) ?? '';
	return {...opened, rid, rowOf, account};
};

suite('triage', () => {
	test('z offers when, and again brings the room back; it is in a list of its own meanwhile', async () => {
		const {screen, fake, rowOf} = await open();
		screen.press(altI);
		await screen.waitFor('Enter goes to Sunday lunch');
		screen.press('z');
		await screen.waitFor('See Sunday lunch again');
		await screen.waitFor(/Tomorrow +tomorrow at 09:00/);
		await screen.waitFor(/If nobody answers within 2 days/);
		screen.press('tom');
		await screen.waitFor(lines => !lines.join().includes('Next week'));
		screen.press(enter);
		await screen.waitFor('Sunday lunch is away, and comes back tomorrow at 09:00');
		const [request] = fake.of('snooze');
		assert.equal(request?.['roomId'], lunch);
		assert.equal(request?.['isUnlessAnswered'], false);
		screen.press(altDown);
		await screen.waitFor('words in 0');
		await screen.waitFor(lines => rowOf(lines) === '');
		screen.press(alt('6'));
		await screen.waitFor(/INBOX · snoozed +1 /);
		await screen.waitFor(lines => rowOf(lines).includes('◔'));
		screen.press('/go Sunday lunch' + enter);
		await screen.waitFor('the salad, please');
		screen.press(altI);
		await screen.waitFor('Enter goes to Sunday lunch');
		screen.press('z');
		await screen.waitFor('Sunday lunch is back.');
		assert.deepEqual(fake.of('snooze').at(-1), {roomId: lunch});
		await screen.waitFor('nothing is snoozed');
	});

	test('/snooze takes a time, asks without one, and says what is none', async () => {
		const {screen, fake} = await open();
		screen.press(`/snooze whenever${enter}`);
		await screen.waitFor('Write when: later, tomorrow, next week');
		screen.press(`/snooze no answer 3h${enter}`);
		await screen.waitFor('if nobody answers');
		assert.deepEqual(fake.of('snooze'), [{roomId: lunch, until: now + 3 * 3_600_000, isUnlessAnswered: true}]);
		screen.press(`/unsnooze${enter}`);
		await screen.waitFor('Sunday lunch is back.');
		screen.press(`/unsnooze${enter}`);
		await screen.waitFor('Sunday lunch is not snoozed.');
		screen.press(`/snooze${enter}`);
		await screen.waitFor('See Sunday lunch again');
		screen.press('someday');
		await screen.waitFor('That is no time.');
		screen.press('\u0015in 2 hours');
		await screen.waitFor(/in 2 hours +at 14:45/);
	});

	test('who waits for a reply is marked and listed, until it is answered or said to be done with', async () => {
		const {screen, fake, rowOf, account, rid} = await open();
		await screen.waitFor(lines => /Sunday lunch +↩ \dm +12:39/.test(rowOf(lines)));
		screen.press(alt('4'));
		await screen.waitFor(/INBOX · needs reply +1 /);
		screen.press(`/no-reply${enter}`);
		await screen.waitFor('Sunday lunch needs no reply until the next message');
		assert.deepEqual(fake.of('dismissReply'), [{roomId: lunch, isDismissed: true}]);
		// It stays under the cursor until another list is chosen.
		await screen.waitFor(lines => rowOf(lines) !== '' && !rowOf(lines).includes('↩'));
		screen.press(`/noreply${enter}`);
		await screen.waitFor('Sunday lunch needs a reply again.');
		await screen.waitFor(lines => rowOf(lines).includes('↩'));
		screen.press(`/noreply${enter}`);
		await screen.waitFor('needs no reply until the next message');
		account.sync({id: lunch, timeline: [text(anna, 'hello?')]});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor(lines => rowOf(lines).includes('↩'));
	});

	test('a room that nobody waits in says so', async () => {
		const {screen, fake} = await open();
		screen.press(altDown);
		await screen.waitFor('words in 0');
		screen.press(`/noreply${enter}`);
		await screen.waitFor('Nobody waits for your reply in Room 0.');
		assert.equal(fake.of('dismissReply').length, 0);
	});

	test('what is done is away when another room is opened, and back with the next message', async () => {
		const {screen, rowOf, account, rid} = await open();
		screen.press(`/done${enter}`);
		await screen.waitFor('Sunday lunch is away until something comes in: Alt-7 shows it.');
		screen.press(altDown);
		await screen.waitFor('words in 0');
		await screen.waitFor(lines => rowOf(lines) === '');
		account.sync({id: lunch, timeline: [text(anna, 'hello?')]});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor(lines => rowOf(lines) !== '');
	});

	test('without an open room there is nothing to snooze', async () => {
		addRooms(sample.account, 1);
		const {screen} = await sample.open();
		screen.press(`/snooze tomorrow${enter}`);
		await screen.waitFor('Not now: no room is open.');
	});

	for (const [columns, rows] of [
		[80, 24],
		[40, 12],
	] as const)
		test(`the list of times stands at ${columns}×${rows}`, async () => {
			const {screen} = await open({columns, rows});
			screen.press(`/snooze${enter}`);
			await screen.waitFor('See Sunday lunch again');
			await screen.waitFor(/Next week +/);
			await screen.waitFor(/nobody answers within 2/);
			assert.deepEqual(screen.problems, []);
		});
});
