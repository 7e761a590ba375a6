/**
 * Splits the to-device messages of a sync response for the crypto. Of two keys of one Megolm session that it takes at once, it
 * keeps the one that came last (matrix-sdk-crypto compares a key only with what is stored): the messages before it could never be
 * read. Somebody shares a session again, from where it is by then, when this device has begun an Olm session of its own.
 */
import {asArray, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import type {SyncChanges} from './crypto-news.ts';

/** Each round takes the crypto some milliseconds; what is left behind so many comes at once. */
const mostRounds = 200;

/** @returns the Olm key of the device that sent an encrypted message. */
const senderKeyOf = (event: JsonObject): string | undefined =>
	event['type'] === 'm.room.encrypted' ? asString(asObject(event['content'])['sender_key']) : undefined;

/** @returns the messages in their order; in no round but perhaps the last are two of one device. */
export const toDeviceRounds = (events: readonly JsonObject[]): readonly (readonly JsonObject[])[] => {
	const rounds: JsonObject[][] = [[]];
	let senders = new Set<string>();
	for (const event of events) {
		const sender = senderKeyOf(event);
		if (sender !== undefined && senders.has(sender) && rounds.length < mostRounds) {
			rounds.push([]);
			senders = new Set();
		}
		if (sender !== undefined) senders.add(sender);
		rounds.at(-1)?.push(event);
	}
	return rounds;
};

/** @param take what the crypto does with changes. @returns what came of all messages, in their order */
export const takeInRounds = async <Changes extends SyncChanges, Taken>(
	take: (changes: Changes) => Promise<Taken[]>,
	changes: Changes,
): Promise<Taken[]> => {
	const [first = [], ...others] = toDeviceRounds(asArray(changes.toDeviceEvents).filter(isObject));
	const taken = await take({...changes, toDeviceEvents: first});
	for (const toDeviceEvents of others)
		taken.push(...(await take({toDeviceEvents, useMsc4186: true} as unknown as Changes)));
	return taken;
};
