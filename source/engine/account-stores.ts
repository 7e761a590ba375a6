/** Opens everything that an account keeps on disk, in the order that makes one owner: the crypto store is the lock. */
import type {AccountFiles} from '../domain/directories.ts';
import {openAccountDatabase, type AccountDatabase} from '../store/account-database.ts';
import {createAccountReader, type AccountReader} from '../store/account-reader.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {openCryptoStore, type CryptoStore} from '../store/crypto-store/open-crypto-store.ts';
import {createDraftStore} from '../store/draft-store.ts';
import {setAside, StoreCorrupt, WrongKey} from '../store/open-database.ts';
import {createOutboxStore} from '../store/outbox-store.ts';
import {createRoomIsolation} from '../store/room-isolation.ts';
import {createProvisionalRooms} from '../store/provisional-rooms.ts';
import {createRoomWriter} from '../store/room-writer.ts';
import {createSdkStore} from '../store/sdk-store.ts';
import type {DerivedKeys} from '../store/secrets/derived-keys.ts';
import {createUndecryptedStore} from '../store/undecrypted-store.ts';

export type AccountStores = {
	readonly account: AccountDatabase;
	readonly crypto: CryptoStore;
	readonly reader: AccountReader;
	readonly rooms: ReturnType<typeof createRoomWriter>;
	readonly isolated: ReturnType<typeof createRoomIsolation>;
	readonly sdk: ReturnType<typeof createSdkStore>;
	readonly provisional: ReturnType<typeof createProvisionalRooms>;
	readonly outbox: ReturnType<typeof createOutboxStore>;
	readonly drafts: ReturnType<typeof createDraftStore>;
	readonly undecrypted: ReturnType<typeof createUndecryptedStore>;
	/** New name of a database that could not be read and was set aside. */
	readonly setAside: string | undefined;
	/** Calls back at each failed write of either file; at once if the crypto store failed before. */
	readonly onFailure: (callback: (error: Error) => void) => void;
	readonly close: () => Promise<void>;
};

export type StoresOptions = {
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	readonly keys: DerivedKeys;
	/** Whether the device was signed in just now and has no stores yet. */
	readonly isNewDevice: boolean;
};

/** A damaged archive is renamed and begun anew; nothing of it is lost, and the server has it too. */
const openOrSetAside = (
	{files, record, keys}: StoresOptions,
	onFailure: (error: Error) => void,
): {account: AccountDatabase; setAside: string | undefined} => {
	const file = {file: files.accountDatabase, key: keys.accountDatabase, cipher: record.cipher};
	try {
		return {account: openAccountDatabase(file, onFailure), setAside: undefined};
	} catch (error) {
		// The master key was checked before: a file that does not open with it is damaged.
		if (!(error instanceof StoreCorrupt) && !(error instanceof WrongKey)) throw error;
		const name = setAside(files.accountDatabase, new Date());
		return {account: openAccountDatabase(file, onFailure), setAside: name};
	}
};

/**
 * Claims the account and opens its stores.
 * @throws StoreBusy when another process owns it; StoreCorrupt for a damaged crypto store, which is never replaced here
 */
export const openAccountStores = (options: StoresOptions): AccountStores => {
	const {files, record, keys} = options;
	const crypto = openCryptoStore({
		file: files.cryptoDatabase,
		key: keys.cryptoDatabase,
		cipher: record.cipher,
		mustExist: !options.isNewDevice,
	});
	const listeners: ((error: Error) => void)[] = [];
	try {
		const {account, setAside: aside} = openOrSetAside(options, error => {
			for (const listener of listeners) listener(error);
		});
		const rooms = createRoomWriter(account, record.userId);
		return {
			account,
			crypto,
			reader: createAccountReader(account.database, record.userId),
			rooms,
			isolated: createRoomIsolation(account, rooms),
			sdk: createSdkStore(account, rooms, record.userId),
			provisional: createProvisionalRooms(account, rooms),
			outbox: createOutboxStore(account),
			drafts: createDraftStore(account),
			undecrypted: createUndecryptedStore(account, rooms.events),
			setAside: aside,
			onFailure(callback) {
				listeners.push(callback);
				crypto.onFailure(callback);
			},
			async close() {
				await crypto.close();
				account.close();
			},
		};
	} catch (error) {
		void crypto.close();
		throw error;
	}
};
