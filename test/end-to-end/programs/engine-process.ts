/** An engine in a process of its own, to be killed: opens the home that it is given and answers over IPC. */
import '../../helpers/sdk-timers.ts';
import process from 'node:process';
import {RustBackupManager} from 'matrix-js-sdk/lib/rust-crypto/backup.js';
import {isObject} from '../../../source/domain/json.ts';
import {answerRequest} from '../../../source/domain/session-proxy.ts';
import type {SessionRequest} from '../../../source/domain/session.ts';
import {reportOf} from '../../../source/domain/errors.ts';
import {captureConsole, openLogFile} from '../../../source/store/log-file.ts';
import {StoreBusy} from '../../../source/store/open-database.ts';
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
};

const tell = (message: object): void => void process.send?.(message);

const answerOver = (engine: TestEngine, home: EngineHome): void => {
	process.on('message', message => {
		if (!isObject(message)) return;
		const {theme, stop} = message;
		if (stop === true) void engine.stop().then(() => process.exit(0));
		if (typeof theme === 'string') void openSettings(home.files.config, Date.now).set('theme', theme);
		if (message['method'] === undefined) return;
		void answerRequest(engine.session, message as unknown as SessionRequest).then(tell);
	});
	process.once('disconnect', () => process.exit(0));
};

const run = async ({home, mode, isNew, crash}: Start): Promise<void> => {
	captureConsole(openLogFile({path: home.files.log, now: Date.now}));
	// Clients spread their backups over ten seconds to spare servers; a test need not wait for its only one.
	Object.assign(RustBackupManager, {maxBackupLoopStartDelayMillis: 0});
	if (crash !== undefined) armCrash(crash);
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
