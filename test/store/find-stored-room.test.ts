import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError, type ErrorReport} from '../../source/domain/errors.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {parseSyncRoom} from '../../source/domain/sync-response.ts';
import {chooseByName, readStoredRoom} from '../../source/store/find-stored-room.ts';
import {searchArchive} from '../../source/store/search-archive.ts';
import {at, me, member as sampleMember, openSampleAccount, state as roomState, text} from '../ui/sample-account.ts';
import {member, message, openAccountFixture, ownUser, roomId, state} from './account-fixture.ts';

test('rooms are found by id, name and person, and read oldest first', async context => {
	const {apply, reader} = openAccountFixture(context);
	const named = (id: string, name: string) =>
		parseSyncRoom(id, 'join', {
			state: {events: [{type: 'm.room.name', state_key: '', event_id: `$n${id}`, sender: ownUser, content: {name}}]},
			timeline: {events: [message('one'), message('two'), message('three')]},
		});
	apply(named(roomId, 'Family'), named('!other:example.org', 'Twins'), named('!third:example.org', 'Twins'));
	const read = (request: {room: string; count: number; pick?: number}) => readStoredRoom(reader, ownUser, request);
	const {room, messages} = read({room: 'family', count: 2});
	assert.equal(room.roomId, roomId);
	assert.deepEqual(
		messages.map(({content}) => content['body']),
		['two', 'three'],
	);
	const reasonOf = (address: string) => {
		try {
			read({room: address, count: 1});
			return 'found';
		} catch (error) {
			return error instanceof ExpectedError ? error.report.reason : 'bug';
		}
	};
	assert.equal(reasonOf('!other:example.org'), 'found');
	assert.equal(reasonOf('Twins'), 'ambiguous');
	assert.equal(read({room: 'Twins', count: 1, pick: 2}).messages.length, 1);
	for (const address of ['Nobody', '@anna:example.org', '#no:example.org', '!no:example.org']) {
		assert.equal(reasonOf(address), 'notFound', address);
	}
	await assert.rejects(
		async () => read({room: 'Twins', count: 1, pick: 3}),
		(error: unknown) => {
			assert.ok(error instanceof ExpectedError);
			assert.match(error.report.next ?? '', /--pick 1 to 2/);
			return error.report.candidates?.length === 2;
		},
	);
});

test('--pick 1 means the same room, whoever writes and whoever sends an invitation of that name', context => {
	const {apply, reader} = openAccountFixture(context);
	const called = (id: string, ...said: readonly JsonObject[]) =>
		parseSyncRoom(id, 'join', {state: {events: [state('m.room.name', {name: 'general'})]}, timeline: {events: said}});
	const picked = (pick: number) => chooseByName(reader, 'general', pick).roomId;
	apply(called('!globex:example.org', message('one')), called('!acme:example.org', message('two')));
	assert.deepEqual([picked(1), picked(2)], ['!globex:example.org', '!acme:example.org']);
	apply(called('!acme:example.org', message('three')), called('!A-stranger:example.org', message('hi darling')));
	assert.deepEqual([picked(1), picked(2)], ['!globex:example.org', '!acme:example.org']);
	apply(called('!globex:example.org', message('four')));
	assert.deepEqual([picked(1), picked(2)], ['!globex:example.org', '!acme:example.org']);
});

test('an invitation of a stranger who is called like a friend made the name mean two rooms', context => {
	const {apply, reader} = openAccountFixture(context);
	const named = (name: string) => [state('m.room.name', {name})];
	const invitation = (id: string, name: string) => parseSyncRoom(id, 'invite', {invite_state: {events: named(name)}});
	const chosen = (name: string) => chooseByName(reader, name, undefined).roomId;
	apply(invitation('!stranger:example.org', 'Mum'));
	assert.equal(chosen('Mum'), '!stranger:example.org', 'nobody else is called so');
	apply(parseSyncRoom('!mum:example.org', 'join', {state: {events: named('Mum')}}));
	assert.equal(chosen('mum'), '!mum:example.org');
	assert.equal(chooseByName(reader, 'Mum', 1).roomId, '!mum:example.org');
});

const failureOf = (act: () => unknown): ErrorReport => {
	try {
		act();
	} catch (error) {
		if (error instanceof ExpectedError) return error.report;
		throw error;
	}
	return assert.fail('it did not fail');
};

