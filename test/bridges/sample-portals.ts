/** Rooms as bridges make them, and what is known of their bots. */
import {detectPortal, type BridgeKnowledge} from '../../source/bridges/detect.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import type {BotFacts, BridgeState, Portal, RoomEvidence} from '../../source/domain/portal.ts';

export const me = '@alice:one.test';
export const signalBot = '@signalbot:one.test';
export const mum = '@signal_5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d:one.test';
export const mallory = '@mallory:one.test';
export const appservice: BotFacts = {verdict: 'appservice', protocol: undefined, ghostPrefix: undefined};
export const person: BotFacts = {...appservice, verdict: 'person'};

export const knowing = (
	bots: Readonly<Record<string, BotFacts>> = {},
	more: Partial<BridgeKnowledge> = {},
): BridgeKnowledge => ({
	ownUserId: me,
	bots: new Map(Object.entries(bots)),
	override: undefined,
	before: undefined,
	...more,
});

export const room = (facts: Partial<RoomEvidence>): RoomEvidence => ({
	membership: 'join',
	creators: [signalBot],
	states: [],
	members: [signalBot, mum],
	memberCount: (facts.members ?? [signalBot, mum]).length + 1,
	departed: [],
	inviter: undefined,
	name: undefined,
	topic: undefined,
	...facts,
});

export const bridge = (content: JsonObject, more: Partial<BridgeState> = {}): BridgeState => ({
	type: 'm.bridge',
	stateKey: 'one.test/signal',
	sender: signalBot,
	content: {
		bridgebot: signalBot,
		creator: signalBot,
		protocol: {id: 'signal', displayname: 'Signal'},
		channel: {id: 'c1', displayname: 'Mum', 'fi.mau.receiver': 'abc'},
		...content,
	},
	...more,
});

export const mautrixRoom = room({
	states: [bridge({'com.beeper.room_type.v2': 'dm'}), bridge({}, {type: 'uk.half-shot.bridge'})],
});

export const detect = (evidence: RoomEvidence, knowledge = knowing()): Portal | undefined =>
	detectPortal(evidence, knowledge).portal;

export const signsOf = (evidence: RoomEvidence, knowledge = knowing()): readonly string[] =>
	detectPortal(evidence, knowledge).evidence.map(({sign}) => sign);
