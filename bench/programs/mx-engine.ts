/** The built engine of mx in its worker thread, without a screen. Arguments: the start message of the worker as JSON. */
import process from 'node:process';
import {startWorker} from '../../source/engine/worker-connection.ts';
import type {WorkerStart} from '../../source/engine/worker-messages.ts';

const start = JSON.parse(process.argv[2] ?? '') as WorkerStart & {readonly masterKey: string};
const connection = await startWorker({
	start: {...start, masterKey: new Uint8Array(Buffer.from(start.masterKey, 'base64'))},
	script: new URL('../../dist/worker.js', import.meta.url),
	onNotice: () => undefined,
});
if (connection === 'busy') throw new Error('Another process owns the account.');
process.send?.('opened');
process.once('SIGTERM', () => void connection.stop());
await connection.closed;
process.exit(0);
