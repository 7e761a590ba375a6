/** Brings the picture of a message to the screen: fetched by the engine, decoded in another process, drawn as the terminal can. */
import {rm} from 'node:fs/promises';
import path from 'node:path';
import {sharedFile, sharedThumbnail} from '../domain/media.ts';
import {fetchKey} from '../domain/media-requests.ts';
import type {Message} from '../domain/message.ts';
import type {EncodedPicture, Pictures, ScaledPicture, SixelPicture} from '../pictures/pictures.ts';
import type {PictureProtocol} from '../terminal/picture-protocol.ts';
import {inlineImage, sixelImage} from '../terminal/pixel-pictures.ts';
import type {ScreenOutput} from '../terminal/screen-output.ts';
import {keptPictureLines, pictureBox, pictureLines, sizeInBox, type PictureSize} from '../view-models/picture-lines.ts';
import {timelineColumns} from '../view-models/timeline-columns.ts';
import type {ScreenPort} from './screen-port.ts';

export type PictureDecoder = Pick<Pictures, 'scale' | 'encode' | 'sixel'>;

export type PictureLoaderOptions = Pick<ScreenPort, 'model' | 'session'> & {
	/** Without, no picture is drawn. */
	readonly pictures: PictureDecoder | undefined;
	/** Keeps pictures for the terminal. */
	readonly keeper: ScreenOutput['pictures'];
	readonly protocol: () => PictureProtocol;
	/** Pixels of a cell. */
	readonly cell: () => {readonly width: number; readonly height: number};
};

/** Who decodes for which protocol. */
const decoders = {kitty: 'encode', iterm2: 'encode', sixel: 'sixel', blocks: 'scale'} as const;

/** Pixels at most; what would have more of them in its box is smaller. Sixels are four times as long as a PNG. */
const mostPixels = {kitty: 1_000_000, iterm2: 500_000, sixel: 300_000};

/** Decoded pictures that are remembered, and their bytes: whoever comes back to a room sees them at once. */
const mostKnown = 64;
const mostBytes = 16_000_000;

/** Pictures that are drawn at the same time; what was drawn first keeps only its place. */
const mostDrawn = 40;

/** Bytes that a picture may have which nobody asked for. */
const smallFile = 600_000;

type Decoded = EncodedPicture | ScaledPicture | SixelPicture;

const bytesOf = (picture: Decoded): number => {
	if ('png' in picture) return picture.png.length;
	return 'sixel' in picture ? picture.sixel.length : picture.pixels.length;
};

const isSmallFile = ({content, type}: Message): boolean =>
	(sharedFile(content, type)?.size ?? Number.POSITIVE_INFINITY) <= smallFile;

const createMemory = () => {
	const known = new Map<string, Decoded>();
	return {
		get: (key: string): Decoded | undefined => known.get(key),
		keep(key: string, picture: Decoded): void {
			known.delete(key);
			known.set(key, picture);
			let bytes = [...known.values()].reduce((sum, one) => sum + bytesOf(one), 0);
			for (const [oldest, one] of known) {
				if (known.size <= mostKnown && bytes <= mostBytes) break;
				known.delete(oldest);
				bytes -= bytesOf(one);
			}
		},
	};
};

