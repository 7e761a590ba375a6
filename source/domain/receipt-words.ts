/** Whom the person lets see what they have read: in account data, so that it holds on all devices. */
import {asObject, unsafeKeys, type JsonObject} from './json.ts';

/** Type of the account data. */
export const receiptsType = 'chat.mx.receipts';

/**
 * `public`: everybody in the room sees it, and a bridge hands it on; `private`: only the own devices do (client-server API
 * §Private read receipts); `off`: the server is told of no receipt.
 */
export const receiptModes = ['public', 'private', 'off'] as const;

export type ReceiptMode = (typeof receiptModes)[number];

export type ReceiptWords = {
	/** In chats of other networks. */
	readonly bridged: ReceiptMode;
	/** In rooms of Matrix. */
	readonly matrix: ReceiptMode;
	/** By id of the network. */
	readonly networks: ReadonlyMap<string, ReceiptMode>;
	/** By room id. */
	readonly rooms: ReadonlyMap<string, ReceiptMode>;
	/** The person knows that their contacts on other networks see what they have read. */
	readonly isTold: boolean;
};

/** What something is said of: all bridged chats, all rooms of Matrix, a network by its id, a room by its id. */
export type ReceiptScope =
	| {readonly kind: 'bridged' | 'matrix'}
	| {readonly kind: 'network' | 'room'; readonly id: string};

/** @returns the way of that name. */
export const receiptMode = (value: unknown): ReceiptMode | undefined => receiptModes.find(mode => mode === value);

const modesOf = (value: unknown): ReadonlyMap<string, ReceiptMode> =>
	new Map(
		Object.entries(asObject(value)).flatMap(([key, name]): readonly (readonly [string, ReceiptMode])[] => {
			const mode = receiptMode(name);
			return mode === undefined || unsafeKeys.has(key) ? [] : [[key, mode]];
		}),
	);

/** @returns what account data of `receiptsType` say; what makes no sense is left out. */
export const receiptWords = (content: JsonObject): ReceiptWords => ({
	bridged: receiptMode(content['bridged']) ?? 'public',
	matrix: receiptMode(content['matrix']) ?? 'public',
	networks: modesOf(content['networks']),
	rooms: modesOf(content['rooms']),
	isTold: content['is_told'] === true,
});

/** @returns the content with what is said. @param mode `undefined` takes it back */
export const withReceiptWord = (
	content: JsonObject,
	scope: ReceiptScope,
	mode: ReceiptMode | undefined,
): JsonObject => {
	if (!('id' in scope)) {
		const {[scope.kind]: _, ...others} = content;
		return mode === undefined ? others : {...others, [scope.kind]: mode};
	}
	const key = scope.kind === 'network' ? 'networks' : 'rooms';
	const {[scope.id]: _, ...others} = asObject(content[key]);
	return {...content, [key]: mode === undefined ? others : {...others, [scope.id]: mode}};
};

/** @returns the content with that the person knows. */
export const withReceiptsTold = (content: JsonObject): JsonObject => ({...content, is_told: true});

/** A room, as far as it matters here. */
export type ReceiptRoom = {
	readonly roomId: string;
	/** Id of the network, of a chat that is believed to be of one; else `undefined`. */
	readonly network: string | undefined;
	/** Receipts pass the bridge: only then a chat counts as bridged. */
	readonly isBridged: boolean;
	/** Somebody whom the person did not answer yet. */
	readonly isRequest: boolean;
};

/** What holds in a room, and which word says so; `request`: none, as the person did not answer yet. */
export type ReceiptRule = {readonly mode: ReceiptMode; readonly by: ReceiptScope['kind'] | 'request'};

/** @returns what holds in a room: what was said of the room, else nothing for a request, else what was said of its network, or of all. */
export const receiptRule = (words: ReceiptWords, room: ReceiptRoom): ReceiptRule => {
	const {roomId, network, isBridged, isRequest} = room;
	const ofRoom = words.rooms.get(roomId);
	if (ofRoom !== undefined) return {mode: ofRoom, by: 'room'};
	if (isRequest) return {mode: 'off', by: 'request'};
	const ofNetwork = network === undefined ? undefined : words.networks.get(network);
	if (ofNetwork !== undefined) return {mode: ofNetwork, by: 'network'};
	return isBridged ? {mode: words.bridged, by: 'bridged'} : {mode: words.matrix, by: 'matrix'};
};
