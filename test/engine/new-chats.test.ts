/** The first messages of a chat that a bridge opens: all of them are unread, whenever the person came into the room. */
import {test} from 'node:test';
import {openSignal} from '../bridge/signal-scene.ts';
import {waitForMessage, waitOnEngine} from '../helpers/engine.ts';
import {needsServers} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';

const needs = isDemo ? {skip: 'the demo takes no bridges from outside'} : await needsServers();

test('all messages of a new chat of a bridge are unread, from the first on', needs, async t => {
	const {signal, engine, me} = await openSignal(t);
	for (const count of [1, 3, 4]) {
		const ghost = await signal.addGhost(`5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c${count}d`, `Emil ${count}`);
		const roomId = await signal.createPortal({
			id: `c${count}`,
			name: `Emil ${count}`,
			ghosts: [ghost],
			invite: [me],
			account: 'abc',
		});
		for (let index = 0; index < count; index += 1) await signal.say(ghost, roomId, `emil ${index}`);
		const unreadCount = async (): Promise<number | undefined> =>
			(await engine.session.rooms({limit: 100})).rooms.find(each => each.roomId === roomId)?.unreadCount;
		await waitForMessage(engine, roomId, `emil ${count - 1}`);
		await waitOnEngine(engine, async () => ((await unreadCount()) === count ? true : undefined), {
			what: () => `${count} unread messages`,
		});
		// Nothing comes on top later: each is counted once.
		await signal.say(ghost, roomId, 'and now?');
		await waitOnEngine(engine, async () => ((await unreadCount()) === count + 1 ? true : undefined), {
			what: () => `${count + 1} unread messages`,
		});
		const {eventId} = await waitForMessage(engine, roomId, 'and now?');
		await engine.session.markRead({roomId, eventId});
		await waitOnEngine(engine, async () => ((await unreadCount()) === 0 ? true : undefined), {
			what: () => 'nothing unread',
		});
		await signal.say(ghost, roomId, 'one more');
		await waitForMessage(engine, roomId, 'one more');
		await waitOnEngine(engine, async () => ((await unreadCount()) === 1 ? true : undefined), {
			what: () => 'one unread message',
		});
	}
});
