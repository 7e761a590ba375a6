/** What is said of people without a server: it holds at once, outlives mx, and joins what other devices wrote meanwhile. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {ExpectedError, type ExitReason} from '../../source/domain/errors.ts';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createPeople} from '../../source/engine/people.ts';
import {createGhostProfiles} from '../../source/store/ghost-profiles.ts';
import {createPersonStore} from '../../source/store/person-store.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {NetworkError, type NetworkFailureKind} from '../../source/matrix/network-errors.ts';
import {member, message, openAccountFixture, ownUser, syncRoom} from '../store/account-fixture.ts';

test('a change waits for the server, and is made upon what is there by then', async t => {
	const {account, reader, rooms, apply} = openAccountFixture(t);
	apply(syncRoom([member('@anna:one.test', 'join'), member('@signal_anna:one.test', 'join')]));
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
		const setSection = async () => ({});
		return createPeople({userId: ownUser, homeserver, stores, feed, setSection, isLive, log, now: () => 0});
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
			{id: 'a', name: 'Anna', petname: 'Anna K', users: ['@anna:one.test', '@signal_anna:one.test']},
		],
	});
	assert.deepEqual(createPersonStore(account.database).waiting(), []);
});

/** People of an account, of which a room knows these; the server takes what it is told. */
const openPeople = (t: TestContext, users: readonly string[], isLive: boolean) => {
	let onServer: JsonObject = {};
	const {account, reader, rooms, apply} = openAccountFixture(t);
	apply(syncRoom(users.map(user => member(user, 'join'))));
	const feed = createChangeFeed();
	const people = createPeople({
		userId: ownUser,
		homeserver: {
			accountData: async () => onServer,
			async setAccountData(_user: string, _type: string, content: JsonObject) {
				onServer = content;
			},
			profile: async () => ({}),
		},
		stores: {
			account,
			reader,
			sdk: createSdkStore(account, rooms, ownUser),
			people: createPersonStore(account.database),
			portals: createPortalStore(account, ownUser),
			ghostProfiles: createGhostProfiles(account.database),
		},
		feed,
		setSection: async () => ({}),
		isLive,
		log: {info: () => undefined},
		now: () => 0,
	});
	return {people, feed, reader};
};

const [anna, ghost, bob] = ['@anna:one.test', '@signal_anna:one.test', '@bob:one.test'];

test('beside an mx that is connected a change says that the server was told', async t => {
	const {people, feed} = openPeople(t, [anna, ghost], true);
	feed.tell({kind: 'net', net: {state: 'online'}});
	const change = {kind: 'link', users: [anna, ghost], id: 'a', name: 'Anna'};
	assert.deepEqual(await people.changePeople({change}), {isTold: true});
});

test('whom nobody knows is not linked, and who is linked with nobody neither unlinked, named nor preferred', async t => {
	const {people, reader} = openPeople(t, [anna, ghost, bob], false);
	const refused = async (change: JsonObject, reason: ExitReason, message: RegExp): Promise<void> =>
		assert.rejects(people.changePeople({change}), (error: unknown) => {
			assert.ok(error instanceof ExpectedError);
			assert.match(error.report.message, message);
			return error.report.reason === reason;
		});
	const nobody = '@nobody:one.test';
	await refused({kind: 'link', users: [anna, nobody], id: 'a'}, 'notFound', /^@nobody:one\.test is in no room/);
	await refused({kind: 'apart', users: [anna, nobody]}, 'notFound', /^@nobody:one\.test is in no room/);
	for (const user of [nobody, anna]) {
		await refused({kind: 'unlink', user}, 'notFound', /is not linked with anybody/);
		await refused({kind: 'rename', user, name: 'X'}, 'notFound', /is not linked with anybody/);
		await refused({kind: 'prefer', user, isSet: true}, 'notFound', /is not linked with anybody/);
	}
	await people.changePeople({change: {kind: 'link', users: [anna, ghost], id: 'a'}});
	await refused({kind: 'apart', users: [anna, ghost]}, 'usage', /are linked/);
	await people.changePeople({change: {kind: 'apart', users: [anna, bob]}});
	assert.deepEqual(
		reader.persons().map(({users}) => users.map(({userId}) => userId)),
		[[anna, ghost]],
	);
});

test('nobody is linked with themselves, with nobody, or with the owner', async t => {
	const {people, reader} = openPeople(t, [anna], false);
	const refused = async (change: JsonObject): Promise<void> =>
		assert.rejects(people.changePeople({change}), /two user ids|no contact of yours/);
	await refused({kind: 'link', users: ['@anna:one.test'], id: 'a'});
	await refused({kind: 'link', users: ['@anna:one.test', '@anna:one.test'], id: 'a'});
	await refused({kind: 'link', users: ['@anna:one.test', ownUser], id: 'a'});
	await refused({kind: 'nonsense'});
	assert.deepEqual(reader.persons(), []);
});

test('who was a favourite on one network is one on all as soon as the server can be told; what it refuses holds nothing up', async t => {
	const {account, reader, rooms, apply} = openAccountFixture(t);
	const feed = createChangeFeed();
	const sdk = createSdkStore(account, rooms, ownUser);
	const users = ['@signal_anna:one.test', '@whatsapp_anna:one.test', '@sms_anna:one.test', '@irc_anna:one.test'];
	const chats = users.map((user, index) => ({user, roomId: `!chat${index}:one.test`}));
	for (const {user, roomId} of chats)
		apply(
			syncRoom([member(ownUser, 'join'), member(user, 'join'), message('hello', {sender: user})], {}, {id: roomId}),
		);
	const direct = Object.fromEntries(chats.map(({user, roomId}) => [user, [roomId]]));
	account.write(() => sdk.setAccountData('m.direct', direct));
	account.database.exec(`UPDATE room SET section = 0 WHERE room_id = '!chat1:one.test'`);
	// Who is low on purpose stays there.
	account.database.exec(`UPDATE room SET section = 2 WHERE room_id = '!chat3:one.test'`);
	const asked: string[] = [];
	let failure: NetworkFailureKind | undefined = 'offline';
	const people = createPeople({
		userId: ownUser,
		homeserver: {accountData: async () => ({}), setAccountData: async () => undefined, profile: async () => ({})},
		stores: {
			account,
			sdk,
			reader,
			people: createPersonStore(account.database),
			portals: createPortalStore(account, ownUser),
			ghostProfiles: createGhostProfiles(account.database),
		},
		feed,
		async setSection({roomId, section}) {
			asked.push(`${roomId} ${section}`);
			const cause = failure === undefined ? undefined : new NetworkError({kind: failure, message: 'not now'});
			if (cause !== undefined) throw new ExpectedError({message: 'Cannot move the room.', reason: 'error'}, {cause});
			return {};
		},
		isLive: false,
		log: {info: () => undefined},
		now: () => 0,
	});
	const change = {kind: 'link', users, id: 'a', name: 'Anna'};
	assert.deepEqual(await people.changePeople({change}), {isTold: false});
	assert.equal(asked.splice(0).length, 1);
	failure = undefined;
	const rename = {kind: 'rename', user: '@signal_anna:one.test', name: 'Anna K'};
	assert.deepEqual(await people.changePeople({change: rename}), {isTold: true});
	assert.deepEqual(asked.splice(0).toSorted(), ['!chat0:one.test favourite', '!chat2:one.test favourite']);
	failure = 'forbidden';
	assert.deepEqual(await people.changePeople({change}), {isTold: true});
	assert.equal(asked.length, 2);
});
