/** `npm run servers`: a real Synapse on loopback, for trying mx and for tests by hand. Ctrl-C stops it, the data stays. */

import {once} from 'node:events';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {ExpectedError, reportOf} from '../source/domain/errors.ts';
import {installSynapse, serversDirectory} from './lib/synapse-install.ts';
import {startSynapseProcess} from './lib/synapse-process.ts';

const usage = 'Usage: npm run servers [-- --port PORT] [-- --install-only]';

type Arguments = {readonly port: number; readonly isInstallOnly: boolean};

const parseArguments = (): Arguments => {
	try {
		const {values} = parseArgs({options: {port: {type: 'string', default: '8008'}, 'install-only': {type: 'boolean'}}});
		const port = Number(values.port);
		if (Number.isInteger(port) && port >= 1 && port <= 65_535) {
			return {port, isInstallOnly: values['install-only'] === true};
		}

		throw new RangeError(`"${values.port}" is not a port number.`);
	} catch (error) {
		throw new ExpectedError({message: reportOf(error).message, next: usage, reason: 'usage'}, {cause: error});
	}
};

/** People to sign in as; the first start registers them. */
const people = ['alice', 'bob'] as const;
const password = 'only-for-trying';

const register = async (url: string, name: string): Promise<void> => {
	const response = await fetch(`${url}/_matrix/client/v3/register?kind=user`, {
		method: 'POST',
		headers: {'content-type': 'application/json'},
		body: JSON.stringify({username: name, password, inhibit_login: true, auth: {type: 'm.login.dummy'}}),
	});
	const answer = (await response.json()) as {errcode?: string};
	// They are there from the second start on.
	if (!response.ok && answer.errcode !== 'M_USER_IN_USE')
		throw new Error(`Synapse did not register ${name}: ${answer.errcode}`);
};

const serve = async (python: string, port: number): Promise<void> => {
	// The port is part of the name of every user, so each port has data of its own.
	const directory = path.join(serversDirectory, 'synapse', String(port));
	const synapse = await startSynapseProcess({python, directory, port});
	for (const name of people) await register(synapse.url, name);
	console.log(`Synapse runs at ${synapse.url}; its name is ${synapse.serverName}.`);
	console.log(
		`Two people live there, ${people.join(' and ')}; the password of both is ${password}. In other terminals:`,
	);
	console.log('');
	for (const name of people) {
		console.log(`  npm run mx -- --profile ${name} login @${name}:${synapse.serverName}`);
		console.log(`  npm run mx -- --profile ${name}`);
	}
	console.log('');
	console.log(`Ctrl-C stops it. Its data stays in ${path.relative(process.cwd(), directory)}.`);
	const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP')]);
	const hasCrashed = await Promise.race([interrupted.then(() => false), synapse.ended().then(() => true)]);
	await synapse.stop();
	if (hasCrashed) {
		throw new Error(`Synapse ended by itself.\n${(await synapse.logText()).slice(-3000)}`);
	}

	console.log('Stopped.');
};

try {
	const {port, isInstallOnly} = parseArguments();
	const python = await installSynapse(console.error);
	if (isInstallOnly) {
		console.log('Synapse is installed.');
	} else {
		await serve(python, port);
	}
} catch (error) {
	const {message, next, reason} = reportOf(error);
	console.error(next === undefined ? message : `${message}\n${next}`);
	process.exitCode = reason === 'usage' ? 2 : 1;
}
