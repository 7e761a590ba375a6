/** The bot of a bridge and the room with it: found, or made. Nothing is said to a bot but through here. */
import {defaultBots, protocolOf, protocols} from '../../bridges/protocols.ts';
import {parseBridgeReport} from '../../domain/bridge-health.ts';
import {bridgesType, bridgeWords} from '../../domain/bridge-words.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {parseUserId} from '../../domain/identifiers.ts';
import type {Message} from '../../domain/message.ts';
import {isMessageOfItsOwn} from '../../domain/outbox-item.ts';
import type {SendReceipt, SendRequest} from '../../domain/sending.ts';
import type {RoomRow} from '../../domain/room.ts';
import {toExpectedError} from '../../matrix/expected-errors.ts';
import type {Homeserver} from '../../matrix/homeserver.ts';
import type {AccountStores} from '../account-stores.ts';
import type {ChangeFeed} from '../change-feed.ts';
import type {RoomFinder} from '../room-finder.ts';

/** Milliseconds. */
export type BridgeTimes = {
	/** That a bot has for an answer. @default 60 seconds */
	readonly answer?: number | undefined;
	/** That a new chat has to come, and to be found to be of the bridge. @default 15 seconds */
	readonly chat?: number | undefined;
};

export type BridgeRoomOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly stores: Pick<AccountStores, 'account' | 'outbox' | 'portals' | 'reader' | 'sdk'>;
	readonly homeserver: Pick<Homeserver, 'bridges' | 'createRoom'>;
	readonly finder: Pick<RoomFinder, 'learn'>;
	readonly feed: ChangeFeed;
	readonly send: (room: RoomRow, request: SendRequest) => Promise<SendReceipt>;
	readonly bridgeTimes?: BridgeTimes | undefined;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** A bridge that is certain. */
export type Bridge = {
	/** User id. */
	readonly bot: string;
	/** Id of the registry. */
	readonly protocol: string;
};

export type BridgeRooms = ReturnType<typeof createBridgeRooms>;

/** Milliseconds that a bot has to come into its room. */
const patience = 30_000;

/** Milliseconds that a bot has for an answer. */
const usualAnswer = 60_000;

/** Milliseconds after which what a bot did not answer is taken to be lost. */
const longestSilence = 300_000;

/** Milliseconds that a request which is out has to come to an end. */
const takingBack = 10_000;

/** Milliseconds for which what is on its way is watched, to take it back. */
const watchedFor = 600_000;

/** Messages of the room that are looked at; what a bot says at once is less. */
const newestMessages = 100;

const notFound = (message: string, next?: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'notFound'});

