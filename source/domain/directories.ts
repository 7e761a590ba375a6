/** Where mx keeps its files: directories of a profile, and the files of its account. Pure: nothing here touches the disk. */
import {posix, win32} from 'node:path';
import process from 'node:process';
import {ExpectedError} from './errors.ts';

/** The directories of one profile; absolute paths. Each is to be 0700 (see `prepareDirectories`). */
export type Directories = {
	/** Preferences: what a person may edit and copy to another machine. */
	readonly config: string;
	/** The account: databases, key file. What a backup needs. */
	readonly data: string;
	/** What can be fetched again. */
	readonly cache: string;
	/** Log file. */
	readonly state: string;
	/** Socket and its token: what lives as long as the process. */
	readonly runtime: string;
};

/** The files of the account of a profile; absolute paths. */
export type AccountFiles = {
	/** Who is signed in, on which device, and where the key is. No secrets. */
	readonly accountRecord: string;
	readonly accountDatabase: string;
	/** Held exclusively by the running mx: the lock of the account. */
	readonly cryptoDatabase: string;
	/** Directory of files that wait to be sent, encrypted; made when it is needed. */
	readonly outgoing: string;
	/** Directory of files that were fetched only to be looked at. */
	readonly opened: string;
	/** The master key, wrapped by a passphrase or plain, where the person chose so. */
	readonly keyFile: string;
	readonly log: string;
	/** Unix socket of the running mx; a named pipe on Windows. */
	readonly socket: string;
	/** Random token that a client of the socket has to know. */
	readonly socketToken: string;
	/** Preferences. */
	readonly config: string;
};

/** What resolveDirectories has to know of the machine. */
export type Machine = {
	/** Home directory, absolute. */
	readonly home: string;
	/** `process.platform`. */
	readonly platform: string;
	/** Value of `--profile`; it wins over MX_PROFILE. @default 'default' */
	readonly profile?: string | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

const socketName = 'mx.sock';

/** Bytes that sun_path holds, with its terminating NUL: 108 on Linux, 104 on macOS and the BSDs. */
const maximumSocketPath = (platform: string): number => (platform === 'linux' || platform === 'android' ? 107 : 103);

/** Only long paths need it, and importing node:crypto costs every start 10 ms. */
const shortHash = (text: string): string =>
	process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 16);

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

const profileOf = (environment: Environment, machine: Machine): string => {
	const profile = machine.profile ?? (environment['MX_PROFILE'] || 'default');
	if (/^[a-zA-Z0-9._-]{1,64}$/.test(profile) && profile !== '.' && profile !== '..') return profile;
	throw usage(
		'The name of a profile is 1 to 64 letters, digits, dots, dashes or underscores.',
		'Give another --profile or MX_PROFILE.',
	);
};

/** Directories above those of the profiles; `runtime` is missing where the system has no place for it. */
type Base = Omit<Directories, 'runtime'> & {readonly runtime: string | undefined};

/** Everything under one directory. */
const ownBase = (root: string, path: typeof posix): Base => {
	if (!path.isAbsolute(root)) {
		throw usage('MX_HOME is not an absolute path.', 'Give it a path that does not depend on the current directory.');
	}
	return {
		config: path.join(root, 'config'),
		data: path.join(root, 'data'),
		cache: path.join(root, 'cache'),
		state: path.join(root, 'state'),
		runtime: path.join(root, 'runtime'),
	};
};

/** XDG Base Directory Specification 0.8: a relative path in a variable is to be ignored. */
const xdgBase = (environment: Environment, home: string): Base => {
	const given = (variable: string): string | undefined => {
		const directory = environment[variable];
		return directory !== undefined && posix.isAbsolute(directory) ? posix.join(directory, 'mx') : undefined;
	};
	return {
		config: given('XDG_CONFIG_HOME') ?? posix.join(home, '.config/mx'),
		data: given('XDG_DATA_HOME') ?? posix.join(home, '.local/share/mx'),
		cache: given('XDG_CACHE_HOME') ?? posix.join(home, '.cache/mx'),
		state: given('XDG_STATE_HOME') ?? posix.join(home, '.local/state/mx'),
		runtime: given('XDG_RUNTIME_DIR'),
	};
};

