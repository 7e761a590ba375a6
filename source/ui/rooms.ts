/** Joins what commands do to rooms, to people and to find both. */
import type {PeopleActions, PlaceActions, RoomActions} from '../commands/room-actions.ts';
import {yesQuestion} from '../view-models/question.ts';
import {createRoomCreation} from './create-room.ts';
import {createDirectory} from './directory.ts';
import {createMemberChanges} from './member-changes.ts';
import {createPeopleActions} from './people-actions.ts';
import {createRoomActions} from './room-actions.ts';
import {createRoomPreview} from './room-preview.ts';
import {createRoomSettings} from './room-settings.ts';
import type {RoomsPort} from './rooms-port.ts';
import {createSpacePanel} from './space-panel.ts';

/** A user id, as far as a person means one. */
const person = /^@[^\s:]+:\S+$/;

export type RoomParts = {readonly room: RoomActions; readonly people: PeopleActions; readonly places: PlaceActions};

export const createRoomParts = (
	port: RoomsPort & {
		/** Shows files to choose a picture of the room from. */
		readonly choosePicture: () => void;
		readonly verify: (userId: string) => void;
	},
): RoomParts => {
	const changes = createMemberChanges(port);
	const people = createPeopleActions(port, {changes, verify: port.verify});
	const openSettings = createRoomSettings(port, () => ({
		members: people.openMembers,
		leave: room.leave,
		upgrade: room.upgrade,
		picture: port.choosePicture,
	}));
	const room = createRoomActions({...port, changes, openSettings});
	const preview = createRoomPreview(port);
	const create = createRoomCreation(port);

	/** Who wants to join a person means to write to them. */
	const offerChat = (userId: string): void => {
		const write = (): void => people.openDirect(userId);
		port.model.question.ask(yesQuestion(`${userId} is a person, not a room. Write to them?`, 'opens a chat', write));
	};
	return {
		room,
		people,
		places: {
			...createSpacePanel({...port, preview, create}),
			create: name => create({name}),
			preview: address => (person.test(address) ? offerChat(address) : preview.find(address)),
			knock: (address, reason) => preview.knock(address, [], reason),
			openDirectory: createDirectory(port, preview),
		},
	};
};
