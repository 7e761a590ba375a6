/** `mx demo`: a homeserver in memory, and on it either the screen or whatever other programs want to try. */
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {Worker} from 'node:worker_threads';
import type {DemoRequest} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {Demo, DemoOptions} from '../demo/demo.ts';
import type {DemoStarted, DemoWorkerData} from '../demo/worker.ts';
import {createAccountAccess} from './account-access.ts';
import type {ShellParts} from './ports.ts';
import {storeAccount} from './stored-account.ts';
import {createTemporaryHome} from './temporary-home.ts';

const usage = (message: string, next: string, cause?: unknown): ExpectedError =>
	new ExpectedError({message, next, reason: 'usage'}, {cause});

/** What the demo holds besides its people. */
type Contents = Pick<DemoOptions, 'rooms' | 'script'>;

const readScript = async (file: string): Promise<DemoOptions['script']> => {
	const {parseScenario} = await import('../demo/people/scenario.ts');
	try {
		return parseScenario(await readFile(file, 'utf8'));
	} catch (error) {
		if (error instanceof ExpectedError) throw error;
		const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
		throw usage(`The script ${file} cannot be read (${code}).`, 'Give --script a JSON file of steps.', error);
	}
};

/** Checked here, where what is wrong can be said. @throws ExpectedError `usage` */
const contentsOf = async ({rooms, script}: DemoRequest): Promise<Contents> => {
	if (rooms !== undefined) (await import('../demo/people/heavy.ts')).requireRoomsForPeople(rooms);
	return {rooms, script: script === undefined ? undefined : await readScript(script)};
};

/** Waits for a server. @throws ExpectedError when its port is not to be had */
const orExplain = async <Started>(starting: Promise<Started>, {port}: DemoRequest): Promise<Started> => {
	try {
		return await starting;
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
		const why = code === 'EADDRINUSE' ? 'is taken' : 'is not yours to listen on';
		throw new ExpectedError(
			{message: `Port ${port} ${why}.`, next: 'Give another --port, or none for a free one.', reason: 'error'},
			{cause: error},
		);
	}
};

const startServer = async (request: DemoRequest): Promise<Demo> => {
	const contents = await contentsOf(request);
	const {startDemo} = await import('../demo/demo.ts');
	return orExplain(startDemo({port: request.port, ...contents}), request);
};

const serve = async (request: DemoRequest, {talk, signal}: ShellParts): Promise<void> => {
	const {url, serverName, account, stop} = await startServer(request);
	talk.say(`A homeserver runs at ${url}; its name is ${serverName}. All it knows is in memory.`);
	talk.say(`Sign in as ${account.userId} with the password ${account.password}, or as anybody you register.`);
	talk.say('Ctrl-C stops it.');
	await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
	await stop();
};

/** Names everybody in the demo. */
const serverName = 'demo.test';

const startWorker = async (data: DemoWorkerData): Promise<DemoStarted & {readonly stop: () => Promise<unknown>}> => {
	const worker = new Worker(new URL('../demo/worker.ts', import.meta.url), {workerData: data});
	const started = await new Promise<DemoStarted>((resolve, reject) => {
		worker.once('message', resolve);
		worker.once('error', reject);
	});
	worker.on('error', error => {
		throw error;
	});
	worker.unref();
	return {...started, stop: () => worker.terminate()};
};

/** The screen on a new account of a new server; @returns its exit code, when nothing is left of all that. */
const tryScreen = async (request: DemoRequest, parts: ShellParts): Promise<number> => {
	const {options, now} = parts;
	if (!options.isPlain && (!process.stdin.isTTY || !process.stdout.isTTY))
		throw usage(
			'The demo needs a terminal.',
			'Without one there is mx demo --plain; for other programs, mx demo --serve.',
		);
	if (!options.isPlain && parts.environment['TERM'] === 'dumb')
		throw usage('The demo needs a terminal that can place text, and this one is dumb.', 'mx demo --plain works here.');
	const contents = await contentsOf(request);
	const clockOffset = request.clock === undefined ? 0 : request.clock - now();
	const screen = import('./open-screen.ts');
	const data = {...contents, serverName, port: request.port, clockOffset, deviceName: 'mx'};
	const server = orExplain(startWorker(data), request);
	const home = createTemporaryHome();
	const {MX_PROFILE: _, ...inherited} = parts.environment;
	const environment = {...inherited, MX_HOME: home.directory};
	const access = createAccountAccess({environment, profile: undefined, now, askSecret: undefined, say: parts.talk.say});
	const {url: homeserver, stop, password, ...device} = await server;
	await storeAccount(access, {...device, homeserver});
	parts.releaseSignals();
	const {openScreen} = await screen;
	try {
		return await openScreen({
			options: {...options, profile: undefined},
			version: parts.version,
			environment,
			clockOffset,
			startRoom: `#mx:${serverName}`,
			// Behind the person's back: there is nothing in the demo that a recovery key would be needed for.
			onStart: session => void session.setUpEncryption({password}).catch(() => undefined),
		});
	} finally {
		await stop();
		home.remove();
	}
};

/** Runs until it is left. @returns the exit code @throws ExpectedError when the port is taken, or without a terminal */
export const runDemo = async (request: DemoRequest, parts: ShellParts): Promise<number | undefined> => {
	if (!request.isServerOnly) return tryScreen(request, parts);
	await serve(request, parts);
	return undefined;
};
