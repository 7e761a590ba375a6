/**
 * Whether a room is bridged, to what, and how far to believe it. Anybody may write bridge events into a room of their own, or
 * register a free name such as `signalbot`: a room counts as bridged when a bot made it that the own homeserver knows as an
 * appservice, or that the person trusts. Pure, over what is stored of the room.
 */
import {parseUserId} from '../domain/identifiers.ts';
import {asObject, asString, type JsonObject} from '../domain/json.ts';
import type {
	BotFacts,
	BridgeEvidence,
	BridgeSign,
	BridgeState,
	BridgeTrust,
	Detection,
	Portal,
	PortalKind,
	PortalNetwork,
	RoomEvidence,
} from '../domain/portal.ts';
import {besideWord, formerNetwork} from './former-network.ts';
import {normalizeProtocolId, protocolOf, protocols, type Protocol} from './protocols.ts';

export type BridgeKnowledge = {
	readonly ownUserId: string;
	/** By user id. */
	readonly bots: ReadonlyMap<string, BotFacts>;
	/** What the person said of this room: a protocol, or `matrix`. */
	readonly override: string | undefined;
	/** What the room was before. */
	readonly before: Portal | undefined;
};

/** Where a room belongs by its name. */
type NamedPlace = {readonly kind: PortalKind; readonly network: PortalNetwork};

const emptyPortal: Omit<Portal, 'protocol' | 'trust'> = {
	kind: 'channel',
	bot: undefined,
	account: undefined,
	network: undefined,
	channel: undefined,
	ownGhost: undefined,
	formerly: undefined,
	isRequest: false,
};

const sign = (name: BridgeSign, detail: string): BridgeEvidence => ({sign: name, detail});

const serverOf = (userId: string): string => parseUserId(userId)?.serverName ?? '';
const localpartOf = (userId: string): string => parseUserId(userId)?.localpart ?? '';

/** @returns the network whose bots are called so by default. */
const networkOfBot = (bot: string): Protocol | undefined =>
	protocols.find(({bots}) => bots?.test(localpartOf(bot)) === true);

const networkOf = (bot: string, facts: BotFacts | undefined): Protocol | undefined =>
	facts?.protocol === undefined ? networkOfBot(bot) : protocolOf(facts.protocol);

/** @returns whether somebody is a ghost of a bot: on its server, and called as its ghosts are. */
export const isGhostOf = (
	userId: string,
	bot: string,
	network: Protocol | undefined,
	facts: BotFacts | undefined,
): boolean => {
	if (userId === bot || serverOf(userId) !== serverOf(bot)) return false;
	const localpart = localpartOf(userId);
	if (facts?.ghostPrefix !== undefined) return localpart.startsWith(facts.ghostPrefix);
	return network?.ghosts?.test(localpart) === true;
};

/** @returns whether somebody is surely a ghost: of the bridge of a room, which is attested. */
export const isSureGhost = (
	userId: string,
	portal: Portal | undefined,
	bots: ReadonlyMap<string, BotFacts>,
): boolean => {
	if (portal?.trust !== 'attested' || portal.bot === undefined) return false;
	return isGhostOf(userId, portal.bot, protocolOf(portal.protocol), bots.get(portal.bot));
};

/** Members come lazily: who made a room and is not known to have left is taken to be there. */
const isThere = ({members, creators, departed}: RoomEvidence, userId: string): boolean =>
	members.includes(userId) || (creators.includes(userId) && !departed.includes(userId));

type Judgement = {readonly trust: BridgeTrust; readonly evidence: readonly BridgeEvidence[]};

/** A bot that made the room: how far is it what it says? */
const judgeBot = (bot: string, network: string, knowledge: BridgeKnowledge): Judgement => {
	const facts = knowledge.bots.get(bot);
	if (facts?.verdict === 'appservice') return {trust: 'attested', evidence: [sign('bot-confirmed', bot)]};
	if (facts?.verdict === 'person') return {trust: 'claimed', evidence: [sign('bot-is-person', bot)]};
	if (serverOf(bot) !== serverOf(knowledge.ownUserId)) return {trust: 'announced', evidence: [sign('remote-bot', bot)]};
	const isDefault = networkOfBot(bot)?.id === network;
	return isDefault
		? {trust: 'inferred', evidence: [sign('bot-name', bot)]}
		: {trust: 'announced', evidence: [sign('bot-unconfirmed', bot)]};
};

