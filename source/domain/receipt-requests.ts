/** What can be asked of an account about read receipts: part of `Session`. */
import type {JsonObject} from './json.ts';
import type {BridgeReading} from './bridge-reading.ts';
import type {ReceiptMode, ReceiptRule, ReceiptScope} from './receipt-words.ts';

export type ReceiptRequests = {
	/** What holds in a room, and by which word. @throws ExpectedError `notFound` */
	receiptsIn(request: {readonly roomId: string}): Promise<
		ReceiptRule & {
			/** Id of the network that the room is believed to be of. */
			readonly network: string | undefined;
			/** What is read passes its bridge. */
			readonly isBridged: boolean;
		}
	>;
	/** Says, on all devices, who sees what was read. @param request.mode `undefined` takes back what was said */
	setReceipts(request: {readonly scope: ReceiptScope; readonly mode?: ReceiptMode | undefined}): Promise<JsonObject>;
	/**
	 * Repeats for bridges what they may have lost while they were away, of the last day.
	 * @param request.network its id; all without
	 * @returns how many receipts the server has taken
	 */
	healReceipts(request: {readonly network?: string | undefined}): Promise<{readonly count: number}>;
	/** What is known of reading over each bridge. @param request.network its id; all without */
	bridgeReading(request: {
		readonly network?: string | undefined;
	}): Promise<{readonly bridges: readonly BridgeReading[]}>;
};

/** The method names of this part. */
export const receiptMethods = [
	'receiptsIn',
	'setReceipts',
	'healReceipts',
	'bridgeReading',
] as const satisfies readonly (keyof ReceiptRequests)[];
