/** The checks of `mx doctor` that concern the account: the running mx, server, session, encryption. */
import {connectSession} from '../instance/socket-client.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {tokenState} from './account-checks.ts';
import {readStatus} from './account-status.ts';
import type {Finding} from './doctor.ts';
import type {ShellParts} from './ports.ts';

const ok = (message: string): Finding => ({state: 'ok', message, next: undefined});

/** Whether an mx runs that answers, and of which version. */
export const checkOwner = async ({access, version}: ShellParts): Promise<Finding> => {
	const connection = await connectSession(access.files);
	if (connection === undefined) return ok('no mx is running');
	connection.close();
	if (connection.version === version) return ok(`an mx is running and answers (${connection.version})`);
	return {
		state: 'warning',
		message: `The running mx is version ${connection.version}, this one ${version}.`,
		next: 'Quit the running mx and start it again.',
	};
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

const ended: Finding = {
	state: 'problem',
	message: 'The session has ended: the server does not accept its token any more.',
	next: 'Run mx login: messages and keys stay.',
};

/** Whether the session is still good. */
export const checkToken = async (record: AccountRecord, {access, prompts}: ShellParts): Promise<Finding> => {
	const connection = await connectSession(access.files);
	if (connection !== undefined) {
		const {net} = await connection.session.status({});
		connection.close();
		if (net.state === 'logged-out' || net.state === 'soft-logout') return ended;
		const message = `the running mx is ${net.state}`;
		return net.cause === undefined
			? ok(message)
			: {state: 'warning', message: `${message}: ${net.cause}`, next: 'Check the network.'};
	}
	if (record.secrets.backend === 'passphrase' && prompts === undefined) {
		return {
			state: 'warning',
			message: 'The session was not checked: the key is locked.',
			next: 'Run mx doctor in a terminal.',
		};
	}
	const token = await access.readToken(record);
	return token === undefined || (await tokenState(record, token)) === 'ended'
		? ended
		: ok('the server accepts the session');
};

/** How the encryption is set up. */
export const checkEncryption = async (parts: ShellParts): Promise<Finding> => {
	const {encryption} = await readStatus(parts);
	const {state, message, next} = encryption;
	if (state === 'ready') return ok(message);
	return {state: state === 'unknown' ? 'warning' : 'problem', message, next: next ?? 'Try again in a moment.'};
};
