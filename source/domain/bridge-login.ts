/** A sign-in at another network through its bridge, and what else a bridge does when it is asked: part of `Session`. */
import type {BridgeHealth, QuietLogin} from './bridge-health.ts';
import type {JsonObject} from './json.ts';
import type {RoomRow} from './room.ts';

/** Something that the bridge wants to know. All strings are untrusted text. */
export type LoginField = {
	readonly id: string;
	readonly name: string;
	readonly description: string | undefined;
	/** A password, cookies: never shown, never kept. */
	readonly isSecret: boolean;
	/** What may be answered; anything where there are none. */
	readonly options: readonly {readonly id: string; readonly name: string}[];
};

/** What is to be scanned or typed on the phone. */
export type LoginDisplay = {readonly kind: 'qr' | 'code'; readonly data: string};

/** How a sign-in stands. All strings are untrusted text. */
export type BridgeLogin = {
	readonly id: string;
	/** Counts up with each change. */
	readonly version: number;
	/** Id of the registry. */
	readonly protocol: string;
	/** User id of the bridge's bot. */
	readonly bot: string;
	/** Through the bridge's provisioning API, or by talking to its bot; or there is nothing but to connect. */
	readonly way: 'api' | 'chat' | 'connection';
	/** What the bridge has said, oldest first. */
	readonly said: readonly string[];
	readonly display: LoginDisplay | undefined;
	/** What the bridge wants to know now. */
	readonly fields: readonly LoginField[];
	readonly outcome: 'done' | 'failed' | undefined;
	/** What the person has to look after, in a sentence of mx: a secret that could not be removed. */
	readonly warning?: string | undefined;
};

/** Somebody on another network. All strings are untrusted text. */
export type BridgeContact = {
	readonly id: string;
	readonly name: string | undefined;
	/** `tel:+49…`, `mailto:…`, a user name. */
	readonly identifiers: readonly string[];
	/** User id of their ghost. */
	readonly ghost: string | undefined;
	/** Id of the room with them, if there is one. */
	readonly roomId: string | undefined;
};

/** Which bridge: id of a network, or user id of a bot where a network has several. */
type BridgeChoice = {readonly bridge: string};

/** Each may fail with an ExpectedError: `notFound` where there is no such bridge, `refused`, `network`. */
export type BridgeLoginRequests = {
	/** How the logins of bridges are, as their bots said last, and which there are besides. */
	bridgeHealth(
		request: JsonObject,
	): Promise<{readonly health: readonly BridgeHealth[]; readonly quiet: readonly QuietLogin[]}>;
	/**
	 * Begins to sign in.
	 * @param request.flow how, where the bridge has several ways: `qr`, `phone` …
	 * @param request.account id of a login that is to be renewed
	 */
	startBridgeLogin(
		request: BridgeChoice & {readonly flow?: string | undefined; readonly account?: string | undefined},
	): Promise<BridgeLogin>;
	/** Waits until a sign-in is of another version than `seen`, or some time has passed. */
	bridgeLogin(request: {readonly id: string; readonly seen?: number | undefined}): Promise<BridgeLogin>;
	/** Answers what a bridge wants to know. @param request.answers by the ids of the fields */
	answerBridgeLogin(request: {
		readonly id: string;
		readonly answers: Readonly<Record<string, string>>;
	}): Promise<BridgeLogin>;
	/** Gives a sign-in up. */
	stopBridgeLogin(request: {readonly id: string}): Promise<JsonObject>;
	/** Signs out at the other network. @param request.account id of the login, where there are several */
	bridgeLogout(
		request: BridgeChoice & {readonly account?: string | undefined},
	): Promise<{readonly said: readonly string[]}>;
	/** People that the bridge knows. @param request.query a part of a name; all without */
	bridgeContacts(
		request: BridgeChoice & {readonly query?: string | undefined},
	): Promise<{readonly contacts: readonly BridgeContact[]}>;
	/** The direct chat with somebody on another network, which is made if needed. @param request.identifier a number, a user name */
	bridgeChat(request: BridgeChoice & {readonly identifier: string}): Promise<{readonly room: RoomRow}>;
};

/** The method names of this part. */
export const bridgeLoginMethods = [
	'bridgeHealth',
	'startBridgeLogin',
	'bridgeLogin',
	'answerBridgeLogin',
	'stopBridgeLogin',
	'bridgeLogout',
	'bridgeContacts',
	'bridgeChat',
] as const satisfies readonly (keyof BridgeLoginRequests)[];
