/** How a login of a bridge is: what its bot says by machine in the room with it (`fi.mau.bridge_state`, mautrix status.BridgeState). */
import {asObject, asString, type JsonObject} from './json.ts';

/**
 * `connecting`: it gets better by itself; `disconnected`: it was ended, and is begun again by a word; `logged-out`: only signing in
 * again helps; `failed`: somebody has to look.
 */
export type BridgeCondition = 'connected' | 'connecting' | 'disconnected' | 'logged-out' | 'failed';

/** What helps, as the bridge says. */
export type BridgeRemedy = 'connect' | 'relogin' | 'restart' | 'open-native';

/** What a bot says of a login. All strings are untrusted text. */
export type BridgeReport = {
	/** Id of the login at the other network; empty where it is of the bridge as a whole. */
	readonly account: string;
	/** What the person is called there: a number, a name. */
	readonly name: string | undefined;
	readonly condition: BridgeCondition;
	/** The state as the bridge calls it, in small letters: `bad_credentials`. */
	readonly state: string;
	/** A code for machines. */
	readonly error: string | undefined;
	/** A sentence for people. */
	readonly message: string | undefined;
	readonly remedy: BridgeRemedy | undefined;
};

/** How a login is, as its bot said last. */
export type BridgeHealth = BridgeReport & {
	/** User id of the bot. */
	readonly bot: string;
	/** Id of the network in the registry (`bridges/protocols.ts`). */
	readonly protocol: string;
	/** Of the room with the bot. */
	readonly rid: number;
	/** Milliseconds since the Unix epoch, server time. */
	readonly since: number;
};

/** A login of which its bot has said nothing: most speak of trouble only. */
export type QuietLogin = Pick<BridgeHealth, 'bot' | 'protocol' | 'account' | 'name'>;

/** Type of the key in the content of a message. */
const stateKey = 'fi.mau.bridge_state';

const conditions: ReadonlyMap<string, BridgeCondition> = new Map([
	['STARTING', 'connecting'],
	['UNCONFIGURED', 'logged-out'],
	['RUNNING', 'connected'],
	['CONNECTING', 'connecting'],
	['BACKFILLING', 'connected'],
	['CONNECTED', 'connected'],
	['TRANSIENT_DISCONNECT', 'connecting'],
	['BAD_CREDENTIALS', 'logged-out'],
	['UNKNOWN_ERROR', 'failed'],
	['LOGGED_OUT', 'logged-out'],
	['BRIDGE_UNREACHABLE', 'failed'],
]);

const remedies: ReadonlyMap<string, BridgeRemedy> = new Map([
	['RELOGIN', 'relogin'],
	['RESTART', 'restart'],
	['OPEN_NATIVE', 'open-native'],
]);

const wordOf = (value: unknown): string | undefined => {
	const text = asString(value)?.trim();
	return text === undefined || text === '' ? undefined : text.slice(0, 500);
};

/** @returns what a message says of a login; `undefined` for one that says nothing by machine. @param content of the message */
export const parseBridgeReport = (content: JsonObject): BridgeReport | undefined => {
	const said = asObject(content[stateKey]);
	const state = asString(said['state_event']);
	const condition = conditions.get(state ?? '');
	if (state === undefined || condition === undefined) return undefined;
	const remedy = remedies.get(asString(said['user_action']) ?? '');
	return {
		account: wordOf(said['remote_id']) ?? '',
		name: wordOf(said['remote_name']),
		condition,
		state: state.toLowerCase(),
		error: wordOf(said['error']),
		message: wordOf(said['message']) ?? wordOf(said['reason']),
		// Bridges of before 2025 name no remedy.
		remedy: remedy ?? (condition === 'logged-out' ? 'relogin' : undefined),
	};
};

/** @returns whether something is to be done, or waited for. */
export const isTroubled = ({condition}: Pick<BridgeReport, 'condition'>): boolean => condition !== 'connected';

/** @returns whether nothing that is written over a login arrives until somebody does something. */
export const isOut = ({condition}: Pick<BridgeReport, 'condition'>): boolean =>
	condition === 'disconnected' || condition === 'logged-out' || condition === 'failed';

/** @returns whether the person has it in their hands: by signing in, or connecting again. */
export const isCurable = ({remedy}: Pick<BridgeReport, 'remedy'>): boolean =>
	remedy === 'relogin' || remedy === 'connect';
