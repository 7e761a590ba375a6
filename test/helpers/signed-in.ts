/** A person who signed in with the real program, and what they do with it from then on. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {asArray, asObject, asString, parseJson, type JsonObject} from '../../source/domain/json.ts';
import {matrixRequest, type Access} from './matrix-request.ts';
import {
	runMx,
	spawnMxInTerminal,
	startMx,
	type Finished,
	type RunningProgram,
	type TerminalProgram,
} from './program.ts';
import {uniqueName, type Account, type Homeserver, type Owner} from './synapse.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** One MX_HOME with a signed-in account. */
export type SignedIn = {
	/** As it was registered: its access token is that of a bare device, for looking at the server. */
	readonly account: Account;
	readonly userId: string;
	readonly access: Access;
	readonly home: string;
	/** As a person types it. */
	readonly recoveryKey: string;
	/** Runs a verb through pipes. */
	readonly run: (args: readonly string[], options?: {readonly stdin?: string}) => Promise<Finished>;
	/** Starts a verb whose input stays open. */
	readonly start: (args: readonly string[]) => RunningProgram;
	/** `run`, with `--json`. @throws Error when it fails */
	readonly runJson: (args: readonly string[]) => Promise<JsonObject>;
	/** Opens the screen: 100 columns, 30 rows. */
	readonly openScreen: (owner: Owner, size?: {readonly columns?: number; readonly rows?: number}) => TerminalProgram;
};

export type SignInOptions = {
	/** An account that exists; a fresh one without. */
	readonly account?: Account;
	/** Of that account; a fresh one gets its own. */
	readonly recoveryKey?: string;
	/** An empty directory for MX_HOME; a fresh one without. */
	readonly home?: string;
};

/** Writes the settings of a home, whose keys are those of config.json. */
export const writeSettings = (home: string, settings: JsonObject): void => {
	const config = path.join(home, 'config', 'default');
	mkdirSync(config, {recursive: true, mode: 0o700});
	writeFileSync(path.join(config, 'config.json'), JSON.stringify(settings), {mode: 0o600});
};

let base: string | undefined;
let homeCount = 0;

/** @returns a directory for MX_HOME that mx has not seen yet. */
export const createMxHome = (): string => {
	base ??= temporaryDirectory();
	homeCount += 1;
	const home = path.join(base, String(homeCount));
	mkdirSync(home);
	return home;
};

/** @returns what can be done with a home that somebody signed in with. */
export const signedInAt = (
	home: string,
	{
		account,
		recoveryKey,
		server,
	}: {readonly account: Account; readonly recoveryKey: string; readonly server: Homeserver},
): SignedIn => {
	const run: SignedIn['run'] = (args, options = {}) => runMx(args, {home, ...options});
	return {
		account,
		userId: account.userId,
		access: {url: server.url, accessToken: account.accessToken},
		home,
		recoveryKey,
		run,
		start: args => startMx(args, {home}),
		async runJson(args) {
			const {code, stdout, stderr} = await run([...args, '--json']);
			if (code !== 0) throw new Error(`mx ${args.join(' ')} ended with ${code}: ${stderr}`);
			return asObject(parseJson(stdout));
		},
		openScreen: (owner, {columns = 100, rows = 30} = {}) => spawnMxInTerminal(owner, [], {home, columns, rows}),
	};
};

/** Signs in by `mx login`: on a first device, which sets encryption up, or with the recovery key on a further one. */
export const signIn = async (server: Homeserver, options: SignInOptions = {}): Promise<SignedIn> => {
	const home = options.home ?? createMxHome();
	const account = options.account ?? (await server.registerUser(uniqueName('anna')));
	const keyFile = path.join(home, 'recovery.key');
	const {recoveryKey} = options;
	const [flags, lines] =
		recoveryKey === undefined
			? [['--recovery-key-file', keyFile], [account.password]]
			: [['--recovery-key-stdin'], [account.password, recoveryKey]];
	const {code, stderr} = await runMx(['login', account.userId, '--password-stdin', ...flags], {
		home,
		stdin: `${lines.join('\n')}\n`,
	});
	if (code !== 0) throw new Error(`mx login ended with ${code}: ${stderr}`);
	return signedInAt(home, {account, server, recoveryKey: recoveryKey ?? readFileSync(keyFile, 'utf8').trim()});
};

