/** Pinned messages: pinning, and the list of a room's. */
import type {MessageCareActions} from '../commands/message-care-actions.ts';
import {pinnedType} from '../domain/message-care.ts';
import type {Message} from '../domain/message.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal} from '../text/safe-text.ts';
import type {MessageAct} from '../view-models/message-abilities.ts';
import {pinRows} from '../view-models/pin-rows.ts';
import {pinnedIn} from '../view-models/pinned.ts';
import type {Jumps} from './jumps.ts';
import {failureText, sayFailure, type ScreenPort} from './screen-port.ts';

export type PinOptions = ScreenPort & {
	readonly reader: AccountReader;
	/** The account's own. */
	readonly userId: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** @returns the message that is meant, or why there is none */
	readonly find: (act: MessageAct) => Message | string;
	readonly jumps: Pick<Jumps, 'go'>;
	/** Shows a thread beside the conversation. */
	readonly openThread: (rid: number, root: string) => void;
};

export type PinActions = Pick<MessageCareActions, 'togglePin' | 'setPinned' | 'openPins' | 'unpinChosen'>;

export const createPinActions = (options: PinOptions): PinActions => {
	const {model, session, reader, log} = options;

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
			await session.setPinned({roomId: room.roomId, eventId, isPinned});
			model.say(isPinned ? 'Pinned for everybody here: /pins lists it.' : 'The pin is taken off.', 'ok');
		});
	};

	/** @param isPinned what it is to be; the other way round without */
	const pin = (isPinned?: boolean): void => {
		const message = options.find('pin');
		const room = model.openedRoom();
		if (typeof message === 'string') return model.say(message, 'warning');
		if (room !== undefined) put(room, message.eventId, isPinned ?? !pinnedIn(reader, room.rid).has(message.eventId));
	};

	const jump = (rid: number, eventId: string): void => {
		const message = reader.message(rid, eventId);
		if (message === undefined || message.chunkOrder === 0)
			return model.say(
				`What was said around it is not stored here yet: ${model.keyOf('page-up')} loads older messages.`,
				'warning',
			);
		model.closePanel('all');
		void options.jumps.go({rid, eventId});
		if (message.threadRoot !== undefined) options.openThread(rid, message.threadRoot);
	};

	const open = ({rid, roomId}: RoomRow): void => {
		let isLoading = true;
		model.openPanel({
			scope: 'pins',
			place: 'side',
			title: literal`Pinned messages`,
			hint: literal`Enter shows it · p takes the pin off`,
			empty: () => literal`Nothing is pinned here: p on a message pins it.`,
			rows: () => {
				const pins = [...pinnedIn(reader, rid)].toReversed();
				return pinRows(
					pins.map(eventId => ({eventId, message: reader.message(rid, eventId)})),
					{now: options.now(), isLoading},
				);
			},
			choose: eventId => jump(rid, eventId),
		});
		const load = async (): Promise<void> => {
			const eventIds = [...pinnedIn(reader, rid)].filter(eventId => reader.message(rid, eventId) === undefined);
			try {
				if (eventIds.length > 0) await session.loadMessages({roomId, eventIds});
			} catch (error) {
				log.info('screen', 'pinned messages could not be loaded', {error});
				model.say(`Not all pinned messages could be loaded: ${failureText(error)}`, 'warning');
			} finally {
				isLoading = false;
				model.inPanel(panels => panels.refresh());
			}
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
			const [room, eventId] = [model.openedRoom(), model.panels.chosen()];
			if (room !== undefined && eventId !== undefined) put(room, eventId, false);
		},
	};
};