export const createBridgeRooms = (options: BridgeRoomOptions) => {
	const {userId, stores, homeserver, feed, signal} = options;
	const {answer: answerTime = usualAnswer} = options.bridgeTimes ?? {};
	const {portals, reader} = stores;

	/** Waits for what a change brings. @returns `undefined` when it did not come in time */
	const until = async <Found>(look: () => Found | undefined, timeout = patience): Promise<Found | undefined> => {
		const found = Promise.withResolvers<Found | undefined>();
		const check = (): void => {
			const one = look();
			if (one !== undefined) found.resolve(one);
		};
		const unsubscribe = feed.subscribe(check);
		const timer = setTimeout(() => found.resolve(undefined), timeout);
		const end = (): void => found.resolve(undefined);
		signal.addEventListener('abort', end);
		try {
			check();
			return await found.promise;
		} finally {
			clearTimeout(timer);
			unsubscribe();
			signal.removeEventListener('abort', end);
		}
	};

	/** Bots that are certain, by the server's or the person's word. */
	const known = (): readonly Bridge[] => {
		const words = bridgeWords(stores.sdk.accountDataOf(bridgesType));
		const said = [...words.bots].flatMap(([bot, {verdict, protocol}]) =>
			verdict === 'appservice' && protocol !== undefined ? [{bot, protocol}] : [],
		);
		const found = portals
			.bridges()
			.filter(({trust, bot}) => trust === 'attested' && words.bots.get(bot)?.verdict !== 'person');
		const all = [...said, ...found.map(({bot, protocol}) => ({bot, protocol}))];
		return [...new Map(all.map(each => [each.bot, each])).values()];
	};

	/** Asks the server whether one of the names is a bridge's that bots of the network have by default. */
	const askServer = async (protocol: string): Promise<Bridge | undefined> => {
		const serverName = parseUserId(userId)?.serverName ?? '';
		for (const name of defaultBots(protocol)) {
			const bot = `@${name}:${serverName}`;
			const owner = await homeserver.bridges.nameOwner(name);
			if (owner !== 'appservice') continue;
			stores.account.write(() => portals.writeBot({userId: bot, verdict: owner, askedAt: options.now()}));
			return {bot, protocol};
		}
		return undefined;
	};

	/** @param choice id of a network, or user id of a bot. @throws ExpectedError `notFound`, `ambiguous` */
	const bridgeOf = async (choice: string): Promise<Bridge> => {
		const all = known();
		const byBot = all.find(({bot}) => bot === choice);
		if (byBot !== undefined) return byBot;
		if (choice.startsWith('@'))
			throw notFound(
				`${choice} is not known as the bot of a bridge.`,
				`If it is one: mx bridge trust ${choice} --as NETWORK`,
			);
		const some = all.filter(({protocol}) => protocol === choice);
		const [first] = some;
		if (first !== undefined && some.length === 1) return first;
		const {name} = protocolOf(choice);
		if (first !== undefined)
			throw new ExpectedError({
				message: `There are ${some.length} bridges to ${name}.`,
				next: 'Name its bot instead of the network.',
				reason: 'ambiguous',
				candidates: some.map(({bot}) => bot),
			});
		const asked = protocols.some(({id}) => id === choice) ? await askServer(choice) : undefined;
		if (asked !== undefined) return asked;
		throw notFound(
			`Your server does not tell of a bridge to ${name}.`,
			'If there is one: mx bridge trust @BOT:SERVER --as NETWORK, with the user id of its bot.',
		);
	};

	/** Whoever else made a room may have left a door open: to come back, or to read from outside what is said. */
	const isOwn = (rid: number, bot: string): boolean => {
		const {creators} = portals.evidence(rid);
		return creators.length > 0 && creators.every(each => each === userId || each === bot);
	};

	const consoles = (bot: string): readonly number[] =>
		reader.portals
			.consoles()
			.filter(room => room.bot === bot && isOwn(room.rid, bot))
			.map(({rid}) => rid);

	/** The room with the bot itself, not the one for a network of it. */
	const consoleRoom = (bot: string): RoomRow | undefined => {
		const rids = consoles(bot);
		const rid = rids.find(each => portals.portal(each)?.network === undefined) ?? rids[0];
		return rid === undefined ? undefined : reader.room(rid);
	};

	/** Not encrypted: many bots cannot read what is, and whoever could read it at the server runs the bridge. */
	const makeConsole = async (bot: string): Promise<RoomRow> => {
		try {
			const roomId = await homeserver.createRoom({preset: 'trusted_private_chat', is_direct: true, invite: [bot]});
			await options.finder.learn(roomId);
		} catch (error) {
			throw toExpectedError(error, `open a room with ${bot}`);
		}
		const room = await until(() => consoleRoom(bot));
		if (room !== undefined) return room;
		throw new ExpectedError({message: `${bot} does not come.`, next: 'Is the bridge running?', reason: 'notReady'});
	};

	const consoleOf = async ({bot}: Bridge): Promise<RoomRow> => {
		const room = consoleRoom(bot) ?? (await makeConsole(bot));
		const isThere = (): true | undefined => {
			const {memberCount, members} = portals.evidence(room.rid);
			// Who is only invited counts as a member.
			const isJoined = (reader.room(room.rid)?.joinedCount ?? 0) === 2;
			return isJoined && memberCount === 2 && members.includes(bot) ? true : undefined;
		};
		if ((await until(isThere)) !== undefined) return room;
		throw new ExpectedError({
			message: `${bot} is not in its room.`,
			next: 'Is the bridge running?',
			reason: 'notReady',
		});
	};

	/**
	 * Takes back what could not be sent in time: later others may be in the room.
	 * @returns the event id if it was sent meanwhile, `taken` if it never will be; `undefined` while a request is out
	 */
	const takeBack = async (
		{rid}: RoomRow,
		transactionId: string,
		timeout: number,
	): Promise<{readonly eventId: string} | 'taken' | undefined> => {
		const end = await until(() => {
			const row = stores.outbox.byTransaction(transactionId);
			if (row?.state === 'sent' && row.eventId !== undefined) return {eventId: row.eventId};
			return row === undefined || stores.outbox.discard(row.id) ? 'taken' : undefined;
		}, timeout);
		if (end === 'taken') feed.changed([rid], false);
		return end;
	};

	/** What came into the room after a message, oldest first. */
	const since = (room: RoomRow, message: Message | undefined): readonly Message[] => {
		const {messages} = reader.timeline({rid: room.rid, limit: newestMessages});
		const from = message === undefined ? -1 : messages.findIndex(({eventId}) => eventId === message.eventId);
		return messages.slice(from + 1).filter(({stateKey}) => stateKey === undefined);
	};

	/** Whether a bot has said something to what it was told last; what it did not answer for long is lost. */
	const isAnswered = (room: RoomRow, {bot}: Bridge): boolean => {
		const isOut = reader.outbox(room.rid).some(item => item.state !== 'failed' && isMessageOfItsOwn(item));
		if (isOut) return false;
		const last = since(room, undefined).findLast(
			// How a login is, bots say whenever they like.
			({isMine, sender, content}) => isMine || (sender === bot && parseBridgeReport(content) === undefined),
		);
		if (last?.isMine !== true || options.now() - last.timestamp > longestSilence) return true;
		// Some only tick what they have done.
		return last.reactions.some(({isMine}) => !isMine);
	};

	return {
		known,
		bridgeOf,
		consoleOf,
		until,
		/** Waits for the answer of a bot. @returns `undefined` when it did not come in time */
		untilAnswer: async <Found>(look: () => Found | undefined): Promise<Found | undefined> => until(look, answerTime),
		/**
		 * Waits until a bot has answered what it was told before, by mx or in its room: bots do not say to what they answer, and those
		 * of mautrix answer in any order (bridgev2/queue.go), so a late answer would be taken for the one to what is said next.
		 * @throws ExpectedError `bridge`
		 */
		async turn(room: RoomRow, bridge: Bridge): Promise<void> {
			if ((await until(() => isAnswered(room, bridge) || undefined, answerTime)) !== undefined) return;
			throw new ExpectedError({
				message: `${bridge.bot} has not answered yet what it was told before.`,
				next: 'Nothing else was said to it. Is the bridge running? See the room with it, or try again in some minutes.',
				reason: 'bridge',
			});
		},
		/**
		 * Says something to a bot: only to one that is certain, and only where nobody else listens.
		 * @returns the event id
		 */
		async say(room: RoomRow, {bot}: Bridge, body: string): Promise<string> {
			const {memberCount} = portals.evidence(room.rid);
			if (!consoles(bot).includes(room.rid) || memberCount !== 2)
				throw new ExpectedError({
					message: `The room with ${bot} is not what it was; nothing was sent into it.`,
					next: 'See who is in it.',
					reason: 'refused',
				});
			const content = {msgtype: 'm.text', body};
			const sent = await options.send(room, {to: room.roomId, content, isWaiting: true, timeout: patience});
			if (sent.eventId !== undefined) return sent.eventId;
			const end = await takeBack(room, sent.transactionId, takingBack);
			if (typeof end === 'object') return end.eventId;
			if (end === undefined) void takeBack(room, sent.transactionId, watchedFor);
			throw new ExpectedError({
				message: `${bot} could not be written to${sent.error === undefined ? '.' : `: ${sent.error}`}`,
				next:
					end === 'taken'
						? 'What was to be said is not sent later. See mx doctor.'
						: 'What was said may still arrive: look into the room with it, and remove it if it is a secret.',
				reason: 'bridge',
			});
		},
		/** Where the room ends now. */
		end: (room: RoomRow): Message | undefined => reader.timeline({rid: room.rid, limit: 1}).messages.at(-1),
		since,
	};
};
