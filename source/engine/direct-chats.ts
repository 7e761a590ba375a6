/** Notes which rooms are chats with one person, on all devices: `m.direct` (client-server API §Direct Messaging). */
import {asArray, asObject, type JsonObject} from '../domain/json.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {AccountStores} from './account-stores.ts';

export type DirectChatOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Pick<Homeserver, 'accountData' | 'setAccountData'>;
	readonly account: AccountStores['account'];
	readonly rooms: Pick<AccountStores['rooms'], 'applyDirectRooms'>;
};

/** A room and whom it is with. */
export type DirectChat = {readonly user: string; readonly roomId: string};

/** Adds chats that nobody has noted, upon what the server has now: another device may have changed it. @throws where the server says no */
export const noteDirectChats = async (options: DirectChatOptions, chats: readonly DirectChat[]): Promise<void> => {
	const {userId, homeserver, account, rooms} = options;
	if (chats.length === 0) return;
	const content = await homeserver.accountData(userId, 'm.direct');
	const known = new Set(Object.values(content).flatMap(asArray));
	const missing = chats.filter(({roomId}) => !known.has(roomId));
	if (missing.length === 0) return;
	const added = Object.groupBy(missing, ({user}) => user);
	const entries = Object.entries(added).map(([user, ofUser = []]) => [
		user,
		[...asArray(content[user]).filter(id => typeof id === 'string'), ...ofUser.map(({roomId}) => roomId)],
	]);
	const changed: JsonObject = {...content, ...asObject(Object.fromEntries(entries))};
	await homeserver.setAccountData(userId, 'm.direct', changed);
	account.write(() => rooms.applyDirectRooms(changed));
};
