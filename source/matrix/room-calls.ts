/** The calls of the client-server API on rooms as such: members, settings, directory, spaces, push rules. */
import {asArray, asInteger, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import type {DirectoryPage, MemberAction, Profile, RoomSummary} from '../domain/room-requests.ts';
import {NetworkError} from './network-errors.ts';

/** Paths from `/_matrix` on. Throws a NetworkError for an error status. */
export type RoomCall = (
	path: string,
	method: 'GET' | 'POST' | 'PUT' | 'DELETE',
	body?: JsonObject,
) => Promise<JsonObject>;

/** A summary without what only the account itself knows. */
export type ForeignSummary = Omit<RoomSummary, 'membership'>;

/** A room of GET /hierarchy, and what it says of the rooms in it. */
export type HierarchyRoom = ForeignSummary & {readonly children: readonly JsonObject[]};

const part = encodeURIComponent;
const v1 = '/_matrix/client/v1';
const v3 = '/_matrix/client/v3';
const pageSize = 50;

const viaQuery = (servers: readonly string[]): string =>
	servers
		.slice(0, 3)
		.map(server => `via=${part(server)}&server_name=${part(server)}`)
		.join('&');

/** @returns `undefined` for what has no room id. */
const parseSummary = (room: JsonObject, servers: readonly string[]): ForeignSummary | undefined => {
	const roomId = asString(room['room_id']);
	if (roomId === undefined) return undefined;
	return {
		roomId,
		name: asString(room['name']),
		alias: asString(room['canonical_alias']),
		topic: asString(room['topic']),
		memberCount: asInteger(room['num_joined_members']),
		joinRule: asString(room['join_rule']),
		isEncrypted: typeof room['encryption'] === 'string' || typeof room['im.nheko.summary.encryption'] === 'string',
		isSpace: room['room_type'] === 'm.space',
		servers,
	};
};

const isMissing = (error: unknown): boolean => error instanceof NetworkError && error.failure.kind === 'not-found';

export const createRoomCalls = (call: RoomCall) => {
	const roomPath = (roomId: string, rest: string): string => `${v3}/rooms/${part(roomId)}/${rest}`;

	const hierarchy = async (spaceId: string, from?: string) => {
		const start = from === undefined ? '' : `&from=${part(from)}`;
		const answer = await call(`${v1}/rooms/${part(spaceId)}/hierarchy?max_depth=1&limit=${pageSize}${start}`, 'GET');
		const rooms: readonly HierarchyRoom[] = asArray(answer['rooms'])
			.filter(isObject)
			.flatMap(room => {
				const summary = parseSummary(room, []);
				if (summary === undefined) return [];
				return [{...summary, children: asArray(room['children_state']).filter(isObject)}];
			});
		return {rooms, next: asString(answer['next_batch'])};
	};

	/** Servers of before version 1.15 of the specification have it under another name, or not at all. */
	const summary = async (room: string, servers: readonly string[]): Promise<JsonObject> => {
		const query = viaQuery(servers);
		try {
			return await call(`${v1}/room_summary/${part(room)}?${query}`, 'GET');
		} catch (error) {
			if (!isMissing(error)) throw error;
			return call(`/_matrix/client/unstable/im.nheko.summary/rooms/${part(room)}/summary?${query}`, 'GET');
		}
	};

	return {
		hierarchy,

		/** @returns the member events of all who are in the room or invited. */
		members: async (roomId: string): Promise<readonly JsonObject[]> =>
			asArray((await call(roomPath(roomId, 'members?not_membership=leave'), 'GET'))['chunk']).filter(isObject),

		changeMember: async (roomId: string, action: MemberAction, body: JsonObject): Promise<void> =>
			void (await call(roomPath(roomId, action), 'POST', body)),

		putState: async (roomId: string, event: {readonly type: string; readonly stateKey?: string}, content: JsonObject) =>
			void (await call(roomPath(roomId, `state/${part(event.type)}/${part(event.stateKey ?? '')}`), 'PUT', content)),

		/** @returns an event of a room, as it is now. */
		event: async (roomId: string, eventId: string): Promise<JsonObject> =>
			call(roomPath(roomId, `event/${part(eventId)}`), 'GET'),

		report: async (roomId: string, eventId: string, reason: string): Promise<void> =>
			void (await call(roomPath(roomId, `report/${part(eventId)}`), 'POST', {reason})),

		/** POST /knock/{id or alias}. @returns the room id */
		async knock(room: string, servers: readonly string[], body: JsonObject): Promise<string | undefined> {
			return asString((await call(`${v3}/knock/${part(room)}?${viaQuery(servers)}`, 'POST', body))['room_id']);
		},

		forget: async (roomId: string): Promise<void> => void (await call(roomPath(roomId, 'forget'), 'POST', {})),

		/** @param server asks that of another server */
		async directory(request: {
			readonly server?: string | undefined;
			readonly term?: string | undefined;
			readonly from?: string | undefined;
		}): Promise<Omit<DirectoryPage, 'rooms'> & {readonly rooms: readonly ForeignSummary[]}> {
			const {server, term, from} = request;
			const answer = await call(`${v3}/publicRooms${server === undefined ? '' : `?server=${part(server)}`}`, 'POST', {
				limit: pageSize,
				...(from === undefined ? {} : {since: from}),
				...(term === undefined || term === '' ? {} : {filter: {generic_search_term: term}}),
			});
			const rooms = asArray(answer['chunk']).filter(isObject);
			return {
				rooms: rooms.flatMap(room => parseSummary(room, server === undefined ? [] : [server]) ?? []),
				next: asString(answer['next_batch']),
				total: asInteger(answer['total_room_count_estimate']),
			};
		},

		/** GET /directory/list/room/{roomId} */
		isListed: async (roomId: string): Promise<boolean> =>
			(await call(`${v3}/directory/list/room/${part(roomId)}`, 'GET'))['visibility'] === 'public',

		setListed: async (roomId: string, isListed: boolean): Promise<void> =>
			void (await call(`${v3}/directory/list/room/${part(roomId)}`, 'PUT', {
				visibility: isListed ? 'public' : 'private',
			})),

		/** What a server tells about a room to who is not in it (MSC3266). */
		async roomSummary(room: string, servers: readonly string[]): Promise<ForeignSummary | undefined> {
			try {
				return parseSummary(await summary(room, servers), servers);
			} catch (error) {
				// Neither exists there; a space's view of itself says nearly the same.
				if (!isMissing(error) || !room.startsWith('!')) throw error;
				return (await hierarchy(room)).rooms[0];
			}
		},

		/** @returns the room version that the server makes new rooms of. */
		async defaultRoomVersion(): Promise<string | undefined> {
			const {capabilities} = await call(`${v3}/capabilities`, 'GET');
			return asString(asObject(asObject(capabilities)['m.room_versions'])['default']);
		},

		/** @returns the room id of the new room */
		upgrade: async (roomId: string, version: string): Promise<string | undefined> =>
			asString((await call(roomPath(roomId, 'upgrade'), 'POST', {new_version: version}))['replacement_room']),

		addAlias: async (alias: string, roomId: string): Promise<void> =>
			void (await call(`${v3}/directory/room/${part(alias)}`, 'PUT', {room_id: roomId})),

		async profile(userId: string): Promise<Profile> {
			const answer = await call(`${v3}/profile/${part(userId)}`, 'GET');
			return {userId, displayName: asString(answer['displayname'])};
		},

		setDisplayName: async (userId: string, name: string): Promise<void> =>
			void (await call(`${v3}/profile/${part(userId)}/displayname`, 'PUT', {displayname: name})),

		/** @param uri empty takes it away */
		setAvatar: async (userId: string, uri: string): Promise<void> =>
			void (await call(`${v3}/profile/${part(userId)}/avatar_url`, 'PUT', {avatar_url: uri})),

		setPushRule: async (kind: 'override' | 'room', ruleId: string, rule: JsonObject): Promise<void> =>
			void (await call(`${v3}/pushrules/global/${kind}/${part(ruleId)}`, 'PUT', rule)),

		/** A rule that is not there is fine. */
		async removePushRule(kind: 'override' | 'room', ruleId: string): Promise<void> {
			try {
				await call(`${v3}/pushrules/global/${kind}/${part(ruleId)}`, 'DELETE');
			} catch (error) {
				if (!isMissing(error)) throw error;
			}
		},
	};
};
