/**
 * A network like Signal for tests, in memory: it marks as read what lies between the last receipt and a new one. The first
 * receipt in a chat marks only what came in the five seconds before it, as in mautrix (handlematrix.go, `ReadUpTo-5s`).
 */
import {asInteger, asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import type {startFixtureBridge} from './fixture-bridge.ts';

/** Milliseconds that a first receipt reaches back. */
const firstReach = 5000;

type SentMessage = {
	readonly roomId: string;
	readonly eventId: string;
	/** Milliseconds since the Unix epoch, by the network. */
	readonly time: number;
	isRead: boolean;
};

/** @param reader user id of who reads on Matrix */
export const startMemoryNetwork = (bridge: Awaited<ReturnType<typeof startFixtureBridge>>, reader: string) => {
	const messages = new Map<string, SentMessage>();
	/** What the bridge keeps over a restart: how far each chat is read. */
	const lastRead = new Map<string, number>();
	/** Receipts of the reader as they came, and those that came in vain: `type event`. */
	const taken: string[] = [];
	const lost: string[] = [];
	const waiters: Array<() => void> = [];

	const readUpTo = (roomId: string, time: number): void => {
		const from = lastRead.get(roomId) ?? time - firstReach;
		for (const message of messages.values())
			if (message.roomId === roomId && message.time > from && message.time <= time) message.isRead = true;
		lastRead.set(roomId, Math.max(from, time));
	};

	/** @returns what the reader has read, by an ephemeral event. */
	const receiptsOf = (event: JsonObject): ReadonlyArray<readonly [eventId: string, type: string, time: number]> => {
		if (event['type'] !== 'm.receipt') return [];
		return Object.entries(asObject(event['content'])).flatMap(([eventId, types]) =>
			Object.entries(asObject(types)).flatMap(([type, people]) => {
				const receipt = asObject(people)[reader];
				return receipt === undefined ? [] : [[eventId, type, asInteger(asObject(receipt)['ts']) ?? 0] as const];
			}),
		);
	};

	const wake = (): void => {
		for (const each of waiters.splice(0)) each();
	};

	bridge.onEphemeral(
		event => {
			for (const [eventId, type, time] of receiptsOf(event)) {
				taken.push(`${type} ${eventId}`);
				// Bridges take no private receipts (mautrix-go bridgev2/portal.go); of an event that they do not know, its time counts.
				if (type === 'm.read') readUpTo(asString(event['room_id']) ?? '', messages.get(eventId)?.time ?? time);
			}
			wake();
		},
		event => {
			for (const [eventId, type] of receiptsOf(event)) lost.push(`${type} ${eventId}`);
			wake();
		},
	);

	return {
		taken: (): readonly string[] => taken,
		lost: (): readonly string[] => lost,
		/** Somebody writes on the network. @param ago milliseconds @returns the event id */
		async write(ghost: string, roomId: string, {body, ago = 0}: {readonly body: string; readonly ago?: number}) {
			const eventId = await bridge.say(ghost, roomId, body);
			messages.set(eventId, {roomId, eventId, time: Date.now() - ago, isRead: false});
			return eventId;
		},
		/** @returns the event ids of what the phone shows as not read, in the order in which it came. */
		unread: (): readonly string[] => [...messages.values()].flatMap(({eventId, isRead}) => (isRead ? [] : [eventId])),
		/** Waits until something holds that receipts change. @param timeout milliseconds */
		async until(test: () => boolean, what: string, timeout = 60_000): Promise<void> {
			const deadline = performance.now() + timeout;
			while (!test()) {
				const left = deadline - performance.now();
				if (left <= 0) throw new Error(`The phone waited in vain until ${what}: ${JSON.stringify({taken, lost})}`);
				const next = Promise.withResolvers<void>();
				waiters.push(next.resolve);
				const timer = setTimeout(next.resolve, left);
				await next.promise;
				clearTimeout(timer);
			}
		},
	};
};
