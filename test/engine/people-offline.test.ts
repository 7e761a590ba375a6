/** What is said of people without a server: it holds at once, outlives mx, and joins what other devices wrote meanwhile. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createPeople} from '../../source/engine/people.ts';
import {createGhostProfiles} from '../../source/store/ghost-profiles.ts';
import {createPersonStore} from '../../source/store/person-store.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {openAccountFixture, ownUser} from '../store/account-fixture.ts';

test('a change waits for the server, and is made upon what is there by then', async t => {
	const {account, reader, rooms} = openAccountFixture(t);
	const feed = createChangeFeed();
	let onServer: JsonObject = {};
	let isOnline = false;
	const reach = (): void => {
		if (!isOnline) throw new Error('offline');
	};
	const sdk = createSdkStore(account, rooms, ownUser);
	const start = (isLive: boolean) => {
		const people = createPersonStore(account.database);
		const homeserver = {
			accountData: async () => {
				reach();
				return onServer;
			},
			setAccountData: async (_user: string, _type: string, content: JsonObject) => {
				reach();
				onServer = content;
			},
			profile: async () => ({}),
		};
		const stores = {
			account,
			sdk,
			people,
			portals: createPortalStore(account, ownUser),
			reader,
			ghostProfiles: createGhostProfiles(account.database),
		};
		const log = {info: () => undefined};
		return createPeople({userId: ownUser, homeserver, stores, feed, isLive, log, now: () => 0});
	};
	const change = {kind: 'link', users: ['@anna:one.test', '@signal_anna:one.test'], id: 'a', name: 'Anna'};
	assert.deepEqual(await start(true).changePeople({change}), {isTold: false});
	assert.equal(reader.persons()[0]?.name, 'Anna');

	// Another device wrote; its word comes with the sync, and what waits here holds all the same.
	onServer = {people: [{id: 'b', users: ['@bob:one.test', '@bob:two.test']}]};
	account.write(() => sdk.setAccountData('chat.mx.people', onServer));
	assert.deepEqual(new Set(reader.persons().map(({id}) => id)), new Set(['a', 'b']));

	// After a restart, a lone verb tells the server all of it.
	isOnline = true;
	const rename = {kind: 'rename', user: '@anna:one.test', name: 'Anna K'};
	assert.deepEqual(await start(false).changePeople({change: rename}), {isTold: true});
	assert.deepEqual(onServer, {
		people: [
			{id: 'b', users: ['@bob:one.test', '@bob:two.test']},
			{id: 'a', name: 'Anna K', users: ['@anna:one.test', '@signal_anna:one.test']},
		],
	});
	assert.deepEqual(createPersonStore(account.database).waiting(), []);
});

test('nobody is linked with themselves, with nobody, or with the owner', async t => {
	const {account, reader, rooms} = openAccountFixture(t);
	const people = createPeople({
		userId: ownUser,
		homeserver: {accountData: async () => ({}), setAccountData: async () => undefined, profile: async () => ({})},
		stores: {
			account,
			reader,
			sdk: createSdkStore(account, rooms, ownUser),
			people: createPersonStore(account.database),
			portals: createPortalStore(account, ownUser),
			ghostProfiles: createGhostProfiles(account.database),
		},
		feed: createChangeFeed(),
		isLive: false,
		log: {info: () => undefined},
		now: () => 0,
	});
	const refused = async (change: JsonObject): Promise<void> =>
		assert.rejects(people.changePeople({change}), /two user ids|no contact of yours/);
	await refused({kind: 'link', users: ['@anna:one.test'], id: 'a'});
	await refused({kind: 'link', users: ['@anna:one.test', '@anna:one.test'], id: 'a'});
	await refused({kind: 'link', users: ['@anna:one.test', ownUser], id: 'a'});
	await refused({kind: 'nonsense'});
	assert.deepEqual(reader.persons(), []);
});
