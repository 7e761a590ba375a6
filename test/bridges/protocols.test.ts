/** The registry of networks, and how the ids that bridges give are read. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {matrixProtocol, normalizeProtocolId, protocolOf, protocols} from '../../source/bridges/protocols.ts';

const ids: ReadonlyArray<readonly [id: string, expected: string | undefined]> = [
	['signal', 'signal'],
	['Signal', 'signal'],
	['signalgo', 'other:signalgo'],
	['whatsapp', 'whatsapp'],
	['facebookgo', 'messenger'],
	['facebook', 'messenger'],
	['meta', 'messenger'],
	['instagramgo', 'instagram'],
	['discordgo', 'discord'],
	['discord', 'discord'],
	['slackgo', 'slack'],
	['slack', 'slack'],
	['twitter', 'x'],
	['gmessages', 'sms'],
	['gmessages-sms', 'sms'],
	['gmessages-rcs', 'sms'],
	['imessagecloud', 'imessage'],
	['github.com/highesttt/matrix-line-messenger', 'line'],
	['github.com/palchrb/matrix-minecraft', 'other:minecraft'],
	['mautrix-telegram', 'telegram'],
	['beeper-linkedin', 'linkedin'],
	['telegram-bridge', 'telegram'],
	['irc/', 'irc'],
	['going', 'other:going'],
	['matrix', 'other:matrix'],
	['', undefined],
	['///', undefined],
	['\u001B[31m', 'other:31m'],
	['\u202E…', undefined],
	['__proto__', 'other:__proto__'],
	['a'.repeat(200), `other:${'a'.repeat(24)}`],
];

/** Bots and ghosts as their bridges make them by default. */
const people: ReadonlyArray<readonly [network: string, bot: string, ghost: string | undefined]> = [
	['signal', 'signalbot', 'signal_5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d'],
	['whatsapp', 'whatsappbot', 'whatsapp_lid-4912345'],
	['telegram', 'telegrambot', 'telegram_12345'],
	['messenger', 'metabot', 'meta_12345'],
	['messenger', 'facebookbot', 'facebook_12345'],
	['instagram', 'instagrambot', 'instagram_12345'],
	['sms', 'gmessagesbot', 'gmessages_1.15551234'],
	['sms', 'smsbot', 'sms_15551234'],
	['gvoice', 'gvoicebot', 'gvoice_1'],
	['imessage', 'imessagebot', 'imessage_a'],
	['discord', 'discordbot', 'discord_12345'],
	['discord', '_ooye_bot', '_ooye_anna'],
	['discord', '_discord_bot', '_discord_12345'],
	['slack', 'slackbot', 'slack_t0123-u0123'],
	['slack', 'slackbot', 'slack_acme_U0123'],
	['irc', 'heisenbridge', 'hirc_six_jane'],
	['irc', 'heisenbridge', 'hbirc_six_jane'],
	['irc', 'appservice-irc', 'irc_jane'],
	['irc', 'oftc-irc', 'irc_jane'],
	['googlechat', 'googlechatbot', 'googlechat_12345'],
	['linkedin', 'linkedinbot', 'linkedin_a'],
	['x', 'twitterbot', 'twitter_12345'],
	['bluesky', 'blueskybot', 'bluesky_a'],
	['zulip', 'zulipbot', 'zulip_a'],
	['line', 'linebot', 'line_a'],
	['email', 'postmoogle', undefined],
	['xmpp', '_xmpp_bot', '_xmpp_jane'],
	['steam', '_steampuppet_bot', '_steampuppet_1_2'],
	['skype', '_skypepuppet_bot', '_skypepuppet_1_2'],
	['wechat', 'wechatbot', '_wechat_a'],
	['hookshot', 'hookshot', '_github_a'],
];

suite('the networks', () => {
	test('are at least 23, each with an id, a label and an alias of its own', () => {
		assert.ok(protocols.length >= 23);
		const all = [matrixProtocol, ...protocols];
		const keys = all.flatMap(({id, aliases}) => [id, ...aliases]);
		assert.equal(new Set(keys).size, keys.length);
		assert.equal(new Set(all.map(({label}) => label)).size, all.length);
		for (const {id, label, colour} of all) {
			assert.equal(label.length, 2, id);
			assert.match(colour, /^#[0-9A-F]{6}$/, id);
		}
	});

	for (const [id, expected] of ids)
		test(`${JSON.stringify(id.slice(0, 50))} is ${expected ?? 'nothing'}`, () =>
			assert.equal(normalizeProtocolId(id), expected));

	for (const [network, bot, ghost] of people)
		test(`${bot} and ${ghost ?? 'nobody'} are of ${network}`, () => {
			const found = protocols.filter(({bots}) => bots?.test(bot)).map(({id}) => id);
			assert.deepEqual(found, [network]);
			if (ghost !== undefined) assert.match(ghost, protocolOf(network).ghosts ?? /^(?!)/);
		});

	test('a bot that is called nearly as one is none', () => {
		for (const name of ['signalbot2', 'xsignalbot', 'signal', 'irc', 'anna'])
			assert.deepEqual(
				protocols.filter(({bots}) => bots?.test(name)).map(({id}) => id),
				[],
				name,
			);
	});

	test('an unknown network is called by its id', () => {
		const {id, name, label} = protocolOf('other:minecraft');
		assert.deepEqual([id, name, label], ['other:minecraft', 'minecraft', 'MI']);
		assert.equal(protocolOf(undefined).name, 'Matrix');
		assert.equal(protocolOf('other:q').label, 'Q·');
	});
});
