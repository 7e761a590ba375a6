/** Starts, stops and restarts the homeserver of the demo in a process of its own, from its source: no build is needed. */

import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, mkdirSync, openSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {ServerProcess} from './server-process.ts';

/** What the process is told; it answers each order when it is done. */
export type DemoOrder = 'close' | 'reset' | 'listen';

/** What it answers: its port, or why not. */
export type DemoReport = {readonly port: number} | {readonly error: string};

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'test/demo/programs/demo-server.ts');

const spawnDemo = (port: number, logPath: string): ChildProcess => {
	const log = openSync(logPath, 'a');
	// Detached: a Ctrl-C in the terminal reaches us only. It ends by itself when the channel to us closes.
	const child = spawn(process.execPath, [program, String(port)], {
		cwd: root,
		stdio: ['ignore', log, log, 'ipc'],
		detached: true,
	});
	closeSync(log);
	return child;
};

/** Whether our process waits for it. */
const setWaiting = (child: ChildProcess, isWaiting: boolean): void => {
	if (isWaiting) {
		child.ref();
		child.channel?.ref();
	} else {
		child.unref();
		child.channel?.unref();
	}
};

/** Waits for the next report of the process. @throws Error with the log, when it ends instead or could not do it */
const nextReport = async (child: ChildProcess, logPath: string): Promise<number> => {
	setWaiting(child, true);
	const over = new AbortController();
	const {signal} = over;
	try {
		const report = await Promise.race([
			once(child, 'message', {signal}).then(([message]) => message as DemoReport),
			once(child, 'exit', {signal}).then(() => ({error: 'its process has ended'})),
		]);
		if ('port' in report) return report.port;
		throw new Error(`The demo server does not run: ${report.error}.\n${await readFile(logPath, 'utf8')}`);
	} finally {
		over.abort();
		setWaiting(child, false);
	}
};

/**
 * Starts it on loopback and waits until it answers. All it knows is in memory: `stop` and `kill` make its port refuse
 * connections, and its process stays for `restart`.
 *
 * @param options.directory holds the log.
 * @param options.port a free one without.
 * @throws Error when the port is taken.
 */
export const startDemoProcess = async (options: {
	readonly directory: string;
	readonly port?: number | undefined;
}): Promise<ServerProcess> => {
	const {directory} = options;
	mkdirSync(directory, {recursive: true});
	const logPath = path.join(directory, 'demo.log');
	const child = spawnDemo(options.port ?? 0, logPath);
	const port = await nextReport(child, logPath);
	let gone = Promise.withResolvers<void>();
	child.once('exit', () => gone.resolve());

	// One order after the other: a report does not say which order it answers.
	let last: Promise<unknown> = Promise.resolve();
	const tell = (order: DemoOrder): Promise<void> => {
		const told = last.then(async () => {
			if (!child.connected && order !== 'listen') return;
			child.send(order);
			await nextReport(child, logPath);
			if (order === 'listen') gone = Promise.withResolvers<void>();
			else gone.resolve();
		});
		last = told.catch(() => undefined);
		return told;
	};

	return {
		url: `http://127.0.0.1:${port}`,
		serverName: `localhost:${port}`,
		port,
		directory,
		pid: () => child.pid ?? 0,
		ended: () => gone.promise,
		stop: () => tell('close'),
		kill: () => tell('reset'),
		async restart() {
			await tell('close');
			await tell('listen');
		},
		logText: () => readFile(logPath, 'utf8'),
	};
};
