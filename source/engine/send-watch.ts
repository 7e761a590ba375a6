/**
 * Watches over what was sent into rooms of bridges: tries again what may arrive with another try, tells the person what did not
 * arrive (a notice of a bot wakes nobody), and lets the screen say that a bridge takes its time.
 */
import {protocolOf} from '../bridges/protocols.ts';
import {ExpectedError} from '../domain/errors.ts';
import {asString} from '../domain/json.ts';
import {isMessageOfItsOwn, type OutboxItem} from '../domain/outbox-item.ts';
import {answerPatience, failureReason, retryKey, retryOf, type SendStatus} from '../domain/send-status.ts';
import type {Delivery, SendReceipt, SendRequest} from '../domain/sending.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Logger} from '../store/log-file.ts';
import type {SentEvent} from '../store/send-care-store.ts';
import {safeText} from '../text/safe-text.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {MessageOrders} from './message-orders.ts';

export type SendWatchOptions = {
	readonly stores: Pick<AccountStores, 'outbox' | 'reader' | 'sendCare'>;
	readonly feed: ChangeFeed;
	readonly orders: Pick<MessageOrders, 'send'>;
	readonly log: Pick<Logger, 'info' | 'error'>;
	/** Whether a sync loop runs: else nobody hears what a bridge says. */
	readonly isLive: boolean;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Milliseconds before each further try. */
	readonly retryDelays?: readonly number[];
};

export type SendWatch = {
	/** Sends a message again that a bridge did not pass on. @throws ExpectedError `notFound`, `refused` */
	readonly resend: (room: RoomRow, eventId: string) => Promise<SendReceipt>;
	/**
	 * Sends, and waits for the word of the bridge as well if that is wanted, both together no longer than the request says.
	 * @param letGo nobody waits any more
	 * @param send is given a function that says of the room whether that can be
	 * @returns the receipt with it, as far as it came
	 * @throws ExpectedError `usage`, `notReady`
	 */
	readonly until: (
		request: Pick<SendRequest, 'until' | 'timeout'>,
		letGo: AbortSignal,
		send: (checked: (room: RoomRow) => RoomRow) => Promise<SendReceipt>,
	) => Promise<SendReceipt>;
};

/** What became of a message. */
type Outcome = {
	/** Of the message, or of the one that was sent in its place. */
	readonly eventId: string;
	readonly delivery: Delivery | undefined;
	/** Something more may become of it. */
	readonly isOpen: boolean;
};

/** Milliseconds for which a message is watched. */
const watchedFor = 3_600_000;

/** A timer of Node holds no more than 2^31 milliseconds; the server's clock may be far ahead. */
const longestWait = 24 * 3_600_000;

const defaultDelays = [3000, 20_000];

/** Milliseconds after which a message is taken to have arrived, of which a bridge might still say that it did not. */
const quietTime = 4000;

/** Characters of a message that is named. */
const quoteLength = 40;

const isFinal = ({stage}: SendStatus): boolean => stage === 'bridged' || stage === 'delivered' || stage === 'read';

