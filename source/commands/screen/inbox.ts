/** Commands that keep the inbox in order: its filters, and what its rooms are marked with. */
import {defineScreenCommand, type CommandScope, type ScreenCommand, type ScreenContext} from '../define-command.ts';
import {outsideOfRoom, type WhyNot} from '../why-not.ts';

type Simple = {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly summary: string;
	readonly keys: readonly string[];
	readonly scope?: CommandScope;
	readonly isSlash?: boolean;
	readonly whyNot?: WhyNot;
	readonly run: (context: ScreenContext) => void;
};

const simple = ({run, scope = 'inbox', isSlash = false, ...rest}: Simple): ScreenCommand =>
	defineScreenCommand({
		...rest,
		scope,
		isSlash,
		group: rest.whyNot === undefined ? 'movement' : 'room',
		parameters: {},
		run: (_, context) => run(context),
	});

const marks: readonly Simple[] = [
	{
		name: 'favourite',
		aliases: ['fav'],
		summary: 'Put the room on top, or back',
		keys: ['*'],
		isSlash: true,
		run: ({triage}) => triage.toggleSection('favourite'),
	},
	{
		name: 'low-priority',
		aliases: ['low'],
		summary: 'Put the room below all others, or back',
		keys: ['l'],
		isSlash: true,
		run: ({triage}) => triage.toggleSection('low'),
	},
	{
		name: 'archive',
		aliases: ['done'],
		summary: 'Put the room away until something comes in, or back',
		keys: ['e'],
		isSlash: true,
		run: ({triage}) => triage.toggleSection('archived'),
	},
	{
		name: 'markunread',
		summary: 'Mark the room as unread',
		keys: ['U', 'u'],
		isSlash: true,
		run: ({triage}) => triage.markUnread(),
	},
	{
		name: 'mute-room',
		summary: 'Mute the room for a time, or end that',
		keys: ['m'],
		run: ({triage}) => triage.mute(undefined),
	},
	{
		name: 'read-room',
		summary: 'Mark the room as read; on a network that is logged out, sign in again',
		keys: ['r'],
		run: ({triage, bridge}) => {
			if (!bridge.reloginSection()) triage.markRead(undefined);
		},
	},
	{
		name: 'unmute',
		summary: 'Let the room tell you of messages again',
		keys: [],
		isSlash: true,
		run: ({triage}) => triage.unmute(),
	},
];

const filterSummaries = [
	'Show all rooms in the inbox',
	'Show unread rooms in the inbox',
	'Show rooms that mention you in the inbox',
	'Show rooms in the inbox where somebody waits for your reply',
	'Show chats with people in the inbox',
	'Show snoozed rooms in the inbox',
	'Show archived rooms in the inbox',
];

const filterKeys: readonly Simple[] = Array.from({length: 9}, (_, index) => ({
	name: `filter-${index + 1}`,
	summary: filterSummaries[index] ?? `Show the rooms of space ${index - filterSummaries.length + 1} in the inbox`,
	keys: [`alt-${index + 1}`],
	scope: 'everywhere',
	run: ({triage}) => triage.showFilter(index + 1),
}));

const steps: readonly Simple[] = [
	{
		name: 'previous-unread',
		summary: 'Go to the unread room before',
		keys: ['alt-shift-up'],
		scope: 'everywhere',
		run: ({triage}) => triage.previousUnread(),
	},
	{name: 'next-filter', summary: 'Show the next filter', keys: ['tab'], run: ({triage}) => triage.stepFilter(1)},
	{
		name: 'previous-filter',
		summary: 'Show the filter before',
		keys: ['shift-tab'],
		run: ({triage}) => triage.stepFilter(-1),
	},
	{
		name: 'first-room',
		summary: 'Go to the first room',
		keys: ['home'],
		run: ({triage}) => triage.moveToEnd('first'),
	},
	{
		name: 'last-in-list',
		summary: 'Go to the last room',
		keys: ['G', 'end'],
		run: ({triage}) => triage.moveToEnd('last'),
	},
	{name: 'narrow', summary: 'Narrow the list by a name', keys: ['/'], run: ({triage}) => triage.startNarrowing()},
	{
		name: 'inbox-commands',
		summary: 'Choose among all commands',
		keys: [':'],
		run: ({find}) => find.openCommandLine(),
	},
	{
		name: 'inbox-help',
		summary: 'Show the keys of the inbox, and all others',
		keys: ['?'],
		run: ({screen}) => screen.toggleHelp(),
	},
	{
		name: 'narrow-erase',
		summary: 'Take the last character back',
		keys: ['backspace'],
		scope: 'narrowing',
		run: ({triage}) => triage.eraseNarrowing('character'),
	},
	{
		name: 'narrow-clear',
		summary: 'Take all back that was typed',
		keys: ['ctrl-u', 'ctrl-w'],
		scope: 'narrowing',
		run: ({triage}) => triage.eraseNarrowing('all'),
	},
	{
		name: 'narrow-stop',
		summary: 'Show all rooms again',
		keys: ['escape'],
		scope: 'narrowing',
		run: ({triage}) => triage.stopNarrowing(),
	},
	{
		name: 'narrow-go',
		summary: 'Go to the room; where none is found, run what was typed as a command',
		keys: ['enter'],
		scope: 'narrowing',
		run: ({triage}) => triage.finishNarrowing(),
	},
];

