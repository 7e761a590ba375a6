/** How logins of bridges are kept: the newest word of a bot that is believed. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Portal} from '../../source/domain/portal.ts';
import {createBridgeHealthStore} from '../../source/store/bridge-health-store.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {openAccountFixture, ownUser, roomId, state} from './account-fixture.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const bot = '@signalbot:example.org';

const console: Portal = samplePortal({kind: 'console', bot});

const report = {
	bot,
	account: 'abc',
	name: '+49',
	condition: 'logged-out',
	state: 'bad_credentials',
	error: undefined,
	message: 'Signed out',
	remedy: 'relogin',
} as const;

test('the newest report of a login counts, from a bot that is believed', t => {
	const {account, reader, rooms} = openAccountFixture(t);
	const store = createBridgeHealthStore(account);
	const portals = createPortalStore(account, ownUser);
	const rid = account.write(() => {
		const room = rooms.applyFullState(roomId, 'join', []);
		portals.write(room, console);
		return room;
	});
	const note = (changes: Partial<Parameters<typeof store.note>[0]> & {readonly since: number}) =>
		account.write(() => store.note({...report, rid, ...changes}));
	assert.deepEqual(reader.portals.consoles(), [{rid, bot, protocol: 'signal'}]);
	assert.equal(note({since: 5}), true);
	assert.equal(note({since: 5}), false, 'read again');
	assert.equal(note({since: 4, condition: 'connected'}), false, 'older');
	assert.deepEqual(reader.portals.health(), [{...report, protocol: 'signal', rid, since: 5}]);
	assert.equal(note({since: 6, condition: 'connected', state: 'connected', name: undefined, remedy: undefined}), true);
	assert.equal(reader.portals.health()[0]?.condition, 'connected');
	assert.equal(reader.portals.health()[0]?.name, '+49');

	note({since: 8, account: '', name: undefined});
	assert.equal(reader.portals.health().length, 2);
	note({since: 7, condition: 'connected'});
	assert.equal(reader.portals.health().length, 2, 'said before');
	assert.equal(note({since: 9, condition: 'connected'}), true);
	assert.deepEqual(
		reader.portals.health().map(each => each.account),
		['abc'],
		'a login that is connected ends the trouble of the whole',
	);

	account.write(() => store.forget(bot, 'abc', 10));
	assert.deepEqual(reader.portals.health(), []);
	note({since: 7});
	assert.deepEqual(reader.portals.health(), [], 'from before the person signed out');
	note({since: 11});
	assert.equal(reader.portals.health().length, 1);

	account.write(() => portals.write(rid, {...console, trust: 'claimed'}));
	assert.deepEqual(reader.portals.health(), []);
	assert.deepEqual(reader.portals.consoles(), []);
});

test('a chat is out when the connection to its network is, whatever the others are (heisenbridge)', t => {
	const {account, reader, rooms} = openAccountFixture(t);
	const store = createBridgeHealthStore(account);
	const portals = createPortalStore(account, ownUser);
	const irc = {protocol: 'irc', bot: '@heisenbridge:example.org'};
	const add = (name: string, network: string, kind: Portal['kind']): number =>
		account.write(() => {
			const rid = rooms.applyFullState(`!${name}:example.org`, 'join', []);
			portals.write(rid, samplePortal({...irc, kind, network: {id: network, name: network}}));
			return rid;
		});
	const [six, libera] = [add('six', 'six', 'console'), add('libera', 'libera', 'console')];
	const [lab, other] = [add('lab', 'six', 'channel'), add('other', 'libera', 'channel')];
	const note = (rid: number, network: string, condition: 'connected' | 'logged-out'): boolean =>
		account.write(() =>
			store.note({...report, bot: irc.bot, account: network, name: network, condition, rid, since: 1}),
		);
	note(six, 'six', 'logged-out');
	assert.equal(reader.portals.outage(lab)?.account, 'six');
	note(libera, 'libera', 'connected');
	assert.equal(reader.portals.outage(lab)?.account, 'six');
	assert.equal(reader.portals.outage(other), undefined);
});

test('a login that only its rooms tell of is known too, until its bot speaks of it', t => {
	const {account, reader, rooms} = openAccountFixture(t);
	const store = createBridgeHealthStore(account);
	const portals = createPortalStore(account, ownUser);
	const add = (id: string, portal: Portal, name?: string): number =>
		account.write(() => {
			const states = name === undefined ? [] : [state('m.room.name', {name}, {state_key: ''})];
			const rid = rooms.applyFullState(id, 'join', states);
			portals.write(rid, portal);
			return rid;
		});
	const rid = add(roomId, console);
	add('!mum:example.org', samplePortal({bot, account: 'abc', channel: 'mum'}));
	add('!dad:example.org', samplePortal({bot, account: 'abc', channel: 'dad'}));
	add('!space:example.org', samplePortal({bot, account: 'abc', kind: 'account'}), 'Signal (+49 151)');
	add('!claimed:example.org', samplePortal({bot, account: 'evil', trust: 'claimed'}));
	assert.deepEqual(reader.portals.quiet(), [{bot, protocol: 'signal', account: 'abc', name: '+49 151'}]);
	account.write(() => store.note({...report, rid, since: 5}));
	assert.deepEqual(reader.portals.quiet(), []);
});
