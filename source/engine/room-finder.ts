/** Finds the room that a person names: by id, alias, exact name, or the direct chat with somebody, which is made if needed. */
import {ExpectedError} from '../domain/errors.ts';
import {parseRoomAddress} from '../domain/identifiers.ts';
import {asArray, asObject, asString, type JsonObject} from '../domain/json.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import {NetworkError} from '../matrix/network-errors.ts';
import type {AccountDatabase} from '../store/account-database.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {chooseByName} from '../store/find-stored-room.ts';
import type {RoomWriter} from '../store/room-writer.ts';
import {noteDirectChats} from './direct-chats.ts';

export type RoomFinderOptions = {
	readonly userId: string;
	readonly homeserver: Homeserver;
	readonly account: AccountDatabase;
	readonly reader: AccountReader;
	readonly rooms: RoomWriter;
};

export type RoomFinder = {
	/** @throws ExpectedError `notFound` or `ambiguous` */
	readonly find: (address: string, pick?: number) => Promise<RoomRow>;
	/** Like `find`; makes an encrypted direct chat with a person if there is none. */
	readonly findOrMake: (address: string, pick?: number) => Promise<RoomRow>;
	/** Joins by id or alias, or accepts an invitation, and stores the room's state. @returns the room id */
	readonly join: (address: string, servers?: readonly string[]) => Promise<string>;
	/** Stores a room as the server has it now. @returns `undefined` if the account is not in it */
	readonly learn: (roomId: string) => Promise<RoomRow | undefined>;
};

const notFound = (message: string, next?: string): never => {
	throw new ExpectedError({message, next, reason: 'notFound'});
};

const isNotFound = (error: unknown): boolean =>
	error instanceof NetworkError && (error.failure.kind === 'not-found' || error.failure.kind === 'forbidden');

/** The state that a new direct chat starts with: private, encrypted, both with full power. */
const directChat = (userId: string): JsonObject => ({
	preset: 'trusted_private_chat',
	is_direct: true,
	invite: [userId],
	initial_state: [{type: 'm.room.encryption', state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}}],
});

