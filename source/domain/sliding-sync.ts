/** The parts of a simplified sliding sync answer that mx reads (MSC4186), as rooms of /sync. */
import {asArray, asObject, asString, isObject, type JsonObject} from './json.ts';
import {calculateRoomName} from './room-name.ts';
import {parseSyncRoom, type SyncRoom} from './sync-response.ts';

/** A room as it is shown until the first sync brings all of it. */
export type ProvisionalRoom = {
	readonly room: SyncRoom;
	/** The name to show. */
	readonly name: string;
	/** The other person of a direct chat. */
	readonly directUser: string | undefined;
};

/** State that a room needs to be shown, and to be known as encrypted. */
const requiredState: readonly (readonly [type: string, key: string])[] = [
	['m.room.create', ''],
	['m.room.name', ''],
	['m.room.canonical_alias', ''],
	['m.room.topic', ''],
	['m.room.avatar', ''],
	['m.room.encryption', ''],
	['m.room.tombstone', ''],
	['m.room.member', '$ME'],
	['m.room.member', '$LAZY'],
];

/** @returns the body of a request for the rooms that were active last, each with its newest messages. */
export const newestRoomsRequest = (rooms: number, messages: number): JsonObject => ({
	lists: {newest: {ranges: [[0, rooms - 1]], timeline_limit: messages, required_state: requiredState}},
});

const parseRoom = (roomId: string, value: JsonObject): ProvisionalRoom => {
	const stripped = value['invite_state'] ?? value['stripped_state'];
	const isInvite = Array.isArray(stripped);
	const people = asArray(value['heroes']).filter(isObject);
	const heroes = people.flatMap(hero => {
		const userId = asString(hero['user_id']);
		return userId === undefined ? [] : [{userId, displayName: asString(hero['displayname']), isGone: false}];
	});
	const room = parseSyncRoom(roomId, isInvite ? 'invite' : 'join', {
		[isInvite ? 'invite_state' : 'state']: {events: isInvite ? stripped : value['required_state']},
		timeline: {events: value['timeline'], limited: true, prev_batch: value['prev_batch']},
		unread_notifications: {
			notification_count: value['notification_count'],
			highlight_count: value['highlight_count'],
		},
		summary: {
			'm.heroes': heroes.map(({userId}) => userId),
			'm.joined_member_count': value['joined_count'],
			'm.invited_member_count': value['invited_count'],
		},
	});
	const counted = (room.joinedCount ?? 0) + (room.invitedCount ?? 0);
	const memberCount = Math.max(counted, heroes.length + 1);
	return {
		room,
		name: calculateRoomName({name: asString(value['name']), alias: undefined, heroes, memberCount}),
		directUser: value['is_dm'] === true ? heroes[0]?.userId : undefined,
	};
};

/** Total: what is no room is left out. */
export const parseSlidingRooms = (answer: JsonObject): readonly ProvisionalRoom[] =>
	Object.entries(asObject(answer['rooms'])).flatMap(([roomId, value]) =>
		isObject(value) ? [parseRoom(roomId, value)] : [],
	);
