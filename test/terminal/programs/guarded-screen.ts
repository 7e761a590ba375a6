/** A screen without Ink: enters the modes, says its process id, and ends in the way that its argument names. */
import {writeSync} from 'node:fs';
import {createInputSource, escapeDelay} from '../../../source/terminal/input-source.ts';
import {createScreenOutput, setNonBlocking} from '../../../source/terminal/screen-output.ts';
import {createTerminalModes} from '../../../source/terminal/terminal-modes.ts';
import {installExitGuard} from '../../../source/terminal/exit-guard.ts';

const [way] = process.argv.slice(2);
const output = createScreenOutput(process.stdout, chunk => chunk);
const modes = createTerminalModes({
	stdout: process.stdout,
	writeSync: bytes => writeSync(1, bytes),
	hasKittyKeyboard: true,
	hasMouse: true,
});
const input = createInputSource({
	stdin: process.stdin,
	escapeDelay: escapeDelay(process.env),
	onEnd: () => guard.end({kind: 'hang-up'}),
});
const guard = installExitGuard({
	process,
	stdout: process.stdout,
	leave: () => {
		output.close();
		input.stop();
		modes.leave();
	},
	leaveAtExit: modes.leaveAtExit,
	onExit: async cause => {
		if (way === 'engine-hangs') await new Promise<never>(() => undefined);
		modes.print(`saved after ${cause.kind}\n`);
	},
	report: error => modes.print(`bug: ${String(error)}\n`),
	patience: 500,
});

const act = (key: string): void => {
	if (key === 'q') guard.end({kind: 'quit', code: 3});
	if (key === 'x') process.exit(5);
	if (key === 't') throw new Error('thrown in a handler');
	if (key === 'r') void Promise.reject(new Error('rejected'));
	if (key === 'f') {
		output.stream.write('flood '.repeat(1_000_000));
		process.kill(process.pid, 'SIGTERM');
	}
	output.stream.write(`key=${key};`);
};

setNonBlocking(process.stderr);
// As Ink's restore-cursor does.
process.on('exit', () => process.stderr.write('\u001B[?25h'));
modes.enter();
input.subscribe(event => {
	if (event.kind === 'text') act(event.text);
	if (event.kind === 'reply') modes.acceptReply(event.text);
});
input.start();
output.stream.write(`pid=${process.pid};`);
