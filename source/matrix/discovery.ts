/** From what a person typed to the address of a homeserver that answers, and what it offers for signing in. */
import {ExpectedError} from '../domain/errors.ts';
import {isLoopbackHost, parseServerName} from '../domain/identifiers.ts';
import {asArray, asObject, asString, parseJson} from '../domain/json.ts';
import {requestJson} from './json-request.ts';
import {toExpectedError} from './expected-errors.ts';
import {classifyAnswer, classifyFailure, NetworkError} from './network-errors.ts';

/** A homeserver that answered. */
export type Homeserver = {
	/** Without a trailing slash; https, or http to this machine. */
	readonly baseUrl: string;
	/** The name that was asked for; the real one is in the user id after signing in. */
	readonly serverName: string;
	/** Versions of the specification, such as `v1.11`. */
	readonly versions: readonly string[];
	readonly unstableFeatures: Readonly<Record<string, boolean>>;
};

/** Ways to sign in that a homeserver offers (client-server API §Login). */
export type LoginFlows = {readonly isPasswordOffered: boolean; readonly types: readonly string[]};

const largestWellKnown = 64 * 1024;
const mostRedirects = 5;

/**
 * Accepts what a `.well-known` file or the answer to a sign-in names as the homeserver: https without user name,
 * query or fragment. Plain http is accepted only from a server that is this machine too, so that no server can send
 * a password to a port of the machine it is typed on.
 * @returns the URL without a trailing slash, or `undefined`.
 */
export const parseBaseUrl = (value: unknown, isFromLoopback: boolean): string | undefined => {
	const text = asString(value);
	if (text === undefined || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	const isSafe =
		url.protocol === 'https:' || (url.protocol === 'http:' && isFromLoopback && isLoopbackHost(url.hostname));
	if (!isSafe || url.username || url.password || url.search || url.hash) return undefined;
	return (url.origin + url.pathname).replace(/\/+$/, '');
};

/** Follows redirects by hand, because none may leave https (spec §Well-known URI allows them). */
const fetchWellKnown = async (hostname: string, send: typeof fetch): Promise<Response | undefined> => {
	let url = new URL(`https://${hostname}/.well-known/matrix/client`);
	for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
		const response = await send(url, {redirect: 'manual', headers: {accept: 'application/json'}});
		if (response.status < 300 || response.status >= 400) return response.ok ? response : undefined;
		const location = response.headers.get('location');
		await response.body?.cancel();
		if (location === null || !URL.canParse(location, url)) return undefined;
		url = new URL(location, url);
		if (url.protocol !== 'https:') return undefined;
	}
	return undefined;
};

/**
 * A file that is missing, broken, too large, or a web page counts as none: many sites answer every path with a page.
 * @returns the base URL that the server's owner published, if there is one.
 * @throws NetworkError if the host cannot be reached at all.
 */
const readWellKnown = async (hostname: string, send: typeof fetch): Promise<string | undefined> => {
	let text: string;
	try {
		text = (await (await fetchWellKnown(hostname, send))?.text()) ?? '';
	} catch (error) {
		const {kind} = classifyFailure(error);
		if (kind === 'captive-portal' || kind === 'server-error' || kind === 'too-large') return undefined;
		throw error;
	}
	if (text.length > largestWellKnown) return undefined;
	return parseBaseUrl(asObject(asObject(parseJson(text))['m.homeserver'])['base_url'], isLoopbackHost(hostname));
};

const notMatrix = (baseUrl: string): ExpectedError =>
	new ExpectedError({
		message: `${new URL(baseUrl).host} answers, but it is not a Matrix homeserver.`,
		next: 'Check the spelling of the server name',
		reason: 'error',
	});

