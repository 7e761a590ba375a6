/** The memory of an engine does not grow with the messages that pass through it. */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test} from 'node:test';
import {createHome} from '../helpers/engine.ts';
import {createRandom} from '../helpers/random.ts';
import {ownUser} from '../store/account-fixture.ts';
import {startEngineProcess} from './engine-process.ts';
import {startFloodServer} from './flood-server.ts';

const count = Number(process.env['MX_MEMORY_MESSAGES'] ?? 3000);
const warmUp = Number(process.env['MX_MEMORY_WARM_UP'] ?? 1000);
/** 5 MB for ten thousand; the SDK alone would keep three times as much. */
const bytesPerMessage = 500;
/** Messages from which the memory that the system sees says more than how pages are rounded. */
const countForResident = 10_000;
const seed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));

test(`${count} live messages leave nothing in memory (MX_CRASH_SEED=${seed})`, async t => {
	const server = await startFloodServer(t, createRandom(seed));
	const home = await createHome({
		url: server.url,
		serverName: 'example.org',
		registerUser: async (_name, password = 'of a test') => ({
			userId: ownUser,
			password,
			deviceId: 'TEST',
			accessToken: 'token',
		}),
	});
	const engine = startEngineProcess(t, home, {isNew: true, isHastened: true});
	await engine.caughtUp;
	// Which rooms the SDK holds, and what SQLite keeps of the files, has its bounds: they are reached first.
	await server.flood(warmUp, true);
	await server.flood(warmUp);
	const before = await engine.measureMemory();
	await server.flood(count);
	const after = await engine.measureMemory();
	const growth = after.heapUsed + after.external - before.heapUsed - before.external;
	const resident = after.rss - before.rss;
	t.diagnostic(`heap and external +${growth} bytes, resident +${resident} bytes, of ${after.rss}`);
	assert.ok(growth <= count * bytesPerMessage, `${growth} bytes are left of ${count} messages`);
	if (count >= countForResident) assert.ok(resident <= count * bytesPerMessage, `${resident} resident bytes are left`);
});
