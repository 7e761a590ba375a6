/**
 * Malformed events of every kind in every place, through all of mx: a server on loopback, the gate, the SDK, the stores, the
 * reader and the view models. `MX_FUZZ_CASES` and `MX_FUZZ_SEED` make it longer and other (`npm run test:fuzz`).
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {openAccountReader} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {deriveKeys} from '../../source/store/secrets/derived-keys.ts';
import {createHome} from '../helpers/engine.ts';
import {createRandom} from '../helpers/random.ts';
import {owner} from '../corpus/state-templates.ts';
import {createMalformedAnswers} from './malformed-answers.ts';
import {layOutAll} from './lay-out-all.ts';
import {startAnswering, startLogged} from './answering-server.ts';

const wanted = Number(process.env['MX_FUZZ_CASES'] ?? 50_000);
const seed = Number(process.env['MX_FUZZ_SEED'] ?? 1);

test('no malformed event, of whatever kind and wherever, costs more than itself', async t => {
	const answers = createMalformedAnswers({wanted, random: createRandom(seed)});
	const server = await startAnswering(t, answers.bodies);
	const home = await createHome(
		{url: server.url, serverName: 'example.org', registerUser: assert.fail},
		{
			account: {userId: owner, password: '', deviceId: 'DEVICE', accessToken: 'token'},
		},
	);
	const {engine, troubles} = await startLogged(t, home);
	const key = deriveKeys(new Uint8Array(Buffer.from(home.masterKey, 'base64'))).accountDatabase;
	const database = openAccountReader({file: home.files.accountDatabase, key, cipher: home.record.cipher});
	t.after(() => database.close());
	const witnesses = database.prepare(
		`SELECT event_id FROM event JOIN room ON room.rid = event.rid JOIN chunk ON chunk.chunk = event.chunk
		WHERE room_id = ? AND event_id GLOB '$witness*' ORDER BY chunk_order, position`,
	);
	const seen = new Map<string, string[]>();
	for (const [index, expected] of answers.witnesses.entries()) {
		await server.taken(index);
		assert.deepEqual(troubles(), [], `after answer ${index}`);
		for (const [roomId, ids] of expected) {
			const all = [...(seen.get(roomId) ?? []), ...ids];
			seen.set(roomId, all);
			const rows = witnesses.all(roomId) as ReadonlyArray<{readonly event_id: string}>;
			assert.deepEqual(
				rows.map(row => row.event_id),
				all,
				`the witnesses of ${roomId} after answer ${index}`,
			);
		}
	}
	assert.equal((await engine.session.status({})).net.state, 'online');
	assert.equal(({} as JsonObject)['polluted'], undefined);
	assert.ok(answers.count >= wanted, `${answers.count} cases`);
	const reader = createAccountReader(database, owner);
	const shown = layOutAll(reader, owner);
	assert.ok(shown.rooms > 24 && shown.messages > wanted / 4);
	t.diagnostic(
		`${answers.count} malformed cases in ${answers.bodies.length} answers; ${shown.messages} messages of ${shown.rooms} rooms laid out, ${shown.unreadable} of them unreadable`,
	);
});
