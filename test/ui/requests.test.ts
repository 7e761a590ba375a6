/** Requests and invitations on the screen: going there by a name, and reading their section. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {state, text, type SampleRoom} from './sample-account.ts';
import {setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const add = (id: string, name: string, more: Partial<SampleRoom> = {}): number => {
	const [rid = 0] = sample.account.sync({
		id: `!${id}:one.test`,
		state: [state('m.room.name', '', {name})],
		timeline: [text('@anna:one.test', `hello from ${id}`)],
		...more,
	});
	return rid;
};

const addInvitation = (id: string, name: string): number => add(id, name, {category: 'invite', timeline: []});

/** A stranger, somebody who invites, and the friend, all called alike. */
const addMums = (): void => {
	addInvitation('invitation', 'Mum');
	sample.account.bridge(add('stranger', 'Mum', {unread: 1}), {isRequest: true, channel: 'stranger'});
	sample.account.bridge(add('friend', 'Mum'), {channel: 'friend'});
};

const ids = ['friend', 'stranger', 'invitation'] as const;

suite('requests and invitations of strangers', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
	] as const)
		test(`Alt-K, mum, Enter, Enter joined a stranger: the friend is the first, at ${columns}×${rows}`, async () => {
			addMums();
			const {screen, fake} = await sample.open({columns, rows, answers: {join: async () => ({roomId: '!x:one.test'})}});
			screen.press('\u001Bk');
			await screen.waitFor('Go to');
			screen.press('mum');
			const isHit = (line: string): boolean => /SG Mum|MX Mum/.test(line) && !line.includes('│ >');
			await screen.waitFor(lines => lines.filter(line => line.includes('Mum')).length >= ids.length);
			const hits = screen
				.lines()
				.filter(isHit)
				.map(line => line.split('│').at(-1) ?? '');
			assert.match(hits.at(-3) ?? '', /^ +SG Mum/);
			assert.match(hits.at(-2) ?? '', /! (?:SG Mum .*request|MX Mum .*invites you)/);
			assert.match(hits.at(-1) ?? '', /! (?:SG Mum .*request|MX Mum .*invites you)/);
			screen.press('\r');
			await screen.waitFor('hello from friend');
			screen.press('\r');
			screen.press('hi');
			await screen.waitFor('Enter sends to Mum');
			assert.equal(fake.of('join').length, 0);
			assert.deepEqual(screen.problems, []);
		});

	test('narrowed to a name, Enter goes to the friend', async () => {
		addMums();
		const {screen, fake} = await sample.open();
		screen.press('\f/mum');
		await screen.waitFor(/\/mum/);
		screen.press('\r');
		await screen.waitFor('hello from friend');
		assert.equal(fake.of('join').length, 0);
	});

	test('/go goes to the friend, whoever is called the same', async () => {
		addMums();
		add('kitchen', 'Kitchen');
		const {screen} = await sample.open();
		screen.press('\u001Bk');
		await screen.waitFor('Go to');
		screen.press('kitchen\r');
		await screen.waitFor('Enter sends to Kitchen');
		screen.press('/go mum');
		await screen.waitFor('> /go mum');
		screen.press('\r');
		await screen.waitFor('hello from friend');
	});

	test('R counted invitations, which cannot be read', async () => {
		addMums();
		addInvitation('other', 'Chess night');
		const {screen, fake} = await sample.open({answers: {markAllRead: async () => ({count: 1})}});
		screen.press('\f');
		await screen.waitFor('▾ Requests');
		screen.press('1R');
		await screen.waitFor('Requests: 1 room will be read; R takes it back.');
		await screen.waitFor('Requests: 1 room read.');
		assert.equal(fake.of('markAllRead').length, 1);
	});

	test('R on invitations alone says that they wait for an answer', async () => {
		addInvitation('invitation', 'Mum');
		sample.account.bridge(add('friend', 'Mum'));
		const {screen, fake} = await sample.open();
		screen.press('\f');
		await screen.waitFor('▾ Requests');
		screen.press('1R');
		await screen.waitFor('Requests: everything is read. Invitations wait for an answer.');
		assert.equal(fake.of('markAllRead').length, 0);
	});
});
