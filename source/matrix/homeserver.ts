/** The calls of the client-server API that mx makes itself, without the SDK, so that a lone `mx send` never loads it. */
import {asArray, asObject, asString, isObject, parseJson, type JsonObject} from '../domain/json.ts';
import {readBoundedBody} from './bounded-body.ts';
import {createBridgeCalls} from './bridge-calls.ts';
import {createDeviceCalls} from './device-calls.ts';
import {createHistoryCalls} from './history-calls.ts';
import {requestJson} from './json-request.ts';
import {createMediaCalls} from './media-calls.ts';
import {classifyAnswer, NetworkError} from './network-errors.ts';
import {createReceiptCalls} from './receipt-calls.ts';
import {createRoomCalls, type RoomCall} from './room-calls.ts';
import {createTriageCalls} from './triage-calls.ts';

/** A page of GET /rooms/{id}/messages. */
export type MessagesPage = {
	/** Newest first. */
	readonly events: readonly unknown[];
	/** Members that the events need, when members are loaded lazily. */
	readonly state: readonly JsonObject[];
	/** Token of the next page; `undefined` at the room's start. */
	readonly end: string | undefined;
};

export type HomeserverOptions = {
	readonly baseUrl: string;
	readonly accessToken: () => string;
	/** A guarded fetch. */
	readonly send: typeof fetch;
};

export type Homeserver = ReturnType<typeof createHomeserver>;

const prefix = '/_matrix/client/v3';
/** Milliseconds and bytes for a sync without rooms. */
const encryptionSyncLimit = 60_000;
const maximumEncryptionSync = 32 * 1024 * 1024;
const part = encodeURIComponent;

