/** File names that strangers chose, made fit to be written to a disk. */

/** Bytes of UTF-8; file systems take 255, and a number may be added. */
const longestName = 200;

/** What is no part of a name, or has a meaning for some system: controls, what reorders, separators, wildcards. */
const forbidden =
	/[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\p{Cs}/\\<>:"|?*]/gu;

/** Devices of Windows, with whatever ending. */
const devices = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

const cutBytes = (text: string, bytes: number): string => {
	let cut = text;
	while (Buffer.byteLength(cut) > bytes) cut = cut.slice(0, -1);
	return cut.toWellFormed().replace(/\uFFFD$/, '');
};

/** A name and its ending, with the dot. */
export const splitName = (name: string): readonly [stem: string, ending: string] => {
	const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
	return ending.length === name.length ? [name, ''] : [name.slice(0, name.length - ending.length), ending];
};

/**
 * @param name as the sender says: a path of theirs, `..`, a hidden file, anything
 * @returns a name without a folder that is no device, not hidden, and at most 200 bytes long
 */
export const safeFileName = (name: string): string => {
	const last = name.split(/[/\\]/).findLast(part => part.trim() !== '') ?? '';
	const clean = last
		.normalize('NFC')
		.replaceAll(forbidden, '_')
		.replace(/^[.\s]+/, '')
		.replace(/[.\s]+$/, '');
	const [stem, ending] = splitName(clean === '' ? 'file' : clean);
	const safe = cutBytes(stem, longestName - ending.length) + ending;
	return devices.test(safe) ? `_${safe}` : safe;
};

/** Endings of what is looked at or listened to: nothing that a system would run. */
const openable = new Set(
	(
		'png jpg jpeg gif webp avif bmp tif tiff heic jxl mp3 m4a aac ogg oga opus flac wav mp4 m4v mkv mov webm avi ogv ' +
		'pdf epub txt md log csv json ics vcf odt ods odp docx xlsx pptx zip'
	).split(' '),
);

/** @returns whether a file may be handed to the system's opener, by its name */
export const mayBeOpened = (name: string): boolean => openable.has(splitName(name)[1].slice(1).toLowerCase());
