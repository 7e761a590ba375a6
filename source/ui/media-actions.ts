/** What commands do with files: choosing one, sending it. */
import {plainMessage} from '../commands/written-message.ts';
import path from 'node:path';
import type {MediaActions} from '../commands/media-actions.ts';
import type {Message} from '../domain/message.ts';
import {formatSize} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {roomName} from '../view-models/inbox-row.ts';
import {yesQuestion} from '../view-models/question.ts';
import {createFileActions, type FileActionOptions} from './file-actions.ts';
import {createFilePicker} from './file-picker.ts';
import {absolutePath, createFolderReader} from './folder-reader.ts';
import {sayFailure} from './screen-port.ts';
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
	const {model, session, sender, now} = options;
	const reader = createFolderReader(() => model.inPanel(panels => panels.refresh()));
	let folder = process.cwd();

	/** @returns why no file can be sent now */
	const whyNot = (): string | undefined => {
		const room = model.openedRoom();
		if (room === undefined) return 'no room is open';
		if (model.writings.of(room.rid)?.kind === 'edit') return 'finish the edit first';
		return model.closedReason();
	};

	const send = (file: string, words: string, isAsItIs = false): void => {
		const reason = whyNot();
		if (reason === undefined)
			void sender.send({...plainMessage(words), ...(isAsItIs ? {keepsMetadata: true} : {})}, absolutePath(file));
		else model.say(`Not sent: ${reason}.`, 'warning');
	};

	/** Files to choose from, beginning where one was chosen last. */
	const openPicker = (title: SafeText, verb: SafeText, take: (file: string, what: string) => void): void => {
		const isCommand = /^\/(?!\/)/.test(model.composer().text);
		if (isCommand) model.edit({kind: 'set', text: ''});
		model.openPanel(
			createFilePicker({
				reader,
				folder,
				title,
				hint: literal`Enter opens or ${verb} · / and ~ begin a path`,
				now,
				reopen(picker) {
					model.closePanel();
					model.openPanel(picker);
				},
				take(file, {name, size}) {
					folder = path.dirname(file);
					model.closePanel();
					take(file, `${safeText(name, 'name', '?')} (${formatSize(size)})`);
				},
			}),
		);
	};

	const changeAvatar = (whose: 'mine' | 'room', file: string | undefined): void => {
		const room = whose === 'room' ? model.openedRoom() : undefined;
		void sayFailure(options, async () => {
			model.say('Changing the picture…', 'muted', true);
			await session.setAvatar({
				...(file === undefined ? {} : {path: absolutePath(file)}),
				...(room === undefined ? {} : {roomId: room.roomId}),
			});
			model.say(file === undefined ? 'The picture is taken away.' : 'The picture is changed.', 'ok');
		});
	};

	return {
		...createFileActions(options),
		...createPictureActions(options),
		sendFile: (file, caption, isAsItIs) => send(file, caption ?? '', isAsItIs),
		openFiles() {
			const reason = whyNot();
			const room = model.openedRoom();
			if (reason !== undefined || room === undefined) {
				model.say(`No file can be sent: ${reason ?? ''}.`, 'warning');
				return;
			}
			openPicker(literal`Send a file`, literal`sends`, (file, what) => {
				const {text} = model.composer();
				const words = text.trim() === '' ? '' : ' with what is written';
				model.question.ask(
					yesQuestion(`Send ${what} to ${roomName(room)}${words}?`, 'sends it', () => {
						if (model.openedRoom()?.rid === room.rid) send(file, text.replace(/^\/\//, '/'));
					}),
				);
			});
		},
		setAvatar(whose, file) {
			const room = model.openedRoom();
			if (whose === 'room' && room?.membership !== 'join')
				return model.say(room === undefined ? 'Open a room first.' : 'You are not in this room.', 'warning');
			if (file !== undefined) return changeAvatar(whose, file === '-' ? undefined : file);
			const of = whose === 'mine' || room === undefined ? literal`Your picture` : literal`Picture of ${roomName(room)}`;
			openPicker(of, literal`takes it`, (chosen, what) => {
				model.question.ask(
					yesQuestion(`Show everybody ${what}?`, 'shows it', () => {
						if (whose === 'mine' || model.openedRoom()?.rid === room?.rid) changeAvatar(whose, chosen);
					}),
				);
			});
		},
	};
};
