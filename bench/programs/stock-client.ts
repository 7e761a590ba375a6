/**
 * matrix-js-sdk as its documentation has it: MemoryStore, crypto in memory, lazy-loaded members. It syncs until it is
 * ended. Arguments: a JSON object with url, userId, deviceId, accessToken.
 */
import process from 'node:process';
import {createClient, MemoryStore} from 'matrix-js-sdk';
import {logger} from 'matrix-js-sdk/lib/logger.js';

type Start = {
	readonly url: string;
	readonly userId: string;
	readonly deviceId: string;
	readonly accessToken: string;
	readonly isEncrypted: boolean;
};

const silent = () => undefined;
for (const level of ['log', 'debug', 'info', 'warn', 'error'] as const) console[level] = silent;
(logger as unknown as {setLevel?: (level: string) => void}).setLevel?.('silent');

const {url, userId, deviceId, accessToken, isEncrypted} = JSON.parse(process.argv[2] ?? '') as Start;
const client = createClient({baseUrl: url, userId, deviceId, accessToken, store: new MemoryStore()});
if (isEncrypted) await client.initRustCrypto({useIndexedDB: false});
process.send?.('opened');
await client.startClient({initialSyncLimit: 20, lazyLoadMembers: true});
