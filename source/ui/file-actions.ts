/** What commands do with the files of messages: saving them, and opening them after a question. */
import type {MediaActions} from '../commands/media-actions.ts';
import {sharedFile} from '../domain/media.ts';
import {fetchKey} from '../domain/media-requests.ts';
import type {Message} from '../domain/message.ts';
import {mayBeOpened, safeFileName} from '../domain/safe-file-name.ts';
import {formatSize} from '../text/message-text.ts';
import {safeText} from '../text/safe-text.ts';
import {yesQuestion} from '../view-models/question.ts';
import {downloadFolder} from './download-folder.ts';
import {absolutePath, shortPath} from './folder-reader.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type FileActionOptions = ScreenPort & {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Hands a file to the system. */
	readonly openPath: (path: string) => Promise<void>;
	/** @returns the message that is meant, or why there is none. */
	readonly findFile: () => Message | string;
};

export type FileActions = Pick<MediaActions, 'save'> & {
	/** Asks, then opens the file of a message. @returns whether it has one */
	readonly open: (message: Message) => boolean;
};

/** A file as questions and sentences call it. */
const wordsOf = (message: Message): {readonly name: string; readonly words: string} => {
	const file = sharedFile(message.content, message.type);
	const name = safeText(safeFileName(file?.name ?? ''), 'name');
	return {name, words: file?.size === undefined ? name : `${name} (${formatSize(file.size)})`};
};

export const createFileActions = (options: FileActionOptions): FileActions => {
	const {model, session, environment} = options;
	const fetching = new Set<string>();

	const fetch = async (message: Message, folder: string | undefined): Promise<string | undefined> => {
		const {eventId} = message;
		const roomId = model.opened.roomOf(message.rid)?.roomId;
		if (roomId === undefined) return undefined;
		const key = fetchKey(eventId);
		fetching.add(key);
		model.say(`Fetching ${wordsOf(message).words}…`);
		try {
			return (await session.fetchFile({roomId, eventId, key, ...(folder === undefined ? {} : {folder})})).path;
		} finally {
			fetching.delete(key);
		}
	};

	/** @returns whether it is on its way: then it is asked whether that is to end */
	const offersStop = (message: Message): boolean => {
		const key = fetchKey(message.eventId);
		if (!fetching.has(key)) return false;
		const {words} = wordsOf(message);
		model.question.ask(
			yesQuestion(`${words} is being fetched: stop that?`, 'stops', () => {
				void sayFailure(options, async () => session.stopFetching({key}));
			}),
		);
		return true;
	};

	const saveTo = (message: Message, folder: string): void =>
		void sayFailure(options, async () => {
			const path = await fetch(message, folder);
			if (path !== undefined) model.say(`Saved as ${safeText(shortPath(path, 60), 'name')}.`, 'ok');
		});

	const openNow = (message: Message): void =>
		void sayFailure(options, async () => {
			const path = await fetch(message, undefined);
			if (path === undefined) return;
			await options.openPath(path);
			model.say(`${wordsOf(message).name} is opened.`, 'ok');
		});

	return {
		save(folder) {
			const message = options.findFile();
			if (typeof message === 'string') return model.say(message, 'warning');
			if (offersStop(message)) return;
			saveTo(message, folder === undefined ? downloadFolder(environment) : absolutePath(folder));
		},
		open(message) {
			if (sharedFile(message.content, message.type) === undefined) return false;
			if (offersStop(message)) return true;
			const {name, words} = wordsOf(message);
			if (mayBeOpened(name)) {
				const folder = downloadFolder(environment);
				model.question.ask({
					text: `Open ${words} on this machine?`,
					answers: [
						{key: 'y', label: 'opens', run: () => openNow(message)},
						{key: 's', label: 'saves it', run: () => saveTo(message, folder)},
					],
				});
			} else model.say(`mx opens no files like ${name}: s saves it.`, 'warning');
			return true;
		},
	};
};
