/** The checks of `mx doctor` that concern the account: the running mx, server, session, encryption. */
import {connectSession, type SessionConnection} from '../instance/socket-client.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {tokenState} from './account-checks.ts';
import {readStatus} from './account-status.ts';
import {ok, problem, warning, type Finding} from './doctor-finding.ts';
import type {ShellParts} from './ports.ts';

/** Whether an mx runs that answers, and of which version. */
export const checkOwner = async ({access, version}: ShellParts): Promise<Finding> => {
	const connection = await connectSession(access.files);
	if (connection === undefined) return ok('no mx is running');
	connection.close();
	if (connection.version === version) return ok(`an mx is running and answers (${connection.version})`);
	return warning(
		`The running mx is version ${connection.version}, this one ${version}.`,
		'Quit the running mx and start it again.',
	);
};

/** Whether the homeserver answers. */
export const checkServer = async ({homeserver}: AccountRecord): Promise<Finding> => {
	const [{discoverHomeserver}, {createGuardedFetch}] = await Promise.all([
		import('../matrix/discovery.ts'),
		import('../matrix/guarded-fetch.ts'),
	]);
	const {versions} = await discoverHomeserver(homeserver, createGuardedFetch({isFailed: () => undefined}));
	return ok(`${homeserver} answers, Matrix up to ${versions.at(-1) ?? 'an unknown version'}`);
};

const ended = problem(
	'The session has ended: the server does not accept its token any more.',
	'Run mx login: messages and keys stay.',
);

const checkRunning = async ({
	session,
	close,
}: Pick<SessionConnection, 'session'> & {readonly close: () => void}): Promise<Finding> => {
	try {
		const {net} = await session.status({});
		if (net.state === 'logged-out' || net.state === 'soft-logout') return ended;
		if (net.state === 'no-storage') {
			const cause = net.cause ?? 'the disk refuses';
			return problem(`The running mx cannot use its files: ${cause}.`, 'Free some space, or check the disk.');
		}
		const message = `the running mx is ${net.state}`;
		return net.cause === undefined ? ok(message) : warning(`${message}: ${net.cause}`, 'Check the network.');
	} finally {
		close();
	}
};

/** Whether the session is still good. */
export const checkToken = async (record: AccountRecord, {access, prompts}: ShellParts): Promise<Finding> => {
	const connection = await connectSession(access.files);
	if (connection !== undefined) return checkRunning({session: connection.session, close: () => connection.close()});
	if (record.secrets.backend === 'passphrase' && prompts === undefined) {
		return warning('The session was not checked: the key is locked.', 'Run mx doctor in a terminal.');
	}
	const token = await access.readToken(record);
	const isGood = token !== undefined && (await tokenState(record, token)) === 'good';
	return isGood ? ok('the server accepts the session') : ended;
};

/** How the encryption is set up. */
export const checkEncryption = async (parts: ShellParts): Promise<Finding> => {
	const {encryption} = await readStatus(parts);
	const {state, message, next} = encryption;
	if (state === 'ready') return ok(message);
	return {state: state === 'unknown' ? 'warning' : 'problem', message, next: next ?? 'Try again in a moment.'};
};
