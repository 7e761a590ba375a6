/** A person on several networks as one row of the inbox: its name, its networks, its sums, and that it stays where it is. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {createInbox} from '../../source/view-models/inbox.ts';
import {roomRowText} from '../../source/view-models/plain-rooms.ts';
import {at, me, member, now, openSampleAccount, state, text, type SampleAccount} from '../ui/sample-account.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const networks = {signal: 'Anna Kowalska', whatsapp: 'Anna K (WA)', sms: 'Anna'} as const;

type Network = keyof typeof networks;

const ghostOf = (network: Network): string => `@${network}_anna:one.test`;

const say = (network: Network, clock: string, more: object = {}): number => {
	const [rid = 0] = account.sync({
		id: `!${network}:one.test`,
		timeline: [text(ghostOf(network), `by ${network}`, {origin_server_ts: at(clock)})],
		...more,
	});
	return rid;
};

const addChat = (network: Network, clock: string, more: object = {}): number => {
	const named = [
		member(me, 'Alice'),
		member(ghostOf(network), networks[network]),
		state('m.room.name', '', {name: networks[network]}),
	];
	const rid = say(network, clock, {state: named, ...more});
	account.bridge(rid, {protocol: network, bot: `@${network}bot:one.test`, channel: network});
	return rid;
};

const merge = (name: string | undefined = 'Anna'): void =>
	account.tell('chat.mx.people', {
		people: [{id: 'a', ...(name === '' ? {} : {name}), users: (['signal', 'whatsapp', 'sms'] as const).map(ghostOf)}],
	});

const open = (width = 40) => {
	const inbox = createInbox(account.reader, () => now);
	inbox.refresh();
	const lines = (): readonly string[] =>
		inbox.view({width, height: 20, isFocused: false}).rows.map(({line}) =>
			line
				.map(span => span.text)
				.join('')
				.trimEnd(),
		);
	return {inbox, lines};
};

suite('a person in the inbox', () => {
	test('is one row with their name, all their networks and the sum of what is unread', () => {
		addChat('signal', '12:00', {unread: 1});
		addChat('whatsapp', '11:00', {unread: 2});
		addChat('sms', '10:00');
		assert.equal(open().lines().length, 6);
		merge();
		assert.deepEqual(open().lines(), [
			'▾ SG Signal                           1',
			' • Anna SG·WA·SM      ↩ 45m  12:00    3',
		]);
		assert.deepEqual(account.reader.totals(), {unread: 1, highlights: 0});
		assert.deepEqual(
			account.reader.sections().map(({rooms, unread}) => [rooms, unread]),
			[[1, 1]],
		);
	});

	test('has the network of the room that stands for them first, and no labels without several', () => {
		addChat('signal', '12:00');
		merge();
		assert.match(open().lines()[1] ?? '', /^ {3}Anna {10,}↩ 45m {2}12:00$/);
		addChat('whatsapp', '12:10');
		assert.match(open().lines()[1] ?? '', /^ {3}Anna WA·SG {5,}↩ 35m {2}12:10$/);
	});

	test('keeps name, networks, time and count in a narrow inbox: the networks are written shorter, then the name', () => {
		addChat('signal', '12:00', {unread: 1});
		addChat('whatsapp', '11:00');
		addChat('sms', '10:00');
		merge('Anna Kowal');
		assert.deepEqual(
			[40, 32, 30, 28, 26, 22, 18].map(width => open(width).lines()[1]),
			[
				' • Anna Kowal SG·WA·SM    ↩  12:00    1',
				' • Anna Kow… SG+2 ↩  12:00    1',
				' • Anna K… SG+2 ↩  12:00    1',
				'• Anna Kow… SG+2 ↩ 12:00  1',
				'• Anna K… SG+2 ↩ 12:00  1',
				'• Anna Ko… SG+2 ↩   1',
				'• Anna Kow… ↩   1',
			],
		);
	});

	test('stays the same row and in its place when they write on another network', () => {
		const [signal, whatsapp] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00')];
		merge();
		account.sync({
			id: '!other:one.test',
			state: [state('m.room.name', '', {name: 'Other'})],
			timeline: [text(me, 'x', {origin_server_ts: at('11:30')})],
		});
		account.tell('chat.mx.inbox', {is_by_time: true});
		const {inbox, lines} = open();
		inbox.select(signal);
		assert.deepEqual(lines(), [' ▸ SG Anna +WA        ↩ 45m  12:00', '   MX Other                  11:30']);
		inbox.walk(1);
		say('whatsapp', '12:30', {unread: 1});
		inbox.refresh();
		// The row is that of the open room, whichever of theirs that is; and it is still the first of them.
		assert.deepEqual(lines(), [' ▸ WA Anna +SG         ↩ 1h  12:30    1', '   MX Other                  11:30']);
		assert.equal(inbox.selected()?.rid, whatsapp);
		assert.equal(inbox.selectedRid(), signal);
		assert.equal(inbox.nextUnread(), undefined);
		inbox.select(undefined);
		assert.equal(inbox.nextUnread()?.rid, whatsapp);
	});

	test('is found by any of the names of their rooms, once', () => {
		addChat('signal', '12:00');
		addChat('whatsapp', '11:00');
		merge('Anni');
		for (const part of ['anni', 'kowalska', 'wa']) {
			const {inbox, lines} = open();
			inbox.setNarrow(part);
			assert.deepEqual(lines(), ['   SG Anni +WA        ↩ 45m  12:00'], part);
		}
		const named = account.reader.completion.rooms('an', 10).map(({name}) => name);
		assert.deepEqual(named, ['Anni']);
		assert.deepEqual(
			account.reader.roomNames(10).map(({name}) => name),
			['Anni'],
		);
		assert.deepEqual(
			account.reader.roomNames(10, true).map(({name}) => name),
			['Anni', 'Anni'],
		);
	});

	test('is written to by their name where they wrote last, and by the name of a room there', () => {
		const [signal, whatsapp] = [addChat('signal', '12:00'), addChat('whatsapp', '12:10')];
		merge('Anni');
		const roomsCalled = (name: string) => account.reader.roomsByName(name).map(({rid}) => rid);
		assert.deepEqual([roomsCalled('anni'), roomsCalled('Anna Kowalska')], [[whatsapp], [signal]]);
		say('signal', '12:20');
		assert.deepEqual(roomsCalled('Anni'), [signal]);
		assert.equal(account.reader.room(whatsapp)?.name, 'Anni');
	});

	test('without a name of the owner keeps one name, whatever network they write on', () => {
		const [signal] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00')];
		merge('');
		assert.match(open().lines()[1] ?? '', /Anna Kowalska SG·WA/);
		say('whatsapp', '12:30');
		assert.match(open().lines()[1] ?? '', /Anna Kowalska WA·SG/);
		assert.equal(account.reader.room(signal)?.name, 'Anna Kowalska');
		assert.deepEqual(
			account.reader.roomNames(10).map(({name}) => name),
			['Anna Kowalska'],
		);
		assert.deepEqual(
			account.reader.completion.rooms('an', 10).map(({name}) => name),
			['Anna Kowalska'],
		);
	});

	test('is one row of a space in which some of their rooms are', () => {
		const [signal, whatsapp, sms] = [addChat('signal', '12:00'), addChat('whatsapp', '11:00'), addChat('sms', '10:00')];
		const children = (['whatsapp', 'sms'] as const).map(network =>
			state('m.space.child', `!${network}:one.test`, {via: ['one.test']}),
		);
		const [space = 0] = account.sync({
			id: '!space:one.test',
			state: [state('m.room.create', '', {type: 'm.space'}), ...children],
		});
		const filter = {kind: 'space', rid: space} as const;
		const listed = () => account.reader.rooms({offset: 0, limit: 10, filter}).map(({rid}) => rid);
		assert.deepEqual(listed(), [whatsapp, sms]);
		merge();
		assert.deepEqual(listed(), [whatsapp]);
		assert.equal(account.reader.roomCount(filter), 1);
		assert.equal(account.reader.row(sms)?.rid, signal);
	});

	test('is said with all networks in the linear view', () => {
		const rid = addChat('signal', '12:00', {unread: 2});
		addChat('whatsapp', '11:00');
		merge();
		const row = account.reader.row(rid);
		assert.ok(row !== undefined);
		assert.match(roomRowText(row, now), /^Anna, Signal and WhatsApp, 2 unread, /);
	});

	test('is silent only where all of their rooms are', () => {
		const [signal, whatsapp] = [addChat('signal', '12:00', {unread: 5}), addChat('whatsapp', '11:00', {unread: 1})];
		merge();
		const mute = (rid: number, roomId: string): void =>
			account.account.write(() => account.writer.marks.mute({rid, roomId}, true, undefined));
		mute(signal, '!signal:one.test');
		assert.deepEqual([account.reader.row(signal)?.unreadCount, account.reader.row(signal)?.isMuted], [1, false]);
		mute(whatsapp, '!whatsapp:one.test');
		assert.deepEqual([account.reader.row(signal)?.unreadCount, account.reader.row(signal)?.isMuted], [6, true]);
	});
});
