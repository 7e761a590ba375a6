/** Sends what is in the composer. The text stays there until the session has stored it; keys typed meanwhile wait. */
import {isDeepStrictEqual} from 'node:util';
import {messageContent, TooLongError} from '../commands/shell/message-content.ts';
import type {Written, WrittenMessage} from '../commands/written-message.ts';
import type {RoomLimits} from '../bridges/capabilities.ts';
import {asString, type JsonObject} from '../domain/json.ts';
import type {Mention, MentionRules} from '../domain/mention.ts';
import {tooLongFor} from '../bridges/limit-checks.ts';
import {limitsOf} from '../view-models/network-limits.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import {partSize, splitText} from '../text/split-text.ts';
import {failureText, type ScreenPort} from './screen-port.ts';
import {yesQuestion} from '../view-models/question.ts';
import {momentText} from '../view-models/time-text.ts';

type Attempt = {
	readonly rid: number;
	readonly roomId: string;
	readonly message: WrittenMessage;
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
	/** What is said of it when it is stored. */
	readonly warnings: string[];
};

export type SenderOptions = ScreenPort & {
	readonly reader: Pick<AccountReader, 'room' | 'portals'>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** @returns a new transaction key, unique for ever. */
	readonly createKey: () => string;
	/** @returns whom a text in a room may name, besides those whom the composer knows. */
	readonly mentionRules: (rid: number) => Omit<MentionRules, 'known'>;
	/** Whether pictures are sent as they are, if nothing else is said. */
	readonly keepsMetadata: () => boolean;
	/** Handles the events that waited. */
	readonly replay: (event: InputEvent) => void;
	/** Told which composer's text is on its way to the store; `undefined`: none. */
	readonly onSending: (composer: number | undefined) => void;
};

export type Sender = {
	/** @returns whether the event waits, as the open room's text is being stored. */
	readonly hold: (event: InputEvent) => boolean;
	/**
	 * @param message what is sent; the composer holds it, or a command with it
	 * @param file absolute path of a file that is sent with it
	 */
	readonly send: (message: WrittenMessage, file?: string) => Promise<void>;
	readonly isSending: () => boolean;
};

/** Messages that a long text may become: what is longer is no message. */
const mostParts = 20;
/** Bytes of the smallest part: Markdown can make a text many times as long. */
const smallestPart = 2000;

const typeOf = (written: Written): string => (written.kind === 'event' ? written.type : 'm.room.message');

