/**
 * A screen without Ink that goes to the shell at `z`, and at `f` while a flood of its own is still on its way to the terminal;
 * at `e` it gives the terminal to the editor.
 */
import {writeSync} from 'node:fs';
import {editWithProgram} from '../../../source/terminal/external-editor.ts';
import {createInputSource, escapeDelay} from '../../../source/terminal/input-source.ts';
import {createScreenOutput} from '../../../source/terminal/screen-output.ts';
import {installSuspension} from '../../../source/terminal/suspension.ts';
import {createTerminalModes} from '../../../source/terminal/terminal-modes.ts';

const output = createScreenOutput(process.stdout, chunk => chunk);
const modes = createTerminalModes({
	stdout: process.stdout,
	writeSync: bytes => writeSync(1, bytes),
	hasKittyKeyboard: false,
	hasMouse: false,
});
const input = createInputSource({
	stdin: process.stdin,
	escapeDelay: escapeDelay(process.env),
	onEnd: () => process.exit(1),
});
const suspension = installSuspension({
	process,
	leave(whenOut) {
		output.setPaused(true);
		input.stop();
		modes.leave(whenOut);
		output.stream.write('a frame for nobody');
	},
	leaveAtOnce: modes.leaveAtExit,
	enter() {
		output.setPaused(false);
		input.stop();
		input.start();
		modes.renew();
		output.stream.write('back again;');
	},
	refuse: () => output.stream.write('refused;'),
});

const edit = async (): Promise<void> => {
	const text = await editWithProgram('as it was', {
		environment: process.env,
		away: async task => suspension.away(task),
	});
	output.stream.write(`written=${JSON.stringify(text)};`);
};

process.on('SIGINT', () => {
	if (!suspension.isAway()) process.exit(9);
});

const act = (key: string): void => {
	if (key === 'e') void edit();
	if (key === 'f') output.stream.write('flood '.repeat(50_000));
	if (key === 'f' || key === 'z') suspension.suspend();
	if (key !== 'q') return;
	modes.leave();
	process.exit(3);
};

modes.enter();
input.subscribe(event => {
	if (event.kind === 'text') act(event.text);
});
input.start();
output.stream.write(`pid=${process.pid};`);
