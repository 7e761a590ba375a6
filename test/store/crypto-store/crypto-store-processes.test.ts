/** The crypto store over the end of processes: nothing acknowledged is lost, and one process has it at a time. */
import assert from 'node:assert/strict';
import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import test, {type TestContext} from 'node:test';
import {openCryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {StoreBusy} from '../../../source/store/open-database.ts';
import {implementationOf, openIndexedDB, resultOf} from './indexed-db-promises.ts';
import {temporaryDirectory} from './temporary-directory.ts';
import {keyOf, reopen} from './test-store.ts';

const writer = new URL('./crypto-store-writer.ts', import.meta.url).pathname;

type Writer = {
	readonly child: ChildProcess;
	/** Numbers of the transactions that the process has told to be complete. */
	readonly acknowledged: number[];
	/** Resolves when there are this many. */
	waitFor(count: number): Promise<void>;
	kill(): Promise<void>;
};

const startWriter = (context: TestContext, file: string): Writer => {
	const child = spawn(process.execPath, ['--import', 'tsx', writer, file], {stdio: ['ignore', 'pipe', 'inherit']});
	context.after(() => child.kill('SIGKILL'));
	const acknowledged: number[] = [];
	const lines = createInterface({input: child.stdout});
	const ended = once(lines, 'close');
	lines.on('line', line => acknowledged.push(Number(line)));
	return {
		child,
		acknowledged,
		waitFor: async count => {
			while (acknowledged.length < count) {
				await Promise.race([once(lines, 'line'), ended]);
				assert.equal(child.exitCode, null, 'the writer has ended by itself');
			}
		},
		kill: async () => {
			child.kill('SIGKILL');
			await ended;
		},
	};
};

test('after kill -9 all that was acknowledged is there, and no transaction by halves', async context => {
	const file = `${temporaryDirectory(context)}/crypto.db`;
	const acknowledged: number[] = [];
	for (const count of [1, 37, 150]) {
		const process = startWriter(context, file);
		await process.waitFor(count);
		await process.kill();
		acknowledged.push(...process.acknowledged);
		const store = reopen(context, file);
		const database = await openIndexedDB(implementationOf(store).factory, {name: 'test'});
		const transaction = database.transaction(['a', 'b']);
		const [first, second] = await Promise.all(
			['a', 'b'].map(name => resultOf(transaction.objectStore(name).getAllKeys())),
		);
		assert.deepEqual(first, second);
		assert.deepEqual(first?.slice(0, acknowledged.length), acknowledged);
		// The process may have been killed between a commit and its acknowledgement.
		assert.ok((first?.length ?? 0) <= acknowledged.length + 1);
		acknowledged.splice(0, acknowledged.length, ...(first as number[]));
		await store.close();
	}
});

test('a second process is refused at once, and gets the store as soon as the first is killed', async context => {
	const file = `${temporaryDirectory(context)}/crypto.db`;
	const process = startWriter(context, file);
	await process.waitFor(1);
	const started = performance.now();
	assert.throws(() => openCryptoStore({file, key: keyOf(1), cipher: 'aegis'}), StoreBusy);
	const milliseconds = performance.now() - started;
	assert.ok(milliseconds < 500, `${milliseconds} ms`);
	await process.kill();
	const store = reopen(context, file);
	assert.equal(store.failed, undefined);
	await store.close();
});
