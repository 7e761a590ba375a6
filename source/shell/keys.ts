/** `mx keys`: each read of the terminal as bytes, as mx decodes it, and what it does on the screen. */
import process from 'node:process';
import {bindKeys} from '../commands/bind-keys.ts';
import {createKeymap, keyLabel, type Keymap} from '../commands/keymap.ts';
import type {CommandScope} from '../commands/define-command.ts';
import {screenTable} from '../commands/screen-table.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import {createInputSource, escapeDelay, type TerminalInput} from '../terminal/input-source.ts';
import {kittyPop, kittyPush, kittyQuery} from '../terminal/terminal-modes.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {ShellParts} from './ports.ts';

/** Milliseconds between two Ctrl-C that end it. */
const interruptTime = 2000;

/** Bracketed paste, and the question for the kitty keyboard protocol. */
const modesOn = `\u001B[?2004h${kittyQuery}`;
const modesOff = '\u001B[?2004l';

/** Places whose keys are told, as they are called for people. */
const places: readonly (readonly [scope: CommandScope, name: SafeText])[] = [
	['composer', literal`while writing`],
	['message', literal`on a selected message`],
	['inbox', literal`in the inbox`],
	['panel', literal`in lists`],
	['everywhere', literal`everywhere`],
];

/** @returns the bytes of one read, with names for controls: `ESC [ A`, `^C`, `é`. */
export const bytesText = (bytes: Uint8Array): SafeText => {
	const parts = Array.from(Buffer.from(bytes).toString(), character => {
		const code = character.codePointAt(0) ?? 0;
		if (code === 0x1b) return 'ESC';
		if (code === 0x20) return 'SPACE';
		if (code === 0x7f) return 'DEL';
		return code < 0x20 ? `^${String.fromCodePoint(code + 0x40)}` : character;
	});
	return safeText(parts.join(' '), 'line');
};

const meaning = (keymap: Keymap, key: string): SafeText => {
	const found = places.flatMap(([scope, name]) => {
		const command = keymap.find([scope], key);
		return command === undefined ? [] : [`${command.summary} (${name})`];
	});
	return safeText(found.length === 0 ? 'no key of mx' : found.join('; '), 'line');
};

/** @returns what mx takes an event for, and does with it. */
export const eventText = (event: InputEvent, keymap: Keymap): SafeText => {
	switch (event.kind) {
		case 'key':
			return literal`${safeText(event.key, 'line')} (${safeText(keyLabel(event.key), 'line')}): ${meaning(keymap, event.key)}`;
		case 'text':
			return literal`text ${safeText(event.text, 'line')}`;
		case 'paste':
			return literal`pasted: ${event.text.length} characters`;
		case 'quarantine':
			return literal`dropped, as it came right behind a paste`;
		case 'mouse':
			return literal`mouse ${safeText(event.action, 'line')} at column ${event.column + 1}, row ${event.row + 1}`;
		case 'focus':
			return event.isFocused ? literal`the terminal has the focus` : literal`the terminal has lost the focus`;
		case 'reply':
			return literal`an answer of the terminal, or no key that mx knows`;
		default:
			return event satisfies never;
	}
};

type KeysOptions = {
	readonly stdin: TerminalInput;
	readonly write: (text: string) => void;
	/** What keys mean. */
	readonly keymap: Keymap;
	readonly escapeDelay: number;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Ends it from outside. */
	readonly signal: AbortSignal;
	/** Told of what the terminal answers. */
	readonly onReply: (text: string) => void;
};

/** Reads until Ctrl-C came twice, or the terminal is gone. */
export const watchKeys = async (options: KeysOptions): Promise<void> => {
	const {stdin, write, keymap, now, signal} = options;
	const {promise, resolve} = Promise.withResolvers<void>();
	let interruptedAt = Number.NEGATIVE_INFINITY;
	const input = createInputSource({stdin, escapeDelay: options.escapeDelay, onEnd: resolve});
	// Ahead of the decoder, so that the bytes stand above what they mean.
	const showBytes = (chunk: Uint8Array): void => write(`${bytesText(chunk)}\r\n`);
	stdin.on('data', showBytes);
	const end = input.subscribe(event => {
		if (event.kind === 'reply') options.onReply(event.text);
		write(`    ${eventText(event, keymap)}\r\n`);
		if (event.kind !== 'key' || event.key !== 'ctrl-c') return;
		if (now() - interruptedAt < interruptTime) resolve();
		else write('    Press ^C again to leave.\r\n');
		interruptedAt = now();
	});
	signal.addEventListener('abort', () => resolve(), {once: true});
	input.start();
	try {
		await promise;
	} finally {
		end();
		stdin.off('data', showBytes);
		input.stop();
	}
};

/** @throws ExpectedError `usage` without a terminal */
export const showKeys = async ({access, environment, now, signal}: ShellParts): Promise<void> => {
	const {stdin, stdout} = process;
	if (!stdin.isTTY || !stdout.isTTY) {
		throw new ExpectedError({
			message: 'mx keys needs a terminal.',
			next: 'Run it where you want to use mx, without a pipe.',
			reason: 'usage',
		});
	}
	const write = (text: string): void => void stdout.write(text);
	const {openSettings} = await import('../store/settings.ts');
	const settings = openSettings(access.files.config, now);
	const {commands, problems} = bindKeys(screenTable, settings.all());
	let isKittyPushed = false;
	// As on the screen of mx, but without leaving that of the shell: what was shown can be read, and copied, afterwards.
	write(`${modesOn}Press keys: mx shows what the terminal sends, and what it means. ^C twice leaves.\r\n`);
	for (const problem of [...settings.notices, ...problems]) write(`${safeText(problem, 'line')}\r\n`);
	try {
		await watchKeys({
			stdin,
			write,
			keymap: createKeymap(commands),
			escapeDelay: escapeDelay(environment),
			now,
			signal,
			onReply(text) {
				if (isKittyPushed || !/^\u001B\[\?\d+u$/.test(text)) return;
				isKittyPushed = true;
				write(kittyPush);
			},
		});
	} finally {
		write(`${isKittyPushed ? kittyPop : ''}${modesOff}`);
	}
};
