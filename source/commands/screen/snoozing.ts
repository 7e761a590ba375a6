/** Commands on what a room asks of the person: to be seen again later, to be answered, to be remembered. */
import {defineScreenCommand, type CommandScope, type ScreenCommand} from '../define-command.ts';
import {outsideOfRoom} from '../why-not.ts';

const snoozeKey = (name: string, scope: CommandScope): ScreenCommand =>
	defineScreenCommand({
		name,
		summary: 'See the room again later: choose when, or bring it back',
		group: 'room',
		keys: ['z'],
		scope,
		isSlash: false,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {triage}) => triage.snoozeOrWake(),
	});

export const snoozingCommands: readonly ScreenCommand[] = [
	snoozeKey('snooze-room', 'inbox'),
	snoozeKey('snooze-here', 'message'),
	defineScreenCommand({
		name: 'snooze',
		aliases: ['remind'],
		summary: 'See the room again later: tomorrow, next week, friday 14:00, 3h, or if there is no answer 2d',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {time: {kind: 'time', summary: 'When, or no answer and a time', isRest: true, isOptional: true}},
		run: ({time}, {triage}) => triage.snooze(time),
	}),
	defineScreenCommand({
		name: 'unsnooze',
		summary: 'Bring the room back that was snoozed',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {triage}) => triage.unsnooze(),
	}),
	defineScreenCommand({
		name: 'no-reply',
		aliases: ['noreply'],
		summary: 'Say that nobody needs a reply here until the next message, or take that back',
		group: 'room',
		keys: ['n'],
		scope: 'inbox',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {triage}) => triage.dismissReply(),
	}),
	defineScreenCommand({
		name: 'note',
		summary: 'Note something of the room, seen by you alone; /note - takes it away',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {text: {kind: 'text', summary: 'The note, or -', isRest: true, isOptional: true}},
		run: ({text}, {triage}) => triage.note(text),
	}),
];