const windowsBase = (environment: Environment, home: string): Base => {
	const local = win32.join(environment['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'mx');
	return {
		config: win32.join(environment['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), 'mx'),
		data: win32.join(local, 'data'),
		cache: win32.join(local, 'cache'),
		state: win32.join(local, 'state'),
		runtime: undefined,
	};
};

/** A runtime directory whose socket path the system can bind: the wished one, a hashed one beside it, one in /tmp. */
const bindableRuntime = (wished: string, above: string | undefined, platform: string): string => {
	const hash = shortHash(wished);
	const candidates = above === undefined ? [wished] : [wished, posix.join(above, hash)];
	const fits = (directory: string): boolean =>
		Buffer.byteLength(posix.join(directory, socketName)) <= maximumSocketPath(platform);
	// Not TMPDIR: a second process with another one would not find the socket.
	return candidates.find(fits) ?? `/tmp/mx-${hash}`;
};

const baseOf = (environment: Environment, machine: Machine, path: typeof posix): Base => {
	const own = environment['MX_HOME'];
	if (own) return ownBase(own, path);
	if (!path.isAbsolute(machine.home)) {
		throw usage('The home directory is not known.', 'Set HOME, or MX_HOME to a directory for mx.');
	}
	return path === win32 ? windowsBase(environment, machine.home) : xdgBase(environment, machine.home);
};

/**
 * @returns the directories of the profile: by the XDG Base Directory Specification (also on macOS), by %APPDATA% and
 * %LOCALAPPDATA% on Windows, or all below MX_HOME; the profile's name is the last component. A runtime directory too
 * long for a socket is replaced by a short one.
 * @throws ExpectedError `usage` for a bad profile name or a relative MX_HOME
 */
export const resolveDirectories = (environment: Environment, machine: Machine): Directories => {
	const path = machine.platform === 'win32' ? win32 : posix;
	const profile = profileOf(environment, machine);
	const base = baseOf(environment, machine, path);
	const state = path.join(base.state, profile);
	const runtime = base.runtime === undefined ? path.join(state, 'runtime') : path.join(base.runtime, profile);
	return {
		config: path.join(base.config, profile),
		data: path.join(base.data, profile),
		cache: path.join(base.cache, profile),
		state,
		runtime: path === win32 ? runtime : bindableRuntime(runtime, base.runtime, machine.platform),
	};
};

/** @returns the files of the account in these directories. */
export const accountFiles = (directories: Directories): AccountFiles => {
	const isWindows = !directories.data.startsWith('/');
	const path = isWindows ? win32 : posix;
	const inside = (directory: string, name: string): string => path.join(directory, name);
	return {
		accountRecord: inside(directories.data, 'account.json'),
		accountDatabase: inside(directories.data, 'account.db'),
		cryptoDatabase: inside(directories.data, 'crypto.db'),
		outgoing: inside(directories.data, 'outgoing'),
		opened: inside(directories.cache, 'opened'),
		keyFile: inside(directories.data, 'account.key'),
		log: inside(directories.state, 'mx.log'),
		socket: isWindows ? `\\\\.\\pipe\\mx-${shortHash(directories.runtime)}` : inside(directories.runtime, socketName),
		socketToken: inside(directories.runtime, 'mx.token'),
		config: inside(directories.config, 'config.json'),
	};
};

/** What the system says of a directory, as far as `whyUnsafe` needs it. */
export type DirectoryState = {
	/** Owner of the symbolic link at the path, if there is one; the rest is of its target then. */
	readonly linkOwner: number | undefined;
	readonly isDirectory: boolean;
	readonly owner: number;
	/** Permission bits. */
	readonly mode: number;
};

/**
 * @param user the effective user id; `undefined` where the system has none (Windows): only the kind is judged then
 * @returns why a directory must not hold private files, as the end of a sentence ("belongs to another user"), or `undefined`
 */
export const whyUnsafe = (state: DirectoryState, user: number | undefined): string | undefined => {
	if (!state.isDirectory) return 'is not a directory';
	if (user === undefined) return undefined;
	if (state.linkOwner !== undefined && state.linkOwner !== user) return 'is a symbolic link of another user';
	if (state.owner !== user) return 'belongs to another user';
	if ((state.mode & 0o077) !== 0) return 'is open to other users';
	return undefined;
};
