/** Opens everything that an account keeps on disk, in the order that makes one owner: the crypto store is the lock. */
import type {AccountFiles} from '../domain/directories.ts';
import {openAccountDatabase, type AccountDatabase, type AccountFile} from '../store/account-database.ts';
import {createAccountReader, type AccountReader} from '../store/account-reader.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {openCryptoStore, type CryptoStore} from '../store/crypto-store/open-crypto-store.ts';
import {createBridgeHealthStore} from '../store/bridge-health-store.ts';
import {createBridgeReading} from '../store/bridge-reading.ts';
import {createDraftStore} from '../store/draft-store.ts';
import {CryptoDamaged, isDamaged, StoreCorrupt} from '../store/store-errors.ts';
import {createGhostProfiles} from '../store/ghost-profiles.ts';
import {createOutboxStore} from '../store/outbox-store.ts';
import {createPersonStore} from '../store/person-store.ts';
import {createPortalStore} from '../store/portal-store.ts';
import {createSendCareStore, type SendCareStore} from '../store/send-care-store.ts';
import {createProvisionalRooms} from '../store/provisional-rooms.ts';
import {
	finishReplacement,
	forgetReplacement,
	lastReplacement,
	replaceDamagedArchive,
	type ArchiveDamage,
} from '../store/replace-archive.ts';
import {createReceiptStore, type ReceiptStore} from '../store/receipt-store.ts';
import {createRoomIsolation} from '../store/room-isolation.ts';
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
	readonly portals: ReturnType<typeof createPortalStore>;
	readonly people: ReturnType<typeof createPersonStore>;
	readonly ghostProfiles: ReturnType<typeof createGhostProfiles>;
	readonly sendCare: SendCareStore;
	readonly bridgeHealth: ReturnType<typeof createBridgeHealthStore>;
	readonly receipts: ReceiptStore;
	readonly bridgeReading: ReturnType<typeof createBridgeReading>;
	readonly provisional: ReturnType<typeof createProvisionalRooms>;
	readonly outbox: ReturnType<typeof createOutboxStore>;
	readonly drafts: ReturnType<typeof createDraftStore>;
	readonly undecrypted: ReturnType<typeof createUndecryptedStore>;
	/** What became of an archive that could not be read and was begun anew, now or by an earlier engine. */
	readonly damage: ArchiveDamage | undefined;
	/** The damage was told. */
	readonly forgetDamage: () => void;
	/** Calls back at each failure of either file; at once if the crypto store failed before. */
	readonly onFailure: (callback: (error: Error) => void) => void;
	readonly close: () => Promise<void>;
};

export type StoresOptions = {
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	readonly keys: DerivedKeys;
	/** Whether the device was signed in just now and has no stores yet. */
	readonly isNewDevice: boolean;
	/** What is stored is dated by it, milliseconds since the Unix epoch. @default Date.now */
	readonly now?: (() => number) | undefined;
};

type OpenArchive = {readonly account: AccountDatabase; readonly damage: ArchiveDamage | undefined};

const openWhole = (file: AccountFile, onFailure: (error: Error) => void): OpenArchive => {
	const account = openAccountDatabase(file);
	try {
		const damage = lastReplacement(account);
		account.database.onFailure = onFailure;
		return {account, damage};
	} catch (error) {
		account.close();
		throw error;
	}
};

const openArchive = ({files, record, keys}: StoresOptions, onFailure: (error: Error) => void): OpenArchive => {
	const file = {file: files.accountDatabase, key: keys.accountDatabase, cipher: record.cipher};
	finishReplacement(file, new Date());
	try {
		return openWhole(file, onFailure);
	} catch (error) {
		// The master key was checked before: a file that does not open with it is damaged.
		if (!isDamaged(error)) throw error;
		replaceDamagedArchive(file, new Date());
		return openWhole(file, onFailure);
	}
};

/** @throws ExpectedError that says how the account is used again; the file stays as it is, for a new one would be a new device */
const openCrypto = ({files, record, keys, isNewDevice}: StoresOptions): CryptoStore => {
	try {
		return openCryptoStore({
			file: files.cryptoDatabase,
			key: keys.cryptoDatabase,
			cipher: record.cipher,
			mustExist: !isNewDevice,
		});
	} catch (error) {
		throw isDamaged(error) ? new CryptoDamaged({cause: error}) : error;
	}
};

/**
 * Claims the account and opens its stores.
 * @throws StoreBusy when another process owns it; CryptoDamaged for a damaged crypto store, which is never replaced here
 */
export const openAccountStores = (options: StoresOptions): AccountStores => {
	const {files, record, keys} = options;
	const crypto = openCrypto(options);
	const listeners: ((error: Error) => void)[] = [];
	let isArchiveDamaged = false;
	try {
		const {account, damage} = openArchive(options, error => {
			isArchiveDamaged ||= error instanceof StoreCorrupt;
			for (const listener of listeners) listener(error);
		});
		const rooms = createRoomWriter(account, record.userId, options.now);
		const people = createPersonStore(account.database);
		// They came before this version, which understands them.
		account.write(() => people.settle());
		return {
			account,
			crypto,
			reader: createAccountReader(account.database, record.userId),
			rooms,
			isolated: createRoomIsolation(account, rooms),
			sdk: createSdkStore(account, rooms, record.userId),
			portals: createPortalStore(account, record.userId),
			people,
			ghostProfiles: createGhostProfiles(account.database),
			sendCare: createSendCareStore(account),
			bridgeHealth: createBridgeHealthStore(account),
			receipts: createReceiptStore(account, record.userId),
			bridgeReading: createBridgeReading(account.database, record.userId),
			provisional: createProvisionalRooms(account, rooms),
			outbox: createOutboxStore(account, options.now),
			drafts: createDraftStore(account),
			undecrypted: createUndecryptedStore(account, rooms),
			damage,
			forgetDamage() {
				if (damage !== undefined) forgetReplacement(account);
			},
			onFailure(callback) {
				listeners.push(callback);
				crypto.onFailure(error => callback(isDamaged(error) ? new CryptoDamaged({cause: error}) : error));
			},
			async close() {
				try {
					account.close();
					// While the lock is held: nobody may open what is being replaced.
					if (isArchiveDamaged)
						replaceDamagedArchive(
							{file: files.accountDatabase, key: keys.accountDatabase, cipher: record.cipher},
							new Date(),
						);
				} finally {
					// A process that goes on must not keep the lock.
					await crypto.close();
				}
			},
		};
	} catch (error) {
		void crypto.close();
		throw error;
	}
};
