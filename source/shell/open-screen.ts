/** `mx`: what has to be known before the screen can open, and the way into it. */
import process from 'node:process';
import type {GlobalOptions} from '../commands/parse-arguments.ts';
import {ExpectedError, exitCodes} from '../domain/errors.ts';
import {createAccountAccess} from './account-access.ts';
import {loadScreen} from './load-screen.ts';
import {createPrompts} from './prompt.ts';
import {createTalk} from './talk.ts';

/** How it is opened. */
export type ScreenStart = {
	readonly options: GlobalOptions;
	/** Version of mx. */
	readonly version: string;
};

const welcome = [
	'mx is a Matrix chat client, and nobody is signed in here yet.',
	'',
	'  Sign in:            mx login SERVER USER      for example: mx login example.org anna',
	'  Create an account:  on the web page of a server that takes new people, then mx login',
	'  Look around:        mx --help',
];

const noTerminal = (): ExpectedError =>
	new ExpectedError({
		message: 'The screen needs a terminal.',
		next: 'For scripts there are verbs: mx --help.',
		reason: 'usage',
	});

/**
 * Opens the screen and stays until it is left.
 * @returns the exit code: `notSignedIn` without an account, after saying what can be done
 * @throws ExpectedError `usage` without a terminal; when key or files cannot be opened
 */
export const openScreen = async ({options, version}: ScreenStart): Promise<number> => {
	const {stdin, stdout, stderr, env: environment} = process;
	const talk = createTalk({stream: stderr, isQuiet: options.isQuiet});
	const now = Date.now;
	// Ctrl-C at the passphrase ends the process by the prompt's own rule; there is nothing to take back.
	const {signal} = new AbortController();
	const prompts = stdin.isTTY ? createPrompts({input: stdin, output: stderr, signal}) : undefined;
	const {profile} = options;
	const access = createAccountAccess({environment, profile, now, askSecret: prompts?.secret, say: talk.say});
	const record = await access.readRecord();
	if (record === undefined) {
		stderr.write(`${welcome.join('\n')}\n`);
		return exitCodes.notSignedIn;
	}
	if (!stdin.isTTY || !stdout.isTTY) throw noTerminal();
	const masterKey = await access.masterKey(record);
	await access.prepare();
	const {runScreen} = await loadScreen();
	return runScreen({
		files: access.files,
		record,
		masterKey,
		version,
		hasColour: options.hasColour && !environment['NO_COLOR'],
	});
};
