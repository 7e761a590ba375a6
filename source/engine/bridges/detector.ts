/** Finds out which rooms are bridged, as they change, and asks the server what the bots of its bridges are. */
import {isDeepStrictEqual} from 'node:util';
import {detectPortal, isSureGhost, type BridgeKnowledge} from '../../bridges/detect.ts';
import {learnGhostPrefix} from '../../bridges/ghost-prefix.ts';
import {isBotOrGhostName, protocolOf} from '../../bridges/protocols.ts';
import {bridgesType, bridgeWords} from '../../domain/bridge-words.ts';
import {parseUserId} from '../../domain/identifiers.ts';
import type {BotFacts, Detection, RoomEvidence} from '../../domain/portal.ts';
import type {Homeserver} from '../../matrix/homeserver.ts';
import type {Logger} from '../../store/log-file.ts';
import type {DueRoom} from '../../store/portal-store.ts';
import type {AccountStores} from '../account-stores.ts';
import type {ChangeFeed} from '../change-feed.ts';

export type BridgeDetectorOptions = {
	/** Told which rooms are something else now. */
	readonly onPortals: (rids: readonly number[]) => void;
	/** The account's own. */
	readonly userId: string;
	readonly stores: Pick<AccountStores, 'account' | 'portals' | 'rooms' | 'sdk'>;
	readonly bridges: Pick<Homeserver['bridges'], 'nameOwner'>;
	readonly feed: ChangeFeed;
	readonly log: Pick<Logger, 'info' | 'error'>;
	/** A lone verb finds what it can, and asks nobody. */
	readonly isLive: boolean;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Rooms were looked at. */
	readonly onLooked: () => void;
};

export type BridgeDetector = {
	/** What a room is, found anew, with every sign of it. */
	readonly explain: (room: {readonly rid: number; readonly roomId: string}) => Detection;
	/** Looks at the rooms that are due. */
	readonly look: () => void;
	/** The server can be reached: what it was not asked yet, it is asked now. */
	readonly online: () => void;
};

/** Rooms that are looked at in one transaction. */
const roomsAtOnce = 200;

/** Milliseconds after which a server that did not say what a bot is, is asked again. */
const askAgain = 24 * 3_600_000;

const serverOf = (userId: string): string | undefined => parseUserId(userId)?.serverName;

