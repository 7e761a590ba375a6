/** The bot of a bridge of tests with a device of its own: what its ghosts say is encrypted by that, as mautrix does (MSC4190, MSC3202). */
import '../helpers/sdk-timers.ts';
import {setTimeout as sleep} from 'node:timers/promises';
import {createClient, MatrixEvent, MemoryStore, type MatrixClient} from 'matrix-js-sdk';
import type {CryptoBackend} from 'matrix-js-sdk/lib/common-crypto/CryptoBackend.js';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {silent} from '../helpers/peer.ts';
import type {Homeserver, Owner} from '../helpers/synapse.ts';
import type {FixtureBridge} from './bridge-says.ts';

/**
 * The registration of such a bridge: its bot is one of its people, as Synapse lets the sender of an appservice not sync. (Bridges
 * take what is for their devices from the transactions of the server instead.)
 */
export const encryptingRegistration = ({registration}: Pick<FixtureBridge, 'registration'>): JsonObject => ({
	...registration,
	sender_localpart: `${registration.id}-appservice`,
	namespaces: {
		...registration.namespaces,
		users: [...registration.namespaces.users, {exclusive: true, regex: `@${registration.sender_localpart}:.*`}],
	},
	'io.element.msc4190': true,
	'org.matrix.msc3202': true,
});

const deviceId = 'BRIDGE';

const patience = 20_000;

/** @returns the wire form of a text, encrypted by a client for a room that it is in */
export const encryptText = async (client: MatrixClient, roomId: string, body: string): Promise<JsonObject> => {
	const room = client.getRoom(roomId);
	if (room === null) throw new Error(`${client.getUserId()} is not in ${roomId}.`);
	const event = new MatrixEvent({
		type: 'm.room.message',
		room_id: roomId,
		sender: client.getSafeUserId(),
		content: {msgtype: 'm.text', body},
	});
	await (client.getCrypto() as unknown as CryptoBackend).encryptEvent(event, room);
	return asObject(event.getWireContent());
};

/** The bot's client follows its rooms until the owner ends. */
export const openEncryptingBot = async (owner: Owner, bridge: FixtureBridge, {url}: Homeserver) => {
	const bot = bridge.bot();
	const accessToken = bridge.registration.as_token;
	await matrixRequest(
		{url, accessToken},
		'PUT',
		`/_matrix/client/v3/devices/${deviceId}?user_id=${encodeURIComponent(bot)}`,
		{display_name: 'bridge'},
	);
	const client = createClient({
		baseUrl: url,
		userId: bot,
		deviceId,
		accessToken,
		queryParams: {user_id: bot, 'org.matrix.msc3202.device_id': deviceId},
		store: new MemoryStore(),
		logger: silent,
	});
	await client.initRustCrypto({useIndexedDB: false});
	await client.startClient({initialSyncLimit: 50, pollTimeout: 5000});
	owner.after(async () => client.stopClient());

	const until = async <Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> => {
		const deadline = performance.now() + patience;
		for (;;) {
			const found = await look();
			if (found !== undefined) return found;
			if (performance.now() > deadline) throw new Error(`The bot waited in vain for ${what}.`);
			await sleep(100);
		}
	};

	return {
		client,
		/** Waits until the bot can encrypt for a device. */
		waitForDevice: async (roomId: string, userId: string, device: string): Promise<void> => {
			await until(`the device of ${userId}`, async () => {
				const isThere = client.getRoom(roomId)?.hasEncryptionStateEvent() === true;
				const devices = await client.getCrypto()?.getUserDeviceInfo([userId], true);
				return isThere && devices?.get(userId)?.has(device) === true ? true : undefined;
			});
		},
		/** @returns the event id of what is encrypted by the bot, and sent by whomever */
		sayEncrypted: async (as: string, roomId: string, body: string): Promise<string> => {
			const content = await encryptText(client, roomId, body);
			const path = `rooms/${encodeURIComponent(roomId)}/send/m.room.encrypted/${crypto.randomUUID()}`;
			return asString((await bridge.request('PUT', path, content, as))['event_id']) ?? '';
		},
		/** Waits until the bot has read a text. */
		waitForText: async (roomId: string, body: string): Promise<void> => {
			await until(body, async () =>
				client
					.getRoom(roomId)
					?.getLiveTimeline()
					.getEvents()
					.find(event => event.getContent()['body'] === body),
			);
		},
	};
};
