/** What commands do with files: choosing one, sending it. */
import {plainMessage} from '../commands/written-message.ts';
import path from 'node:path';
import type {MediaActions} from '../commands/media-actions.ts';
import type {Message} from '../domain/message.ts';
import {formatSize} from '../text/message-text.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {roomName} from '../view-models/inbox-row.ts';
import {yesQuestion} from '../view-models/question.ts';
import {createFileActions, type FileActionOptions} from './file-actions.ts';
import {createFilePicker} from './file-picker.ts';
import {absolutePath, createFolderReader} from './folder-reader.ts';
import {createPictureActions, type PictureActionOptions} from './picture-actions.ts';
import type {Sender} from './sender.ts';

export type MediaActionOptions = FileActionOptions &
	PictureActionOptions & {
		readonly sender: Pick<Sender, 'send'>;
		/** Milliseconds since the Unix epoch. */
		readonly now: () => number;
	};

export const createMediaActions = (
	options: MediaActionOptions,
): MediaActions & {readonly open: (message: Message) => boolean} => {
	const {model, sender, now} = options;
	const reader = createFolderReader(() => model.inPanel(panels => panels.refresh()));
	let folder = process.cwd();

	/** @returns why no file can be sent now */
	const whyNot = (): string | undefined => {
		const room = model.openedRoom();
		if (room === undefined) return 'no room is open';
		if (model.writings.of(room.rid)?.kind === 'edit') return 'finish the edit first';
		return model.closedReason();
	};

	const send = (file: string, words: string): void => {
		const reason = whyNot();
		if (reason === undefined) void sender.send(plainMessage(words), absolutePath(file));
		else model.say(`Not sent: ${reason}.`, 'warning');
	};

	return {
		...createFileActions(options),
		...createPictureActions(options),
		sendFile: (file, caption) => send(file, caption ?? ''),
		openFiles() {
			const reason = whyNot();
			const room = model.openedRoom();
			if (reason !== undefined || room === undefined) {
				model.say(`No file can be sent: ${reason ?? ''}.`, 'warning');
				return;
			}
			const isCommand = /^\/(?!\/)/.test(model.composer().text);
			if (isCommand) model.edit({kind: 'set', text: ''});
			model.openPanel(
				createFilePicker({
					reader,
					folder,
					title: literal`Send a file`,
					hint: literal`Enter opens or sends · / and ~ begin a path`,
					now,
					reopen(picker) {
						model.closePanel();
						model.openPanel(picker);
					},
					take(file, {name, size}) {
						folder = path.dirname(file);
						const {text} = model.composer();
						const what = `${safeText(name, 'name', '?')} (${formatSize(size)})`;
						const words = text.trim() === '' ? '' : ' with what is written';
						model.closePanel();
						model.question.ask(
							yesQuestion(`Send ${what} to ${roomName(room)}${words}?`, 'sends it', () => {
								if (model.openedRoom()?.rid === room.rid) send(file, text.replace(/^\/\//, '/'));
							}),
						);
					},
				}),
			);
		},
	};
};