/** Every call throws a NetworkError for an error status, and whatever the fetch throws. */
export const createHomeserver = (options: HomeserverOptions) => {
	/** Paths from `/_matrix` on; an error status is an answer. */
	const ask = async (...[path, method, body]: Parameters<RoomCall>) => {
		const {baseUrl, send} = options;
		return requestJson(send, {baseUrl, path, method, body, accessToken: options.accessToken()});
	};

	const callAt: RoomCall = async (path, method, body) => {
		const answer = await ask(path, method, body);
		if (!answer.isOk) throw new NetworkError(classifyAnswer(answer));
		return answer.body;
	};

	const call = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: JsonObject): Promise<JsonObject> =>
		callAt(prefix + path, method, body);

	const lacks = (what: string): NetworkError =>
		new NetworkError({kind: 'server-error', message: `the server gave an answer without ${what}`});

	const stringOf = (body: JsonObject, key: string): string => {
		const value = asString(body[key]);
		if (value === undefined) throw lacks(key);
		return value;
	};

	const listOf = (value: unknown, what: string): readonly unknown[] => {
		if (!Array.isArray(value)) throw lacks(what);
		return value;
	};

	return {
		rooms: createRoomCalls(callAt),
		triage: createTriageCalls(callAt),
		media: createMediaCalls({...options, callAt}),
		history: createHistoryCalls(callAt),
		devices: createDeviceCalls({call: callAt, ask}),
		bridges: createBridgeCalls({ask, call: callAt}),
		receipts: createReceiptCalls(callAt),

		/** PUT /rooms/{id}/send/{type}/{txn}. @returns the event id */
		async putEvent(roomId: string, type: string, transactionId: string, content: JsonObject): Promise<string> {
			const path = `/rooms/${part(roomId)}/send/${part(type)}/${part(transactionId)}`;
			return stringOf(await call('PUT', path, content), 'event_id');
		},

		/** PUT /rooms/{id}/redact/{event}/{txn}. @returns the event id of the redaction */
		async redact(
			roomId: string,
			eventId: string,
			{transactionId, reason}: {readonly transactionId: string; readonly reason?: string | undefined},
		): Promise<string> {
			const path = `/rooms/${part(roomId)}/redact/${part(eventId)}/${part(transactionId)}`;
			return stringOf(await call('PUT', path, reason === undefined ? {} : {reason}), 'event_id');
		},

		/** @returns the content of a state event, `undefined` where there is none. */
		async stateEvent(roomId: string, type: string, stateKey = ''): Promise<JsonObject | undefined> {
			try {
				return await call('GET', `/rooms/${part(roomId)}/state/${part(type)}/${part(stateKey)}`);
			} catch (error) {
				if (error instanceof NetworkError && error.failure.kind === 'not-found') return undefined;
				throw error;
			}
		},

		/** @returns all state events of a room. */
		async fullState(roomId: string): Promise<readonly JsonObject[]> {
			const {baseUrl, send} = options;
			const path = `${prefix}/rooms/${part(roomId)}/state`;
			const response = await send(baseUrl + path, {headers: {authorization: `Bearer ${options.accessToken()}`}});
			const body = (await response.json()) as unknown;
			if (!response.ok)
				throw new NetworkError(classifyAnswer({status: response.status, body, headers: response.headers}));
			return listOf(body, 'state events').filter(isObject);
		},

		/** GET /directory/room/{alias}. @returns the room id and servers to join by */
		async resolveAlias(alias: string): Promise<{readonly roomId: string; readonly servers: readonly string[]}> {
			const body = await call('GET', `/directory/room/${part(alias)}`);
			return {
				roomId: stringOf(body, 'room_id'),
				servers: asArray(body['servers']).filter(server => typeof server === 'string'),
			};
		},

		/** POST /createRoom. @returns the room id */
		createRoom: async (request: JsonObject): Promise<string> =>
			stringOf(await call('POST', '/createRoom', request), 'room_id'),

		/** POST /join/{id or alias}. @returns the room id */
		join: async (room: string, servers: readonly string[] = []): Promise<string> => {
			const query = servers
				.slice(0, 3)
				.map(server => `&via=${part(server)}&server_name=${part(server)}`)
				.join('');
			return stringOf(await call('POST', `/join/${part(room)}?${query.slice(1)}`, {}), 'room_id');
		},

		leave: async (roomId: string): Promise<void> => void (await call('POST', `/rooms/${part(roomId)}/leave`, {})),

		/** @param from a token of a sync or of another page */
		async messages(roomId: string, from: string | undefined, limit: number): Promise<MessagesPage> {
			const filter = JSON.stringify({lazy_load_members: true});
			const start = from === undefined ? '' : `&from=${part(from)}`;
			const body = await call(
				'GET',
				`/rooms/${part(roomId)}/messages?dir=b&limit=${limit}&filter=${part(filter)}${start}`,
			);
			// Without `end` the room's start is reached: no answer that is none may say so.
			return {
				events: listOf(body['chunk'], 'chunk'),
				state: asArray(body['state']).filter(isObject),
				end: asString(body['end']),
			};
		},

		/** @returns what somebody says of themselves (client-server API §Profiles), and bridges of their ghosts (MSC4133). */
		profile: async (userId: string): Promise<JsonObject> => call('GET', `/profile/${part(userId)}`),

		/** @returns whether the server knows a person of that id. */
		async hasProfile(userId: string): Promise<boolean> {
			try {
				await call('GET', `/profile/${part(userId)}`);
				return true;
			} catch (error) {
				// Some servers keep profiles to themselves; only a clear no counts.
				if (error instanceof NetworkError && error.failure.kind === 'not-found') return false;
				if (error instanceof NetworkError && error.failure.kind === 'forbidden') return true;
				throw error;
			}
		},

		accountData: async (userId: string, type: string): Promise<JsonObject> => {
			try {
				return await call('GET', `/user/${part(userId)}/account_data/${part(type)}`);
			} catch (error) {
				if (error instanceof NetworkError && error.failure.kind === 'not-found') return {};
				throw error;
			}
		},

		async setAccountData(userId: string, type: string, content: JsonObject): Promise<void> {
			await call('PUT', `/user/${part(userId)}/account_data/${part(type)}`, content);
		},

		/** @returns the unstable features that the server has (GET /versions). */
		async unstableFeatures(): Promise<ReadonlySet<string>> {
			const body = await callAt('/_matrix/client/versions', 'GET');
			const features = Object.entries(asObject(body['unstable_features']));
			return new Set(features.filter(([, isOn]) => isOn === true).map(([name]) => name));
		},

		/** One request of simplified sliding sync (MSC4186), whose position is not kept. */
		slidingSync: async (request: JsonObject): Promise<JsonObject> =>
			callAt('/_matrix/client/unstable/org.matrix.simplified_msc3575/sync?timeout=0', 'POST', request),

		/** A sync without rooms: what the encryption needs, and nothing that has to be stored. */
		async encryptionSync(since: string): Promise<JsonObject> {
			const filter = JSON.stringify({room: {rooms: []}, presence: {types: []}, account_data: {types: []}});
			const query = `since=${part(since)}&timeout=0&set_presence=offline&filter=${part(filter)}`;
			const response = await options.send(`${options.baseUrl}${prefix}/sync?${query}`, {
				headers: {authorization: `Bearer ${options.accessToken()}`},
				signal: AbortSignal.timeout(encryptionSyncLimit),
			});
			// A /sync answer is handed on unread; here nothing else bounds it.
			const {bytes} = await readBoundedBody(response, {size: maximumEncryptionSync, depth: 100});
			const body = asObject(parseJson(Buffer.from(bytes).toString()));
			if (!response.ok)
				throw new NetworkError(classifyAnswer({status: response.status, body, headers: response.headers}));
			stringOf(body, 'next_batch');
			return body;
		},
	};
};
