/** A real bridge to IRC for tests: heisenbridge, with a Synapse of its own. */
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {findHeisenbridge} from '../../scripts/lib/synapse-install.ts';
import {findFreePort} from '../../scripts/lib/synapse-process.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {startProgram} from '../helpers/server-program.ts';
import type {Homeserver, Owner} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

export type Heisenbridge = {
	readonly registration: JsonObject;
	/** Starts it, when the server runs that knows its registration. @param user user id of whom it serves */
	readonly start: (owner: Owner, server: Homeserver, user: string) => Promise<void>;
};

/** @param ghostPrefix what the localparts of its ghosts begin with */
export const prepareHeisenbridge = async (ghostPrefix = 'hirc_'): Promise<Heisenbridge> => {
	const port = await findFreePort();
	const registration = {
		id: 'heisenbridge',
		url: `http://127.0.0.1:${port}`,
		// Of tests on loopback only.
		as_token: 'bridge-heisenbridge',
		hs_token: 'server-of-heisenbridge',
		sender_localpart: 'heisenbridge',
		rate_limited: false,
		namespaces: {users: [{regex: `@${ghostPrefix}.*`, exclusive: true}], aliases: [], rooms: []},
	};
	return {
		registration,
		async start(owner, server, user) {
			const python = await findHeisenbridge();
			if (python === undefined)
				throw new Error('heisenbridge is not installed; install it with: npm run servers -- --install-only');
			const file = path.join(temporaryDirectory(), 'heisenbridge.json');
			await writeFile(file, JSON.stringify(registration));
			const command = [python, '-m', 'heisenbridge', '-c', file, '-o', user, server.url];
			await startProgram(owner, command, output => output.includes('bridge is now running'));
		},
	};
};
