/** Hundreds of messages through a network that spoils every fifth request: each arrives exactly once, in order. */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {asObject, asString} from '../../source/domain/json.ts';
import {createHome, createRoom, startHome, textsOf, waitOnEngine} from '../helpers/engine.ts';
import {createRandom, type Random} from '../helpers/random.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {checkFiles} from './crash-invariants.ts';
import {startFaultProxy, type Fault, type Outcome} from './fault-proxy.ts';
import {messagesOnServer} from './server-events.ts';

const total = Number(process.env['MX_FAULTY_SENDS'] ?? 500);
const seed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));
/** Of the requests that carry a message, how many are spoiled. */
const share = 0.2;
const roomCount = Math.min(100, Math.ceil(total / 20));
/** Every n-th room is encrypted. */
const encryptedEvery = 5;
/** Milliseconds after which mx gives a request up, instead of 30 s; the stalled ones are held much longer. */
const deadline = 1000;
const stall = 10_000;
/** Milliseconds for one message, on a machine that is busy with other things. */
const patience = 300;

/** What the client sees instead of the answer, dealt in turn; a 429 makes the whole account wait for a second, so it is there once. */
const kinds: Readonly<Record<string, () => Promise<Outcome> | Outcome>> = {
	lost: () => 'lost',
	'502 with a web page': () => ({
		status: 502,
		body: '<html><h1>Bad Gateway</h1></html>',
		headers: {'content-type': 'text/html'},
	}),
	'the page of a network': () => ({
		status: 200,
		body: '<html>Sign in to the hotel</html>',
		headers: {'content-type': 'text/html'},
	}),
	500: () => ({status: 500, body: '{"errcode":"M_UNKNOWN"}'}),
	'half of the JSON': () => ({status: 200, body: '{"event_id":"$cut-o'}),
	'nothing at all': () => ({status: 200, body: ''}),
	'an empty object': () => ({status: 200, body: '{}'}),
	'a stalled one': async () => sleep(stall, 'lost'),
};
const spoiled = [...Object.keys(kinds), ...Object.keys(kinds), 'a rate limit'];
const rateLimit: Outcome = {status: 429, body: '{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":20}'};

const requestLimits = ({pathname}: URL) => (pathname.includes('/send/') ? {deadline, idle: deadline} : {});

const isSend = ({method, path}: {readonly method: string; readonly path: string}): boolean =>
	method === 'PUT' && path.includes('/send/');

type Spoiling = {readonly fault: Fault; /** How often each kind came. */ readonly counts: ReadonlyMap<string, number>};

/** Spoils the answer of every fifth message; every second of each kind has reached the server. */
const createSpoiling = (random: Random): Spoiling => {
	const counts = new Map(spoiled.map(kind => [kind, 0]));
	let dealt = 0;
	const fault: Fault = async (request, forward) => {
		if (!isSend(request) || !random.chance(share)) return undefined;
		const kind = spoiled[dealt++ % spoiled.length] ?? '';
		const count = (counts.get(kind) ?? 0) + 1;
		counts.set(kind, count);
		if (count % 2 === 0) await forward();
		return kinds[kind]?.() ?? rateLimit;
	};
	return {fault, counts};
};

test(
	`${total} messages arrive exactly once and in order although every fifth request fails (MX_CRASH_SEED=${seed})`,
	await needsServers(),
	async t => {
		const random = createRandom(seed);
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const home = await createHome(server, {url: proxy.url});
		const rooms = await Promise.all(
			Array.from({length: roomCount}, (_, index) =>
				createRoom(server, home.account, {isEncrypted: index % encryptedEvery === 0}),
			),
		);
		const engine = await startHome(t, home, {isNew: true, requestLimits});
		const {fault, counts} = createSpoiling(random);
		proxy.setFault(fault);

		const expected = new Map(rooms.map(room => [room, [] as string[]]));
		for (let count = 0; count < total; count++) {
			const room = rooms[count % rooms.length] ?? '';
			const body = `message ${count}`;
			await engine.session.send({to: room, content: {msgtype: 'm.text', body}, isWaiting: false, timeout: 0});
			expected.get(room)?.push(body);
		}
		for (const [room, texts] of expected) {
			let found: readonly string[] = [];
			await waitOnEngine(
				engine,
				async () => {
					const {waiting} = await engine.session.read({room, count: 1});
					found = await textsOf(engine, room);
					return waiting.length === 0 && isDeepStrictEqual(found, texts) ? true : undefined;
				},
				{what: () => `${texts.length} messages in ${room}; it has ${found.join()}`, timeout: 30_000 + total * patience},
			);
		}

		const access = {url: server.url, accessToken: home.account.accessToken};
		const transactions = new Set<string>();
		for (const [index, [room, texts]] of [...expected].entries()) {
			const events = await messagesOnServer(access, room, home.account.userId);
			assert.equal(events.length, texts.length);
			for (const event of events) transactions.add(asString(asObject(event['unsigned'])['transaction_id']) ?? '');
			if (index % encryptedEvery === 0) assert.ok(events.every(event => event['type'] === 'm.room.encrypted'));
			else {
				assert.deepEqual(
					events.map(event => asString(asObject(event['content'])['body'])),
					texts,
				);
			}
		}
		assert.equal(transactions.size, total);
		await engine.stop();
		checkFiles(home);
		const requests = proxy.requests.filter(line => isSend({method: 'PUT', path: line})).length;
		const told = [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ');
		assert.ok(
			[...counts.values()].every(count => count >= 2),
			`not every fault came before and after the server had the message: ${told}`,
		);
		t.diagnostic(`${requests} requests, spoiled: ${told}`);
	},
);
