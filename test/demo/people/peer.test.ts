/** The stock SDK sees the demo as it was meant: rooms, counts, invitations, tags, members, answers. */
import assert from 'node:assert/strict';
import {after, suite, test} from 'node:test';
import {EventType, NotificationCountType} from 'matrix-js-sdk';
import {createPeer} from '../../helpers/peer.ts';
import {homeserverAt} from '../../helpers/synapse.ts';
import {scriptedRoomCount} from '../../../source/demo/people/heavy.ts';
import {roomOf, startQuickDemo} from './populated.ts';

const owner = {after};
const demo = await startQuickDemo(owner);
const {stage} = demo;
const peer = await createPeer(owner, {
	server: homeserverAt(demo.url, demo.serverName),
	name: 'you',
	password: demo.account.password,
});
const {client} = peer;
const idOf = (key: string): string => roomOf(stage, key).id;
const seen = (key: string) => client.getRoom(idOf(key)) ?? assert.fail(`The SDK has no room ${key}`);

suite('The stock SDK, signed in as you,', () => {
	test('has all the rooms, three of them invitations', () => {
		assert.equal(client.getUserId(), demo.account.userId);
		const rooms = client.getRooms();
		assert.equal(rooms.length, scriptedRoomCount());
		const invited = rooms.filter(room => room.getMyMembership() === 'invite').map(({roomId}) => roomId);
		assert.deepEqual(invited.toSorted(), ['request', 'chess', 'stranger'].map(idOf).toSorted());
	});

	test('calls them by their names', () => {
		const names = ['anna', 'sunday', 'lighthouse', 'general', 'samir', 'guide', 'signal-console'].map(
			key => seen(key).name,
		);
		assert.deepEqual(names, [
			'Anna Kowalska',
			'Sunday trip 🥾',
			'#lighthouse (driftnet)',
			'general',
			'سمير (WA)',
			'mx',
			'Signal bridge bot',
		]);
		assert.equal(seen('stranger').name, 'Mum');
	});

	test('counts what is unread, and what mentions you', () => {
		const counts = Object.fromEntries(
			['anna', 'mum', 'general', 'minka', 'deploys', 'family'].map(key => [
				key,
				[NotificationCountType.Total, NotificationCountType.Highlight].map(type =>
					seen(key).getRoomUnreadNotificationCount(type),
				),
			]),
		);
		assert.deepEqual(counts, {
			anna: [2, 0],
			mum: [1, 0],
			general: [3, 1],
			minka: [4, 1],
			deploys: [0, 0],
			family: [0, 0],
		});
		const thread = stage.named.get('general build');
		assert.equal(
			seen('general').getThreadUnreadNotificationCount(thread?.eventId ?? '', NotificationCountType.Total),
			1,
		);
	});

	test('an invitation tells nothing of a bridge', () => {
		assert.equal(seen('request').currentState.getStateEvents('m.bridge').length, 0);
		assert.equal(seen('request').getDMInviter(), stage.people.get('signalbot'));
	});

	test('knows chats of two, favourites and the reader of your message', () => {
		const direct = client.getAccountData(EventType.Direct)?.getContent() ?? {};
		assert.ok(direct[stage.people.get('anna') ?? '']?.includes(idOf('anna')));
		assert.equal(direct[stage.people.get('lotte') ?? ''], undefined);
		assert.ok(seen('anna').tags['m.favourite']);
		const read = stage.named.get('anna olives')?.eventId ?? '';
		assert.equal(seen('anna').getReadReceiptForUserId(stage.people.get('anna') ?? '', true)?.eventId ?? '', read);
	});

	test('gets an answer to what it sends, and joins where it was invited', async () => {
		await peer.sendText(idOf('anna'), 'when do we meet?');
		await peer.waitForText(idOf('anna'), 'the 9:12 from platform 2, bring coffee');
		await peer.join(idOf('chess'));
		await peer.waitForText(idOf('chess'), body => body.startsWith('you came!'));
	});

	test('can go back to the beginning of the busy channel', async () => {
		const room = seen('lighthouse');
		const timeline = room.getLiveTimeline();
		while (await client.paginateEventTimeline(timeline, {backwards: true, limit: 100}));
		assert.equal(timeline.getEvents()[0]?.getType(), 'm.room.create');
		assert.ok(timeline.getEvents().filter(event => event.getType() === 'm.room.message').length > 200);
	});
});
