/** Links to rooms and people: matrix.to and matrix: (Matrix spec appendices §Linking to Matrix things). */
import {isRoomAlias, isRoomId, parseServerName, parseUserId} from './identifiers.ts';

/** What a link leads to. */
export type MatrixLink = {
	/** User id, room id or alias. */
	readonly id: string;
	readonly eventId: string | undefined;
	/** Servers to join by. */
	readonly servers: readonly string[];
};

const maximumServers = 10;

const decode = (text: string): string | undefined => {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
};

const linkOf = (id: string | undefined, eventId: string | undefined, query: string): MatrixLink | undefined => {
	if (id === undefined || !(isRoomId(id) || isRoomAlias(id) || parseUserId(id)?.localpart)) return undefined;
	const servers = new URLSearchParams(query).getAll('via').filter(server => parseServerName(server) !== undefined);
	return {id, eventId: eventId?.startsWith('$') ? eventId : undefined, servers: servers.slice(0, maximumServers)};
};

const sigils: Readonly<Record<string, string>> = {r: '#', roomid: '!', u: '@', room: '#', user: '@'};

/** @returns where a link leads; `undefined` for what is none. A bare id or alias is none either. */
export const parseMatrixLink = (text: string): MatrixLink | undefined => {
	const trimmed = text.trim();
	const web = /^https?:\/\/matrix\.to\/#\/(?<id>[^/?]+)(?:\/(?<event>[^?]*))?(?:\?(?<query>.*))?$/i.exec(
		trimmed,
	)?.groups;
	if (web !== undefined) return linkOf(decode(web['id'] ?? ''), decode(web['event'] ?? ''), web['query'] ?? '');
	const uri = /^matrix:(?<kind>[a-z]+)\/(?<id>[^/?]+)(?:\/e\/(?<event>[^/?]+))?(?:\?(?<query>.*))?$/i.exec(
		trimmed,
	)?.groups;
	if (uri === undefined) return undefined;
	const sigil = sigils[uri['kind']?.toLowerCase() ?? ''];
	const id = decode(uri['id'] ?? '');
	if (sigil === undefined || id === undefined) return undefined;
	const event = uri['event'];
	return linkOf(sigil + id, event === undefined ? undefined : `$${decode(event) ?? ''}`, uri['query'] ?? '');
};

const viaQuery = (servers: readonly string[]): string =>
	servers.length === 0 ? '' : `?${servers.map(server => `via=${encodeURIComponent(server)}`).join('&')}`;

/** What may stand in a fragment is left for people to read. */
const encode = (id: string): string => encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%40', '@');

/** @returns the matrix.to link of a room, an alias or a person. */
export const matrixLink = (id: string, servers: readonly string[] = []): string =>
	`https://matrix.to/#/${encode(id)}${viaQuery(servers)}`;

/** @returns the matrix.to link of an event. */
export const eventLink = (roomId: string, eventId: string, servers: readonly string[]): string =>
	`https://matrix.to/#/${encode(roomId)}/${encode(eventId)}${viaQuery(servers)}`;
