/** Whether a room is bridged, to what, and how far to believe it: rooms as bridges make them, and as forgers do. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {detectPortal} from '../../source/bridges/detect.ts';
import type {BotFacts, RoomEvidence} from '../../source/domain/portal.ts';
import {
	me,
	signalBot,
	mum,
	appservice,
	person,
	knowing,
	room,
	bridge,
	mautrixRoom,
	detect,
	signsOf,
} from './sample-portals.ts';

suite('a room of a bridge', () => {
	test('by mautrix is attested once the server or the person says what its bot is, before that inferred', () => {
		const attested = detect(mautrixRoom, knowing({[signalBot]: appservice}));
		assert.deepEqual(attested, {
			protocol: 'signal',
			trust: 'attested',
			kind: 'direct',
			bot: signalBot,
			account: 'abc',
			network: undefined,
			channel: 'c1',
			ownGhost: '@signal_abc:one.test',
			formerly: undefined,
			isRequest: false,
		});
		assert.equal(detect(mautrixRoom)?.trust, 'inferred');
		assert.equal(detect(mautrixRoom, knowing({[signalBot]: person}))?.trust, 'claimed');
	});

	test('by out-of-your-element has only the older event', () => {
		const bot = '@_ooye_bot:one.test';
		const content = {
			bridgebot: bot,
			protocol: {id: 'discord', displayname: 'Discord'},
			network: {id: 'g1', displayname: 'Acme Guild'},
			channel: {id: 'ch', displayname: 'general', external_url: 'https://discord.com/x'},
		};
		const found = detect(
			room({
				creators: [bot, me],
				members: [bot, '@_ooye_anna:one.test'],
				states: [{type: 'uk.half-shot.bridge', stateKey: 'moe.cadence.ooye://discord/g1/ch', sender: bot, content}],
			}),
			knowing({[bot]: appservice}),
		);
		assert.equal(found?.protocol, 'discord');
		assert.equal(found.trust, 'attested');
		assert.deepEqual(found.network, {id: 'g1', name: 'Acme Guild'});
	});

	test('by heisenbridge says nothing: its bot and its ghosts do', () => {
		const bot = '@heisenbridge:one.test';
		const channel = room({
			creators: [bot],
			members: [bot, '@hirc_six_ircjane:one.test'],
			memberCount: 5,
		});
		const known = knowing({[bot]: appservice});
		assert.deepEqual(
			[detect(channel)?.trust, detect(channel, known)?.trust, detect(channel, known)?.kind],
			['inferred', 'attested', 'channel'],
		);
		assert.deepEqual(detect(channel, known)?.network, {id: 'six', name: 'six'});
		const chat = room({creators: [bot], members: [bot, '@hirc_six_ircjane:one.test']});
		assert.equal(detect(chat, known)?.kind, 'direct');
		const console = room({creators: [bot], members: [bot]});
		assert.equal(detect(console, known)?.kind, 'console');
		// Whoever writes to the bot first makes the room.
		assert.equal(detect({...console, creators: [me]}, known)?.kind, 'console');
	});

	test('by heisenbridge is a channel or a chat by its name, also while nobody of it is in the room', () => {
		const bot = '@heisenbridge:one.test';
		const known = knowing({[bot]: appservice});
		const named = (name: string, facts: Partial<RoomEvidence> = {}) => {
			const found = detect(room({creators: [bot], members: [bot], name, ...facts}), known);
			return [found?.trust, found?.kind, found?.network?.name];
		};
		const jane = {members: [bot, '@hirc_six_ircjane:one.test']};
		assert.deepEqual(named('#lab (six)', jane), ['attested', 'channel', 'six']);
		assert.deepEqual(named('#lab (six)'), ['attested', 'channel', 'six']);
		assert.deepEqual(named('ircjane (six)', jane), ['attested', 'direct', 'six']);
		assert.deepEqual(named('#lab (Six)', jane), ['attested', 'channel', 'Six']);
		// Somebody has named it anew.
		assert.deepEqual(named('my lab (old)', jane), ['attested', 'direct', 'six']);
		assert.deepEqual(named('six', {topic: 'Network room for six'}), ['attested', 'console', 'six']);
		// Who is not believed gains nothing by a name.
		const stranger = room({creators: ['@mallory:one.test'], members: [bot], name: '#lab (six)'});
		assert.equal(detect(stranger, known)?.trust, 'announced');
		const invitation = room({membership: 'invite', creators: [], members: [], inviter: bot, name: '#lab (six)'});
		assert.deepEqual(detect(invitation, known)?.network, {id: 'six', name: 'six'});
		assert.equal(detect({...invitation, inviter: '@mallory:one.test'}, known), undefined);
	});

	test('by matrix-appservice-slack: the team is in the names', () => {
		const bot = '@slackbot:one.test';
		const found = detect(
			room({creators: [bot], members: [bot, '@slack_acme_U01:one.test'], memberCount: 40}),
			knowing({[bot]: appservice}),
		);
		assert.deepEqual([found?.protocol, found?.network?.id], ['slack', 'acme']);
	});

	test('by postmoogle is the room of a mailbox; its bot is an ordinary account, which only the person can confirm', () => {
		const bot = '@postmoogle:one.test';
		const mailbox = room({creators: [me], members: [bot]});
		assert.equal(detect(mailbox)?.kind, 'console');
		assert.equal(detect(mailbox, knowing({[bot]: appservice}))?.protocol, 'email');
	});

	test('with a bot and ghosts of names of its own is known by what was learned', () => {
		const bot = '@sig:one.test';
		const learned: BotFacts = {verdict: 'appservice', protocol: 'signal', ghostPrefix: 's_'};
		const evidence = room({creators: [bot], members: [bot, '@s_1:one.test']});
		assert.equal(detect(evidence), undefined);
		assert.equal(detect(evidence, knowing({[bot]: learned}))?.protocol, 'signal');
	});

	test('is known by who made it before its members are', () => {
		const lazy = {...mautrixRoom, members: [mum]};
		const known = knowing({[signalBot]: appservice});
		assert.equal(detect(lazy, known)?.trust, 'attested');
		assert.equal(detect({...lazy, departed: [signalBot]}, known)?.trust, 'claimed');
	});

	test('that is a space holds the rooms of a login', () => {
		const space = room({
			members: [signalBot],
			states: [bridge({'com.beeper.room_type.v2': 'personal_filtering_space'})],
		});
		assert.equal(detect(space, knowing({[signalBot]: appservice}))?.kind, 'account');
	});

	test('that wrote an empty event is bridged no longer', () => {
		const gone = room({
			members: [],
			states: [{type: 'm.bridge', stateKey: 'one.test/signal', sender: signalBot, content: {}}],
		});
		assert.equal(detect(gone, knowing({[signalBot]: appservice})), undefined);
	});

	test('plumbed to two networks, and made by a person, stays where it was', () => {
		const irc = '@appservice-irc:one.test';
		const plumbed = room({
			creators: ['@bob:one.test'],
			members: [signalBot, irc, '@bob:one.test'],
			memberCount: 30,
			states: [
				bridge({}),
				bridge(
					{bridgebot: irc, protocol: {id: 'irc'}, network: {id: 'six', displayname: 'Six'}},
					{sender: irc, stateKey: 'org.matrix.appservice-irc:/six/#lab'},
				),
			],
		});
		const found = detectPortal(plumbed, knowing({[signalBot]: appservice, [irc]: appservice}));
		assert.equal(found.portal?.trust, 'announced');
		assert.ok(found.evidence.some(({sign}) => sign === 'foreign-creator'));
	});

	test('with hooks for GitHub is announced, and by no section', () => {
		const found = detect(
			room({
				creators: ['@bob:one.test'],
				members: ['@hookshot:one.test', '@bob:one.test'],
				states: [
					{
						type: 'uk.half-shot.matrix-hookshot.github.repository',
						stateKey: 'acme/x',
						sender: '@bob:one.test',
						content: {org: 'acme', repo: 'x'},
					},
				],
			}),
		);
		assert.deepEqual([found?.protocol, found?.trust], ['hookshot', 'announced']);
	});

	test('that turns into one of another network is not believed again', () => {
		const before = detect(mautrixRoom, knowing({[signalBot]: appservice}));
		const turned = room({states: [bridge({protocol: {id: 'whatsapp'}})]});
		const knowledge = knowing({[signalBot]: appservice}, {before});
		assert.equal(detect(turned, knowledge)?.trust, 'announced');
		// Nor when it is looked at once more.
		assert.equal(detect(turned, {...knowledge, before: detect(turned, knowledge)})?.trust, 'announced');
		assert.equal(detect(mautrixRoom, {...knowledge, before: detect(turned, knowledge)})?.trust, 'attested');
		assert.ok(signsOf(turned, knowledge).includes('protocol-changed'));
		assert.equal(detect(turned, {...knowledge, override: 'whatsapp'})?.trust, 'attested');
	});

	test('is what it was when the word of the person is taken back, whatever it was and however often it is looked at', () => {
		const known = knowing({[signalBot]: appservice});
		const looked = (evidence: RoomEvidence, words: ReadonlyArray<string | undefined>) => {
			let before = detect(evidence, known);
			for (const override of words) before = detect(evidence, {...known, before, override});
			return [before?.protocol, before?.trust];
		};
		for (const word of ['other:signl', 'whatsapp', 'signal'])
			assert.deepEqual(looked(mautrixRoom, [word, word, undefined, undefined]), ['signal', 'attested'], word);
		assert.deepEqual(looked(mautrixRoom, ['other:signl', 'irc', undefined]), ['signal', 'attested']);
		// What turned into another network meanwhile is not believed.
		const word = detect(mautrixRoom, {...known, before: detect(mautrixRoom, known), override: 'irc'});
		const turned = room({states: [bridge({protocol: {id: 'whatsapp'}})]});
		const meanwhile = detect(turned, {...known, before: word, override: 'irc'});
		assert.equal(detect(turned, {...known, before: meanwhile})?.trust, 'announced');
	});
});
