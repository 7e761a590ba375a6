/** Processes that are measured from within by the probe, and the synthetic homeserver that they talk to. */
import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';
import {spawnMxInTerminal, type TerminalProgram} from '../test/helpers/program.ts';
import type {Measurement, ProbeRequest} from './programs/probe.ts';
import type {FromServer, ToServer} from './programs/synthetic-server.ts';
import type {News, SyntheticAccount} from './synthetic-account.ts';
import type {SeenRequest} from './synthetic-server.ts';

const program = (name: string): string => join(import.meta.dirname, 'programs', `${name}.ts`);
const probe = pathToFileURL(program('probe')).href;
/** Milliseconds after which what is waited for will not come. */
const patience = 180_000;

const withPatience = async <Result>(promise: Promise<Result>, what: string): Promise<Result> => {
	const timer = Promise.withResolvers<never>();
	const handle = setTimeout(() => timer.reject(new Error(`Waited in vain for ${what}`)), patience);
	try {
		return await Promise.race([promise, timer.promise]);
	} finally {
		clearTimeout(handle);
	}
};

/** The homeserver's process, told what to do and what it saw. */
export type ServerProcess = {
	readonly url: string;
	/** Has news. @returns the token that goes with them */
	readonly tell: (news: News) => string;
	/** Waits for a /sync that goes on from a token: what came with the token is committed by then. */
	readonly untilCommitted: (token: string) => Promise<void>;
	/** Waits for a request of this kind. */
	readonly untilAsked: (kind: string) => Promise<void>;
	/** Has seen nothing yet. */
	readonly forget: () => void;
	/** Has seen nothing and has no news: for the next client, which begins with a first /sync. */
	readonly reset: () => void;
	readonly requests: () => Promise<Readonly<Record<string, number>>>;
	readonly stop: () => Promise<void>;
};

/** A process without arguments of this one's own: Node itself strips the types. */
const startProgram = (
	name: string,
	parameters: object,
	options: {env?: NodeJS.ProcessEnv; execArgv?: string[]} = {},
) => {
	const {execArgv = [], env = process.env} = options;
	const child = fork(program(name), [JSON.stringify(parameters)], {
		execArgv,
		env,
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	process.once('exit', () => child.kill('SIGKILL'));
	return child;
};

export const startServerProcess = async (account: SyntheticAccount): Promise<ServerProcess> => {
	const child = startProgram('synthetic-server', account);
	const say = (message: ToServer): void => void child.send(message);
	const ready = Promise.withResolvers<string>();
	let told = 0;
	const seen = new Set<string>();
	const waiting = new Map<string, () => void>();
	const until = async (what: string): Promise<void> => {
		const {promise, resolve} = Promise.withResolvers<void>();
		waiting.set(what, resolve);
		if (seen.has(what)) resolve();
		return withPatience(promise, what);
	};
	let requests = Promise.withResolvers<Readonly<Record<string, number>>>();
	const note = ({kind, since}: SeenRequest): void => {
		for (const what of [kind, `since ${since}`]) {
			seen.add(what);
			waiting.get(what)?.();
		}
	};
	child.on('message', (message: FromServer) => {
		switch (message.kind) {
			case 'ready':
				ready.resolve(message.url);
				break;
			case 'seen':
				note(message.request);
				break;
			case 'requests':
				requests.resolve(message.requests);
		}
	});
	return {
		url: await withPatience(ready.promise, 'the synthetic server'),
		tell(news) {
			say({kind: 'tell', news});
			told += 1;
			return `s${told}`;
		},
		untilCommitted: async token => until(`since ${token}`),
		untilAsked: async kind => until(kind),
		forget() {
			seen.clear();
			say({kind: 'forget'});
		},
		reset() {
			told = 0;
			seen.clear();
			say({kind: 'reset'});
		},
		async requests() {
			requests = Promise.withResolvers();
			say({kind: 'requests'});
			return requests.promise;
		},
		async stop() {
			const end = once(child, 'exit');
			say({kind: 'stop'});
			await end;
		},
	};
};

/** Something that is measured. */
export type Measured = {
	/** Begins to watch the main thread for blocks. */
	readonly watch: () => Promise<void>;
	/** Ends that, and with it what watching costs. */
	readonly unwatch: () => Promise<void>;
	readonly measure: (request?: 'measure' | 'measure-heap') => Promise<Measurement>;
	/** Ends it and waits until it is gone. */
	readonly stop: () => Promise<void>;
};

type ProbeSocket = {readonly path: string; readonly server: Server; readonly connected: Promise<Socket>};

const openProbeSocket = async (): Promise<ProbeSocket & {readonly close: () => void}> => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-probe-'));
	const path = join(directory, 'probe.sock');
	const connected = Promise.withResolvers<Socket>();
	const server = createServer(socket => {
		socket.on('error', () => undefined);
		connected.resolve(socket);
	});
	server.listen(path);
	await once(server, 'listening');
	const close = (): void => {
		server.close();
		rmSync(directory, {recursive: true, force: true});
	};
	process.once('exit', close);
	return {path, server, connected: connected.promise, close};
};

const attach = (
	{connected, close}: Awaited<ReturnType<typeof openProbeSocket>>,
	end: () => Promise<unknown>,
): Measured => {
	const waiting: ((measurement: Measurement) => void)[] = [];
	const ready = withPatience(connected, 'the probe').then(socket => {
		createInterface({input: socket}).on('line', line => waiting.shift()?.(JSON.parse(line) as Measurement));
		return socket;
	});
	const ask = async (request: ProbeRequest): Promise<void> => void (await ready).write(`${request}\n`);
	return {
		watch: async () => ask('watch'),
		unwatch: async () => ask('unwatch'),
		async measure(request = 'measure') {
			await ready;
			const {promise, resolve} = Promise.withResolvers<Measurement>();
			waiting.push(resolve);
			await ask(request);
			return withPatience(promise, 'a measurement');
		},
		async stop() {
			await end();
			(await ready).destroy();
			close();
		},
	};
};

const endOf = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exit = once(child, 'exit');
	child.kill(signal);
	await exit;
};

/** Starts a program of `programs/` and waits until it says that it is opened. */
export const startMeasured = async (name: 'stock-client' | 'mx-engine', parameters: object): Promise<Measured> => {
	const socket = await openProbeSocket();
	const env = {...process.env, MX_BENCH_PROBE: socket.path};
	const child = startProgram(name, parameters, {execArgv: ['--import', probe], env});
	await withPatience(Promise.race([once(child, 'message'), once(child, 'exit')]), name);
	return attach(socket, async () => endOf(child, name === 'mx-engine' ? 'SIGTERM' : 'SIGKILL'));
};

/** Starts the real mx in a terminal of 120×40 and waits for its first frame. */
export const startMeasuredScreen = async (home: string): Promise<Measured & {readonly program: TerminalProgram}> => {
	const socket = await openProbeSocket();
	const env = {MX_BENCH_PROBE: socket.path, NODE_OPTIONS: `--import ${probe}`};
	const owner = {after: () => undefined};
	const program = spawnMxInTerminal(owner, [], {home, env, columns: 120, rows: 40});
	process.once('exit', () => void program.kill());
	await program.waitFor(/INBOX/);
	return {...attach(socket, async () => program.kill('SIGTERM')), program};
};
