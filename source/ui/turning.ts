/** From one network of a person to another: the timeline stays, what is written goes along, and nothing is sent by itself. */
import {outageWords, stateWords} from '../bridges/explain.ts';
import {protocolOf} from '../bridges/protocols.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {closedReason} from '../view-models/composer-hint.ts';
import {waysOf, type Way} from '../view-models/via.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import type {RoomVisits} from './room-visits.ts';
import type {ScreenPort} from './screen-port.ts';

export type TurningOptions = Pick<ScreenPort, 'model'> & {
	readonly reader: Pick<AccountReader, 'room' | 'personRooms' | 'portals'>;
	readonly drafts: Pick<DraftKeeper, 'flush'>;
	readonly visits: Pick<RoomVisits, 'turn'>;
	/** What is written is on its way to the store. */
	readonly isSending: () => boolean;
};

export type Turning = {
	/**
	 * Another room of the person is written in, which is said.
	 * @param doing what is done there, e.g. `Replying`. @default writing
	 * @returns whether it is a room of the person whose chat is open
	 */
	readonly to: (rid: number, doing?: string) => boolean;
	/** @param network its name or how that begins, its letters, or a user id of the person; the next one without */
	readonly via: (network: string | undefined) => void;
	/** @returns the room in which a person is written to who was chosen by the row of another one */
	readonly outgoing: (room: RoomRow) => RoomRow;
	/** @returns networks that were passed over for that, in words. */
	readonly passedOver: (room: RoomRow) => string | undefined;
};

/** Panels of one room. */
const ofRoom: ReadonlySet<string | undefined> = new Set(['thread', 'members', 'profile', 'settings']);

const stays: Readonly<Record<'reply' | 'edit' | 'thread', string>> = {
	reply: 'Your answer',
	edit: 'Your edit',
	thread: 'What you write in the thread',
};

export const createTurning = (options: TurningOptions): Turning => {
	const {model, reader, drafts, visits, isSending} = options;

	const isOpen = (room: RoomRow): boolean =>
		closedReason(room) === undefined && reader.portals.outage(room.rid) === undefined;

	const roomsOf = (rid: number): readonly RoomRow[] => reader.personRooms(rid).flatMap(each => reader.room(each) ?? []);

	const networkOf = ({protocol}: RoomRow): string => protocolOf(protocol).name;

	/** Takes a text that is about no message along. @returns what is to be said of it */
	const carry = (from: RoomRow, to: RoomRow): string => {
		const {composers, writings} = model;
		const writing = writings.of(from.rid);
		const composer = composers.get(writings.composerOf(from.rid));
		if (composer.text.trim() === '' && writing === undefined) return '';
		if (writing !== undefined) return ` ${stays[writing.kind]} stays on ${networkOf(from)}.`;
		if (isSending()) return '';
		const isFree = writings.of(to.rid) === undefined && composers.get(to.rid).text === '';
		if (!isFree) return ` What you wrote stays on ${networkOf(from)}: something is written here already.`;
		const {text, cursor} = composer;
		// Whom it names is called otherwise there.
		composers.apply(to.rid, {kind: 'set', text});
		composers.apply(to.rid, {kind: 'point', at: cursor});
		composers.apply(from.rid, {kind: 'set', text: ''});
		return '';
	};

	const to: Turning['to'] = (rid, doing = 'Writing') => {
		const from = model.openedRoom();
		const room = model.opened.roomOf(rid);
		if (from === undefined || room === undefined) return false;
		if (room.rid === from.rid) return true;
		if (ofRoom.has(model.panels.scope())) model.closePanel('all');
		model.turn(rid);
		const carried = carry(from, room);
		void drafts.flush();
		visits.turn();
		const name = model.opened.via()?.name ?? networkOf(room);
		const outage = reader.portals.outage(rid);
		const warning = outage === undefined ? '' : ` ${outageWords(outage)}.`;
		model.say(`${doing} on ${name}.${carried}${warning}`, warning === '' ? 'accent' : 'warning');
		return true;
	};

	const next = (): void => {
		const [rids, open] = [model.timeline.rids(), model.openedRoom()?.rid ?? -1];
		const from = rids.indexOf(open);
		const others = [...rids.slice(from + 1), ...rids.slice(0, from)].flatMap(rid => model.opened.roomOf(rid) ?? []);
		const room = others.find(isOpen);
		const passed = others.slice(0, room === undefined ? others.length : others.indexOf(room)).map(networkOf);
		const skipped = passed.length === 0 ? '' : `${passed.join(', ')}: closed, or nothing arrives there.`;
		if (room === undefined) return model.say(`There is no other way. ${skipped}`, 'warning');
		to(room.rid, skipped === '' ? undefined : `${skipped} Writing`);
		return undefined;
	};

	const fits = (words: string, way: Way): boolean => {
		const {directUser, protocol} = model.opened.roomOf(way.rid) ?? {};
		const {id} = protocolOf(protocol);
		const names = [way.name, id, way.label.text].map(name => name.toLowerCase());
		return directUser === words || names.some(name => name.startsWith(words.toLowerCase()));
	};

	return {
		to,
		via(network) {
			const via = model.opened.via();
			if (model.openedRoom() === undefined) return model.say('Open a room first.', 'warning');
			if (via === undefined) return model.say('This chat has one network only: /merge joins the chats of a person.');
			if (network === undefined) return next();
			const ways = waysOf(via);
			const exact = ways.filter(way =>
				[way.name, way.label.text].some(each => each.toLowerCase() === network.toLowerCase()),
			);
			const [way, ...others] = exact.length === 1 ? exact : ways.filter(each => fits(network.trim(), each));
			const all = ways.map(({name}) => name).join(', ');
			if (way === undefined) model.say(`There is no such way to them: ${all}.`, 'warning');
			else if (others.length > 0)
				model.say(`Which one? ${[way, ...others].map(({name}) => name).join(' or ')}`, 'warning');
			else if (way.rid === via.rid) model.say(`You write on ${via.name} already.`);
			else to(way.rid);
			return undefined;
		},
		outgoing(room) {
			const rooms = roomsOf(room.rid);
			if (rooms.length < 2) return room;
			// What was begun is gone on with where it was begun.
			return rooms.find(({hasDraft}) => hasDraft) ?? rooms.find(isOpen) ?? room;
		},
		passedOver(room) {
			const rooms = roomsOf(room.rid);
			const passed = rooms.slice(
				0,
				Math.max(
					0,
					rooms.findIndex(({rid}) => rid === room.rid),
				),
			);
			const out = passed.flatMap(({rid}) => reader.portals.outage(rid) ?? []).map(stateWords);
			return out.length === 0 ? undefined : `${out.join(', ')}: this goes by ${networkOf(room)}.`;
		},
	};
};
