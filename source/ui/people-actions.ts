/** The members of a room, and what can be done with one of them. */
import type {PeopleActions, ProfileAct} from '../commands/room-actions.ts';
import type {PersonDevices} from '../domain/device-requests.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {RoomRow} from '../domain/room.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {personDeviceItems} from '../view-models/device-rows.ts';
import {roomName} from '../view-models/inbox-row.ts';
import {memberRows, sortMembers, type SortedMember} from '../view-models/member-rows.ts';
import {menuLock, menuRows, type MenuItem} from '../view-models/menu-rows.ts';
import type {MemberChanges} from './member-changes.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

/** Rooms in common that a profile lists. */
const mostCommon = 5;

/** More members than these are not read anew more often than this, in milliseconds. */
const manyMembers = 2000;
const readEvery = 3000;

/** Whose profile is open, and the room that it is about. */
type Profile = {
	readonly userId: string;
	readonly room: RoomRow | undefined;
	name: string | undefined;
	devices: PersonDevices | undefined;
};

const membershipWords = {
	join: literal`in this room`,
	invite: literal`invited to this room`,
	knock: literal`asks to be let into this room`,
	leave: literal`not in this room`,
	ban: literal`banned from this room`,
} as const;

export type PeopleParts = {
	/** What is done to members. */
	readonly changes: MemberChanges;
	readonly verify: (userId: string) => void;
};