test('rooms of one name are told apart by network, team and person', () => {
	const account = openSampleAccount();
	try {
		const general = (id: string, more: Partial<Portal>): void => {
			const [rid = 0] = account.sync({
				id: `!${id}:one.test`,
				state: [roomState('m.room.name', '', {name: 'general'})],
			});
			account.bridge(rid, {protocol: 'slack', kind: 'channel', bot: '@slackbot:one.test', channel: id, ...more});
		};
		general('globex', {network: {id: 'T1', name: 'Globex'}});
		general('acme', {network: {id: 'T2', name: 'Acme'}});
		account.sync({id: '!plain:one.test', state: [roomState('m.room.name', '', {name: 'General'})]});
		assert.deepEqual(failureOf(() => chooseByName(account.reader, 'general', undefined)).candidates, [
			'1. general · slack · Globex · !globex:one.test',
			'2. general · slack · Acme · !acme:one.test',
			'3. General · matrix · !plain:one.test',
		]);
	} finally {
		account.close();
	}
});

test('--pick beyond the rooms of that name is refused, also where there is one alone', context => {
	const {apply, reader} = openAccountFixture(context);
	apply(parseSyncRoom(roomId, 'join', {state: {events: [state('m.room.name', {name: 'Mum'})]}}));
	const {reason, message: sentence} = failureOf(() => chooseByName(reader, 'Mum', 7));
	assert.deepEqual([reason, sentence], ['notFound', '"Mum" names one room, and no number 7.']);
	assert.equal(chooseByName(reader, 'Mum', 1).roomId, roomId);
});

test('-n counts what was said, not what was done to the room', context => {
	const {apply, reader} = openAccountFixture(context);
	const named = Array.from({length: 9}, (_, index) => state('m.room.name', {name: `Emil ${index}`}));
	const told = message('', {type: 'com.beeper.message_send_status', content: {status: 'SUCCESS'}});
	const events = [message('one'), message('two'), ...named, message('three'), told];
	apply(parseSyncRoom(roomId, 'join', {timeline: {events}}));
	const bodies = (isSaid: boolean) =>
		readStoredRoom(reader, ownUser, {room: roomId, count: 3, isSaid}).messages.map(({content}) => content['body']);
	assert.deepEqual(bodies(true), ['one', 'two', 'three']);
	assert.deepEqual(bodies(false), [undefined, 'three', undefined]);
});

test('what waits is from its sender, by the name that the room has', context => {
	const {apply, reader, outbox} = openAccountFixture(context);
	const own = member(ownUser, 'join', {displayname: 'Me in here'});
	const [change] = apply(parseSyncRoom(roomId, 'join', {state: {events: [own]}, timeline: {events: []}}));
	const content = {msgtype: 'm.text', body: 'soon'};
	outbox.add({rid: change?.rid ?? 0, transactionId: 'mx-1', type: 'm.room.message', content});
	const {waiting} = readStoredRoom(reader, ownUser, {room: roomId, count: 1});
	assert.deepEqual(
		waiting.map(({sender, senderName, state: stage}) => [sender, senderName, stage]),
		[[ownUser, 'Me in here', 'queued']],
	);
});

test('the name of a person reads and searches what they wrote on all networks', () => {
	const account = openSampleAccount();
	try {
		const chats = [
			['signal', 'Anna Kowalska', '12:00'],
			['whatsapp', 'Anna K', '12:10'],
		] as const;
		for (const [network, name, clock] of chats) {
			const ghost = `@${network}_anna:one.test`;
			const [rid = 0] = account.sync({
				id: `!${network}:one.test`,
				state: [sampleMember(me, 'Alice'), sampleMember(ghost, name), roomState('m.room.name', '', {name})],
				timeline: [text(ghost, `by ${network}`, {origin_server_ts: at(clock)})],
			});
			account.bridge(rid, {protocol: network, bot: `@${network}bot:one.test`, channel: network});
		}
		const users = chats.map(([network]) => `@${network}_anna:one.test`);
		account.tell('chat.mx.people', {people: [{id: 'a', name: 'Anni', users}]});
		const bodiesOf = (room: string) =>
			readStoredRoom(account.reader, me, {room, count: 2, isSaid: true}).messages.map(({content}) => content['body']);
		assert.deepEqual(bodiesOf('anni'), ['by signal', 'by whatsapp']);
		assert.deepEqual(bodiesOf('Anna K'), ['by whatsapp']);
		const found = (query: string) =>
			searchArchive(account.reader, {query, limit: 9}, {ownUserId: me, now: at('13:00')}).messages.map(
				({body}) => body,
			);
		assert.deepEqual(found('from:Anni by'), ['by whatsapp', 'by signal']);
		assert.deepEqual(found('from:"Anna Kowalska" by'), ['by signal']);
	} finally {
		account.close();
	}
});
