/**
 * Real homeservers for tests: one that all files of a run share, and own ones for tests that stop or restart theirs. They
 * are Synapses, or the server of the demo in a run with `--server demo`.
 */

import {startDemoProcess} from '../../scripts/lib/demo-process.ts';
import type {ServerProcess} from '../../scripts/lib/server-process.ts';
import {findSynapse} from '../../scripts/lib/synapse-install.ts';
import {startSynapseProcess, type SynapseOptions} from '../../scripts/lib/synapse-process.ts';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import {matrixRequest} from './matrix-request.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** Something with an end that helpers clean up at: the context `t` of a test, or `{after}` of node:test for a whole file. */
export type Owner = {readonly after: (cleanUp: () => Promise<void>) => void};

/** A user with a first device, signed in. */
export type Account = {
	/** For example `@alice:localhost:8008`. */
	readonly userId: string;
	readonly password: string;
	readonly deviceId: string;
	readonly accessToken: string;
};

/** What any test may do with a homeserver. */
export type Homeserver = {
	/** Base URL of the client API, for example `http://127.0.0.1:8008`. */
	readonly url: string;
	/** The part of user ids after the colon, for example `localhost:8008`. */
	readonly serverName: string;
	/**
	 * Registers a user and signs a first device in.
	 *
	 * @param name localpart; on the shared server made unique with `uniqueName()`.
	 * @throws MatrixRequestError `M_USER_IN_USE` when the name is taken.
	 */
	readonly registerUser: (name: string, password?: string) => Promise<Account>;
};

/** A homeserver of one's own, which may be stopped, killed and restarted. */
export type Synapse = Homeserver & ServerProcess;

const missingVariable = 'MX_TEST_SYNAPSE_MISSING';
const urlVariable = 'MX_TEST_SERVER_URL';

/** Set by scripts/test.ts. */
const isDemo = process.env['MX_TEST_SERVER'] === 'demo';

const textOf = (answer: JsonObject, key: string): string => {
	const text = asString(answer[key]);
	if (text === undefined) {
		throw new TypeError(`The server's answer has no ${key}.`);
	}

	return text;
};

const registerUser = async (url: string, name: string, password: string): Promise<Account> => {
	const answer = await matrixRequest({url}, 'POST', '/_matrix/client/v3/register', {
		username: name,
		password,
		auth: {type: 'm.login.dummy'},
	});
	return {
		userId: textOf(answer, 'user_id'),
		deviceId: textOf(answer, 'device_id'),
		accessToken: textOf(answer, 'access_token'),
		password,
	};
};

/** @returns what tests may do with a server that runs. */
export const homeserverAt = (url: string, serverName: string): Homeserver => ({
	url,
	serverName,
	registerUser: (name, password = `password of ${name}`) => registerUser(url, name, password),
});

const reasonForNone = async (): Promise<string | undefined> => {
	if (isDemo) {
		return undefined;
	}

	const reason = process.env[missingVariable];
	if (reason !== undefined) {
		return reason;
	}

	const isThere = process.env[urlVariable] !== undefined || (await findSynapse()) !== undefined;
	return isThere ? undefined : 'Synapse is not installed; install it with: npm run servers -- --install-only';
};

/**
 * Options for tests and suites that need a real server: `test('…', await needsServers(), async t => …)`. Where Synapse
 * could not be installed they are skipped, and the reason is in the report.
 *
 * @throws Error with that reason when `MX_REQUIRE_SERVERS` is 1, as in CI: then the test file fails.
 */
export const needsServers = async (): Promise<{readonly skip: string | false}> => {
	const reason = await reasonForNone();
	if (reason !== undefined && process.env['MX_REQUIRE_SERVERS'] === '1') {
		throw new Error(`MX_REQUIRE_SERVERS is 1, but there is no test server: ${reason}`);
	}

	return {skip: reason ?? false};
};

type StartOptions = Pick<SynapseOptions, 'port' | 'registrations'>;

const startProcess = async (directory: string, {port, registrations}: StartOptions): Promise<ServerProcess> => {
	if (isDemo) {
		if (registrations !== undefined) throw new Error('The server of the demo takes no bridges from outside.');
		return startDemoProcess({directory, port});
	}

	const python = await findSynapse();
	if (python === undefined) {
		throw new Error('Synapse is not installed; tests that need it pass `await needsServers()` as their options.');
	}

	return startSynapseProcess({python, directory, port, registrations});
};

const start = async (directory: string, options: StartOptions = {}): Promise<Synapse> => {
	const synapse = await startProcess(directory, options);
	return {...synapse, ...homeserverAt(synapse.url, synapse.serverName)};
};

/**
 * Starts a homeserver for one test (or file) alone; it is stopped when its owner ends. A Synapse takes about two seconds.
 *
 * @param options.directory keeps its data; by default a temporary one.
 * @param options.port by default a free one.
 * @param options.registrations of bridges, which only Synapse takes
 */
export const startSynapse = async (
	owner: Owner,
	options: StartOptions & {readonly directory?: string} = {},
): Promise<Synapse> => {
	const synapse = await start(options.directory ?? temporaryDirectory(), options);
	owner.after(() => synapse.stop());
	return synapse;
};

let shared: Promise<Homeserver> | undefined;

const openShared = async (): Promise<Homeserver> => {
	const url = process.env[urlVariable];
	if (url !== undefined) {
		return homeserverAt(url, `localhost:${new URL(url).port}`);
	}

	// A file run by hand has one of its own. It ends when its parent does, so nothing needs to stop it.
	const directory = temporaryDirectory();
	const synapse = await start(directory);
	// Ended before its directory is removed, or it would write there again.
	process.prependOnceListener('exit', () => void synapse.kill());
	return synapse;
};

/** @returns the homeserver of this test run: that of `npm test`, or one that this process starts and takes along when it ends. */
export const sharedSynapse = (): Promise<Homeserver> => {
	shared ??= openShared();
	return shared;
};

let lastNumber = 0;

/** @returns a localpart that no other test of this run uses, for example `alice-1a2b-1`. */
export const uniqueName = (name: string): string => `${name}-${process.pid.toString(36)}-${++lastNumber}`;
