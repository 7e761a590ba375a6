/** The engine's thread: opens the account, speaks to the screen's thread over the port, ends when told. */
import process from 'node:process';
import {parentPort, workerData} from 'node:worker_threads';
import {reportOf} from '../domain/errors.ts';
import {answerRequest} from '../domain/session-proxy.ts';
import {captureConsole, openLogIfPossible} from '../store/log-file.ts';
import {StoreBusy, storageTrouble} from '../store/store-errors.ts';
import {deriveKeys} from '../store/secrets/derived-keys.ts';
import {openEngine, type Engine} from './open-engine.ts';
import {beat} from './heartbeat.ts';
import type {FromWorker, ToWorker, WorkerExtras, WorkerStart} from './worker-messages.ts';

const run = async (port: NonNullable<typeof parentPort>, start: WorkerStart & WorkerExtras): Promise<void> => {
	beat(start.heartbeat, start.patience);
	const log = openLogIfPossible({path: start.files.log, now: Date.now});
	captureConsole(log);
	process.on('unhandledRejection', error => log.error('engine', 'A promise was rejected that nobody handled', {error}));
	process.on('uncaughtException', error => {
		log.error('engine', 'An error was thrown that nobody handled', {error});
		process.exit(1);
	});
	const tell = (message: FromWorker): void => port.postMessage(message);

	let engine: Engine;
	try {
		const {files, record, version, deviceName, clockOffset = 0} = start;
		engine = await openEngine({
			files,
			record,
			keys: deriveKeys(start.masterKey),
			mode: 'live',
			version,
			deviceName,
			now: () => Date.now() + clockOffset,
			log,
		});
	} catch (error) {
		tell({
			kind: 'refused',
			isBusy: error instanceof StoreBusy,
			trouble: storageTrouble(error),
			error: reportOf(error),
		});
		port.close();
		return;
	}
	engine.subscribe(notice => tell({kind: 'notice', notice}));
	void engine.ended.then(how => tell({kind: 'ended', how}));

	const stop = async (): Promise<void> => {
		await engine.stop();
		log.close();
		// The SDK leaves timers behind that would keep the thread for minutes.
		process.exit(0);
	};
	port.on('message', (message: ToWorker) => {
		switch (message.kind) {
			case 'request':
				void answerRequest(engine.session, message.request).then(reply => tell({kind: 'reply', reply}));
				break;
			case 'stop':
				stop().catch((error: unknown) => {
					log.error('engine', 'Stopping failed', {error});
					process.exit(1);
				});
		}
	});
	try {
		await engine.start();
		tell({kind: 'ready'});
	} catch (error) {
		tell({kind: 'refused', isBusy: false, trouble: storageTrouble(error), error: reportOf(error)});
		await stop();
	}
};

if (parentPort !== null) void run(parentPort, workerData as WorkerStart & WorkerExtras);
