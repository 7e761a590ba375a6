/** Over which network a person is written to who is on several: always in sight, so that nothing goes where it was not meant to. */
import {protocolOf} from '../bridges/protocols.ts';
import type {RoomRow} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';
import {roomName} from './inbox-row.ts';
import {networkLabel} from './network-label.ts';
import type {InputLines} from './input-lines.ts';
import {blanks, span, type ScreenSpan} from './screen-line.ts';

/** A way to a person. */
export type Way = {
	readonly rid: number;
	/** The network; with the user id, where the person has several on the same one. */
	readonly name: SafeText;
	readonly label: ScreenSpan;
};

/** The way that is taken to somebody, and the others. */
export type Via = Way & {
	/** What the owner of the account calls them. */
	readonly person: SafeText;
	readonly others: readonly Way[];
};

const networkOf = ({protocol}: RoomRow): SafeText => safeText(protocolOf(protocol).name, 'name');

/** @param rooms all of the person. */
const wayOf = (room: RoomRow, rooms: readonly RoomRow[]): Way => {
	const network = networkOf(room);
	const isShared = rooms.some(other => other.rid !== room.rid && networkOf(other) === network);
	const user = isShared && room.directUser !== undefined ? literal` (${safeText(room.directUser, 'name')})` : literal``;
	return {rid: room.rid, name: literal`${network}${user}`, label: networkLabel(room.protocol)};
};

/**
 * @param rooms of the person, the open one among them
 * @param row of the person in the lists
 * @returns `undefined` where there is one alone
 */
export const viaOf = (open: RoomRow, rooms: readonly RoomRow[], row: RoomRow = open): Via | undefined => {
	if (rooms.length < 2) return undefined;
	const others = rooms.filter(({rid}) => rid !== open.rid).map(room => wayOf(room, rooms));
	return {...wayOf(open, rooms), person: roomName(row), others};
};

/** @param rooms all of a person. @returns what their ways are called */
export const networkNames = (rooms: readonly RoomRow[]): readonly SafeText[] =>
	rooms.length < 2 ? [] : rooms.map(room => wayOf(room, rooms).name);

/** @returns all ways, the one that is taken first. */
export const waysOf = (via: Via): readonly Way[] => [via, ...via.others];

/** Cells before the prompt of the composer. */
export const viaWidth = (via: Via | undefined): number => (via === undefined ? 0 : textWidth(via.label.text));

/** Puts the letters of the network before the prompt. */
export const withVia = (input: InputLines, via: Via | undefined): InputLines => {
	if (via === undefined) return input;
	const indent = span(blanks(viaWidth(via)));
	const {row, column} = input.cursor;
	return {
		lines: input.lines.map((line, index) => [index === 0 ? via.label : indent, ...line]),
		cursor: {row, column: column + viaWidth(via)},
	};
};
