/** Starts the screen: joins terminal, model, session and Ink, and gives the terminal back whatever happens. */
import nodeProcess from 'node:process';
import type {ReactElement} from 'react';
import {render, type Instance} from 'ink';
import {reportOf} from '../domain/errors.ts';
import {installExitGuard, type ExitCause, type GuardedProcess} from '../terminal/exit-guard.ts';
import {createInkStdin} from '../terminal/input-source.ts';
import {installSuspension} from '../terminal/suspension.ts';
import {safeText} from '../text/safe-text.ts';
import {App} from './app.tsx';
import {createController} from './screen-controller.ts';
import type {ScreenOptions} from './screen-options.ts';
import {isDrawnByInk, openTerminal} from './screen-terminal.ts';
import {automatic} from './themes.ts';
import {createTheming} from './theming.ts';

/** How the screen ended. The caller exits with the code: a worker may still run. */
export type ScreenEnd = {readonly exitCode: number};

const bugSentence = (error: unknown): string =>
	safeText(
		`mx had to stop: ${reportOf(error).message}. Nothing that was typed is lost; the log has the details.`,
		'name',
	);

/** The process, but its end is left to the caller. */
const withExit = (process: GuardedProcess, exit: (code: number) => void): GuardedProcess =>
	new Proxy(process, {
		get(target, name) {
			if (name === 'exit') return exit;
			const value: unknown = Reflect.get(target, name);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});

/**
 * Runs the screen until it is left: by `/quit`, a signal, a vanished terminal or a bug.
 * @returns the exit code, after the terminal is restored, drafts are kept and `onQuit` is done
 */
export const startScreen = async (options: ScreenOptions): Promise<ScreenEnd> => {
	const {stdout, environment, log, onFirstFrame, onQuit} = options;
	const {promise, resolve} = Promise.withResolvers<ScreenEnd>();
	const terminal = openTerminal(options, () => guard.end({kind: 'hang-up'}));
	const {output, modes, input} = terminal;
	let instance: Instance | undefined;
	let isRedrawPlanned = false;
	const theming = createTheming({
		environment,
		name: options.settings?.theme ?? automatic,
		characters: terminal.characters,
		onChange: () => instance?.rerender(app()),
	});

	/** Ink draws only what changed; this makes it draw everything, whatever the terminal shows. */
	const redraw = (): void => {
		if (isRedrawPlanned) return;
		isRedrawPlanned = true;
		setImmediate(() => {
			isRedrawPlanned = false;
			instance?.clear();
			output.repaint();
		});
	};
	const controller = createController(options, terminal, {
		theming,
		quit: () => guard.end({kind: 'quit', code: 0}),
		redraw() {
			output.pictures?.renew();
			redraw();
		},
		suspend: () => suspension.suspend(),
		away: async task => suspension.away(task),
	});
	const {model} = controller;

	const resize = (): void => {
		const {columns, rows} = output.stream;
		const {frame} = model.store.get();
		if (columns === frame.columns && rows === frame.rows) return;
		model.resize({columns, rows});
		redraw();
	};

	const suspension = installSuspension({
		process: options.process ?? nodeProcess,
		leave(whenOut) {
			// A frame behind what restores the terminal would be drawn over the shell.
			output.setPaused(true);
			input.stop();
			modes.leave(whenOut);
		},
		leaveAtOnce: modes.leaveAtExit,
		refuse: () => model.say('This system cannot send mx to the background.'),
		enter() {
			output.setPaused(false);
			// Raw mode is set only where it is believed to be off.
			input.stop();
			input.start();
			modes.renew();
			controller.resume();
			resize();
			redraw();
		},
	});

	const leave = (): void => {
		suspension.dispose();
		controller.stop();
		output.close();
		input.stop();
		modes.leave();
		instance?.unmount();
	};

	const guard = installExitGuard({
		// The handlers stay: what the terminal has not taken yet is written when the process ends.
		process: withExit(options.process ?? nodeProcess, exitCode => resolve({exitCode})),
		stdout,
		leave,
		leaveAtExit: modes.leaveAtExit,
		isAway: suspension.isAway,
		onExit: async (cause: ExitCause) => {
			log.info('screen', 'the screen ends', {cause: cause.kind});
			await controller.finish();
			await onQuit();
		},
		report: error => {
			log.error('screen', 'the screen failed', {error});
			(options.report ?? (sentence => nodeProcess.stderr.write(`${sentence}\n`)))(bugSentence(error));
		},
	});

	modes.enter();
	output.stream.on('resize', resize);
	controller.start();
	const app = (): ReactElement => (
		<App
			store={model.store}
			paint={theming.painter()}
			onError={error => log.error('screen', 'a part could not be drawn', {error})}
			onFatalError={error => guard.end({kind: 'error', error})}
		/>
	);
	instance = render(app(), {
		stdout: output.stream,
		stdin: createInkStdin(),
		patchConsole: false,
		exitOnCtrlC: false,
		incrementalRendering: isDrawnByInk(environment),
		interactive: true,
		maxFps: 120,
	});
	await instance.waitUntilRenderFlush();
	onFirstFrame?.();
	return promise;
};