/** Accepts an invitation by raw HTTP. */
export const joinRoom = async ({access}: Pick<SignedIn, 'access'>, roomId: string): Promise<void> => {
	await matrixRequest(access, 'POST', `/_matrix/client/v3/join/${encodeURIComponent(roomId)}`, {});
};

/** What `mx read` has of a room's messages, oldest first; a message that cannot be read is told as such. */
export const readBodies = async (person: Pick<SignedIn, 'runJson'>, room: string): Promise<readonly string[]> => {
	const {messages} = await person.runJson(['read', room, '-n', '9999']);
	return asArray(messages)
		.map(asObject)
		.filter(message => message['state_key'] === null)
		.map(message =>
			message['encryption'] === 'undecrypted'
				? `undecryptable: ${asString(message['undecryptable_reason'])}`
				: (asString(message['body']) ?? ''),
		);
};

/** @returns what the status line says, which has up to three rows; what stands above it may be part of it. */
export const statusText = (lines: readonly string[]): string =>
	lines
		.slice(-3)
		.map(line => line.trim())
		.join(' ');

/** @returns what stands in the composer's first row; `undefined` where there is none. */
export const composerText = (lines: readonly string[]): string | undefined =>
	lines.map(line => /[│├] > ?(.*)$/.exec(line)?.[1]).find(text => text !== undefined);

/** Milliseconds between two looks. */
const lookEvery = 200;

/**
 * Checks again and again until it does not throw. Unlike node's `t.waitFor`, it ends when it fails.
 *
 * @param timeout milliseconds. @default 20000
 * @throws what the last check threw
 */
export const waitUntil = async (check: () => Promise<void>, timeout = 20_000): Promise<void> => {
	const deadline = performance.now() + timeout;
	for (;;) {
		try {
			return await check();
		} catch (error) {
			if (performance.now() > deadline) throw error;
			await sleep(lookEvery);
		}
	}
};

/** Keys, as the keyboard sends them. */
export const enter = '\r';
const pageUp = '\u001B[5~';
const redraw = '\u000C';

/** What mx writes before it draws everything anew. */
const clearScreen = '\u001B[2J';

/** Opens the first room of the inbox, and waits until something can be written. */
export const openFirstRoom = async (screen: TerminalProgram): Promise<void> => {
	await screen.waitFor(lines => /^ +\S.*│/.test(lines[2] ?? ''));
	screen.press(enter);
	await screen.waitFor(lines => composerText(lines) !== undefined);
};

/** Goes to a room by name from another one whose composer is empty. */
export const goToRoom = async (screen: TerminalProgram, name: string): Promise<void> => {
	screen.type(`/go ${name}${enter}`);
	await screen.waitFor(lines => (lines[1] ?? '').includes(`│ ${name} `));
};

/**
 * Writes a text and presses Enter; resolves when it stands in the timeline and the composer is empty: it is stored.
 *
 * @param shown how the timeline shows it, where that differs.
 */
export const writeMessage = async (screen: TerminalProgram, text: string, shown = text): Promise<void> => {
	screen.type(text);
	screen.press(enter);
	await screen.waitFor(lines => lines.some(line => line.includes(shown)) && composerText(lines) === '');
};

const isLoading = (line: string): boolean => /loading…|history missing here(?!, and the server has none)/.test(line);

/** Presses a key and waits until the screen was drawn anew, even if it looks the same. */
const pressAndDraw = async (screen: TerminalProgram, key: string): Promise<void> => {
	const before = screen.output().length;
	screen.press(key + redraw);
	await screen.waitFor(lines => {
		const isCleared = screen.output().includes(clearScreen, before);
		return isCleared && lines.some(line => line.startsWith(' INBOX')) && lines.at(-1) !== '';
	});
};

/** Scrolls up page by page to the beginning of the room; every gap on the way is waited for until it is filled. */
export const scrollToStart = async (screen: TerminalProgram): Promise<void> => {
	for (;;) {
		await screen.waitFor(lines => !lines.some(isLoading));
		if (screen.lines().some(line => line.includes('the beginning of this room'))) return;
		await pressAndDraw(screen, pageUp);
	}
};
