/** One process owns an account at a time; others speak to it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {EngineNotice} from '../../source/domain/session.ts';
import {connectSession} from '../../source/instance/socket-client.ts';
import {StoreBusy} from '../../source/store/store-errors.ts';
import {createHome, createRoom, openHome, sendText, startHome, textsOf} from '../helpers/engine.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {startEngineProcess} from './engine-process.ts';
import {clearBodies} from './server-events.ts';

const servers = await needsServers();

test('a second process is refused while the first lives, and let in when it was killed', servers, async t => {
	const home = await createHome(await sharedSynapse());
	const first = startEngineProcess(t, home, {isNew: true});
	await first.opened;
	await assert.rejects(openHome(home), (error: unknown) => error instanceof StoreBusy);
	const second = startEngineProcess(t, home);
	await assert.rejects(second.opened, /"isBusy":true/);
	await first.caughtUp;
	const before = await first.session.status({});
	await first.kill();
	const third = await startHome(t, home);
	assert.deepEqual((await third.session.status({})).deviceKeys, before.deviceKeys);
});

test('a second process sends and reads through the owner, and hears its notices', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const access = {url: server.url, accessToken: home.account.accessToken};
	const roomId = await createRoom(server, home.account, {name: 'Notes'});
	const owner = startEngineProcess(t, home, {isNew: true});
	await owner.caughtUp;
	const connection = await connectSession(home.files);
	assert.ok(connection !== undefined);
	t.after(() => connection.close());
	assert.equal(connection.userId, home.account.userId);
	const notices: EngineNotice[] = [];
	connection.subscribe(notice => void notices.push(notice));
	// What was told before it listened, others have heard.
	await t.waitFor(() =>
		assert.deepEqual(notices.slice(0, 2), [
			{kind: 'changed', rids: 'all', isListChanged: true},
			{kind: 'net', net: {state: 'online'}},
		]),
	);
	await sendText(connection, 'Notes', 'through the socket');
	await t.waitFor(() => assert.ok(notices.some(notice => notice.kind === 'changed' && notice.rids !== 'all')));
	assert.deepEqual(await clearBodies(access, roomId, home.account.userId), ['through the socket']);
	await t.waitFor(async () => assert.deepEqual(await textsOf(connection, roomId), ['through the socket']));
	await assert.rejects(sendText(connection, 'No such room', 'x'), /There is no room named/);
	await owner.kill();
	await connection.closed;
	await assert.rejects(connection.session.status({}), {name: 'ConnectionLost'});
	assert.equal(await connectSession(home.files), undefined);
});
