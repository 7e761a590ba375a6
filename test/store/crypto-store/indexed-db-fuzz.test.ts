/** The same random programs on fake-indexeddb, the reference, and on the crypto store. MX_FUZZ_PROGRAMS sets how many. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {IDBFactory as ReferenceFactory, IDBKeyRange as ReferenceKeyRange} from 'fake-indexeddb';
import {prepare} from '../../../source/store/bind.ts';
import {createCryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {openDatabase} from '../../../source/store/open-database.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';
import {implementationOf, resultOf} from './indexed-db-promises.ts';
import {createRandom} from '../../helpers/random.ts';
import {randomProgram, runProgram} from './indexed-db-programs.ts';

const programCount = Number(process.env.MX_FUZZ_PROGRAMS ?? 300);
const firstSeed = Number(process.env.MX_FUZZ_SEED ?? 1);

const entriesWithoutRecord = `SELECT count(*) AS count FROM idb_entry e
	LEFT JOIN idb_index i ON i.id = e.index_id
	LEFT JOIN idb_record r ON r.key = e.primary_key AND r.store_id = i.store_id
	WHERE r.key IS NULL`;
const recordsWithoutStore = `SELECT count(*) AS count FROM idb_record r
	LEFT JOIN idb_store s ON s.id = r.store_id WHERE s.id IS NULL`;

test('behaves as fake-indexeddb does, and leaves no stray rows', async context => {
	const directory = temporaryDirectory(context);
	const database = openDatabase({
		file: `${directory}/fuzz.db`,
		key: new Uint8Array(32),
		cipher: 'aegis',
		mode: 'owner',
		durability: 'normal',
	});
	for (let seed = firstSeed; seed < firstSeed + programCount; seed++) {
		const program = randomProgram(createRandom(seed));
		const reference = {factory: new ReferenceFactory(), KeyRange: ReferenceKeyRange};
		const expected = await runProgram(reference, program);
		// Without a slice every event takes a turn of the event loop.
		const store = createCryptoStore(database, {file: 'fuzz.db', sliceMilliseconds: seed % 2 === 0 ? 4 : 0});
		const own = implementationOf(store);
		const run = async () => runProgram(own, program);
		// Kept together or not, what a program sees is the same.
		const seen = await (seed % 3 === 0 ? store.together(run) : run());
		assert.deepEqual(seen, expected, `MX_FUZZ_SEED=${seed} MX_FUZZ_PROGRAMS=1`);
		assert.equal(prepare(database, entriesWithoutRecord).get()?.count, 0, `stray index entries, seed ${seed}`);
		assert.equal(prepare(database, recordsWithoutStore).get()?.count, 0, `stray records, seed ${seed}`);
		await resultOf(own.factory.deleteDatabase('fuzz'));
	}
	database.close();
});
