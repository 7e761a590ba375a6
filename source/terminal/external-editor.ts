/** Writing a text with another program: `$VISUAL` or `$EDITOR` on a file that only the user can read. */
import {spawn} from 'node:child_process';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {ExpectedError} from '../domain/errors.ts';

export type EditorOptions = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Gives the terminal away while the program has it. */
	readonly away: <Result>(task: () => Promise<Result>) => Promise<Result>;
};

/** Bytes: what is longer is no message. */
const maximumSize = 1_000_000;

/** @returns the command of the editor; `undefined` where none is set */
const editorOf = ({environment}: EditorOptions): string | undefined =>
	[environment['VISUAL'], environment['EDITOR']].find(command => command !== undefined && command.trim() !== '');

const failure = (command: string, why: string): ExpectedError =>
	new ExpectedError({message: `The editor "${command}" ${why}.`, next: 'The text is as it was.', reason: 'error'});

/** The command may have arguments of its own, as for git. @throws ExpectedError where it does not end well */
const run = async (command: string, file: string, environment: EditorOptions['environment']): Promise<void> => {
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	const isWindows = process.platform === 'win32';
	// An interrupt is for the editor; the shell before it only waits.
	const [program, args] = isWindows
		? [`${command} "${file}"`, []]
		: ['/bin/sh', ['-c', `trap : INT QUIT; ${command} "$@"`, command, file]];
	const child = spawn(program, args, {stdio: 'inherit', shell: isWindows, env: {...environment}});
	child.once('error', error => reject(failure(command, `could not be started: ${error.message}`)));
	child.once('exit', (code, signal) => {
		if (code === 0) resolve();
		else if (code === 127) reject(failure(command, 'was not found'));
		else reject(failure(command, `ended with ${signal ?? `the error ${code}`}`));
	});
	return promise;
};

/** In memory, where the system has a place for that. */
const makeFolder = async (environment: EditorOptions['environment']): Promise<string> => {
	const places = [environment['XDG_RUNTIME_DIR'], tmpdir()].filter(place => place !== undefined && place !== '');
	for (const [index, place] of places.entries()) {
		try {
			return await mkdtemp(path.join(place ?? '', 'mx-'));
		} catch (error) {
			if (index === places.length - 1) throw error;
		}
	}
	throw new Error('There is no place for temporary files');
};

/**
 * Lets the person write with their editor; the file and what the editor leaves beside it are removed.
 * @returns the text of the file when the editor ended, without the last line break
 * @throws ExpectedError where no editor is set, or it does not end well
 */
export const editWithProgram = async (text: string, options: EditorOptions): Promise<string> => {
	const command = editorOf(options);
	if (command === undefined) {
		throw new ExpectedError({
			message: 'No editor is set.',
			next: 'Put its name into VISUAL or EDITOR and start mx anew.',
			reason: 'error',
		});
	}
	const folder = await makeFolder(options.environment);
	try {
		const file = path.join(folder, 'message.md');
		await writeFile(file, text === '' ? '' : `${text}\n`, {mode: 0o600, flag: 'wx'});
		await options.away(async () => run(command, file, options.environment));
		const written = await readFile(file);
		if (written.length > maximumSize) throw failure(command, 'left a text that is too long for a message');
		return written.toString().replace(/\r?\n$/, '');
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
};
