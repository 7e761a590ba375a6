/** Commands that find rooms beyond those of the account, make them, and arrange them in spaces. */
import {defineScreenCommand, type ScreenCommand, type ScreenContext} from '../define-command.ts';

type SpaceKey = {
	readonly name: string;
	readonly summary: string;
	readonly keys: readonly string[];
	readonly run: (space: ScreenContext['places']['space']) => void;
};

const spaceKeys: readonly SpaceKey[] = [
	{name: 'space-fold', summary: 'Unfold the space, or fold it', keys: [' '], run: space => space.toggle()},
	{name: 'space-add', summary: 'Add the open room to the space', keys: ['a'], run: space => space.addOpenRoom()},
	{name: 'space-remove', summary: 'Take the room out of its space', keys: ['d'], run: space => space.removeChosen()},
	{
		name: 'space-down',
		summary: 'Move the room down its space',
		keys: ['J', 'shift-down'],
		run: space => space.moveChosen(1),
	},
	{
		name: 'space-up',
		summary: 'Move the room up its space',
		keys: ['K', 'shift-up'],
		run: space => space.moveChosen(-1),
	},
	{name: 'space-create', summary: 'Make a room in the space', keys: ['n'], run: space => space.create()},
];

export const placeCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'create',
		summary: 'Make a room',
		group: 'room',
		keys: ['alt-n'],
		scope: 'everywhere',
		isSlash: true,
		parameters: {name: {kind: 'text', summary: 'Its name', isRest: true, isOptional: true}},
		run: ({name}, {places}) => places.create(name),
	}),
	defineScreenCommand({
		name: 'join',
		aliases: ['j'],
		summary: 'Look at a room by address or link, and join it',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {room: {kind: 'room', summary: '#alias:server, !id or a link'}},
		run: ({room}, {places}) => places.preview(room),
	}),
	defineScreenCommand({
		name: 'knock',
		summary: 'Ask to be let into a room',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			room: {kind: 'room', summary: '#alias:server, !id or a link'},
			reason: {kind: 'text', summary: 'What you say to those who let in', isRest: true, isOptional: true},
		},
		run: ({room, reason}, {places}) => places.knock(room, reason),
	}),
	defineScreenCommand({
		name: 'directory',
		summary: 'Search the public rooms of a server',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {server: {kind: 'word', summary: 'Name of the server; your own without', isOptional: true}},
		run: ({server}, {places}) => places.openDirectory(server),
	}),
	defineScreenCommand({
		name: 'spaces',
		aliases: ['space'],
		summary: 'Show your spaces and their rooms',
		group: 'room',
		keys: ['alt-g'],
		scope: 'everywhere',
		isSlash: true,
		parameters: {},
		run: (_, {places}) => places.openSpaces(),
	}),
	...spaceKeys.map(({run, ...key}) =>
		defineScreenCommand({
			...key,
			group: 'room',
			scope: 'spaces',
			isSlash: false,
			parameters: {},
			run: (_, {places}) => run(places.space),
		}),
	),
];
