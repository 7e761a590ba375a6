/** The demo's thread: server and people, beside mx and not in its way. It ends with the process. */
import {parentPort, workerData} from 'node:worker_threads';
import {startDemo, type DemoOptions} from './demo.ts';

/** What the thread is given. */
export type DemoWorkerData = Omit<DemoOptions, 'now'> & {
	/** Milliseconds that the demo's clock is ahead of the machine's. */
	readonly clockOffset: number;
	/** What the account's device is called. */
	readonly deviceName: string;
};

/** What it tells when the server answers: a device is signed in. */
export type DemoStarted = {
	readonly url: string;
	readonly userId: string;
	readonly password: string;
	readonly deviceId: string;
	readonly accessToken: string;
};

const {clockOffset, deviceName, ...options} = workerData as DemoWorkerData;
const demo = await startDemo({...options, now: () => Date.now() + clockOffset});
const started: DemoStarted = {url: demo.url, ...demo.account, ...demo.signIn(deviceName)};
parentPort?.postMessage(started);
