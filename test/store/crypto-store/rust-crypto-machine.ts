/** The Rust crypto itself, without the SDK around it: one device that writes to itself in one room. */
import {createRequire} from 'node:module';
import {installIndexedDB} from '../../../source/store/crypto-store/install-indexed-db.ts';
import type {CryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {keyOf} from './test-store.ts';

type OlmMachine = {
	readonly identityKeys: {readonly ed25519: {toBase64(): string}};
	shareRoomKey(room: object, users: readonly object[], settings: object): Promise<readonly object[]>;
	invalidateGroupSession(room: object): Promise<boolean>;
	encryptRoomEvent(room: object, type: string, content: string): Promise<string>;
	decryptRoomEvent(event: string, room: object, settings: object): Promise<{readonly event: string}>;
	close(): void;
};

/** The part of matrix-sdk-crypto-wasm that is used here. */
type RustCrypto = {
	initAsync(): Promise<void>;
	readonly StoreHandle: {openWithKey(name: string, key: Uint8Array): Promise<object>};
	readonly OlmMachine: {initFromStore(user: object, device: object, store: object): Promise<OlmMachine>};
	readonly UserId: new (id: string) => object;
	readonly DeviceId: new (id: string) => object;
	readonly RoomId: new (id: string) => object;
	readonly EncryptionSettings: new () => object;
	readonly DecryptionSettings: new (trust: number) => object;
	readonly TrustRequirement: {readonly Untrusted: number};
};

export type Machine = {
	/** The device's ed25519 key. */
	readonly identity: string;
	/** @returns the content of an encrypted event, JSON */
	encrypt(content: object): Promise<string>;
	/** Makes the next message begin a new Megolm session. */
	rotate(): Promise<void>;
	/** @returns the event inside, JSON */
	decrypt(content: string): Promise<string>;
	close(): void;
};

const roomId = '!room:example.org';
const userId = '@alice:example.org';

/** Opens the device that the store holds, or makes it. */
export const openMachine = async (store: CryptoStore): Promise<Machine> => {
	installIndexedDB(store.factory);
	// It belongs to the SDK, so it is looked up from there.
	const crypto = createRequire(import.meta.resolve('matrix-js-sdk'))(
		'@matrix-org/matrix-sdk-crypto-wasm',
	) as RustCrypto;
	await crypto.initAsync();
	const handle = await crypto.StoreHandle.openWithKey('account::matrix-sdk-crypto', keyOf(3));
	const machine = await crypto.OlmMachine.initFromStore(
		new crypto.UserId(userId),
		new crypto.DeviceId('DEVICE'),
		handle,
	);
	const room = (): object => new crypto.RoomId(roomId);
	return {
		identity: machine.identityKeys.ed25519.toBase64(),
		encrypt: async content => {
			await machine.shareRoomKey(room(), [], new crypto.EncryptionSettings());
			return machine.encryptRoomEvent(room(), 'm.room.message', JSON.stringify(content));
		},
		rotate: async () => {
			await machine.invalidateGroupSession(room());
		},
		decrypt: async content => {
			const event = {
				type: 'm.room.encrypted',
				sender: userId,
				room_id: roomId,
				content: JSON.parse(content) as unknown,
			};
			const settings = new crypto.DecryptionSettings(crypto.TrustRequirement.Untrusted);
			const text = JSON.stringify({...event, event_id: '$event', origin_server_ts: 1});
			return (await machine.decryptRoomEvent(text, room(), settings)).event;
		},
		close: () => machine.close(),
	};
};
