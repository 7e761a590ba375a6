/** The spaces of the account as a tree, with the rooms in them that are not joined yet; rooms are added, removed and ordered. */
import type {PlaceActions} from '../commands/room-actions.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {SpaceRoom} from '../domain/room-requests.ts';
import {moveChild} from '../domain/space-order.ts';
import type {RoomRow} from '../domain/room.ts';
import {literal} from '../text/safe-text.ts';
import {yesQuestion} from '../view-models/question.ts';
import {pathKey, spaceNodes, spaceRows, type SpaceEntry, type SpaceNode} from '../view-models/space-tree.ts';
import type {CreateDefaults} from './create-room.ts';
import type {RoomPreview} from './room-preview.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

export type SpacePanelOptions = RoomsPort & {
	readonly preview: RoomPreview;
	readonly create: (defaults: CreateDefaults) => void;
};

export type SpacePanel = Pick<PlaceActions, 'openSpaces' | 'space'>;

export const createSpacePanel = (port: SpacePanelOptions): SpacePanel => {
	const {model, session, reader, userId: self, preview} = port;
	const {details} = reader;
	const steps = createRoomSteps(port);
	const unfolded = new Set<string>();
	/** What the server told of a space, by its id. */
	const told = new Map<string, readonly SpaceRoom[]>();
	let nodes: readonly SpaceNode[] = [];

	const entryOf = (room: RoomRow): SpaceEntry => ({
		roomId: room.roomId,
		name: room.name,
		isSpace: details.isSpace(room.rid),
		membership: room.membership,
		unread: room.unreadCount,
	});

	const joined = (roomId: string): RoomRow | undefined => {
		const room = reader.roomById(roomId);
		return room === undefined || room.membership === 'leave' ? undefined : room;
	};

	const childOf = (roomId: string, from: readonly SpaceRoom[]): SpaceEntry => {
		const room = joined(roomId);
		if (room !== undefined) return entryOf(room);
		const summary = from.find(each => each.roomId === roomId);
		const name = summary?.name ?? summary?.alias;
		return {roomId, name, isSpace: summary?.isSpace ?? false, membership: undefined, unread: 0};
	};

	const childrenOf = (spaceId: string): readonly SpaceEntry[] => {
		const space = reader.roomById(spaceId);
		const from = told.get(spaceId) ?? [];
		if (space?.membership !== 'join') return [];
		return details.children(space.rid).map(({roomId}) => childOf(roomId, from));
	};

	/** Spaces in spaces are found there; where each is part of the other, all are shown. */
	const roots = (): readonly SpaceEntry[] => {
		const spaces = details.spaces().flatMap(rid => reader.room(rid) ?? []);
		const inside = new Set(spaces.flatMap(({rid}) => details.children(rid).map(({roomId}) => roomId)));
		const outer = spaces.filter(({roomId}) => !inside.has(roomId));
		return (outer.length > 0 ? outer : spaces).map(entryOf);
	};

	const chosen = (): SpaceNode | undefined => {
		const key = model.panels.chosen();
		return nodes.find(({path}) => pathKey(path) === key);
	};

	/** @returns the space that the chosen row is or is in, if the person may change what is in it; otherwise the reason is said */
	const changeable = (roomId: string | undefined): RoomRow | undefined => {
		const space = roomId === undefined ? undefined : reader.roomById(roomId);
		if (space?.membership !== 'join') {
			model.say('Choose a room that is in one of your spaces.', 'warning');
			return undefined;
		}
		const power = details.power(space.rid);
		const lack = lackOfPower(power.of(self), power.toSetState('m.space.child'), 'change what is in this space');
		if (lack === undefined) return space;
		model.say(lack, 'warning');
		return undefined;
	};

	const load = (spaceId: string): void => {
		if (told.has(spaceId) || reader.roomById(spaceId)?.membership !== 'join') return;
		told.set(spaceId, []);
		steps.run(async () => {
			try {
				told.set(spaceId, (await session.spaceRooms({spaceId})).rooms);
			} catch (error) {
				told.delete(spaceId);
				throw error;
			}
			model.inPanel(panels => panels.refresh());
		});
	};

	const toggle = ({path, entry}: SpaceNode): void => {
		const key = pathKey(path);
		if (!unfolded.delete(key)) {
			unfolded.add(key);
			load(entry.roomId);
		}
		model.inPanel(panels => panels.refresh());
	};

	/** The space that a row is, or the one that it is in. */
	const spaceOf = ({path, entry}: SpaceNode): string | undefined =>
		entry.isSpace && entry.membership === 'join' ? entry.roomId : path.at(-2);

	const serversOf = ({path, entry}: SpaceNode): readonly string[] => {
		const space = reader.roomById(path.at(-2) ?? '');
		if (space === undefined) return [];
		return details.children(space.rid).find(({roomId}) => roomId === entry.roomId)?.servers ?? [];
	};

	const setChild = (space: RoomRow, room: {readonly roomId: string; readonly isChild: boolean}, said: string): void =>
		steps.run(async () => {
			await session.setSpaceChild({spaceId: space.roomId, ...room});
			told.delete(space.roomId);
			model.say(said, 'ok');
		});

	return {
		openSpaces() {
			nodes = [];
			const first = roots();
			// A few spaces are shown with what is in them at once.
			if (first.length <= 3)
				for (const {roomId} of first) {
					unfolded.add(pathKey([roomId]));
					load(roomId);
				}
			model.openPanel({
				scope: 'spaces',
				place: 'side',
				title: literal`Spaces`,
				hint: literal`Enter opens · a adds · d removes · J K order`,
				rows() {
					nodes = spaceNodes(roots(), childrenOf, unfolded);
					return spaceRows(nodes);
				},
				empty: () => literal`You are in no space. /create makes one.`,
				choose() {
					const node = chosen();
					if (node === undefined) return;
					const {entry} = node;
					const room = joined(entry.roomId);
					if (entry.isSpace && entry.membership === 'join') toggle(node);
					else if (room === undefined) preview.find(entry.roomId, serversOf(node));
					else {
						model.closePanel('all');
						port.enterRoom(room);
					}
				},
			});
		},
		space: {
			toggle() {
				const node = chosen();
				if (node?.entry.isSpace === true && node.entry.membership === 'join') toggle(node);
			},
			addOpenRoom() {
				const node = chosen();
				const room = model.openedRoom();
				if (room === undefined) return model.say('Open the room first that is to be added.', 'warning');
				const space = changeable(node === undefined ? undefined : spaceOf(node));
				if (space === undefined) return undefined;
				const {roomId} = room;
				if (roomId === space.roomId) return model.say('A space cannot be in itself.', 'warning');
				if (details.children(space.rid).some(child => child.roomId === roomId))
					return model.say(`${room.name} is in ${space.name} already.`, 'warning');
				return setChild(space, {roomId, isChild: true}, `${room.name} is in ${space.name} now.`);
			},
			removeChosen() {
				const node = chosen();
				const parent = node?.path.at(-2);
				if (node === undefined || parent === undefined) return model.say('Choose a room in a space.', 'warning');
				const space = changeable(parent);
				if (space === undefined) return undefined;
				const name = node.entry.name ?? node.entry.roomId;
				const remove = (): void =>
					setChild(space, {roomId: node.entry.roomId, isChild: false}, `${name} is in ${space.name} no longer.`);
				return model.question.ask(yesQuestion(`Take ${name} out of ${space.name}?`, 'takes it out', remove));
			},
			moveChosen(direction) {
				const node = chosen();
				const parent = node?.path.at(-2);
				if (node === undefined || parent === undefined) return model.say('Choose a room in a space.', 'warning');
				const space = changeable(parent);
				if (space === undefined) return undefined;
				const orders = moveChild(details.children(space.rid), node.entry.roomId, direction);
				if (orders.length === 0) return undefined;
				return steps.run(async () => {
					for (const child of orders) await session.setSpaceChild({spaceId: parent, isChild: true, ...child});
				});
			},
			create() {
				const node = chosen();
				const space = changeable(node === undefined ? undefined : spaceOf(node));
				if (space !== undefined) port.create({spaceId: space.roomId});
			},
		},
	};
};