/** @returns what speaks against the bot having made the room */
const judgeCreators = (
	room: RoomEvidence,
	{bot, isGhost, ownUserId}: {bot: string; isGhost: (userId: string) => boolean; ownUserId: string},
): BridgeEvidence | undefined => {
	const [first] = room.creators;
	// Whoever made the room writes its events: the account itself may only have helped (room version 12).
	if (first !== bot && !(first !== undefined && isGhost(first))) return sign('foreign-creator', first ?? '');
	const stranger = room.creators.find(each => each !== bot && each !== ownUserId && !isGhost(each));
	return stranger === undefined ? undefined : sign('foreign-creator', stranger);
};

const kindOfType = (content: JsonObject): PortalKind | undefined => {
	switch (content['com.beeper.room_type.v2'] ?? content['com.beeper.room_type']) {
		case 'dm':
			return 'direct';
		case 'group_dm':
			return 'group';
		case 'space':
			return 'space';
		case 'personal_filtering_space':
			return 'account';
		case '':
			return 'channel';
		default:
			return undefined;
	}
};

/** You, the bot, and nobody but one ghost. */
const kindOfMembers = (room: RoomEvidence, bot: string, isGhost: (userId: string) => boolean): PortalKind => {
	const others = room.members.filter(userId => userId !== bot);
	return room.memberCount <= 3 && others.length === 1 && others.every(isGhost) ? 'direct' : 'channel';
};

const networkOfState = (content: JsonObject): PortalNetwork | undefined => {
	const {id, displayname} = asObject(content['network']);
	const networkId = asString(id);
	return networkId === undefined ? undefined : {id: networkId, name: asString(displayname) ?? networkId};
};

const isBridgeState = ({type}: BridgeState): boolean => type === 'm.bridge' || type === 'uk.half-shot.bridge';

/** Both names of the event say the same: with the same key, the newer name counts. A bridge that has gone leaves it empty. */
const currentStates = (room: RoomEvidence): readonly BridgeState[] => {
	const all = room.states.filter(state => isBridgeState(state) && Object.keys(state.content).length > 0);
	return all.filter(
		state =>
			state.type === 'm.bridge' || !all.some(other => other.type === 'm.bridge' && other.stateKey === state.stateKey),
	);
};

/** What one bridge event makes of the room. */
const detectByState = (
	room: RoomEvidence,
	{stateKey, sender, content}: BridgeState,
	knowledge: BridgeKnowledge,
): Detection | undefined => {
	const bot = asString(content['bridgebot']) ?? sender;
	const id = normalizeProtocolId(asString(asObject(content['protocol'])['id']) ?? '');
	if (id === undefined) return undefined;
	const facts = knowledge.bots.get(bot);
	const network = protocolOf(facts?.protocol ?? id);
	const isGhost = (userId: string): boolean => isGhostOf(userId, bot, network, facts);
	const channel = asObject(content['channel']);
	const account = asString(channel['fi.mau.receiver']);
	const make = (trust: BridgeTrust): Portal => ({
		...emptyPortal,
		protocol: network.id,
		trust,
		kind: kindOfType(content) ?? kindOfMembers(room, bot, isGhost),
		bot,
		account,
		network: networkOfState(content),
		channel: asString(channel['id']),
		ownGhost:
			account === undefined || network.ownGhost === undefined
				? undefined
				: `@${network.ownGhost(account)}:${serverOf(bot)}`,
		isRequest: channel['com.beeper.message_request'] === true,
	});
	const said = sign('bridge-state', `${network.name}: ${sender}, ${stateKey}`);
	if (!isThere(room, bot)) return {portal: make('claimed'), evidence: [said, sign('no-bot', bot)]};
	if (sender !== bot && !isGhost(sender))
		return {portal: make('claimed'), evidence: [said, sign('foreign-sender', sender)]};
	const stranger = judgeCreators(room, {bot, isGhost, ownUserId: knowledge.ownUserId});
	const judged = judgeBot(bot, network.id, knowledge);
	const corroborated = room.states.some(
		state => state.type === 'com.beeper.room_features' && state.stateKey === stateKey && state.sender === sender,
	);
	const evidence = [said, ...(corroborated ? [sign('features', stateKey)] : []), ...judged.evidence];
	if (stranger === undefined) return {portal: make(judged.trust), evidence};
	return {portal: make(judged.trust === 'claimed' ? 'claimed' : 'announced'), evidence: [...evidence, stranger]};
};

