/** Runs one verb: builds what it needs, lets it work, cleans up, and says which exit code that makes. */
import {existsSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import type {GlobalOptions, VerbCall} from '../commands/parse-arguments.ts';
import {ExpectedError, exitCodes, reportOf} from '../domain/errors.ts';
import {untilInterrupted} from '../domain/interruption.ts';
import {createAccountAccess} from './account-access.ts';
import {listenForInterruption, type Interruption} from './interruption.ts';
import {createEngineLoader} from './load-engine.ts';
import {createPrint} from './output.ts';
import type {ShellParts} from './ports.ts';
import {createPrompts, type Prompts} from './prompt.ts';
import {createStdinText} from './stdin-text.ts';
import {createTalk, type Talk} from './talk.ts';
import {createVerbContext} from './verb-context.ts';

/** What is run. */
export type VerbRun = {
	readonly call: VerbCall;
	readonly options: GlobalOptions;
	/** Version of mx. */
	readonly version: string;
};

/** Milliseconds that a verb gets to take back what it began, and an engine to close. */
const patience = 8000;

/** Where nobody can be asked there are no questions: input or stderr is no terminal. */
const createTerminalPrompts = (signal: AbortSignal): Prompts | undefined => {
	const {stdin, stderr} = process;
	if (!stdin.isTTY || !stderr.isTTY) return undefined;
	return createPrompts({input: stdin, output: stderr, signal});
};

const createParts = (run: VerbRun, talk: Talk, {signal, dispose}: Interruption): ShellParts => {
	const environment = process.env;
	const now = Date.now;
	const prompts = createTerminalPrompts(signal);
	const {profile} = run.options;
	const access = createAccountAccess({environment, profile, now, askSecret: prompts?.secret, say: talk.say});
	return {
		access,
		prompts,
		stdin: createStdinText(process.stdin),
		talk,
		loadEngine: createEngineLoader({access, now}),
		signal,
		releaseSignals: dispose,
		options: run.options,
		environment,
		now,
		version: run.version,
	};
};

/** Puts the stack into the log. @returns the path of the log, if there is a place for one */
const logBug = async (error: unknown, {access, now}: ShellParts): Promise<string | undefined> => {
	if (!existsSync(access.directories.state)) return undefined;
	const {openLogFile} = await import('../store/log-file.ts');
	const log = openLogFile({path: access.files.log, now});
	log.error('shell', 'A verb failed unexpectedly', {error});
	log.close();
	return access.files.log;
};

/** Failures that mx did not foresee are told in one line; the log has the stack. */
const explain = async (error: unknown, parts: ShellParts): Promise<ExpectedError> => {
	if (error instanceof ExpectedError) return error;
	const {message} = reportOf(error);
	const log = await logBug(error, parts);
	const next = `This is a bug in mx; please report it${log === undefined ? '.' : ` with the last line of ${log}.`}`;
	return new ExpectedError({message: `Unexpected: ${message}`, next, reason: 'error'}, {cause: error});
};

/** Says why a verb has failed. @returns its exit code */
type Fail = (error: unknown) => Promise<number>;

const codeOf = (error: ExpectedError, interruption: Interruption): number =>
	interruption.code() ?? exitCodes[error.report.reason];

/** @returns what the verb says of its end, if it does, before it gets too long */
const lastWord = async (working: Promise<unknown>): Promise<ExpectedError | undefined> => {
	try {
		// It may still be taking back what it began.
		await Promise.race([working, sleep(patience)]);
	} catch (error) {
		if (error instanceof ExpectedError && error.report.reason === 'interrupted') return error;
	}
	return undefined;
};

/** @throws what closing what the verb opened throws */
const work = async ({command, values, flags}: VerbCall, parts: ShellParts, fail: Fail): Promise<number> => {
	const {signal, talk, options} = parts;
	const print = createPrint(process.stdout, options.format);
	const write = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
	const {context, close} = createVerbContext(parts, {print, write});
	const working = command.run(values as Parameters<typeof command.run>[0], flags, context);
	try {
		return (await untilInterrupted(signal, working)) ?? exitCodes.done;
	} catch (error) {
		// Said before all is closed, which may take seconds: a second Ctrl-C cuts that off.
		return await fail((signal.aborted ? await lastWord(working) : undefined) ?? error);
	} finally {
		talk.progress('');
		await Promise.race([close(), sleep(patience)]);
	}
};

/**
 * Runs the verb to its end.
 * @returns the exit code, after what went wrong was said
 * @throws ExpectedError `usage` when the profile or the home for its files cannot be meant
 */
export const runVerb = async (run: VerbRun): Promise<number> => {
	const talk = createTalk({stream: process.stderr, isQuiet: run.options.isQuiet});
	const interruption = listenForInterruption(process);
	const parts = createParts(run, talk, interruption);
	const fail: Fail = async error => {
		const expected = await explain(error, parts);
		talk.fail(expected);
		return codeOf(expected, interruption);
	};
	try {
		return await work(run.call, parts, fail);
	} catch (error) {
		return await fail(error);
	} finally {
		interruption.dispose();
	}
};
