/** Writing what decryption found: whatever came out for one message, the others are written. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createUndecryptedStore, type DecryptionResult} from '../../source/store/undecrypted-store.ts';
import {message, openAccountFixture, ownUser, syncRoom, type AccountFixture} from './account-fixture.ts';

const megolm = {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's', ciphertext: 'x'};

/** An account with three encrypted messages, and what decryption says of them: the middle one is what may not be. */
const prepare = (t: TestContext, type: unknown) => {
	const fixture = openAccountFixture(t);
	const events = ['$a', '$b', '$c'].map(id => message('', {type: 'm.room.encrypted', event_id: id, content: megolm}));
	const [change] = fixture.apply(syncRoom(events));
	const results = (change?.undecrypted ?? []).map((pk, index): DecryptionResult => {
		const content = {body: `text ${index}`};
		const given = (index === 1 ? type : 'm.room.message') as string;
		return {pk, decryption: {kind: 'clear', type: given, content, shield: undefined}};
	});
	return {fixture, results, undecrypted: createUndecryptedStore(fixture.account, fixture.rooms)};
};

const shown = ({reader}: AccountFixture): readonly unknown[] =>
	reader
		.timeline({rid: 1, limit: 10})
		.messages.map(row => (row.encryption === 'undecrypted' ? row.undecryptableReason : row.content['body']));

test('a result that cannot be stored makes its own message undecryptable, and no other', t => {
	for (const type of [null, undefined, {}, []]) {
		const {fixture, results, undecrypted} = prepare(t, type);
		const errors: unknown[] = [];
		undecrypted.write(results, error => void errors.push(error));
		assert.deepEqual(shown(fixture), ['text 0', 'UNKNOWN_ERROR', 'text 2']);
		assert.equal(errors.length, 1);
		assert.deepEqual(undecrypted.untried(), [], 'it is not the first thing that the next start tries');
	}
});

test('a disk that fails is no such result: nothing is written, and the caller hears of it', t => {
	const {fixture, results, undecrypted} = prepare(t, 'm.room.message');
	const {database} = fixture.account;
	const pages = Number(database.pragma('page_count', {simple: true}));
	database.pragma(`max_page_count = ${pages + 1}`);
	const big = results.map(({pk}): DecryptionResult => {
		const content = {body: 'x'.repeat(500_000)};
		return {pk, decryption: {kind: 'clear', type: 'm.room.message', content, shield: undefined}};
	});
	assert.throws(() => undecrypted.write(big, assert.ifError), {name: 'DiskFull'});
	assert.deepEqual(shown(fixture), [undefined, undefined, undefined]);
});

test('of what ghosts said, only what is not known to be of the bridge is checked anew with its bot', t => {
	const {fixture, results, undecrypted} = prepare(t, 'm.room.message');
	const bot = '@signalbot:example.org';
	const shields = [
		{colour: 'red', reason: 'mismatched-sender', bridge: bot},
		{colour: 'red', reason: 'mismatched-sender'},
		{colour: 'grey', reason: 'unsigned-device'},
	] as const;
	const shielded = results.map(({pk}, index): DecryptionResult => {
		const content = {body: 'x'};
		return {pk, decryption: {kind: 'clear', type: 'm.room.message', content, shield: shields[index]}};
	});
	undecrypted.write(shielded, assert.ifError);
	const none = {account: undefined, network: undefined, channel: undefined, ownGhost: undefined, formerly: undefined};
	const portal = {...none, protocol: 'signal', trust: 'attested', kind: 'direct', bot, isRequest: false} as const;
	fixture.account.write(() => createPortalStore(fixture.account, ownUser).write(1, portal));
	assert.deepEqual(undecrypted.shieldedBy([bot]), [results[1]?.pk]);
	assert.deepEqual(
		undecrypted.mismatchedIn([1]),
		[results[1]?.pk, results[0]?.pk],
		'what the room is may have changed',
	);
});
