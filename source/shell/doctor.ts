/** `mx doctor`: one check after the other; a check that fails is a finding, never the end. */
import type {DoctorCheck} from '../commands/define-command.ts';
import {ExpectedError, reportOf} from '../domain/errors.ts';
import {checkDirectories, checkNode, checkSecrets, checkStores, checkTerminal} from './doctor-machine.ts';
import {checkEncryption, checkOwner, checkServer, checkToken} from './doctor-account.ts';
import {ok, warning, type Finding} from './doctor-finding.ts';
import type {ShellParts} from './ports.ts';

const run = async (name: string, check: () => Finding | Promise<Finding>): Promise<DoctorCheck> => {
	try {
		return {name, ...(await check())};
	} catch (error) {
		if (!(error instanceof ExpectedError)) throw error;
		const {message, next} = reportOf(error);
		return {name, state: 'problem', message, next};
	}
};

/** Checks everything that can be checked here; without an account only the machine. */
export const examine = async (parts: ShellParts): Promise<readonly DoctorCheck[]> => {
	const checks = [
		await run('node', () => checkNode(parts)),
		await run('terminal', () => checkTerminal(parts)),
		await run('directories', () => checkDirectories(parts)),
	];
	const account = await run('account', async () => {
		const record = await parts.access.readRecord();
		if (record === undefined) return warning('Nobody is signed in.', 'Sign in with mx login.');
		return ok(`${record.userId} on the device ${record.deviceId}`);
	});
	checks.push(account);
	if (account.state !== 'ok') return checks;
	const record = await parts.access.requireRecord();
	const owner = await run('running', async () => checkOwner(parts));
	const secrets = await run('secrets', async () => checkSecrets(record, parts));
	checks.push(owner, secrets);
	if (secrets.state !== 'problem') checks.push(await run('store', async () => checkStores(record, parts)));
	const server = await run('server', async () => checkServer(record));
	checks.push(server);
	if (server.state === 'problem' || secrets.state === 'problem') return checks;
	const session = await run('session', async () => checkToken(record, parts));
	checks.push(session);
	if (session.state === 'ok') checks.push(await run('encryption', async () => checkEncryption(parts)));
	return checks;
};
