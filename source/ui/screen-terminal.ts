/** The terminal as the screen uses it: what is written to it, read from it, and how it is left. */
import {writeSync as writeToDescriptor} from 'node:fs';
import process from 'node:process';
import {createInputSource, escapeDelay, type TerminalInput} from '../terminal/input-source.ts';
import {createOutputFirewall} from '../terminal/output-firewall.ts';
import {createScreenOutput, type TerminalOutput} from '../terminal/screen-output.ts';
import {createKittyPictures} from '../terminal/kitty-pictures.ts';
import {isTmux, throughTmux} from '../terminal/osc.ts';
import {createPixelPictures} from '../terminal/pixel-pictures.ts';
import {createScreenWriter} from '../terminal/screen-writer.ts';
import {characterSetOf} from '../terminal/character-set.ts';
import {createTerminalModes} from '../terminal/terminal-modes.ts';
import {createTerminalProbe} from '../terminal/terminal-probe.ts';
import type {Logger} from '../store/log-file.ts';
import type {Settings} from '../store/settings.ts';
import {createInkFilter} from './ink-output.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type ScreenTerminalOptions = {
	readonly environment: Environment;
	readonly stdin: TerminalInput;
	readonly stdout: TerminalOutput;
	readonly log: Logger;
	/** @default what holds without a file */
	readonly settings?: Partial<Settings> | undefined;
	/** Writes to the terminal at once. @default to file descriptor 1 */
	readonly writeSync?: ((bytes: Uint8Array) => number) | undefined;
};

/** The way out should the writer not fit a terminal, or another version of Ink. */
export const isDrawnByInk = (environment: Environment): boolean => environment['MX_RENDERER'] === 'ink';

const createInkOutput = (onBlocked: (codePoint: string) => void): ((chunk: string) => string) => {
	const firewall = createOutputFirewall({onBlocked});
	const shorten = createInkFilter();
	return chunk => firewall.filter(shorten(chunk));
};

/** @param onEnd the terminal is gone */
export const openTerminal = (
	{stdin, stdout, environment, log, writeSync, settings = {}}: ScreenTerminalOptions,
	onEnd: () => void,
) => {
	const onBlocked = (codePoint: string): void => log.error('screen', 'output blocked', {codePoint});
	const output = isDrawnByInk(environment)
		? createScreenOutput(stdout, createInkOutput(onBlocked))
		: createScreenWriter(stdout, onBlocked, {
				kept: createKittyPictures(isTmux(environment) ? throughTmux : undefined),
				pixels: createPixelPictures(),
			});
	const probe = createTerminalProbe(environment);
	const modes = createTerminalModes({
		stdout,
		writeSync: writeSync ?? (bytes => writeToDescriptor(1, bytes)),
		hasKittyKeyboard: true,
		hasMouse: settings.mouse ?? true,
		hasTitle: settings.title ?? true,
		query: probe.query,
	});
	const input = createInputSource({
		stdin,
		escapeDelay: escapeDelay(environment),
		isAnswerDue: probe.isWaiting,
		onEnd,
	});
	const isAscii = settings.ascii === 'auto' ? undefined : settings.ascii;
	const characters = characterSetOf(environment, isAscii, process.platform);
	return {output, modes, input, probe, characters};
};

export type ScreenTerminal = ReturnType<typeof openTerminal>;

/** The part of it that what is behind the screen needs; the linear view has another one. */
export type ControllerTerminal = Pick<ScreenTerminal, 'probe' | 'characters'> & {
	/** Lists are said with numbers, and keys mean nothing. @default false */
	readonly isLinear?: boolean;
	readonly output: Pick<ScreenTerminal['output'], 'tell' | 'isSlow' | 'pictures'> & {
		readonly stream: {readonly columns: number; readonly rows: number};
	};
	readonly modes: Pick<ScreenTerminal['modes'], 'setMouse' | 'acceptReply'>;
	readonly input: Pick<ScreenTerminal['input'], 'subscribe' | 'start'>;
};
