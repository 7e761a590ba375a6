/** A room before it is joined: what is told of it, and joining it, asking to be let in, or going there. */
import type {RoomSummary} from '../domain/room-requests.ts';
import {literal} from '../text/safe-text.ts';
import {menuLock, menuRows, type MenuItem} from '../view-models/menu-rows.ts';
import {summaryItems, summaryName} from '../view-models/room-words.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

export type RoomPreview = {
	readonly open: (summary: RoomSummary) => void;
	/** Asks the server first. @param servers to ask by */
	readonly find: (address: string, servers?: readonly string[]) => void;
	readonly knock: (address: string, servers: readonly string[], reason: string | undefined) => void;
};

/** Rules by which one asks to be let in. */
const isAsking = (rule: string | undefined): boolean => rule === 'knock' || rule === 'knock_restricted';

const actionsOf = ({membership, joinRule}: RoomSummary): readonly MenuItem[] => {
	if (membership === 'join') return [{kind: 'action', key: 'go', label: literal`Go there`}];
	const lock =
		membership === 'ban'
			? 'You are banned from this room.'
			: membership !== 'invite' && joinRule === 'invite'
				? 'Only the invited can join.'
				: undefined;
	const join: MenuItem = {
		kind: 'action',
		key: 'join',
		label: membership === 'invite' ? literal`Accept the invitation` : literal`Join`,
		lock: membership !== 'invite' && joinRule === 'knock' ? 'Only who is let in can join.' : lock,
	};
	const knock: MenuItem = {
		kind: 'action',
		key: 'knock',
		label: literal`Ask to be let in`,
		lock: membership === 'knock' ? 'You have asked already.' : undefined,
	};
	return isAsking(joinRule) && membership !== 'invite' ? [knock, join] : [join];
};

export const createRoomPreview = (port: RoomsPort): RoomPreview => {
	const {model, session, reader} = port;
	const steps = createRoomSteps(port);

	const knock: RoomPreview['knock'] = (address, servers, reason) =>
		steps.run(async () => {
			model.say('Asking…');
			await session.knock({room: address, servers, reason});
			model.closePanel('all');
			model.say('You have asked to be let in: an invitation comes when somebody lets you.', 'ok');
		});

	const join = ({roomId, alias, servers}: RoomSummary): void =>
		steps.run(async () => {
			model.say('Joining…');
			const joined = await session.join({room: servers.length === 0 && alias !== undefined ? alias : roomId, servers});
			steps.enter(joined.roomId, 'Joined.');
		});

	const open: RoomPreview['open'] = summary => {
		const items = (): readonly MenuItem[] => [
			...summaryItems(summary),
			...actionsOf({...summary, membership: reader.roomById(summary.roomId)?.membership ?? summary.membership}),
		];
		model.openPanel({
			scope: 'preview',
			place: 'over',
			// In a small terminal a long topic leaves no row for the name.
			title: literal`${summary.isSpace ? literal`A space` : literal`A room`}: ${summaryName(summary)}`,
			hint: literal`Enter does what is chosen`,
			rows: () => menuRows(items()),
			empty: () => literal``,
			choose(key) {
				const lock = menuLock(items(), key);
				if (lock !== undefined) return model.say(lock, 'warning');
				if (key === 'join') return join(summary);
				if (key === 'knock') return knock(summary.roomId, summary.servers, undefined);
				const room = reader.roomById(summary.roomId);
				model.closePanel('all');
				if (room !== undefined) port.enterRoom(room);
			},
		});
	};

	return {
		open,
		knock,
		find: (address, servers) =>
			steps.run(async () => {
				model.say('Looking…', 'muted', true);
				const summary = await session.preview({room: address, servers});
				model.dismiss();
				const known = reader.roomById(summary.roomId);
				if (known?.membership === 'join') {
					model.closePanel('all');
					port.enterRoom(known);
				} else open(summary);
			}),
	};
};