/** @throws NetworkError if nothing answers there, ExpectedError if it is no homeserver. */
const readVersions = async (baseUrl: string, send: typeof fetch): Promise<Omit<Homeserver, 'serverName'>> => {
	const answer = await requestJson(send, {baseUrl, path: '/_matrix/client/versions'});
	if (!answer.isOk) {
		// A page of any other server says "no such page"; a homeserver that is out of order says 5xx.
		throw answer.status >= 500 || answer.status === 429 ? new NetworkError(classifyAnswer(answer)) : notMatrix(baseUrl);
	}
	const versions = asArray(answer.body['versions']).filter(version => typeof version === 'string');
	if (versions.length === 0) throw notMatrix(baseUrl);
	const features = Object.entries(asObject(answer.body['unstable_features'])).map(
		([name, value]) => [name, value === true] as const,
	);
	return {baseUrl, versions, unstableFeatures: Object.fromEntries(features)};
};

/**
 * The places to ask, best first. A person who types a port means that port; a port in a user id belongs to federation,
 * so the published address is the second try. On this machine plain http comes first.
 */
async function* candidates(server: string, send: typeof fetch): AsyncGenerator<string> {
	if (/^https?:\/\//.test(server)) {
		yield server;
		return;
	}
	const {hostname = server, port} = parseServerName(server) ?? {};
	if (isLoopbackHost(hostname)) yield `http://${server}`;
	if (port !== undefined) yield `https://${server}`;
	if (port !== undefined && isLoopbackHost(hostname)) return;
	const published = await readWellKnown(hostname, send);
	yield published ?? `https://${hostname}`;
}

/**
 * Finds the homeserver behind a server name, `host:port` or URL (client-server API §Server discovery).
 * @param server As `parseSignInTarget` gives it.
 * @param send A guarded fetch.
 * @throws ExpectedError with one sentence about the last place that was asked.
 */
export const discoverHomeserver = async (server: string, send: typeof fetch): Promise<Homeserver> => {
	const serverName = /^https?:\/\//.test(server) ? new URL(server).host : server;
	let failure: unknown;
	try {
		for await (const baseUrl of candidates(server, send)) {
			try {
				return {...(await readVersions(baseUrl, send)), serverName};
			} catch (error) {
				// Of several failures the first says most: it is the address that was typed.
				failure ??= error;
			}
		}
	} catch (error) {
		failure ??= error;
	}
	throw toExpectedError(failure, `reach ${serverName}`);
};

const nameOfFlow: ReadonlyMap<string, string> = new Map([
	['m.login.sso', 'a web page (single sign-on)'],
	['m.login.token', 'a one-time token'],
	['m.login.application_service', 'a bridge'],
]);

const readFlows = async (baseUrl: string, send: typeof fetch): Promise<LoginFlows> => {
	const answer = await requestJson(send, {baseUrl, path: '/_matrix/client/v3/login'});
	// A server that delegates all signing in to OAuth has no such endpoint (spec 1.15).
	if (!answer.isOk && answer.status !== 404) throw new NetworkError(classifyAnswer(answer));
	const types = asArray(answer.body['flows']).map(flow => asString(asObject(flow)['type']) ?? '');
	return {isPasswordOffered: types.includes('m.login.password'), types: types.filter(Boolean)};
};

/**
 * Asks how one may sign in.
 * @param homeserver Where `discoverHomeserver` found the server.
 * @throws ExpectedError that names what the server offers, if it takes no password.
 */
export const checkPasswordLogin = async (
	{baseUrl, serverName}: Pick<Homeserver, 'baseUrl' | 'serverName'>,
	send: typeof fetch,
): Promise<LoginFlows> => {
	let flows: LoginFlows;
	try {
		flows = await readFlows(baseUrl, send);
	} catch (error) {
		throw toExpectedError(error, `ask ${serverName} how to sign in`);
	}
	if (flows.isPasswordOffered) return flows;
	const offered = flows.types.map(type => nameOfFlow.get(type) ?? type);
	throw new ExpectedError({
		message: `${serverName} takes no password; it signs people in by ${offered.join(' or ') || 'a web page (OAuth)'}.`,
		next: 'This version of mx can sign in only with a password',
		reason: 'refused',
	});
};
