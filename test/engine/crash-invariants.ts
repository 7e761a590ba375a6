/** What must hold after any number of crashes: nothing lost, doubled, out of order or unreadable, and nothing to repair. */
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {asObject, asString} from '../../source/domain/json.ts';
import type {Engine} from '../../source/engine/open-engine.ts';
import {openDatabase, type Database} from '../../source/store/open-database.ts';
import {deriveKeys} from '../../source/store/secrets/derived-keys.ts';
import {textOf, waitOnEngine, type EngineHome} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {eventsOnServer} from './server-events.ts';

export type CheckedRoom = {
	/** Anybody who sees the whole room. */
	readonly access: Access;
	readonly roomId: string;
};

/** Most events of one room that are compared, from the newest. */
const maximumCompared = 10_000;

/** Milliseconds: gaps are filled at a request a second, and the machine may be busy. */
const patience = 90_000;

const compared = <Item>(items: readonly Item[]): readonly Item[] => items.slice(-maximumCompared);

/** The first place where two lists differ, in words; `undefined` if they do not. */
const difference = (stored: readonly string[], server: readonly string[]): string | undefined => {
	const at = server.findIndex((eventId, index) => stored[index] !== eventId);
	if (at === -1 && stored.length === server.length) return undefined;
	const known = new Set(stored);
	const missing = server.filter(eventId => !known.has(eventId)).length;
	return `${stored.length} of ${server.length} events; they differ at ${at}, ${missing} are missing`;
};

/**
 * Waits until the archive has every event of a room once, in the server's order, and every message readable (P2).
 * @param timeout milliseconds
 * @returns the texts of the room's messages, oldest first
 */
export const waitForWholeRoom = async (
	engine: Pick<Engine, 'session' | 'subscribe'>,
	{access, roomId}: CheckedRoom,
	timeout = patience,
): Promise<readonly string[]> => {
	const server = compared((await eventsOnServer(access, roomId)).map(event => asString(event['event_id']) ?? ''));
	let problem: string | undefined;
	return waitOnEngine(
		engine,
		async () => {
			const {messages} = await engine.session.read({room: roomId, count: maximumCompared});
			const texts = messages.filter(message => message.stateKey === undefined).map(textOf);
			problem =
				difference(
					messages.map(message => message.eventId),
					server,
				) ?? texts.find(text => text.startsWith('undecryptable'));
			return problem === undefined ? texts : undefined;
		},
		{what: () => `the whole of ${roomId}: ${problem ?? ''}`, timeout},
	);
};

/**
 * Waits until others can begin a session with the device that this token is of: its keys come before its one-time keys, and who
 * encrypts in between leaves it out.
 */
export const waitForOneTimeKeys = async (access: Access): Promise<void> => {
	const deadline = performance.now() + patience;
	for (;;) {
		const {one_time_key_counts: counts} = await matrixRequest(access, 'POST', '/_matrix/client/v3/keys/upload', {});
		if (Number(asObject(counts)['signed_curve25519'] ?? 0) > 0) return;
		if (performance.now() > deadline) throw new Error('The device has uploaded no one-time keys.');
		await sleep(100);
	}
};

const requireIntact = (database: Database): void => {
	assert.deepEqual(database.prepare('PRAGMA integrity_check').all(), [{integrity_check: 'ok'}]);
};

const withDatabase = (home: EngineHome, which: 'account' | 'crypto', check: (database: Database) => void): void => {
	const keys = deriveKeys(new Uint8Array(Buffer.from(home.masterKey, 'base64')));
	const isAccount = which === 'account';
	const database = openDatabase({
		file: isAccount ? home.files.accountDatabase : home.files.cryptoDatabase,
		key: isAccount ? keys.accountDatabase : keys.cryptoDatabase,
		cipher: home.record.cipher,
		mode: isAccount ? 'owner' : 'exclusive',
		durability: 'normal',
		mustExist: true,
	});
	try {
		check(database);
	} finally {
		database.close();
	}
};

/** What the files of a home that nobody has open still want: nothing (P3). @returns the saved drafts by room id */
export const checkFiles = (home: EngineHome): ReadonlyMap<string, string> => {
	withDatabase(home, 'crypto', requireIntact);
	let drafts: ReadonlyMap<string, string> = new Map();
	withDatabase(home, 'account', database => {
		requireIntact(database);
		const rows = (sql: string) => database.prepare(sql).all() as Array<Record<string, string>>;
		assert.deepEqual(rows(`SELECT id, state, error FROM outbox WHERE state <> 'sent'`), []);
		assert.deepEqual(rows('SELECT * FROM quarantine'), []);
		assert.deepEqual(rows('SELECT event_id FROM event GROUP BY event_id HAVING count(*) > 1'), []);
		const found = rows('SELECT room_id, text FROM draft JOIN room USING(rid)');
		drafts = new Map(found.map(row => [row['room_id'] ?? '', row['text'] ?? '']));
	});
	const names = readdirSync(path.dirname(home.files.accountDatabase));
	assert.deepEqual(
		names.filter(name => name.includes('.bad-')),
		[],
	);
	return drafts;
};
