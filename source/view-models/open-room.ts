/** The room that is open; with a person who is on several networks, the one that is written in, and the others beside it. */
import type {RoomRow} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';
import type {createTimeline} from './timeline.ts';
import {viaOf, type Via} from './via.ts';
import type {createWritings} from './writings.ts';

export type OpenRoomOptions = {
	readonly source: AccountSource;
	readonly timeline: ReturnType<typeof createTimeline>;
	readonly writings: ReturnType<typeof createWritings>;
	/** The inbox shows which one it is. */
	readonly select: (rid: number | undefined) => void;
	/** Another one is about to be opened. */
	readonly leave: (rid: number) => void;
};

export const createOpenRoom = ({source, timeline, writings, select, leave}: OpenRoomOptions) => {
	let open: RoomRow | undefined;
	let all: readonly RoomRow[] = [];
	let via: Via | undefined;

	const lookAround = (): void => {
		const others = timeline.rids().filter(rid => rid !== open?.rid);
		all = open === undefined ? [] : [open, ...others.flatMap(rid => source.room(rid) ?? [])];
		via = open === undefined ? undefined : viaOf(open, all, all.length > 1 ? source.row(open.rid) : open);
	};

	const take = (rid: number | undefined): void => {
		open = rid === undefined ? undefined : source.room(rid);
		if (open?.membership === 'join') writings.restore(open.rid, {read: source.draftTargets, message: source.message});
		select(open?.rid);
	};

	const openTimeline = (): void => timeline.open(open?.membership === 'invite' ? undefined : open);

	return {
		room: (): RoomRow | undefined => open,
		/** The rooms of the person whose chat is open, that first; else the open room alone. */
		rooms: (): readonly RoomRow[] => all,
		/** @returns one of `rooms`. */
		roomOf: (rid: number): RoomRow | undefined => all.find(room => room.rid === rid),
		/** Over which network what is written goes; `undefined` where there is only one. */
		via: (): Via | undefined => via,

		open(rid: number | undefined): void {
			if (open !== undefined && open.rid !== rid) leave(open.rid);
			take(rid);
			openTimeline();
			lookAround();
		},

		/** Another one of `rooms` is written in; the timeline stays where it is. */
		turn(rid: number): void {
			if (!timeline.turn(rid)) return;
			take(rid);
			lookAround();
		},

		/** Reads again what changed; an accepted invitation becomes a room. */
		refresh(rids: ReadonlySet<number> | 'all'): void {
			if (open === undefined) return;
			// An invitation has no timeline.
			if (rids !== 'all' && !rids.has(open.rid) && !timeline.isOf(rids)) return;
			const before = open.membership;
			open = source.room(open.rid);
			if (open === undefined || [before, open.membership].includes('invite')) openTimeline();
			else timeline.refresh();
			lookAround();
		},
	};
};
