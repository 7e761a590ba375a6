/** Lists for finding rooms. */
import type {FindActions} from '../commands/define-command.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal} from '../text/safe-text.ts';
import {inboxLine} from '../view-models/inbox-row.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';

export type FindOptions = {
	readonly model: ScreenModel;
	readonly reader: AccountReader;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** Rooms that a list looks through. */
const mostRooms = 10_000;

export const createFindActions = ({model, reader, enterRoom, now}: FindOptions): FindActions => ({
	openSwitcher() {
		const matching = (query: string): readonly RoomRow[] => {
			const words = query.toLowerCase().split(/\s+/);
			return reader
				.rooms({offset: 0, limit: mostRooms})
				.filter(({name}) => words.every(word => name.toLowerCase().includes(word)));
		};
		model.openPanel({
			scope: 'switcher',
			place: 'over',
			title: literal`Go to`,
			prompt: literal`part of a name`,
			hint: literal`Enter goes there · ↑ ↓ choose`,
			empty: () => literal`Nothing is called like that.`,
			rows: query =>
				matching(query).map(room => ({
					key: String(room.rid),
					lines: width => [inboxLine(room, {width, now: now(), isSelected: false})],
				})),
			choose(key) {
				const room = reader.room(Number(key));
				model.closePanel('all');
				if (room !== undefined) enterRoom(room);
			},
		});
	},
});
