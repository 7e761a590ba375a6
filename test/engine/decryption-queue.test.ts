/** The queue on a real archive, with a decryption that does as the test says. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createDecryptionQueue} from '../../source/engine/decryption-queue.ts';
import type {ArchivedEvent, Decryption} from '../../source/matrix/room-encryption.ts';
import {createUndecryptedStore} from '../../source/store/undecrypted-store.ts';
import {message, openAccountFixture, syncRoom} from '../store/account-fixture.ts';

/** Puts ten encrypted messages through a queue. @returns what is shown of them, what the queue told, what is untried */
const decryptAll = async (t: TestContext, decrypt: (event: ArchivedEvent) => Promise<Decryption>) => {
	const fixture = openAccountFixture(t);
	const store = createUndecryptedStore(fixture.account, fixture.rooms);
	const events = Array.from({length: 10}, (_, index) =>
		message('', {type: 'm.room.encrypted', content: {session_id: 's', ciphertext: String(index)}}),
	);
	const [change] = fixture.apply(syncRoom(events));
	const errors: unknown[] = [];
	const feed = createChangeFeed();
	t.after(() => feed.close());
	const queue = createDecryptionQueue({
		store,
		feed,
		decrypt: () => decrypt,
		onError: error => void errors.push(error),
	});
	queue.add(change?.undecrypted ?? []);
	await queue.idle();
	const shown = fixture.reader
		.timeline({rid: 1, limit: 20})
		.messages.map(row => (row.encryption === 'undecrypted' ? row.undecryptableReason : row.content['body']));
	return {shown, errors, untried: store.untried()};
};

const bodyOf = ({raw}: ArchivedEvent): string => (raw['content'] as {ciphertext: string}).ciphertext;

const clear = (body: string, type: unknown = 'm.room.message'): Decryption => ({
	kind: 'clear',
	type: type as string,
	content: {body},
	shield: undefined,
});

const expected = Array.from({length: 10}, (_, index) => (index === 4 ? 'UNKNOWN_ERROR' : String(index)));

test('a decryption that throws costs its own message, and none of those that were read with it', async t => {
	const bug = new TypeError('a bug');
	const {shown, errors, untried} = await decryptAll(t, async event => {
		if (bodyOf(event) === '4') throw bug;
		return clear(bodyOf(event));
	});
	assert.deepEqual(shown, expected);
	assert.deepEqual(errors, [bug]);
	assert.deepEqual(untried, []);
});

test('a cleartext that cannot be stored costs its own message, and does not end the queue', async t => {
	const {shown, errors, untried} = await decryptAll(t, async event =>
		clear(bodyOf(event), bodyOf(event) === '4' ? null : 'm.room.message'),
	);
	assert.deepEqual(shown, expected);
	assert.equal(errors.length, 1);
	assert.deepEqual(untried, []);
});
