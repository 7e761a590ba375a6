/** The end of the process: output that nobody reads any more, and output that must be out before it ends. */
import process from 'node:process';

const isClosedPipe = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EPIPE';

/** A reader that has seen enough (`mx rooms | head`) is no failure: ends the process quietly. */
export const endQuietlyOnClosedPipe = (): void => {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', error => {
			if (isClosedPipe(error)) process.exit(0);
			throw error;
		});
	}
};

/** Milliseconds that a terminal which reads nothing (Ctrl-S, a stalled link) may hold the end. A pipe may for ever. */
const terminalPatience = 300;

const flush = async (stream: NodeJS.WriteStream): Promise<void> =>
	new Promise(resolve => {
		stream.write('', () => resolve());
		if (stream.isTTY) setTimeout(resolve, terminalPatience);
	});

/** Ends the process once what can be written is; the SDK leaves timers that would keep it alive for minutes. */
export const endProcess = async (code: number): Promise<never> => {
	await Promise.all([flush(process.stdout), flush(process.stderr)]);
	return process.exit(code);
};
