/** Finds or makes the Python environment with the pinned Synapse, in the ignored folder `.servers/`. */

import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {ExpectedError} from '../../source/domain/errors.ts';

const synapseVersion = '1.160.0';

/** The ignored folder of this checkout that holds the Python environment and the data of `npm run servers`. */
export const serversDirectory = path.resolve(import.meta.dirname, '../../.servers');

const environment = path.join(serversDirectory, 'venv');
const marker = path.join(environment, 'matrix-synapse.version');
const environmentPython =
	process.platform === 'win32'
		? path.join(environment, 'Scripts', 'python.exe')
		: path.join(environment, 'bin', 'python');

type Finished = {readonly code: number | undefined; readonly output: string};

/** Runs a program to its end; a program that cannot be started has no code and the reason as its output. */
const run = (command: string, args: readonly string[]): Promise<Finished> =>
	new Promise(resolve => {
		const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe']});
		let output = '';
		const collect = (chunk: Buffer) => {
			output += chunk.toString();
		};
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.on('error', error => resolve({code: undefined, output: error.message}));
		child.on('close', code => resolve({code: code ?? undefined, output}));
	});

/** What a person has to know of a long output: its last error, or else its last lines. */
const gist = (output: string): string => {
	const lines = output.trim().split('\n');
	return lines.findLast(line => line.startsWith('ERROR: ')) ?? lines.slice(-3).join('\n');
};

const unavailable = (message: string, next: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'error'});

const findPython = async (): Promise<string> => {
	const atLeast310 = 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
	for (const command of ['python3', 'python']) {
		if ((await run(command, ['-c', atLeast310])).code === 0) {
			return command;
		}
	}

	throw unavailable(
		'The test server Synapse needs Python 3.10 or newer, and no such python3 was found.',
		'Install Python 3 with its venv module, then run: npm run servers -- --install-only',
	);
};

const createEnvironment = async (): Promise<void> => {
	const python = await findPython();
	await mkdir(serversDirectory, {recursive: true});
	const created = await run(python, ['-m', 'venv', environment]);
	if (created.code !== 0) {
		await rm(environment, {recursive: true, force: true});
		throw unavailable(
			`Python could not make a virtual environment: ${gist(created.output)}`,
			'Install the venv module (on Debian and Ubuntu: apt install python3-venv), then run it again.',
		);
	}
};

/** @returns the Python that can run Synapse, or undefined when the pinned version is not installed here. */
export const findSynapse = async (): Promise<string | undefined> => {
	if (!existsSync(marker) || !existsSync(environmentPython)) {
		return undefined;
	}

	return (await readFile(marker, 'utf8')).trim() === synapseVersion ? environmentPython : undefined;
};

/**
 * Installs the pinned Synapse from PyPI unless it is there already.
 *
 * @param report is told, in one sentence, that an installation starts (it takes a minute or two).
 * @returns the Python that can run Synapse.
 * @throws ExpectedError when Python, its venv module or the package registry is missing.
 */
export const installSynapse = async (report: (sentence: string) => void): Promise<string> => {
	const found = await findSynapse();
	if (found !== undefined) {
		return found;
	}

	report(`Installing Synapse ${synapseVersion} into .servers/venv, once; this takes a minute or two.`);
	// The interpreter is run and not only looked for: an environment whose base Python was removed is made again.
	if ((await run(environmentPython, ['-m', 'pip', '--version'])).code !== 0) {
		await rm(environment, {recursive: true, force: true});
		await createEnvironment();
	}

	const pip = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check'];
	const installed = await run(environmentPython, [...pip, `matrix-synapse==${synapseVersion}`]);
	if (installed.code !== 0) {
		throw unavailable(
			`Synapse ${synapseVersion} could not be installed from the Python registry: ${gist(installed.output)}`,
			'Check the network and the settings of pip, then run: npm run servers -- --install-only',
		);
	}

	await writeFile(marker, `${synapseVersion}\n`);
	return environmentPython;
};
