/** Starts, watches and stops one Synapse process; used by `npm run servers`, by `npm test` and by the test helpers. */

import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, openSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {ServerProcess} from './server-process.ts';
import {writeSynapseConfig, type SynapseConfig} from './synapse-config.ts';

/** Milliseconds; a start takes about two seconds on an idle machine. */
const startLimit = 90_000;

/** Milliseconds between a polite request to stop and the end by force. */
const stopLimit = 10_000;

/**
 * Synapse ends itself when its stdin closes. So it never outlives the process that started it, not even after `kill -9`.
 * `os.read` and not `sys.stdin`: a thread that holds the lock of a buffered reader aborts the interpreter at exit.
 */
const launcher = `
import os, signal, threading

def end_with_parent():
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=end_with_parent, daemon=True).start()
from synapse.app.homeserver import main
main()
`;

/** Where and with what a Synapse runs. */
export type SynapseOptions = {
	/** The Python of `installSynapse()`. */
	readonly python: string;
	/** Holds configuration, database, media and log; made if it does not exist. */
	readonly directory: string;
	/** Loopback port; when absent a free one is taken. */
	readonly port?: number | undefined;
	/** Of bridges. */
	readonly registrations?: SynapseConfig['registrations'];
};

/** @returns a loopback port that nobody listened on a moment ago. */
export const findFreePort = async (): Promise<number> => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (address === null || typeof address === 'string') {
		throw new TypeError('A TCP server has no port.');
	}

	return address.port;
};

const logPathOf = (directory: string): string => path.join(directory, 'homeserver.log');

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const answers = async (url: string): Promise<boolean> => {
	try {
		const response = await fetch(`${url}/_matrix/client/versions`, {signal: AbortSignal.timeout(5000)});
		await response.arrayBuffer();
		return response.ok;
	} catch {
		// Refused or cut off: it does not listen yet, which is the very question.
		return false;
	}
};

const spawnSynapse = (python: string, configPath: string, logPath: string): ChildProcess => {
	const log = openSync(logPath, 'a');
	// Detached: a Ctrl-C in the terminal reaches us only, and we end Synapse by its id.
	const child = spawn(python, ['-c', launcher, '-c', configPath], {stdio: ['pipe', log, log], detached: true});
	closeSync(log);
	child.unref();
	// An unread handle of our end of the pipe would keep our process alive; a pipe of a child is a socket, which has unref.
	if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') {
		child.stdin.unref();
	}

	child.stdin?.on('error', () => {
		// EPIPE when Synapse ends first: its end is noticed through the exit of the process.
	});
	return child;
};

const waitUntilItAnswers = async (child: ChildProcess, url: string, logPath: string): Promise<void> => {
	const deadline = Date.now() + startLimit;
	let failure: Error | undefined;
	child.once('error', error => {
		failure = error;
	});
	while (!(await answers(url))) {
		if (failure !== undefined || hasEnded(child) || Date.now() > deadline) {
			child.kill('SIGKILL');
			const log = await readFile(logPath, 'utf8');
			const reason = failure?.message ?? (hasEnded(child) ? 'it ended' : `no answer within ${startLimit / 1000} s`);
			throw new Error(`Synapse did not start on ${url}: ${reason}.\n${log.slice(-3000)}`, {cause: failure});
		}

		await delay(50);
	}

	// Another server may have taken the port and answered in place of ours.
	if (hasEnded(child)) {
		throw new Error(`Synapse ended at once and something else answers on ${url}.`);
	}
};

const waitForEnd = async (child: ChildProcess): Promise<void> => {
	if (hasEnded(child)) {
		return;
	}

	// While somebody waits for the end, the handle has to keep our process alive.
	child.ref();
	await once(child, 'exit');
};

const endPolitely = async (child: ChildProcess): Promise<void> => {
	child.kill('SIGTERM');
	const force = setTimeout(() => child.kill('SIGKILL'), stopLimit);
	try {
		await waitForEnd(child);
	} finally {
		clearTimeout(force);
	}
};

const startOnPort = async (options: SynapseOptions, port: number): Promise<ServerProcess> => {
	const {python, directory} = options;
	const url = `http://127.0.0.1:${port}`;
	const configPath = await writeSynapseConfig(directory, {port, registrations: options.registrations});
	const logPath = logPathOf(directory);
	const start = async (): Promise<ChildProcess> => {
		const child = spawnSynapse(python, configPath, logPath);
		await waitUntilItAnswers(child, url, logPath);
		return child;
	};

	let child = await start();
	return {
		url,
		serverName: `localhost:${port}`,
		port,
		directory,
		pid: () => child.pid ?? 0,
		ended: () => waitForEnd(child),
		stop: () => endPolitely(child),
		async kill() {
			child.kill('SIGKILL');
			await waitForEnd(child);
		},
		async restart() {
			await endPolitely(child);
			child = await start();
		},
		logText: () => readFile(logPath, 'utf8'),
	};
};

/**
 * Starts a Synapse on loopback and waits until it answers.
 *
 * @throws Error with the end of its log when it ends early or does not answer within 90 seconds.
 */
export const startSynapseProcess = async (options: SynapseOptions): Promise<ServerProcess> => {
	if (options.port !== undefined) {
		return startOnPort(options, options.port);
	}

	// Between looking for a free port and listening on it, another process may take it: then try another one.
	for (let attempt = 1; ; attempt++) {
		try {
			return await startOnPort(options, await findFreePort());
		} catch (error) {
			const isPortTaken = error instanceof Error && /already in use|something else answers/i.test(error.message);
			if (!isPortTaken || attempt === 3) {
				throw error;
			}
		}
	}
};
