/** The built engine of mx in its worker thread, without a screen. Arguments: the start message of the worker as JSON. */
import process from 'node:process';
import {Worker} from 'node:worker_threads';
import type {FromWorker, WorkerStart} from '../../source/engine/worker-messages.ts';

const start = JSON.parse(process.argv[2] ?? '') as WorkerStart & {readonly masterKey: string};
const worker = new Worker(new URL('../../dist/worker.js', import.meta.url), {
	workerData: {...start, masterKey: new Uint8Array(Buffer.from(start.masterKey, 'base64'))},
	stdout: true,
	stderr: true,
});
worker.on('message', (message: FromWorker) => {
	if (message.kind === 'refused') throw new Error(message.error.message);
	if (message.kind === 'ready') process.send?.('opened');
});
process.once('SIGTERM', () => worker.postMessage({kind: 'stop'}));
worker.on('exit', () => process.exit(0));
