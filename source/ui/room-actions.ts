/** What commands do to the open room: its settings, who is in it, leaving it, following it when it moves. */
import type {RoomActions} from '../commands/room-actions.ts';
import type {RoomChange} from '../domain/room-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import {yesQuestion} from '../view-models/question.ts';
import type {MemberChanges} from './member-changes.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

export type RoomActionOptions = RoomsPort & {
	readonly changes: MemberChanges;
	readonly openSettings: (room: RoomRow) => void;
};

export const createRoomActions = (port: RoomActionOptions): RoomActions => {
	const {model, session, reader, changes} = port;
	const steps = createRoomSteps(port);

	const withRoom = (run: (room: RoomRow) => void): void => {
		const room = steps.openJoined();
		if (room !== undefined) run(room);
	};

	const change = (what: RoomChange, said: string): void =>
		withRoom(({roomId}) =>
			steps.run(async () => {
				await session.changeRoom({roomId, change: what});
				model.say(said, 'ok');
			}),
		);

	const left = (rid: number): void => {
		model.closePanel('all');
		if (model.openedRoom()?.rid === rid) model.openRoom(undefined);
		model.refresh(new Set([rid]));
	};

	const leave = ({roomId, rid}: RoomRow): void =>
		steps.run(async () => {
			await session.leave({roomId});
			left(rid);
			model.say('You have left the room.');
		});

	const follow = (room: RoomRow): void =>
		steps.run(async () => {
			const {roomId} = room;
			model.say('Looking at the new room…');
			const {state} = await session.checkSuccessor({roomId});
			if (state === 'does-not') {
				model.say(
					'The room that this one points to does not say that it continues it; mx does not go there.',
					'warning',
				);
				return;
			}
			const go = (): void =>
				steps.run(async () => {
					model.say('Joining…');
					steps.enter((await session.followUpgrade({roomId})).roomId, 'The conversation goes on here.');
				});
			const known = reader.details.successor(room.rid);
			if (known !== undefined && state === 'points-back' && reader.roomById(known)?.membership === 'join') return go();
			const words = state === 'unreadable' ? ' Whether it continues this one can only be seen inside.' : '';
			model.question.ask(yesQuestion(`Join the room that replaces this one?${words}`, 'joins', go));
		});

	const upgrade = ({roomId}: RoomRow): void =>
		steps.run(async () => {
			model.say('Making the new room…');
			const {roomId: next, invited, missed} = await session.upgradeRoom({roomId});
			const people = invited === 0 ? '' : ` ${invited} ${invited === 1 ? 'person is' : 'people are'} invited.`;
			const others = missed === 0 ? '' : ` ${missed} could not be invited: /invite tries again.`;
			steps.enter(next, `This room replaces the old one.${people}${others}`);
		});

	return {
		discardSession: () =>
			withRoom(({roomId}) =>
				steps.run(async () => {
					await session.discardSession({roomId});
					model.say(
						'Your next message here begins a new session; its key goes to the devices that are here then.',
						'ok',
					);
				}),
			),
		leave() {
			const room = model.openedRoom();
			if (room === undefined) return model.say('No room is open.', 'warning');
			model.question.ask(yesQuestion(`Leave ${room.name}?`, 'leaves', () => leave(room)));
		},
		forget() {
			const room = model.openedRoom();
			if (room === undefined) return model.say('No room is open.', 'warning');
			const {roomId, rid} = room;
			if (room.membership === 'join') return model.say('You are still in this room: /leave leaves it.', 'warning');
			const forget = (): void =>
				steps.run(async () => {
					await session.forget({roomId});
					left(rid);
					model.say('The server has forgotten the room for you.', 'ok');
				});
			model.question.ask(yesQuestion(`Forget ${room.name}? The server shows it to you no more.`, 'forgets', forget));
		},
		openSettings: () => withRoom(port.openSettings),
		changeMember: (action, user, reason) =>
			withRoom(room => {
				const userId = steps.person(user);
				if (userId !== undefined) changes.change(room, {action, userId, reason});
			}),
		setPower: (user, level) =>
			withRoom(room => {
				const userId = steps.person(user);
				if (!/^-?\d{1,9}$/.test(level)) model.say('A power is a whole number, like 50.', 'warning');
				else if (userId !== undefined) changes.setPower(room, userId, Number(level));
			}),
		setTopic: value => change({kind: 'topic', value}, 'The topic is changed.'),
		setName: value => change({kind: 'name', value}, 'The name is changed.'),
		setAlias: (alias = '') =>
			change(
				{kind: 'alias', value: alias},
				alias === '' ? 'The room has no address any more.' : 'The address is changed.',
			),
		setOwnName: (name = '') => change({kind: 'ownName', value: name}, 'Your name in this room is changed.'),
		upgrade: () =>
			withRoom(room =>
				model.question.ask(
					yesQuestion(`Replace ${room.name} by a new room? Its members are invited, or follow.`, 'replaces it', () =>
						upgrade(room),
					),
				),
			),
		follow() {
			const room = model.openedRoom();
			if (room === undefined || reader.details.successor(room.rid) === undefined)
				return model.say('This room has not moved.', 'warning');
			follow(room);
		},
		declineAndIgnore() {
			const room = model.openedRoom();
			if (room?.membership !== 'invite') return model.say('No invitation is open.', 'warning');
			const {rid, roomId} = room;
			const inviter = reader.inviter(rid);
			if (inviter === undefined) return model.say('Nobody knows who sent it: /decline declines it.', 'warning');
			const run = (): void =>
				steps.run(async () => {
					await session.leave({roomId});
					left(rid);
					await session.setIgnored({userId: inviter, isIgnored: true});
					model.say(`Declined; ${inviter} is ignored, and /unignore ${inviter} undoes that.`, 'ok');
				});
			model.question.ask(yesQuestion(`Decline, and ignore ${inviter} everywhere?`, 'does both', run));
		},
	};
};
