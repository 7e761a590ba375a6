/** Matrix identifiers: total parsers for what comes from the network, and helpful ones for what a person types. */
import {ExpectedError} from './errors.ts';

/** `@localpart:server` (Matrix spec §User identifiers). */
export type UserId = {readonly id: string; readonly localpart: string; readonly serverName: string};

/** `host` or `host:port` (Matrix spec §Server name). */
export type ServerName = {
	readonly name: string;
	/** DNS name, IPv4 address, or IPv6 address in brackets; in lower case. */
	readonly hostname: string;
	readonly port: number | undefined;
};

/** Where to sign in, and as whom if that was said. */
export type SignInTarget = {
	/** A server name with or without port, or the URL of a homeserver without a trailing slash. */
	readonly server: string;
	readonly localpart: string | undefined;
};

/** What a person may call a room: `@user:server`, `#alias:server`, `!room_id`, or a name to look up. */
export type ParsedRoomAddress =
	| {readonly kind: 'user'; readonly userId: string}
	| {readonly kind: 'alias'; readonly alias: string}
	| {readonly kind: 'roomId'; readonly roomId: string}
	| {readonly kind: 'name'; readonly name: string};

/** Every identifier is at most this many bytes of UTF-8 (Matrix spec §Size limits). */
const maximumBytes = 255;

// C0, DEL, C1 and the line separators never belong in an identifier; the spec forbids only NUL in some of them.
const controlPattern = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

const hasValidText = (text: string): boolean =>
	text.isWellFormed() && Buffer.byteLength(text) <= maximumBytes && !controlPattern.test(text);

const hostnamePattern = /^(?:[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]{2,45}\])$/;
const serverNamePattern = /^(?<hostname>\[[^\]]*\]|[^:]*)(?::(?<port>\d{1,5}))?$/;

/** @returns the parts of a server name, or `undefined` if `text` is none. */
export const parseServerName = (text: string): ServerName | undefined => {
	const {hostname = '', port} = serverNamePattern.exec(text)?.groups ?? {};
	if (!hasValidText(text) || !hostnamePattern.test(hostname)) return undefined;
	const portNumber = port === undefined ? undefined : Number(port);
	if (portNumber !== undefined && (portNumber < 1 || portNumber > 65_535)) return undefined;
	// The platform knows which bracketed addresses and which numbers with dots are addresses.
	const isAddress = URL.canParse(`https://${hostname}`);
	return isAddress ? {name: text, hostname: hostname.toLowerCase(), port: portNumber} : undefined;
};

/** Splits `sigil localpart : server` at the first colon; localparts never contain one. */
const splitIdentifier = (text: string, sigil: string): {localpart: string; serverName: string} | undefined => {
	if (!text.startsWith(sigil) || !hasValidText(text)) return undefined;
	const colon = text.indexOf(':');
	if (colon === -1) return undefined;
	const serverName = text.slice(colon + 1);
	return parseServerName(serverName) ? {localpart: text.slice(1, colon), serverName} : undefined;
};

/**
 * Accepts historical user ids too: any localpart without a colon or control character, even an empty one.
 * @returns the parts, or `undefined` if `text` is no user id.
 */
export const parseUserId = (text: string): UserId | undefined => {
	const parts = splitIdentifier(text, '@');
	return parts && {id: text, ...parts};
};

/** @returns what stands behind the first colon of a user id, an alias or an older room id; empty where there is none. */
export const serverNameOf = (id: string): string => {
	const colon = id.indexOf(':');
	return colon === -1 ? '' : id.slice(colon + 1);
};

/** @returns whether `text` is a room alias, `#localpart:server`. */
export const isRoomAlias = (text: string): boolean => (splitIdentifier(text, '#')?.localpart.length ?? 0) > 0;

/**
 * The part after `!` is opaque: up to room version 11 it ends in a server name, from version 12 on it is a hash
 * (MSC4291), and neither says anything about routing.
 * @returns whether `text` is a room id.
 */
