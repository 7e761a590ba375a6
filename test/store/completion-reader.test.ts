/** Whom and what a text may name, as the store finds it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createCompletionReader} from '../../source/store/completion-reader.ts';
import {createDraftStore} from '../../source/store/draft-store.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {member, message, openAccountFixture, ownUser, syncRoom} from './account-fixture.ts';

const person = (userId: string, displayname: string, membership: 'join' | 'leave' = 'join') =>
	member(userId, membership, {displayname});

test('who spoke lately comes first, who left and oneself never', t => {
	const {account, apply} = openAccountFixture(t);
	apply(
		syncRoom(
			[
				message('one', {sender: '@bob:example.org'}),
				message('two', {sender: '@anna:example.org'}),
				message('three', {sender: '@gone:example.org'}),
				message('four', {sender: ownUser}),
				message('five', {sender: '@bob:example.org'}),
			],
			{
				state: {
					events: [
						person('@anna:example.org', 'Anna'),
						person('@bob:example.org', 'Bob'),
						person('@gone:example.org', 'Gone', 'leave'),
						person('@silent:example.org', 'Bob'),
						person(ownUser, 'Me'),
					],
				},
			},
		),
	);
	const completion = createCompletionReader(account.database, ownUser);
	assert.deepEqual(completion.speakers(1, 10), [
		{userId: '@bob:example.org', displayName: 'Bob', isAmbiguous: true},
		{userId: '@anna:example.org', displayName: 'Anna', isAmbiguous: false},
	]);
	assert.deepEqual(
		completion.speakers(1, 1).map(({userId}) => userId),
		['@bob:example.org'],
	);
	const names = (part: string, limit = 10) => completion.members(1, part, limit).map(({userId}) => userId);
	assert.deepEqual(names('BOB'), ['@bob:example.org', '@silent:example.org']);
	assert.deepEqual(names('silent'), ['@silent:example.org']);
	assert.deepEqual(names('', 2), ['@anna:example.org', '@bob:example.org']);
	// What means something to LIKE is only what it is; a letter beyond ASCII is any: who asks compares again.
	assert.deepEqual(names('%'), []);
	assert.deepEqual(names('b_b'), []);
	assert.deepEqual(names('bób'), ['@bob:example.org', '@silent:example.org']);
	assert.equal(completion.isMember(1, '@anna:example.org'), true);
	assert.equal(completion.isMember(1, '@gone:example.org'), false);
	assert.equal(completion.isMember(1, '@stranger:example.org'), false);
});

test('a draft is kept with whom it names', t => {
	const {account, apply} = openAccountFixture(t);
	apply(syncRoom([message('one')]));
	const drafts = createDraftStore(account);
	const reader = createAccountReader(account.database, ownUser);
	const mentions = [{text: '@Anna', id: '@anna:example.org'}];
	drafts.save(1, 'hi @Anna', mentions);
	assert.deepEqual([reader.draft(1), reader.draftMentions(1)], ['hi @Anna', mentions]);
	drafts.save(1, 'hi');
	assert.deepEqual([reader.draft(1), reader.draftMentions(1)], ['hi', []]);
	drafts.save(1, '');
	assert.deepEqual([reader.draft(1), reader.draftMentions(1)], ['', []]);
});
