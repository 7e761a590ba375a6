/** What can be asked of an account about its bridges: part of `Session`. */
import {bridgeLoginMethods, type BridgeLoginRequests} from './bridge-login.ts';
import type {JsonObject} from './json.ts';
import type {Detection, KnownBridge} from './portal.ts';
import type {RoomRow} from './room.ts';
import type {RoomAddress, SendReceipt} from './sending.ts';

/** @throws ExpectedError `usage`, `notFound`, `ambiguous` */
type RoomChoice = {readonly room: RoomAddress; readonly pick?: number | undefined};

export type BridgeRequests = BridgeLoginRequests & {
	/** What a room is found to be, with every sign for and against.  */
	whyBridged(request: RoomChoice): Promise<Detection & {readonly room: RoomRow}>;
	/** The bridges whose bots share a room with the account. */
	bridges(request: JsonObject): Promise<{readonly bridges: readonly KnownBridge[]}>;
	/**
	 * Says, on all devices, whether a bot is believed; it comes before what the server says.
	 * @param request.isTrusted `undefined` takes back what was said
	 * @param request.protocol id of its network, where its rooms do not say so
	 */
	trustBot(request: {
		readonly userId: string;
		readonly isTrusted?: boolean | undefined;
		readonly protocol?: string | undefined;
	}): Promise<JsonObject>;
	/** Says, on all devices, that somebody is the person themselves as a bridge has them, or takes it back. */
	setOwnGhost(request: {readonly userId: string; readonly isMe: boolean}): Promise<JsonObject>;
	/** Sends a message once more that a bridge did not pass on; the new one takes its place. */
	resend(request: {readonly roomId: string; readonly eventId: string}): Promise<SendReceipt>;
	/** Says, on all devices, which network a room is of. @param request.protocol its id, `matrix` for none; `undefined`: as it is found */
	setNetwork(request: RoomChoice & {readonly protocol?: string | undefined}): Promise<{readonly room: RoomRow}>;
	/** Says, on all devices, whether invitations of bridges that are certain are accepted by themselves, as they are without a word. */
	setPortalInvitations(request: {readonly isAskedFirst: boolean}): Promise<JsonObject>;
	/**
	 * Names, on all devices, the base URL of the provisioning API of a bridge, which the server does not list; or takes it back.
	 * @returns user id of the bot whose bridge answers there, if it is named. @throws ExpectedError `bridge` where none does
	 */
	setBridgeApi(request: {readonly url: string; readonly isUsed: boolean}): Promise<{readonly bot?: string | undefined}>;
};

/** The method names of this part. */
export const bridgeMethods = [
	'whyBridged',
	'bridges',
	'trustBot',
	'setOwnGhost',
	'setNetwork',
	'setPortalInvitations',
	'resend',
	'setBridgeApi',
	...bridgeLoginMethods,
] as const satisfies readonly (keyof BridgeRequests)[];
