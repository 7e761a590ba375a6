import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {member, message, openAccountFixture, ownUser, redaction, roomId, state, syncRoom} from './account-fixture.ts';

const open = (t: Parameters<typeof openAccountFixture>[0]) => {
	const fixture = openAccountFixture(t);
	return {...fixture, sdk: createSdkStore(fixture.account, fixture.rooms, ownUser)};
};

test('token and account data are committed together, and direct chats follow', t => {
	const {sdk, apply, reader} = open(t);
	apply(syncRoom([message('hi')]));
	assert.equal(sdk.nextBatch(), undefined);
	sdk.commitSync('s1', [{type: 'm.direct', content: {'@anna:example.org': [roomId]}}]);
	assert.equal(sdk.nextBatch(), 's1');
	assert.equal(reader.directRoom('@anna:example.org')?.roomId, roomId);
	assert.deepEqual(sdk.accountDataOf('m.direct'), {'@anna:example.org': [roomId]});
	sdk.commitSync('s2', [{type: 'm.direct', content: {}}]);
	assert.equal(reader.directRoom('@anna:example.org'), undefined);
});

test('a room for the SDK has its state and the own membership, never that of others', t => {
	const {sdk, apply} = open(t);
	apply(syncRoom([state('m.room.name', {name: 'Talk'}), member(ownUser, 'join'), member('@anna:example.org', 'join')]));
	const room = sdk.room(roomId);
	assert.deepEqual(room?.state.map(event => [event['type'], event['state_key']]).toSorted(), [
		['m.room.member', ownUser],
		['m.room.name', ''],
	]);
	assert.equal(sdk.room('!unknown:x'), undefined);
});

test('an event is answered from the archive, in its own room only, and not when it was redacted', t => {
	const {sdk, apply} = open(t);
	const target = message('hi');
	apply(syncRoom([target]));
	const id = target['event_id'] as string;
	assert.equal(sdk.event(roomId, id)?.['type'], 'm.room.message');
	assert.equal(sdk.event('!other:x', id), undefined);
	apply(syncRoom([redaction(target)]));
	assert.equal(sdk.event(roomId, id), undefined);
});

test('messages to devices are kept in order until they are removed', t => {
	const {sdk} = open(t);
	sdk.addToDeviceBatch('t1', 'm.room_key', '[1]');
	sdk.addToDeviceBatch('t2', 'm.room_key', '[2]');
	const first = sdk.oldestToDeviceBatch();
	assert.equal(first?.transactionId, 't1');
	sdk.removeToDeviceBatch(first?.id ?? 0);
	assert.equal(sdk.oldestToDeviceBatch()?.json, '[2]');
});