/** Bots in the room: those that are known, and those that are called as bots of this server are by default. */
const botsIn = (room: RoomEvidence, knowledge: BridgeKnowledge): readonly string[] =>
	[...new Set([...room.members, ...room.creators])].filter(
		userId =>
			isThere(room, userId) &&
			(knowledge.bots.get(userId)?.verdict === 'appservice' || networkOfBot(userId) !== undefined),
	);

/** Where a room belongs by its name, as bridges without events name theirs. */
const placeOfName = (room: RoomEvidence, network: Protocol, ghosts: readonly string[]): NamedPlace | undefined => {
	const {chat, network: team} = network.roomNames?.exec(room.name ?? '')?.groups ?? {};
	if (chat === undefined || team === undefined) return undefined;
	// Anybody in the room may have named it anew: its people say of which network they are.
	const isOfGhosts =
		ghosts.length === 0 || ghosts.some(ghost => localpartOf(ghost).includes(`_${team.toLowerCase()}_`));
	if (!isOfGhosts) return undefined;
	return {kind: network.channels?.test(chat) === true ? 'channel' : 'direct', network: {id: team, name: team}};
};

/** @returns the network whose connection is told what to do in a room with the bot. */
const networkOfConsole = (room: RoomEvidence, network: Protocol): PortalNetwork | undefined => {
	const team = network.consoleTopics?.exec(room.topic ?? '')?.groups?.['network'];
	return team === undefined ? undefined : {id: team, name: team};
};

const networkOfGhosts = (network: Protocol, ghosts: readonly string[]): PortalNetwork | undefined => {
	const id = network.ghosts?.exec(localpartOf(ghosts[0] ?? ''))?.groups?.['network'];
	return id === undefined ? undefined : {id, name: id};
};

/** Bridges that write no event: a bot and ghosts of its kind (heisenbridge, appservice-slack, bifrost, mx-puppet). */
const detectByMembers = (room: RoomEvidence, bot: string, knowledge: BridgeKnowledge): Detection | undefined => {
	const facts = knowledge.bots.get(bot);
	const network = networkOf(bot, facts);
	if (network === undefined || facts?.verdict === 'person') return undefined;
	const isGhost = (userId: string): boolean => isGhostOf(userId, bot, network, facts);
	const ghosts = room.members.filter(isGhost);
	const place = placeOfName(room, network, ghosts);
	const isMailbox = network.ghosts === undefined && facts?.verdict === 'appservice';
	// Who is silent on IRC may not be in the room yet.
	const isConsole = room.memberCount === 2 && ghosts.length === 0 && !isMailbox && place === undefined;
	if (ghosts.length === 0 && !isMailbox && !isConsole && place === undefined) return undefined;
	const make = (trust: BridgeTrust): Portal => ({
		...emptyPortal,
		protocol: network.id,
		trust,
		kind: isConsole ? 'console' : (place?.kind ?? kindOfMembers(room, bot, isGhost)),
		bot,
		network: isConsole ? networkOfConsole(room, network) : (place?.network ?? networkOfGhosts(network, ghosts)),
	});
	const judged = judgeBot(bot, network.id, knowledge);
	const evidence = [
		...(isConsole ? [sign('management-room', bot)] : []),
		...(ghosts.length > 0 ? [sign('ghosts', ghosts.slice(0, 3).join(', '))] : []),
		...(place === undefined ? [] : [sign('room-name', room.name ?? '')]),
		...judged.evidence,
	];
	// Names of another server prove nothing.
	if (judged.trust === 'announced') return {portal: make('claimed'), evidence};
	const stranger = judgeCreators(room, {bot, isGhost, ownUserId: knowledge.ownUserId});
	if (stranger === undefined || isConsole) return {portal: make(judged.trust), evidence};
	return {portal: make('announced'), evidence: [...evidence, stranger]};
};

const networkOfGhost = (userId: string): Protocol | undefined =>
	protocols.find(({ghosts}) => ghosts?.test(localpartOf(userId)) === true);

const invitationOf = (network: Protocol, bot: string | undefined, room: RoomEvidence): Portal => {
	const isOfBot = room.inviter === bot;
	const place = isOfBot ? placeOfName(room, network, []) : undefined;
	return {
		...emptyPortal,
		protocol: network.id,
		trust: 'attested',
		kind: place?.kind ?? (isOfBot ? 'channel' : 'direct'),
		bot,
		network: place?.network,
	};
};

