/** The end of the process: output that nobody reads any more or that cannot be written, and output that must be out before it ends. */
import process from 'node:process';
import {exitCodes, ExpectedError} from '../domain/errors.ts';
import {createTalk} from './talk.ts';

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined);

/** Milliseconds that a terminal which reads nothing (Ctrl-S, a stalled link) may hold the end. A pipe may for ever. */
const terminalPatience = 300;

const flush = async (stream: NodeJS.WriteStream): Promise<void> =>
	new Promise(resolve => {
		stream.write('', () => resolve());
		if (stream.isTTY) setTimeout(resolve, terminalPatience);
	});

const notWritten = (error: Error): ExpectedError => {
	const reason = codeOf(error) === 'ENOSPC' ? 'there is no space left' : error.message;
	return new ExpectedError({
		message: `The output could not be written: ${reason}.`,
		next: 'What was asked for may be done all the same: look before you repeat it.',
		reason: 'error',
	});
};

/**
 * Watches stdout and stderr. A reader that has seen enough (`mx rooms | head`) is no failure: it ends the process quietly. What
 * cannot be said on stderr is not said: what was done stays done, and the exit code tells it.
 * @returns ends the process once what can be written is; the SDK leaves timers that would keep it alive for minutes
 */
export const watchOutput = (): ((code: number) => Promise<never>) => {
	let failure: Error | undefined;
	process.stdout.on('error', error => {
		if (codeOf(error) === 'EPIPE') process.exit(exitCodes.done);
		failure ??= error;
	});
	process.stderr.on('error', () => undefined);
	return async code => {
		await flush(process.stdout);
		if (failure !== undefined) createTalk({stream: process.stderr, isQuiet: false}).fail(notWritten(failure));
		await flush(process.stderr);
		return process.exit(code === exitCodes.done && failure !== undefined ? exitCodes.error : code);
	};
};
