/** What commands do to rooms: requests to the session, with a question before what is not easily taken back. */
import type {RoomActions} from '../commands/room-actions.ts';
import {yesQuestion} from '../view-models/question.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export const createRoomActions = (port: ScreenPort): RoomActions => {
	const {model, session} = port;

	const leave = async (roomId: string, rid: number): Promise<void> => {
		await session.leave({roomId});
		if (model.openedRoom()?.rid === rid) model.openRoom(undefined);
		model.refresh(new Set([rid]));
		model.say('You have left the room.');
	};

	return {
		leave() {
			const room = model.openedRoom();
			if (room === undefined) {
				model.say('No room is open.', 'warning');
				return;
			}
			const {rid, roomId, name} = room;
			model.question.ask(
				yesQuestion(`Leave ${name}?`, 'leaves', () => void sayFailure(port, async () => leave(roomId, rid))),
			);
		},
	};
};
