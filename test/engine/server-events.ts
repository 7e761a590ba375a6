/** What the server really holds of a room, by raw HTTP. */
import {asArray, asObject, asString, isObject, type JsonObject} from '../../source/domain/json.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';

/** @returns all events of a room that the user may see, oldest first. */
export const eventsOnServer = async (access: Access, roomId: string): Promise<readonly JsonObject[]> => {
	const events: JsonObject[] = [];
	for (let from = ''; ;) {
		const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/messages?dir=b&limit=100${from}`;
		const page = await matrixRequest(access, 'GET', path);
		events.push(...asArray(page['chunk']).filter(isObject));
		const end = asString(page['end']);
		if (end === undefined) return events.toReversed();
		from = `&from=${encodeURIComponent(end)}`;
	}
};

/** Events that are messages, in the clear or encrypted, of one sender. */
export const messagesOnServer = async (
	access: Access,
	roomId: string,
	sender: string,
): Promise<readonly JsonObject[]> =>
	(await eventsOnServer(access, roomId)).filter(
		event => event['sender'] === sender && event['state_key'] === undefined && event['type'] !== 'm.reaction',
	);

/** @returns the bodies of the messages of a sender as the server can read them; `undefined` for an encrypted one. */
export const clearBodies = async (
	access: Access,
	roomId: string,
	sender: string,
): Promise<ReadonlyArray<string | undefined>> =>
	(await messagesOnServer(access, roomId, sender)).map(event => asString(asObject(event['content'])['body']));

/** @returns the Megolm session of each message of a sender. */
export const sessionsOnServer = async (access: Access, roomId: string, sender: string): Promise<readonly unknown[]> =>
	(await messagesOnServer(access, roomId, sender)).map(event => asObject(event['content'])['session_id']);