export const createSender = (options: SenderOptions): Sender => {
	const {model, session, log, reader, createKey, replay, onSending, mentionRules, now} = options;
	let current: Attempt | undefined;
	let waiting: InputEvent[] = [];
	/** The key of an attempt whose answer did not come: the same text again must not become a second message. */
	let open: {readonly attempt: Attempt; readonly key: string} | undefined;

	const keyFor = (attempt: Attempt): string => {
		const before = open?.attempt;
		const isAgain = before !== undefined && isDeepStrictEqual({...before, warnings: []}, {...attempt, warnings: []});
		const key = isAgain && open !== undefined ? open.key : createKey();
		open = {attempt, key};
		return key;
	};

	const limitsFor = ({rid}: Attempt): RoomLimits | undefined => limitsOf(reader, reader.room(rid));

	/** A character is a byte or more. */
	const partSizeOf = (attempt: Attempt): number => Math.min(partSize, limitsFor(attempt)?.maxText ?? partSize);

	/** @throws TooLongError where the network of the room takes less */
	const requireShort = (attempt: Attempt, contents: readonly JsonObject[]): void => {
		const limits = limitsFor(attempt);
		if (limits === undefined) return;
		for (const {body} of contents) {
			const message = tooLongFor(limits, asString(body) ?? '');
			if (message !== undefined) throw new TooLongError({message, next: 'Send it in parts.', reason: 'bridge'});
		}
	};

	/** The parts of what is written, each as a message: all are made before the first one is stored. */
	const contentsOf = async (attempt: Attempt, size = partSizeOf(attempt)): Promise<readonly JsonObject[]> => {
		const {message, rid, mentions} = attempt;
		const {written, isSplit} = message;
		if (written.kind === 'event') return [written.content];
		const rules = {...mentionRules(rid), known: mentions};
		const parts = isSplit ? splitText(written.text, size) : [written.text];
		try {
			return await Promise.all(parts.map(async part => messageContent(part, written.style, written.style.kind, rules)));
		} catch (error) {
			if (!isSplit || !(error instanceof TooLongError) || size < smallestPart * 2) throw error;
			return contentsOf(attempt, size / 2);
		}
	};

	/** Says how many messages a text makes that is too long for one, and asks. */
	const offerParts = (attempt: Attempt): void => {
		const {message, edits, rid, file} = attempt;
		const {written, isSplit} = message;
		if (
			file !== undefined ||
			written.kind === 'event' ||
			isSplit ||
			edits !== undefined ||
			model.openedRoom()?.rid !== rid
		)
			return;
		const {length} = splitText(written.text, partSizeOf(attempt));
		if (length > mostParts) {
			model.say(
				`Not sent: it would make ${length} messages. ${model.keyOf('make-file')} sends it as a file.`,
				'warning',
			);
			return;
		}
		const count = length === 1 ? 'several' : `${length} or more`;
		model.question.ask(
			yesQuestion(`Too long for one message: send it as ${count}?`, 'sends them', () => {
				void send({...message, isSplit: true});
			}),
		);
	};

	/** A file, with what is written as its words. */
	const deliverFile = async (attempt: Attempt, path: string): Promise<void> => {
		const {roomId: to, replyTo, thread, message} = attempt;
		const isBare = message.written.kind === 'text' && message.written.text.trim() === '';
		const caption = isBare ? undefined : (await contentsOf(attempt))[0];
		const about = {...(replyTo === undefined ? {} : {replyTo}), ...(thread === undefined ? {} : {thread})};
		const order = {to, ...about, transactionKey: keyFor(attempt), endsDraft: true, isWaiting: false, timeout: 0};
		const keepsMetadata = message.keepsMetadata ?? options.keepsMetadata();
		const {warning} = await session.sendFile({...order, path, caption, ...(keepsMetadata ? {keepsMetadata} : {})});
		attempt.warnings.push(...(warning === undefined ? [] : [warning]));
		open = undefined;
	};

	const deliver = async (attempt: Attempt): Promise<void> => {
		if (attempt.file !== undefined) return deliverFile(attempt, attempt.file);
		const contents = await contentsOf(attempt);
		requireShort(attempt, contents);
		const {roomId: to, replyTo, edits, thread, message} = attempt;
		const key = keyFor(attempt);
		const type = typeOf(message.written);
		for (const [index, content] of contents.entries()) {
			// The first part is the answer; the others go on below it.
			const reply = replyTo === undefined || index > 0 ? {} : {replyTo};
			const about = {...reply, ...(thread === undefined ? {} : {thread})};
			const {warning} = await session.send({
				to,
				content,
				...(type === 'm.room.message' ? {} : {type}),
				...(edits === undefined ? about : {edits}),
				...(message.sendAt === undefined ? {} : {sendAt: message.sendAt}),
				transactionKey: index === 0 ? key : `${key} ${index}`,
				endsDraft: edits === undefined && index === contents.length - 1,
				isWaiting: false,
				timeout: 0,
			});
			attempt.warnings.push(...(warning === undefined ? [] : [warning]));
		}
		open = undefined;
	};

	/** @returns why it cannot be sent as it is */
	const whyNot = ({message: {written, sendAt, isSplit}, edits, file}: Attempt): string | undefined => {
		if (edits === undefined) return undefined;
		if (file !== undefined) return 'an edit has no file';
		if (written.kind === 'event') return 'an edit can only be a text';
		if (sendAt !== undefined) return 'an edit is sent at once';
		return isSplit ? 'an edit is one message' : undefined;
	};

	const finish = (attempt: Attempt): void => {
		model.composers.apply(attempt.composer, {kind: 'set', text: ''});
		model.writings.finish(attempt.rid);
		const isOpen = model.openedRoom()?.rid === attempt.rid;
		if (isOpen) model.timeline.deselect();
		// Who corrects an old message goes on where it stands.
		if (isOpen && attempt.edits === undefined) model.timeline.scrollToEnd('newest');
		model.refresh(new Set([attempt.rid]));
		const [warning] = attempt.warnings;
		if (warning !== undefined) model.say(warning, 'warning');
		const {sendAt} = attempt.message;
		if (sendAt !== undefined)
			model.say(`It will be sent ${momentText(sendAt, now())} if mx runs then: /outbox cancels it.`, 'ok');
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

	const send = async (message: WrittenMessage, file?: string): Promise<void> => {
		const room = model.openedRoom();
		if (room === undefined || current !== undefined) return;
		const writing = model.writings.of(room.rid);
		const about = writing?.target.eventId;
		const attempt: Attempt = {
			rid: room.rid,
			roomId: room.roomId,
			message,
			file,
			composer: model.composerNumber(),
			mentions: model.composer().mentions,
			replyTo: writing?.kind === 'reply' ? about : undefined,
			edits: writing?.kind === 'edit' ? about : undefined,
			thread: model.writings.threadOf(room.rid),
			warnings: [],
		};
		const reason = whyNot(attempt);
		if (reason !== undefined) {
			model.say(`Not sent: ${reason}.`, 'warning');
			return;
		}
		setCurrent(attempt);
		let isTooLong = false;
		try {
			await deliver(attempt);
			finish(attempt);
		} catch (error) {
			isTooLong = error instanceof TooLongError;
			log.warn('screen', 'a message could not be stored', {error});
			model.say(`Not sent: ${failureText(error)}`, 'error');
		} finally {
			setCurrent(undefined);
			release(attempt);
			// What was typed meanwhile must not answer it.
			if (isTooLong) offerParts(attempt);
		}
	};

	return {
		isSending: () => current !== undefined,
		hold(event) {
			if (current === undefined || model.openedRoom()?.rid !== current.rid) return false;
			waiting.push(event);
			return true;
		},
		send,
	};
};
