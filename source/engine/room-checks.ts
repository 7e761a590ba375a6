/** What is looked up in the store before the server is asked, so that a refusal has a reason. */
import {lackOfPower} from '../domain/room-power.ts';
import type {RoomRow} from '../domain/room.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {refuse} from './refusals.ts';

const lookAgain = 'Ask somebody with more power; /members shows who has it.';

/** Runs requests. @param doing what was tried, to follow "Cannot" */
export const attempt = async <Result>(doing: string, work: () => Promise<Result>): Promise<Result> => {
	try {
		return await work();
	} catch (error) {
		throw toExpectedError(error, doing);
	}
};

/** @param self the account's user id */
export const createRoomChecks = (reader: Pick<AccountReader, 'roomById' | 'details'>, self: string) => ({
	/** @returns a room that the account is in. @throws ExpectedError that says why it is not */
	requireRoom: (roomId: string): RoomRow => {
		const room = reader.roomById(roomId);
		if (room === undefined) return refuse('notFound', `The room ${roomId} is not known.`);
		if (room.membership === 'join') return room;
		return refuse(
			'refused',
			room.membership === 'ban' ? 'You are banned from this room.' : 'You are not in this room.',
		);
	},

	/** @param doing what needs the power, to follow "to" @throws ExpectedError that says how much is needed */
	requirePower: ({rid}: RoomRow, needed: number, doing: string): void => {
		const lack = lackOfPower(reader.details.power(rid).of(self), needed, doing);
		if (lack !== undefined) refuse('refused', lack, lookAgain);
	},
});
