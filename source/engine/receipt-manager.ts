/**
 * Tells the server, and the bridges behind it, what was read. What is to be told is kept in the store until the server has it,
 * and once more for bridges that were away (docs/decisions/0021-receipts.md).
 */
import {isReadable, otherSlot, passesReceipts, planReceipts} from '../bridges/receipts.ts';
import {isTroubled} from '../domain/bridge-health.ts';
import type {Portal} from '../domain/portal.ts';
import type {PortalReading} from '../domain/receipt.ts';
import {receiptRule, receiptsType, receiptWords, type ReceiptRule} from '../domain/receipt-words.ts';
import {isGrouped} from '../domain/portal.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import {classifyFailure, isHopeless} from '../matrix/network-errors.ts';
import type {Logger} from '../store/log-file.ts';
import type {ReceiptIntent} from '../store/receipt-store.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';

/** Milliseconds. */
export type ReceiptTimes = {
	/** In which what is read is gathered. @default 300 */
	readonly debounce?: number | undefined;
	/** After which a receipt is repeated for a bridge. @default 60 to 90 seconds */
	readonly healAfter?: number | undefined;
};

export type ReceiptManagerOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Pick<Homeserver, 'receipts'>;
	readonly feed: Pick<ChangeFeed, 'changed'>;
	/** Says once that contacts on a network, by its id, see what is read. */
	readonly tellOnce: (network: string) => void;
	readonly stores: Pick<AccountStores, 'account' | 'rooms' | 'portals' | 'receipts' | 'reader' | 'sdk'>;
	readonly log: Pick<Logger, 'info' | 'error'>;
	readonly times?: ReceiptTimes | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

type Room = Pick<RoomRow, 'rid' | 'roomId'>;

export type ReceiptManager = {
	/**
	 * @param eventId the newest event that the person saw
	 * @param thread root of the thread in which it is; what is outside of threads without
	 */
	readonly mark: (room: Room, eventId: string, thread?: string) => void;
	/** The person answered: what stands above that is read, as other networks have it. */
	readonly noteSent: (room: Room, thread: string | undefined) => void;
	/** The person answered a message without the room before them: that one is read, and what stands above it. */
	readonly noteAnswered: (room: Room, eventId: string) => void;
	/** What holds in a room. */
	readonly rule: (room: Room) => ReceiptRule & {readonly network: string | undefined; readonly isBridged: boolean};
	/** The account is in step: what other devices said of receipts is known, and what waits may go. */
	readonly resume: () => void;
	/** The server can be reached. */
	readonly online: () => void;
	/** Repeats at once what a bridge may have lost of the last day. @returns how many receipts the server has taken */
	readonly heal: (bot: string) => Promise<number>;
	/** A bridge has said that it is there again: the same, as soon as the server speaks to it. */
	readonly noteConnected: (bot: string) => void;
	/** Starts nothing new; what waits is tried once more, for at most `patience` milliseconds. */
	readonly stop: (patience: number) => Promise<void>;
};

const usualDebounce = 300;
const shortestHeal = 60_000;
const healSpread = 30_000;
/** For so long a receipt may be repeated: later nobody cares. Milliseconds. */
const healSpan = 24 * 3_600_000;
/** Milliseconds after which a server that failed is tried again. */
const retryTime = 30_000;
/** Rooms that are told at once, and receipts that are repeated in one go. */
const parallel = 4;
const healsAtOnce = 200;
/** Milliseconds that a server takes to speak to a bridge that has told it that it is there again; Synapse: up to one second. */
const reconnectTime = 3000;
/** Milliseconds between two looks at what is to be repeated. */
const shortestPause = 500;

