/** What is read for one picture of the screen is of one moment, whatever is written meanwhile. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openAccountReader} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {openAccountFixture, ownUser, syncRoom} from './account-fixture.ts';

test('an edit that arrives between two reads is not missing in both', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([]));
	const database = openAccountReader(fixture.file);
	t.after(() => database.close());
	const reader = createAccountReader(database, ownUser);
	const count = () => reader.roomCount();
	const rename = () => fixture.apply(syncRoom([], {}, {id: '!second:example.org'}));
	reader.atOnce(() => {
		assert.equal(count(), 1);
		rename();
		assert.equal(count(), 1);
		assert.equal(reader.atOnce(count), 1);
	});
	assert.equal(count(), 2);
	// What fails in between leaves nothing open.
	assert.throws(() =>
		reader.atOnce(() => {
			throw new Error('no');
		}),
	);
	assert.equal(database.inTransaction, false);
});