/** An invitation carries no bridge event (Matrix spec §Stripped state): only who sent it says something. */
const detectByInviter = (room: RoomEvidence, knowledge: BridgeKnowledge): Detection | undefined => {
	const {inviter} = room;
	if (inviter === undefined || serverOf(inviter) !== serverOf(knowledge.ownUserId)) return undefined;
	const network = networkOfGhost(inviter);
	// The server vouches for the ghost itself.
	if (knowledge.bots.get(inviter)?.verdict === 'appservice' && network !== undefined)
		return {
			portal: invitationOf(network, undefined, room),
			evidence: [sign('inviter', inviter), sign('bot-confirmed', inviter)],
		};
	const known = [...knowledge.bots].find(
		([bot, facts]) =>
			facts.verdict === 'appservice' && (bot === inviter || isGhostOf(inviter, bot, networkOf(bot, facts), facts)),
	);
	if (known === undefined) return undefined;
	const [bot, facts] = known;
	const ofBot = networkOf(bot, facts);
	if (ofBot === undefined) return undefined;
	return {portal: invitationOf(ofBot, bot, room), evidence: [sign('inviter', inviter), sign('bot-confirmed', bot)]};
};

const hookshotType = 'uk.half-shot.matrix-hookshot.';

/** Webhooks and feeds come into rooms of people. */
const detectHookshot = (room: RoomEvidence): Detection | undefined => {
	const state = room.states.find(({type, content}) => type.startsWith(hookshotType) && Object.keys(content).length > 0);
	const bot = room.members.find(userId => networkOfBot(userId)?.id === 'hookshot');
	if (state === undefined || bot === undefined) return undefined;
	const portal: Portal = {...emptyPortal, protocol: 'hookshot', trust: 'announced', bot, channel: state.stateKey};
	return {portal, evidence: [sign('hookshot', state.type.slice(hookshotType.length))]};
};

/** Events and names often say the same. */
const unique = (evidence: readonly BridgeEvidence[]): readonly BridgeEvidence[] => [
	...new Map(evidence.map(each => [`${each.sign} ${each.detail}`, each])).values(),
];

const strength: readonly BridgeTrust[] = ['attested', 'inferred', 'announced', 'claimed'];

const rank = ({portal}: Detection): number => (portal === undefined ? strength.length : strength.indexOf(portal.trust));

/** A room that turns from one network into another is not believed again, until the person says so. */
const withChange = (detection: Detection, knowledge: BridgeKnowledge): Detection => {
	const {portal, evidence} = detection;
	const formerly = portal === undefined ? undefined : formerNetwork(portal, knowledge);
	if (portal === undefined || formerly === undefined) return detection;
	const changed = sign('protocol-changed', `${protocolOf(formerly).name} → ${protocolOf(portal.protocol).name}`);
	return {portal: {...portal, formerly, trust: 'announced'}, evidence: [...evidence, changed]};
};

/**
 * @returns what the room is, with every sign that was looked at; no portal where nothing speaks for one, or the person said so.
 * Of several bridges in one room the most trusted counts.
 */
export const detectPortal = (room: RoomEvidence, knowledge: BridgeKnowledge): Detection => {
	const {override} = knowledge;
	const own = override === undefined ? [] : [sign('override', protocolOf(override).name)];
	if (override === 'matrix') return {portal: undefined, evidence: own};
	const found =
		room.membership === 'invite'
			? [detectByInviter(room, knowledge)]
			: [
					...currentStates(room).map(state => detectByState(room, state, knowledge)),
					...botsIn(room, knowledge).map(bot => detectByMembers(room, bot, knowledge)),
					detectHookshot(room),
				];
	const all = found.filter(each => each !== undefined).toSorted((first, second) => rank(first) - rank(second));
	const best = all[0] === undefined ? undefined : withChange(all[0], knowledge);
	const evidence = unique([...own, ...(best?.evidence ?? []), ...all.slice(1).flatMap(each => each.evidence)]);
	if (override === undefined) return {portal: best?.portal, evidence};
	const base = best?.portal ?? emptyPortal;
	return {
		portal: {...base, protocol: override, trust: 'attested', formerly: besideWord(best?.portal, knowledge)},
		evidence,
	};
};
