/** The crypto store over the end of processes: nothing acknowledged is lost, and one process has it at a time. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {openCryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {StoreBusy} from '../../../source/store/store-errors.ts';
import {implementationOf, openIndexedDB, resultOf} from './indexed-db-promises.ts';
import {startProcess} from './killed-process.ts';
import {openMachine} from './rust-crypto-machine.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';
import {keyOf, reopen} from './test-store.ts';

const writer = new URL('./crypto-store-writer.ts', import.meta.url);
const sender = new URL('./rust-crypto-sender.ts', import.meta.url);

test('after kill -9 all that was acknowledged is there, and no transaction by halves', async context => {
	const file = `${temporaryDirectory(context)}/crypto.db`;
	let known: number[] = [];
	for (const count of [1, 37, 150]) {
		const process = startProcess(context, writer, file);
		await process.waitFor(count);
		await process.kill();
		const acknowledged = [...known, ...process.lines.map(Number)];
		const store = reopen(context, file);
		const database = await openIndexedDB(implementationOf(store).factory, {name: 'test'});
		const transaction = database.transaction(['a', 'b']);
		const first = await resultOf(transaction.objectStore('a').getAllKeys());
		const second = await resultOf(transaction.objectStore('b').getAllKeys());
		assert.deepEqual(first, second);
		assert.deepEqual(first.slice(0, acknowledged.length), acknowledged);
		// The process may have been killed between a commit and its acknowledgement.
		assert.ok(first.length <= acknowledged.length + 1);
		known = first.map(Number);
		await store.close();
	}
});

test('a second process is refused at once, and gets the store as soon as the first is killed', async context => {
	const file = `${temporaryDirectory(context)}/crypto.db`;
	const process = startProcess(context, writer, file);
	await process.waitFor(1);
	const started = performance.now();
	assert.throws(() => openCryptoStore({file, key: keyOf(1), cipher: 'aegis'}), StoreBusy);
	const milliseconds = performance.now() - started;
	assert.ok(milliseconds < 1000, `${milliseconds} ms`);
	await process.kill();
	const store = reopen(context, file);
	assert.equal(store.failed, undefined);
	await store.close();
});

/** @returns session and index of a Megolm message (libolm's format: version, then the index as a variable-length number) */
const ratchetPosition = (content: {readonly session_id: string; readonly ciphertext: string}): string => {
	const [version, tag, index = 128] = Buffer.from(content.ciphertext, 'base64');
	assert.deepEqual([version, tag], [3, 8]);
	assert.ok(index < 128);
	return `${content.session_id} ${index}`;
};

test('after kill -9 the device is the same, reads all it has sent, and has used no message key twice', async context => {
	const file = `${temporaryDirectory(context)}/crypto.db`;
	const identities = new Set<string>();
	const sent: string[] = [];
	for (const count of [2, 20, 45]) {
		const process = startProcess(context, sender, file);
		await process.waitFor(count);
		await process.kill();
		const [identity = '', ...contents] = process.lines;
		identities.add(identity);
		sent.push(...contents);
		const store = reopen(context, file);
		const machine = await openMachine(store);
		assert.equal(machine.identity, identity);
		for (const content of sent) assert.match(await machine.decrypt(content), /"body":"hello \d+"/);
		machine.close();
		await store.close();
	}
	assert.equal(identities.size, 1);
	const positions = sent.map(content =>
		ratchetPosition(JSON.parse(content) as {session_id: string; ciphertext: string}),
	);
	assert.equal(new Set(positions).size, sent.length);
	assert.ok(sent.length >= 64);
});
