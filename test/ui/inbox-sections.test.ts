/** The sections of the inbox by their keys, at every size: folding, going there, moving, reading all of one. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {OpenedScreen} from '../helpers/screen.tsx';
import {state, text, type SampleAccount} from './sample-account.ts';
import {setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const down = '\u001B[B';

const addRoom = (account: SampleAccount, name: string, protocol?: string, unread = 0): void => {
	const [rid = 0] = account.sync({
		id: `!${name}:one.test`,
		state: [state('m.room.name', '', {name})],
		timeline: [text('@anna:one.test', `hello from ${name}`)],
		unread,
	});
	if (protocol !== undefined) account.bridge(rid, {protocol, bot: `@${protocol}bot:one.test`});
};

const storing = () => ({
	setInboxLayout: async ({layout}: {readonly layout: JsonObject}) => {
		sample.account.tell('chat.mx.inbox', layout);
		return {};
	},
	markAllRead: async () => ({count: 2}),
});

/** With the keys in the inbox for somebody who knows it: they pressed one that is no letter. */
const openInbox: typeof sample.open = async options => {
	const opened = await sample.open(options);
	opened.screen.press('\f');
	return opened;
};

const sizes = [
	[80, 24],
	[120, 40],
	[40, 12],
] as const;

suite('the sections of the inbox', () => {
	for (const [columns, rows] of sizes)
		test(`fold, unfold and are gone to by number at ${columns}×${rows}`, async () => {
			addRoom(sample.account, 'Anna', 'signal', 1);
			addRoom(sample.account, 'Jane', 'irc');
			addRoom(sample.account, 'Plain');
			const {screen, fake} = await openInbox({columns, rows, answers: storing()});
			await screen.waitFor('▾ SG Signal');
			screen.press('2');
			await screen.waitFor('▸ Jane');
			screen.press(' ');
			await screen.waitFor('▸ IR IRC');
			assert.ok(!screen.lines().some(line => /^\W*Jane/.test(line)));
			screen.press(down);
			await screen.waitFor('▸ Plain');
			screen.press('\u001B[A\r');
			await screen.waitFor('▾ IR IRC');
			await screen.waitFor('▸ Jane');
			screen.press('K');
			await screen.waitFor(lines => {
				const at = (words: string): number => lines.findIndex(line => line.includes(words));
				return at('▾ IR IRC') < at('▾ SG Signal');
			});
			assert.deepEqual(fake.of('setInboxLayout').at(-1), {
				layout: {is_by_time: false, folded: [], order: ['irc', 'signal', 'matrix']},
			});
		});

	test('g shows all rooms by time with their networks, and g again the sections', async () => {
		addRoom(sample.account, 'Anna', 'signal', 1);
		addRoom(sample.account, 'Plain');
		const {screen} = await openInbox({columns: 120, rows: 40, answers: storing()});
		await screen.waitFor('▾ SG Signal');
		screen.press('g');
		await screen.waitFor('SG Anna');
		await screen.waitFor('All rooms by time: g shows them by network again.');
		assert.ok(!screen.lines().some(line => line.includes('▾')));
		screen.press('K');
		await screen.waitFor('All rooms are in one list: g shows them by network.');
		screen.press('g');
		await screen.waitFor('▾ SG Signal');
	});

	test('R reads a section after a moment, and R again takes it back', async () => {
		addRoom(sample.account, 'Anna', 'signal', 1);
		addRoom(sample.account, 'Mum', 'signal', 2);
		const {screen, fake} = await openInbox({answers: storing()});
		await screen.waitFor('▾ SG Signal');
		screen.press('1R');
		await screen.waitFor(/Signal: \d rooms? will be read; R takes it back/);
		screen.press('R');
		await screen.waitFor('Signal stays as it is.');
		screen.press('R');
		await screen.waitFor(/Signal: \d rooms? will be read/);
		const seen = sample.account.reader.news.last();
		addRoom(sample.account, 'Zoe', 'signal', 3);
		await screen.waitFor('Signal: 2 rooms read.');
		assert.deepEqual(
			fake.of('markAllRead').map(({until}) => until),
			[seen],
		);
	});

	for (const [way, leave] of [
		['Ctrl-C', screen => screen.press('\u0003\u0003')],
		['a terminal that is gone', screen => screen.process.emit('SIGHUP')],
	] as const satisfies ReadonlyArray<readonly [string, (screen: OpenedScreen) => unknown]>)
		test(`R is not lost by ${way} a moment later`, async () => {
			addRoom(sample.account, 'Anna', 'signal', 1);
			const {screen, fake} = await openInbox({answers: storing()});
			await screen.waitFor('▾ SG Signal');
			screen.press('1R');
			await screen.waitFor('R takes it back');
			leave(screen);
			await screen.ended;
			assert.equal(fake.of('markAllRead').length, 1);
		});

	test('R that was taken back is not done when mx ends', async () => {
		addRoom(sample.account, 'Anna', 'signal', 1);
		const {screen, fake} = await openInbox({answers: storing()});
		await screen.waitFor('▾ SG Signal');
		screen.press('1RR');
		await screen.waitFor('Signal stays as it is.');
		screen.process.emit('SIGTERM');
		await screen.ended;
		assert.equal(fake.of('markAllRead').length, 0);
	});

	test('letters that mean a room do nothing on the header of a folded section', async () => {
		addRoom(sample.account, 'Anna', 'signal', 1);
		addRoom(sample.account, 'Plain');
		const {screen, fake} = await openInbox({answers: storing()});
		await screen.waitFor('▾ SG Signal');
		screen.press('1 ');
		await screen.waitFor('▸ SG Signal');
		screen.press(`${down}\u001B[A`);
		screen.press('e');
		await screen.waitFor('the section is folded, Space unfolds it');
		assert.equal(fake.of('setSection').length, 0);
	});

	test('after Space folded the section of the open room its header is marked, and letters do not act on the hidden room', async () => {
		addRoom(sample.account, 'Anna', 'signal', 1);
		addRoom(sample.account, 'Plain');
		const {screen, fake} = await openInbox({answers: storing()});
		await screen.waitFor('▾ SG Signal');
		screen.press('1');
		await screen.waitFor('hello from Anna');
		screen.press(' ');
		await screen.waitFor('▸ SG Signal');
		screen.press('e');
		await screen.waitFor('the section is folded, Space unfolds it');
		// Nor where the room was gone to while its section was folded.
		screen.press(`${down}\u001Bk`);
		await screen.waitFor('Go to');
		screen.press('ann\r');
		await screen.waitFor('Enter sends to Anna');
		screen.press('\u001Bi');
		await screen.waitFor('other rooms');
		screen.press('e');
		await screen.waitFor('the section is folded, Space unfolds it');
		assert.equal(fake.of('setSection').length, 0);
		screen.press('\r');
		await screen.waitFor('▾ SG Signal');
		await screen.waitFor('▸ Anna');
	});

	test('/leave-replaced leaves what others have taken the place of, after a question', async () => {
		const tombstone = state('m.room.tombstone', '', {replacement_room: '!new:one.test'});
		const [first = 0] = sample.account.sync({
			id: '!old:one.test',
			state: [state('m.room.name', '', {name: 'Old'}), tombstone],
		});
		addRoom(sample.account, 'new');
		sample.account.bridge(first, {trust: 'claimed'});
		const {screen, fake} = await openInbox({columns: 120, rows: 40, answers: storing()});
		await screen.waitFor(/^\W*new /m);
		screen.press('/leave-replaced\r');
		await screen.waitFor('Leave 1 room that others have taken the place of?');
		screen.press('y');
		await screen.waitFor('You have left 1 room');
		assert.deepEqual(fake.of('leave'), [{roomId: '!old:one.test'}]);
	});

	test('a click on a header folds its section', async () => {
		addRoom(sample.account, 'Anna', 'signal', 1);
		addRoom(sample.account, 'Plain');
		const {screen} = await openInbox({columns: 120, rows: 40, answers: storing()});
		await screen.waitFor('▾ SG Signal');
		const row = screen.lines().findIndex(line => line.includes('▾ SG Signal')) + 1;
		screen.press(`\u001B[<0;5;${row}M\u001B[<0;5;${row}m`);
		await screen.waitFor('▸ SG Signal');
	});
});
