/** Pictures as cameras and programs write them: with what they say of place, time and maker. */
import sharp from 'sharp';

/** Words that a picture carries and that nobody sees in it. */
export const secrets = ['Secret Camera', 'Jane Doe', '2021:06:07', 'xmp-secret', 'comment-secret', 'thumbnail-secret'];

export type PhotoFormat = 'jpeg' | 'png' | 'webp';

export type PhotoOptions = {
	readonly format: PhotoFormat;
	/** As EXIF counts. */
	readonly orientation?: number;
	readonly isProgressive?: boolean;
	readonly profile?: 'p3' | 'srgb';
	readonly channels?: 3 | 4;
};

const xmp =
	'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>xmp-secret</dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

const segment = (code: number, body: Buffer): Buffer =>
	Buffer.concat([Buffer.from([0xff, code, (body.length + 2) >> 8, (body.length + 2) & 0xff]), body]);

/** Behind the start: IPTC, a comment, an extension of JFIF with a small picture; behind the end: another picture. */
const withMoreInJpeg = (jpeg: Buffer): Buffer =>
	Buffer.concat([
		jpeg.subarray(0, 2),
		segment(0xe0, bytesOf('JFXX\0\x10thumbnail-secret')),
		segment(0xed, bytesOf('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x08Jane Doe')),
		segment(0xfe, bytesOf('comment-secret')),
		segment(0xe2, bytesOf('MPF\0thumbnail-secret')),
		jpeg.subarray(2),
		bytesOf('thumbnail-secret'),
	]);

const chunk = (type: string, data: Buffer): Buffer => {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	// The checksum of a chunk that decoders pass over is not looked at.
	return Buffer.concat([length, bytesOf(type), data, Buffer.alloc(4)]);
};

const withMoreInPng = (png: Buffer): Buffer => {
	const afterHeader = 8 + 25;
	return Buffer.concat([
		png.subarray(0, afterHeader),
		chunk('tEXt', bytesOf('Author\0Jane Doe')),
		chunk('tIME', Buffer.from([7, 229, 6, 7, 12, 0, 0])),
		chunk('caBX', bytesOf('comment-secret')),
		png.subarray(afterHeader),
		bytesOf('thumbnail-secret'),
	]);
};

const withMoreInWebp = (webp: Buffer): Buffer => {
	const more = Buffer.concat([bytesOf('LOGO'), Buffer.from([14, 0, 0, 0]), bytesOf('comment-secret')]);
	const whole = Buffer.concat([webp, more, bytesOf('thumbnail-secret')]);
	whole.writeUInt32LE(webp.length - 8 + more.length, 4);
	return whole;
};

/** @returns a picture of stripes with all that; each corner has a colour of its own */
export const makePhoto = async (options: PhotoOptions): Promise<Buffer> => {
	const {format, orientation = 1, isProgressive = false, profile, channels = 3} = options;
	const [width, height] = [48, 32];
	const pixels = Buffer.alloc(width * height * channels);
	for (let at = 0; at < pixels.length; at += channels) {
		const [column, row] = [(at / channels) % width, Math.floor(at / channels / width)];
		pixels.set([column * 5, row * 7, (column * row) % 256, 128 + row].slice(0, channels), at);
	}
	let image = sharp(pixels, {raw: {width, height, channels}})
		.withExif({
			IFD0: {
				Make: 'Secret Camera',
				Artist: 'Jane Doe',
				DateTime: '2021:06:07 08:09:10',
				Orientation: String(orientation),
			},
			IFD3: {
				GPSLatitudeRef: 'N',
				GPSLatitude: '52/1 31/1 1234/100',
				GPSLongitudeRef: 'E',
				GPSLongitude: '13/1 24/1 0/1',
			},
		})
		.withXmp(xmp);
	if (profile !== undefined) image = image.withIccProfile(profile);
	if (orientation !== 1) image = image.withMetadata({orientation});
	switch (format) {
		case 'jpeg':
			return withMoreInJpeg(await image.jpeg({progressive: isProgressive, quality: 90}).toBuffer());
		case 'png':
			return withMoreInPng(await image.png({progressive: isProgressive}).toBuffer());
		case 'webp':
			return withMoreInWebp(await image.webp({lossless: true}).toBuffer());
	}
};

/** Pixels as they are to be seen. */
export const seenPixels = async (bytes: Uint8Array): Promise<Buffer> =>
	sharp(bytes, {pages: -1, failOn: 'error'}).autoOrient().toColourspace('srgb').raw().toBuffer();
