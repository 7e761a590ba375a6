/** The memory of an engine does not grow with the messages that pass through it. */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test} from 'node:test';
import {createHome} from '../helpers/engine.ts';
import {createRandom} from '../helpers/random.ts';
import {ownUser} from '../store/account-fixture.ts';
import {startEngineProcess} from './engine-process.ts';
import {startFloodServer} from './flood-server.ts';

const count = Number(process.env['MX_MEMORY_MESSAGES'] ?? 2000);
const warmUp = Number(process.env['MX_MEMORY_WARM_UP'] ?? 1000);
/** 5 MB for ten thousand; the SDK alone would keep five times as much. */
const bytesPerMessage = 500;
/** Messages from which the memory that the system sees says more than how pages are rounded. */
const countForResident = 10_000;
const seed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));

test(`twice ${count} live messages leave nothing in memory (MX_CRASH_SEED=${seed})`, async t => {
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
	const measures = [await engine.measureMemory()];
	for (let flood = 0; flood < 2; flood++) {
		await server.flood(count);
		measures.push(await engine.measureMemory());
	}
	// What is kept of messages grows with every flood; what only fills up, or is compiled, with one of them.
	const leastGrowth = (bytesOf: (memory: NodeJS.MemoryUsage) => number): number =>
		Math.min(...measures.slice(1).map((after, index) => bytesOf(after) - bytesOf(measures[index] ?? after)));
	const growth = leastGrowth(({heapUsed, external}) => heapUsed + external);
	const resident = leastGrowth(({rss}) => rss);
	t.diagnostic(`heap and external +${growth} bytes, resident +${resident} bytes, of ${measures.at(-1)?.rss}`);
	const limit = count * bytesPerMessage;
	assert.ok(growth <= limit, `${growth} bytes are left of ${count} messages`);
	if (count >= countForResident) assert.ok(resident <= limit, `${resident} resident bytes are left`);
});
