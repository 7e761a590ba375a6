/**
 * `npm test` ends with this: one homeserver for the whole run, then node's own test runner, whose closing lines and exit code
 * are ours. Arguments are passed on, so one file is run with `node scripts/test.ts test/store/x.test.ts`.
 * With `--server demo` the homeserver is that of the demo, also where a test starts one of its own; otherwise it is Synapse.
 */

import {spawn, spawnSync} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {constants, tmpdir} from 'node:os';
import path from 'node:path';
import {reportOf} from '../source/domain/errors.ts';
import {startDemoProcess} from './lib/demo-process.ts';
import type {ServerProcess} from './lib/server-process.ts';
import {installSynapse} from './lib/synapse-install.ts';
import {startSynapseProcess} from './lib/synapse-process.ts';

/** Milliseconds that one test, and one file as a whole, may take. */
const testLimit = 300_000;

/** On two cores: two at a time left a third of them idle, as tests with real programs wait much; more would wait for each other. */
const concurrency = 3;

/** What one process has compiled, the next need not: loading modules is a good part of 300 short processes. */
const compiled = path.resolve('node_modules/.cache/mx-tests');

/** Runs a program in a namespace of its own, in which an ordinary user may mount (`-rm`). */
const unshare = 'unshare';

/** What a program is started with so that it may mount a disk of its own: nothing, a namespace of its own, or there is no way. */
const prefixForMounting = async (): Promise<readonly string[] | undefined> => {
	const directory = await mkdtemp(path.join(tmpdir(), 'mx-test-mount-'));
	// The namespace ends with the program, and what is mounted in it too.
	const mayMount = (...prefix: readonly string[]): boolean =>
		spawnSync(unshare, [...prefix, 'mount', '-t', 'tmpfs', 'tmpfs', directory]).status === 0;
	try {
		if (mayMount('-m')) return [];
		return mayMount('-rm') ? [unshare, '-rm'] : undefined;
	} finally {
		await rm(directory, {recursive: true});
	}
};

type Arguments = {
	readonly server: 'synapse' | 'demo';
	/** For node's test runner. */
	readonly given: readonly string[];
};

const parseArguments = (all: readonly string[]): Arguments => {
	const at = all.indexOf('--server');
	if (at === -1) return {server: 'synapse', given: all};
	const server = all[at + 1];
	if (server !== 'synapse' && server !== 'demo') throw new RangeError('Usage: --server synapse, or --server demo');
	return {server, given: all.toSpliced(at, 2)};
};

const {server, given} = parseArguments(process.argv.slice(2));

const runTests = async (variables: NodeJS.ProcessEnv): Promise<number> => {
	const prefix = await prefixForMounting();
	return new Promise((resolve, reject) => {
		const [command = process.execPath, ...words] = [
			...(prefix ?? []),
			process.execPath,
			'--import',
			'./scripts/jsx.ts',
			'--test',
			`--test-timeout=${testLimit}`,
			`--test-concurrency=${concurrency}`,
			...(given.length > 0 ? given : ['test/**/*.test.{ts,tsx}']),
		];
		const env = {
			...process.env,
			MX_TEST_SERVER: server,
			NODE_COMPILE_CACHE: compiled,
			...variables,
			...(prefix === undefined ? {MX_TEST_MOUNT: 'no'} : {}),
		};
		const child = spawn(command, words, {stdio: 'inherit', env});
		// A Ctrl-C reaches the runner too, which then ends and tells what was running; we only wait for it.
		const forward = (signal: NodeJS.Signals) => child.kill(signal);
		process.on('SIGINT', () => undefined);
		process.on('SIGTERM', forward);
		process.on('SIGHUP', forward);
		child.once('error', reject);
		child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
	});
};

const runWithServer = async (start: (directory: string) => Promise<ServerProcess>): Promise<number> => {
	const directory = await mkdtemp(path.join(tmpdir(), 'mx-test-run-'));
	try {
		const homeserver = await start(directory);
		try {
			return await runTests({MX_TEST_SERVER_URL: homeserver.url});
		} finally {
			await homeserver.stop();
		}
	} finally {
		await rm(directory, {recursive: true, force: true});
	}
};

/** The Python with Synapse, or in one line why there is none. */
const prepare = async (): Promise<{readonly python: string} | {readonly reason: string}> => {
	try {
		return {python: await installSynapse(console.error)};
	} catch (error) {
		return {reason: reportOf(error).message.replaceAll(/\s+/g, ' ')};
	}
};

const runWithSynapse = async (): Promise<number> => {
	const prepared = await prepare();
	return 'python' in prepared
		? runWithServer(directory => startSynapseProcess({python: prepared.python, directory}))
		: runTests({MX_TEST_SYNAPSE_MISSING: prepared.reason});
};

process.exitCode =
	server === 'demo' ? await runWithServer(directory => startDemoProcess({directory})) : await runWithSynapse();
