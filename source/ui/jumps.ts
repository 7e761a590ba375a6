/** Jumps to messages, wherever they are, and the way back. */
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {ScreenPort} from './screen-port.ts';

export type JumpOptions = ScreenPort & {
	readonly reader: AccountReader;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
};

/** A message of a room. */
export type JumpTarget = {readonly rid: number; readonly eventId: string};

export type Jumps = {
	/** @param isStep from one target of the same walk to the next: the way back stays that to where the walk began */
	readonly go: (target: JumpTarget, isStep?: boolean) => void;
	/** To where the last jump began. */
	readonly back: () => void;
};

/** A place that a person can go back to; without a message the newest one. */
type Origin = {readonly rid: number; readonly eventId: string | undefined};

/** Places that are remembered. */
const mostOrigins = 50;

export const createJumps = ({model, reader, enterRoom}: JumpOptions): Jumps => {
	const {timeline} = model;
	/** Newest last. */
	let origins: readonly Origin[] = [];

	/** What is selected, else what is seen lowest. */
	const here = (): Origin | undefined => {
		const rid = model.openedRoom()?.rid;
		if (rid === undefined) return undefined;
		const selected = timeline.selected();
		if (selected?.kind === 'message') return {rid, eventId: selected.message.eventId};
		return {rid, eventId: timeline.isAtEnd() ? undefined : timeline.neighbour(undefined, -1, () => true)?.eventId};
	};

	/** @returns whether the room could be opened */
	const enter = (rid: number): boolean => {
		const room = reader.room(rid);
		if (room === undefined) return false;
		if (room.rid !== model.openedRoom()?.rid) enterRoom(room);
		else if (model.isCovered()) model.focusComposer();
		return true;
	};

	const show = (eventId: string): boolean => {
		if (!timeline.jumpTo(eventId)) return false;
		model.focusTimeline();
		return true;
	};

	return {
		go(target, isStep = false) {
			const origin = here();
			if (!enter(target.rid)) return model.say('This room is not known any more.', 'warning');
			if (!show(target.eventId)) return model.say('This message is not stored here.', 'warning');
			if (origin !== undefined && !isStep) origins = [...origins, origin].slice(-mostOrigins);
		},
		back() {
			const origin = origins.at(-1);
			if (origin === undefined) return model.say('You have not jumped anywhere.');
			origins = origins.slice(0, -1);
			if (!enter(origin.rid)) return model.say('That room is not known any more.', 'warning');
			if (origin.eventId !== undefined && show(origin.eventId)) return;
			timeline.scrollToEnd('newest');
			model.focusComposer();
		},
	};
};