export const createRoomFinder = (options: RoomFinderOptions): RoomFinder => {
	const {homeserver, reader, account, rooms, userId} = options;
	/** Chats that are being looked for, by person: two messages at once must not make two chats. */
	const pending = new Map<string, Promise<unknown>>();

	/** Stores a room that was joined outside of the sync stream, with its state as it is now. */
	const learn = async (roomId: string): Promise<RoomRow | undefined> => {
		const state = await homeserver.fullState(roomId);
		const own = state.find(event => event['type'] === 'm.room.member' && event['state_key'] === userId);
		const membership = asString(asObject(own?.['content'])['membership']);
		if (membership !== 'join') return undefined;
		account.write(() => rooms.applyFullState(roomId, membership, state));
		return reader.roomById(roomId);
	};

	const byId = async (roomId: string): Promise<RoomRow> => {
		const known = reader.roomById(roomId);
		if (known !== undefined && known.membership === 'join') return known;
		try {
			const learned = await learn(roomId);
			if (learned !== undefined) return learned;
		} catch (error) {
			if (!isNotFound(error)) throw toExpectedError(error, 'look the room up');
		}
		return notFound(`You are not in the room ${roomId}.`, `Join it first: mx, then /join ${roomId}.`);
	};

	const byAlias = async (alias: string): Promise<RoomRow> => {
		const known = reader.roomByAlias(alias);
		if (known !== undefined) return known;
		let roomId: string;
		try {
			roomId = (await homeserver.resolveAlias(alias)).roomId;
		} catch (error) {
			if (isNotFound(error)) return notFound(`There is no room with the address ${alias}.`);
			throw toExpectedError(error, `look ${alias} up`);
		}
		return byId(roomId);
	};

	/** The direct chats that the server's account data names; another device may have made one a minute ago. */
	const directFromServer = async (person: string): Promise<{rooms: JsonObject; room: RoomRow | undefined}> => {
		const direct = await homeserver.accountData(userId, 'm.direct');
		for (const roomId of asArray(direct[person])) {
			if (typeof roomId !== 'string') continue;
			try {
				const room =
					(reader.roomById(roomId)?.membership === 'join' ? reader.roomById(roomId) : undefined) ??
					(await learn(roomId));
				if (room !== undefined) return {rooms: direct, room};
			} catch (error) {
				// A room that was left stays in the list.
				if (!isNotFound(error)) throw error;
			}
		}
		return {rooms: direct, room: undefined};
	};

	const requirePerson = async (person: string): Promise<void> => {
		if (await homeserver.hasProfile(person)) return;
		notFound(
			`There is no person with the id ${person}.`,
			'Check the spelling; a user id looks like @anna:example.org.',
		);
	};

	const makeDirect = async (person: string, direct: JsonObject): Promise<RoomRow> => {
		await requirePerson(person);
		const roomId = await homeserver.createRoom(directChat(person));
		const content = {...direct, [person]: [...asArray(direct[person]).filter(id => typeof id === 'string'), roomId]};
		await homeserver.setAccountData(userId, 'm.direct', content);
		account.write(() => rooms.applyDirectRooms(content));
		const room = await learn(roomId);
		account.write(() => rooms.applyDirectRooms(content));
		return reader.roomById(roomId) ?? room ?? notFound(`The new chat with ${person} is not there.`);
	};

	/**
	 * What an invitation says to be a chat with its sender is noted as one, before the room is joined: else nobody would know it
	 * should that be cut off. What is of a bridge is noted with the ghost (bridges/portal-invitations.ts).
	 */
	const joinInvited = async (address: string, servers: readonly string[] = []): Promise<string> => {
		const room = reader.roomById(address);
		const isChat = room?.membership === 'invite' && room.isDirect && room.protocol === undefined;
		if (isChat && room.directUser !== undefined)
			await noteDirectChats(options, [{user: room.directUser, roomId: room.roomId}]);
		const roomId = await homeserver.join(address, servers);
		await learn(roomId);
		return roomId;
	};

	const openDirect = async (person: string, canMake: boolean): Promise<RoomRow> => {
		const known = reader.directRoom(person);
		if (known?.membership === 'join') return known;
		try {
			if (known?.membership === 'invite') {
				await joinInvited(known.roomId);
				return await byId(known.roomId);
			}
			const {room, rooms: directRooms} = await directFromServer(person);
			if (room !== undefined) return room;
			return canMake ? await makeDirect(person, directRooms) : notFound(`There is no direct chat with ${person} yet.`);
		} catch (error) {
			throw toExpectedError(error, `open a chat with ${person}`);
		}
	};

	const direct = async (person: string, canMake: boolean): Promise<RoomRow> => {
		const before = pending.get(person) ?? Promise.resolve();
		const opened = before.catch(() => undefined).then(async () => openDirect(person, canMake));
		pending.set(person, opened);
		try {
			return await opened;
		} finally {
			if (pending.get(person) === opened) pending.delete(person);
		}
	};

	const find = async (address: string, pick: number | undefined, canMake: boolean): Promise<RoomRow> => {
		const parsed = parseRoomAddress(address);
		switch (parsed.kind) {
			case 'user':
				return direct(parsed.userId, canMake);
			case 'alias':
				return byAlias(parsed.alias);
			case 'roomId':
				return byId(parsed.roomId);
			case 'name':
				return chooseByName(reader, parsed.name, pick);
		}
	};

	return {
		find: async (address, pick) => find(address, pick, false),
		findOrMake: async (address, pick) => find(address, pick, true),
		learn,
		async join(address, given = []) {
			const parsed = parseRoomAddress(address);
			try {
				const target = parsed.kind === 'name' ? chooseByName(reader, parsed.name, undefined).roomId : address.trim();
				if (parsed.kind === 'user') return (await direct(parsed.userId, true)).roomId;
				const servers = parsed.kind === 'alias' ? (await homeserver.resolveAlias(parsed.alias)).servers : given;
				return await joinInvited(target, servers);
			} catch (error) {
				throw toExpectedError(error, `join ${address}`);
			}
		},
	};
};
