/** `mx`: what has to be known before the screen can open, and how screen, store and engine are joined. */
import {existsSync} from 'node:fs';
import {hostname} from 'node:os';
import process from 'node:process';
import type {GlobalOptions} from '../commands/parse-arguments.ts';
import {ExpectedError, exitCodes} from '../domain/errors.ts';
import type {Session} from '../domain/session.ts';
import type {EngineLink} from '../engine/engine-link.ts';
import type {AccountRecord} from '../store/account-record.ts';
import type {ScreenOptions} from '../ui/screen-options.ts';
import type {ScreenEnd} from '../ui/start.tsx';
import type {MutableEnvironment} from '../store/secrets/given-key.ts';
import type {Settings} from '../store/settings.ts';
import {createAccountAccess, isDamage, type AccountAccess} from './account-access.ts';
import {createLastingReader, type LastingReader} from './lasting-reader.ts';
import {openFile, openLink} from './open-link.ts';
import {createPrompts} from './prompt.ts';
import {createTalk} from './talk.ts';

/** How it is opened. */
export type ScreenStart = {
	readonly options: GlobalOptions;
	/** Version of mx. */
	readonly version: string;
	/** @default that of the process */
	readonly environment?: MutableEnvironment;
	/** Milliseconds that the screen's clock, and the engine's, are ahead of the machine's. @default 0 */
	readonly clockOffset?: number;
	/** Address of a room to begin with. */
	readonly startRoom?: string;
	/** Once, when the first frame is written and the engine starts. */
	readonly onStart?: (session: Session) => void;
};

const welcome = [
	'mx is a Matrix chat client, and nobody is signed in here yet.',
	'',
	'  Sign in:            mx login SERVER USER    such as mx login example.org anna',
	'  Create an account:  on the web page of a server that takes new people;',
	'                      then mx login',
	'  Look around:        mx demo    needs no account; nothing leaves this machine',
	'  All commands:       mx --help',
];

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** An account that is open for the screen: its store to read, its engine to talk to. */
type OpenAccount = {
	readonly reader: LastingReader;
	readonly link: EngineLink;
	/** Starts the engine, unless it had to be started already. */
	readonly start: () => void;
};

const openReader = async (access: AccountAccess, record: AccountRecord): Promise<LastingReader> => {
	const [{openAccountReader}, {createAccountReader}, {deriveKeys}] = await Promise.all([
		import('../store/account-database.ts'),
		import('../store/account-reader.ts'),
		import('../store/secrets/derived-keys.ts'),
	]);
	const key = deriveKeys(await access.masterKey(record)).accountDatabase;
	const {accountDatabase: file} = access.files;
	return createLastingReader(file, () => {
		const database = openAccountReader({file, key, cipher: record.cipher});
		return {reader: createAccountReader(database, record.userId), close: () => void database.close()};
	});
};

/** Where the disk takes nothing, what is stored can still be read. */
const prepareIfPossible = async (access: AccountAccess): Promise<void> => {
	try {
		await access.prepare();
	} catch (error) {
		const {isDiskRefusal} = await import('../store/private-files.ts');
		if (!isDiskRefusal(error) || !existsSync(access.files.accountDatabase)) throw error;
	}
};

/** An older store is brought up to date by its owner, a damaged one is set aside. */
const needsOwner = (error: unknown): boolean =>
	error instanceof ExpectedError && (error.report.reason === 'notReady' || isDamage(error));

const openAccount = async (
	access: AccountAccess,
	record: AccountRecord,
	engine: {readonly version: string; readonly clockOffset: number},
): Promise<OpenAccount> => {
	const masterKey = await access.masterKey(record);
	const {createEngineLink} = await import('../engine/engine-link.ts');
	const deviceName = `mx on ${hostname()}`;
	const link = createEngineLink({files: access.files, record, masterKey, deviceName, ...engine});
	try {
		return {link, reader: await openReader(access, record), start: link.start};
	} catch (error) {
		if (!needsOwner(error)) throw error;
		link.start();
		await link.session.status({});
		return {link, reader: await openReader(access, record), start: () => undefined};
	}
};

