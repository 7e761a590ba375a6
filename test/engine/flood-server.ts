/** A homeserver on loopback that makes up a busy account: many rooms, messages of every kind, as many as a test asks for. */
import type {ServerResponse} from 'node:http';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import type {Random} from '../helpers/random.ts';
import type {Owner} from '../helpers/synapse.ts';
import {startFaultyServer} from '../matrix/faulty-server.ts';
import {usualAnswers} from '../matrix/scripted-server.ts';
import {edit, member, message, ownUser, reaction, redaction, state} from '../store/account-fixture.ts';

export type FloodServer = {
	readonly url: string;
	/**
	 * Messages and the like, in the next responses of /sync; resolves when the client has asked for more than those.
	 * @param isEven whether all rooms get their share; else most is in some
	 */
	readonly flood: (count: number, isEven?: boolean) => Promise<void>;
};

const roomCount = 150;
/** Rooms that have most of the news: the SDK holds them all the time. */
const hotCount = 40;
/** Events in a response. */
const batch = 25;
/** Every n-th room is encrypted, and its keys never come: what waits for them must not add up. */
const encryptedEvery = 2;
const anna = '@anna:example.org';

const roomIdOf = (index: number): string => `!flood${index}:example.org`;
const isEncrypted = (index: number): boolean => index % encryptedEvery === 0;

const firstRoom = (index: number): JsonObject => ({
	state: {
		events: [
			state('m.room.create', {room_version: '11'}),
			member(ownUser, 'join'),
			member(anna, 'join'),
			...(isEncrypted(index) ? [state('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2'})] : []),
		],
	},
	timeline: {events: [], limited: false, prev_batch: 'p0'},
});

const undecryptable = (random: Random): JsonObject =>
	message('', {
		type: 'm.room.encrypted',
		content: {
			algorithm: 'm.megolm.v1.aes-sha2',
			session_id: `session${random.below(1000)}`,
			sender_key: 'a'.repeat(43),
			device_id: 'ANNA',
			ciphertext: 'A'.repeat(200),
		},
	});

const words = (random: Random): string => `message ${random.below(1e6)} `.repeat(1 + random.below(8));

/** Events of one room, some of which refer to earlier ones. */
const eventsOf = (random: Random, index: number, count: number): readonly JsonObject[] => {
	const events: JsonObject[] = [];
	while (events.length < count) {
		const earlier = events.length === 0 ? undefined : random.pick(events);
		if (isEncrypted(index) && random.chance(0.8)) events.push(undecryptable(random));
		else if (earlier?.['type'] !== 'm.room.message' || random.chance(0.7)) events.push(message(words(random)));
		else events.push(random.pick([edit(earlier, words(random)), reaction(earlier, '+1', anna), redaction(earlier)]));
	}
	return events;
};

const newsOf = (random: Random, index: number, count: number): JsonObject => {
	const events = eventsOf(random, index, count);
	const last = asString(events.at(-1)?.['event_id']) ?? '';
	return {
		timeline: {events, limited: false, prev_batch: 'p1'},
		ephemeral: {
			events: [
				{type: 'm.typing', content: {user_ids: random.chance(0.5) ? [anna] : []}},
				{type: 'm.receipt', content: {[last]: {'m.read': {[anna]: {ts: random.below(1e9)}}}}},
			],
		},
		unread_notifications: {notification_count: random.below(9), highlight_count: 0},
	};
};

/** A few rooms with many messages, or many rooms with one: the SDK is told of the former only. */
const batchOf = (random: Random, isEven: boolean): JsonObject => {
	const isWide = random.chance(0.2);
	const count = isWide ? batch * 2 : 1 + random.below(5);
	const among = isWide || isEven || random.chance(0.1) ? roomCount : hotCount;
	const first = random.below(among);
	const rooms = Array.from({length: count}, (_, offset) => (first + offset * 7) % among);
	const join = Object.fromEntries(
		rooms.map(index => [roomIdOf(index), newsOf(random, index, isWide ? 1 : Math.ceil(batch / count))]),
	);
	return {rooms: {join}};
};

const firstBatch = (): JsonObject => ({
	rooms: {join: Object.fromEntries(Array.from({length: roomCount}, (_, index) => [roomIdOf(index), firstRoom(index)]))},
});

/** Starts it; it ends when its owner does. */
export const startFloodServer = async (owner: Owner, random: Random): Promise<FloodServer> => {
	let syncCount = 0;
	let left = 0;
	let isAmongAll = false;
	let open: ServerResponse | undefined;
	let drained = Promise.withResolvers<void>();

	const reply = (response: ServerResponse, body: unknown): void => {
		response.writeHead(200, {'content-type': 'application/json'});
		response.end(JSON.stringify(body));
	};
	const answerSync = (response: ServerResponse): void => {
		if (syncCount > 0 && left <= 0) {
			open = response;
			drained.resolve();
			return;
		}
		const body = syncCount === 0 ? firstBatch() : batchOf(random, isAmongAll);
		if (syncCount > 0) left -= batch;
		syncCount += 1;
		reply(response, {
			next_batch: `s${syncCount}`,
			device_one_time_keys_count: {signed_curve25519: 50},
			device_unused_fallback_key_types: ['signed_curve25519'],
			...body,
		});
	};

	const url = await startFaultyServer(owner, (request, response) => {
		const [plain = ''] = (request.url ?? '').split('?');
		if (plain.endsWith('/sync')) return answerSync(response);
		const known = Object.entries(usualAnswers).findLast(([end]) => plain.endsWith(end));
		if (known !== undefined) return reply(response, known[1]);
		response.writeHead(404, {'content-type': 'application/json'});
		response.end('{"errcode":"M_NOT_FOUND"}');
	});
	return {
		url,
		async flood(count, isEven = false) {
			left = count;
			isAmongAll = isEven;
			drained = Promise.withResolvers();
			const waiting = open;
			open = undefined;
			if (waiting !== undefined) answerSync(waiting);
			await drained.promise;
		},
	};
};
