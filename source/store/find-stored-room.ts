/** Finds the room that a person names in the store alone: by person, address, id or exact name. */
import {ExpectedError} from '../domain/errors.ts';
import {parseRoomAddress} from '../domain/identifiers.ts';
import {isMessageOfItsOwn} from '../domain/outbox-item.ts';
import type {RoomRow} from '../domain/room.ts';
import type {ReadRequest, ReadResult} from '../domain/session.ts';
import type {AccountReader} from './account-reader.ts';

const notFound = (message: string): ExpectedError =>
	new ExpectedError({message, next: 'See mx rooms.', reason: 'notFound'});

/**
 * Where a room stands among those of one name: as they came to this store, so that nobody who writes, or sends an invitation, moves
 * one that was there. A person keeps the place of the first of their rooms, whichever of them is meant now.
 */
const placeOf = (reader: AccountReader, {rid}: RoomRow): number => Math.min(rid, ...reader.personRooms(rid));

/** @returns what tells a room from others of its name: network, team, login, the other person, its id */
const tellApart = (reader: AccountReader, {name, rid, roomId, protocol, directUser, inboxSection}: RoomRow): string => {
	const account = reader.sections().find(({id}) => id === inboxSection);
	const team = reader.portals.portal(rid)?.network?.name;
	const marks = [protocol ?? 'matrix', team, account?.accountName ?? account?.account, directUser, roomId];
	return [name, ...marks.filter(mark => mark !== undefined)].join(' · ');
};

/**
 * Finds a room by its exact name, ignoring case.
 * @param pick which of several, from 1, in an order that stays
 * @throws ExpectedError `notFound`, also for a pick beyond them; `ambiguous` with the candidates
 */
export const chooseByName = (reader: AccountReader, name: string, pick: number | undefined): RoomRow => {
	const places = new Map(reader.roomsByName(name).map(room => [placeOf(reader, room), room]));
	const rooms = [...places].toSorted(([first], [second]) => first - second).map(([, room]) => room);
	const [first] = rooms;
	if (first === undefined) throw notFound(`There is no room named "${name}".`);
	const picked = pick === undefined && rooms.length === 1 ? first : rooms[(pick ?? 0) - 1];
	if (picked !== undefined) return picked;
	const counted = rooms.length === 1 ? 'one room' : `${rooms.length} rooms`;
	throw new ExpectedError({
		message: `"${name}" names ${counted}${pick === undefined ? '' : `, and no number ${pick}`}.`,
		next:
			rooms.length === 1
				? 'Leave out --pick, or use its id.'
				: `Choose one with --pick 1 to ${rooms.length}, or use its id.`,
		reason: pick === undefined ? 'ambiguous' : 'notFound',
		candidates: rooms.map((room, index) => `${index + 1}. ${tellApart(reader, room)}`),
	});
};

const required = (room: RoomRow | undefined, message: string): RoomRow => {
	if (room === undefined) throw notFound(message);
	return room;
};

/** @throws ExpectedError `usage` for what is no address, `notFound`, `ambiguous` */
export const findStoredRoom = (reader: AccountReader, address: string, pick: number | undefined): RoomRow => {
	const parsed = parseRoomAddress(address);
	switch (parsed.kind) {
		case 'user':
			return required(reader.directRoom(parsed.userId), `There is no direct chat with ${parsed.userId} yet.`);
		case 'alias':
			return required(reader.roomByAlias(parsed.alias), `You are in no room with the address ${parsed.alias}.`);
		case 'roomId':
			return required(reader.roomById(parsed.roomId), `You are not in the room ${parsed.roomId}.`);
		case 'name':
			return chooseByName(reader, parsed.name, pick);
	}
};

/** @returns all rooms of the person whom a name means, the one that is written to first; else the room alone */
const roomsMeant = (reader: AccountReader, address: string, room: RoomRow): readonly RoomRow[] => {
	const parsed = parseRoomAddress(address);
	// The name that a room has by itself means that room.
	if (parsed.kind !== 'name' || parsed.name.toLowerCase() !== room.name.toLowerCase()) return [room];
	return [room, ...reader.personRooms(room.rid).flatMap(rid => (rid === room.rid ? [] : (reader.room(rid) ?? [])))];
};

/** What `read` of a Session answers. @param ownUserId the account's user id @param count newest messages */
export const readStoredRoom = (
	reader: AccountReader,
	ownUserId: string,
	{room: address, count, pick, isSaid}: ReadRequest,
): ReadResult => {
	const room = findStoredRoom(reader, address, pick);
	const rooms = roomsMeant(reader, address, room);
	const found = rooms.flatMap(({rid}) => reader.timeline({rid, limit: count, isSaid}).messages);
	const messages =
		rooms.length === 1 ? found : found.toSorted((one, other) => one.timestamp - other.timestamp).slice(-count);
	const waiting = rooms
		.flatMap(({rid}) => reader.outbox(rid))
		.filter(isMessageOfItsOwn)
		.map(item => ({...item, sender: ownUserId, senderName: reader.memberName(item.rid, ownUserId)}));
	return {room, rooms, messages, waiting, lastSync: reader.lastSync()};
};
