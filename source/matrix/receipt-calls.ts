/** Calls that say what was read (client-server API §Receipts, §Fully read markers). */
import {unthreaded, type ReceiptType} from '../domain/receipt.ts';
import {NetworkError} from './network-errors.ts';
import type {RoomCall} from './room-calls.ts';

export type Receipt = {
	readonly roomId: string;
	readonly type: Exclude<ReceiptType, 'local'>;
	/** `unthreaded`, `mainSlot`, or the event id of the root of a thread. */
	readonly slot: string;
	readonly eventId: string;
};

const part = encodeURIComponent;

export const createReceiptCalls = (call: RoomCall) => ({
	/** Moves a receipt, or the marker of what is fully read. @throws NetworkError */
	async send({roomId, type, slot, eventId}: Receipt): Promise<void> {
		const room = `/_matrix/client/v3/rooms/${part(roomId)}`;
		if (type === 'm.fully_read') {
			await call(`${room}/read_markers`, 'POST', {'m.fully_read': eventId});
			return;
		}
		const path = `${room}/receipt/${type}/${part(eventId)}`;
		try {
			await call(path, 'POST', slot === unthreaded ? {} : {thread_id: slot});
		} catch (error) {
			const isRefused = error instanceof NetworkError && error.failure.kind === 'bad-request';
			if (!isRefused || slot === unthreaded) throw error;
			// The server sees the event in another thread than mx, or knows no threads.
			await call(path, 'POST', {});
		}
	},
});
