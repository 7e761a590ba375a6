/** Sends what is in the composer. The text stays there until the session has stored it; keys typed meanwhile wait. */
import {messageContent} from '../commands/shell/message-content.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import {failureText, type ScreenPort} from './screen-port.ts';

type Attempt = {
	readonly rid: number;
	readonly roomId: string;
	readonly text: string;
	readonly kind: 'm.text' | 'm.emote';
};

export type SenderOptions = ScreenPort & {
	/** @returns a new transaction key, unique for ever. */
	readonly createKey: () => string;
	/** Handles the events that waited. */
	readonly replay: (event: InputEvent) => void;
	/** Told which room's text is on its way to the store; `undefined`: none. */
	readonly onSending: (rid: number | undefined) => void;
};

export type Sender = {
	/** @returns whether the event waits, as the open room's text is being stored. */
	readonly hold: (event: InputEvent) => boolean;
	/** @param text what is sent; the composer holds it, or a command with it. */
	readonly send: (text: string, kind: Attempt['kind']) => Promise<void>;
	readonly isSending: () => boolean;
};

export const createSender = ({model, session, log, createKey, replay, onSending}: SenderOptions): Sender => {
	let current: Attempt | undefined;
	let waiting: InputEvent[] = [];
	/** The key of an attempt whose answer did not come: the same text again must not become a second message. */
	let open: {readonly attempt: Attempt; readonly key: string} | undefined;

	const keyFor = (attempt: Attempt): string => {
		const before = open?.attempt;
		const isAgain = before?.rid === attempt.rid && before.text === attempt.text && before.kind === attempt.kind;
		const key = isAgain && open !== undefined ? open.key : createKey();
		open = {attempt, key};
		return key;
	};

	const deliver = async (attempt: Attempt): Promise<void> => {
		const content = await messageContent(attempt.text, 'markdown', attempt.kind);
		const {roomId: to} = attempt;
		const transactionKey = keyFor(attempt);
		await session.send({to, content, transactionKey, endsDraft: true, isWaiting: false, timeout: 0});
		open = undefined;
	};

	const finish = (attempt: Attempt): void => {
		model.composers.apply(attempt.rid, {kind: 'set', text: ''});
		if (model.openedRoom()?.rid === attempt.rid) model.timeline.scrollToEnd('newest');
		model.refresh(new Set([attempt.rid]));
	};

	const setCurrent = (attempt: Attempt | undefined): void => {
		current = attempt;
		model.setSending(attempt?.rid);
		onSending(attempt?.rid);
	};

	/** Events of the room that was sent from; elsewhere they have no meaning any more. */
	const release = (rid: number): void => {
		const events = waiting;
		waiting = [];
		if (model.openedRoom()?.rid === rid) {
			for (const event of events) replay(event);
			return;
		}
		for (const event of events) {
			if (event.kind === 'text') model.composers.apply(rid, {kind: 'insert', text: event.text});
			if (event.kind === 'paste') model.composers.apply(rid, {kind: 'paste', text: event.text});
		}
	};

	return {
		isSending: () => current !== undefined,
		hold(event) {
			if (current === undefined || model.openedRoom()?.rid !== current.rid) return false;
			waiting.push(event);
			return true;
		},
		async send(text, kind) {
			const room = model.openedRoom();
			if (room === undefined || current !== undefined) return;
			const attempt = {rid: room.rid, roomId: room.roomId, text, kind};
			setCurrent(attempt);
			try {
				await deliver(attempt);
				finish(attempt);
			} catch (error) {
				log.warn('screen', 'a message could not be stored', {error});
				model.say(`Not sent: ${failureText(error)}`, 'error');
			} finally {
				setCurrent(undefined);
				release(attempt.rid);
			}
		},
	};
};