export const createReceiptManager = (options: ReceiptManagerOptions): ReceiptManager => {
	const {userId, homeserver, feed, tellOnce, stores, log, now, times = {}} = options;
	const {account, receipts, portals, reader} = stores;
	const {debounce = usualDebounce} = times;
	let isBegun = false;
	let isStopped = false;
	let running: Promise<void> | undefined;
	let timer: NodeJS.Timeout | undefined;
	let healTimer: NodeJS.Timeout | undefined;
	/** The server asked to wait until then, or failed; milliseconds since the Unix epoch. */
	let pausedUntil = 0;
	let healing: Promise<unknown> = Promise.resolve();

	/** Each room at its own time, so that a day of reading is not repeated in one burst. */
	const healAfter = (rid: number): number => times.healAfter ?? shortestHeal + ((rid * 7919) % healSpread);

	/** @returns the chat of another network whose bridge is told by receipts */
	const bridgedChat = (rid: number): Portal | undefined => {
		const portal = portals.portal(rid);
		return passesReceipts(portal, receipts.features(rid)) ? portal : undefined;
	};

	const rule: ReceiptManager['rule'] = ({rid, roomId}) => {
		const portal = portals.portal(rid);
		const believed = portal !== undefined && isGrouped(portal) ? portal : undefined;
		const network = believed?.protocol;
		const isRequest = believed?.isRequest === true;
		const isBridged = bridgedChat(rid) !== undefined;
		const words = receiptWords(stores.sdk.accountDataOf(receiptsType));
		return {...receiptRule(words, {roomId, network, isBridged, isRequest}), network, isBridged};
	};

	const readingOf = (rid: number, bot: string | undefined, eventId: string, thread?: string): PortalReading => {
		const side = {ownUserId: userId, bot};
		const relation = thread === undefined ? undefined : 'm.thread';
		const above = receipts.upTo(rid, eventId, thread);
		const at = above.findIndex(event => isReadable(event, side, relation));
		const isFirst = thread === undefined && receipts.isFirst(rid);
		return {
			target: above[at]?.eventId,
			oldest: isFirst ? receipts.oldest(rid, eventId).find(event => isReadable(event, side))?.eventId : undefined,
			isFirst,
			hasUnreadThreads: receipts.hasUnreadThreads(rid),
			hasOwnBehind: above.slice(0, at).some(({isOwnGhost}) => isOwnGhost),
		};
	};

	/** @param write notes it in the store */
	const tell = (room: Room, eventId: string, thread: string | undefined, write: () => void): void => {
		const {rid} = room;
		const {mode} = rule(room);
		const portal = mode === 'public' ? bridgedChat(rid) : undefined;
		const reading = portal === undefined ? undefined : readingOf(rid, portal.bot, eventId, thread);
		const plan = planReceipts({mode, eventId, thread, portal: reading});
		account.write(() => {
			receipts.put(rid, plan, now());
			write();
		});
		feed.changed([rid], true);
		if (portal !== undefined && reading?.target !== undefined) tellOnce(portal.protocol);
		planRun(debounce);
	};

	const mark: ReceiptManager['mark'] = (room, eventId, thread) =>
		tell(room, eventId, thread, () => {
			if (thread === undefined) stores.rooms.markRead(room.rid, eventId);
			else stores.rooms.markThreadRead(room.rid, thread);
		});

	/** Who wants nobody to know any more gets that also for what waits. */
	const typeNow = (intent: ReceiptIntent): Exclude<ReceiptIntent['type'], 'local'> | undefined => {
		const {type} = intent;
		if (type === 'local') return undefined;
		if (type === 'm.fully_read') return type;
		const {mode} = rule(intent);
		if (mode === 'off') return undefined;
		return mode === 'private' ? 'm.read.private' : type;
	};

	/** @param type as what it was sent */
	const settle = (intent: ReceiptIntent, type: ReceiptIntent['type'] | undefined): void =>
		account.write(() => {
			// Only what is public in a bridged chat is of use later; of all else the newest is on the server.
			if (type === 'm.read' && bridgedChat(intent.rid) !== undefined) receipts.sent(intent.id, now());
			else receipts.remove(intent.id);
		});

	/** @returns whether the next one can be sent */
	const sendOne = async (intent: ReceiptIntent): Promise<boolean> => {
		const {roomId, slot, eventId} = intent;
		const type = typeNow(intent);
		try {
			if (type !== undefined) await homeserver.receipts.send({roomId, type, slot, eventId});
		} catch (error) {
			const {kind, retryAfter} = classifyFailure(error);
			if (!isHopeless(kind)) {
				pausedUntil = now() + (retryAfter ?? retryTime);
				log.info('receipts', 'A receipt waits', {kind, roomId});
				return false;
			}
			log.info('receipts', 'The server refused a receipt', {kind, roomId});
			account.write(() => receipts.remove(intent.id));
			return true;
		}
		settle(intent, type);
		return true;
	};

	const sendRoom = async (rid: number): Promise<void> => {
		for (;;) {
			// Read anew each time: somebody may have read on.
			const intent = receipts.next(rid);
			if (intent === undefined || pausedUntil > now()) return;
			if (!(await sendOne(intent))) return;
		}
	};

	const sendAll = async (): Promise<void> => {
		const rooms = [...receipts.waitingRooms()];
		const work = async (): Promise<void> => {
			for (let rid = rooms.shift(); rid !== undefined && pausedUntil <= now(); rid = rooms.shift()) await sendRoom(rid);
		};
		await Promise.all(Array.from({length: Math.min(parallel, rooms.length)}, work));
	};

	const run = (): void => {
		timer = undefined;
		if (!isBegun || running !== undefined) return;
		running = sendAll()
			.catch((error: unknown) => log.error('receipts', 'Receipts could not be sent', {error}))
			.finally(() => {
				running = undefined;
				if (isStopped) return;
				planHealing();
				if (receipts.waitingRooms().length > 0) planRun(Math.max(pausedUntil - now(), debounce));
			});
	};

	/** One that is planned already takes the rest with it. */
	const planRun = (delay: number): void => {
		if (isStopped || !isBegun) return;
		timer ??= setTimeout(run, delay).unref();
	};

	/** @returns whether there is no more to be done about it */
	const healOne = async ({id, rid, roomId, slot, eventId}: ReceiptIntent): Promise<boolean> => {
		const other = otherSlot(slot);
		const isWanted = other !== undefined && bridgedChat(rid) !== undefined && rule({rid, roomId}).mode === 'public';
		const takesThreads = slot !== '' && receipts.hasUnreadThreads(rid);
		try {
			if (isWanted && !takesThreads) await homeserver.receipts.send({roomId, type: 'm.read', slot: other, eventId});
		} catch (error) {
			const {kind, retryAfter} = classifyFailure(error);
			if (!isHopeless(kind)) {
				pausedUntil = now() + (retryAfter ?? retryTime);
				return false;
			}
		}
		account.write(() => receipts.healed(id, now()));
		return true;
	};

	/** One after the other: two at once would only meet the same failure. */
	const healAll = async (intents: () => readonly ReceiptIntent[]): Promise<number> => {
		let count = 0;
		try {
			await healing;
			for (const intent of intents()) {
				if (isStopped || !(await healOne(intent))) break;
				count += 1;
			}
		} catch (error) {
			log.error('receipts', 'Receipts could not be repeated', {error});
		}
		if (!isStopped) planHealing();
		return count;
	};

	const heal = async (intents: () => readonly ReceiptIntent[]): Promise<number> => {
		const work = healAll(intents);
		healing = work;
		return work;
	};

	const healBot = async (bot: string): Promise<number> => heal(() => receipts.toHealOf(bot, now() - healSpan));

	/** What is to be repeated by its time; a login that is said to be in trouble is said to be well again. */
	const sentLately = (): readonly ReceiptIntent[] => {
		const logins = reader.portals.health();
		const troubled = logins.filter(isTroubled).map(({bot, account: login}) => ({bot, account: login}));
		// Chats that name no login go by any of them.
		const well = new Set(logins.flatMap(login => (login.account === '' || isTroubled(login) ? [] : [login.bot])));
		const nameless = troubled.flatMap(({bot}) => (well.has(bot) ? [] : [{bot, account: null}]));
		return receipts.toHeal([now() - healSpan, now()], [...troubled, ...nameless], healsAtOnce);
	};

	const dueTime = ({rid, sentAt = 0}: ReceiptIntent): number => sentAt + healAfter(rid);

	const healDue = (): void => {
		healTimer = undefined;
		void heal(() => sentLately().filter(intent => dueTime(intent) <= now()));
	};

	const planHealing = (): void => {
		clearTimeout(healTimer);
		const times = sentLately().map(dueTime);
		if (times.length === 0 || isStopped || !isBegun) return;
		const next = Math.max(Math.min(...times), pausedUntil);
		healTimer = setTimeout(healDue, Math.max(next - now(), shortestPause)).unref();
	};

	return {
		mark,
		noteSent(room, thread) {
			if (bridgedChat(room.rid) === undefined) return;
			const last =
				thread === undefined ? reader.reads.lastMainEvent(room.rid) : reader.about.lastOfThread(room.rid, thread);
			if (last !== undefined) mark(room, last, thread);
		},
		noteAnswered(room, eventId) {
			const {rid} = room;
			const answered = reader.message(rid, eventId);
			if (answered === undefined) return;
			if (answered.threadRoot !== undefined) return mark(room, eventId, answered.threadRoot);
			const readUpTo = reader.fullyRead(rid);
			if (readUpTo === eventId || (readUpTo !== undefined && receipts.isOlder(rid, eventId, readUpTo))) return;
			tell(room, eventId, undefined, () => stores.rooms.markReadUpTo(rid, eventId));
		},
		rule,
		resume() {
			if (isBegun) return;
			isBegun = true;
			account.write(() => receipts.prune(now() - healSpan));
			run();
		},
		online() {
			pausedUntil = 0;
			clearTimeout(timer);
			run();
			if (isBegun) planHealing();
		},
		heal: healBot,
		noteConnected(bot) {
			setTimeout(() => void healBot(bot), reconnectTime).unref();
		},
		async stop(patience) {
			clearTimeout(timer);
			clearTimeout(healTimer);
			const isWaiting = timer !== undefined;
			isStopped = true;
			if (isWaiting) run();
			if (running === undefined) return;
			let limit: NodeJS.Timeout | undefined;
			const expired = new Promise<void>(resolve => {
				limit = setTimeout(resolve, patience);
			});
			await Promise.race([running, expired]);
			clearTimeout(limit);
		},
	};
};
