/** Starts the screen: joins terminal, model, session and Ink, and gives the terminal back whatever happens. */
import {randomUUID} from 'node:crypto';
import {writeSync as writeToDescriptor} from 'node:fs';
import nodeProcess from 'node:process';
import {render, type Instance} from 'ink';
import type {ScreenActions} from '../commands/define-command.ts';
import {createKeymap, keyLabel} from '../commands/keymap.ts';
import {screenTable} from '../commands/screen-table.ts';
import {findSlash, slashUsage} from '../commands/slash.ts';
import {reportOf} from '../domain/errors.ts';
import type {EngineNotice, Session} from '../domain/session.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Logger} from '../store/log-file.ts';
import {colourLevel} from '../terminal/colour-level.ts';
import {installExitGuard, type ExitCause, type GuardedProcess} from '../terminal/exit-guard.ts';
import {createInkStdin, createInputSource, escapeDelay, type TerminalInput} from '../terminal/input-source.ts';
import {createOutputFirewall} from '../terminal/output-firewall.ts';
import {createScreenOutput, type TerminalOutput} from '../terminal/screen-output.ts';
import {createScreenWriter} from '../terminal/screen-writer.ts';
import {installSuspension} from '../terminal/suspension.ts';
import {createTerminalModes} from '../terminal/terminal-modes.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {createScreenModel} from '../view-models/screen-model.ts';
import {App} from './app.tsx';
import {createDispatcher} from './dispatcher.ts';
import {createDraftKeeper} from './draft-keeper.ts';
import {helpLines} from './help-lines.ts';
import {createHistoryLoader} from './history-loader.ts';
import {createInkFilter} from './ink-output.ts';
import {createNoticeBatch} from './notice-batch.ts';
import {createPainter} from './painter.ts';
import {createRoomVisits} from './room-visits.ts';
import {createScreenActions} from './screen-actions.ts';
import {createSender} from './sender.ts';
import {darkTheme} from './theme.ts';

/** What the screen is given. */
export type ScreenOptions = {
	/** A connection of its own to the account's store, beside the engine's. */
	readonly reader: AccountReader;
	/** May answer late: until the engine is up, everything that is stored can be read. */
	readonly session: Session;
	/** @returns the end of the subscription. */
	readonly subscribe: (listener: (notice: EngineNotice) => void) => () => void;
	readonly account: {readonly userId: string; readonly homeserver: string};
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly stdin: TerminalInput;
	readonly stdout: TerminalOutput;
	/** Address of a room that is opened as soon as it is known, unless the person was quicker. */
	readonly startRoom?: string | undefined;
	/** Once, when the first frame is written: the caller then starts the engine. */
	readonly onFirstFrame?: () => void;
	/** Ends the engine; the screen is gone and drafts are kept by then. It has two seconds. */
	readonly onQuit: () => Promise<void>;
	readonly log: Logger;
	/** Milliseconds since the Unix epoch. @default Date.now */
	readonly now?: () => number;
	/** Writes to the terminal at once. @default to file descriptor 1 */
	readonly writeSync?: (bytes: Uint8Array) => number;
	/** Where signals and uncaught errors come from. @default the process */
	readonly process?: GuardedProcess;
	/** Takes the sentence about a bug. @default stderr */
	readonly report?: (sentence: string) => void;
};

/** How the screen ended. The caller exits with the code: a worker may still run. */
export type ScreenEnd = {readonly exitCode: number};

const commandHint = (text: string): SafeText | undefined => {
	if (text.startsWith('//') || !text.startsWith('/')) return undefined;
	const word = /^\/(\S*)/.exec(text)?.[1] ?? '';
	const command = findSlash(word, screenTable);
	if (command !== undefined) return safeText(`${slashUsage(command)}  ${command.summary}`, 'line');
	const known = screenTable.filter(each => each.isSlash && each.name.startsWith(word)).map(each => `/${each.name}`);
	return safeText(known.length === 0 ? 'no such command; // sends a slash' : known.join(' '), 'line');
};

/** Reminders for the status line, from the table. */
const keyHints = (): readonly SafeText[] => {
	const wanted: readonly (readonly [command: string, words: SafeText])[] = [
		['help', literal`help`],
		['next-unread', literal`next unread`],
		['next-room', literal`next room`],
		['page-up', literal`scrolls`],
	];
	return wanted.map(([name, words]) => {
		const key = screenTable.find(command => command.name === name)?.keys[0] ?? '';
		return literal`${safeText(keyLabel(key), 'name')} ${words}`;
	});
};

const bugSentence = (error: unknown): string =>
	safeText(
		`mx had to stop: ${reportOf(error).message}. Nothing that was typed is lost; the log has the details.`,
		'name',
	);

/** The way out should the writer not fit a terminal, or another version of Ink. */
const isDrawnByInk = (environment: ScreenOptions['environment']): boolean => environment['MX_RENDERER'] === 'ink';

const createInkOutput = (onBlocked: (codePoint: string) => void): ((chunk: string) => string) => {
	const firewall = createOutputFirewall({onBlocked});
	const shorten = createInkFilter();
	return chunk => firewall.filter(shorten(chunk));
};

