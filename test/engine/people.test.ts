/** People on several networks, on a real Synapse with two bridges: who is suggested and why, and that devices agree on who is one. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import {asArray, asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {reasonWords} from '../../source/bridges/person-suggestions.ts';
import {startFixtureBridge, type FixtureBridge} from '../bridge/fixture-bridge.ts';
import {
	acceptInvitation,
	createHome,
	openArchive,
	signInElsewhere,
	startHome,
	waitOnEngine,
	type EngineHome,
	type TestEngine,
} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers, startSynapse, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const needs = {...(await needsServers()), ...(isDemo ? {skip: 'the demo has bridges of its own'} : {})};
const signalId = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';

suite('people on two bridges', needs, () => {
	const owner = createOwner();
	let signal: FixtureBridge;
	let whatsapp: FixtureBridge;
	let server: Homeserver;
	let home: EngineHome;
	let engine: TestEngine;
	let me: string;
	let access: Access;
	let reader: ReturnType<typeof createAccountReader>;
	let ghosts: {readonly signal: string; readonly whatsapp: string; readonly other: string};

	const startBridge = async (id: string, displayname: string): Promise<FixtureBridge> =>
		startFixtureBridge(owner, {id, ghostPrefix: `${id}_`, protocol: {id, displayname}});

	const dataPath = (): string => `/_matrix/client/v3/user/${encodeURIComponent(me)}/account_data/chat.mx.people`;
	const onServer = async (): Promise<JsonObject> => {
		try {
			return await matrixRequest(access, 'GET', dataPath());
		} catch {
			return {};
		}
	};

	/** A chat that is surely one of the bridge. */
	const openChat = async (bridge: FixtureBridge, ghost: string, name: string): Promise<string> => {
		const roomId = await bridge.createPortal({id: name, name, ghosts: [ghost], invite: [me]});
		await waitFor(`${name} as a chat`, () => {
			const room = reader.roomById(roomId);
			return room?.membership === 'join' && room.isDirect && room.directUser === ghost && room.protocol !== undefined;
		});
		return roomId;
	};

	const waitFor = async (what: string, look: () => boolean, on: TestEngine = engine): Promise<void> =>
		void (await waitOnEngine(on, async () => (look() ? true : undefined), {what: () => what}));

	const suggested = async () =>
		(await engine.session.suggestPersons({})).suggestions.map(({first, second, reason}) => [
			new Set([first.userId, second.userId]),
			reasonWords(reason),
		]);

	before(async () => {
		[signal, whatsapp] = [await startBridge('signal', 'Signal'), await startBridge('whatsapp', 'WhatsApp')];
		server = await startSynapse(owner, {registrations: [signal.registration, whatsapp.registration]});
		for (const bridge of [signal, whatsapp]) await bridge.connect(server);
		home = await createHome(server);
		engine = await startHome(owner, home, {isNew: true});
		me = home.account.userId;
		access = {url: server.url, accessToken: home.account.accessToken};
		reader = createAccountReader(openArchive(owner, home).database, me);
		ghosts = {
			signal: await signal.addGhost(signalId, 'Anna Kowalska'),
			whatsapp: await whatsapp.addGhost('lid-99', 'Ania'),
			other: await whatsapp.addGhost('4915100000', 'Anna Kowalska'),
		};
		for (const [bridge, ghost] of [
			[signal, ghosts.signal],
			[whatsapp, ghosts.whatsapp],
		] as const) {
			const name = 'com.beeper.bridge.identifiers';
			const path = `profile/${encodeURIComponent(ghost)}/${name}`;
			await bridge.request('PUT', path, {[name]: ['tel:+49 151 234567']}, ghost);
		}
	});

	after(async () => owner.end());

	test('ghosts with one number, and chats of one name, are suggested; who forges either is not', async () => {
		await openChat(signal, ghosts.signal, 'Anna Kowalska');
		await openChat(whatsapp, ghosts.whatsapp, 'Ania');
		// Somebody of the own server who claims to be on Signal, under her name and with her number.
		const mallory = await server.registerUser('mallory');
		const theirs: Access = {url: server.url, accessToken: mallory.accessToken};
		const key = 'com.beeper.bridge.identifiers';
		await matrixRequest(theirs, 'PUT', `/_matrix/client/v3/profile/${encodeURIComponent(mallory.userId)}/${key}`, {
			[key]: ['tel:+49151234567'],
		});
		const made = await matrixRequest(theirs, 'POST', '/_matrix/client/v3/createRoom', {
			preset: 'trusted_private_chat',
			is_direct: true,
			name: 'Anna Kowalska',
			invite: [me],
			initial_state: [
				{
					type: 'm.bridge',
					state_key: 'x',
					content: {
						bridgebot: signal.bot(),
						creator: signal.bot(),
						protocol: {id: 'signal', displayname: 'Signal'},
						channel: {id: signalId},
					},
				},
			],
		});
		const forged = asString(made['room_id']) ?? '';
		await acceptInvitation(engine, forged);
		await waitFor(
			'the forged room',
			() => reader.portals.portal(reader.roomById(forged)?.rid ?? -1)?.trust === 'claimed',
		);
		assert.deepEqual(await suggested(), [[new Set([ghosts.signal, ghosts.whatsapp]), 'the same number, +49151234567']]);
		await openChat(whatsapp, ghosts.other, 'Anna Kowalska ');
		assert.deepEqual((await suggested()).at(1), [
			new Set([ghosts.signal, ghosts.other]),
			'the same name, Anna Kowalska',
		]);
		await engine.session.changePeople({change: {kind: 'apart', users: [ghosts.signal, ghosts.other]}});
		assert.equal((await suggested()).length, 1);
		// Nothing is merged by itself.
		assert.deepEqual((await engine.session.persons({})).persons, []);
	});

	test('two devices agree on who is one, and neither drops what the other wrote', async () => {
		const account = await signInElsewhere(server, home.account);
		const second = await createHome(server, {account});
		const other = await startHome(owner, second, {isNew: true});
		const otherReader = createAccountReader(openArchive(owner, second).database, me);
		const link = {kind: 'link', users: [ghosts.signal, ghosts.whatsapp], id: 'anna', name: 'Anna'};
		await engine.session.changePeople({change: link});
		const rids = (of: typeof reader): readonly number[] =>
			of.contacts().flatMap(({rid, userId}) => (userId === ghosts.signal ? of.personRooms(rid) : []));
		assert.equal(rids(reader).length, 2);
		await waitFor('the person on the other device', () => rids(otherReader).length === 2, other);
		assert.deepEqual(otherReader.persons()[0]?.name, 'Anna');
		// A later version writes what this one does not know, and a person of its own.
		const kept = {id: 'bob', users: ['@bob:elsewhere.test', '@bobby:elsewhere.test'], mood: 'good'};
		const before = await onServer();
		await matrixRequest(access, 'PUT', dataPath(), {
			...before,
			version: 9,
			people: [...asArray(before['people']), kept] as never,
		});
		await other.session.changePeople({change: {kind: 'rename', user: ghosts.signal, name: 'Anna K'}});
		await waitFor('the new name on the first device', () => reader.persons().some(({name}) => name === 'Anna K'));
		await engine.session.changePeople({change: {kind: 'unlink', user: ghosts.whatsapp}});
		await waitFor('the chats apart', () => rids(otherReader).length === 1, other);
		const content = await onServer();
		assert.equal(content['version'], 9);
		assert.deepEqual(
			asArray(content['people']).find(each => asObject(each)['id'] === 'bob'),
			kept,
		);
		assert.deepEqual(asArray(content['apart']).length, 2);
		// What was taken apart is not suggested again, whatever the bridge says.
		assert.deepEqual(await suggested(), []);
	});

	test('who was a favourite on one network is one on all when they are linked, on the server too', async () => {
		const chats = [ghosts.signal, ghosts.whatsapp].map(user => reader.directRoom(user));
		const tagsOf = async (roomId = ''): Promise<readonly string[]> => {
			const path = `/_matrix/client/v3/user/${encodeURIComponent(me)}/rooms/${encodeURIComponent(roomId)}/tags`;
			return Object.keys(asObject((await matrixRequest(access, 'GET', path))['tags']));
		};
		await engine.session.setSection({roomId: chats[0]?.roomId ?? '', section: 'favourite'});
		const users = [ghosts.signal, ghosts.whatsapp];
		await engine.session.changePeople({change: {kind: 'link', users, id: 'anna', name: 'Anna'}});
		await waitFor('both as favourites', () =>
			chats.every(chat => reader.room(chat?.rid ?? -1)?.section === 'favourite'),
		);
		for (const chat of chats) assert.deepEqual(await tagsOf(chat?.roomId), ['m.favourite']);
	});
});
