/** `mx rooms`: the room list, from the store. */
import {placeWords} from '../../bridges/protocols.ts';
import type {JsonObject} from '../../domain/json.ts';
import {isRequest, type RoomRow} from '../../domain/room.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import type {pad, textWidth, truncate} from '../../text/width.ts';
import {defineShellCommand, type OutputView} from '../define-command.ts';
import {isoTime, shortTime, staleness} from './printed-time.ts';

/** More rooms than any account has. */
const everything = 100_000;

/** @returns a room as JSON (docs/json.md §Room). */
export const roomJson = (room: RoomRow): JsonObject => ({
	room_id: room.roomId,
	name: room.name,
	alias: room.alias ?? null,
	topic: room.topic ?? null,
	membership: room.membership,
	is_request: isRequest(room),
	direct: room.isDirect,
	direct_user: room.directUser ?? null,
	encrypted: room.isEncrypted,
	unread: room.unreadCount,
	highlights: room.highlightCount,
	marked_unread: room.isMarkedUnread,
	last_activity: isoTime(room.lastActivity),
	last_activity_ms: room.lastActivity === 0 ? null : room.lastActivity,
	joined: room.joinedCount,
	network: room.protocol ?? null,
	place: room.place ?? null,
	person: room.personId === undefined ? null : {id: room.personId, name: room.name},
	preview: room.preview ?? null,
});

const nameOf = (room: RoomRow): SafeText => safeText(room.name, 'name', room.roomId);

/** `Anna · WhatsApp` for a chat of a person, who may have several. */
const fullNameOf = (room: RoomRow): SafeText =>
	room.personId === undefined ? nameOf(room) : literal`${nameOf(room)} · ${safeText(placeWords(room), 'name')}`;

/** Nothing for Matrix, and where the name says it. */
const networkOf = (room: RoomRow): SafeText =>
	room.protocol === undefined || room.personId !== undefined ? literal`` : safeText(placeWords(room), 'name');

/** `3`, `3@` with a mention, `*` for a room that was marked as unread, `invite` for an invitation, `request` for somebody who was not answered. */
const unreadMark = (room: RoomRow): SafeText => {
	if (room.membership === 'invite') return literal`invite`;
	if (isRequest(room)) return literal`request`;
	if (room.unreadCount === 0) return room.isMarkedUnread ? literal`*` : literal``;
	return room.highlightCount > 0 ? literal`${room.unreadCount}@` : literal`${room.unreadCount}`;
};

/** Columns of a pipe: id, unread, mentions, last activity, name. */
const plainLine = (room: RoomRow): SafeText =>
	joinSafe(
		[
			safeText(room.roomId, 'name'),
			literal`${room.unreadCount}`,
			literal`${room.highlightCount}`,
			safeText(isoTime(room.lastActivity) ?? '-', 'name'),
			nameOf(room),
		],
		literal`\t`,
	);

/** Cells of the columns beside name and address, with the blanks between all. */
const fixedCells = 23;
const widestName = 40;
const widestNetwork = 24;

type Width = {readonly pad: typeof pad; readonly textWidth: typeof textWidth; readonly truncate: typeof truncate};

/** @param width loaded late: measuring text needs tables */
const alignedLines = (
	rooms: readonly RoomRow[],
	{columns, now}: {readonly columns: number; readonly now: number},
	width: Width,
): readonly SafeText[] => {
	const {pad, textWidth, truncate} = width;
	const networkWidth = Math.min(widestNetwork, Math.max(0, ...rooms.map(room => textWidth(networkOf(room)))));
	const nameWidth = Math.min(
		widestName,
		Math.floor((columns - fixedCells - networkWidth) / 2),
		Math.max(0, ...rooms.map(room => textWidth(fullNameOf(room)))),
	);
	return rooms.map(room => {
		const address = safeText(room.directUser ?? room.alias ?? room.roomId, 'name');
		const cells = [
			pad(unreadMark(room), 7, 'start'),
			pad(shortTime(room.lastActivity, now), 10),
			pad(truncate(fullNameOf(room), nameWidth), nameWidth),
			...(networkWidth === 0 ? [] : [pad(truncate(networkOf(room), networkWidth), networkWidth)]),
			address,
		];
		return truncate(joinSafe(cells, literal`  `), columns);
	});
};

/** What `mx rooms` runs. */
export const roomsCommand = defineShellCommand({
	name: 'rooms',
	summary: 'List your rooms, unread ones first',
	group: 'room',
	parameters: {},
	flags: {
		unread: {kind: 'switch', summary: 'Only rooms with something unread, and invitations'},
		limit: {kind: 'count', placeholder: 'N', alias: 'n', summary: 'At most N rooms'},
	},
	exits: ['notSignedIn'],
	examples: ['mx rooms --unread', "mx rooms --jsonl | jq -r 'select(.direct) | .room_id'"],
	async run(_values, flags, context) {
		const archive = await context.archive();
		const limit = flags.limit ?? everything;
		const answer = await archive.rooms({limit: flags.unread ? everything : limit});
		const isShown = (room: RoomRow): boolean =>
			!flags.unread || room.unreadCount > 0 || room.isMarkedUnread || room.membership === 'invite';
		const rooms = answer.rooms.filter(isShown).slice(0, limit);
		const items = rooms.map(roomJson);
		const width = await import('../../text/width.ts');
		context.print({
			text: ({isTerminal, columns}: OutputView) =>
				isTerminal ? alignedLines(rooms, {columns, now: context.now()}, width) : rooms.map(plainLine),
			document: {
				rooms: items,
				last_sync: isoTime(answer.lastSync),
				last_sync_ms: answer.lastSync ?? null,
			},
			items,
		});
		const stale = staleness(answer.lastSync, context.now());
		if (stale !== undefined) context.say(stale);
		else if (rooms.length === 0) context.say(flags.unread ? 'Nothing is unread.' : 'You are in no room yet.');
	},
});
