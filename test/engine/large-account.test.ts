/** A large account: what the engine asks the server for does not grow with the number of rooms. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {asString} from '../../source/domain/json.ts';
import {ownUser, roomIdOf, type SyntheticAccount} from '../../bench/synthetic-account.ts';
import {startSyntheticServer} from '../../bench/synthetic-server.ts';
import {createHome, startHome, waitForMessage} from '../helpers/engine.ts';
import type {Homeserver} from '../helpers/synapse.ts';

const account = {userId: ownUser, password: '', deviceId: 'LARGE', accessToken: 'token'};

const startServer = async (t: TestContext, size: SyntheticAccount) => {
	const server = await startSyntheticServer(size);
	t.after(async () => server.stop());
	const homeserver: Homeserver = {
		url: server.url,
		serverName: 'synthetic.test',
		registerUser: async () => Promise.resolve(account),
	};
	return {server, home: await createHome(homeserver, {account})};
};

/** What fills gaps, one request a second. */
const page = 'GET rooms/…/messages';

/** Asks what the bot of a bridge is: once for each bot, of which the account has six, and no more once that is known. */
const question = 'GET register/available';
const bots = 6;

/** Kinds of requests about single rooms, and how often the others were made. */
const sorted = (requests: Readonly<Record<string, number>>) => {
	const all = Object.entries(requests).filter(([kind]) => kind !== page && kind !== question);
	return {
		ofRooms: all.filter(([kind]) => kind.includes('rooms/')),
		pages: requests[page] ?? 0,
		questions: requests[question] ?? 0,
		mostOfOneKind: Math.max(...all.filter(([kind]) => kind !== 'GET sync').map(([, count]) => count)),
	};
};

test('a first sync of 150 rooms, and a restart with news of 30, ask for no room and no event by itself', async t => {
	const {server, home} = await startServer(t, {rooms: 150, bigMembers: 2000});
	const first = await startHome(t, home, {isNew: true});
	const {rooms} = await first.session.rooms({limit: 1000});
	assert.equal(rooms.length, 150);
	assert.ok(rooms.every(({name}) => !name.startsWith('!')));
	await first.stop();
	const login = sorted(server.requests());
	assert.deepEqual(login.ofRooms, []);
	assert.equal(login.pages, 0);
	assert.equal(login.questions, bots);
	assert.ok(login.mostOfOneKind <= 2, JSON.stringify(server.requests()));

	server.forget();
	server.tell({roomIndexes: Array.from({length: 30}, (_, index) => index), count: 5, isLimited: true});
	const second = await startHome(t, home);
	server.tell({roomIndexes: [120], count: 1, isLimited: false});
	await waitForMessage(second, roomIdOf(120), ({content}) =>
		(asString(content['body']) ?? '').startsWith('Message number 2,'),
	);
	await second.stop();
	const restart = sorted(server.requests());
	assert.deepEqual(restart.ofRooms, []);
	assert.ok(restart.pages <= 30, 'no page but those of the rooms with a gap');
	assert.equal(restart.questions, 0);
	assert.ok(restart.mostOfOneKind <= 2, JSON.stringify(server.requests()));
});
