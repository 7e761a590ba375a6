/** Bounds what the SDK keeps of events that it cannot decrypt: it would keep every one for ever. The archive has them all. */
import {MatrixEventEvent, type MatrixClient, type MatrixEvent} from 'matrix-js-sdk';
import type {RustCryptoParts} from './room-encryption.ts';

/** Enough for what the SDK itself waits for: a verification in a room whose key comes a moment later. */
const maximumPending = 50;

export const limitPendingEvents = (client: MatrixClient, {eventDecryptor}: RustCryptoParts): void => {
	/** Oldest first. */
	const pending = new Set<MatrixEvent>();
	client.on(MatrixEventEvent.Decrypted, event => {
		pending.delete(event);
		if (!event.isDecryptionFailure()) return;
		pending.add(event);
		const [oldest] = pending;
		if (oldest === undefined || pending.size <= maximumPending) return;
		pending.delete(oldest);
		eventDecryptor.removeEventFromPendingList(oldest);
	});
};
