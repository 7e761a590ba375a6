/** The messages of a room as its bridge means them: under the name of who wrote them, without what is only noise. */
import {asBridged, bridgedRoom, type BridgedRoom} from '../bridges/bridged-message.ts';
import type {Message} from '../domain/message.ts';
import type {AccountSource} from './account-source.ts';

/** @returns a function that looks at messages of a room; one that stays the same is the same object again */
export const createBridgedMessages = (
	source: Pick<AccountSource, 'portals'>,
): ((rid: number | undefined, messages: readonly Message[]) => readonly Message[]) => {
	let known: {readonly key: string; readonly room: BridgedRoom | undefined} = {key: '', room: undefined};
	let shown = new WeakMap<Message, Message>();

	const roomOf = (rid: number): BridgedRoom | undefined => {
		const portal = source.portals.portal(rid);
		if (portal?.bot === undefined) return undefined;
		const bots = source.portals.knownBots();
		const key = JSON.stringify([rid, portal, bots.get(portal.bot)]);
		if (key !== known.key) {
			known = {key, room: bridgedRoom(portal, bots)};
			shown = new WeakMap();
		}
		return known.room;
	};

	return (rid, messages) => {
		const room = rid === undefined ? undefined : roomOf(rid);
		if (room === undefined) return messages;
		return messages.map(message => {
			const before = shown.get(message);
			if (before !== undefined) return before;
			const next = asBridged(message, room);
			shown.set(message, next);
			return next;
		});
	};
};
