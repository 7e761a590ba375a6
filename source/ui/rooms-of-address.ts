/** From what a person calls a room to the rooms of the account. */
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';

/** Rooms that an address may mean. */
export const roomsOf = (reader: AccountReader, address: string): readonly RoomRow[] => {
	const one = (room: RoomRow | undefined): readonly RoomRow[] => (room === undefined ? [] : [room]);
	if (address.startsWith('!')) return one(reader.roomById(address));
	if (address.startsWith('#')) {
		const byAlias = one(reader.roomByAlias(address));
		return byAlias.length > 0 ? byAlias : reader.roomsByName(address);
	}
	return address.startsWith('@') ? one(reader.directRoom(address)) : reader.roomsByName(address);
};
