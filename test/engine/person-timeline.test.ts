/** A person on two networks, on a real server with the real screen: what is written goes where it is said to go, and both chats are read. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {asArray, asString, type JsonObject} from '../../source/domain/json.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {openSignal, waitForJoin} from '../bridge/signal-scene.ts';
import {
	acceptInvitation,
	createHome,
	openArchive,
	startHome,
	waitOnEngine,
	type TestEngine,
} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {openScreen} from '../helpers/screen.tsx';
import {needsServers, startSynapse, uniqueName, type Homeserver, type Owner} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';

/** A chat with Anna, and how she writes there. */
type Chat = {readonly roomId: string; readonly user: string; readonly say: (body: string) => Promise<string>};

const path = (roomId: string, rest: string): string => `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/${rest}`;

/** Anna as a user of Matrix, who has invited the account. */
const chatOnMatrix = async (server: Homeserver, engine: TestEngine, me: string): Promise<Chat> => {
	const anna = await server.registerUser(uniqueName('anna'));
	const access: Access = {url: server.url, accessToken: anna.accessToken};
	const body = {preset: 'private_chat', is_direct: true, invite: [me]};
	const roomId =
		asString((await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', body))['room_id']) ?? '';
	await acceptInvitation(engine, roomId);
	return {
		roomId,
		user: anna.userId,
		async say(text) {
			const place = path(roomId, `send/m.room.message/${uniqueName('t')}`);
			return asString((await matrixRequest(access, 'PUT', place, {msgtype: 'm.text', body: text}))['event_id']) ?? '';
		},
	};
};

/** The account with two chats of Anna's: on Signal and Matrix; the demo has no bridge to spare, so both are on Matrix there. */
const openChats = async (t: Owner) => {
	if (isDemo) {
		const server = await startSynapse(t);
		const home = await createHome(server);
		const engine = await startHome(t, home, {isNew: true});
		const me = home.account.userId;
		const chats = [await chatOnMatrix(server, engine, me), await chatOnMatrix(server, engine, me)] as const;
		return {server, home, engine, me, chats, letters: ['MX', 'MX'] as const};
	}
	const {signal, server, home, engine, me} = await openSignal(t);
	const ghost = await signal.addGhost('11111111-8a17-4c55-9b0e-3d6f0a1b2c3d', 'Anna');
	const roomId = await signal.createPortal({id: 'anna', name: 'Anna', ghosts: [ghost], invite: [me]});
	await waitForJoin(engine, roomId);
	await waitOnEngine(
		engine,
		async () => ((await engine.session.whyBridged({room: roomId})).portal?.trust === 'attested' ? true : undefined),
		{what: () => 'the chat on Signal'},
	);
	const onSignal: Chat = {roomId, user: ghost, say: async text => signal.say(ghost, roomId, text)};
	const chats = [onSignal, await chatOnMatrix(server, engine, me)] as const;
	return {server, home, engine, me, chats, letters: ['SG', 'MX'] as const};
};

suite('a person on two networks', await needsServers(), () => {
	test('is written to over either of them from one timeline, answered where they wrote, and read in both', async t => {
		const {server, home, engine, me, chats, letters} = await openChats(t);
		const [first, second] = chats;
		const own: Access = {url: server.url, accessToken: home.account.accessToken};
		const put = async (type: string, content: JsonObject): Promise<void> => {
			const place = `/_matrix/client/v3/user/${encodeURIComponent(me)}/account_data/${type}`;
			await matrixRequest(own, 'PUT', place, content);
		};
		await put('m.direct', {[first.user]: [first.roomId], [second.user]: [second.roomId]});
		await put('chat.mx.people', {people: [{id: 'p1', name: 'Anna of both', users: [first.user, second.user]}]});
		const reader = createAccountReader(openArchive(t, home).database, me);
		const ridOf = (roomId: string): number => reader.roomById(roomId)?.rid ?? -1;
		await waitOnEngine(engine, async () => (reader.personRooms(ridOf(first.roomId)).length === 2 ? true : undefined), {
			what: () => 'the person',
		});
		const asked = await first.say('did you get my mail?');
		await second.say('hello from Matrix');

		const screen = await openScreen({reader, session: engine.session, columns: 100, rows: 30});
		t.after(async () => screen.close());
		engine.subscribe(notice => screen.notify(notice));
		screen.press(`/go ${second.roomId}\r`);
		await screen.waitFor(/did you get my mail\?[^]*hello from Matrix/);
		await screen.waitFor(/Anna of both/);
		await screen.waitFor(`${letters[1]}>`);
		screen.press('hello Matrix\r');
		await screen.waitFor(/hello Matrix +[✓◉]/);
		screen.press(isDemo ? `/via matrix (${first.user})\r` : '/via signal\r');
		await screen.waitFor('Writing on');
		await screen.waitFor(`${letters[0]}>`);
		screen.press('hello Signal\r');
		await screen.waitFor(/hello Signal +[✓◉]/);
		screen.press(isDemo ? `/via matrix (${second.user})\r` : '/via matrix\r');
		await screen.waitFor(/Writing on Matrix/);

		// The answer goes where the question was.
		const isSelecting = (lines: readonly string[]): boolean => lines.some(line => line.includes('▌'));
		// What is said in the status line goes first.
		for (let step = 0; !isSelecting(screen.lines()) && step < 4; step += 1) {
			const status = screen.lines().at(-1);
			screen.press('\u001B');
			await screen.waitFor(lines => isSelecting(lines) || lines.at(-1) !== status);
		}
		for (let step = 0; !screen.lines().some(line => /▌.*did you get/.test(line)); step += 1) {
			assert.ok(step < 10);
			const before = screen.lines().findIndex(line => line.includes('▌'));
			screen.press('k');
			await screen.waitFor(lines => lines.findIndex(line => line.includes('▌')) !== before);
		}
		screen.press('r');
		await screen.waitFor('Replying on');
		screen.press('I did\r');
		await screen.waitFor(/I did +[✓◉]/);

		const sentTo = async (roomId: string): Promise<readonly (readonly [string, string | undefined])[]> => {
			const {chunk} = await matrixRequest(own, 'GET', path(roomId, 'messages?dir=b&limit=50'));
			return asArray(chunk)
				.map(each => each as JsonObject)
				.filter(({type, sender}) => type === 'm.room.message' && sender === me)
				.map(({content}) => {
					const {body, 'm.relates_to': relation} = content as JsonObject;
					const reply = (relation as JsonObject | undefined)?.['m.in_reply_to'] as JsonObject | undefined;
					return [asString(body) ?? '', asString(reply?.['event_id'])] as const;
				})
				.toReversed();
		};
		assert.deepEqual(await sentTo(first.roomId), [
			['hello Signal', undefined],
			['I did', asked],
		]);
		assert.deepEqual(await sentTo(second.roomId), [['hello Matrix', undefined]]);

		// Who has seen the end of the one timeline has read both.
		const news = [await first.say('news of the first'), await second.say('news of the second')];
		await screen.waitFor(/news of the first/);
		await screen.waitFor(/news of the second/);
		const readers = async (roomId: string): Promise<string | undefined> => {
			const {rooms} = await matrixRequest(own, 'GET', '/_matrix/client/v3/sync?timeout=0');
			const joined = (rooms as JsonObject)['join'] as JsonObject;
			const {account_data: data} = joined[roomId] as JsonObject;
			const marker = asArray((data as JsonObject)['events']).find(
				each => (each as JsonObject)['type'] === 'm.fully_read',
			) as JsonObject | undefined;
			return asString((marker?.['content'] as JsonObject | undefined)?.['event_id']);
		};
		for (const [index, {roomId}] of chats.entries())
			await waitOnEngine(engine, async () => ((await readers(roomId)) === news[index] ? true : undefined), {
				what: () => `the marker in the room ${index}`,
			});
		assert.deepEqual(screen.problems, []);
	});
});
