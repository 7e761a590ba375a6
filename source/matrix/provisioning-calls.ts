/** The provisioning API of mautrix bridges (bridgev2/matrix/provisioning.go), with a token of OpenID: never with the account's own. */
import {asArray, asObject, asString, type JsonObject} from '../domain/json.ts';
import {requestJson, type JsonAnswer} from './json-request.ts';

/** A failure that the bridge told. */
export type ProvisioningAnswer = JsonAnswer;

export type ProvisioningOptions = {
	/** Base URL of the bridge's API, for example `https://bridge.example.org`. */
	readonly baseUrl: string;
	/** The account's own. */
	readonly userId: string;
	/** A token of OpenID (client-server API §OpenID). */
	readonly token: () => Promise<string>;
	/** A guarded fetch. */
	readonly send: typeof fetch;
};

export type ProvisioningApi = ReturnType<typeof createProvisioningApi>;

/** A step of a sign-in: of which one, its id, and what kind of step it is. */
export type ProvisioningStep = {readonly process: string; readonly id: string; readonly kind: string};

const part = encodeURIComponent;

export const createProvisioningApi = ({baseUrl, userId, token, send}: ProvisioningOptions) => {
	const ask = async (
		method: 'GET' | 'POST',
		path: string,
		more: {readonly body?: JsonObject; readonly query?: string | undefined; readonly signal?: AbortSignal} = {},
	): Promise<ProvisioningAnswer> =>
		requestJson(send, {
			baseUrl,
			path: `/_matrix/provision/v3/${path}?user_id=${part(userId)}${more.query ?? ''}`,
			method,
			body: more.body ?? (method === 'POST' ? {} : undefined),
			accessToken: `openid:${await token()}`,
			signal: more.signal,
		});
	const ofLogin = (account: string | undefined): string => (account === undefined ? '' : `&login_id=${part(account)}`);

	return {
		whoami: async () => ask('GET', 'whoami'),
		flows: async () => ask('GET', 'login/flows'),
		/** @param account id of a login that is renewed */
		start: async (flow: string, account?: string) =>
			ask('POST', `login/start/${part(flow)}`, {query: ofLogin(account)}),
		/** Gives what was asked for, or waits until what is shown was scanned. */
		step: async ({process, id, kind}: ProvisioningStep, body: JsonObject, signal: AbortSignal) =>
			ask('POST', `login/step/${part(process)}/${part(id)}/${part(kind)}`, {body, signal}),
		logout: async (account: string) => ask('POST', `logout/${part(account)}`),
		contacts: async (account?: string) => ask('GET', 'contacts', {query: ofLogin(account)}),
		resolve: async (identifier: string, account?: string) =>
			ask('GET', `resolve_identifier/${part(identifier)}`, {query: ofLogin(account)}),
		createChat: async (identifier: string, account?: string) =>
			ask('POST', `create_dm/${part(identifier)}`, {query: ofLogin(account)}),
	};
};

/** @returns the base URLs that a server tells of its bridges (`/.well-known/matrix/mautrix`). */
export const listedApis = (wellKnown: JsonObject): readonly string[] =>
	asArray(wellKnown['fi.mau.bridges']).flatMap(value => {
		const url = asString(value) ?? asString(asObject(value)['url']);
		return url !== undefined && URL.canParse(url) ? [url.replace(/\/+$/, '')] : [];
	});
