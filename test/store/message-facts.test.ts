/** What the archive tells about single messages. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import {edit, message, openAccountFixture, ownUser, reaction, redaction, syncRoom} from './account-fixture.ts';

const idOf = (event: JsonObject | undefined): string => asString(event?.['event_id']) ?? '';

test('versions are those of the sender, oldest first, without removed ones', t => {
	const {apply, reader} = openAccountFixture(t);
	const original = message('one');
	const second = edit(original, 'two');
	const removed = edit(original, 'three');
	const stranger = edit(original, 'four', {sender: '@eve:example.org'});
	const [change] = apply(syncRoom([original, second, removed, stranger, redaction(removed)]));
	const {rid = 0} = change ?? {};
	const bodies = reader.about.versions(rid, idOf(original)).map(({content}) => content['body']);
	assert.deepEqual(bodies, ['one', 'two']);
	apply(syncRoom([redaction(original)]));
	assert.deepEqual(reader.about.versions(rid, idOf(original)), []);
	assert.deepEqual(reader.about.versions(rid, '$nothing'), []);
});

test('who reacted is told once for each key, as long as the reaction stands', t => {
	const {apply, reader} = openAccountFixture(t);
	const original = message('one');
	const mine = reaction(original, '👍', ownUser);
	const [change] = apply(
		syncRoom([
			original,
			mine,
			reaction(original, '👍', '@zoe:example.org'),
			reaction(original, '👍', '@zoe:example.org'),
			reaction(original, '🎉', '@zoe:example.org'),
		]),
	);
	const {rid = 0} = change ?? {};
	const eventId = idOf(original);
	const told = () => reader.about.reactors(rid, eventId).map(({key, userId}) => [key, userId]);
	assert.deepEqual(told(), [
		['👍', ownUser],
		['👍', '@zoe:example.org'],
		['🎉', '@zoe:example.org'],
	]);
	assert.deepEqual(reader.about.ownReactions(rid, eventId, '👍'), [mine['event_id']]);
	apply(syncRoom([redaction(mine, {sender: ownUser})]));
	assert.equal(told().length, 2);
	assert.deepEqual(reader.about.ownReactions(rid, eventId, '👍'), []);
});

test('who read a message is who has a receipt at it or behind it, and never its sender', t => {
	const {apply, reader} = openAccountFixture(t);
	const [first, second, third] = [message('one'), message('two'), message('three')];
	const receipt = (event: typeof first, user: string, ts: number) => ({
		[idOf(event)]: {'m.read': {[user]: {ts}}},
	});
	const events = [
		{
			type: 'm.receipt',
			content: {
				...receipt(first, '@early:example.org', 1),
				...receipt(second, '@zoe:example.org', 2),
				...receipt(third, '@anna:example.org', 3),
			},
		},
	];
	const [change] = apply(syncRoom([first, second, third], {ephemeral: {events}}));
	const {rid = 0} = change ?? {};
	const readers = (event: typeof first) => reader.about.readers(rid, idOf(event)).map(({userId}) => userId);
	assert.deepEqual(readers(first), ['@zoe:example.org', '@early:example.org']);
	assert.deepEqual(readers(second), ['@zoe:example.org']);
	assert.deepEqual(readers(third), []);
});
