/** Commands on people: the members of a room, profiles, direct chats. */
import {parseNetworkAddress} from '../../bridges/network-address.ts';
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import type {ProfileAct} from '../room-actions.ts';
import {outsideOfRoom} from '../why-not.ts';

const user = {kind: 'user', summary: 'Id, or the name of a member'} as const;

const acts: readonly (readonly [act: ProfileAct, key: string, summary: string])[] = [
	['direct', 'd', 'Write to them alone'],
	['mention', 'm', 'Mention them'],
	['verify', 'y', 'Verify who they are, by emoji'],
	['ignore', 'i', 'Ignore them, or no longer'],
	['power', 'p', 'Change their power in the room'],
	['invite', 'v', 'Invite them to the room'],
	['kick', 'k', 'Remove them from the room'],
	['ban', 'b', 'Ban them, or lift the ban'],
];

export const peopleCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'members',
		aliases: ['names'],
		summary: 'List the members of the room',
		group: 'room',
		keys: ['alt-m'],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {people}) => people.openMembers(),
	}),
	defineScreenCommand({
		name: 'whois',
		summary: 'Show who somebody is',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {user},
		run: (values, {people}) => people.openProfile(values.user),
	}),
	defineScreenCommand({
		name: 'dm',
		aliases: ['query', 'pm', 'msg'],
		summary: 'Write to somebody alone; signal:+4915123 is somebody on another network',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {user},
		run: ({user: who}, {people, bridge}) =>
			parseNetworkAddress(who) === undefined ? people.openDirect(who) : bridge.openChat(who),
	}),
	defineScreenCommand({
		name: 'ignore',
		summary: 'Hide what somebody says, everywhere',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {user},
		run: (values, {people}) => people.setIgnored(values.user, true),
	}),
	defineScreenCommand({
		name: 'unignore',
		summary: 'Show what somebody says again',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {user},
		run: (values, {people}) => people.setIgnored(values.user, false),
	}),
	defineScreenCommand({
		name: 'nick',
		summary: 'Change your name everywhere',
		group: 'account',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {name: {kind: 'text', summary: 'Your name', isRest: true}},
		run: ({name}, {people}) => people.setDisplayName(name),
	}),
	...acts.map(([act, key, summary]) =>
		defineScreenCommand({
			name: `profile-${act}`,
			summary,
			group: 'room',
			keys: [key],
			scope: 'profile',
			isSlash: false,
			parameters: {},
			run: (_, {people}) => people.act(act),
		}),
	),
];
