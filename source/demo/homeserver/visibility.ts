/** Which events of a room somebody may see (client-server API §Room History Visibility). */
import {asString} from '../../domain/json.ts';
import {forbidden} from './matrix-error.ts';
import {membershipOf, stateAt, stateEvent, stateText, type Room, type StoredEvent, type World} from './world.ts';

type Stretch = readonly [from: number, to: number];

/** The stretches of numbers in which a person was in the room, or invited. */
const stays = (room: Room, userId: string, memberships: readonly string[]): readonly Stretch[] => {
	const found: Stretch[] = [];
	let end = Number.POSITIVE_INFINITY;
	for (let event = stateEvent(room, 'm.room.member', userId); event !== undefined; event = event.replaced) {
		// The leave itself is seen, too.
		if (memberships.includes(asString(event.content['membership']) ?? '')) found.push([event.position, end]);
		end = event.position;
	}
	return found;
};

/** @returns a test for events of the room. @throws MatrixError 403 for somebody who never was there */
export const createVisibility = (room: Room, userId: string): ((event: StoredEvent) => boolean) => {
	const joined = stays(room, userId, ['join']);
	const known = stays(room, userId, ['join', 'invite']);
	const rule = stateEvent(room, 'm.room.history_visibility');
	if (joined.length === 0 && rule?.content['history_visibility'] !== 'world_readable')
		throw forbidden(`${userId} is not in the room`);
	const last = Math.max(0, ...joined.map(([, to]) => to));
	const inside = (list: readonly Stretch[], position: number): boolean =>
		list.some(([from, to]) => position >= from && position <= to);
	const allows = (setting: StoredEvent | undefined, position: number): boolean => {
		const visibility = setting?.content['history_visibility'] ?? 'shared';
		if (visibility === 'world_readable' || inside(joined, position)) return true;
		if (visibility === 'shared') return position <= last;
		return visibility === 'invited' && inside(known, position);
	};
	return ({type, position, replaced}) =>
		allows(stateAt(rule, position), position) ||
		// A change of the rule is seen by whoever may see what was before it.
		(type === 'm.room.history_visibility' && allows(replaced, position));
};

/** @returns the room, if the person is or was in it. @throws MatrixError 403 */
export const visibleRoom = (world: World, roomId: string, userId: string): Room => {
	const room = world.rooms.get(roomId);
	if (room !== undefined && membershipOf(room, userId) === 'join') return room;
	const isReadable =
		room !== undefined && stateText(room, 'm.room.history_visibility', 'history_visibility') === 'world_readable';
	// Whoever has forgotten the room is as somebody who was never there.
	const isKnown = room !== undefined && world.users.get(userId)?.rooms.has(room) === true;
	if (room === undefined || (!isReadable && !isKnown)) throw forbidden(`${userId} is not in the room ${roomId}`);
	createVisibility(room, userId);
	return room;
};
