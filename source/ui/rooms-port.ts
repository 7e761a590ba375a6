/** What the parts that administer and find rooms share: whom a name means, how a room is entered, how failures are said. */
import {parseUserId} from '../domain/identifiers.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {safeText, type SafeText} from '../text/safe-text.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type RoomsPort = ScreenPort & {
	readonly reader: AccountReader;
	/** The account's own. */
	readonly userId: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Puts text into the clipboard of the person's terminal. @returns whether it is short enough */
	readonly copy: (text: string) => boolean;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
};

export const createRoomSteps = (port: RoomsPort) => {
	const {model, reader} = port;
	const {details} = reader;

	const nameIn = (rid: number, userId: string): SafeText => safeText(reader.memberName(rid, userId), 'name', userId);

	/** Members whose name, or the first part of whose id, is the one that was typed; else those where it begins so. */
	const membersCalled = (rid: number, text: string): readonly string[] => {
		const wanted = text.replace(/^@/, '').toLowerCase();
		const members = details.members(rid).map(({userId, displayName}) => ({
			userId,
			names: [displayName?.toLowerCase() ?? '', (userId.slice(1).split(':')[0] ?? '').toLowerCase()],
		}));
		const exact = members.filter(({names}) => names.includes(wanted));
		const found = exact.length > 0 ? exact : members.filter(({names}) => names.some(name => name.startsWith(wanted)));
		return found.map(({userId}) => userId);
	};

	return {
		nameIn,

		/** Runs requests whose failure is said in the status line. */
		run: (request: () => Promise<void>): void => void sayFailure(port, request),

		/** @returns the open room if the person is in it; otherwise that is said */
		openJoined(): RoomRow | undefined {
			const room = model.openedRoom();
			if (room === undefined) model.say('Open a room first.', 'warning');
			else if (room.membership === 'join') return room;
			else model.say('You are not in this room.', 'warning');
			return undefined;
		},

		/** @param text an id, or the name of a member of the open room. @returns the id; `undefined` where nobody can be meant, which is said */
		person(text: string): string | undefined {
			const wanted = text.trim();
			if (parseUserId(wanted)?.localpart) return wanted;
			const room = model.openedRoom();
			const [userId, ...others] = room === undefined ? [] : membersCalled(room.rid, wanted);
			if (userId === undefined)
				model.say(`Nobody here is called ${wanted}; an id looks like @anna:example.org.`, 'warning');
			else if (others.length > 0)
				model.say(
					`${others.length + 1} people here are called ${wanted}: ${[userId, ...others].slice(0, 4).join(', ')}.`,
					'warning',
				);
			else return userId;
			return undefined;
		},

		/** Opens a room that was just joined or made. @param said what is said then */
		enter(roomId: string, said: string): void {
			const room = reader.roomById(roomId);
			model.closePanel('all');
			if (room?.membership === 'join') {
				model.refresh(new Set([room.rid]));
				port.enterRoom(room);
			}
			model.say(room?.membership === 'join' ? said : `${said} The room appears with the next sync.`, 'ok');
		},
	};
};
