/**
 * A process of its own that decodes pictures: they come from strangers, and the decoder is native code, which can crash and
 * cannot be interrupted. It knows four formats, one page of each, and no file of more pixels than a camera takes.
 */
import process from 'node:process';
import type {PictureAnswer, PictureRequest, Thumbnail} from './picture-messages.ts';
import {sixelBody} from './sixel.ts';

/** Pixels of the largest picture that is decoded. */
const mostPixels = 100_000_000;

/** Others get a small picture as soon as the whole one is larger than this (client-server API §Thumbnails). */
const thumbnailSize = {width: 800, height: 600};

/** It throws where sharp is not installed. */
const loadSharp = async () => {
	const {default: sharp} = await import('sharp');
	sharp.concurrency(1);
	sharp.cache(false);
	// No SVG, no PDF, none of the many formats that hardly anybody has looked at.
	sharp.block({operation: ['VipsForeignLoad']});
	sharp.unblock({
		operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
	});
	return sharp;
};

const sharp = await loadSharp().catch(() => undefined);

const openPicture = (path: string) => {
	if (sharp === undefined) throw new Error('sharp is not installed');
	return sharp(path, {limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true, pages: 1}).autoOrient();
};

const inspect = async (path: string): Promise<PictureAnswer> => {
	const {autoOrient, hasAlpha, pages = 1} = await openPicture(path).metadata();
	const {width, height} = autoOrient;
	const size = {width, height};
	// A small picture of one that moves would stand still.
	if ((width <= thumbnailSize.width && height <= thumbnailSize.height) || pages > 1) return {ok: true, ...size};
	const small = openPicture(path).resize({...thumbnailSize, fit: 'inside'});
	const encoded = hasAlpha ? small.webp({quality: 80}) : small.jpeg({quality: 80, mozjpeg: true});
	const {data, info} = await encoded.toBuffer({resolveWithObject: true});
	const thumbnail: Thumbnail = {
		bytes: data,
		type: hasAlpha ? 'image/webp' : 'image/jpeg',
		width: info.width,
		height: info.height,
	};
	return {ok: true, ...size, thumbnail};
};

const scale = async (path: string, size: {readonly width: number; readonly height: number}): Promise<PictureAnswer> => {
	const {data, info} = await openPicture(path)
		.resize({...size, fit: 'inside', withoutEnlargement: true})
		.toColourspace('srgb')
		.ensureAlpha()
		.raw()
		.toBuffer({resolveWithObject: true});
	return {ok: true, width: info.width, height: info.height, pixels: data};
};

/** Bytes behind which a picture gets 256 colours: it has to go through the terminal's line. */
const smallPng = 200_000;

const encode = async (
	path: string,
	size: {readonly width: number; readonly height: number},
): Promise<PictureAnswer> => {
	const small = openPicture(path)
		.resize({...size, fit: 'inside', withoutEnlargement: true})
		.toColourspace('srgb');
	const whole = await small.clone().png({compressionLevel: 9}).toBuffer({resolveWithObject: true});
	const {data, info} =
		whole.data.length <= smallPng
			? whole
			: await small.png({palette: true, compressionLevel: 9, effort: 4}).toBuffer({resolveWithObject: true});
	return {ok: true, width: info.width, height: info.height, png: data};
};

const sixel = async (path: string, size: {readonly width: number; readonly height: number}): Promise<PictureAnswer> => {
	const few = await openPicture(path)
		.resize({...size, fit: 'inside', withoutEnlargement: true})
		.toColourspace('srgb')
		.png({palette: true, effort: 4})
		.toBuffer();
	const raw = sharp?.(few).ensureAlpha().raw();
	if (raw === undefined) throw new Error('sharp is not installed');
	const {data, info} = await raw.toBuffer({resolveWithObject: true});
	const {width, height} = info;
	const body = sixelBody({width, height, pixels: data});
	return body === undefined ? {ok: false, error: 'too many colours'} : {ok: true, width, height, sixel: body};
};

const look = async (request: PictureRequest): Promise<PictureAnswer> => {
	switch (request.kind) {
		case 'inspect':
			return inspect(request.path);
		case 'scale':
			return scale(request.path, request);
		case 'encode':
			return encode(request.path, request);
		case 'sixel':
			return sixel(request.path, request);
		default:
			return request satisfies never;
	}
};

const answer = async (request: PictureRequest): Promise<PictureAnswer> => {
	try {
		return await look(request);
	} catch (error) {
		return {ok: false, error: error instanceof Error ? error.message : String(error)};
	}
};

process.on('message', (request: PictureRequest) => {
	void answer(request).then(reply => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
