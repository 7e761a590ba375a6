/** Jumps to messages, wherever they are, and the way back. What is not stored is looked up on the server. */
import type {MatrixLink} from '../domain/matrix-link.ts';
import {asObject, asString} from '../domain/json.ts';
import {isUnreadable, type Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {roomsOf} from './rooms-of-address.ts';
import type {Turning} from './turning.ts';
import {failureText, type ScreenPort} from './screen-port.ts';

export type JumpOptions = ScreenPort & {
	readonly reader: AccountReader;
	readonly turning: Pick<Turning, 'to'>;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
	/** Shows a thread beside the conversation, with one of its messages chosen. */
	readonly showThread: (rid: number, rootId: string, eventId: string) => void;
};

/** A message of a room. */
export type JumpTarget = {
	readonly rid: number;
	readonly eventId: string;
	/** In the timeline that is open: it is written on to the room that is written in, whichever room of the person it is of. @default false */
	readonly isWithin?: boolean;
};

export type Jumps = {
	/**
	 * @param isStep from one target of the same walk to the next: the way back stays that to where the walk began
	 * @returns whether the message is seen, or what is nearest to it; why not is said
	 */
	readonly go: (target: JumpTarget, isStep?: boolean) => Promise<boolean>;
	/** To the message that a link leads to. */
	readonly follow: (link: MatrixLink) => void;
	/** To where the last jump began. */
	readonly back: () => void;
	/** Puts a message into the archive that is not there. @returns whether it has a place now; why not is said */
	readonly fetch: (target: JumpTarget) => Promise<boolean>;
};

/** A place that a person can go back to; without a message the newest one. */
type Origin = {readonly rid: number; readonly eventId: string | undefined};

/** Places that are remembered. */
const mostOrigins = 50;

/** Entries that are looked at for a message near one that is none. */
const nearEntries = 40;

export const createJumps = ({model, session, reader, log, enterRoom, showThread, turning}: JumpOptions): Jumps => {
	const {timeline} = model;
	/** Newest last. */
	let origins: readonly Origin[] = [];
	/** Counts the jumps: one that is still being looked up gives way to the next one. */
	let count = 0;

	/** What is selected, else what is seen lowest. */
	const here = (): Origin | undefined => {
		const rid = model.openedRoom()?.rid;
		if (rid === undefined) return undefined;
		const selected = timeline.selected();
		const lowest = timeline.isAtEnd() ? undefined : timeline.neighbour(undefined, -1, () => true);
		const message = selected?.kind === 'message' ? selected.message : lowest;
		return {rid: message?.rid ?? rid, eventId: message?.eventId};
	};

	/** @returns whether the room could be opened */
	const enter = (rid: number, isWithin = false): boolean => {
		const room = reader.room(rid);
		if (room === undefined) return false;
		const isThere = isWithin && model.opened.roomOf(rid) !== undefined;
		if (!isThere && !turning.to(rid)) enterRoom(room);
		else if (model.isCovered()) model.focusComposer();
		return true;
	};

	const show = (eventId: string): boolean => {
		if (!timeline.jumpTo(eventId)) return false;
		model.focusTimeline();
		return true;
	};

	/** A message of a thread stands there, and where the thread begins stands behind it. @returns whether it is of one */
	const showInThread = ({rid, eventId}: JumpTarget): boolean => {
		const root = reader.message(rid, eventId)?.threadRoot;
		if (root === undefined) return false;
		timeline.jumpTo(root);
		showThread(rid, root, eventId);
		return true;
	};

	const isMessage = (message: Message): boolean => message.stateKey === undefined && !isUnreadable(message);

	/** What is no message by itself is shown by the one that it is about, or by the next one. */
	const showNear = ({rid, eventId}: JumpTarget): boolean => {
		const message = reader.message(rid, eventId);
		if (message === undefined) return false;
		const about = asString(asObject(message.content['m.relates_to'])['event_id']);
		if (about !== undefined && show(about)) return true;
		if (message.chunkOrder === 0) return false;
		const near = {rid, limit: nearEntries};
		const below = reader.timeline({...near, after: message}).messages.filter(isMessage);
		const above = reader
			.timeline({...near, before: message})
			.messages.filter(isMessage)
			.toReversed();
		return [...below, ...above].some(other => show(other.eventId));
	};

	const fetch: Jumps['fetch'] = async ({rid, eventId}) => {
		const roomId = reader.room(rid)?.roomId;
		if (roomId === undefined) return false;
		model.say('Looking it up…', 'muted', true);
		try {
			const {isPlaced} = await session.loadAround({roomId, eventId});
			model.say(
				isPlaced ? '' : 'This message is newer than what mx has fetched so far: try again in a moment.',
				'warning',
			);
			model.refresh(new Set([rid]));
			return isPlaced;
		} catch (error) {
			log.info('screen', 'a message could not be looked up', {error});
			model.say(failureText(error), 'warning');
			return false;
		}
	};

	const go: Jumps['go'] = async (target, isStep = false) => {
		const origin = here();
		count += 1;
		const own = count;
		// A thread beside it is one of the room that is written in.
		const isInThread = reader.message(target.rid, target.eventId)?.threadRoot !== undefined;
		if (!enter(target.rid, target.isWithin === true && !isInThread)) {
			model.say('This room is not known any more.', 'warning');
			return false;
		}
		const isPlaced = (reader.message(target.rid, target.eventId)?.chunkOrder ?? 0) !== 0;
		// A thread that is still beside it belongs to what was jumped to before.
		if (isStep && model.panels.scope() === 'thread') model.closePanel('all');
		let isShown = showInThread(target) || show(target.eventId);
		if (!isShown && (isPlaced || (await fetch(target)))) {
			// Whoever went on meanwhile is not called back.
			if (own !== count || model.opened.roomOf(target.rid) === undefined) return false;
			isShown = showInThread(target) || show(target.eventId) || showNear(target);
			if (!isShown) model.say('This message cannot be shown among the others.', 'warning');
		}
		if (isShown && origin !== undefined && !isStep) origins = [...origins, origin].slice(-mostOrigins);
		return isShown;
	};

	return {
		go,
		fetch,
		follow({id, eventId}) {
			const room = roomsOf(reader, id).find(({membership}) => membership === 'join');
			if (room === undefined) model.say(`You are not in ${id}: /join looks at it first.`, 'warning');
			else if (eventId === undefined) enter(room.rid);
			else void go({rid: room.rid, eventId});
		},
		back() {
			const origin = origins.at(-1);
			if (origin === undefined) return model.say('You have not jumped anywhere.');
			count += 1;
			origins = origins.slice(0, -1);
			if (!enter(origin.rid, true)) return model.say('That room is not known any more.', 'warning');
			if (origin.eventId !== undefined && show(origin.eventId)) return;
			timeline.scrollToEnd('newest');
			model.focusComposer();
		},
	};
};