export const createBridgeDetector = (options: BridgeDetectorOptions): BridgeDetector => {
	const {userId, stores, feed, log, signal, now} = options;
	const {account, portals} = stores;
	/** Whom the server is to be asked about. */
	const questions = new Set<string>();
	let isAsking = false;
	let isPlanned = false;
	/** Bots whose rooms are looked at once more, as their ghosts are known now. */
	const learned = new Set<string>();

	/** How the ghosts of a bot are called shows only where it surely made the chats. */
	const learnNames = ({portal}: Detection, known: ReadonlyMap<string, BotFacts>): void => {
		const {bot} = portal ?? {};
		if (portal?.trust !== 'attested' || bot === undefined || learned.has(bot)) return;
		if (known.get(bot)?.ghostPrefix !== undefined) return;
		const names = portals.peopleOf(bot).filter(person => serverOf(person) === serverOf(bot));
		const {ghosts} = protocolOf(portal.protocol);
		const prefix = learnGhostPrefix(
			names.map(person => parseUserId(person)?.localpart ?? ''),
			localpart => ghosts?.test(localpart) === true,
		);
		if (prefix === undefined) return;
		learned.add(bot);
		log.info('bridges', 'How the ghosts of a bridge are called was learned', {bot, prefix});
		const before = portals.bot(bot) ?? {userId: bot, verdict: 'unknown', askedAt: 0};
		portals.writeBot(before, {ghostPrefix: prefix});
	};

	const knowledgeOf = (): Omit<BridgeKnowledge, 'before' | 'override'> & {
		readonly rooms: ReadonlyMap<string, string>;
	} => {
		const {rooms} = bridgeWords(stores.sdk.accountDataOf(bridgesType));
		return {ownUserId: userId, bots: portals.knownBots(), rooms};
	};

	/** Bots and ghosts of this server of which nobody knows what they are. */
	const strangersIn = (room: RoomEvidence, {portal}: Detection, known: ReadonlyMap<string, BotFacts>): void => {
		const candidates = room.membership === 'invite' ? [room.inviter] : [portal?.bot];
		for (const candidate of candidates) {
			if (candidate === undefined || serverOf(candidate) !== serverOf(userId)) continue;
			if ((known.get(candidate)?.verdict ?? 'unknown') !== 'unknown') continue;
			if (room.membership === 'invite' && !isBotOrGhostName(parseUserId(candidate)?.localpart ?? '')) continue;
			const before = portals.bot(candidate);
			if (before === undefined || now() - before.askedAt > askAgain) questions.add(candidate);
		}
	};

	/** @returns whether somebody is called otherwise now */
	const nameGhosts = (rid: number, {portal}: Detection, known: ReadonlyMap<string, BotFacts>): boolean =>
		stores.rooms.members.nameGhosts(rid, portal?.network?.name, person => isSureGhost(person, portal, known));

	/** @returns rooms that are something else now */
	const lookAt = (due: readonly DueRoom[]): readonly number[] =>
		account.write(() => {
			const knowledge = knowledgeOf();
			const changed = due.filter(({rid, roomId}) => {
				const before = portals.portal(rid);
				const evidence = portals.evidence(rid);
				const detection = detectPortal(evidence, {...knowledge, before, override: knowledge.rooms.get(roomId)});
				strangersIn(evidence, detection, knowledge.bots);
				const {bot, ownGhost} = detection.portal ?? {};
				// Who is known as the person's own ghost from now on is so in all rooms of that bridge.
				const isNewGhost = bot !== undefined && ownGhost !== undefined && !portals.isOwnGhost(ownGhost);
				portals.write(rid, detection.portal);
				learnNames(detection, knowledge.bots);
				if (isNewGhost && portals.isOwnGhost(ownGhost)) portals.lookAgain(bot);
				stores.rooms.correctUnread(rid);
				stores.rooms.attention.settle(rid);
				const isChanged = !isDeepStrictEqual(before, detection.portal);
				// How names are made may be new itself.
				const hasNames = nameGhosts(rid, detection, knowledge.bots);
				const isRenamed = stores.rooms.rename(rid);
				return isChanged || hasNames || isRenamed;
			});
			return changed.map(({rid}) => rid);
		});

	const look = (): void => {
		isPlanned = false;
		if (signal.aborted) return;
		try {
			const due = portals.due(roomsAtOnce);
			// Most messages change nothing that counts.
			if (due.length === 0) return;
			const changed = lookAt(due);
			if (changed.length > 0) {
				feed.changed(changed, true);
				options.onPortals(changed);
			}
			options.onLooked();
			if (due.length === roomsAtOnce || learned.size > 0) plan();
			learned.clear();
		} catch (error) {
			// A failed write ends the engine elsewhere; the rooms are due still.
			log.error('bridges', 'Rooms could not be looked at', {error});
			return;
		}
		void ask();
	};

	const plan = (): void => {
		if (isPlanned || signal.aborted) return;
		isPlanned = true;
		setImmediate(look);
	};

	/** One question after the other; without a connection they wait. */
	const ask = async (): Promise<void> => {
		if (isAsking || !options.isLive) return;
		isAsking = true;
		try {
			for (const candidate of questions) {
				if (signal.aborted) return;
				const owner = await options.bridges.nameOwner(parseUserId(candidate)?.localpart ?? '');
				questions.delete(candidate);
				const verdict = owner === 'nobody' ? 'unknown' : owner;
				log.info('bridges', 'The server was asked about a name', {candidate, owner});
				account.write(() => portals.writeBot({userId: candidate, verdict, askedAt: now()}));
				if (verdict !== 'unknown') plan();
			}
		} catch (error) {
			log.info('bridges', 'The server could not be asked about a name', {error});
		} finally {
			isAsking = false;
		}
	};

	// What another version of mx left, and what came before an end that was not expected.
	plan();
	const unsubscribe = feed.subscribe(notice => {
		if (notice.kind === 'changed') plan();
	});
	signal.addEventListener('abort', unsubscribe);

	return {
		explain({rid, roomId}) {
			const {rooms, ...knowledge} = knowledgeOf();
			return detectPortal(portals.evidence(rid), {
				...knowledge,
				before: portals.portal(rid),
				override: rooms.get(roomId),
			});
		},
		look: plan,
		online: () => void ask(),
	};
};