export const createPictureLoader = (options: PictureLoaderOptions) => {
	const {model, session, pictures, keeper} = options;
	const {timeline} = model;
	const memory = createMemory();

	const box = (): PictureSize => {
		const {conversationWidth, timelineRows} = model.store.get().frame;
		return pictureBox(timelineColumns(conversationWidth).text, timelineRows);
	};

	/** Pixels that a picture is decoded into: two in a cell, or as many as the terminal has. */
	const pixels = (protocol: PictureProtocol): {readonly width: number; readonly height: number} => {
		const {columns, rows} = box();
		if (protocol === 'blocks') return {width: columns, height: rows * 2};
		const {width, height} = options.cell();
		const size = {width: columns * width, height: rows * height};
		const scale = Math.min(1, Math.sqrt(mostPixels[protocol] / (size.width * size.height)));
		return {width: Math.floor(size.width * scale), height: Math.floor(size.height * scale)};
	};

	const decode = async (file: string, protocol: PictureProtocol): Promise<Decoded | undefined> =>
		pictures?.[decoders[protocol]](file, pixels(protocol));

	const fetch = async (message: Message, isAsked: boolean, protocol: PictureProtocol): Promise<Decoded | undefined> => {
		const roomId = model.opened.roomOf(message.rid)?.roomId;
		if (roomId === undefined) return undefined;
		const {eventId, content} = message;
		const file = await session.fetchFile({
			roomId,
			eventId,
			// What nobody asked for says nothing of how far it is.
			key: isAsked ? fetchKey(eventId) : `picture ${eventId}`,
			isThumbnail: sharedThumbnail(content) !== undefined || (!isAsked && !isSmallFile(message)),
			...(isAsked ? {} : {largest: smallFile}),
		});
		try {
			return await decode(file.path, protocol);
		} finally {
			// It lies alone in a folder of its own.
			await rm(path.dirname(file.path), {recursive: true, force: true});
		}
	};

	const addToKeeper = (picture: EncodedPicture | SixelPicture, size: PictureSize): number | undefined => {
		if ('sixel' in picture)
			return keeper?.addPixels({sequence: sixelImage(picture.sixel, picture.width, picture.height), ...size});
		const {png, width, height} = picture;
		return options.protocol() === 'iterm2'
			? keeper?.addPixels({sequence: inlineImage(png, size.columns, size.rows), ...size})
			: keeper?.add({png, memory: width * height * 4, ...size});
	};

	/** Puts a picture below its message. @returns whether there was room for it */
	const draw = (eventId: string, picture: Decoded): boolean => {
		if ('pixels' in picture) {
			timeline.pictures.set(eventId, {lines: pictureLines(picture), isEmpty: false});
			return true;
		}
		const size = sizeInBox(picture, box(), options.cell());
		const id = addToKeeper(picture, size);
		if (id === undefined) return false;
		timeline.pictures.set(eventId, {
			lines: keptPictureLines(id, size),
			isEmpty: false,
			end: () => keeper?.remove(id),
		});
		return true;
	};

	/** So many at most: those that are not seen give way. */
	const dropOthers = (): void => {
		const drawn = timeline.pictures.all();
		const seen = new Set(timeline.seen().map(({eventId}) => eventId));
		const others = drawn.filter(eventId => !seen.has(eventId));
		for (const eventId of others.slice(0, Math.max(0, drawn.length - mostDrawn))) timeline.pictures.empty(eventId);
	};

	return {
		/** The cells that a picture of so many pixels will have here. */
		sizeOf: (size: {readonly width: number; readonly height: number}): PictureSize => {
			const protocol = options.protocol();
			const most = pixels(protocol);
			const scale = Math.min(1, most.width / size.width, most.height / size.height);
			const scaled = {width: size.width * scale, height: size.height * scale};
			return sizeInBox(scaled, box(), protocol === 'blocks' ? {width: 1, height: 2} : options.cell());
		},

		/** Whether it may be fetched without being asked for: a small picture of the sender or of the server, or a small file. */
		isSmall: (message: Message): boolean => {
			const {content, type} = message;
			const hasThumbnail = sharedThumbnail(content) !== undefined || sharedFile(content, type)?.keys === undefined;
			return hasThumbnail || isSmallFile(message);
		},

		/**
		 * @param isAsked the person wants to see it, whatever it costs
		 * @returns whether it is drawn now; `false` for what is no picture
		 * @throws ExpectedError where it cannot be fetched
		 */
		async load(message: Message, isAsked: boolean): Promise<boolean> {
			const protocol = options.protocol();
			const {width, height} = pixels(protocol);
			const key = `${message.rid} ${message.eventId} ${protocol} ${width}x${height}`;
			const known = memory.get(key);
			const picture = known ?? (await fetch(message, isAsked, protocol));
			if (picture === undefined) return false;
			memory.keep(key, picture);
			if (model.opened.roomOf(message.rid) === undefined) return true;
			const isDrawn = draw(message.eventId, picture);
			dropOthers();
			return isDrawn;
		},
	};
};
