/** Finds or makes the Python environment with the pinned Synapse and a bridge for it, in the ignored folder `.servers/`. */

import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {ExpectedError} from '../../source/domain/errors.ts';

/** A package of the Python registry, with its exact version. */
type Package = {readonly name: string; readonly version: string};

const synapse: Package = {name: 'matrix-synapse', version: '1.160.0'};

/** A bridge to IRC. */
const heisenbridge: Package = {name: 'heisenbridge', version: '1.15.4'};

/** The ignored folder of this checkout that holds the Python environment and the data of `npm run servers`. */
export const serversDirectory = path.resolve(import.meta.dirname, '../../.servers');

const environment = path.join(serversDirectory, 'venv');
const markerOf = ({name}: Package): string => path.join(environment, `${name}.version`);
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

/** @returns the Python that can run the package, or undefined when the pinned version is not installed here. */
const find = async (wanted: Package): Promise<string | undefined> => {
	const marker = markerOf(wanted);
	if (!existsSync(marker) || !existsSync(environmentPython)) {
		return undefined;
	}

	return (await readFile(marker, 'utf8')).trim() === wanted.version ? environmentPython : undefined;
};

/** @returns the Python that can run Synapse, or undefined when the pinned version is not installed here. */
export const findSynapse = async (): Promise<string | undefined> => find(synapse);

/** @returns the Python that can run the bridge heisenbridge, or undefined when the pinned version is not installed here. */
export const findHeisenbridge = async (): Promise<string | undefined> => find(heisenbridge);

const pip = async (...packages: readonly Package[]): Promise<Finished> => {
	const wanted = packages.map(({name, version}) => `${name}==${version}`);
	return run(environmentPython, ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', ...wanted]);
};

const mustInstall = async (wanted: Package, installed: Finished): Promise<void> => {
	if (installed.code !== 0) {
		throw unavailable(
			`${wanted.name} ${wanted.version} could not be installed from the Python registry: ${gist(installed.output)}`,
			'Check the network and the settings of pip, then run: npm run servers -- --install-only',
		);
	}

	await writeFile(markerOf(wanted), `${wanted.version}\n`);
};

/**
 * Installs the pinned Synapse and heisenbridge from PyPI unless they are there already.
 *
 * @param report is told, in one sentence, that an installation starts (it takes a minute or two).
 * @returns the Python that can run Synapse.
 * @throws ExpectedError when Python, its venv module or the package registry is missing.
 */
export const installSynapse = async (report: (sentence: string) => void): Promise<string> => {
	if ((await findSynapse()) === undefined) {
		report(`Installing Synapse ${synapse.version} into .servers/venv, once; this takes a minute or two.`);
		// The interpreter is run and not only looked for: an environment whose base Python was removed is made again.
		if ((await run(environmentPython, ['-m', 'pip', '--version'])).code !== 0) {
			await rm(environment, {recursive: true, force: true});
			await createEnvironment();
		}

		await mustInstall(synapse, await pip(synapse));
	}

	if ((await findHeisenbridge()) === undefined) {
		report(`Installing heisenbridge ${heisenbridge.version} into .servers/venv, once.`);
		// Both are named: what the bridge needs may not take the place of what Synapse needs.
		await mustInstall(heisenbridge, await pip(synapse, heisenbridge));
	}

	return environmentPython;
};
