/** What was encrypted may be as malformed as anything: the decrypted content of every kind, through the store to the screen. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {eventTemplates} from '../corpus/event-templates.ts';
import {everyMalformed} from '../corpus/malformed-json.ts';
import {owner, targetId} from '../corpus/state-templates.ts';
import {layOutAll} from '../engine/lay-out-all.ts';
import {message, openAccountFixture, syncRoom} from './account-fixture.ts';

type Clear = {readonly type: string; readonly content: JsonObject};

/** Types that a clear event may claim although it is a message. */
const oddTypes = [
	'',
	'__proto__',
	'm.room.redaction',
	'm.room.member',
	'm.room.encryption',
	'm.room.encrypted',
	'\u001b[2J',
];

const malformed = (): readonly Clear[] => {
	const messages = eventTemplates.filter(({place}) => place === 'timeline');
	const contents = messages.flatMap(({event}) =>
		[...everyMalformed(asObject(event['content']))].map(json => ({
			type: asString(event['type']) ?? '',
			content: asObject(JSON.parse(json)),
		})),
	);
	return [...contents, ...oddTypes.map(type => ({type, content: {body: type, redacts: targetId, membership: 'ban'}}))];
};

test('no malformed cleartext costs more than its own message', t => {
	const fixture = openAccountFixture(t);
	const all = malformed().filter(({content}) => JSON.stringify(content).length < 10_000);
	const events = all.map((_clear, index) =>
		message('', {
			event_id: `$encrypted${index}`,
			type: 'm.room.encrypted',
			content: {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's', ciphertext: 'x'},
		}),
	);
	// By somebody else: edits of it do not count.
	const target = message('target', {event_id: targetId, sender: '@bob:example.org'});
	const [change] = fixture.apply(syncRoom([target, ...events, message('witness')]));
	const rows = change?.undecrypted ?? [];
	assert.equal(rows.length, all.length);
	fixture.account.write(() => {
		for (const [index, pk] of rows.entries())
			fixture.rooms.events.decrypted(pk, {...(all[index] as Clear), shield: undefined});
	});
	const {messages} = fixture.reader.timeline({rid: 1, limit: 100_000});
	assert.equal(messages.at(-1)?.content['body'], 'witness');
	// Neither a redaction nor a state event is what was a message on the wire.
	assert.deepEqual([messages[0]?.content['body'], messages[0]?.redactedBy], ['target', undefined]);
	assert.equal(fixture.reader.roomById('!room:example.org')?.isEncrypted, false);
	assert.equal(({} as JsonObject)['polluted'], undefined);
	const shown = layOutAll(fixture.reader, owner);
	assert.ok(all.length > 3000 && shown.messages > 2000, `${all.length} cases, ${shown.messages} shown`);
});
