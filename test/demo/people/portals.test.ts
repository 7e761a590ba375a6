/** Rooms of bridges have the state that real bridges write, and no other. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {membershipOf, stateEvent} from '../../../source/demo/homeserver/world.ts';
import {asArray, asObject} from '../../../source/domain/json.ts';
import {contentOf, populateAt, roomOf} from './populated.ts';

const stage = populateAt();

type Portal = {
	readonly room: string;
	readonly bot: string;
	readonly appservice: string;
	readonly protocolId: string;
	readonly receiver: string;
	readonly channelId: string;
	readonly type: '' | 'dm' | 'group_dm';
	readonly network?: string;
};

const signalLogin = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';
const common = {
	signal: {bot: 'signalbot', appservice: 'signal', protocolId: 'signal', receiver: signalLogin},
	whatsapp: {bot: 'whatsappbot', appservice: 'whatsapp', protocolId: 'whatsapp', receiver: '447700900142'},
	messenger: {bot: 'messengerbot', appservice: 'messenger', protocolId: 'facebookgo', receiver: '100000900142'},
	sms: {bot: 'gmessagesbot', appservice: 'gmessages', receiver: 'demo/447700900142'},
	slack: {
		bot: 'slackbot',
		appservice: 'slack',
		protocolId: 'slackgo',
		receiver: 'T02HARBOUR-U01YOU',
		network: 'T02HARBOUR',
	},
} as const;

const portals: readonly Portal[] = [
	{...common.signal, room: 'anna', channelId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427', type: 'dm'},
	{...common.signal, room: 'sunday', channelId: 'c3VuZGF5LXRyaXAtZ3JvdXAtaWQtMDAwMDAwMDAwMQ==', type: 'group_dm'},
	{...common.whatsapp, room: 'samir', channelId: '447700900244@s.whatsapp.net', type: 'dm'},
	{...common.whatsapp, room: 'minka', channelId: '120363000000000001@g.us', type: 'group_dm'},
	{...common.messenger, room: 'bike', channelId: '100000900313', type: 'dm'},
	{...common.sms, room: 'lars', protocolId: 'gmessages-rcs', channelId: '1.17', type: 'dm'},
	{...common.sms, room: 'parcels', protocolId: 'gmessages-sms', channelId: '1.23', type: 'dm'},
	{...common.slack, room: 'general', channelId: 'T02HARBOUR-C0GENERAL', type: ''},
	{...common.slack, room: 'priya', channelId: 'T02HARBOUR-D0PRIYA', type: 'dm'},
];

const ghostShapes: Readonly<Record<string, RegExp>> = {
	signal: /^@signal_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:/,
	whatsapp: /^@whatsapp_(lid-|bot-)?\d+:/,
	messenger: /^@messenger_\d+:/,
	gmessages: /^@gmessages_.+:/,
	slack: /^@slack_[a-z0-9]+-[a-z0-9]+:/,
	'slack-old': /^@slack_[A-Z0-9]+_[A-Z0-9]+:/,
	heisenbridge: /^@hirc_[a-z]+_.+:/,
};

suite('Portals of bridgev2', () => {
	for (const {room: key, bot, appservice, protocolId, receiver, channelId, type, network} of portals) {
		test(`${key} is bridged by ${bot}`, () => {
			const room = roomOf(stage, key);
			const botId = `@${bot}:demo.test`;
			const stateKey = `demo.test/${appservice}`;
			for (const name of ['m.bridge', 'uk.half-shot.bridge']) {
				const event = stateEvent(room, name, stateKey);
				assert.equal(event?.sender, botId);
				const {bridgebot, creator, protocol, channel, network: parent, ...rest} = event.content;
				assert.deepEqual([bridgebot, creator], [botId, botId]);
				assert.equal(asObject(protocol)['id'], protocolId);
				assert.equal(asObject(channel)['id'], channelId);
				assert.equal(asObject(channel)['fi.mau.receiver'], receiver);
				assert.equal(asObject(parent)['id'], network);
				assert.equal(rest['com.beeper.room_type.v2'], type);
				assert.equal(rest['com.beeper.room_type'], type === 'dm' ? 'dm' : undefined);
			}
			assert.equal(stateEvent(room, 'm.room.create')?.sender, botId);
			assert.equal(membershipOf(room, botId), 'join');
			assert.deepEqual(contentOf(room, 'io.element.functional_members'), {service_members: [botId]});
			assert.ok(contentOf(room, 'com.beeper.room_features', stateKey)?.['file']);
		});
	}

	test('you were invited by the bot, to a chat of two as such, and joined', () => {
		for (const {room: key, type} of portals) {
			const member = stateEvent(roomOf(stage, key), 'm.room.member', stage.you.id);
			assert.equal(member?.content['membership'], 'join', key);
			assert.equal(member.replaced?.content['membership'], 'invite', key);
			assert.equal(member.replaced?.content['is_direct'], type === 'dm' ? true : undefined, key);
		}
	});
});

suite('Rooms of bridges that announce nothing', () => {
	for (const key of ['lighthouse', 'pelleDirect', 'driftnet', 'novels'])
		test(`${key} has members, a name and powers, nothing of the bridge`, () => {
			const room = roomOf(stage, key);
			const types = ['m.bridge', 'uk.half-shot.bridge', 'io.element.functional_members', 'com.beeper.room_features'];
			assert.deepEqual(
				types.filter(type => room.state.has(type)),
				[],
			);
			const invitation = stateEvent(room, 'm.room.member', stage.you.id)?.replaced;
			assert.equal(invitation?.content['is_direct'], undefined);
		});

	test('what an IRC ghost says is text and nothing else', () => {
		const said = roomOf(stage, 'lighthouse').timeline.filter(
			({type, sender}) => type === 'm.room.message' && sender.startsWith('@hirc_'),
		);
		assert.ok(said.length >= 200);
		for (const {content} of said) assert.deepEqual(Object.keys(content).toSorted(), ['body', 'msgtype']);
	});
});

suite('Ghosts', () => {
	test('have localparts of the shape of their network', () => {
		for (const [id, {bot, appservice}] of stage.portals) {
			const room = stage.world.rooms.get(id);
			for (const userId of room?.state.get('m.room.member')?.keys() ?? [])
				if (userId !== bot && userId !== stage.you.id) assert.match(userId, ghostShapes[appservice] ?? /^$/);
		}
	});

	test('belong to a bridge as far as the server can tell, and the false one does not', () => {
		const passwordOf = (key: string) => stage.world.users.get(stage.people.get(key) ?? '')?.password;
		assert.equal(passwordOf('signalbot'), undefined);
		assert.equal(passwordOf('anna'), undefined);
		assert.notEqual(passwordOf('fakeSignal'), undefined);
		assert.notEqual(passwordOf('emil'), undefined);
	});
});

suite('Spaces', () => {
	const childrenOf = (key: string): readonly string[] => [
		...(roomOf(stage, key).state.get('m.space.child')?.keys() ?? []),
	];

	test('a login has one with its chats, by the bot', () => {
		const space = roomOf(stage, 'signal-space-0');
		assert.equal(contentOf(space, 'm.room.create')?.['type'], 'm.space');
		const bridge = contentOf(space, 'm.bridge', 'demo.test/signal');
		assert.equal(bridge?.['com.beeper.room_type.v2'], 'personal_filtering_space');
		assert.equal(asObject(bridge['channel'])['id'], '__personal_filtering_space__');
		assert.equal(asObject(bridge['channel'])['fi.mau.receiver'], signalLogin);
		assert.deepEqual(
			childrenOf('signal-space-0'),
			['anna', 'mum', 'sunday', 'request'].map(key => roomOf(stage, key).id),
		);
		assert.deepEqual(childrenOf('signal-space-1'), [roomOf(stage, 'choir').id]);
	});

	test('a team has one with its channels, in that of the login', () => {
		const bridge = contentOf(roomOf(stage, 'slack-team'), 'm.bridge', 'demo.test/slack');
		assert.equal(bridge?.['com.beeper.room_type.v2'], 'space');
		assert.deepEqual(
			childrenOf('slack-team'),
			['general', 'deploys'].map(key => roomOf(stage, key).id),
		);
		assert.deepEqual(
			childrenOf('slack-space-0'),
			['slack-team', 'priya'].map(key => roomOf(stage, key).id),
		);
	});

	test('a community has rooms that anybody can find and join', () => {
		const published = [...stage.world.rooms.values()].filter(({isPublished}) => isPublished).map(({id}) => id);
		for (const key of ['plot', 'seeds', 'shed', 'allotments']) {
			const room = roomOf(stage, key);
			assert.ok(published.includes(room.id), key);
			assert.equal(contentOf(room, 'm.room.join_rules')?.['join_rule'], 'public');
		}
		assert.equal(membershipOf(roomOf(stage, 'seeds'), stage.you.id), 'leave');
		assert.equal(childrenOf('allotments').length, 3);
	});
});

test('a bot’s own room has you and the bot, and no bridge', () => {
	for (const key of ['signal-console', 'gmessages-console', 'heisenbridge-console']) {
		const room = roomOf(stage, key);
		assert.equal(stateEvent(room, 'm.room.create')?.sender, stage.you.id);
		assert.equal(room.state.get('m.room.member')?.size, 2);
		assert.ok(!room.state.has('m.bridge'));
		const direct = asObject(stage.you.accountData.get('m.direct')?.content);
		assert.ok(Object.values(direct).some(rooms => asArray(rooms).includes(room.id)));
	}
});
