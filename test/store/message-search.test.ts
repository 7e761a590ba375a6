/** Searching the archive by words. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createMessageSearch} from '../../source/store/message-search.ts';
import {edit, message, openAccountFixture, redaction, syncRoom} from './account-fixture.ts';

const openSearch = (t: TestContext, timeline: readonly unknown[]) => {
	const {account, apply} = openAccountFixture(t);
	apply(syncRoom(timeline));
	const search = createMessageSearch(account.database);
	return {found: (words: string, limit = 10) => search({words, limit}).map(({body}) => body)};
};

test('messages with all of the words are found, the newest first, whatever their case and accents', t => {
	const {found} = openSearch(t, [message('Bring the café money'), message('no'), message('MONEY for the Cafe')]);
	assert.deepEqual(found('cafe money'), ['MONEY for the Cafe', 'Bring the café money']);
	assert.deepEqual(found('cafe money', 1), ['MONEY for the Cafe']);
	assert.deepEqual(found('cafe tea'), []);
});

test('an edited message is found by its new words only, a deleted one not at all', t => {
	const first = message('old words');
	const second = message('secret words');
	const {found} = openSearch(t, [first, second, edit(first, 'new words'), redaction(second)]);
	assert.deepEqual(found('words'), ['new words']);
	assert.deepEqual(found('old'), []);
});

test('Chinese words are found inside a sentence, their characters only in this order', t => {
	const {found} = openSearch(t, [message('我们明天去北京吃饭')]);
	assert.deepEqual(found('北京'), ['我们明天去北京吃饭']);
	assert.deepEqual(found('京北'), []);
});

test('nothing that is typed is an operator or an error', t => {
	const {found} = openSearch(t, [message('say "hello" AND not OR body:x*')]);
	for (const words of ['"hello"', 'AND', 'NOT OR', 'body:x', 'x*', 'hello"', "'; --"])
		assert.doesNotThrow(() => found(words), words);
	assert.deepEqual(found('"hello" AND'), ['say "hello" AND not OR body:x*']);
	assert.deepEqual(found('hello OR tea'), []);
	for (const words of ['', '   ', '\0', '!!!', '(', '*', '^', 'NEAR(']) assert.deepEqual(found(words), [], words);
});
