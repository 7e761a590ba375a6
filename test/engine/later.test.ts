/** Messages that are to be sent later, on a real server: kept over a restart, sent when they are due, or before by order. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createHome, createRoom, openArchive, startHome, waitForTexts, sendText} from '../helpers/engine.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {createWaitingReader} from '../../source/store/outbox-store.ts';
import {clearBodies} from './server-events.ts';

const servers = await needsServers();

test('what is to be sent later outlives mx, and arrives when it is due', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const roomId = await createRoom(server, home.account);
	const first = await startHome(t, home, {isNew: true});
	const later = async (body: string, sendAt: number) =>
		first.session.send({to: roomId, content: {msgtype: 'm.text', body}, sendAt, isWaiting: false, timeout: 0});
	assert.equal((await later('soon', Date.now() + 3000)).state, 'scheduled');
	await later('by order', Date.now() + 86_400_000);
	await later('never', Date.now() + 86_400_000);
	await sendText(first, roomId, 'now');
	await first.stop();

	const archive = openArchive(t, home);
	const kept = createWaitingReader(archive.database)();
	archive.close();
	assert.deepEqual(
		kept.map(({content, state}) => [content['body'], state]),
		[
			['soon', 'scheduled'],
			['by order', 'scheduled'],
			['never', 'scheduled'],
		],
	);

	const second = await startHome(t, home);
	await waitForTexts(second, roomId, ['now', 'soon']);
	assert.deepEqual(await second.session.resolveOutbox({id: kept[2]?.id ?? 0, action: 'discard'}), {isDone: true});
	assert.deepEqual(await second.session.resolveOutbox({id: kept[1]?.id ?? 0, action: 'retry'}), {isDone: true});
	await waitForTexts(second, roomId, ['now', 'soon', 'by order']);
	const access = {url: server.url, accessToken: home.account.accessToken};
	assert.deepEqual(await clearBodies(access, roomId, home.account.userId), ['now', 'soon', 'by order']);
});
