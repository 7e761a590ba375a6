/** What a bridge did not pass on: it is sent again, taken back to where it was written, or removed. */
import {plainSummary} from '../text/message-text.ts';
import {truncate} from '../text/width.ts';
import type {Message} from '../domain/message.ts';
import {yesQuestion} from '../view-models/question.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

/** Cells of a message that is repeated in a question. */
const quoteWidth = 40;

/** @returns whether nobody else has a message: its bridge is sure that it did not arrive. */
export const isLost = ({isMine, status, redactedBy}: Message): boolean =>
	isMine && redactedBy === undefined && status?.stage === 'failed' && status.isCertain;

/** Sends it again; where it may have arrived, after a question. */
export const resendLost = async (port: ScreenPort, roomId: string, message: Message): Promise<void> => {
	const {model, session} = port;
	const send = async (): Promise<void> => {
		await session.resend({roomId, eventId: message.eventId});
		model.refresh(new Set([message.rid]));
		model.say('Sent again.', 'ok');
	};
	if (message.status?.isCertain !== false) return send();
	model.question.ask(
		yesQuestion('It may have arrived: send it again all the same?', 'sends it', () => void sayFailure(port, send)),
	);
};

/** Nobody but the person's own devices has it. */
export const removeLost = async (
	{model, session}: ScreenPort,
	roomId: string,
	{rid, eventId}: Pick<Message, 'rid' | 'eventId'>,
): Promise<void> => {
	await session.redact({roomId, eventId});
	model.refresh(new Set([rid]));
};

/** Removes it, after a question. */
export const askToRemoveLost = (port: ScreenPort, roomId: string, message: Message): void => {
	const what = truncate(plainSummary(message.content, message.type), quoteWidth);
	const how = isLost(message) ? 'did not arrive' : 'may not have arrived';
	const question = yesQuestion(`Remove “${what}”, which ${how}?`, 'removes it', () => {
		void sayFailure(port, async () => removeLost(port, roomId, message));
	});
	port.model.question.ask(question);
};
