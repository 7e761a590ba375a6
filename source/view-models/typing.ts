/** Who is typing, in which rooms. */
import type {RoomRow} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {AccountSource} from './account-source.ts';

/** A name, with the network where that is another one than what is written goes over. */
type Networks = {readonly network: (rid: number) => {readonly name: SafeText} | undefined};

/** @param userId the account's own */
export const createTyping = (userId: string, source: Pick<AccountSource, 'memberName' | 'details'>) => {
	const typing = new Map<number, readonly string[]>();
	return {
		note(rid: number, users: readonly string[]): void {
			typing.set(rid, users);
			if (users.length === 0) typing.delete(rid);
		},
		/** @param rooms the open one, and the others of a person. @returns the names of others who are typing there */
		names: ([open, ...others]: readonly RoomRow[], {network}: Networks): readonly SafeText[] =>
			[open, ...others].flatMap(room => {
				if (room === undefined) return [];
				const via = room === open ? undefined : network(room.rid)?.name;
				return (typing.get(room.rid) ?? [])
					.filter(user => user !== userId && !source.details.isIgnored(user))
					.map(user => safeText(source.memberName(room.rid, user), 'name', user))
					.map(name => (via === undefined ? name : literal`${name} on ${via}`));
			}),
	};
};

export type Typing = ReturnType<typeof createTyping>;