const sectionKeys: readonly Simple[] = [
	{
		name: 'leave-replaced',
		summary: 'Leave all rooms that others have taken the place of, after a question',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		run: ({sections}) => sections.leaveReplaced(),
	},
	{
		name: 'section-fold',
		summary: 'Fold the section of the inbox, or unfold it',
		keys: [' '],
		run: ({sections}) => sections.toggleFold(),
	},
	{
		name: 'inbox-order',
		summary: 'Show all rooms in one list by time, or by their networks',
		keys: ['g'],
		run: ({sections}) => sections.toggleByTime(),
	},
	{
		name: 'section-read',
		summary: 'Mark all rooms of the section as read; again, take it back',
		keys: ['R'],
		run: ({sections}) => sections.markRead(),
	},
	{
		name: 'section-up',
		summary: 'Move the section up',
		keys: ['K'],
		run: ({sections}) => sections.move(-1),
	},
	{
		name: 'section-down',
		summary: 'Move the section down',
		keys: ['J'],
		run: ({sections}) => sections.move(1),
	},
	...Array.from({length: 9}, (_, index) => ({
		name: `section-${index + 1}`,
		summary: `Go to section ${index + 1} of the inbox`,
		keys: [`${index + 1}`],
		run: ({sections}: ScreenContext) => sections.go(index + 1),
	})),
];

const slashFilters: readonly Simple[] = [
	{
		name: 'unread',
		summary: 'Show what is unread in the inbox',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		run: ({triage}) => triage.showFilter(2),
	},
	{
		name: 'mentions',
		summary: 'Show the rooms that mention you in the inbox',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		run: ({triage}) => triage.showFilter(3),
	},
];

export const inboxCommands: readonly ScreenCommand[] = [
	...marks.map(mark => simple({...mark, whyNot: outsideOfRoom})),
	defineScreenCommand({
		name: 'mute',
		summary: 'Mute the room: for 30m, 8h, 2d, or for ever',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {
			time: {kind: 'word', summary: '30m, 8h, 2d or ever', isOptional: true, words: ['30m', '8h', '2d', 'ever']},
		},
		run: ({time}, {triage}) => triage.mute(time),
	}),
	defineScreenCommand({
		name: 'tag',
		summary: 'Tag the room with a word of your own, or take the tag away',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {tag: {kind: 'word', summary: 'The word', isRest: true}},
		run: ({tag}, {triage}) => triage.toggleTag(tag),
	}),
	defineScreenCommand({
		name: 'petname',
		aliases: ['call'],
		summary: 'Call the room as you like, for you alone; without a name, as it is called',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {name: {kind: 'text', summary: 'The name', isRest: true, isOptional: true}},
		run: ({name}, {triage}) => triage.setPetname(name),
	}),
	defineScreenCommand({
		name: 'read',
		summary: 'Mark the room as read; with all, every room',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {what: {kind: 'word', summary: 'all, for every room', isOptional: true, words: ['all']}},
		run: ({what}, {triage}) => triage.markRead(what),
	}),
	defineScreenCommand({
		name: 'inbox',
		summary: 'Show all, unread, mentions, needs reply, people, snoozed, archived, or the rooms of a space',
		group: 'movement',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {filter: {kind: 'text', summary: 'Name of the filter or space', isRest: true}},
		run: ({filter}, {triage}) => triage.showFilterNamed(filter),
	}),
	...slashFilters.map(simple),
	...filterKeys.map(simple),
	...steps.map(simple),
	...sectionKeys.map(simple),
];
