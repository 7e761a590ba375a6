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

const serve = async (python: string, port: number): Promise<void> => {
	// The port is part of the name of every user, so each port has data of its own.
	const directory = path.join(serversDirectory, 'synapse', String(port));
	const synapse = await startSynapseProcess({python, directory, port});
	console.log(`Synapse runs at ${synapse.url} (its name is ${synapse.serverName}). Try next, in other terminals:`);
	console.log('');
	console.log(`  npm run mx -- login ${synapse.url} --register`);
	console.log(`  npm run mx -- --profile second login ${synapse.url} --register`);
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
