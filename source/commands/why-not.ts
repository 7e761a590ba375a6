/** Why a command cannot be run just now: said in the lists of commands, before anybody tries. */
import type {RoomRow} from '../domain/room.ts';

/** What the possibility of commands depends on. */
export type CommandFacts = {
	/** The open room. */
	readonly room: Pick<RoomRow, 'membership'> | undefined;
};

/** @returns a few words without a full stop; `undefined`: it can be run. */
export type WhyNot = (facts: CommandFacts) => string | undefined;

export const withoutRoom: WhyNot = ({room}) => (room === undefined ? 'no room is open' : undefined);

export const withoutInvitation: WhyNot = ({room}) =>
	room?.membership === 'invite' ? undefined : 'no invitation is open';

export const outsideOfRoom: WhyNot = ({room}) => {
	if (room?.membership === 'invite') return 'the invitation is not accepted yet';
	return room?.membership === 'join' ? undefined : (withoutRoom({room}) ?? 'you are not in this room any more');
};
