/** What can be asked of an account about files, and how far a file is. */
import type {JsonObject} from './json.ts';
import type {SendReceipt, SendRequest} from './sending.ts';

export type SendFileRequest = Omit<SendRequest, 'content' | 'edits'> & {
	/** Absolute path on this machine. */
	readonly path: string;
	/** The file's name for others. @default that of the path */
	readonly name?: string | undefined;
	/** A picture goes as it is, with what it says of place, time and camera. @default false */
	readonly keepsMetadata?: boolean | undefined;
	/** Words to it: `body`, `format`, `formatted_body`, `m.mentions` (client-server API §Media captions). */
	readonly caption?: JsonObject | undefined;
};

/** How far a file is on its way. */
export type Transfer = {
	/** The transaction id of what is sent, or the key of what is fetched. */
	readonly key: string;
	readonly rid: number;
	/** Bytes. */
	readonly done: number;
	readonly total: number;
	/** It has arrived, or was given up. */
	readonly isOver?: boolean | undefined;
};

/** The key under which the file of a message is fetched. */
export const fetchKey = (eventId: string): string => `fetch ${eventId}`;

export type FetchFileRequest = {
	readonly roomId: string;
	readonly eventId: string;
	/** Absolute path of the folder that it goes into, under a name that is free; without, a place only to be looked at. */
	readonly folder?: string | undefined;
	/** The small picture in place of the file: that of the sender, else that of the server; of what is encrypted the file. @default false */
	readonly isThumbnail?: boolean | undefined;
	/** Bytes; of what is larger nothing is kept. @default as large as mx fetches anything */
	readonly largest?: number | undefined;
	/** By which it is stopped, and how far it is told. */
	readonly key: string;
};

/** `path`: absolute. `size`: bytes. */
export type FetchedFile = {readonly path: string; readonly size: number};

/** Part of `Session`. */
export type MediaRequests = {
	/**
	 * Keeps a copy of the file and puts it into the outbox: the file may change or go once this answers.
	 * Fails with `refused` for one that is larger than the server takes.
	 */
	sendFile(request: SendFileRequest): Promise<SendReceipt>;
	/** Fetches the file of a message. It has its name only when it is whole, decrypted and checked; no other file is overwritten. */
	fetchFile(request: FetchFileRequest): Promise<FetchedFile>;
	/** Sets the picture of a room, or without one that of the account. @param request.path absolute; without, it is taken away */
	setAvatar(request: {readonly path?: string | undefined; readonly roomId?: string | undefined}): Promise<JsonObject>;
	/** @returns whether it was still on its way */
	stopFetching(request: {readonly key: string}): Promise<{readonly isDone: boolean}>;
};

/** The method names of this part. */
export const mediaMethods = [
	'sendFile',
	'fetchFile',
	'stopFetching',
	'setAvatar',
] as const satisfies readonly (keyof MediaRequests)[];
