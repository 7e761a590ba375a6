/** What mx waits for the person with: invitations, messages that failed, a server that is away. */
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {yesQuestion} from '../view-models/question.ts';
import {sentMentions} from '../view-models/sent-mentions.ts';
import {unsentText} from '../view-models/written-words.ts';
import {resendLost} from './lost-messages.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type AnswerOptions = ScreenPort & {
	readonly reader: AccountReader;
	readonly goTo: (room: RoomRow) => void;
};

export const createAnswers = (options: AnswerOptions) => {
	const {model, session, reader, goTo} = options;
	const refresh = (room: RoomRow): void => model.refresh(new Set([room.rid]));

	const join = async (address: string): Promise<void> => {
		model.say('Joining…');
		const {roomId} = await session.join({room: address});
		const room = reader.roomById(roomId);
		if (room === undefined) {
			model.say('Joined; the room appears with the next sync.', 'ok');
			return;
		}
		refresh(room);
		goTo(reader.roomById(roomId) ?? room);
		model.say('Joined.', 'ok');
	};

	const decline = async (room: RoomRow): Promise<void> => {
		await session.leave({roomId: room.roomId});
		if (model.openedRoom()?.rid === room.rid) model.openRoom(undefined);
		refresh(room);
		model.say('The invitation is declined.');
	};

	const resolve = async (action: 'retry' | 'discard'): Promise<void> => {
		const item = model.timeline.failed();
		const room = model.openedRoom();
		const lost = model.timeline.findMessage(message => message.isMine && message.status?.stage === 'failed');
		if (item === undefined && room !== undefined && lost !== undefined && action === 'retry')
			return resendLost(options, room.roomId, lost);
		if (item === undefined || room === undefined) {
			model.say('No message has failed in this room.');
			return;
		}
		if (action === 'discard') {
			model.edit({kind: 'paste', text: unsentText(item), mentions: sentMentions(item.content)});
		}
		await session.resolveOutbox({id: item.id, action});
		refresh(room);
	};

	return {
		acceptInvitation(): void {
			const room = model.openedRoom();
			if (room?.membership === 'invite') void sayFailure(options, async () => join(room.roomId));
			else model.say('No invitation is open.');
		},
		declineInvitation(): void {
			const room = model.openedRoom();
			if (room?.membership !== 'invite') {
				model.say('No invitation is open.');
				return;
			}
			const question = `Decline the invitation to ${room.name}?`;
			model.question.ask(yesQuestion(question, 'declines', () => void sayFailure(options, async () => decline(room))));
		},
		resolveFailed: (action: 'retry' | 'discard'): void => void sayFailure(options, async () => resolve(action)),
		retryNow(): void {
			// What is there needs no trying, but a sentence.
			if (model.connection()?.state === 'online') model.say('Connected to the server.', 'ok');
			else model.say('Trying…', 'muted', true);
			void sayFailure(options, async () => session.retryNow({}));
		},
	};
};
