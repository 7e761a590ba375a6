/** What belongs to a room goes on with the one that replaces it: its members are invited, its spaces name it. */
import {setTimeout as wait} from 'node:timers/promises';
import {serverNameOf} from '../domain/identifiers.ts';
import {asObject, asString} from '../domain/json.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {RoomRow} from '../domain/room.ts';
import {NetworkError} from '../matrix/network-errors.ts';
import {failureKindOf} from './refusals.ts';
import type {RoomPorts} from './room-ports.ts';

/** Milliseconds that a server may make wait in all while it lets invitations through one by one. */
const longestWait = 60_000;

type Invited = {readonly invited: number; readonly missed: number};

/** @returns milliseconds that the server asks to wait; `undefined` for another failure */
const pauseOf = (error: unknown): number | undefined =>
	error instanceof NetworkError && error.failure.kind === 'rate-limited'
		? (error.failure.retryAfter ?? 1000)
		: undefined;

export const createRoomSuccessor = ({userId: self, homeserver, stores}: RoomPorts) => {
	const {reader} = stores;
	const {details} = reader;
	const calls = homeserver.rooms;

	const peopleOf = async (roomId: string): Promise<readonly string[]> =>
		(await calls.members(roomId)).flatMap(event => {
			const userId = asString(event['state_key']);
			const membership = asString(asObject(event['content'])['membership']);
			const isIn = membership === 'join' || membership === 'invite';
			return isIn && userId !== undefined && userId !== self ? [userId] : [];
		});

	return {
		/** Where anybody may come, or the members of a space, nobody is invited: they follow. */
		async invite(room: RoomRow, successor: string): Promise<Invited> {
			const rule = asString(details.state(room.rid, 'm.room.join_rules')?.['join_rule']) ?? 'invite';
			if (rule !== 'invite' && rule !== 'knock') return {invited: 0, missed: 0};
			const people = await peopleOf(room.roomId);
			let [invited, missed, waited] = [0, 0, 0];
			for (let index = 0; index < people.length;) {
				try {
					await calls.changeMember(successor, 'invite', {user_id: people[index] ?? ''});
					invited += 1;
				} catch (error) {
					const pause = pauseOf(error);
					if (pause !== undefined && waited + pause <= longestWait) {
						waited += pause;
						await wait(pause);
						continue;
					}
					// Somebody whom the server does not let in does not stop the others; no network does.
					if (failureKindOf(error) !== 'forbidden') return {invited, missed: people.length - invited};
					missed += 1;
				}
				index += 1;
			}
			return {invited, missed};
		},

		/** In each space that the account may change, the new room stands in place of the old one. */
		async replaceInSpaces({roomId}: RoomRow, successor: string): Promise<void> {
			for (const rid of details.spaces()) {
				const before = details.state(rid, 'm.space.child', roomId);
				const spaceId = reader.room(rid)?.roomId;
				const power = details.power(rid);
				const isChild = Array.isArray(before?.['via']);
				const lack = lackOfPower(power.of(self), power.toSetState('m.space.child'), 'change what is in this space');
				if (!isChild || spaceId === undefined || lack !== undefined) continue;
				const child = {...before, via: [serverNameOf(self)]};
				await calls.putState(spaceId, {type: 'm.space.child', stateKey: successor}, child);
				await calls.putState(spaceId, {type: 'm.space.child', stateKey: roomId}, {});
			}
		},
	};
};
