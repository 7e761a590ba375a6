/** Calls for tags and account data of rooms (client-server API §Room Tagging, §Client Config). */
import {asObject, type JsonObject} from '../domain/json.ts';

/** One request with the account's token. @throws NetworkError for an error status */
type Call = (path: string, method: 'GET' | 'PUT' | 'DELETE', body?: JsonObject) => Promise<JsonObject>;

const part = encodeURIComponent;

export const createTriageCalls = (call: Call) => {
	const path = (userId: string, roomId: string, rest: string): string =>
		`/_matrix/client/v3/user/${part(userId)}/rooms/${part(roomId)}/${rest}`;
	return {
		/** Those that the server has, whatever came with the sync yet. */
		tags: async (userId: string, roomId: string): Promise<readonly string[]> =>
			Object.keys(asObject((await call(path(userId, roomId, 'tags'), 'GET'))['tags'])),
		setTag: async (userId: string, roomId: string, tag: string, content: JsonObject): Promise<void> =>
			void (await call(path(userId, roomId, `tags/${part(tag)}`), 'PUT', content)),
		/** A tag that is not there is fine. */
		removeTag: async (userId: string, roomId: string, tag: string): Promise<void> =>
			void (await call(path(userId, roomId, `tags/${part(tag)}`), 'DELETE')),
		setRoomData: async (userId: string, roomId: string, type: string, content: JsonObject): Promise<void> =>
			void (await call(path(userId, roomId, `account_data/${part(type)}`), 'PUT', content)),
	};
};
