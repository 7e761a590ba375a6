/** What the SDK's store interface needs of account.db: the sync token, one room at a time, and messages to devices. */
import {asArray, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {bridgesType, bridgeWords} from '../domain/bridge-words.ts';
import {peopleType} from '../domain/person.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {integer, json, text} from './columns.ts';
import type {Row} from './open-database.ts';
import {createPersonStore} from './person-store.ts';
import type {RoomWriter} from './room-writer.ts';

/** A room as the SDK's Room is built from it. */
export type SdkRoom = {
	readonly roomId: string;
	/** State and the own membership, as events. Other members are asked of the server when they are needed: who left meanwhile must not get keys. */
	readonly state: readonly JsonObject[];
	readonly accountData: readonly JsonObject[];
	readonly heroes: readonly string[];
	readonly joinedCount: number;
	readonly invitedCount: number;
	readonly unreadCount: number;
	readonly highlightCount: number;
};

export type ToDeviceRow = {
	readonly id: number;
	readonly transactionId: string;
	readonly eventType: string;
	readonly json: string;
};

export type SdkStore = ReturnType<typeof createSdkStore>;

const eventOf = (row: Row): JsonObject => asObject(json(row, 'json'));

const contentEventOf = (row: Row): JsonObject => ({type: text(row, 'type'), content: eventOf(row)});

/** @param ownUserId the account's user id */
export const createSdkStore = (account: AccountDatabase, rooms: RoomWriter, ownUserId: string) => {
	const {database} = account;
	const roomRow = prepare(
		database,
		`SELECT * FROM room WHERE room_id = ? AND membership IN ('join', 'invite', 'knock') AND is_provisional = 0`,
	);
	const state = prepare(database, 'SELECT json FROM state WHERE rid = ?');
	const ownMember = prepare(database, 'SELECT json FROM member WHERE rid = ? AND user_id = ?');
	const roomData = prepare(database, 'SELECT type, json FROM room_account_data WHERE rid = ?');
	const allData = prepare(database, 'SELECT type, json FROM account_data');
	const oneData = prepare(database, 'SELECT json FROM account_data WHERE type = ?');
	const putData = prepare(
		database,
		'INSERT INTO account_data(type, json) VALUES(?, ?) ON CONFLICT(type) DO UPDATE SET json = excluded.json',
	);
	const clearIgnored = prepare(database, 'DELETE FROM ignored');
	const ignore = prepare(database, 'INSERT OR IGNORE INTO ignored(user_id) VALUES(?)');
	const clearNamed = prepare(database, 'DELETE FROM named_ghost');
	const nameGhost = prepare(database, 'INSERT OR IGNORE INTO named_ghost(user_id) VALUES(?)');
	const rawEvent = prepare(
		database,
		'SELECT raw FROM event JOIN room ON room.rid = event.rid WHERE event_id = ? AND room_id = ?',
	);
	const addBatch = prepare(database, 'INSERT INTO to_device_batch(transaction_id, event_type, json) VALUES(?, ?, ?)');
	const oldestBatch = prepare(
		database,
		'SELECT id, transaction_id, event_type, json FROM to_device_batch ORDER BY id LIMIT 1',
	);
	const removeBatch = prepare(database, 'DELETE FROM to_device_batch WHERE id = ?');

	const people = createPersonStore(database);
	const notePortals = prepare(database, 'INSERT OR IGNORE INTO portal_due SELECT rid FROM room');

	const writeAccountData = (event: JsonObject): void => {
		const type = asString(event['type']);
		if (type === undefined) return;
		const content = asObject(event['content']);
		putData.run(type, JSON.stringify(content));
		if (type === 'm.direct') rooms.applyDirectRooms(content);
		if (type === bridgesType) {
			notePortals.run();
			clearNamed.run();
			for (const userId of bridgeWords(content).ownGhosts) nameGhost.run(userId);
		}
		if (type === peopleType) people.settle();
		if (type === 'm.push_rules') rooms.marks.applyPushRules(content);
		if (type === 'm.ignored_user_list') {
			clearIgnored.run();
			for (const userId of Object.keys(asObject(content['ignored_users']))) ignore.run(userId);
		}
	};

	return {
		nextBatch: (): string | undefined => account.meta('next_batch'),
		accountData: (): readonly JsonObject[] => allData.all().map(contentEventOf),
		/** @returns the content of one type of account data, empty if there is none. */
		accountDataOf: (type: string): JsonObject => asObject(json(oneData.get(type), 'json')),

		/** Notes account data before the server's come back. Inside a transaction. */
		setAccountData: (type: string, content: JsonObject): void => writeAccountData({type, content}),

		/** The commit point: account data and the token that says all of the response is stored. */
		commitSync(nextBatch: string, accountData: readonly JsonObject[]): void {
			account.writeDurably(() => {
				for (const event of accountData) writeAccountData(event);
				account.setMeta('next_batch', nextBatch);
				account.setMeta('last_sync', Date.now());
			});
		},

		room(roomId: string): SdkRoom | undefined {
			const row = roomRow.get(roomId);
			if (row === undefined) return undefined;
			const rid = integer(row, 'rid');
			return {
				roomId,
				state: [...state.all(rid), ...ownMember.all(rid, ownUserId)].map(eventOf).filter(isObject),
				accountData: roomData.all(rid).map(contentEventOf),
				heroes: asArray(json(row, 'heroes')).filter(hero => typeof hero === 'string'),
				joinedCount: integer(row, 'joined_count'),
				invitedCount: integer(row, 'invited_count'),
				unreadCount: integer(row, 'unread_count'),
				highlightCount: integer(row, 'highlight_count'),
			};
		},

		/** @returns an event of a room as it was received. */
		event(roomId: string, eventId: string): JsonObject | undefined {
			const event = json(rawEvent.get(eventId, roomId), 'raw');
			return isObject(event) ? event : undefined;
		},

		filterId: (name: string): string | undefined => account.meta(`filter:${name}`),
		setFilterId(name: string, id: string | undefined): void {
			account.write(() => account.setMeta(`filter:${name}`, id));
		},
		writeMembers(roomId: string, events: readonly JsonObject[]): void {
			account.write(() => rooms.applyOutOfBandMembers(roomId, events));
		},
		addToDeviceBatch(transactionId: string, eventType: string, json: string): void {
			account.writeDurably(() => addBatch.run(transactionId, eventType, json));
		},
		oldestToDeviceBatch(): ToDeviceRow | undefined {
			const row = oldestBatch.get();
			if (row === undefined) return undefined;
			return {
				id: integer(row, 'id'),
				transactionId: text(row, 'transaction_id'),
				eventType: text(row, 'event_type'),
				json: text(row, 'json'),
			};
		},
		removeToDeviceBatch(id: number): void {
			account.write(() => removeBatch.run(id));
		},
	};
};
