/** Which bridges have a provisioning API: those that the server lists, and those that the person names. */
import {bridgesType, bridgeWords} from '../../domain/bridge-words.ts';
import {isLoopbackHost, parseUserId} from '../../domain/identifiers.ts';
import {asString} from '../../domain/json.ts';
import type {Homeserver} from '../../matrix/homeserver.ts';
import {requestJson} from '../../matrix/json-request.ts';
import {createProvisioningApi, listedApis, type ProvisioningApi} from '../../matrix/provisioning-calls.ts';
import type {Logger} from '../../store/log-file.ts';
import type {AccountStores} from '../account-stores.ts';

export type BridgeApiOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly stores: Pick<AccountStores, 'sdk'>;
	readonly homeserver: {readonly bridges: Pick<Homeserver['bridges'], 'openIdToken'>};
	readonly guardedFetch: typeof fetch;
	readonly log: Pick<Logger, 'info'>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

export type BridgeApis = {
	/** @param bot user id. @returns `undefined` where the bridge has no API, or it does not answer */
	readonly of: (bot: string) => Promise<ProvisioningApi | undefined>;
};

/** Milliseconds for which a bridge that has no API is not asked again. */
const absence = 300_000;

/** A token is asked for anew so many milliseconds before it ends. */
const margin = 60_000;

export const createBridgeApis = (options: BridgeApiOptions): BridgeApis => {
	const {userId, stores, guardedFetch, log, now} = options;
	/** By user id of the bot. */
	const known = new Map<string, ProvisioningApi>();
	/** When it was found that a bot has none, by its user id and the addresses that were known then. */
	const absent = new Map<string, number>();
	/** The addresses that the person had named when that was found. */
	let named: string | undefined;
	let token: {readonly value: string; readonly endsAt: number} | undefined;

	const tokenNow = async (): Promise<string> => {
		if (token === undefined || token.endsAt < now()) {
			const {token: value, lifetime} = await options.homeserver.bridges.openIdToken(userId);
			token = {value, endsAt: now() + lifetime - margin};
		}
		return token.value;
	};

	/** @returns what the server lists; a server that lists nothing has none */
	const listed = async (): Promise<readonly string[]> => {
		const serverName = parseUserId(userId)?.serverName ?? '';
		const host = serverName.replace(/:\d+$/, '');
		const scheme = isLoopbackHost(host) ? 'http' : 'https';
		try {
			const baseUrl = `${scheme}://${serverName}`;
			const {isOk, body} = await requestJson(guardedFetch, {baseUrl, path: '/.well-known/matrix/mautrix'});
			return isOk ? listedApis(body) : [];
		} catch (error) {
			log.info('bridges', 'The server does not list its bridges', {error});
			return [];
		}
	};

	/** @returns the bot that an address says it is of */
	const look = async (baseUrl: string): Promise<readonly [bot: string, api: ProvisioningApi] | undefined> => {
		try {
			const api = createProvisioningApi({baseUrl, userId, token: tokenNow, send: guardedFetch});
			const {isOk, status, body} = await api.whoami();
			const bot = asString(body['bridge_bot']);
			log.info('bridges', 'A bridge was asked what it is', {baseUrl, status, bot});
			return isOk && bot !== undefined ? [bot, api] : undefined;
		} catch (error) {
			log.info('bridges', 'A bridge did not answer', {baseUrl, error});
			return undefined;
		}
	};

	/** Any address may say that it is of any bot: of several it is none. */
	const lookAtAll = async (apis: readonly string[]): Promise<void> => {
		const claims = new Map<string, ProvisioningApi[]>();
		for (const baseUrl of new Set([...apis, ...(await listed())])) {
			const [bot, api] = (await look(baseUrl)) ?? [];
			if (bot !== undefined && api !== undefined) claims.set(bot, [...(claims.get(bot) ?? []), api]);
		}
		known.clear();
		for (const [bot, [api, ...others]] of claims) {
			if (api !== undefined && others.length === 0) known.set(bot, api);
			else log.info('bridges', 'Several addresses say that they are of one bridge: none is used', {bot});
		}
	};

	return {
		async of(bot) {
			const {apis} = bridgeWords(stores.sdk.accountDataOf(bridgesType));
			// What the person said of them has changed.
			if (named !== apis.join(' ')) known.clear();
			named = apis.join(' ');
			const place = [bot, ...apis].join(' ');
			const isAbsent = now() - (absent.get(place) ?? Number.NEGATIVE_INFINITY) < absence;
			if (!known.has(bot) && !isAbsent) {
				await lookAtAll(apis);
				if (!known.has(bot)) absent.set(place, now());
			}
			return known.get(bot);
		},
	};
};
