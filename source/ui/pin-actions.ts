/** Pinned messages: pinning, and the list of a room's. */
import type {MessageCareActions} from '../commands/message-care-actions.ts';
import {pinnedType} from '../domain/message-care.ts';
import type {Message} from '../domain/message.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal} from '../text/safe-text.ts';
import type {MessageAct} from '../view-models/message-abilities.ts';
import {networkLabel} from '../view-models/network-label.ts';
import {pinRows, type Pin} from '../view-models/pin-rows.ts';
import {pinnedIn} from '../view-models/pinned.ts';
import type {Jumps} from './jumps.ts';
import {failureText, sayFailure, type ScreenPort} from './screen-port.ts';
import type {Turning} from './turning.ts';

export type PinOptions = ScreenPort & {
	readonly reader: AccountReader;
	/** The account's own. */
	readonly userId: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** @returns the message that is meant, or why there is none */
	readonly find: (act: MessageAct) => Message | string;
	readonly jumps: Pick<Jumps, 'go'>;
	readonly turning: Pick<Turning, 'to'>;
};

/** A pin of a list, and the room that it is of. */
type ListedPin = Pin & {readonly rid: number};

export type PinActions = Pick<MessageCareActions, 'togglePin' | 'setPinned' | 'openPins' | 'unpinChosen'>;

export const createPinActions = (options: PinOptions): PinActions => {
	const {model, session, reader, log} = options;
	/** What the list has. */
	let listed: readonly ListedPin[] = [];

	/** @returns why the person may not pin in a room. */
	const lackIn = (rid: number): string | undefined => {
		const power = reader.details.power(rid);
		return lackOfPower(power.of(options.userId), power.toSetState(pinnedType), 'pin messages here');
	};

	const put = (room: RoomRow, eventId: string, isPinned: boolean): void => {
		if (pinnedIn(reader, room.rid).has(eventId) === isPinned)
			return model.say(isPinned ? 'The message is pinned already.' : 'The message is not pinned.');
		const lack = lackIn(room.rid);
		if (lack !== undefined) return model.say(lack, 'warning');
		void sayFailure(options, async () => {
			const via = model.opened.via();
			const where = via === undefined ? '' : ` on ${via.name}`;
			await session.setPinned({roomId: room.roomId, eventId, isPinned});
			const done = isPinned ? `Pinned for everybody here${where}: /pins lists it.` : `The pin is taken off${where}.`;
			model.say(done, 'ok');
		});
	};

	/** @param isPinned what it is to be; the other way round without */
	const pin = (isPinned?: boolean): void => {
		const message = options.find('pin');
		const room = model.openedRoom();
		if (typeof message === 'string') return model.say(message, 'warning');
		if (room !== undefined) put(room, message.eventId, isPinned ?? !pinnedIn(reader, room.rid).has(message.eventId));
	};

	/** The newest pin first; those of several chats by the time of the messages. An event is of the chat that has it. */
	const pinsOf = (rids: readonly number[]): readonly ListedPin[] => {
		const pins = new Map<string, ListedPin>();
		for (const rid of rids)
			for (const eventId of [...pinnedIn(reader, rid)].toReversed()) {
				const message = reader.message(rid, eventId);
				const network = rids.length > 1 ? networkLabel(reader.room(rid)?.protocol) : undefined;
				if (message !== undefined || !pins.has(eventId)) pins.set(eventId, {rid, eventId, message, network});
			}
		const timeOf = ({message}: ListedPin): number => message?.timestamp ?? 0;
		const all = [...pins.values()];
		return rids.length > 1 ? all.toSorted((one, other) => timeOf(other) - timeOf(one)) : all;
	};

	const jump = ({rid, eventId, message}: ListedPin): void => {
		if (message === undefined || message.chunkOrder === 0)
			return model.say(
				`What was said around it is not stored here yet: ${model.keyOf('page-up')} loads older messages.`,
				'warning',
			);
		model.closePanel('all');
		void options.jumps.go({rid, eventId, isWithin: true});
	};

	const open = ({rid}: RoomRow): void => {
		let isLoading = true;
		model.openPanel({
			scope: 'pins',
			place: 'side',
			title: model.opened.via() === undefined ? literal`Pinned messages` : literal`Pinned in all chats`,
			hint: literal`Enter shows it · p takes the pin off`,
			empty: () => literal`Nothing is pinned here: p on a message pins it.`,
			rows: () => {
				listed = pinsOf(reader.personRooms(rid));
				return pinRows(listed, {now: options.now(), isLoading});
			},
			choose(eventId) {
				const pin = listed.find(each => each.eventId === eventId);
				if (pin !== undefined) jump(pin);
			},
		});
		const loadOf = async (room: number): Promise<void> => {
			const eventIds = [...pinnedIn(reader, room)].filter(eventId => reader.message(room, eventId) === undefined);
			const roomId = reader.room(room)?.roomId;
			try {
				if (eventIds.length > 0 && roomId !== undefined) await session.loadMessages({roomId, eventIds});
			} catch (error) {
				log.info('screen', 'pinned messages could not be loaded', {error});
				model.say(`Not all pinned messages could be loaded: ${failureText(error)}`, 'warning');
			}
		};
		const load = async (): Promise<void> => {
			await Promise.all(reader.personRooms(rid).map(loadOf));
			isLoading = false;
			model.inPanel(panels => panels.refresh());
		};
		void load();
	};

	return {
		togglePin: () => pin(),
		setPinned: pin,
		openPins() {
			const room = model.openedRoom();
			if (room === undefined) model.say('Open a room first.', 'warning');
			else open(room);
		},
		unpinChosen() {
			const pin = listed.find(({eventId}) => eventId === model.panels.chosen());
			if (pin === undefined) return;
			const isHere = options.turning.to(pin.rid, 'Unpinning');
			const room = model.openedRoom();
			if (isHere && room !== undefined) put(room, pin.eventId, false);
			else model.say('This is pinned in a room that is not open any more.', 'warning');
		},
	};
};
