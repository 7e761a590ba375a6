/** Who is who over a bridge, on a real Synapse: the person on their phone, and the ghosts of the bridge. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {asString} from '../../source/domain/json.ts';
import {startFixtureBridge} from '../bridge/fixture-bridge.ts';
import {openSignal, ownId, waitForEvent, waitForJoin} from '../bridge/signal-scene.ts';
import {createHome, startHome, waitForMessage, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';

suite(
	'the people of a bridge',
	{...(await needsServers()), ...(isDemo ? {skip: 'the demo has bridges of its own'} : {})},
	() => {
		test('does not count what the person wrote on the phone, and takes it as an answer', async t => {
			const {engine, signal, phone, mum, openChat} = await openSignal(t);
			const own = await signal.addGhost(ownId, 'Me');
			const roomId = await openChat('Mum', ownId);
			await signal.request('POST', `rooms/${encodeURIComponent(roomId)}/invite`, {user_id: own});
			await signal.request('POST', `join/${encodeURIComponent(roomId)}`, {}, own);
			const question = await phone.write(mum, roomId, {body: 'coming?'});
			await waitForEvent(engine, roomId, question);
			const unreadCount = async (): Promise<number | undefined> =>
				(await engine.session.rooms({limit: 100})).rooms.find(each => each.roomId === roomId)?.unreadCount;
			const waitForCount = async (count: number) =>
				waitOnEngine(engine, async () => ((await unreadCount()) === count ? true : undefined), {
					what: () => `${count} unread`,
				});
			await waitForCount(1);
			await signal.say(own, roomId, 'yes, from my phone');
			const {isMine, isPhone} = await waitForMessage(engine, roomId, 'yes, from my phone');
			assert.deepEqual({isMine, isPhone}, {isMine: false, isPhone: true});
			await waitForCount(0);
			const next = await phone.write(mum, roomId, {body: 'good'});
			await waitForCount(1);
			await engine.session.markRead({roomId, eventId: next});
			await phone.until(() => phone.taken().includes(`m.read ${next}`), 'the receipt comes');
			await waitForCount(0);
		});

		test('shows as the person’s own what the bridge sends in their name, and whom they name as themselves', async t => {
			const {engine, signal, home, server, mum, openChat} = await openSignal(t);
			const other = await signal.addGhost(ownId, 'Somebody');
			const roomId = await openChat('Mum');
			await signal.request('POST', `rooms/${encodeURIComponent(roomId)}/invite`, {user_id: other});
			await signal.request('POST', `join/${encodeURIComponent(roomId)}`, {}, other);
			await signal.say(mum, roomId, 'where are you?');
			// As a double puppet, whose token a bridge has.
			await matrixRequest(
				{url: server.url, accessToken: home.account.accessToken},
				'PUT',
				`/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/puppet`,
				{msgtype: 'm.text', body: 'on my way', 'fi.mau.double_puppet_source': 'signal'},
			);
			const puppeted = await waitForMessage(engine, roomId, 'on my way');
			assert.deepEqual([puppeted.isMine, puppeted.isPhone], [true, true]);
			const countIs = async (count: number) =>
				waitOnEngine(
					engine,
					async () => {
						const {rooms} = await engine.session.rooms({limit: 100});
						return rooms.find(each => each.roomId === roomId)?.unreadCount === count ? true : undefined;
					},
					{what: () => `${count} unread`},
				);
			await countIs(0);
			await signal.say(other, roomId, 'me too');
			assert.equal((await waitForMessage(engine, roomId, 'me too')).isPhone, undefined);
			await countIs(1);
			await engine.session.setOwnGhost({userId: other, isMe: true});
			await countIs(0);
			assert.equal((await waitForMessage(engine, roomId, 'me too')).isPhone, true);
			await engine.session.setOwnGhost({userId: other, isMe: false});
			assert.equal((await waitForMessage(engine, roomId, 'me too')).isPhone, undefined);
		});

		test('learns how the ghosts of a bridge are called from chats that it surely made', async t => {
			const signal = await startFixtureBridge(t, {
				id: 'signal',
				ghostPrefix: 'sig-fam_',
				protocol: {id: 'signal', displayname: 'Signal'},
			});
			const server = await startSynapse(t, {registrations: [signal.registration]});
			await signal.connect(server);
			const home = await createHome(server);
			const engine = await startHome(t, home, {isNew: true});
			const ghosts = [await signal.addGhost('4a1', 'Mum'), await signal.addGhost('9bc', 'Dad')];
			const invite = [home.account.userId];
			const silent = await signal.createPortal({id: 'x', name: 'Silent', ghosts, invite, isAnnounced: false});
			await waitForJoin(engine, silent);
			const portalOf = async (room: string) => (await engine.session.whyBridged({room})).portal;
			assert.notEqual((await portalOf(silent))?.kind, 'channel');
			const announced = await signal.createPortal({id: 'y', name: 'Family', ghosts, invite, roomType: 'group_dm'});
			await waitForJoin(engine, announced);
			const portal = await waitOnEngine(
				engine,
				async () => {
					const found = await portalOf(silent);
					return found?.trust === 'attested' && found.kind === 'channel' ? found : undefined;
				},
				{what: () => 'the silent chat under Signal'},
			);
			assert.equal(portal.bot, signal.bot());
		});

		test('knows the own ghost in groups by the space with the chats of the login', async t => {
			const {engine, signal, me, mum, openChat} = await openSignal(t);
			const own = await signal.addGhost(ownId, 'Me');
			// A group names no login.
			const roomId = await openChat('Family');
			await signal.request('POST', `rooms/${encodeURIComponent(roomId)}/invite`, {user_id: own});
			await signal.request('POST', `join/${encodeURIComponent(roomId)}`, {}, own);
			await signal.say(mum, roomId, 'who is coming?');
			await signal.say(own, roomId, 'not me');
			assert.equal((await waitForMessage(engine, roomId, 'not me')).isPhone, undefined);
			const content = {
				bridgebot: signal.bot(),
				creator: signal.bot(),
				protocol: {id: 'signal', displayname: 'Signal'},
				channel: {id: '__personal_filtering_space__', displayname: 'Signal', 'fi.mau.receiver': ownId},
				'com.beeper.room_type.v2': 'personal_filtering_space',
			};
			const space = await signal.request('POST', 'createRoom', {
				preset: 'private_chat',
				name: 'Signal (me)',
				creation_content: {type: 'm.space'},
				invite: [me],
				initial_state: [{type: 'm.bridge', state_key: 'signal', content}],
			});
			await waitForJoin(engine, asString(space['room_id']) ?? '');
			await waitOnEngine(
				engine,
				async () => {
					const {rooms} = await engine.session.rooms({limit: 100});
					return rooms.find(room => room.roomId === roomId)?.unreadCount === 0 ? true : undefined;
				},
				{what: () => 'the answer as the person’s own'},
			);
			assert.equal((await waitForMessage(engine, roomId, 'not me')).isPhone, true);
		});
	},
);
