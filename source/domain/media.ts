/** Files that messages carry: where they are, what they are, and the keys of encrypted ones. */
import {parseContentUri} from './identifiers.ts';
import {asInteger, asObject, asString, isObject, type JsonObject} from './json.ts';

/** What opens an encrypted file (client-server API §Sending encrypted attachments). */
export type FileKeys = {
	/** 32 bytes for AES-CTR, base64url without padding. */
	readonly key: string;
	/** 16 bytes, the first counter; base64 without padding. */
	readonly iv: string;
	/** SHA-256 of the encrypted bytes, base64 without padding. */
	readonly sha256: string;
};

/** A file that a message carries. All strings are untrusted text from the network. */
export type SharedFile = {
	/** `mxc://server/media`, checked. */
	readonly uri: string;
	/** Of an encrypted file. */
	readonly keys: FileKeys | undefined;
	readonly name: string;
	/** As the sender says. */
	readonly type: string | undefined;
	/** Bytes, as the sender says. */
	readonly size: number | undefined;
};

/** Message types that carry a file (client-server API §m.room.message msgtypes). */
export type FileMessageType = 'm.file' | 'm.image' | 'm.audio' | 'm.video';

const fileTypes: ReadonlySet<string | undefined> = new Set(['m.file', 'm.image', 'm.audio', 'm.video']);

/** @returns what `EncryptedFile` says of the keys, `undefined` for a form that mx does not know. */
const parseKeys = (file: JsonObject): FileKeys | undefined => {
	const {alg, k: key} = asObject(file['key']);
	const iv = asString(file['iv']);
	const sha256 = asString(asObject(file['hashes'])['sha256']);
	if (file['v'] !== 'v2' || alg !== 'A256CTR' || typeof key !== 'string') return undefined;
	if (iv === undefined || sha256 === undefined) return undefined;
	const bytes = (text: string): number => Buffer.from(text, 'base64').length;
	return bytes(key) === 32 && bytes(iv) === 16 && bytes(sha256) === 32 ? {key, iv, sha256} : undefined;
};

/** @returns the content's `file` for an encrypted file that is at `uri`. */
export const encryptedFile = (uri: string, {key, iv, sha256}: FileKeys): JsonObject => ({
	v: 'v2',
	url: uri,
	key: {kty: 'oct', key_ops: ['encrypt', 'decrypt'], alg: 'A256CTR', k: key, ext: true},
	iv,
	hashes: {sha256},
});

/** @returns where a picture or file lies, by `url` or `file`; `undefined` where that is nowhere, or in a form that mx does not know. */
const placeOf = (url: unknown, file: unknown): Pick<SharedFile, 'uri' | 'keys'> | undefined => {
	const keys = isObject(file) ? parseKeys(file) : undefined;
	if (isObject(file) && keys === undefined) return undefined;
	const uri = asString(isObject(file) ? file['url'] : url) ?? '';
	return parseContentUri(uri) === undefined ? undefined : {uri, keys};
};

/** @returns whether a message is about a file, whatever is said of it. */
export const isFileMessage = (content: JsonObject, type: string): boolean =>
	type === 'm.sticker' || (type === 'm.room.message' && fileTypes.has(asString(content['msgtype'])));

/** @returns the file of a message; `undefined` where it has none that can be fetched */
export const sharedFile = (content: JsonObject, type: string): SharedFile | undefined => {
	if (!isFileMessage(content, type)) return undefined;
	const place = placeOf(content['url'], content['file']);
	if (place === undefined) return undefined;
	const info = asObject(content['info']);
	const size = asInteger(info['size']);
	return {
		...place,
		// With `filename` the body is a caption (§Media captions).
		name: asString(content['filename']) ?? asString(content['body']) ?? '',
		type: asString(info['mimetype']),
		size: size === undefined || size < 0 ? undefined : size,
	};
};

/** @returns where the small picture of a message lies; `undefined` where there is none */
export const sharedThumbnail = (content: JsonObject): Pick<SharedFile, 'uri' | 'keys'> | undefined => {
	const info = asObject(content['info']);
	return placeOf(info['thumbnail_url'], info['thumbnail_file']);
};

/** By ending; what is not here is `application/octet-stream`. */
const typesByEnding: Readonly<Record<string, string>> = {
	'7z': 'application/x-7z-compressed',
	aac: 'audio/aac',
	avi: 'video/x-msvideo',
	avif: 'image/avif',
	bmp: 'image/bmp',
	bz2: 'application/x-bzip2',
	c: 'text/x-c',
	css: 'text/css',
	csv: 'text/csv',
	diff: 'text/x-diff',
	doc: 'application/msword',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	epub: 'application/epub+zip',
	flac: 'audio/flac',
	gif: 'image/gif',
	gz: 'application/gzip',
	heic: 'image/heic',
	htm: 'text/html',
	html: 'text/html',
	ics: 'text/calendar',
	jpeg: 'image/jpeg',
	jpg: 'image/jpeg',
	js: 'text/javascript',
	json: 'application/json',
	jxl: 'image/jxl',
	log: 'text/plain',
	m4a: 'audio/mp4',
	md: 'text/markdown',
	mkv: 'video/x-matroska',
	mov: 'video/quicktime',
	mp3: 'audio/mpeg',
	mp4: 'video/mp4',
	odp: 'application/vnd.oasis.opendocument.presentation',
	ods: 'application/vnd.oasis.opendocument.spreadsheet',
	odt: 'application/vnd.oasis.opendocument.text',
	oga: 'audio/ogg',
	ogg: 'audio/ogg',
	ogv: 'video/ogg',
	opus: 'audio/ogg',
	patch: 'text/x-diff',
	pdf: 'application/pdf',
	png: 'image/png',
	ppt: 'application/vnd.ms-powerpoint',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	py: 'text/x-python',
	rtf: 'application/rtf',
	sh: 'application/x-sh',
	svg: 'image/svg+xml',
	tar: 'application/x-tar',
	tif: 'image/tiff',
	tiff: 'image/tiff',
	ts: 'text/plain',
	txt: 'text/plain',
	vcf: 'text/vcard',
	wav: 'audio/wav',
	webm: 'video/webm',
	webp: 'image/webp',
	xls: 'application/vnd.ms-excel',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	xml: 'application/xml',
	xz: 'application/x-xz',
	yaml: 'application/yaml',
	yml: 'application/yaml',
	zip: 'application/zip',
	zst: 'application/zstd',
};

/** @returns the media type of a file by its name. */
export const typeOfName = (name: string): string =>
	typesByEnding[/\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';

/** @returns how a file of a media type is sent; a drawing in SVG is a file, as no client may draw it. */
export const messageTypeOf = (type: string): FileMessageType => {
	if (type === 'image/svg+xml') return 'm.file';
	if (type.startsWith('image/')) return 'm.image';
	if (type.startsWith('audio/')) return 'm.audio';
	return type.startsWith('video/') ? 'm.video' : 'm.file';
};
