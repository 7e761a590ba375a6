/** Sends messages on to another room, which is named or chosen from a list. */
import {placeWords} from '../bridges/protocols.ts';
import type {MessageCareActions} from '../commands/message-care-actions.ts';
import type {Message} from '../domain/message.ts';
import {isLetIn, type RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {forwardedContent} from '../view-models/forwarded-content.ts';
import {createFuzzy, emphasised} from '../view-models/fuzzy.ts';
import {inboxLine} from '../view-models/inbox-row.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {yesQuestion} from '../view-models/question.ts';
import {emptyLine} from '../view-models/screen-line.ts';
import {roomsOf} from './rooms-of-address.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type ForwardOptions = ScreenPort & {
	readonly reader: AccountReader;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** @returns the messages that are meant, oldest first, or why there are none */
	readonly findAll: (act: 'forward') => readonly Message[] | string;
};

/** Rooms that are looked through, and rows that are shown of what was found. */
const mostRooms = 10_000;
const mostFound = 100;

export const createForwardActions = (options: ForwardOptions): Pick<MessageCareActions, 'forward'> => {
	const {model, session, reader} = options;

	const send = (room: RoomRow, messages: readonly Message[]): void => {
		void sayFailure(options, async () => {
			for (const message of messages)
				await session.send({to: room.roomId, content: forwardedContent(message), isWaiting: false, timeout: 0});
			model.timeline.unpick();
			model.refresh(new Set([room.rid]));
			const what = messages.length === 1 ? 'The message is' : `${messages.length} messages are`;
			model.say(`${what} forwarded to ${room.name}.`, 'ok');
		});
	};

	/** What was said in an encrypted room is not put elsewhere in the clear by mistake. */
	const confirm = (room: RoomRow, messages: readonly Message[]): void => {
		const isOpened = !room.isEncrypted && messages.some(({encryption}) => encryption === 'decrypted');
		if (room.membership !== 'join') model.say(`You are not in ${room.name}.`, 'warning');
		else if (!isOpened) send(room, messages);
		else
			model.question.ask(
				yesQuestion(`${room.name} is not encrypted, this is. Forward it all the same?`, 'forwards', () =>
					send(room, messages),
				),
			);
	};

	const openList = (messages: readonly Message[]): void => {
		const rooms = createFuzzy(reader.roomNames(mostRooms, true), room => ({
			name: safeText(room.name, 'name', room.roomId),
			others: room.alias,
			isLess: !isLetIn(room),
			places: room.places.map(placeWords).join(' '),
		}));
		/** Nothing can be said yet where one is only invited. */
		const found = (query: string) =>
			rooms.find(query, mostFound).filter(({item}) => reader.room(item.rid)?.membership === 'join');
		const rowsOf = (query: string): readonly PanelRow[] =>
			found(query).map(({item, spots}) => ({
				key: `${item.rid}`,
				lines(width) {
					const room = reader.room(item.rid);
					if (room === undefined) return [emptyLine];
					const name = spots.length === 0 ? undefined : emphasised(safeText(item.name, 'name', item.roomId), spots);
					// Over which network it goes is chosen here.
					const hasLabel = reader.personRooms(item.rid).length > 1;
					return [inboxLine(room, {width, now: options.now(), isSelected: false, hasLabel, name})];
				},
			}));
		model.openPanel({
			scope: 'forward',
			place: 'over',
			title: messages.length === 1 ? literal`Forward to` : literal`Forward ${messages.length} messages to`,
			prompt: literal`a few letters of a room`,
			hint: literal`Enter forwards · ${model.keyOf('list-up')} ${model.keyOf('list-down')} choose`,
			rows: rowsOf,
			empty: () => literal`No room is called like that.`,
			choose(key) {
				const room = reader.room(Number(key));
				model.closePanel();
				if (room !== undefined) confirm(room, messages);
			},
		});
	};

	return {
		forward(address) {
			const messages = options.findAll('forward');
			if (typeof messages === 'string') return model.say(messages, 'warning');
			if (address === undefined) return openList(messages);
			const [room, ...others] = roomsOf(reader, address);
			if (room === undefined) model.say(`There is no room ${address}.`, 'warning');
			else if (others.length > 0)
				model.say(`${others.length + 1} rooms are called ${address}; use the alias or the id.`, 'warning');
			else confirm(room, messages);
		},
	};
};