export const isRoomId = (text: string): boolean => text.length > 1 && text.startsWith('!') && hasValidText(text);

/** @returns whether `text` is an event id: `$` and an opaque part, with a server name in room versions 1 and 2. */
export const isEventId = (text: string): boolean => text.length > 1 && text.startsWith('$') && hasValidText(text);

/**
 * Refuses everything that could leave the media path of the server, such as `..` (CVE-2024-50336).
 * @returns the parts of a `mxc://server/media` URI, or `undefined` (Matrix spec §Matrix Content URIs).
 */
export const parseContentUri = (text: string): {serverName: string; mediaId: string} | undefined => {
	const {serverName, mediaId} = /^mxc:\/\/(?<serverName>[^/]+)\/(?<mediaId>[\w-]+)$/.exec(text)?.groups ?? {};
	if (serverName === undefined || mediaId === undefined || mediaId.length > maximumBytes) return undefined;
	return parseServerName(serverName) ? {serverName, mediaId} : undefined;
};

/** @returns whether a host is this machine: the only kind that may be spoken to without TLS. */
export const isLoopbackHost = (hostname: string): boolean =>
	/^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname);

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

const parseHomeserverUrl = (text: string): string => {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url?.hostname) throw usage('This is not a valid URL of a homeserver.', 'Type it as https://matrix.example.org');
	if (url.username || url.password || url.search || url.hash) {
		throw usage(
			'The URL of a homeserver has no user name, password, query or fragment.',
			'Type only https://matrix.example.org and give the user name apart',
		);
	}
	if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
		throw usage('mx speaks to a homeserver only over https.', `Type it as https://${url.host}`);
	}
	return (url.origin + url.pathname).replace(/\/+$/, '');
};

/**
 * Understands what a person types to sign in: `example.org`, `localhost:8008`, `https://matrix.example.org`,
 * `@anna:example.org`, `@anna:[::1]:8008`.
 * @throws ExpectedError `usage` with the form to type.
 */
export const parseSignInTarget = (text: string): SignInTarget => {
	const trimmed = text.trim();
	if (trimmed.startsWith('@')) {
		const user = parseUserId(trimmed);
		if (!user?.localpart) throw usage('This is not a full user id.', 'Type it as @anna:example.org');
		return {server: user.serverName, localpart: user.localpart};
	}
	if (/^https?:\/\//i.test(trimmed)) return {server: parseHomeserverUrl(trimmed), localpart: undefined};
	if (!parseServerName(trimmed)) {
		throw usage(
			trimmed === '' ? 'The homeserver is missing.' : 'This is not the name of a homeserver.',
			'Type it as example.org, localhost:8008, https://matrix.example.org or @anna:example.org',
		);
	}
	return {server: trimmed, localpart: undefined};
};

// A version 12 room id is the URL-safe base64 of a SHA-256 hash; anything else without a server is a name with a "!".
const roomIdInput = /^!(?:[\w-]{43}|[^:]+:.+)$/;

/**
 * Tells which kind of room address a person typed; what looks like no identifier is a name, so `#general` and
 * `@home` are names while `#general:example.org` is an alias.
 * @throws ExpectedError `usage` if there is nothing to look up.
 */
export const parseRoomAddress = (text: string): ParsedRoomAddress => {
	const trimmed = text.trim();
	if (trimmed === '' || controlPattern.test(trimmed)) {
		throw usage(
			'This names no room and no person.',
			'Type @user:server, #alias:server, a room id, or the exact name of a room',
		);
	}
	if (parseUserId(trimmed)?.localpart) return {kind: 'user', userId: trimmed};
	if (isRoomAlias(trimmed)) return {kind: 'alias', alias: trimmed};
	if (isRoomId(trimmed) && roomIdInput.test(trimmed)) return {kind: 'roomId', roomId: trimmed};
	return {kind: 'name', name: trimmed};
};
