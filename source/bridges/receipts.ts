/**
 * Which receipts tell a server, and the bridge behind it, what was read. Pure. Why bridges need more than one is in
 * docs/decisions/0021-receipts.md.
 */
import {isPollStart} from '../domain/poll.ts';
import type {JsonObject} from '../domain/json.ts';
import type {Portal} from '../domain/portal.ts';
import {
	mainSlot,
	unthreaded,
	type PlannedReceipt,
	type PortalReading,
	type ReadEvent,
	type Reading,
	type ReceiptType,
} from '../domain/receipt.ts';
import {protocolOf} from './protocols.ts';

/** Kinds of rooms that are chats. */
const chatKinds: ReadonlySet<Portal['kind']> = new Set(['direct', 'group', 'channel']);

/**
 * @param features content of `com.beeper.room_features`
 * @returns whether what is read in a room is to be told to its network by public receipts
 */
export const passesReceipts = (portal: Portal | undefined, features: JsonObject): portal is Portal =>
	portal?.trust === 'attested' &&
	chatKinds.has(portal.kind) &&
	protocolOf(portal.protocol).hasReceipts &&
	features['read_receipts'] !== false;

const displayedTypes: ReadonlySet<string> = new Set(['m.room.message', 'm.room.encrypted', 'm.sticker']);

/** Who does not count as somebody else. */
export type OwnSide = {readonly ownUserId: string; readonly bot: string | undefined};

/**
 * @param relation what replies of a thread have; none in the main timeline
 * @returns whether bridges know an event as a message that can be read. Of another one they make what they like: "all up to
 * now", or nothing.
 */
export const isReadable = (event: ReadEvent, {ownUserId, bot}: OwnSide, relation?: string): boolean =>
	(displayedTypes.has(event.type) || isPollStart(event.type)) &&
	!event.isState &&
	!event.isRedacted &&
	!event.isOwnGhost &&
	event.sender !== ownUserId &&
	event.sender !== bot &&
	event.relation === relation;

const once = (type: ReceiptType, slot: string, eventId: string): PlannedReceipt => ({
	type,
	slot,
	eventId,
	mustHeal: false,
});

/** Public receipts for a bridge. */
const forBridge = (
	{target, oldest, isFirst, hasUnreadThreads, hasOwnBehind}: PortalReading,
	{eventId, thread}: Reading,
): readonly PlannedReceipt[] => {
	if (thread !== undefined) return target === undefined ? [] : [once('m.read', thread, target)];
	const slot = hasUnreadThreads && !isFirst ? mainSlot : unthreaded;
	// Bridges ignore private receipts: this one only ends the count of the server.
	const rest = target === undefined || hasOwnBehind ? [once('m.read.private', slot, eventId)] : [];
	if (target === undefined) return rest;
	// A first receipt marks the last seconds before it only: it goes to the oldest message, and then there is where to begin.
	const first = isFirst && oldest !== undefined && oldest !== target ? [once('m.read', mainSlot, oldest)] : [];
	return [...first, {type: 'm.read', slot, eventId: target, mustHeal: true}, ...rest];
};

/** @returns what is to be sent when something was read, in this order. */
export const planReceipts = (reading: Reading): readonly PlannedReceipt[] => {
	const {mode, eventId, thread, portal} = reading;
	const marker = thread === undefined ? [once('m.fully_read', unthreaded, eventId)] : [];
	if (mode === 'off') return [...marker, once('local', thread ?? unthreaded, eventId)];
	if (mode === 'public' && portal !== undefined) return [...marker, ...forBridge(portal, reading)];
	return [...marker, once(mode === 'private' ? 'm.read.private' : 'm.read', thread ?? mainSlot, eventId)];
};

/** @returns the slot in which the server hands the same receipt on once more; none for one of a thread. */
export const otherSlot = (slot: string): string | undefined => {
	if (slot === unthreaded) return mainSlot;
	return slot === mainSlot ? unthreaded : undefined;
};
