/** Sends what is in the composer. The text stays there until the session has stored it; keys typed meanwhile wait. */
import {isDeepStrictEqual} from 'node:util';
import {messageContent} from '../commands/shell/message-content.ts';
import type {Mention, MentionRules} from '../domain/mention.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import {failureText, type ScreenPort} from './screen-port.ts';

type Attempt = {
	readonly rid: number;
	readonly roomId: string;
	readonly text: string;
	readonly kind: 'm.text' | 'm.emote';
	/** Absolute path of the file whose words the text is. */
	readonly file: string | undefined;
	/** The composer that holds the text. */
	readonly composer: number;
	/** Whom the composer knows by the names in it. */
	readonly mentions: readonly Mention[];
	/** Event ids of the message that is answered, or of the one that says this from now on. */
	readonly replyTo: string | undefined;
	readonly edits: string | undefined;
	/** Event id of the root of the thread that is written in. */
	readonly thread: string | undefined;
};

export type SenderOptions = ScreenPort & {
	/** @returns a new transaction key, unique for ever. */
	readonly createKey: () => string;
	/** @returns whom a text in a room may name, besides those whom the composer knows. */
	readonly mentionRules: (rid: number) => Omit<MentionRules, 'known'>;
	/** Handles the events that waited. */
	readonly replay: (event: InputEvent) => void;
	/** Told which composer's text is on its way to the store; `undefined`: none. */
	readonly onSending: (composer: number | undefined) => void;
};

export type Sender = {
	/** @returns whether the event waits, as the open room's text is being stored. */
	readonly hold: (event: InputEvent) => boolean;
	/**
	 * @param text what is sent; the composer holds it, or a command with it
	 * @param file absolute path of a file that is sent with it
	 */
	readonly send: (text: string, kind: Attempt['kind'], file?: string) => Promise<void>;
	readonly isSending: () => boolean;
};

export const createSender = (options: SenderOptions): Sender => {
	const {model, session, log, createKey, replay, onSending, mentionRules} = options;
	let current: Attempt | undefined;
	let waiting: InputEvent[] = [];
	/** The key of an attempt whose answer did not come: the same text again must not become a second message. */
	let open: {readonly attempt: Attempt; readonly key: string} | undefined;

	const keyFor = (attempt: Attempt): string => {
		const before = open?.attempt;
		const isAgain = before !== undefined && isDeepStrictEqual(before, attempt);
		const key = isAgain && open !== undefined ? open.key : createKey();
		open = {attempt, key};
		return key;
	};

	const deliver = async (attempt: Attempt): Promise<void> => {
		const rules = {...mentionRules(attempt.rid), known: attempt.mentions};
		const {text, kind, file, roomId: to, replyTo, edits, thread} = attempt;
		const isBare = file !== undefined && text.trim() === '';
		const content = isBare ? undefined : await messageContent(text, 'markdown', kind, rules);
		const transactionKey = keyFor(attempt);
		const about = {...(replyTo === undefined ? {} : {replyTo}), ...(thread === undefined ? {} : {thread})};
		const relation = edits === undefined ? about : {edits};
		const endsDraft = edits === undefined;
		const order = {to, ...relation, transactionKey, endsDraft, isWaiting: false, timeout: 0};
		if (file !== undefined) await session.sendFile({...order, path: file, caption: content});
		else if (content !== undefined) await session.send({...order, content});
		open = undefined;
	};

	const finish = (attempt: Attempt): void => {
		model.composers.apply(attempt.composer, {kind: 'set', text: ''});
		model.writings.finish(attempt.rid);
		const isOpen = model.openedRoom()?.rid === attempt.rid;
		if (isOpen) model.timeline.deselect();
		// Who corrects an old message goes on where it stands.
		if (isOpen && attempt.edits === undefined) model.timeline.scrollToEnd('newest');
		model.refresh(new Set([attempt.rid]));
	};

	const setCurrent = (attempt: Attempt | undefined): void => {
		current = attempt;
		model.setSending(attempt?.rid);
		onSending(attempt?.composer);
	};

	/** Events of the room that was sent from; elsewhere they have no meaning any more. */
	const release = ({rid, composer}: Attempt): void => {
		const events = waiting;
		waiting = [];
		if (model.openedRoom()?.rid === rid) {
			for (const event of events) replay(event);
			return;
		}
		for (const event of events) {
			if (event.kind === 'text') model.composers.apply(composer, {kind: 'insert', text: event.text});
			if (event.kind === 'paste') model.composers.apply(composer, {kind: 'paste', text: event.text});
		}
	};

	return {
		isSending: () => current !== undefined,
		hold(event) {
			if (current === undefined || model.openedRoom()?.rid !== current.rid) return false;
			waiting.push(event);
			return true;
		},
		async send(text, kind, file) {
			const room = model.openedRoom();
			if (room === undefined || current !== undefined) return;
			const writing = model.writings.of(room.rid);
			const about = writing?.target.eventId;
			const attempt: Attempt = {
				rid: room.rid,
				roomId: room.roomId,
				text,
				kind,
				file,
				composer: model.composerNumber(),
				mentions: model.composer().mentions,
				replyTo: writing?.kind === 'reply' ? about : undefined,
				edits: writing?.kind === 'edit' ? about : undefined,
				thread: model.writings.threadOf(room.rid),
			};
			setCurrent(attempt);
			try {
				await deliver(attempt);
				finish(attempt);
			} catch (error) {
				log.warn('screen', 'a message could not be stored', {error});
				model.say(`Not sent: ${failureText(error)}`, 'error');
			} finally {
				setCurrent(undefined);
				release(attempt);
			}
		},
	};
};
