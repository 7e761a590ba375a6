import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {parseSyncRoom} from '../../source/domain/sync-response.ts';
import {readStoredRoom} from '../../source/store/find-stored-room.ts';
import {message, openAccountFixture, ownUser, roomId} from './account-fixture.ts';

test('rooms are found by id, name and person, and read oldest first', async context => {
	const {apply, reader} = openAccountFixture(context);
	const named = (id: string, name: string) =>
		parseSyncRoom(id, 'join', {
			state: {events: [{type: 'm.room.name', state_key: '', event_id: `$n${id}`, sender: ownUser, content: {name}}]},
			timeline: {events: [message('one'), message('two'), message('three')]},
		});
	apply(named(roomId, 'Family'), named('!other:example.org', 'Twins'), named('!third:example.org', 'Twins'));
	const read = (request: {room: string; count: number; pick?: number}) => readStoredRoom(reader, request);
	const {room, messages} = read({room: 'family', count: 2});
	assert.equal(room.roomId, roomId);
	assert.deepEqual(
		messages.map(({content}) => content['body']),
		['two', 'three'],
	);
	const reasonOf = (address: string) => {
		try {
			read({room: address, count: 1});
			return 'found';
		} catch (error) {
			return error instanceof ExpectedError ? error.report.reason : 'bug';
		}
	};
	assert.equal(reasonOf('!other:example.org'), 'found');
	assert.equal(reasonOf('Twins'), 'ambiguous');
	assert.equal(read({room: 'Twins', count: 1, pick: 2}).messages.length, 1);
	for (const address of ['Nobody', '@anna:example.org', '#no:example.org', '!no:example.org']) {
		assert.equal(reasonOf(address), 'notFound', address);
	}
	await assert.rejects(
		async () => read({room: 'Twins', count: 1, pick: 3}),
		(error: unknown) => {
			assert.ok(error instanceof ExpectedError);
			assert.match(error.report.next ?? '', /--pick 1 to 2/);
			return error.report.candidates?.length === 2;
		},
	);
});
