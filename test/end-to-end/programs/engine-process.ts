/** An engine in a process of its own, to be killed: opens the home that it is given and answers over IPC. */
import '../../helpers/sdk-timers.ts';
import process from 'node:process';
import {setImmediate, setTimeout as sleep} from 'node:timers/promises';
import {RustBackupManager} from 'matrix-js-sdk/lib/rust-crypto/backup.js';
import {isObject} from '../../../source/domain/json.ts';
import {answerRequest} from '../../../source/domain/session-proxy.ts';
import type {EngineNotice, SessionRequest} from '../../../source/domain/session.ts';
import {reportOf} from '../../../source/domain/errors.ts';
import {captureConsole, openLogFile} from '../../../source/store/log-file.ts';
import {StoreBusy} from '../../../source/store/store-errors.ts';
import {openSettings} from '../../../source/store/settings.ts';
// The SDK is needed in any case: who starts this program ahead of time need not wait for it later.
import '../../../source/matrix/sdk-client.ts';
import {armCrash, type Crash} from '../../engine/crash-trigger.ts';
import {openHome, type EngineHome, type TestEngine} from '../../helpers/engine.ts';

type Start = {
	readonly home: EngineHome;
	readonly mode: 'live' | 'one-shot';
	readonly isNew: boolean;
	readonly crash?: Crash;
	readonly isHastened?: boolean;
};

/** Milliseconds. */
const waitForKeys = 300_000;
const waitForKeysHastened = 500;

const tell = (message: object): void => void process.send?.(message);

/** The SDK waits five minutes for the key of an event; where hours of messages come in seconds, it waits half a second. */
const hastenWaitForKeys = (): void => {
	const setTimer = globalThis.setTimeout;
	const hastened = (...[callback, delay, ...more]: Parameters<typeof setTimeout>): NodeJS.Timeout =>
		setTimer(callback, delay === waitForKeys ? waitForKeysHastened : delay, ...more);
	globalThis.setTimeout = Object.assign(hastened, {...setTimer}) as typeof setTimeout;
};

/** What is left when all that can go is gone; needs --expose-gc. */
const measureMemory = async (engine: TestEngine): Promise<NodeJS.MemoryUsage> => {
	// What the helper remembers is not mx's.
	(engine.notices as EngineNotice[]).length = 0;
	await sleep(waitForKeysHastened * 2);
	for (let count = 0; count < 5; count++) {
		// As V8 does when it is short of memory: pages that are empty go back to the system.
		globalThis.gc?.({type: 'major', execution: 'sync', flavor: 'last-resort'});
		await setImmediate();
	}
	return process.memoryUsage();
};

const answerOver = (engine: TestEngine, home: EngineHome): void => {
	process.on('message', message => {
		if (!isObject(message)) return;
		const {theme, stop, measure} = message;
		if (measure === true) void measureMemory(engine).then(memory => tell({memory}));
		if (stop === true) void engine.stop().then(() => process.exit(0));
		if (typeof theme === 'string') void openSettings(home.files.config, Date.now).set('theme', theme);
		if (message['method'] === undefined) return;
		void answerRequest(engine.session, message as unknown as SessionRequest).then(tell);
	});
	process.once('disconnect', () => process.exit(0));
};

const run = async ({home, mode, isNew, crash, isHastened}: Start): Promise<void> => {
	captureConsole(openLogFile({path: home.files.log, now: Date.now}));
	// Clients spread their backups over ten seconds to spare servers; a test need not wait for its only one.
	Object.assign(RustBackupManager, {maxBackupLoopStartDelayMillis: 0});
	if (crash !== undefined) armCrash(crash);
	if (isHastened === true) hastenWaitForKeys();
	try {
		const engine = await openHome(home, {mode, isNew});
		engine.subscribe(notice => tell({notice}));
		answerOver(engine, home);
		await engine.start();
		tell({state: 'open'});
		await engine.caughtUp;
		tell({state: 'caught-up'});
	} catch (error) {
		tell({state: 'refused', isBusy: error instanceof StoreBusy, error: reportOf(error)});
		process.disconnect();
	}
};

process.once('message', start => void run(start as Start));
