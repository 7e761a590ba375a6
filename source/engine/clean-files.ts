/** What goes out as a file: of pictures only what is seen in them. Nothing of one that cannot be cleaned leaves without a word. */
import {ExpectedError} from '../domain/errors.ts';
import {cleanPicture, headLength, pictureFormat, type CleanableFormat} from '../pictures/metadata/clean-picture.ts';

/** Bytes of the largest picture that is cleaned; it is held in memory. */
const largestPicture = 100_000_000;

const refused = (message: string): ExpectedError =>
	new ExpectedError({
		message,
		next: 'Make a copy in another program, or send it as it is: /upload --keep-metadata, mx send --keep-metadata.',
		reason: 'refused',
	});

const why = 'mx cannot take out of it where, when and with what it was taken';

const clean = (bytes: Uint8Array, format: CleanableFormat, name: string): readonly Uint8Array[] => {
	const pieces = cleanPicture(bytes, format);
	if (pieces === undefined) throw refused(`${name} is a damaged ${format} file: ${why}.`);
	return pieces;
};

/**
 * @param name what the sentences call it
 * @yields the bytes of a picture without what is not seen in it; of every other file all
 * @throws ExpectedError for a picture that is damaged, too large, or in a format that mx cannot clean
 */
export async function* withoutMetadata(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	/** `undefined`: not known yet. */
	let format: CleanableFormat | 'other' | 'none' | undefined;
	for await (const piece of source) {
		if (format === 'none') {
			yield piece;
			continue;
		}
		pieces.push(piece);
		size += piece.byteLength;
		if (format === undefined && size >= headLength) {
			format = pictureFormat(Buffer.concat(pieces).subarray(0, headLength)) ?? 'none';
			if (format === 'other')
				throw refused(`${name} is a picture of a format that keeps such things its own way: ${why}.`);
			if (format === 'none') yield* pieces.splice(0);
		}
		if (size > largestPicture && format !== 'none') throw refused(`${name} is a very large picture: ${why}.`);
	}
	const whole = Buffer.concat(pieces);
	const found = format ?? pictureFormat(whole.subarray(0, headLength));
	if (found === undefined || found === 'none' || found === 'other') yield whole;
	else yield* clean(whole, found, name);
}
