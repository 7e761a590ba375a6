/** A machine that slept: the connection of before is dead, and nobody says so. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {waitForMessage} from '../helpers/engine.ts';
import {needsServers} from '../helpers/synapse.ts';
import {hang} from './bad-answers.ts';
import {assertAllThere, countOf, isSync, openScene} from './network-scene.ts';

test(
	'after a sleep of a minute the server is asked anew, without waiting for an answer that cannot come',
	await needsServers(),
	async t => {
		const now = Date.now.bind(Date);
		let slept = 0;
		t.mock.method(Date, 'now', () => now() + slept);
		const scene = await openScene(t);
		const {engine, proxy, roomId} = scene;
		await scene.say('evening');
		await waitForMessage(engine, roomId, 'evening');
		const dead = Promise.withResolvers<void>();
		proxy.setFault(request => {
			if (!isSync(request)) return undefined;
			dead.resolve();
			return hang;
		});
		await scene.say('ends the poll that is out');
		await dead.promise;
		await scene.say('night');
		proxy.setFault(undefined);
		const asked = countOf(scene, '/v3/sync');
		// The clock on the wall went on while everything else stood still. The dead poll itself would be given up after 45 s.
		slept = 60_000;
		await waitForMessage(engine, roomId, 'night');
		assert.ok(countOf(scene, '/v3/sync') > asked);
		assert.ok(!engine.notices.some(notice => notice.kind === 'net' && notice.net.state === 'offline'));
		await assertAllThere(scene, roomId, ['evening', 'ends the poll that is out', 'night']);
	},
);
