/** Looking at rooms of bridges on a real store: it comes to an end, and what the person said is known to all. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate as immediate} from 'node:timers/promises';
import {createBridgeBots} from '../../source/engine/bridges/bots.ts';
import {createBridgeDetector} from '../../source/engine/bridges/detector.ts';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {member, openAccountFixture, ownUser, roomId, state, syncRoom} from '../store/account-fixture.ts';

const bot = '@chatter:example.org';
const [anna, ben] = ['@zz_anna:example.org', '@zz_ben:example.org'];

/** More rounds than any look takes. */
const manyRounds = 50;

test('a room that the person says is bridged is looked at until its ghosts are known, and no more', async t => {
	const {account, rooms, reader, apply} = openAccountFixture(t);
	const portals = createPortalStore(account, ownUser);
	const sdk = createSdkStore(account, rooms, ownUser);
	const made = state('m.room.create', {}, {sender: bot});
	const bridge = {bridgebot: bot, protocol: {id: 'signal'}, channel: {id: 'c'}};
	const said = state('m.bridge', bridge, {sender: bot, state_key: 'c'});
	const people = [bot, anna, ben, ownUser].map(userId => member(userId, 'join'));
	apply(syncRoom([made, said, ...people]));
	account.write(() => sdk.setAccountData('chat.mx.bridges', {rooms: {[roomId]: 'signal'}}));
	const feed = createChangeFeed();
	t.after(() => feed.close());
	const end = new AbortController();
	t.after(() => end.abort());
	let looks = 0;
	createBridgeDetector({
		userId: ownUser,
		stores: {account, portals, rooms, sdk},
		bridges: {nameOwner: async () => 'nobody'},
		feed,
		log: {info: () => undefined, error: (_area, _text, {error} = {}) => assert.fail(String(error))},
		isLive: false,
		signal: end.signal,
		now: () => 1_700_000_000_000,
		onPortals: () => undefined,
		onLooked: () => void (looks += 1),
	});
	for (let round = 0; round < manyRounds; round += 1) await immediate();
	assert.equal(looks, 2);
	assert.equal(portals.knownBots().get(bot)?.ghostPrefix, 'zz_');
	const botOf = createBridgeBots({portals, reader});
	assert.equal(botOf(roomId, anna), bot, 'nobody has said what the bot is, but how its ghosts are called is known');
	account.write(() => sdk.setAccountData('chat.mx.bridges', {bots: {[bot]: {is_trusted: true, protocol: 'signal'}}}));
	assert.deepEqual(portals.knownBots().get(bot), {verdict: 'appservice', protocol: 'signal', ghostPrefix: 'zz_'});
	assert.equal(botOf(roomId, ben), bot, 'the person’s word takes nothing away');
});

for (const [trust, verdict, expected] of [
	['attested', 'appservice', 'Anna'],
	['inferred', 'unknown', 'Anna (WA)'],
] as const)
	test(`a ghost of a bridge that is ${trust} is called ${expected}, and so is one of whom an old page tells`, async t => {
		const {account, rooms, reader, apply} = openAccountFixture(t);
		const portals = createPortalStore(account, ownUser);
		const [whatsappbot, ghost, gone] = ['@whatsappbot', '@whatsapp_491511', '@whatsapp_491522'].map(
			localpart => `${localpart}:example.org`,
		) as [string, string, string];
		const made = state('m.room.create', {}, {sender: whatsappbot});
		const bridge = {bridgebot: whatsappbot, protocol: {id: 'whatsapp'}, channel: {id: 'c'}};
		const said = state('m.bridge', bridge, {sender: whatsappbot, state_key: 'c'});
		const people = [whatsappbot, ownUser].map(userId => member(userId, 'join'));
		apply(syncRoom([made, said, ...people, member(ghost, 'join', {displayname: 'Anna (WA)'})]));
		account.write(() => portals.writeBot({userId: whatsappbot, verdict, askedAt: 0}));
		const feed = createChangeFeed();
		t.after(() => feed.close());
		const end = new AbortController();
		t.after(() => end.abort());
		const told: number[] = [];
		feed.subscribe(notice => {
			if (notice.kind === 'changed' && notice.rids !== 'all') told.push(...notice.rids);
		});
		createBridgeDetector({
			userId: ownUser,
			stores: {account, portals, rooms, sdk: createSdkStore(account, rooms, ownUser)},
			bridges: {nameOwner: async () => 'nobody'},
			feed,
			log: {info: () => undefined, error: (_area, _text, {error} = {}) => assert.fail(String(error))},
			isLive: false,
			signal: end.signal,
			now: () => 1_700_000_000_000,
			onPortals: () => undefined,
			onLooked: () => undefined,
		});
		for (let round = 0; round < manyRounds; round += 1) await immediate();
		assert.equal(portals.portal(1)?.trust, trust);
		assert.equal(reader.memberName(1, ghost), expected);
		account.write(() => rooms.members.applyHistoric(1, [member(gone, 'leave', {displayname: 'Ben (WA)'})]));
		feed.tell({kind: 'changed', rids: [], isListChanged: false});
		told.length = 0;
		for (let round = 0; round < manyRounds; round += 1) await immediate();
		feed.close();
		assert.equal(reader.memberName(1, gone), trust === 'attested' ? 'Ben' : 'Ben (WA)');
		assert.deepEqual(told, trust === 'attested' ? [1] : [], 'the screen is told of the other name');
	});
