/** What the engine tells is read and drawn in turns, so that keys do not wait for it. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import {createNoticeBatch} from '../../source/ui/notice-batch.ts';
import {createScreenModel} from '../../source/view-models/screen-model.ts';
import {openSampleAccount} from './sample-account.ts';
import {addLunch} from './sample-screen.ts';

/** A real model of an account with a room; what is asked of it is noted. */
const openBatch = (t: TestContext) => {
	const account = openSampleAccount();
	const rid = addLunch(account);
	const model = createScreenModel({
		source: account.reader,
		userId: '@me:one.test',
		now: Date.now,
		size: {columns: 80, rows: 24},
		onError: assert.ifError,
		hints: () => [],
		keyOf: () => '',
		commandHint: () => undefined,
		helpLines: () => [],
	} as unknown as Parameters<typeof createScreenModel>[0]);
	const done: string[] = [];
	const {promise: drawn, resolve} = Promise.withResolvers<undefined>();
	const hooks = {onLists: (): void => undefined};
	const batch = createNoticeBatch({
		...model,
		readLists() {
			done.push('lists');
			model.readLists();
			hooks.onLists();
		},
		readConversation(rids) {
			done.push('conversation');
			model.readConversation(rids);
		},
		update() {
			done.push('draw');
			model.update();
			resolve(undefined);
		},
	});
	t.after(() => {
		batch.dispose();
		account.close();
	});
	return {batch, rid, done, drawn, hooks};
};

test('a key that comes while news are read does not wait until they are drawn', async t => {
	const {batch, rid, done, drawn, hooks} = openBatch(t);
	hooks.onLists = () => {
		// It comes at once, but the list takes its time.
		setTimeout(() => done.push('key'), 0);
		const started = performance.now();
		while (performance.now() - started < 5);
	};
	batch.add({kind: 'changed', rids: [rid], isListChanged: true});
	await drawn;
	assert.deepEqual(done, ['lists', 'key', 'conversation', 'draw']);
});

test('many notices are read and drawn once', async t => {
	const {batch, rid, done, drawn} = openBatch(t);
	for (let count = 0; count < 100; count++) batch.add({kind: 'changed', rids: [rid], isListChanged: true});
	batch.add({kind: 'typing', rid, users: ['@anna:one.test']});
	await drawn;
	assert.deepEqual(done, ['lists', 'conversation', 'draw']);
});

test('nothing is read when the screen was left meanwhile', async t => {
	const {batch, rid, done, hooks} = openBatch(t);
	const {promise: left, resolve} = Promise.withResolvers<undefined>();
	hooks.onLists = () => {
		batch.dispose();
		resolve(undefined);
	};
	batch.add({kind: 'changed', rids: [rid], isListChanged: true});
	await left;
	// As many turns as there would have been.
	for (let turn = 0; turn < 5; turn++) await setImmediate();
	assert.deepEqual(done, ['lists']);
});
