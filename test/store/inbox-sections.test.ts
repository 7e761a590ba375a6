/** The sections of the inbox in the store: which rooms stand where, what is counted, and what is replaced. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import type {BridgeCondition} from '../../source/domain/bridge-health.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {fixedSections} from '../../source/domain/inbox-section.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {createBridgeHealthStore} from '../../source/store/bridge-health-store.ts';
import {at, openSampleAccount, state, text, type SampleAccount, type SampleRoom} from '../ui/sample-account.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const addRoom = (name: string, portal?: Partial<Portal>, more: Partial<SampleRoom> = {}): number => {
	const [rid = 0] = account.sync({
		id: `!${name}:one.test`,
		state: [state('m.room.name', '', {name})],
		timeline: [text('@anna:one.test', 'hello')],
		...more,
	});
	if (portal !== undefined) account.bridge(rid, portal);
	return rid;
};

const created = (clock: string): JsonObject => state('m.room.create', '', {}, {origin_server_ts: at(clock)});

const sections = () =>
	account.reader
		.sections()
		.map(({id, protocol, network, account: login, rooms, unread, mentions}) => ({
			name: [protocol ?? id, network, login].filter(part => part !== undefined).join(' '),
			counts: [rooms, unread, mentions],
		}))
		.toSorted((first, second) => first.name.localeCompare(second.name));

const namesIn = (name: string | number): readonly string[] => {
	const section = account.reader.sections().find(({id, protocol}) => protocol === name || id === name);
	if (section === undefined) return [];
	const window = {offset: 0, limit: 100, filter: {kind: 'section', id: section.id} as const};
	return account.reader.rooms(window).map(room => room.name);
};

const listed = (): readonly string[] =>
	account.reader.rooms({offset: 0, limit: 100, filter: {kind: 'all'}}).map(({name}) => name);

suite('sections of the inbox', () => {
	test('rooms stand by network, and by team or guild; their unread and mentions are counted', () => {
		addRoom('plain');
		addRoom('anna', {}, {unread: 3});
		addRoom('mum', {}, {unread: 1, highlights: 1});
		addRoom('general', {protocol: 'slack', network: {id: 'T1', name: 'acme'}, kind: 'channel'});
		addRoom('random', {protocol: 'slack', network: {id: 'T2', name: 'umbrella'}, kind: 'channel'});
		addRoom('claimed', {trust: 'claimed'});
		addRoom('announced', {trust: 'announced'});
		assert.deepEqual(sections(), [
			{name: '3', counts: [3, 0, 0]},
			{name: 'signal', counts: [2, 2, 1]},
			{name: 'slack T1', counts: [1, 0, 0]},
			{name: 'slack T2', counts: [1, 0, 0]},
		]);
		assert.deepEqual(namesIn('signal').toSorted(), ['anna', 'mum']);
	});

	test('invitations, requests, favourites and rooms with bots are apart, whatever their network', () => {
		addRoom('invited', undefined, {category: 'invite', timeline: []});
		addRoom('stranger', {isRequest: true});
		addRoom('console', {kind: 'console'});
		const rid = addRoom('anna', {});
		account.account.write(() => account.writer.marks.tag(rid, 'm.favourite', {}));
		assert.deepEqual(namesIn(fixedSections.requests).toSorted(), ['invited', 'stranger']);
		assert.deepEqual(namesIn(fixedSections.bridges), ['console']);
		assert.deepEqual(namesIn(fixedSections.favourites), ['anna']);
		assert.deepEqual(namesIn('signal'), []);
	});

	test('a second account of a network makes each a section, and the first again one when it goes', () => {
		addRoom('anna', {account: 'one'});
		addRoom('group', {kind: 'group'});
		assert.deepEqual(
			sections().map(({name}) => name),
			['signal'],
		);
		const rid = addRoom('work', {account: 'two'});
		assert.deepEqual(sections(), [
			{name: 'signal', counts: [1, 0, 0]},
			{name: 'signal one', counts: [1, 0, 0]},
			{name: 'signal two', counts: [1, 0, 0]},
		]);
		account.bridge(rid, {account: 'one'});
		assert.deepEqual(sections(), [{name: 'signal', counts: [3, 0, 0]}]);
	});

	test('an account is called as the space of its bridge is, and a network as it is called last', () => {
		const [space = 0] = account.sync({
			id: '!space:one.test',
			state: [state('m.room.name', '', {name: 'Signal (+49 1)'})],
		});
		account.bridge(space, {kind: 'account', account: 'one'});
		addRoom('anna', {account: 'one'});
		addRoom('work', {account: 'two'});
		const rid = addRoom('general', {protocol: 'slack', network: {id: 'T1', name: 'acme'}});
		account.bridge(rid, {protocol: 'slack', network: {id: 'T1', name: 'acme and sons'}});
		const found = account.reader.sections();
		assert.equal(found.find(({account: login}) => login === 'one')?.accountName, 'Signal (+49 1)');
		assert.equal(found.find(({protocol}) => protocol === 'slack')?.networkName, 'acme and sons');
	});

	test('a section tells of the worst of its logins, and of no other', () => {
		const store = createBridgeHealthStore(account.account);
		const [console = 0] = account.sync({id: '!bot:one.test', state: [state('m.room.name', '', {name: 'Slack bot'})]});
		account.bridge(console, {protocol: 'slack', bot: '@slackbot:one.test', kind: 'console'});
		for (const [index, team] of ['T1', 'T2'].entries())
			addRoom(team, {
				protocol: 'slack',
				bot: '@slackbot:one.test',
				network: {id: team, name: team},
				account: `${team}-${index}`,
			});
		const say = (login: string, condition: BridgeCondition, since: number): void =>
			account.account.write(() => {
				const report = {
					account: login,
					name: 'me',
					condition,
					state: 'x',
					error: undefined,
					message: undefined,
					remedy: undefined,
				};
				store.note({...report, rid: console, bot: '@slackbot:one.test', since});
			});
		const troubles = () =>
			account.reader.sections().flatMap(({network, trouble}) => (network === undefined ? [] : [[network, trouble]]));
		say('T1-0', 'logged-out', 1);
		say('T2-1', 'connected', 1);
		assert.deepEqual(troubles(), [
			['T1', 'logged-out'],
			['T2', undefined],
		]);
		say('', 'failed', 2);
		assert.deepEqual(troubles(), [
			['T1', 'failed'],
			['T2', 'failed'],
		]);
	});

	test('of two rooms for one chat the newer one is listed, and the older only while it is unread', () => {
		const old = addRoom(
			'anna',
			{channel: 'uuid'},
			{state: [state('m.room.name', '', {name: 'old'}), created('08:00')]},
		);
		addRoom('new', {channel: 'uuid'}, {state: [state('m.room.name', '', {name: 'new'}), created('09:00')]});
		assert.deepEqual(listed(), ['new']);
		assert.deepEqual(
			account.reader.replaced().map(({rid}) => rid),
			[old],
		);
		account.sync({id: '!anna:one.test', unread: 2});
		assert.deepEqual(listed(), ['old', 'new']);
		assert.deepEqual(account.reader.replaced(), []);
		account.sync({id: '!anna:one.test', unread: 0});
		account.bridge(old, {channel: 'another'});
		assert.equal(listed().length, 2);
	});

	test('the older room is back when the newer one is left, or is another chat', () => {
		const [olderState, newerState] = [created('08:00'), created('09:00')];
		addRoom('older', {channel: 'uuid'}, {state: [state('m.room.name', '', {name: 'older'}), olderState]});
		const newer = addRoom('newer', {channel: 'uuid'}, {state: [state('m.room.name', '', {name: 'newer'}), newerState]});
		assert.deepEqual(listed(), ['newer']);
		account.bridge(newer, {channel: 'another'});
		assert.deepEqual(listed().toSorted(), ['newer', 'older']);
		account.bridge(newer, {channel: 'uuid'});
		assert.deepEqual(listed(), ['newer']);
		account.sync({id: '!newer:one.test', category: 'leave'});
		account.bridge(newer, {channel: 'uuid'});
		assert.deepEqual(listed(), ['older']);
		assert.deepEqual(account.reader.replaced(), []);
	});

	test('an upgraded room is away as soon as its successor is joined, and back when that is left', () => {
		const tombstone = state('m.room.tombstone', '', {replacement_room: '!next:one.test'});
		const rid = addRoom('first', undefined, {state: [state('m.room.name', '', {name: 'first'}), tombstone]});
		account.bridge(rid);
		assert.deepEqual(listed(), ['first']);
		const next = addRoom('next', {});
		assert.deepEqual(listed(), ['next']);
		account.sync({id: '!next:one.test', category: 'leave'});
		account.bridge(next);
		assert.deepEqual(listed(), ['first']);
	});
});
