/**
 * Import this before matrix-js-sdk in every test file that runs the SDK in its own process: the SDK leaves timers behind
 * (for each request one that would abort it, up to 110 seconds; http-api/utils.ts `timeoutSignal`), which would keep the
 * process alive long after the last test. Timers that SDK code makes no longer do; those of all other code are as ever.
 */

const isOfSdk = (): boolean => {
	const [, , , caller = ''] = new Error('Who sets this timer?').stack?.split('\n') ?? [];
	return /node_modules[/\\](?:matrix-js-sdk|p-retry)[/\\]/.test(caller);
};

const originalTimeout = globalThis.setTimeout;
const originalInterval = globalThis.setInterval;

const patched = <Original extends typeof setTimeout | typeof setInterval>(original: Original): Original => {
	const replacement = (...parameters: Parameters<Original>): NodeJS.Timeout => {
		const timer: NodeJS.Timeout = Reflect.apply(original, globalThis, parameters);
		return isOfSdk() ? timer.unref() : timer;
	};
	// `util.promisify(setTimeout)` and the like find their own form through the properties of the function.
	return Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original)) as unknown as Original;
};

globalThis.setTimeout = patched(originalTimeout);
globalThis.setInterval = patched(originalInterval);
