/** Reactions leave in the clear, as the specification has it, and take nothing else along. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {sendEvent, type SendPorts} from '../../source/matrix/guarded-send.ts';

test('of a reaction in an encrypted room nothing but the relation leaves', async () => {
	const sent: JsonObject[] = [];
	const putEvent = async (...[, type, , content]: readonly [string, string, string, JsonObject]) => {
		sent.push({type, content});
		return '$reaction';
	};
	const ports: SendPorts = {
		homeserver: {putEvent} as unknown as SendPorts['homeserver'],
		roomEncryption: () => ({isEncrypted: true, isProvisional: false}),
		noteEncrypted: () => assert.fail('nothing is learned of the room'),
		loadEncryption: async () => assert.fail('nothing is encrypted'),
		loadedEncryption: () => undefined,
		isCurrent: () => true,
		saidClear: new Set(),
	};
	const relation = {rel_type: 'm.annotation', event_id: '$of', key: '👍'};
	const content = {body: 'the secret word', 'm.relates_to': {...relation, body: 'the secret word'}};
	await sendEvent(ports, {roomId: '!room:x', type: 'm.reaction', transactionId: 't', content});
	assert.deepEqual(sent, [{type: 'm.reaction', content: {'m.relates_to': relation}}]);
});
