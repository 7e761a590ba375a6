import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createDraftStore} from '../../source/store/draft-store.ts';
import {message, openAccountFixture, syncRoom} from './account-fixture.ts';

test('a text that is sent is no draft any more, and other messages leave the draft alone', t => {
	const {apply, outbox, account, reader} = openAccountFixture(t);
	const [{rid} = {rid: 0}] = apply(syncRoom([message('hi')]));
	const drafts = createDraftStore(account);
	const add = (transactionId: string, endsDraft?: boolean) =>
		outbox.add({rid, transactionId, type: 'm.room.message', content: {body: 'half a'}, endsDraft});
	drafts.save(rid, 'half a');
	add('from the shell');
	assert.equal(reader.draft(rid), 'half a');
	add('from the screen', true);
	assert.equal(reader.draft(rid), '');
	// A repeat of the same message, after the answer was lost, ends it too.
	drafts.save(rid, 'half a');
	add('from the screen', true);
	assert.equal(reader.draft(rid), '');
});
