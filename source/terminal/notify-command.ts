/** Notifying by a program of the person instead of the terminal: `notify-send`, a script, a webhook. */
import {spawn} from 'node:child_process';
import {ExpectedError} from '../domain/errors.ts';
import type {NotificationText} from './notification-sequence.ts';

export type NotifyCommandOptions = {
	/** Program and arguments. */
	readonly command: readonly string[];
	readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Milliseconds that the program may take. */
const patience = 10_000;

/** Code points of an argument. */
const longestText = 500;

/** One line without controls, and no option: it may begin as it likes. */
const argumentOf = (text: string): string => {
	const line = text.toWellFormed().replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, ' ');
	const cut = Array.from(line).slice(0, longestText).join('');
	return cut.startsWith('-') ? ` ${cut}` : cut;
};

/**
 * Runs the program without a shell, with title and text as its last arguments, and as MX_TITLE and MX_BODY.
 * @throws ExpectedError where it does not end well in ten seconds
 */
export const runNotifyCommand = async (text: NotificationText, options: NotifyCommandOptions): Promise<void> => {
	const [program = '', ...args] = options.command;
	const [title, body] = [argumentOf(text.title), argumentOf(text.body)];
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	const fail = (why: string): void =>
		reject(
			new ExpectedError({
				message: `The program that notifies, ${program}, ${why}.`,
				next: 'See notifyCommand in the settings.',
				reason: 'error',
			}),
		);
	const child = spawn(program, [...args, title, body], {
		stdio: 'ignore',
		env: {...options.environment, MX_TITLE: title, MX_BODY: body},
		timeout: patience,
		killSignal: 'SIGKILL',
	});
	child.once('error', error => fail(`could not be started: ${error.message}`));
	child.once('exit', (code, signal) => {
		if (code === 0) resolve();
		else fail(signal === null ? `ended with the error ${code}` : `was ended by ${signal}`);
	});
	child.unref();
	return promise;
};
