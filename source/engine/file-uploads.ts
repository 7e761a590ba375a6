/** Brings the files of an outbox row to the server, each once in the form that its room needs, and says where they lie. */
import {ExpectedError} from '../domain/errors.ts';
import {asObject, type JsonObject} from '../domain/json.ts';
import {encryptedFile} from '../domain/media.ts';
import type {Transfer} from '../domain/media-requests.ts';
import type {MediaCalls} from '../matrix/media-calls.ts';
import type {Attachment, UploadForm} from '../store/attachment-store.ts';
import type {OutboxJob, OutboxStore} from '../store/outbox-store.ts';
import type {OutgoingFiles} from '../store/outgoing-files.ts';

export type FileUploadOptions = {
	readonly outbox: Pick<OutboxStore, 'attachments'>;
	readonly files: OutgoingFiles;
	readonly media: Pick<MediaCalls, 'upload'>;
	readonly tell: (transfer: Transfer) => void;
	/** Milliseconds that only move forward. */
	readonly now: () => number;
};

export type FileUploads = {
	/**
	 * Uploads what is not on the server in this form yet.
	 * @returns the content with the places of its files
	 * @throws NetworkError; ExpectedError where the copy of a file is gone; the signal's reason
	 */
	readonly bring: (job: OutboxJob, isEncrypted: boolean, signal: AbortSignal) => Promise<JsonObject>;
};

/** Milliseconds between two words about how far a file is. */
const progressPause = 250;

const lost = (): ExpectedError =>
	new ExpectedError({
		message: 'the copy of the file that mx kept is gone; discard this and send it again',
		reason: 'error',
	});

type Placed = Attachment & {readonly uri: string};

const placeFile = (content: JsonObject, {role, uri, keys}: Placed, isEncrypted: boolean): JsonObject => {
	const place = isEncrypted ? {file: encryptedFile(uri, keys)} : {url: uri};
	if (role === 'file') return {...content, ...place};
	const thumbnail = isEncrypted ? {thumbnail_file: place.file} : {thumbnail_url: place.url};
	return {...content, info: {...asObject(content['info']), ...thumbnail}};
};

export const createFileUploads = ({outbox, files, media, tell, now}: FileUploadOptions): FileUploads => {
	const {attachments} = outbox;

	const upload = async (
		attachment: Attachment,
		form: UploadForm,
		ways: {
			readonly name: string | undefined;
			readonly signal: AbortSignal;
			readonly onProgress: (done: number) => void;
		},
	): Promise<string> => {
		if (!(await files.isWhole(attachment))) throw lost();
		const {size} = attachment;
		const type = form === 'encrypted' ? 'application/octet-stream' : attachment.type;
		return media.upload({...ways, type, size, body: files.read(attachment, form)});
	};

	return {
		async bring(job, isEncrypted, signal) {
			const {id, rid, transactionId: key, content} = job;
			const form = isEncrypted ? 'encrypted' : 'clear';
			const all = attachments.of(id);
			// What is passed on has its place already.
			if (all.length === 0 && content['url'] === undefined && content['file'] === undefined) throw lost();
			const total = all.reduce((sum, {size}) => sum + size, 0);
			let toldAt = Number.NEGATIVE_INFINITY;
			let before = 0;
			let placed = content;
			for (const attachment of all) {
				const onProgress = (done: number): void => {
					const time = now();
					if (signal.aborted || (time - toldAt < progressPause && before + done < total)) return;
					toldAt = time;
					tell({key, rid, done: before + done, total});
				};
				const name = isEncrypted || typeof content['filename'] !== 'string' ? undefined : content['filename'];
				const known = attachment.uris[form];
				const uri = known ?? (await upload(attachment, form, {name, signal, onProgress}));
				signal.throwIfAborted();
				if (known === undefined) attachments.setUri(id, attachment.role, form, uri);
				before += attachment.size;
				placed = placeFile(placed, {...attachment, uri}, isEncrypted);
			}
			return placed;
		},
	};
};
