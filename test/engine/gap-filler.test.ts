import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {asString} from '../../source/domain/json.ts';
import {createHome, createRoom, openHome, startHome, waitForMessage, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, type Account, type Homeserver} from '../helpers/synapse.ts';
import {startFaultProxy} from './fault-proxy.ts';

/** Sends texts as another device of the account, in order. */
const say = async (server: Homeserver, {accessToken}: Account, roomId: string, texts: readonly string[]) => {
	for (const body of texts) {
		const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${roomId}-${body}`;
		await matrixRequest({url: server.url, accessToken}, 'PUT', path, {msgtype: 'm.text', body});
	}
};

const numbered = (name: string, count: number): readonly string[] =>
	Array.from({length: count}, (_, index) => `${name} ${index}`);

suite('gaps', await needsServers(), () => {
	test('what was said in many rooms while mx was off is there in order without anybody scrolling', async t => {
		const server = await sharedSynapse();
		const home = await createHome(server);
		const rooms = await Promise.all(
			['one', 'two'].map(async name => ({name, roomId: await createRoom(server, home.account, {name})})),
		);
		for (const {name, roomId} of rooms) await say(server, home.account, roomId, [`${name} begins`]);
		const first = await startHome(t, home, {isNew: true});
		await first.stop();
		const said = new Map(rooms.map(({name}) => [name, numbered(name, 45)]));
		await Promise.all(rooms.map(async ({name, roomId}) => say(server, home.account, roomId, said.get(name) ?? [])));

		const second = await startHome(t, home);
		for (const {name, roomId} of rooms) {
			const expected = [`${name} begins`, ...(said.get(name) ?? [])];
			let texts: readonly (string | undefined)[] = [];
			await waitOnEngine(
				second,
				async () => {
					const {messages} = await second.session.read({room: roomId, count: 500});
					texts = messages.filter(({type}) => type === 'm.room.message').map(({content}) => asString(content['body']));
					return texts.length >= expected.length ? true : undefined;
				},
				{what: () => `${expected.length} messages; it has ${texts.length}`},
			);
			assert.deepEqual(texts, expected);
		}
	});

	test('the room on the screen is filled before the others', async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const home = await createHome(server, {url: proxy.url});
		const names = ['a', 'b', 'c', 'd'];
		const roomIds = await Promise.all(names.map(async name => createRoom(server, home.account, {name})));
		const first = await startHome(t, home, {isNew: true});
		await first.stop();
		for (const roomId of roomIds) await say(server, home.account, roomId, numbered('m', 24));

		// The pages are withheld until the screen has said what it shows.
		const isShown = Promise.withResolvers<void>();
		const asked: string[] = [];
		proxy.setFault(async ({path}, forward) => {
			const roomId = /rooms\/([^/]+)\/messages/.exec(path)?.[1];
			if (roomId === undefined) return undefined;
			asked.push(decodeURIComponent(roomId));
			await isShown.promise;
			return forward();
		});
		const second = await openHome(home);
		t.after(async () => second.stop());
		await second.start();
		await second.caughtUp;
		await waitOnEngine(second, async () => (asked.length > 0 ? true : undefined), {what: () => 'a first page'});
		const last = roomIds.find(roomId => roomId !== asked[0] && roomId !== roomIds.at(-1)) ?? '';
		await second.session.show({roomId: last});
		isShown.resolve();
		await waitForMessage(second, last, 'm 0');
		assert.equal(asked[1], last);
	});

	test('a server that asks to wait is not asked again before that', async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const home = await createHome(server, {url: proxy.url});
		const roomId = await createRoom(server, home.account, {name: 'one'});
		const first = await startHome(t, home, {isNew: true});
		await first.stop();
		await say(server, home.account, roomId, numbered('m', 24));
		const times: number[] = [];
		proxy.setFault(({path}) => {
			if (!path.includes('/messages')) return undefined;
			times.push(performance.now());
			if (times.length > 1) return undefined;
			return {status: 429, body: JSON.stringify({errcode: 'M_LIMIT_EXCEEDED'}), headers: {'retry-after': '2'}};
		});
		const second = await startHome(t, home);
		await waitForMessage(second, roomId, 'm 0');
		assert.equal(times.length, 2);
		assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 1990);
	});
});