/** The terminal: what is written to it, read from it, and how it is left. */
const openTerminal = ({stdin, stdout, environment, log, writeSync}: ScreenOptions, onEnd: () => void) => {
	const onBlocked = (codePoint: string): void => log.error('screen', 'output blocked', {codePoint});
	const output = isDrawnByInk(environment)
		? createScreenOutput(stdout, createInkOutput(onBlocked))
		: createScreenWriter(stdout, onBlocked);
	const modes = createTerminalModes({
		stdout,
		writeSync: writeSync ?? (bytes => writeToDescriptor(1, bytes)),
		hasKittyKeyboard: true,
		hasMouse: false,
	});
	const input = createInputSource({stdin, escapeDelay: escapeDelay(environment), onEnd});
	return {output, modes, input};
};

type Terminal = ReturnType<typeof openTerminal>;

/** The process, but its end is left to the caller. */
const withExit = (process: GuardedProcess, exit: (code: number) => void): GuardedProcess =>
	new Proxy(process, {
		get(target, name) {
			if (name === 'exit') return exit;
			const value: unknown = Reflect.get(target, name);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});

/** Everything behind the screen; `start` subscribes it to keys and notices, `stop` ends that. */
const createController = (
	options: ScreenOptions,
	{modes, input, output}: Terminal,
	ways: Pick<ScreenActions, 'quit' | 'redraw' | 'suspend'>,
) => {
	const {reader, session, log, account, now = Date.now} = options;
	const {columns, rows} = output.stream;
	const model = createScreenModel({
		source: reader,
		userId: account.userId,
		now,
		size: {columns, rows},
		onError: error => log.error('screen', 'a part could not be shown', {error}),
		hints: keyHints(),
		commandHint,
		helpLines: width => helpLines(screenTable, width),
	});
	const port = {model, session, log};
	const drafts = createDraftKeeper(port, {roomIdOf: rid => reader.room(rid)?.roomId, kept: rid => reader.draft(rid)});
	const visits = createRoomVisits(port, reader);
	const history = createHistoryLoader(port);
	const sender = createSender({
		...port,
		createKey: randomUUID,
		replay: event => dispatch(event),
		onSending: rid => {
			drafts.setSending(rid);
			if (rid === undefined) void drafts.flush();
		},
	});
	const context = createScreenActions({...port, ...ways, reader, sender, drafts, visits, history, now});
	const dispatch = createDispatcher({
		model,
		keymap: createKeymap(screenTable),
		context,
		sender,
		drafts,
		onFocus(isFocused) {
			model.timeline.setWatched(isFocused);
			visits.setTerminalFocus(isFocused);
		},
		onReply: modes.acceptReply,
	});
	const batch = createNoticeBatch(model);
	const ends: (() => void)[] = [];
	let {startRoom} = options;
	const openStartRoom = (): void => {
		const room = startRoom === undefined ? undefined : reader.roomByAlias(startRoom);
		if (model.openedRoom() !== undefined) startRoom = undefined;
		if (startRoom === undefined || room === undefined) return;
		startRoom = undefined;
		context.screen.openRoom(room.roomId);
	};
	return {
		model,
		drafts,
		start(): void {
			const hear = (notice: EngineNotice): void => {
				batch.add(notice);
				// A new engine is to know what is on the screen.
				if (notice.kind === 'changed' && notice.rids === 'all') visits.enter();
				if (notice.kind === 'net' && notice.net.state === 'online') history.ask();
			};
			ends.push(input.subscribe(dispatch), options.subscribe(hear));
			let seen = model.store.get();
			const look = (): void => {
				const next = model.store.get();
				// Typing changes neither what is read nor what is missing.
				const isSame = next.main === seen.main && next.inbox === seen.inbox;
				seen = next;
				if (isSame) return;
				openStartRoom();
				visits.check();
				history.check();
			};
			ends.push(model.store.subscribe(look));
			openStartRoom();
			input.start();
		},
		stop(): void {
			for (const end of ends) end();
			batch.dispose();
			visits.dispose();
		},
	};
};

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
		quit: () => guard.end({kind: 'quit', code: 0}),
		redraw,
		suspend: () => suspension.suspend(),
	});
	const {model, drafts} = controller;

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
		onExit: async (cause: ExitCause) => {
			log.info('screen', 'the screen ends', {cause: cause.kind});
			await drafts.flush();
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
	instance = render(
		<App
			store={model.store}
			paint={createPainter(darkTheme(), colourLevel(environment, true))}
			onError={error => log.error('screen', 'a part could not be drawn', {error})}
			onFatalError={error => guard.end({kind: 'error', error})}
		/>,
		{
			stdout: output.stream,
			stdin: createInkStdin(),
			patchConsole: false,
			exitOnCtrlC: false,
			incrementalRendering: isDrawnByInk(environment),
			interactive: true,
			maxFps: 60,
		},
	);
	await instance.waitUntilRenderFlush();
	onFirstFrame?.();
	return promise;
};
