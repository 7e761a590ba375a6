/** A poll on a real server: asked, voted in by two people, ended; in the clear and encrypted. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {pollContent} from '../../source/commands/poll-content.ts';
import {endContent, pollTypes, voteContent, type PollVotes} from '../../source/domain/poll.ts';
import {acceptInvitation, startEngine, waitOnEngine} from '../helpers/engine.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

const servers = await needsServers();

for (const isEncrypted of [false, true]) {
	test(
		`a poll counts the votes of others and its own ${isEncrypted ? 'encrypted' : 'in the clear'}`,
		servers,
		async t => {
			const server = await sharedSynapse();
			const {engine, home} = await startEngine(t, server);
			const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
			const roomId = await bob.createRoom({isEncrypted, invite: [home.account.userId]});
			await acceptInvitation(engine, roomId);
			await bob.waitForRoom(roomId, joined => joined.getMember(home.account.userId)?.membership === 'join');

			const content = pollContent('red or white? | red | white');
			assert.ok(typeof content === 'object');
			const send = async (type: string, said: typeof content) =>
				engine.session.send({to: roomId, type, content: said, isWaiting: true, timeout: 30_000});
			const {eventId = '', state} = await send(pollTypes.start, content);
			assert.equal(state, 'sent');

			const votes = async (fits: (votes: PollVotes) => boolean) =>
				waitOnEngine(
					engine,
					async () => {
						const {messages} = await engine.session.read({room: roomId, count: 50});
						const found = messages.find(message => message.eventId === eventId)?.votes;
						return found !== undefined && fits(found) ? found : undefined;
					},
					{what: () => 'the votes'},
				);
			await votes(({voters}) => voters === 0);
			await bob.client.sendEvent(roomId, pollTypes.response as never, voteContent(eventId, ['2']) as never);
			await votes(({counts}) => counts['2'] === 1);
			await send(pollTypes.response, voteContent(eventId, ['1']));
			assert.deepEqual((await votes(({voters}) => voters === 2)).own, ['1']);
			await send(pollTypes.response, voteContent(eventId, ['2']));
			const changed = await votes(({own}) => own[0] === '2');
			assert.deepEqual(changed.counts, {1: 0, 2: 2});
			await send(pollTypes.end, endContent(eventId, 'white'));
			await votes(({isEnded}) => isEnded);
			const {messages} = await engine.session.read({room: roomId, count: 50});
			assert.equal(messages.filter(({type}) => type === pollTypes.response).length, 0);
			await assert.rejects(async () => send('m.room.encryption', {}), /are not sent/);
		},
	);
}
