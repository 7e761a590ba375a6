/** A thread in the place of the engine: at its first start it falls ill as its version says, later it answers. */
import {appendFileSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {parentPort, workerData} from 'node:worker_threads';
import {beat} from '../../../source/engine/heartbeat.ts';
import type {FromWorker, ToWorker, WorkerExtras, WorkerStart} from '../../../source/engine/worker-messages.ts';

const start = workerData as WorkerStart & WorkerExtras;
appendFileSync(start.files.log, 'started\n');
const isFirst = readFileSync(start.files.log, 'utf8') === 'started\n';

/** The ways to fall ill. */
const illnesses: Readonly<Record<string, () => void>> = {
	freezes() {
		for (;;);
	},
	throws() {
		throw new Error('a bug');
	},
	'runs out of memory'() {
		const kept: number[][] = [];
		for (;;) kept.push(Array.from<number>({length: 10_000}).fill(0.5));
	},
	exits: () => process.exit(0),
	'finds its sync loop dead': () => tell({kind: 'ended', how: 'stalled'}),
	'meets an error of its own': () => tell({kind: 'ended', how: 'failed'}),
};

const tell = (message: FromWorker): void => parentPort?.postMessage(message);
beat(start.heartbeat, start.patience);
parentPort?.on('message', (message: ToWorker) => {
	if (message.kind === 'stop') process.exit(0);
	if (isFirst) setImmediate(() => illnesses[start.version]?.());
	else tell({kind: 'reply', reply: {id: message.request.id, ok: true, result: {rooms: [], lastSync: 7}}});
});
tell({kind: 'ready'});
