/** Encryption to a bridge on a real Synapse: a bot with a device, ghosts that speak through it, and others who would like to. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {Message, Shield} from '../../source/domain/message.ts';
import {encryptingRegistration, encryptText, openEncryptingBot} from '../bridge/encrypting-bot.ts';
import {startFixtureBridge} from '../bridge/fixture-bridge.ts';
import {acceptInvitation, startEngine, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const mumId = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';

suite(
	'encryption to a bridge',
	{...(await needsServers()), ...(isDemo ? {skip: 'the demo has bridges of its own'} : {})},
	() => {
		test('is no alarm for the ghosts of an attested bot, and one for everybody else; nothing is unreadable', async t => {
			const signal = await startFixtureBridge(t, {
				id: 'signal',
				ghostPrefix: 'signal_',
				protocol: {id: 'signal', displayname: 'Signal'},
			});
			const server = await startSynapse(t, {registrations: [encryptingRegistration(signal)]});
			await signal.connect(server);
			const {engine, home} = await startEngine(t, server);
			const {userId: me, deviceId} = home.account;
			const bot = await openEncryptingBot(t, signal, server);
			const mallory = await createPeer(t, {server, name: 'mallory', isEncrypted: true});
			const mum = await signal.addGhost(mumId, 'Mum');
			const roomId = await signal.createPortal({
				id: 'c1',
				name: 'Mum',
				ghosts: [mum],
				invite: [me, mallory.userId],
				roomType: 'group_dm',
			});
			const room = `rooms/${encodeURIComponent(roomId)}`;
			await signal.request('PUT', `${room}/state/m.room.encryption/`, {algorithm: 'm.megolm.v1.aes-sha2'});
			await acceptInvitation(engine, roomId);
			await mallory.join(roomId);
			await bot.waitForDevice(roomId, me, deviceId);
			await mallory.waitForDevice(me, deviceId);

			const messages = async (): Promise<readonly Message[]> =>
				(await engine.session.read({room: roomId, count: 50})).messages;
			const waitForShield = async (eventId: string, reason: Shield['reason'] | undefined): Promise<Message> => {
				let last: Message | undefined;
				return waitOnEngine(
					engine,
					async () => {
						last = (await messages()).find(each => each.eventId === eventId);
						return last?.encryption === 'decrypted' && last.shield?.reason === reason ? last : undefined;
					},
					{what: () => `${reason ?? 'no shield'}, not ${JSON.stringify(last?.shield)}, ${last?.undecryptableReason}`},
				);
			};

			const first = await bot.sayEncrypted(mum, roomId, 'soup is on');
			const soup = await waitForShield(first, 'via-bridge');
			assert.equal(soup.shield?.colour, 'neutral');
			assert.equal(soup.content['body'], 'soup is on');

			// Somebody else sends what the bot has encrypted.
			const stolen = await encryptText(bot.client, roomId, 'as if by Mallory');
			const {event_id: stolenId} = await matrixRequest(
				{url: server.url, accessToken: mallory.accessToken},
				'PUT',
				`/_matrix/client/v3/${room}/send/m.room.encrypted/stolen`,
				stolen,
			);
			assert.ok(typeof stolenId === 'string');
			const byMallory = await waitForShield(stolenId, 'mismatched-sender');
			assert.equal(byMallory.shield?.colour, 'red');

			// A ghost sends what somebody else has encrypted.
			const foreign = await encryptText(mallory.client, roomId, 'as if by Mum');
			const {event_id: foreignId} = await signal.request(
				'PUT',
				`${room}/send/m.room.encrypted/${crypto.randomUUID()}`,
				foreign,
				mum,
			);
			assert.ok(typeof foreignId === 'string');
			assert.equal((await waitForShield(foreignId, 'mismatched-sender')).shield?.colour, 'red');

			// The other way: the bot reads what is said, once its device is known.
			await engine.session.send({
				to: roomId,
				content: {msgtype: 'm.text', body: 'coming'},
				isWaiting: true,
				timeout: 20_000,
			});
			await bot.waitForText(roomId, 'coming');

			// A bot that is believed no more is a stranger.
			await engine.session.trustBot({userId: signal.bot(), isTrusted: false});
			await waitForShield(first, 'mismatched-sender');
			await engine.session.trustBot({userId: signal.bot(), isTrusted: true});
			await waitForShield(first, 'via-bridge');
			const unreadable = (await messages()).filter(({encryption}) => encryption === 'undecrypted');
			assert.deepEqual(unreadable, []);
		});
	},
);
