/** What a person orders to be sent as a file: a copy of it is kept, and the outbox has the row, before it is answered. */
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import path from 'node:path';
import {Readable} from 'node:stream';
import {ExpectedError} from '../domain/errors.ts';
import {asString, type JsonObject} from '../domain/json.ts';
import {messageTypeOf, typeOfName} from '../domain/media.ts';
import type {SendFileRequest} from '../domain/media-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import type {SendReceipt} from '../domain/session.ts';
import type {MediaCalls} from '../matrix/media-calls.ts';
import {cleanOutgoing} from '../text/safe-text.ts';
import type {NewAttachment} from '../store/attachment-store.ts';
import {fileError} from '../store/private-files.ts';
import type {KeptFile, OutgoingFiles} from '../store/outgoing-files.ts';
import type {PictureFacts, Pictures} from '../pictures/pictures.ts';
import {withoutMetadata} from './clean-files.ts';
import type {MessageOrders} from './message-orders.ts';
import type {OpenOrder} from './open-orders.ts';

export type FileOrderOptions = {
	readonly files: OutgoingFiles;
	readonly media: Pick<MediaCalls, 'largestUpload'>;
	readonly orders: Pick<MessageOrders, 'send' | 'known'>;
	readonly pictures: Pick<Pictures, 'inspect'>;
};

/** Milliseconds that the server gets to say how large a file may be; without an answer it says so itself, later. */
const limitPatience = 5000;

/** Bytes of a name: what file systems take. */
const longestName = 255;

/** @param bytes not negative */
const sizeText = (bytes: number): string => {
	const [value, unit] = bytes < 999_500 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
	return `${value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
};

const usage = (message: string, next?: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** @returns a name that others can read and keep */
const nameOf = ({path: file, name}: SendFileRequest): string => {
	const clean = cleanOutgoing(path.basename(name ?? file))
		.replaceAll(/[\u0000-\u001F\u007F-\u009F/\\]/g, '_')
		.trim();
	let short = clean === '' ? 'file' : clean;
	while (Buffer.byteLength(short) > longestName) short = short.slice(1);
	return short.toWellFormed();
};

const sizeOf = async (file: string): Promise<number> => {
	if (!path.isAbsolute(file)) throw usage(`${file} is not a whole path.`);
	try {
		const stats = await stat(file);
		if (stats.isFile()) return stats.size;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
			throw new ExpectedError({message: `There is no file ${file}.`, reason: 'notFound'}, {cause: error});
		throw fileError(file, error);
	}
	throw usage(`${file} is not a file.`, 'A folder is sent as an archive: tar or zip it first.');
};

const captionOf = (caption: JsonObject | undefined): JsonObject => {
	const {body, format, formatted_body: html, 'm.mentions': mentions} = caption ?? {};
	const named = {'m.mentions': mentions ?? {}};
	if (asString(body) === undefined) return named;
	return html === undefined ? {body, ...named} : {body, format, formatted_body: html, ...named};
};

/** What others lay a picture out by, before they have it. */
const pictureInfo = (facts: PictureFacts | undefined): JsonObject => {
	if (facts === undefined) return {};
	const {width: w, height: h, thumbnail} = facts;
	if (thumbnail === undefined) return {w, h};
	const {type: mimetype, bytes} = thumbnail;
	return {w, h, thumbnail_info: {mimetype, size: bytes.length, w: thumbnail.width, h: thumbnail.height}};
};

export const createFileOrders = ({files, media, orders, pictures}: FileOrderOptions) => {
	let limit: number | undefined;

	/** Asked once; as long as the server is not reached, each file finds out for itself. */
	const largest = async (): Promise<number | undefined> => {
		if (limit !== undefined) return limit;
		const expired = new Promise<undefined>(resolve => {
			setTimeout(() => resolve(undefined), limitPatience).unref();
		});
		limit = await Promise.race([media.largestUpload().catch(() => undefined), expired]);
		return limit;
	};

	const requireSize = async (name: string, size: number): Promise<void> => {
		const most = await largest();
		if (most === undefined || size <= most) return;
		throw new ExpectedError({
			message: `${name} has ${sizeText(size)}; the server takes files up to ${sizeText(most)}.`,
			reason: 'refused',
		});
	};

	/** Of a picture the copy holds only what is seen, unless it is wanted as it is. */
	const keepFile = async (file: string, name: string, isAsItIs = false): Promise<KeptFile> => {
		const source = createReadStream(file);
		try {
			return await files.keep(isAsItIs ? source : withoutMetadata(source, name));
		} catch (error) {
			throw fileError(file, error);
		} finally {
			source.destroy();
		}
	};

	return {
		/** @throws ExpectedError where the file cannot be read or is too large */
		async sendFile(
			request: SendFileRequest,
			findRoom: () => Promise<RoomRow>,
			order?: OpenOrder,
		): Promise<SendReceipt> {
			const {path: file, caption, keepsMetadata, ...rest} = request;
			const size = await sizeOf(file);
			const room = await findRoom();
			const before = orders.known(room, request.transactionKey);
			// Asked again after an answer was lost.
			if (before !== undefined) return orders.send(room, {...rest, content: before.content}, {order});
			const name = nameOf(request);
			await requireSize(name, size);
			const kept: NewAttachment[] = [];
			try {
				const type = typeOfName(name);
				const copy = await keepFile(file, name, keepsMetadata);
				kept.push({...copy, role: 'file', type});
				const facts = type.startsWith('image/') ? await pictures.inspect(file) : undefined;
				const small = facts?.thumbnail;
				if (small !== undefined)
					kept.push({...(await files.keep(Readable.from([small.bytes]))), role: 'thumbnail', type: small.type});
				const content = {
					msgtype: messageTypeOf(type),
					body: name,
					filename: name,
					info: {mimetype: type, size: copy.size, ...pictureInfo(facts)},
					...captionOf(caption),
				};
				return await orders.send(room, {...rest, content}, {files: kept, order});
			} finally {
				for (const {name: copied} of kept) files.settle(copied);
			}
		},
	};
};
