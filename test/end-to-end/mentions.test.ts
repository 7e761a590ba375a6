/** Somebody who is named by completion is told so: their client shows a highlight, and nobody else's does. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {NotificationCountType} from 'matrix-js-sdk';
import {createPeer} from '../helpers/peer.ts';
import {enter, joinRoom, openFirstRoom, readBodies, signIn, waitUntil} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

const tab = '\t';

for (const isEncrypted of [false, true]) {
	test(
		`a mention is a highlight at the other side, ${isEncrypted ? 'encrypted' : 'in the clear'}`,
		await needsServers(),
		async t => {
			const server = await sharedSynapse();
			const anna = await signIn(server);
			const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
			const eve = await createPeer(t, {server, name: uniqueName('eve'), isEncrypted: true});
			await bob.client.setDisplayName('Bob the Builder');
			const roomId = await bob.createRoom({name: 'Both', isEncrypted, invite: [anna.userId, eve.userId]});
			await eve.join(roomId);
			await joinRoom(anna, roomId);
			await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
			await bob.sendText(roomId, 'hello everybody');
			const screen = anna.openScreen(t);
			await openFirstRoom(screen);
			await screen.waitFor('hello everybody');
			screen.type('ping @bui');
			await screen.waitFor('Enter takes it');
			screen.press(tab);
			await screen.waitFor('> ping @Bob the Builder');
			screen.press(enter);
			const heard = await bob.waitForText(roomId, body => body.startsWith('ping @Bob'));
			assert.deepEqual(heard.getContent()['m.mentions'], {user_ids: [bob.userId]});
			assert.equal(
				heard.getContent()['formatted_body'],
				`<p>ping <a href="https://matrix.to/#/${bob.userId}">@Bob the Builder</a></p>`,
			);
			assert.equal(bob.client.getPushActionsForEvent(heard)?.tweaks.highlight, true);
			const other = await eve.waitForText(roomId, body => body.startsWith('ping @Bob'));
			assert.notEqual(eve.client.getPushActionsForEvent(other)?.tweaks.highlight, true);
			if (!isEncrypted) {
				await bob.waitForRoom(roomId, room => room.getUnreadNotificationCount(NotificationCountType.Highlight) === 1);
			}
			// Without the power everybody is only a word.
			screen.type('@room dinner');
			await screen.waitFor('@room notifies nobody');
			screen.press(enter);
			const dinner = await bob.waitForText(roomId, '@room dinner');
			assert.deepEqual(dinner.getContent()['m.mentions'], {});
			await waitUntil(async () => assert.ok((await readBodies(anna, roomId)).includes('@room dinner')));
		},
	);
}
