/**
 * Sends one text as a program on matrix-js-sdk does: signed in already, crypto and store in memory, so a full first sync
 * comes before. Argument: a JSON object.
 */
import process from 'node:process';
import {ClientEvent, createClient, EventType, MemoryStore, MsgType, SyncState} from 'matrix-js-sdk';

/** Where and what. */
export type StockSend = {
	readonly url: string;
	readonly userId: string;
	readonly deviceId: string;
	readonly accessToken: string;
	readonly roomId: string;
	readonly body: string;
	/** Whether the crypto is loaded; without it only rooms in the clear can be written to. */
	readonly isEncrypted: boolean;
};

const silent = () => undefined;
for (const level of ['log', 'debug', 'info', 'warn', 'error'] as const) console[level] = silent;

const {url, userId, deviceId, accessToken, roomId, body, isEncrypted} = JSON.parse(process.argv[2] ?? '') as StockSend;
const client = createClient({baseUrl: url, userId, deviceId, accessToken, store: new MemoryStore()});
if (isEncrypted) await client.initRustCrypto({useIndexedDB: false});
const synced = new Promise<void>(resolve => {
	client.on(ClientEvent.Sync, state => {
		if (state === SyncState.Prepared) resolve();
	});
});
await client.startClient({initialSyncLimit: 20, lazyLoadMembers: true});
await synced;
await client.sendEvent(roomId, EventType.RoomMessage, {msgtype: MsgType.Text, body});
process.exit(0);
