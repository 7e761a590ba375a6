/** Reads in the rooms with bots of bridges how their logins are, and keeps it. */
import {outageWords, reloginCommand} from '../../bridges/explain.ts';
import {isCurable, isOut, parseBridgeReport, type BridgeHealth, type BridgeReport} from '../../domain/bridge-health.ts';
import {isHeisenbridge, parseConnection} from '../../domain/heisenbridge.ts';
import {asString, type JsonObject} from '../../domain/json.ts';
import type {ConsoleRoom} from '../../store/bridge-health-store.ts';
import type {Logger} from '../../store/log-file.ts';
import type {AccountStores} from '../account-stores.ts';
import type {ChangeFeed} from '../change-feed.ts';
import type {ReceiptManager} from '../receipt-manager.ts';

export type BridgeWatchOptions = {
	readonly stores: Pick<AccountStores, 'account' | 'reader' | 'bridgeHealth'>;
	readonly feed: ChangeFeed;
	readonly log: Pick<Logger, 'error'>;
	/** What a bridge may have lost while it was away is told again when it is there. */
	readonly receipts: Pick<ReceiptManager, 'noteConnected'>;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** Milliseconds by which the clocks of servers may be behind. */
const tolerance = 60_000;

/** Newest messages of a room that are looked at: what a bot said before that, it has said again since, or it is long over. */
const newestMessages = 60;

/** What is said in the status line when nothing arrives any more over a login. */
const tellOutage = (health: BridgeHealth, feed: ChangeFeed): void => {
	feed.tell({
		kind: 'alert',
		message: `${outageWords(health)}.`,
		next: isCurable(health) ? reloginCommand(health) : undefined,
	});
};

/** Looks at the rooms with bots now, and whenever they change, until the engine ends. */
export const watchBridges = ({stores, feed, receipts, log, signal, now}: BridgeWatchOptions): void => {
	const {account, reader, bridgeHealth} = stores;
	const begin = now() - tolerance;

	const outages = (): readonly BridgeHealth[] => reader.portals.health().filter(isOut);
	const keyOf = ({bot, account: login}: BridgeHealth): string => `${bot} ${login}`;

	/** heisenbridge says it to people only. */
	const reportIn = ({rid, bot}: ConsoleRoom, content: JsonObject): BridgeReport | undefined => {
		if (!isHeisenbridge(bot)) return parseBridgeReport(content);
		const network = reader.portals.portal(rid)?.network?.id;
		return network === undefined ? undefined : parseConnection(asString(content['body']) ?? '', network);
	};

	const look = (rids: readonly number[] | 'all'): void => {
		if (signal.aborted) return;
		try {
			const rooms = reader.portals.consoles().filter(({rid}) => rids === 'all' || rids.includes(rid));
			const reports = rooms.flatMap(room => {
				const {rid, bot} = room;
				return reader
					.timeline({rid, limit: newestMessages})
					.messages.filter(({sender, redactedBy}) => sender === bot && redactedBy === undefined)
					.flatMap(({content, timestamp}) => {
						const report = reportIn(room, content);
						return report === undefined ? [] : [{...report, bot, rid, since: timestamp}];
					});
			});
			if (reports.length === 0) return;
			const wasOut = new Set(outages().map(keyOf));
			const changed = account.write(() => reports.filter(report => bridgeHealth.note(report)));
			// What was so before is said where one writes, and in the inbox.
			const fresh = outages().filter(health => health.since > begin && !wasOut.has(keyOf(health)));
			for (const health of fresh) tellOutage(health, feed);
			for (const {bot, condition} of changed) if (condition === 'connected') receipts.noteConnected(bot);
			if (changed.length > 0)
				feed.changed(
					changed.map(({rid}) => rid),
					true,
				);
		} catch (error) {
			// A failed write ends the engine elsewhere; the room is read again with its next message.
			log.error('bridges', 'What bots say could not be read', {error});
		}
	};

	const unsubscribe = feed.subscribe(notice => {
		if (notice.kind === 'changed') look(notice.rids);
	});
	signal.addEventListener('abort', unsubscribe);
	look('all');
};
