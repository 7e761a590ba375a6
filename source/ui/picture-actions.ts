/** Draws the picture of a message where it stands, when the person wants to see it: fetched, and decoded in another process. */
import {rm} from 'node:fs/promises';
import path from 'node:path';
import {sharedThumbnail} from '../domain/media.ts';
import {fetchKey} from '../domain/media-requests.ts';
import type {Message} from '../domain/message.ts';
import type {Pictures} from '../pictures/pictures.ts';
import type {CharacterSet} from '../terminal/character-set.ts';
import type {ColourLevel} from '../terminal/colour-level.ts';
import {pictureBox, pictureLines} from '../view-models/picture-lines.ts';
import {timelineColumns} from '../view-models/timeline-columns.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type PictureActionOptions = ScreenPort & {
	/** Without, no picture is drawn. */
	readonly pictures: Pick<Pictures, 'scale'> | undefined;
	readonly colours: () => ColourLevel;
	readonly characters: CharacterSet;
	/** @returns the message that is meant, or why there is none. */
	readonly findPicture: () => Message | string;
};

export const createPictureActions = (options: PictureActionOptions): {readonly showPicture: () => void} => {
	const {model, session, pictures} = options;
	const {timeline} = model;
	const fetching = new Set<string>();

	/** @returns why this terminal draws none */
	const whyNot = (): string | undefined => {
		if (options.colours() === 0 || options.colours() === 16)
			return 'This terminal has too few colours for pictures: o opens it in another program.';
		return options.characters === 'unicode'
			? undefined
			: 'Pictures are not drawn in ASCII: o opens it in another program.';
	};

	const draw = async ({eventId, content}: Message): Promise<void> => {
		const room = model.openedRoom();
		if (room === undefined || pictures === undefined) return;
		model.say('Fetching the picture…', 'muted', true);
		const isThumbnail = sharedThumbnail(content) !== undefined;
		const file = await session.fetchFile({roomId: room.roomId, eventId, key: fetchKey(eventId), isThumbnail});
		const {conversationWidth, timelineRows} = model.store.get().frame;
		try {
			const box = pictureBox(timelineColumns(conversationWidth).text, timelineRows);
			const picture = await pictures.scale(file.path, box);
			if (model.openedRoom()?.rid !== room.rid) return;
			if (picture === undefined)
				return model.say('mx cannot draw this picture: o opens it in another program.', 'warning');
			timeline.drawPicture(eventId, pictureLines(picture));
			model.dismiss();
		} finally {
			// It lies alone in a folder of its own.
			await rm(path.dirname(file.path), {recursive: true, force: true});
		}
	};

	return {
		showPicture() {
			const message = options.findPicture();
			if (typeof message === 'string') return model.say(message, 'warning');
			const {eventId} = message;
			if (timeline.isPictureDrawn(eventId)) {
				timeline.drawPicture(eventId, undefined);
				model.update();
				return;
			}
			const reason = whyNot();
			if (reason !== undefined) return model.say(reason, 'warning');
			if (fetching.has(eventId)) return;
			fetching.add(eventId);
			void sayFailure(options, async () => draw(message)).finally(() => fetching.delete(eventId));
		},
	};
};
