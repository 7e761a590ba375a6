/** What commands do with the text that is being written. */
import type {ComposerActions} from '../commands/composer-actions.ts';
import {plainMessage, writtenMessage, type WrittenMessage} from '../commands/written-message.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {editWithProgram, type EditorOptions} from '../terminal/external-editor.ts';
import type {Completion, CompletionEdit} from '../view-models/completion.ts';
import {isInCode} from '../view-models/completion-place.ts';
import type {Composer} from '../view-models/composer.ts';
import {roomName} from '../view-models/inbox-row.ts';
import {asCode, countLines, pastedText, type Paste} from '../view-models/paste.ts';
import {yesQuestion} from '../view-models/question.ts';
import type {Preview} from '../view-models/preview.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import {createOutboxActions, type OutboxActionOptions} from './outbox-actions.ts';
import {pastedName, withTextFile} from './paste-file.ts';
import {sayFailure} from './screen-port.ts';
import {createSentTexts} from './sent-texts.ts';
import type {Turning} from './turning.ts';

export type ComposerActionOptions = OutboxActionOptions &
	EditorOptions & {
		readonly reader: Pick<AccountReader, 'sent'>;
		readonly completion: Completion;
		readonly preview: Preview;
		/** The large text that was just pasted. */
		readonly pasteOf: (composer: Composer) => Paste | undefined;
		readonly emojiNamed: (code: string) => string | undefined;
		readonly drafts: Pick<DraftKeeper, 'touch'>;
		/** Sends a message, or says why not. */
		readonly send: (message: WrittenMessage, file?: string) => Promise<void>;
		readonly turning: Pick<Turning, 'via'>;
		/** What Enter does without a menu. */
		readonly submit: () => void;
	};

/** A whole name between two colons at the end of a text. */
const closedEmoji = /(?:^|[\s([{"'])(:([a-z+-][a-z0-9_+-]+):)$/i;
/** UTF-16 code units. */
const longestEmoji = 70;

export const createComposerActions = (options: ComposerActionOptions): ComposerActions => {
	const {model, completion, preview, emojiNamed, drafts, submit} = options;
	const sentTexts = createSentTexts({model, drafts, sent: options.reader.sent});
	let isEditing = false;

	const facts = () => ({composer: model.composer(), rid: model.openedRoom()?.rid ?? -1, isActive: true});

	const apply = ({from, to, text, mention, goesOn}: CompletionEdit): void => {
		model.edit({kind: 'replace', from, to, text, mentions: mention === undefined ? [] : [mention]});
		drafts.touch();
		if (!goesOn) return;
		completion.ask(facts());
		model.update();
	};

	const take = (): void => {
		const edit = completion.take();
		if (edit !== undefined) apply(edit);
	};

	const edit = async (): Promise<void> => {
		const number = model.composerNumber();
		const {text} = model.composers.get(number);
		const written = await editWithProgram(text, options);
		if (written === text) return;
		const range = {from: 0, to: model.composers.get(number).text.length};
		model.composers.apply(number, {kind: 'replace', ...range, text: written});
		model.update();
		drafts.touch();
	};

	return {
		...createOutboxActions(options),
		sendWritten() {
			const message = writtenMessage(model.composer().text, options.now());
			if (typeof message === 'object') void options.send(message);
			else model.say(message ?? 'This is no message.', 'warning');
		},
		togglePreview() {
			preview.toggle();
			model.update();
			if (model.composer().text !== '') return;
			model.say(preview.isOn() ? 'What you write is shown as it will look.' : 'No preview any more.');
		},
		makeCode() {
			const composer = model.composer();
			const {from, to} = options.pasteOf(composer) ?? {from: 0, to: composer.text.length};
			if (composer.text.slice(from, to).trim() === '') return model.say('There is no text yet that could become code.');
			model.edit(asCode(composer, from, to));
			drafts.touch();
		},
		makeFile() {
			const composer = model.composer();
			const room = model.openedRoom();
			const {from, to} = options.pasteOf(composer) ?? {from: 0, to: composer.text.length};
			const text = pastedText(composer, from, to);
			if (room === undefined || text.trim() === '') return model.say('There is no text yet that could become a file.');
			const rest = (composer.text.slice(0, from) + composer.text.slice(to)).trim();
			const lines = countLines(text.trimEnd());
			const what = lines === 1 ? '1 line' : `${lines} lines`;
			const question = `Send ${what} as the file ${pastedName} to ${roomName(room)}?`;
			const send = async (): Promise<void> => withTextFile(text, async file => options.send(plainMessage(rest), file));
			model.question.ask(yesQuestion(question, 'sends it', () => void sayFailure(options, send)));
		},
		turn: network => options.turning.via(network),
		moveHistory: steps => sentTexts.move(steps),
		openEditor() {
			const reason = model.openedRoom() === undefined ? 'Open a room first.' : model.closedReason();
			if (reason !== undefined || isEditing) {
				model.say(reason ?? 'The editor is open.', 'warning');
				return;
			}
			isEditing = true;
			void sayFailure(options, edit).finally(() => {
				isEditing = false;
			});
		},
		complete() {
			if (completion.isOpen()) {
				take();
				return;
			}
			if (!completion.ask(facts())) {
				model.say(
					completion.isAsked()
						? 'Nothing here begins like that.'
						: 'Tab completes @people, #rooms, :emoji: and /commands.',
				);
				return;
			}
			const only = completion.only();
			if (only === undefined) model.update();
			else apply(only);
		},
		moveCompletion(steps) {
			completion.move(steps);
			model.update();
		},
		enterCompletion() {
			if (completion.hasChosen()) take();
			else submit();
		},
		closeCompletion() {
			completion.close();
			model.update();
		},
		afterTyping() {
			const {text, cursor} = model.composer();
			if (text.charAt(cursor - 1) !== ':') return;
			const match = closedEmoji.exec(text.slice(Math.max(0, cursor - longestEmoji), cursor));
			const [, word, code] = match ?? [];
			if (word === undefined || code === undefined || isInCode(text, cursor - word.length)) return;
			const emoji = emojiNamed(code);
			if (emoji !== undefined)
				apply({from: cursor - word.length, to: cursor, text: emoji, mention: undefined, goesOn: false});
		},
	};
};
