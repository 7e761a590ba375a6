/** Finds the room that a person names in the store alone: by person, address, id or exact name. */
import {ExpectedError} from '../domain/errors.ts';
import {parseRoomAddress} from '../domain/identifiers.ts';
import {isMessageOfItsOwn} from '../domain/outbox-item.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from './account-reader.ts';

const notFound = (message: string): ExpectedError =>
	new ExpectedError({message, next: 'See mx rooms.', reason: 'notFound'});

/**
 * Finds a room by its exact name, ignoring case.
 * @param pick which of several, from 1
 * @throws ExpectedError `notFound`; `ambiguous` with the candidates
 */
export const chooseByName = (reader: AccountReader, name: string, pick: number | undefined): RoomRow => {
	const rooms = reader.roomsByName(name);
	const [first] = rooms;
	if (first === undefined) throw notFound(`There is no room named "${name}".`);
	const picked = pick === undefined ? undefined : rooms[pick - 1];
	if (picked !== undefined) return picked;
	if (rooms.length === 1) return first;
	throw new ExpectedError({
		message: `"${name}" names ${rooms.length} rooms.`,
		next: `Choose one with --pick 1 to ${rooms.length}, or use its id.`,
		reason: 'ambiguous',
		candidates: rooms.map((room, index) => `${index + 1}. ${room.name} ${room.roomId}`),
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

/** What `read` of a Session answers. @param count newest messages */
export const readStoredRoom = (
	reader: AccountReader,
	request: {readonly room: string; readonly count: number; readonly pick?: number | undefined},
) => {
	const room = findStoredRoom(reader, request.room, request.pick);
	const {messages} = reader.timeline({rid: room.rid, limit: request.count});
	const waiting = reader.outbox(room.rid).filter(isMessageOfItsOwn);
	return {room, messages, waiting, lastSync: reader.lastSync()};
};
