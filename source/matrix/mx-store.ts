/**
 * The SDK's store: it keeps nothing of its own. Rooms are built from the database when the SDK asks for one, and the sync
 * token is committed here, after the crypto store has taken the same response.
 */
import {MemoryStore, NotificationCountType, type MatrixClient, type MatrixEvent, type Room} from 'matrix-js-sdk';
import type {IndexedToDeviceBatch, ToDeviceBatchWithTxnId} from 'matrix-js-sdk/lib/models/ToDeviceMessage.js';
// Not part of the SDK's public interface: it builds a Room wired to the client as the sync loop does (contract test: test/matrix/sdk-contract.test.ts).
import {_createAndReEmitRoom} from 'matrix-js-sdk/lib/sync.js';
import type {ISavedSync} from 'matrix-js-sdk/lib/store/index.js';
import type {ISyncResponse} from 'matrix-js-sdk/lib/sync-accumulator.js';
import {asArray, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {cleanEventList} from './sdk-event-input.ts';
import type {SdkRoom, SdkStore} from '../store/sdk-store.ts';

export type MxStoreOptions = {
	readonly store: SdkStore;
	/** Resolves when everything that the crypto has written so far is on disk. */
	readonly flushCrypto: () => Promise<void>;
	/** Told when a response is committed. */
	readonly onCommit: (response: {readonly accountData: readonly JsonObject[]}) => void;
	/** Told when a commit failed; the loop must not go on. */
	readonly onFailure: (error: unknown) => void;
};

/** How many Room objects are kept; each costs about 76 KB. */
const maximumRooms = 100;
/** Timeline events that a Room may hold before they are dropped: the archive has them. */
const maximumTimeline = 20;

/** What of RustCrypto holds on to rooms (contract test as above). */
type WithEncryptors = {readonly roomEncryptors?: Record<string, unknown>};

/** What a Room keeps of reactions and edits, by the event that they point to (contract test as above). */
export type RelationsParts = {readonly relations: Map<string, unknown>};

export class MxStore extends MemoryStore {
	readonly #options: MxStoreOptions;
	#client: MatrixClient | undefined;
	/** Room ids, least recently asked for first. */
	readonly #recent = new Set<string>();

	constructor(options: MxStoreOptions) {
		super();
		this.#options = options;
	}

	/** The client cannot exist before its store. */
	attach(client: MatrixClient): void {
		this.#client = client;
	}

	isLoaded(roomId: string): boolean {
		return this.#recent.has(roomId);
	}

	override isNewlyCreated(): Promise<boolean> {
		return Promise.resolve(false);
	}

	override getSavedSyncToken(): Promise<string | null> {
		return Promise.resolve(this.#options.store.nextBatch() ?? null);
	}

	/** An empty list of rooms makes the SDK ask for each one when it is needed. */
	override getSavedSync(): Promise<ISavedSync | null> {
		const nextBatch = this.#options.store.nextBatch();
		if (nextBatch === undefined) return Promise.resolve(null);
		const accountData = cleanEventList(this.#options.store.accountData()) as unknown as ISavedSync['accountData'];
		return Promise.resolve({nextBatch, roomsData: {join: {}, invite: {}, leave: {}, knock: {}}, accountData});
	}

	/** The commit point of a sync response. Never rejects: the SDK's loop would end without a word. */
	override async setSyncData(response: ISyncResponse): Promise<void> {
		const accountData = asArray(asObject(response.account_data)['events']).filter(isObject);
		try {
			await this.#options.flushCrypto();
			this.#options.store.commitSync(response.next_batch, accountData);
			this.#options.onCommit({accountData});
		} catch (error) {
			this.#options.onFailure(error);
		}
		this.#evict();
	}

	override getRoom(roomId: string): Room | null {
		const room = super.getRoom(roomId);
		if (room !== null) {
			this.#recent.delete(roomId);
			this.#recent.add(roomId);
			return room;
		}
		const stored = this.#options.store.room(roomId);
		return stored === undefined || this.#client === undefined ? null : this.#hydrate(this.#client, stored);
	}

	override storeRoom(room: Room): void {
		super.storeRoom(room);
		this.#recent.add(room.roomId);
	}

	#hydrate(client: MatrixClient, stored: SdkRoom): Room {
		const room = _createAndReEmitRoom(client, stored.roomId, {lazyLoadMembers: true});
		// Before its state: what the SDK does with that asks for the Room.
		this.storeRoom(room);
		try {
			this.#fill(client, room, stored);
		} catch (error) {
			// Without its state it would pass for a room that is not encrypted.
			this.evict(stored.roomId);
			throw error;
		}
		return room;
	}

	/** Fills a new Room, without its timeline: else the SDK takes its own news for duplicates and stays silent. */
	#fill(client: MatrixClient, room: Room, stored: SdkRoom): void {
		const map = client.getEventMapper({decrypt: false});
		const eventOf = (event: JsonObject): MatrixEvent => map({...event, room_id: stored.roomId});
		room.getLiveTimeline().initialiseState(cleanEventList(stored.state).map(eventOf), {timelineWasEmpty: true});
		room.setUnreadNotificationCount(NotificationCountType.Total, stored.unreadCount);
		room.setUnreadNotificationCount(NotificationCountType.Highlight, stored.highlightCount);
		room.addAccountData(cleanEventList(stored.accountData).map(eventOf));
		room.setSummary({
			'm.heroes': [...stored.heroes],
			'm.joined_member_count': stored.joinedCount,
			'm.invited_member_count': stored.invitedCount,
		});
		room.recalculate();
	}

	/** Drops a Room and the encryptor that would go on with its member list. */
	evict(roomId: string): void {
		this.#recent.delete(roomId);
		super.removeRoom(roomId);
		const encryptors = (this.#client?.getCrypto() as WithEncryptors | undefined)?.roomEncryptors;
		if (encryptors !== undefined) delete encryptors[roomId];
	}

	#evict(): void {
		for (const roomId of this.#recent) {
			if (this.#recent.size <= maximumRooms) break;
			this.evict(roomId);
		}
		for (const roomId of this.#recent) {
			const room = super.getRoom(roomId);
			if (room === null || room.getLiveTimeline().getEvents().length <= maximumTimeline) continue;
			room.resetLiveTimeline(null, null);
			// Each reaction and edit would stay for as long as the Room.
			(room.relations as unknown as RelationsParts).relations.clear();
		}
	}

	override wantsSave(): boolean {
		return false;
	}

	override storeClientOptions(): Promise<void> {
		return Promise.resolve();
	}

	override getFilterIdByName(name: string): string | null {
		return this.#options.store.filterId(name) ?? null;
	}

	override setFilterIdByName(name: string, id?: string): void {
		this.#options.store.setFilterId(name, id);
	}

	override getOutOfBandMembers(): Promise<null> {
		return Promise.resolve(null);
	}

	override setOutOfBandMembers(
		roomId: string,
		members: Parameters<MemoryStore['setOutOfBandMembers']>[1],
	): Promise<void> {
		this.#options.store.writeMembers(roomId, members as unknown as readonly JsonObject[]);
		return Promise.resolve();
	}

	override clearOutOfBandMembers(): Promise<void> {
		return Promise.resolve();
	}

	override getPendingEvents(): Promise<[]> {
		return Promise.resolve([]);
	}

	override setPendingEvents(): Promise<void> {
		return Promise.resolve();
	}

	override saveToDeviceBatches(batches: ToDeviceBatchWithTxnId[]): Promise<void> {
		for (const {txnId, eventType, batch} of batches)
			this.#options.store.addToDeviceBatch(txnId, eventType, JSON.stringify(batch));
		return Promise.resolve();
	}

	override getOldestToDeviceBatch(): Promise<IndexedToDeviceBatch | null> {
		const row = this.#options.store.oldestToDeviceBatch();
		if (row === undefined) return Promise.resolve(null);
		const batch = JSON.parse(row.json) as IndexedToDeviceBatch['batch'];
		return Promise.resolve({id: row.id, txnId: row.transactionId, eventType: asString(row.eventType) ?? '', batch});
	}

	override removeToDeviceBatch(id: number): Promise<void> {
		this.#options.store.removeToDeviceBatch(id);
		return Promise.resolve();
	}
}
