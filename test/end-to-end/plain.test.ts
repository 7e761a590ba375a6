/** `mx --plain` on a real server, through pipes: an invitation, an encrypted talk, what is left when the input ends. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {spawnMxLines} from '../helpers/lines-program.ts';
import {createPeer} from '../helpers/peer.ts';
import {signIn} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

test('two people talk, encrypted, and one of them needs no screen', await needsServers(), async t => {
	const server = await sharedSynapse();
	const anna = await signIn(server);
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	await bob.client.setDisplayName('Bob');
	const roomId = await bob.createRoom({name: 'Lunch', isEncrypted: true, invite: [anna.userId]});
	const mx = spawnMxLines(t, ['--plain'], {home: anna.home, env: {TERM: 'dumb'}});
	await mx.waitFor('an invitation to Lunch');
	await mx.say('/next', 'invites you to Lunch, on Matrix, end-to-end encrypted. /accept joins');
	await mx.say('/accept', 'You are in Lunch');
	await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
	const asked = await bob.sendText(roomId, 'are you coming?');
	await mx.waitFor(/\d\d:\d\d Bob: are you coming\?/);
	mx.type('/reply');
	await mx.waitFor('You answer Bob');
	await mx.say('**yes**', 'you, answering Bob: yes');
	const heard = await bob.waitForText(roomId, '**yes**');
	assert.equal(heard.getWireContent()['algorithm'], 'm.megolm.v1.aes-sha2');
	assert.equal(heard.replyEventId, asked);
	await mx.say('/react 🎉', 'You reacted with 🎉 to Bob at');
	await bob.client.sendEvent(
		roomId,
		'm.reaction' as never,
		{
			'm.relates_to': {rel_type: 'm.annotation', event_id: heard.getId(), key: '🥗'},
		} as never,
	);
	await mx.waitFor('Bob reacted with 🥗 to your message of');
	// The last line is on its way when the input ends; what has no line break is kept.
	mx.type('see you there');
	mx.end('unfinished');
	assert.equal(await mx.ended, 0);
	await bob.waitForText(roomId, 'see you there');
	assert.doesNotMatch(mx.output(), /\u001B/);
	assert.doesNotMatch(mx.output(), /not sent yet/);
	const again = spawnMxLines(t, ['--plain'], {home: anna.home});
	await again.say('/go lunch', 'Written and not sent: unfinished');
	assert.match(again.output(), /you: see you there/);
	await again.say('/send', 'you: unfinished');
	await bob.waitForText(roomId, 'unfinished');
	again.end();
	assert.equal(await again.ended, 0);
});
