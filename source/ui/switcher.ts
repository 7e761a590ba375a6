/** The quick switcher: rooms that were open last, then all others, people, and with `>` the commands. */
import {placeWords} from '../bridges/protocols.ts';
import {isLetIn, letInFirst, type RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {KnownPerson, RoomNames} from '../store/room-list-reader.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {createFuzzy, emphasised, type FuzzyMatch} from '../view-models/fuzzy.ts';
import {hasNetworks} from '../view-models/inbox-list.ts';
import {inboxLine} from '../view-models/inbox-row.ts';
import type {KeyOf} from '../view-models/key-of.ts';
import type {PanelRow, PanelSource} from '../view-models/panel.ts';
import {boldSpan, emptyLine, span, spreadLine} from '../view-models/screen-line.ts';
import type {PanelScope} from '../commands/define-command.ts';
import type {CommandList} from './command-list.ts';

export type SwitcherOptions = {
	readonly reader: Pick<AccountReader, 'room' | 'row' | 'roomNames' | 'sections' | 'people' | 'directRoom'>;
	/** Numbers of rooms, the one that was opened last first. */
	readonly recent: () => readonly number[];
	readonly openRid: () => number | undefined;
	/** Goes to a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
	/** Begins a chat with somebody without one. */
	readonly writeTo: (userId: string) => void;
	readonly commands: CommandList;
	/** Closes all lists. */
	readonly close: () => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly keyOf: KeyOf;
};

/** Rooms that are looked through, and rows that are shown of what was found. */
const mostRooms = 10_000;
const mostFound = 100;
const mostPeople = 30;

/** Number of none. */
const noRoom = -1;

const roomKey = 'room ';
const personKey = 'person ';

const headingRow = (key: string, title: SafeText): PanelRow => ({
	key,
	isHeading: true,
	lines: () => [[boldSpan(literal` ${title}`, 'heading')]],
});

/**
 * Rooms that were opened last first; the open one last of these, as nobody wants to go there. Who is not let in comes behind all: Enter
 * once more would accept an invitation.
 */
const inRecentOrder = (rooms: readonly RoomNames[], recent: readonly number[], open: number): readonly RoomNames[] => {
	const ordered = [...new Set(recent)].filter(rid => rid !== open);
	const places = new Map([...ordered, open].map((rid, index) => [rid, index]));
	const placed = rooms.map((room, index) => ({room, place: places.get(room.rid) ?? places.size + index}));
	return letInFirst(placed.toSorted((first, second) => first.place - second.place).map(({room}) => room));
};

const personName = ({userId, displayName}: KnownPerson): SafeText => safeText(displayName, 'name', userId);

/** @returns a list to open; its rooms and people are read once, so that a key costs only the search. */
export const createSwitcher = (options: SwitcherOptions): PanelSource<PanelScope> => {
	const {reader, commands, now} = options;
	const isBridged = hasNetworks(reader.sections());
	const frontOf = (rid: number): number => reader.row(rid)?.rid ?? rid;
	const rooms = createFuzzy(
		inRecentOrder(reader.roomNames(mostRooms), options.recent().map(frontOf), frontOf(options.openRid() ?? noRoom)),
		room => ({
			name: safeText(room.name, 'name', room.roomId),
			others: [room.alias, room.others].filter(each => each !== undefined).join(' '),
			isLess: !isLetIn(room),
			places: room.places.map(placeWords).join(' '),
		}),
	);
	const people = createFuzzy(reader.people(), person => ({name: personName(person), others: person.userId}));

	const roomRow = ({item, spots}: FuzzyMatch<RoomNames>): PanelRow => ({
		key: `${roomKey}${item.rid}`,
		lines(width) {
			const room = reader.row(item.rid);
			if (room === undefined) return [emptyLine];
			const name = spots.length === 0 ? undefined : emphasised(safeText(item.name, 'name', item.roomId), spots);
			return [inboxLine(room, {width, now: now(), isSelected: false, hasLabel: isBridged, name})];
		},
	});

	const personRow = ({item, spots}: FuzzyMatch<KnownPerson>): PanelRow => ({
		key: `${personKey}${item.userId}`,
		lines: width => [
			spreadLine(
				[span(literal`   `), ...emphasised(personName(item), spots)],
				[span(safeText(item.userId, 'name'), 'muted'), span(literal` `)],
				width,
			),
		],
	});

	/** With an `@`, everybody; else those who are not already there as a room. */
	const peopleRows = (query: string): readonly PanelRow[] => {
		const isAsked = query.startsWith('@');
		if (query === '' || (!isAsked && query.length < 2)) return [];
		const found = people
			.find(isAsked ? query.slice(1) : query, mostPeople)
			.filter(({item}) => isAsked || reader.directRoom(item.userId) === undefined);
		return found.length === 0 ? [] : [headingRow('people', literal`People`), ...found.map(personRow)];
	};

	return {
		scope: 'switcher',
		place: 'over',
		title: literal`Go to`,
		prompt: literal`a room, @ a person, > a command`,
		hint: literal`Enter goes there · ${options.keyOf('list-up')} ${options.keyOf('list-down')} choose`,
		empty: () => literal`Nothing is called like that.`,
		rows(query) {
			const wanted = query.trimStart();
			if (wanted.startsWith('>')) return commands.rows(wanted.slice(1));
			const found = wanted.startsWith('@') ? [] : rooms.find(wanted, mostFound).map(roomRow);
			return [...found, ...peopleRows(wanted)];
		},
		isFirstMeant: query => !query.trimStart().startsWith('>') || commands.isNamed(query.trimStart().slice(1)),
		chooseNone: query => commands.sayNone(query.trimStart().slice(1), 'command '),
		choose(key) {
			options.close();
			if (key.startsWith(roomKey)) {
				const room = reader.room(Number(key.slice(roomKey.length)));
				if (room !== undefined) options.enterRoom(room);
			} else if (key.startsWith(personKey)) {
				const userId = key.slice(personKey.length);
				const room = reader.directRoom(userId);
				if (room === undefined) options.writeTo(userId);
				else options.enterRoom(room);
			} else commands.run(key);
		},
	};
};
