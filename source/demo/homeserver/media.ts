/** Files (client-server API §Content Repository). */
import type {Call, Download, Routes} from './http.ts';
import {demand, found} from './matrix-error.ts';
import {newId, type Media, type World} from './world.ts';

/** Bytes. */
const largestFile = 50 * 1024 * 1024;

/** @returns the mxc address. */
export const addMedia = (world: World, media: Media): string => {
	const id = newId(24);
	world.media.set(id, media);
	return `mxc://${world.serverName}/${id}`;
};

/** A thumbnail is the file itself: a client has to scale it anyway. */
const download = ({world, part}: Call): Download => {
	const isOurs = part('server') === world.serverName;
	const media = found(isOurs ? world.media.get(part('id')) : undefined, 'There is no such file');
	const name = encodeURIComponent(part('name') || (media.name ?? 'file'));
	const headers = {'content-type': media.type, 'content-disposition': `inline; filename*=utf-8''${name}`};
	return {bytes: media.bytes, headers};
};

export const mediaRoutes: Routes = {
	'GET media/config': () => ({'m.upload.size': largestFile}),
	'POST upload': ({world, bytes, contentType, query}) => {
		demand(bytes.length <= largestFile, 413, 'M_TOO_LARGE', 'The file is too large');
		const media = {bytes, type: contentType || 'application/octet-stream', name: query.get('filename') ?? undefined};
		return {content_uri: addMedia(world, media)};
	},
	'GET media/download/{server}/{id}/{name?}': download,
	'GET media/thumbnail/{server}/{id}': download,
};
