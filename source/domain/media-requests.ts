/** What can be asked of an account about files, and how far a file is. */
import type {JsonObject} from './json.ts';
import type {SendReceipt, SendRequest} from './sending.ts';

export type SendFileRequest = Omit<SendRequest, 'content' | 'edits'> & {
	/** Absolute path on this machine. */
	readonly path: string;
	/** The file's name for others. @default that of the path */
	readonly name?: string | undefined;
	/** Words to it: `body`, `format`, `formatted_body`, `m.mentions` (client-server API §Media captions). */
	readonly caption?: JsonObject | undefined;
};

/** How far a file is on its way. */
export type Transfer = {
	/** The transaction id of what is sent. */
	readonly key: string;
	readonly rid: number;
	/** Bytes. */
	readonly done: number;
	readonly total: number;
};

/** Part of `Session`. */
export type MediaRequests = {
	/**
	 * Keeps a copy of the file and puts it into the outbox: the file may change or go once this answers.
	 * Fails with `refused` for one that is larger than the server takes.
	 */
	sendFile(request: SendFileRequest): Promise<SendReceipt>;
};

/** The method names of this part. */
export const mediaMethods = ['sendFile'] as const satisfies readonly (keyof MediaRequests)[];
