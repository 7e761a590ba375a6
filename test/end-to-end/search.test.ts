/** Searching from the shell, without a running mx and beside one: the same messages. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asArray, asObject, asString} from '../../source/domain/json.ts';
import {signIn} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';

const servers = await needsServers();

test('mx search finds what was said, also in encrypted rooms, and tells by its exit code', servers, async t => {
	const anna = await signIn(await sharedSynapse());
	const name = uniqueName('Garden');
	const encryption = {type: 'm.room.encryption', state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}};
	const {room_id: roomId} = await matrixRequest(anna.access, 'POST', '/_matrix/client/v3/createRoom', {
		name,
		initial_state: [encryption],
	});
	const screen = anna.openScreen(t);
	await screen.waitFor(` ${name} `);
	const sent = await anna.run(['send', asString(roomId) ?? '', 'the tomatoes are ripe']);
	assert.equal(sent.code, 0, sent.stderr);
	const find = async () => anna.runJson(['search', 'tomato* from:me', `in:"${name}"`]);
	const beside = await find();
	screen.type('/quit\r');
	await screen.ended;
	const alone = await find();
	for (const document of [beside, alone]) {
		const [found, ...others] = asArray(document['messages']).map(asObject);
		assert.deepEqual([found?.['body'], found?.['room_name'], others.length], ['the tomatoes are ripe', name, 0]);
	}
	assert.deepEqual(beside['messages'], alone['messages']);
	assert.equal((await anna.run(['search', '--exit-status', 'potatoes'])).code, 1);
	assert.equal((await anna.run(['search', 'form:me'])).code, 2);
	assert.equal((await anna.run(['search', 'in:nowhere'])).code, 5);
});
