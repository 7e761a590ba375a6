/** A real IRC server for tests: ngircd on loopback, one for each file that wants one. */
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {findFreePort} from '../../scripts/lib/synapse-process.ts';
import {needsProgram} from './needs-program.ts';
import {isRoot, startProgram} from './server-program.ts';
import type {Owner} from './synapse.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** Options of tests that need it. */
export const needsIrcServer = (): {readonly skip?: string} =>
	needsProgram('ngircd', '--version', 'the tests with a real IRC network are');

export type IrcServer = {readonly host: string; readonly port: number};

const settings = (port: number): string => `
[Global]
Name = irc.six.test
Info = Tests on loopback
AdminInfo1 = tests
Listen = 127.0.0.1
Ports = ${port}
${isRoot() ? 'ServerUID = nobody\nServerGID = nogroup' : ''}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 20
[Options]
DNS = no
Ident = no
PAM = no
`;

/** Starts an IRC server; it is stopped when its owner ends. */
export const startIrcServer = async (owner: Owner): Promise<IrcServer> => {
	const port = await findFreePort();
	const file = path.join(temporaryDirectory(), 'ngircd.conf');
	await writeFile(file, settings(port));
	await startProgram(owner, ['ngircd', '-n', '-f', file], output => / ready\.$/m.test(output));
	return {host: '127.0.0.1', port};
};