/** @throws ExpectedError `usage` where nothing can be drawn: what takes its place */
export const requireScreen = ({isPlain}: GlobalOptions, {TERM}: MutableEnvironment): void => {
	const next = 'mx --plain works here, line by line; for scripts there are verbs: mx --help.';
	if (isPlain) return;
	if (!process.stdin.isTTY || !process.stdout.isTTY) throw usage('The screen needs a terminal.', next);
	if (TERM === 'dumb') throw usage('The screen needs a terminal that can place text, and this one is dumb.', next);
};

/** @returns what shows the account: the screen, or lines. */
const loadView = async ({isPlain}: GlobalOptions): Promise<(options: ScreenOptions) => Promise<ScreenEnd>> => {
	if (!isPlain) return (await import('../ui/start.tsx')).startScreen;
	const {startPlain} = await import('../ui/start-plain.ts');
	const isEchoed = process.stdin.isTTY;
	return async options => startPlain({...options, isEchoed});
};

/**
 * Opens the screen and stays until it is left.
 * @returns the exit code: `notSignedIn` without an account, after saying what can be done
 * @throws ExpectedError `usage` without a terminal; when key or files cannot be opened
 */
export const openScreen = async (given: ScreenStart): Promise<number> => {
	const {options, version, environment = process.env, clockOffset = 0} = given;
	const now = (): number => Date.now() + clockOffset;
	const {stdin, stdout, stderr} = process;
	const talk = createTalk({stream: stderr, isQuiet: options.isQuiet});
	// Nothing is to be taken back here, so a signal ends the process as it always does.
	const {signal} = new AbortController();
	const prompts = stdin.isTTY ? createPrompts({input: stdin, output: stderr, signal}) : undefined;
	const {profile} = options;
	const access = createAccountAccess({environment, profile, now, askSecret: prompts?.secret, say: talk.say});
	if (options.format !== 'text') throw usage('The screen prints no JSON.', 'See mx --help for the verbs that do.');
	const record = await access.readRecord();
	if (record === undefined) {
		stderr.write(`${welcome.join('\n')}\n`);
		return exitCodes.notSignedIn;
	}
	requireScreen(options, environment);
	await prepareIfPossible(access);
	// The screen's WebAssembly is compiled by another thread while the store is opened.
	const view = loadView(options);
	const {captureConsole, openLogIfPossible} = await import('../store/log-file.ts');
	const {openSettings} = await import('../store/settings.ts');
	const {watchFile} = await import('../store/watch-file.ts');
	const settings = openSettings(access.files.config, now);
	const {reader, link, start} = await openAccount(access, record, {version, clockOffset});
	const log = openLogIfPossible({path: access.files.log, now});
	captureConsole(log);
	const [startView, {setNonBlocking}, {createPictures}] = await Promise.all([
		view,
		import('../terminal/screen-output.ts'),
		import('../pictures/pictures.ts'),
	]);
	// Ink writes there while the process exits: a terminal that reads nothing would hold it for ever.
	setNonBlocking(stderr);
	const {userId, homeserver} = record;
	/** What was written on the command line goes before. */
	const chosen = (): Partial<Settings> => ({
		...settings.all(),
		...(options.hasMouse ? {} : {mouse: false}),
		...(options.isAscii ? {ascii: true} : {}),
	});
	const {exitCode} = await startView({
		reader: reader.reader,
		session: link.session,
		subscribe(listener) {
			return link.subscribe(notice => {
				if (reader.heed(notice)) listener({kind: 'changed', rids: 'all', isListChanged: true});
				listener(notice);
			});
		},
		account: {userId, homeserver},
		loginCommand: profile === undefined ? undefined : `mx login --profile ${profile}`,
		environment: options.hasColour ? environment : {...environment, NO_COLOR: '1'},
		stdin,
		stdout,
		onFirstFrame() {
			start();
			given.onStart?.(link.session);
		},
		onQuit: link.stop,
		log,
		now,
		openLink,
		openFile,
		pictures: createPictures(),
		startRoom: given.startRoom,
		settings: chosen(),
		settingsProblems: settings.notices,
		watchSettings: listener =>
			watchFile(access.files.config, () => {
				const {isOther, problems} = settings.reload();
				if (isOther) listener(chosen(), problems);
			}),
		keepSetting: async (name, value) => settings.set(name, value),
	});
	return exitCode;
};
