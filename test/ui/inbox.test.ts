/** The inbox as a place: filters, narrowing, and what its rooms are marked with, by keys and by words. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {parseMuteTime} from '../../source/ui/triage-actions.ts';
import {now, state, text} from './sample-account.ts';
import {addLunch, addRooms, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;

const down = '\u001B[B';
const escape = '\u001B';
const altI = '\u001Bi';
const alt = (key: string): string => `\u001B${key}`;

suite('the inbox', () => {
	test('filters by Alt and a number, and by Tab', async () => {
		addRooms(sample.account, 3);
		addLunch(sample.account, {unread: 2});
		const {screen} = await open();
		screen.press(alt('2'));
		await screen.waitFor(/INBOX · unread +1 /);
		assert.ok(!screen.lines().some(line => line.includes('Room 1')));
		screen.press('\t');
		await screen.waitFor('nobody has mentioned you');
		screen.press('\u001B[Z\u001B[Z');
		await screen.waitFor(/INBOX +1 unread · 4/);
		screen.press(alt('9'));
		await screen.waitFor('There is no such space');
	});

	test('shows the rooms of a space by its name', async () => {
		addRooms(sample.account, 3);
		sample.account.sync({
			id: '!space:one.test',
			state: [
				state('m.room.create', '', {type: 'm.space'}),
				state('m.room.name', '', {name: 'House \u001B[31m'}),
				state('m.space.child', '!room1:one.test', {via: ['one.test']}),
			],
		});
		const {screen} = await open();
		screen.press('/inbox hou\r');
		await screen.waitFor(/INBOX · House .* 1 │/);
		assert.ok(!screen.lines().some(line => line.includes('Room 2')));
		screen.press(alt('8') + alt('1') + alt('8'));
		await screen.waitFor(/INBOX · House/);
	});

	test('is narrowed by a name as it is typed; Enter goes there, Esc shows all again', async () => {
		addRooms(sample.account, 6);
		addLunch(sample.account);
		const {screen} = await open({columns: 92});
		screen.press('/SUN');
		await screen.waitFor(/^ \/SUN▏ +1 │/m);
		assert.ok(!screen.lines().some(line => line.includes('Room 1')));
		screen.press('\u007F\u007F\u007F');
		await screen.waitFor('Room 1');
		screen.press(escape);
		await screen.waitFor('INBOX');
		screen.press('/5');
		await screen.waitFor(lines => !lines.some(line => line.includes('Room 1')));
		screen.press('\r');
		await screen.waitFor('Enter sends to Room 5');
		await screen.waitFor('INBOX');
	});

	test('what was typed there runs as a command where no room is called so, but never what was pasted', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press('/');
		await screen.waitFor('/▏');
		await screen.paste('quit');
		screen.press('\r');
		await screen.waitFor('No room is called quit.');
		screen.press('/go Sunday lunch\r');
		await screen.waitFor('Enter sends to Sunday lunch');
	});

	test('letters are keys there: sections, unread, read and mute', async () => {
		addRooms(sample.account, 2);
		const rid = addLunch(sample.account);
		const {screen, fake} = await open();
		screen.press('\r');
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(altI);
		await screen.waitFor('Enter goes to Sunday lunch');
		screen.press('*');
		await screen.waitFor('Sunday lunch is a favourite now.');
		screen.press('l');
		await screen.waitFor('Sunday lunch is below all others now.');
		screen.press('e');
		await screen.waitFor('Sunday lunch is away');
		assert.deepEqual(fake.of('setSection'), [
			{roomId: lunch, section: 'favourite'},
			{roomId: lunch, section: 'low'},
			{roomId: lunch, section: 'archived'},
		]);
		screen.press('U');
		await screen.waitFor(() => fake.of('markUnread').length === 1);
		const marked = fake.of('markRead').length;
		sample.account.execute('UPDATE room SET is_marked_unread = 1 WHERE rid = ?', rid);
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor('1 unread');
		assert.equal(fake.of('markRead').length, marked);
		screen.press('m');
		await screen.waitFor('Mute Sunday lunch? 1 1 hour · 8 8 hours · f for ever');
		screen.press('8');
		await screen.waitFor(/Sunday lunch is muted, and tells you again (at|tomorrow at) \d\d:\d\d/);
		assert.deepEqual(fake.of('mute'), [{roomId: lunch, isMuted: true, until: now + 8 * 3_600_000}]);
		screen.press('x');
		await screen.waitFor('x is no key here');
		screen.press(escape + escape);
		await screen.waitFor('Enter sends to Sunday lunch');
	});

	test('the same by words, with a reason where it is not possible', async () => {
		addRooms(sample.account, 2);
		const {screen, fake} = await open({answers: {markAllRead: async () => ({count: 2})}});
		screen.press('/low\r');
		await screen.waitFor('Not now: no room is open.');
		screen.press(`${down}\r`);
		await screen.waitFor('Enter sends to Room 0');
		for (const line of ['/fav', '/mute 30m', '/mute never', '/unmute', '/tag work', '/read all', '/markunread'])
			screen.press(`${line}\r`);
		await screen.waitFor(() => fake.of('markUnread').length === 1);
		const roomId = '!room0:one.test';
		assert.deepEqual(fake.of('setSection'), [{roomId, section: 'favourite'}]);
		assert.deepEqual(fake.of('mute'), [
			{roomId, isMuted: true, until: now + 1_800_000},
			{roomId, isMuted: false},
		]);
		assert.deepEqual(fake.of('setTag'), [{roomId, tag: 'work', isSet: true}]);
		assert.equal(fake.of('markAllRead').length, 1);
	});

	test('a failed request says why', async () => {
		addLunch(sample.account);
		const {screen} = await open({
			answers: {
				setSection: async () => {
					throw new Error('the server is away');
				},
			},
		});
		screen.press('\r');
		screen.press('/fav\r');
		await screen.waitFor('the server is away');
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`stands at ${columns}×${rows} in every filter, with hostile names`, async () => {
			for (const [index, name] of ['\u202Eevil', '\u001B[2J', '漢字'.repeat(60), 'a\u0301\u0302\u0303'].entries())
				sample.account.sync({
					id: `!hostile${index}:one.test`,
					state: [
						state('m.room.name', '', {name}),
						...(index === 2 ? [state('m.room.create', '', {type: 'm.space'})] : []),
					],
					timeline: [text('@zoe:one.test', 'hi')],
					unread: index,
				});
			const {screen} = await open({columns, rows});
			for (const key of ['1', '2', '3', '4', '5', '6', '7', '8']) {
				screen.press(alt(key));
				await screen.waitFor(/ INBOX/);
				assert.match(screen.lines()[0] ?? '', /mx · /);
			}
			screen.press('/漢\u001B');
			await screen.waitFor(/ INBOX/);
			assert.deepEqual(screen.problems, []);
		});
	}

	test('times of a mute are minutes, hours, days or weeks', () => {
		assert.equal(parseMuteTime('30m'), 1_800_000);
		assert.equal(parseMuteTime('8H'), 28_800_000);
		assert.equal(parseMuteTime('for ever'), 'ever');
		assert.equal(parseMuteTime('99999w'), 'ever');
		for (const text of ['', '0h', '-1h', '1', 'h', '1.5h', '9'.repeat(400) + 'h'])
			assert.equal(parseMuteTime(text), undefined);
	});
});
