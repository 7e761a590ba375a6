/** Loads the engine with its log: from then on what the SDK writes to the console goes to the log file. */
import type {LogFile} from '../store/log-file.ts';
import type {AccountAccess} from './account-access.ts';
import type {ShellParts} from './ports.ts';

/** @returns the loader; it loads once. */
export const createEngineLoader = ({
	access,
	now,
}: {
	readonly access: AccountAccess;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
}): ShellParts['loadEngine'] => {
	const openLog = async (): Promise<LogFile> => {
		await access.prepare();
		const {captureConsole, openLogFile} = await import('../store/log-file.ts');
		const log = openLogFile({path: access.files.log, now});
		captureConsole(log);
		return log;
	};
	let log: Promise<LogFile> | undefined;
	return async () => {
		// The console must be captured before the SDK is imported.
		const opened = await (log ??= openLog());
		const {openEngine} = await import('../engine/open-engine.ts');
		return {openEngine, log: opened};
	};
};
