/** Commands on the room that is open. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

export const roomAdministrationCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'leave',
		aliases: ['part'],
		summary: 'Leave the room',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {},
		run: (_, {room}) => room.leave(),
	}),
];