export const createSendWatch = (options: SendWatchOptions): SendWatch => {
	const {stores, feed, orders, log, signal, now, retryDelays = defaultDelays} = options;
	const {outbox, reader, sendCare} = stores;
	/** Events with which nothing more will happen, and what is planned for others. */
	const settled = new Set<string>();
	const planned = new Set<string>();

	const plan = (key: string, delay: number, task: () => void): void => {
		if (planned.has(key) || signal.aborted) return;
		planned.add(key);
		const timer = setTimeout(
			() => {
				planned.delete(key);
				if (!signal.aborted) task();
			},
			Math.min(delay, longestWait),
		);
		timer.unref();
		signal.addEventListener('abort', () => clearTimeout(timer), {once: true});
	};

	const sentRow = (rid: number, eventId: string): OutboxItem | undefined => outbox.byEvent(rid, eventId);

	const resend = async (room: RoomRow, eventId: string): Promise<SendReceipt> => {
		const row = sentRow(room.rid, eventId);
		const message = reader.message(room.rid, eventId);
		const content = row?.content ?? message?.content;
		if (content === undefined || (message !== undefined && (!message.isMine || message.redactedBy !== undefined)))
			throw new ExpectedError({message: 'This message cannot be sent again.', reason: 'notFound'});
		const before = retryOf(content);
		const retry = {original_event_id: before?.originalId ?? eventId, retry_count: (before?.count ?? 0) + 1};
		// The file of a message has its place since it was sent.
		const whole = {...content, ...message?.content, ...relationIn(content), [retryKey]: retry};
		const receipt = await orders.send(room, {
			to: room.roomId,
			content: whole,
			type: row?.type ?? message?.type,
			transactionKey: `again ${eventId}`,
			isWaiting: false,
			timeout: 0,
		});
		sendCare.setResent(room.rid, eventId, receipt.transactionId);
		settled.add(eventId);
		feed.changed([room.rid], false);
		return receipt;
	};

	const tellFailure = (rid: number, row: OutboxItem, status: SendStatus, protocol: string): void => {
		const network = protocolOf(protocol).name;
		const name = safeText(reader.room(rid)?.name, 'name', 'a room');
		const body = safeText((asString(row.content['body']) ?? '').slice(0, quoteLength), 'name');
		const what = !isMessageOfItsOwn(row) ? 'a change' : body === '' ? 'a message' : `“${body}”`;
		const how = status.isCertain ? 'did not arrive' : 'may not have arrived';
		feed.tell({
			kind: 'send-failed',
			rid,
			next: '/retry in the room sends it again',
			message: `${network}: ${what} to ${name} ${how}: ${safeText(failureReason(status, network), 'name')}`,
		});
	};

	const onFailure = (rid: number, {eventId}: SentEvent, status: SendStatus, protocol: string): void => {
		const row = sentRow(rid, eventId);
		if (row === undefined || sendCare.resentAs(eventId) !== undefined) return void settled.add(eventId);
		const tries = retryOf(row.content)?.count ?? 0;
		const delay = retryDelays[tries];
		if (status.isRetriable && status.isCertain && delay !== undefined && isMessageOfItsOwn(row)) {
			plan(`retry ${eventId}`, delay, () => {
				const room = reader.room(rid);
				// The bridge may have managed it meanwhile, or the person has.
				const current = reader.about.delivery(rid, eventId)?.status;
				if (room === undefined || current?.stage !== 'failed' || sendCare.resentAs(eventId) !== undefined) return;
				log.info('bridges', 'A message is sent again', {tries});
				resend(room, eventId).catch((error: unknown) => log.error('bridges', 'Sending again failed', {error}));
			});
			return;
		}
		if (sendCare.isTold(eventId)) return;
		sendCare.setTold(rid, eventId);
		tellFailure(rid, row, status, protocol);
		feed.changed([rid], true);
	};

	const lookAt = (rid: number): void => {
		for (const sent of sendCare.recent(rid, now() - watchedFor)) {
			const {eventId, sentAt} = sent;
			if (settled.has(eventId)) continue;
			const delivery = reader.about.delivery(rid, eventId);
			if (delivery === undefined) return;
			const {status, protocol, lossTime} = delivery;
			if (isFinal(status)) {
				if (now() - sentAt >= lossTime) settled.add(eventId);
				// It has arrived after all.
				if (sendCare.isTold(eventId)) sendCare.forget(eventId);
			} else if (status.stage === 'failed') onFailure(rid, sent, status, protocol);
			else if (status.isAwaited)
				for (const [what, patience] of Object.entries(answerPatience)) {
					const left = sentAt + patience - now();
					// A little later, so that the screen, which counts from the server's time, sees it as well.
					if (left > -1000) plan(`${what} ${eventId}`, Math.max(0, left) + 1000, () => feed.changed([rid], false));
				}
		}
	};

	const look = (rids: readonly number[] | 'all'): void => {
		if (signal.aborted) return;
		try {
			const since = now() - watchedFor;
			// Some bots say in a room of their own what did not arrive in others.
			const rooms =
				rids === 'all' ? sendCare.rooms(since) : rids.flatMap(rid => [rid, ...sendCare.roomsOfConsole(rid, since)]);
			for (const rid of new Set(rooms)) lookAt(rid);
		} catch (error) {
			// A failed write ends the engine elsewhere.
			log.error('bridges', 'What was sent could not be looked at', {error});
		}
	};

	if (options.isLive) {
		const unsubscribe = feed.subscribe(notice => {
			if (notice.kind === 'changed') look(notice.rids);
		});
		signal.addEventListener('abort', unsubscribe);
		// What came while mx did not run.
		setImmediate(() => look('all'));
	}

	/** What became of an event, or of what was sent in its place. */
	const deliveryOf = (rid: number, eventId: string): Outcome => {
		const again = sendCare.resentAs(eventId);
		const later = again === undefined ? undefined : outbox.byTransaction(again)?.eventId;
		if (later !== undefined && later !== eventId) return deliveryOf(rid, later);
		const found = reader.about.delivery(rid, eventId);
		if (found === undefined || again !== undefined) return {eventId, delivery: undefined, isOpen: true};
		const {status, protocol, lossTime} = found;
		const {stage, isCertain, isRetriable} = status;
		const isTriedAgain = stage === 'failed' && isCertain && isRetriable && !sendCare.isTold(eventId);
		if (isTriedAgain || (!isFinal(status) && stage !== 'failed')) return {eventId, delivery: undefined, isOpen: true};
		const reason = stage === 'failed' ? failureReason(status, protocolOf(protocol).name) : undefined;
		return {eventId, delivery: {stage, isCertain, reason}, isOpen: stage !== 'failed' && lossTime > 0};
	};

	/** Waits for the word of the bridge, at most so many milliseconds. */
	const delivered = async (
		rid: number,
		receipt: SendReceipt,
		timeout: number,
		letGo: AbortSignal,
	): Promise<SendReceipt> => {
		const {eventId} = receipt;
		if (eventId === undefined || receipt.state !== 'sent') return receipt;
		const outcome = (): Outcome => deliveryOf(rid, eventId);
		if (timeout > 0 && !letGo.aborted && outcome().isOpen) await settledWithin(outcome, timeout, letGo);
		const {isOpen: _, ...found} = outcome();
		return {...receipt, ...found};
	};

	/** Waits until nothing more is to be expected, at most so many milliseconds. */
	const settledWithin = async (outcome: () => Outcome, timeout: number, letGo: AbortSignal): Promise<void> =>
		new Promise(resolve => {
			let quiet: NodeJS.Timeout | undefined;
			const done = (): void => {
				unsubscribe();
				clearTimeout(limit);
				clearTimeout(quiet);
				resolve();
			};
			const look = (): void => {
				const {delivery, isOpen} = outcome();
				if (delivery !== undefined && !isOpen) return done();
				if (delivery !== undefined) quiet ??= setTimeout(done, quietTime);
				else {
					clearTimeout(quiet);
					quiet = undefined;
				}
			};
			const unsubscribe = feed.subscribe(notice => {
				if (notice.kind === 'changed') look();
			});
			const limit = setTimeout(done, timeout);
			for (const end of [signal, letGo]) end.addEventListener('abort', done, {once: true});
			look();
		});

	const checked = (room: RoomRow): RoomRow => {
		if (room.protocol === undefined)
			throw new ExpectedError({
				message: `${room.name} is not bridged: no bridge will say what became of the message.`,
				next: 'Leave out --until.',
				reason: 'usage',
			});
		return room;
	};

	return {
		resend,
		async until({until, timeout}, letGo, send) {
			if (until === undefined) return send(room => room);
			if (!options.isLive)
				throw new ExpectedError({
					message: 'Nobody would hear what the bridge says: mx is not running.',
					next: 'Start mx, or leave out --until.',
					reason: 'notReady',
				});
			const began = now();
			const receipt = await send(checked);
			const rid = reader.roomById(receipt.roomId)?.rid;
			return rid === undefined ? receipt : delivered(rid, receipt, timeout - (now() - began), letGo);
		},
	};
};

/** The relation of a message stands in what was ordered; of an edited one the archive has the new words without it. */
const relationIn = (content: OutboxItem['content']): OutboxItem['content'] =>
	content['m.relates_to'] === undefined ? {} : {'m.relates_to': content['m.relates_to']};
