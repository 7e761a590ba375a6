/** Which bridges have a provisioning API: those that the server lists, and those that the person names. */
import {bridgesType, bridgeWords} from '../../domain/bridge-words.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {isLoopbackHost, parseUserId} from '../../domain/identifiers.ts';
import {asString} from '../../domain/json.ts';
import {toExpectedError} from '../../matrix/expected-errors.ts';
import type {Homeserver} from '../../matrix/homeserver.ts';
import {requestJson} from '../../matrix/json-request.ts';
import {classifyFailure} from '../../matrix/network-errors.ts';
import {
	createProvisioningApi,
	listedApis,
	type ProvisioningAnswer,
	type ProvisioningApi,
} from '../../matrix/provisioning-calls.ts';
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
	/** @param baseUrl an address. @returns the bot whose bridge answers there. @throws ExpectedError `bridge` where none does */
	readonly botAt: (baseUrl: string) => Promise<string>;
};

/** Milliseconds for which a bridge that has no API is not asked again. */
const absence = 300_000;

/** A token is asked for anew so many milliseconds before it ends. */
const margin = 60_000;

const notNoted = (baseUrl: string, why: string, next: string): ExpectedError =>
	new ExpectedError({message: `${baseUrl} was not noted: ${why}.`, next, reason: 'bridge'});

const noApi = (baseUrl: string): ExpectedError =>
	notNoted(
		baseUrl,
		'what answers there is not the API of a bridge',
		'Name the address before /_matrix/provision, as the bridge has it in its configuration.',
	);

/** @param why it does not answer */
const noBridge = (baseUrl: string, why: string): ExpectedError =>
	notNoted(baseUrl, why, 'Is the bridge running, and is this the address of its API? Say it again then.');

/** @returns the bot that an answer to `whoami` names. @throws ExpectedError `bridge` */
const requireBot = (baseUrl: string, {isOk, status, body}: ProvisioningAnswer): string => {
	const bot = asString(body['bridge_bot']);
	if (isOk && bot !== undefined) return bot;
	if (status >= 500) throw noBridge(baseUrl, `the server there has a problem of its own (status ${status})`);
	const refusal = status === 401 || status === 403 ? asString(body['error']) : undefined;
	if (refusal === undefined) throw noApi(baseUrl);
	throw notNoted(
		baseUrl,
		`the bridge refuses, and says "${refusal}"`,
		'Is it a bridge of your homeserver, and may you use it?',
	);
};

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

	const apiAt = (baseUrl: string): ProvisioningApi =>
		createProvisioningApi({baseUrl, userId, token: tokenNow, send: guardedFetch});

	/** @returns the bot that an address says it is of */
	const look = async (baseUrl: string): Promise<readonly [bot: string, api: ProvisioningApi] | undefined> => {
		try {
			const api = apiAt(baseUrl);
			const {isOk, status, body} = await api.whoami();
			const bot = asString(body['bridge_bot']);
			log.info('bridges', 'A bridge was asked what it is', {baseUrl, status, bot});
			return isOk && bot !== undefined ? [bot, api] : undefined;
		} catch (error) {
			log.info('bridges', 'A bridge did not answer', {baseUrl, error});
			return undefined;
		}
	};

	/** What the person has named, and what the server lists. */
	const addresses = async (): Promise<ReadonlySet<string>> =>
		new Set([...bridgeWords(stores.sdk.accountDataOf(bridgesType)).apis, ...(await listed())]);

	/** Any address may say that it is of any bot: of several it is none. */
	const lookAtAll = async (): Promise<void> => {
		const claims = new Map<string, ProvisioningApi[]>();
		for (const baseUrl of await addresses()) {
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
				await lookAtAll();
				if (!known.has(bot)) absent.set(place, now());
			}
			return known.get(bot);
		},
		async botAt(baseUrl) {
			try {
				await tokenNow();
			} catch (error) {
				throw toExpectedError(error, 'prove to a bridge who you are');
			}
			let answer: ProvisioningAnswer;
			try {
				answer = await apiAt(baseUrl).whoami();
			} catch (error) {
				const {kind, message} = classifyFailure(error);
				throw kind === 'captive-portal' ? noApi(baseUrl) : noBridge(baseUrl, message);
			}
			const bot = requireBot(baseUrl, answer);
			for (const other of await addresses()) {
				// Of several addresses that say that they are of one bot, none would be used.
				if (other === baseUrl || (await look(other))?.[0] !== bot) continue;
				throw notNoted(baseUrl, `${bot} answers at ${other} already`, `mx bridge no-api ${other} forgets that one.`);
			}
			return bot;
		},
	};
};
