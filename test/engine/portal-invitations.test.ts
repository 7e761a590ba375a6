/** Accepting the invitations of bridges, on a real store, with a server that the test plays. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate as immediate} from 'node:timers/promises';
import {detectPortal} from '../../source/bridges/detect.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {createPortalInvitations} from '../../source/engine/bridges/portal-invitations.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {member, openAccountFixture, ownUser, state, syncRoom} from '../store/account-fixture.ts';

const bot = '@signalbot:example.org';
const mum = '@signal_mum:example.org';

const invite = (id: string) => {
	const events = [member(bot, 'join'), {...member(ownUser, 'invite'), sender: bot}];
	return syncRoom([], {invite_state: {events}}, {id, category: 'invite'});
};

test('a chat is noted as direct once the server takes it, and who is distrusted meanwhile is not followed', async t => {
	const {account, rooms, reader, apply} = openAccountFixture(t);
	const portals = createPortalStore(account, ownUser);
	const sdk = createSdkStore(account, rooms, ownUser);
	account.write(() => portals.writeBot({userId: bot, verdict: 'appservice', askedAt: 0}, {protocol: 'signal'}));
	const explain = ({rid}: {readonly rid: number}) =>
		detectPortal(portals.evidence(rid), {
			ownUserId: ownUser,
			bots: portals.knownBots(),
			before: portals.portal(rid),
			override: undefined,
		});
	const look = (rids: readonly number[]): void =>
		account.write(() => {
			for (const rid of rids) portals.write(rid, explain({rid}).portal);
		});
	const joined: string[] = [];
	const noted: JsonObject[] = [];
	let isDown = true;
	const invitations = createPortalInvitations({
		userId: ownUser,
		stores: {account, portals, reader, rooms},
		homeserver: {
			accountData: async () => ({}),
			async setAccountData(_user, _type, content) {
				if (isDown) throw new Error('down');
				noted.push(content);
			},
		},
		finder: {
			async join(id) {
				joined.push(id);
				const bridge = {bridgebot: bot, protocol: {id: 'signal'}, channel: {id}, 'com.beeper.room_type': 'dm'};
				const people = [bot, mum, ownUser].map(userId => member(userId, 'join'));
				const made = state('m.room.create', {}, {sender: bot});
				const [change] = apply(
					syncRoom([made, state('m.bridge', bridge, {sender: bot, state_key: id}), ...people], {}, {id}),
				);
				look([change?.rid ?? 0]);
				return id;
			},
		},
		explain,
		isWanted: () => true,
		log: {info: () => undefined},
		signal: new AbortController().signal,
	});
	const done = async (): Promise<void> => {
		for (let round = 0; round < 20; round += 1) await immediate();
	};
	look(apply(invite('!one:x')).map(({rid}) => rid));
	assert.deepEqual(portals.invitations(), ['!one:x']);
	invitations.look();
	await done();
	assert.deepEqual([joined, noted], [['!one:x'], []]);
	isDown = false;
	invitations.look();
	await done();
	assert.deepEqual(noted, [{[mum]: ['!one:x']}]);
	invitations.look();
	await done();
	assert.equal(noted.length, 1, 'it is noted once');

	look(apply(invite('!two:x')).map(({rid}) => rid));
	account.write(() => sdk.setAccountData('chat.mx.bridges', {bots: {[bot]: {is_trusted: false}}}));
	assert.deepEqual(portals.invitations(), ['!two:x'], 'it was not looked at again yet');
	invitations.look();
	await done();
	assert.deepEqual(joined, ['!one:x']);
});
