/** Starts the linear view (`mx --plain`): the model and the commands of the screen, with lines in place of a picture. */
import nodeProcess from 'node:process';
import {reportOf} from '../domain/errors.ts';
import {installExitGuard, type GuardedProcess} from '../terminal/exit-guard.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {createBusySession} from './plain/busy-session.ts';
import {createElsewhere} from './plain/elsewhere.ts';
import {readLines} from './plain/line-reader.ts';
import {createPlainActions} from './plain/plain-actions.ts';
import {createPlainInput} from './plain/plain-input.ts';
import {createPlainLists} from './plain/plain-lists.ts';
import {createPlainTerminal} from './plain/plain-terminal.ts';
import {createPlainView} from './plain/plain-view.ts';
import {waitForSent} from './plain/wait-for-sent.ts';
import {createController} from './screen-controller.ts';
import type {ScreenOptions} from './screen-options.ts';
import {createTheming} from './theming.ts';

/** How the view ended. The caller exits with the code: a worker may still run. */
type PlainEnd = {readonly exitCode: number};

/** The process, but its end is left to the caller. */
const withExit = (process: GuardedProcess, exit: (code: number) => void): GuardedProcess =>
	new Proxy(process, {
		get(target, name) {
			if (name === 'exit') return exit;
			const value: unknown = Reflect.get(target, name);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});

const bugSentence = (error: unknown): string =>
	safeText(`mx had to stop: ${reportOf(error).message}. The log has the details.`, 'name');

export type PlainOptions = ScreenOptions & {
	/** Whether what is typed is seen where it is typed: then own messages are not said again. */
	readonly isEchoed: boolean;
};

/**
 * Runs the linear view until it is left: by `/quit`, a signal, the end of the input or a bug.
 * @returns the exit code, after drafts are kept and `onQuit` is done
 */
export const startPlain = async (options: PlainOptions): Promise<PlainEnd> => {
	const {stdin, stdout, log, reader, account, now = Date.now} = options;
	const {promise, resolve} = Promise.withResolvers<PlainEnd>();
	const busy = createBusySession(options.session);
	let saidCount = 0;
	const print = (lines: readonly SafeText[]): void => {
		if (lines.length === 0) return;
		saidCount += lines.length;
		stdout.write(joinSafe(lines.map(line => literal`${line}\n`)));
	};
	let stopReading = (): void => undefined;
	const startReading = (): void => {
		stopReading = readLines(stdin, {onLine: line => input.accept(line), onEnd: rest => void leaveAtEnd(rest)});
	};
	const controller = createController(
		// Nothing is drawn that could be named, clicked or colourful; and who listens hears of what comes anyway.
		{...options, session: busy.session, settings: {...options.settings, mouse: false, title: false, notify: 'off'}},
		createPlainTerminal(),
		{
			theming: createTheming({
				environment: {NO_COLOR: '1'},
				name: 'plain',
				characters: 'ascii',
				onChange: () => undefined,
			}),
			quit: () => guard.end({kind: 'quit', code: 0}),
			redraw: () => undefined,
			suspend: () => undefined,
			async away(task) {
				stopReading();
				try {
					return await task();
				} finally {
					startReading();
				}
			},
		},
	);
	const {model, drafts, context} = controller;
	const lists = createPlainLists(model, print);
	const elsewhere = createElsewhere({reader, openRid: () => model.openedRoom()?.rid, print});
	const view = createPlainView({
		model,
		reader,
		userId: account.userId,
		now,
		print,
		saysOwn: !options.isEchoed,
		lists,
		elsewhere,
		isBusy: () => busy.isBusy() || input.isWorking(),
	});
	const onError = (error: unknown): void => log.error('screen', 'the linear view failed', {error});
	const attempt = (task: () => void): void => {
		try {
			task();
		} catch (error) {
			onError(error);
		}
	};
	const actions = createPlainActions({
		model,
		context,
		reader,
		userId: account.userId,
		now,
		print,
		lists,
		elsewhere,
		view,
		submit: () => input.submit(),
		onWritten: drafts.touch,
	});
	const input = createPlainInput({
		model,
		context,
		print,
		lists,
		actions: () => actions,
		idle: busy.idle,
		settle: () => view.settle(),
		saidCount: () => saidCount,
		onWritten: drafts.touch,
		onError,
	});

	/** What was typed before the end is on its way: a moment later it is sent. */
	const leaveAtEnd = async (rest: string): Promise<void> => {
		await input.end(rest);
		const waiting = await waitForSent(reader, {rids: view.visited(), isOffline: view.isOffline});
		if (waiting > 0)
			print([
				literal`${waiting === 1 ? literal`1 message is` : literal`${waiting} messages are`} not sent yet: that goes on when mx runs again.`,
			]);
		guard.end({kind: 'quit', code: 0});
	};

	const guard = installExitGuard({
		process: withExit(options.process ?? nodeProcess, exitCode => resolve({exitCode})),
		stdout,
		leave() {
			stopReading();
			elsewhere.dispose();
			view.dispose();
			controller.stop();
		},
		leaveAtExit: () => undefined,
		async onExit({kind}) {
			log.info('screen', 'the linear view ends', {cause: kind});
			await controller.finish();
			await options.onQuit();
		},
		report(error) {
			log.error('screen', 'the linear view failed', {error});
			(options.report ?? (sentence => nodeProcess.stderr.write(`${sentence}\n`)))(bugSentence(error));
		},
	});

	print([literal`mx for ${safeText(account.userId, 'name')}, line by line. /help says how it works, /quit leaves.`]);
	model.store.subscribe(() => attempt(view.look));
	controller.start();
	options.subscribe(notice => attempt(() => view.hear(notice)));
	view.settle();
	if (model.openedRoom() === undefined && options.startRoom === undefined) print(view.roomLines(true));
	const standing = elsewhere.begin();
	if (standing !== undefined) print([standing]);
	startReading();
	options.onFirstFrame?.();
	return promise;
};
