/** Sends a message again that a bridge did not pass on; where it may have, after a question. */
import type {Message} from '../domain/message.ts';
import {yesQuestion} from '../view-models/question.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

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
