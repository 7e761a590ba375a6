/** A logger for the SDK that says nothing. */
import {logger as globalLogger, type Logger} from 'matrix-js-sdk/lib/logger.js';

const nothing = () => undefined;

export const silentLogger: Logger = {
	trace: nothing,
	debug: nothing,
	info: nothing,
	warn: nothing,
	error: nothing,
	getChild: () => silentLogger,
};

/** Many lines of the SDK go to its global logger although a client was given one of its own. */
export const silenceGlobalLogger = (): void => {
	Object.assign(globalLogger, silentLogger, {log: nothing});
};
