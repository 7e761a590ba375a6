/** Following a room that has moved: a tombstone may name any room, so only one that points back counts (client-server API §Room upgrades). */
import {isRoomId, parseServerName, serverNameOf} from '../domain/identifiers.ts';
import {asObject, asString} from '../domain/json.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {RoomRequests, SuccessorCheck} from '../domain/room-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Session} from '../domain/session.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import {failureKindOf, refuse} from './refusals.ts';
import type {RoomPorts} from './room-ports.ts';
import {createRoomSuccessor} from './room-successor.ts';

type Upgrade = Pick<RoomRequests, 'upgradeRoom' | 'checkSuccessor' | 'followUpgrade'>;

/** @param join explains why a room lets nobody in */
export const createRoomUpgrade = (options: RoomPorts, join: Session['join']): Upgrade => {
	const {userId: self, homeserver, stores, finder, feed} = options;
	const {reader} = stores;
	const {details} = reader;
	const calls = homeserver.rooms;
	const next = createRoomSuccessor(options);
	const known = (roomId: string): RoomRow | undefined => reader.roomById(roomId);

	/** The room is made by now: what fails here does not undo that, and of two things one may fail. */
	const carryOver = async (room: RoomRow, successor: string) => {
		await next.replaceInSpaces(room, successor).catch(() => undefined);
		return next.invite(room, successor).catch(() => ({invited: 0, missed: Math.max(0, room.joinedCount - 1)}));
	};

	const upgradeRoom: Upgrade['upgradeRoom'] = async ({roomId}) => {
		const room = known(roomId);
		if (room?.membership !== 'join') return refuse('refused', 'You are not in this room.');
		const power = details.power(room.rid);
		const lack = lackOfPower(power.of(self), power.toSetState('m.room.tombstone'), 'upgrade the room');
		if (lack !== undefined) return refuse('refused', lack);
		try {
			const version = (await calls.defaultRoomVersion()) ?? '11';
			if (version === (details.version(room.rid) ?? '1'))
				return refuse('refused', `The room is of version ${version} already, which is what the server makes.`);
			const successor = await calls.upgrade(roomId, version);
			if (successor === undefined) return refuse('refused', 'The server did not say where the new room is.');
			await finder.learn(successor);
			const {invited, missed} = await carryOver(room, successor);
			feed.changed([room.rid], true);
			return {roomId: successor, invited, missed};
		} catch (error) {
			throw toExpectedError(error, 'upgrade the room');
		}
	};

	const successorOf = (
		roomId: string,
	): {readonly room: RoomRow; readonly successor: string; readonly servers: readonly string[]} => {
		const room = known(roomId) ?? refuse('notFound', `The room ${roomId} is not known.`);
		const successor = details.successor(room.rid);
		if (successor === undefined || !isRoomId(successor)) return refuse('refused', 'This room has not moved.');
		const sender = details.stateSender(room.rid, 'm.room.tombstone');
		const servers = [...(sender === undefined ? [] : [serverNameOf(sender)]), ...details.servers(room.rid)];
		return {room, successor, servers: [...new Set(servers)].filter(server => parseServerName(server) !== undefined)};
	};

	/** What a room says it continues; `undefined` where it cannot be seen. */
	const predecessorOf = async (roomId: string): Promise<{readonly id: string | undefined} | undefined> => {
		try {
			const create = await homeserver.stateEvent(roomId, 'm.room.create');
			return {id: asString(asObject(create?.['predecessor'])['room_id'])};
		} catch (error) {
			if (failureKindOf(error) === 'forbidden' || failureKindOf(error) === 'not-found') return undefined;
			throw toExpectedError(error, 'look at the new room');
		}
	};

	const checkSuccessor: Upgrade['checkSuccessor'] = async ({roomId}): Promise<SuccessorCheck> => {
		const {successor} = successorOf(roomId);
		const predecessor = await predecessorOf(successor);
		if (predecessor === undefined) return {roomId: successor, state: 'unreadable'};
		return {roomId: successor, state: predecessor.id === roomId ? 'points-back' : 'does-not'};
	};

	const followUpgrade: Upgrade['followUpgrade'] = async ({roomId}) => {
		const {successor, servers} = successorOf(roomId);
		const wasIn = known(successor)?.membership === 'join';
		if (!wasIn) await join({room: successor, servers});
		const predecessor = await predecessorOf(successor);
		if (predecessor?.id === roomId) return {roomId: successor};
		if (!wasIn) await homeserver.leave(successor);
		return refuse(
			'refused',
			'The room that this one points to does not say that it continues it, so mx has not joined it.',
			'Ask in another way where the room has gone.',
		);
	};

	return {upgradeRoom, checkSuccessor, followUpgrade};
};
