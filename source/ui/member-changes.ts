/** Inviting, removing, banning, giving power: each asks first where it is not easily taken back. */
import type {MemberAction} from '../domain/room-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import {yesQuestion} from '../view-models/question.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

export type MemberChange = {
	readonly action: MemberAction;
	readonly userId: string;
	readonly reason: string | undefined;
};

export type MemberChanges = {
	readonly change: (room: RoomRow, change: MemberChange) => void;
	/** Offers the usual levels. */
	readonly askPower: (room: RoomRow, userId: string) => void;
	readonly setPower: (room: RoomRow, userId: string, level: number) => void;
};

const done: Readonly<Record<MemberAction, string>> = {
	invite: 'is invited',
	kick: 'is removed',
	ban: 'is banned',
	unban: 'may come back',
};

const levels = [
	{key: 'a', level: 100, label: 'admin (100)'},
	{key: 'o', level: 50, label: 'moderator (50)'},
	{key: 'm', level: 0, label: 'member (0)'},
] as const;

export const createMemberChanges = (port: RoomsPort): MemberChanges => {
	const {model, session, reader, userId: self} = port;
	const steps = createRoomSteps(port);

	const sendPower = (room: RoomRow, userId: string, level: number): void =>
		steps.run(async () => {
			await session.setPower({roomId: room.roomId, userId, level});
			model.say(`${steps.nameIn(room.rid, userId)} has the power ${level} now.`, 'ok');
		});

	const setPower = (room: RoomRow, userId: string, level: number): void => {
		const own = reader.details.power(room.rid).of(self);
		const name = steps.nameIn(room.rid, userId);
		const send = (): void => sendPower(room, userId, level);
		if (userId === self && level < own)
			model.question.ask(yesQuestion('Give up power? You cannot take it back.', 'gives it up', send));
		else if (userId !== self && level === own)
			model.question.ask(
				yesQuestion(`Give ${name} as much power as you have? You cannot take it back.`, 'gives it', send),
			);
		else send();
	};

	return {
		setPower,
		change(room, {action, userId, reason}) {
			const name = steps.nameIn(room.rid, userId);
			const send = (): void =>
				steps.run(async () => {
					await session.changeMember({roomId: room.roomId, userId, action, reason});
					model.say(`${name} ${done[action]}.`, 'ok');
				});
			const why = reason === undefined ? '' : ` (${reason})`;
			if (action === 'kick')
				model.question.ask(yesQuestion(`Remove ${name} from ${room.name}${why}?`, 'removes', send));
			else if (action === 'ban') model.question.ask(yesQuestion(`Ban ${name} from ${room.name}${why}?`, 'bans', send));
			else send();
		},
		askPower(room, userId) {
			const power = reader.details.power(room.rid);
			const now = power.of(userId);
			model.question.ask({
				text: `Power of ${steps.nameIn(room.rid, userId)}, now ${now}?`,
				answers: levels
					.filter(({level}) => level <= power.of(self) && level !== now)
					.map(({key, level, label}) => ({key, label, run: () => setPower(room, userId, level)})),
			});
		},
	};
};