export const createPeopleActions = (port: RoomsPort, {changes, verify}: PeopleParts): PeopleActions => {
	const {model, session, reader, userId: self, now} = port;
	const {details} = reader;
	const steps = createRoomSteps(port);
	let profile: Profile | undefined;

	const readMembers = (rid: number): readonly SortedMember[] => {
		const power = details.power(rid);
		return sortMembers(
			details.members(rid).map(member => ({
				...member,
				power: power.of(member.userId),
				isIgnored: details.isIgnored(member.userId),
			})),
		);
	};

	const openMembers = (room: RoomRow): void => {
		const {rid, roomId} = room;
		let members: readonly SortedMember[] = [];
		let readAt = Number.NEGATIVE_INFINITY;
		let isLoading = true;
		const read = (): readonly SortedMember[] => {
			if (members.length > manyMembers && now() - readAt < readEvery) return members;
			readAt = now();
			return (members = readMembers(rid));
		};
		model.openPanel({
			scope: 'members',
			place: 'side',
			get title() {
				const count = members.filter(({entry}) => entry.membership === 'join').length;
				return isLoading ? literal`Members · loading…` : literal`Members · ${count}`;
			},
			prompt: literal`part of a name`,
			hint: literal`Enter shows who it is`,
			rows: query => memberRows(read(), query),
			empty: query => (query === '' ? literal`Nobody is known yet.` : literal`Nobody is called like that.`),
			choose: userId => openProfile(userId, room),
		});
		const load = async (): Promise<void> => {
			try {
				await session.loadMembers({roomId});
			} finally {
				isLoading = false;
				readAt = Number.NEGATIVE_INFINITY;
				model.inPanel(panels => panels.refresh());
			}
		};
		steps.run(load);
	};

	const nameOf = ({userId, room, name}: Profile): string =>
		(room === undefined ? undefined : reader.memberName(room.rid, userId)) ?? name ?? userId;

	/** What can be done in the room, each with the reason why not. */
	const roomItems = (userId: string, room: RoomRow): readonly MenuItem[] => {
		const power = details.power(room.rid);
		const own = power.of(self);
		const theirs = power.of(userId);
		const membership = details.member(room.rid, userId)?.membership ?? 'leave';
		const above = theirs >= own ? 'They have as much power here as you, or more.' : undefined;
		const lack = (needed: number, doing: string): string | undefined => lackOfPower(own, needed, doing);
		const isThere = membership === 'join' || membership === 'invite' || membership === 'knock';
		const powerLock = lack(power.toSetState('m.room.power_levels'), 'change the power of people') ?? above;
		const kick = lack(power.toAct('kick'), 'remove people from this room') ?? above;
		const ban = lack(power.toAct('ban'), 'ban people here') ?? above;
		const invite = lack(power.toAct('invite'), 'invite people here');
		const letIn = membership === 'knock' ? literal`Let them in` : literal`Invite to this room`;
		return [
			...(membership === 'join'
				? ([{kind: 'action', key: 'power', label: literal`Change their power`, letter: 'p', lock: powerLock}] as const)
				: []),
			...(membership === 'leave' || membership === 'knock'
				? ([{kind: 'action', key: 'invite', label: letIn, letter: 'v', lock: invite}] as const)
				: []),
			...(isThere
				? ([
						{
							kind: 'action',
							key: 'kick',
							label: membership === 'join' ? literal`Remove from this room` : literal`Take that back`,
							letter: 'k',
							lock: kick,
						},
					] as const)
				: []),
			{
				kind: 'action',
				key: 'ban',
				label: membership === 'ban' ? literal`Lift the ban` : literal`Ban from this room`,
				letter: 'b',
				lock: ban,
			},
		];
	};

	const facts = (shown: Profile): readonly MenuItem[] => {
		const {userId, room} = shown;
		const membership = room === undefined ? undefined : (details.member(room.rid, userId)?.membership ?? 'leave');
		const power = room === undefined ? undefined : details.power(room.rid).of(userId);
		return [
			{kind: 'title', text: safeText(nameOf(shown), 'name', userId)},
			{kind: 'text', text: safeText(userId, 'name'), role: 'muted'},
			...(membership === undefined ? [] : ([{kind: 'text', text: membershipWords[membership]}] as const)),
			...(power === undefined || membership !== 'join'
				? []
				: ([
						{
							kind: 'fact',
							label: literal`Power`,
							value: Number.isFinite(power) ? literal`${power}` : literal`above all: made the room`,
						},
					] as const)),
			...(details.isIgnored(userId)
				? ([{kind: 'text', text: literal`You ignore them.`, role: 'warning'}] as const)
				: []),
			{kind: 'blank'},
		];
	};

	const commonItems = (userId: string): readonly MenuItem[] => {
		const rooms = details.commonRooms(userId).flatMap(rid => reader.room(rid) ?? []);
		if (userId === self || rooms.length === 0) return [];
		const more = rooms.length - mostCommon;
		return [
			{kind: 'blank'},
			{
				kind: 'text',
				text: rooms.length === 1 ? literal`A room in common:` : literal`${rooms.length} rooms in common:`,
				role: 'muted',
			},
			...rooms
				.slice(0, mostCommon)
				.map(room => ({kind: 'action', key: `room ${room.rid}`, label: roomName(room)}) as const),
			...(more > 0 ? ([{kind: 'text', text: literal`and ${more} more`, role: 'muted'}] as const) : []),
		];
	};

	const items = (shown: Profile): readonly MenuItem[] => {
		const {userId, room} = shown;
		if (userId === self)
			return [
				...facts(shown),
				{kind: 'text', text: literal`This is you. /nick changes your name, /devices lists your devices.`},
			];
		const isJoined = room?.membership === 'join';
		return [
			...facts(shown),
			{kind: 'action', key: 'direct', label: literal`Write to them alone`, letter: 'd'},
			...(isJoined ? ([{kind: 'action', key: 'mention', label: literal`Mention`, letter: 'm'}] as const) : []),
			...(shown.devices === undefined || shown.devices.identity === 'verified'
				? []
				: ([
						{
							kind: 'action',
							key: 'verify',
							label: literal`Verify who they are`,
							letter: 'y',
							lock: shown.devices.identity === 'none' ? 'They have no identity that could be verified.' : undefined,
						},
					] as const)),
			{
				kind: 'action',
				key: 'ignore',
				label: details.isIgnored(userId) ? literal`Ignore no longer` : literal`Ignore`,
				letter: 'i',
			},
			...(isJoined ? roomItems(userId, room) : []),
			...(shown.devices === undefined ? [] : personDeviceItems(shown.devices)),
			...commonItems(userId),
		];
	};

	const act = (what: ProfileAct): void => {
		if (profile === undefined) return;
		const {userId, room} = profile;
		const list = items(profile);
		if (!list.some(item => item.kind === 'action' && item.key === what))
			return model.say('That is not possible here.', 'warning');
		const lock = menuLock(list, what);
		if (lock !== undefined) return model.say(lock, 'warning');
		if (what === 'direct') return openDirect(userId);
		if (what === 'verify') return verify(userId);
		if (what === 'ignore') return setIgnored(userId, !details.isIgnored(userId));
		if (room === undefined) return undefined;
		if (what === 'mention') {
			model.closePanel('all');
			model.focusComposer();
			model.edit({kind: 'insert', text: `${userId} `});
			return undefined;
		}
		if (what === 'power') return changes.askPower(room, userId);
		const isBanned = details.member(room.rid, userId)?.membership === 'ban';
		return changes.change(room, {action: what === 'ban' && isBanned ? 'unban' : what, userId, reason: undefined});
	};

	/** A profile is of use without them: a failure is only noted. */
	const readDevices = async (shown: Profile): Promise<void> => {
		try {
			shown.devices = await session.devicesOf({userId: shown.userId});
			model.inPanel(panels => panels.refresh());
		} catch (error) {
			port.log.info('screen', 'the devices of a person could not be asked for', {error});
		}
	};

	/** @param room the one that the profile is about */
	const openProfile = (userId: string, room: RoomRow | undefined): void => {
		const shown: Profile = {userId, room, name: undefined, devices: undefined};
		profile = shown;
		model.openPanel({
			scope: 'profile',
			place: 'side',
			title: literal`Who is this`,
			hint: literal`Enter does what is chosen`,
			rows: () => menuRows(items(shown)),
			empty: () => literal``,
			choose(key) {
				const [, rid] = /^room (\d+)$/.exec(key) ?? [];
				if (rid === undefined) return act(key as ProfileAct);
				const common = reader.room(Number(rid));
				model.closePanel('all');
				if (common !== undefined) port.enterRoom(common);
			},
		});
		if (userId !== self) void readDevices(shown);
		if (room !== undefined && reader.memberName(room.rid, userId) !== undefined) return;
		steps.run(async () => {
			shown.name = (await session.profile({userId})).displayName;
			model.inPanel(panels => panels.refresh());
		});
	};

	const openDirect = (userId: string): void => {
		if (userId === self) return model.say('That is you.', 'warning');
		const known = reader.directRoom(userId);
		model.say(known === undefined ? 'Making an encrypted chat…' : 'Opening the chat…');
		steps.run(async () => {
			const {roomId} = await session.join({room: userId});
			steps.enter(roomId, known === undefined ? 'The chat is made.' : 'This is your chat.');
		});
	};

	const setIgnored = (userId: string, isIgnored: boolean): void =>
		steps.run(async () => {
			await session.setIgnored({userId, isIgnored});
			model.say(
				isIgnored ? `${userId} is ignored; /unignore ${userId} undoes it.` : `${userId} is ignored no longer.`,
				'ok',
			);
		});

	return {
		openMembers() {
			const room = steps.openJoined();
			if (room !== undefined) openMembers(room);
		},
		openProfile(user) {
			const userId = steps.person(user);
			if (userId !== undefined) openProfile(userId, model.openedRoom());
		},
		act,
		reloadProfile(userId) {
			if (profile?.userId === userId) void readDevices(profile);
		},
		setIgnored(user, isIgnored) {
			const userId = steps.person(user);
			if (userId !== undefined) setIgnored(userId, isIgnored);
		},
		openDirect(user) {
			const userId = steps.person(user);
			if (userId !== undefined) openDirect(userId);
		},
		setDisplayName: name =>
			steps.run(async () => {
				await session.setDisplayName({name: name.trim()});
				model.say(`You are called ${name.trim()} now.`, 'ok');
			}),
	};
};
