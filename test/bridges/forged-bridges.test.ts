/** Rooms as forgers make them: never one of a network. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {RoomEvidence} from '../../source/domain/portal.ts';
import {
	signalBot,
	mum,
	mallory,
	appservice,
	person,
	knowing,
	room,
	bridge,
	mautrixRoom,
	detect,
} from './sample-portals.ts';

suite('a forged bridge event never makes a room one of a network', () => {
	const known = knowing({[signalBot]: appservice, '@signalbot2:one.test': person});
	const forgeries: ReadonlyArray<readonly [how: string, evidence: RoomEvidence, trust: string | undefined]> = [
		[
			'in a room of their own, without the bot',
			room({creators: [mallory], members: [mallory], states: [bridge({}, {sender: mallory})]}),
			'claimed',
		],
		[
			'with the real bot invited',
			room({creators: [mallory], members: [mallory, signalBot], states: [bridge({}, {sender: mallory})]}),
			'claimed',
		],
		[
			'by an account that is called nearly as the bot',
			room({
				creators: ['@signalbot2:one.test'],
				members: ['@signalbot2:one.test'],
				states: [bridge({bridgebot: '@signalbot2:one.test'}, {sender: '@signalbot2:one.test'})],
			}),
			'claimed',
		],
		[
			'by an account of that kind of which the server says nothing',
			room({
				creators: ['@signalbot3:one.test'],
				members: ['@signalbot3:one.test'],
				states: [bridge({bridgebot: '@signalbot3:one.test'}, {sender: '@signalbot3:one.test'})],
			}),
			'announced',
		],
		[
			'by a bot of another server',
			room({
				creators: ['@signalbot:evil.test'],
				members: ['@signalbot:evil.test'],
				states: [bridge({bridgebot: '@signalbot:evil.test'}, {sender: '@signalbot:evil.test'})],
			}),
			'announced',
		],
		[
			'with the true bot named, in a room that somebody else made with it',
			room({creators: [mallory], members: [mallory, signalBot], states: [bridge({})]}),
			'announced',
		],
		[
			'by a second creator of the room (version 12)',
			room({creators: [signalBot, mallory], members: [signalBot, mallory], states: [bridge({})]}),
			'announced',
		],
		[
			'by ghosts of another server',
			room({
				creators: ['@heisenbridge:evil.test'],
				members: ['@heisenbridge:evil.test', '@hirc_six_jane:evil.test'],
			}),
			'claimed',
		],
		[
			'with nonsense in it',
			room({creators: [mallory], members: [mallory], states: [bridge({protocol: 5})]}),
			undefined,
		],
	];
	for (const [how, evidence, trust] of forgeries) test(how, () => assert.equal(detect(evidence, known)?.trust, trust));

	test('an invitation of a stranger named Mum is one of Matrix; that of a ghost is one of its network', () => {
		const invitation = room({membership: 'invite', creators: [], members: [], inviter: mallory, states: [bridge({})]});
		assert.equal(detect(invitation, known), undefined);
		assert.equal(detect({...invitation, inviter: mum}, known)?.protocol, 'signal');
		assert.equal(detect({...invitation, inviter: signalBot}, known)?.protocol, 'signal');
		assert.equal(detect({...invitation, inviter: mum.replace('one.test', 'evil.test')}, known), undefined);
		// Without proof, a name is only a name.
		assert.equal(detect({...invitation, inviter: mum}), undefined);
	});

	test('the person has the last word', () => {
		assert.equal(detect(mautrixRoom, {...known, override: 'matrix'}), undefined);
		const plain = room({creators: ['@bob:one.test'], members: ['@bob:one.test']});
		assert.equal(detect(plain, known), undefined);
		assert.deepEqual(
			[detect(plain, {...known, override: 'irc'})?.protocol, detect(plain, {...known, override: 'irc'})?.trust],
			['irc', 'attested'],
		);
	});
});
