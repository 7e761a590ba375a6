/** Who is in rooms and what they are set to: each request is checked against the store first, so that a refusal has a reason. */
import {requireSize} from '../domain/event-size.ts';
import {isRoomAlias, parseUserId} from '../domain/identifiers.ts';
import {asObject, type JsonObject} from '../domain/json.ts';
import {requireRawState} from '../domain/raw-event.ts';
import type {PowerAction} from '../domain/room-power.ts';
import type {MemberAction, RoomChange, RoomRequests} from '../domain/room-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Session} from '../domain/session.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import {failureKindOf, refuse} from './refusals.ts';
import {createRoomDiscovery} from './room-discovery.ts';
import {attempt, createRoomChecks} from './room-checks.ts';
import type {RoomPorts} from './room-ports.ts';

const isNotFound = (error: unknown): boolean => failureKindOf(error) === 'not-found';

const doings: Readonly<Record<MemberAction, string>> = {
	invite: 'invite people here',
	kick: 'remove people from this room',
	ban: 'ban people here',
	unban: 'lift bans here',
};

/** Lifting a ban needs the power to ban (room version 11 §Authorization rules). */
const powers: Readonly<Record<MemberAction, PowerAction>> = {invite: 'invite', kick: 'kick', ban: 'ban', unban: 'ban'};

const changeDoings: Readonly<Record<Exclude<RoomChange['kind'], 'ownName'>, readonly [type: string, doing: string]>> = {
	name: ['m.room.name', 'change the name'],
	topic: ['m.room.topic', 'change the topic'],
	alias: ['m.room.canonical_alias', 'change the address'],
	joinRule: ['m.room.join_rules', 'change who may join'],
	history: ['m.room.history_visibility', 'change who sees the history'],
	encryption: ['m.room.encryption', 'turn encryption on'],
	// The specification leaves to servers who may; they ask for what an address needs.
	listed: ['m.room.canonical_alias', 'change whether the room is listed'],
};

/** A difference of clocks between servers, milliseconds: who came within it is kept. */
const clockDifference = 60_000;

export const createRoomAdministration = (options: RoomPorts): RoomRequests & Pick<Session, 'join'> => {
	const {userId: self, homeserver, stores, feed} = options;
	const {reader, rooms, account} = stores;
	const {details} = reader;
	const calls = homeserver.rooms;
	const {requireRoom, requirePower} = createRoomChecks(reader, self);

	const requireUser = (userId: string): void => {
		if (parseUserId(userId)?.localpart) return;
		refuse('usage', `${userId} is not the id of a person.`, 'An id looks like @anna:example.org.');
	};

	const requireMembership = (room: RoomRow, userId: string, action: MemberAction): void => {
		const membership = details.member(room.rid, userId)?.membership;
		if (action === 'invite') {
			if (membership === 'join') refuse('refused', `${userId} is in the room already.`);
			if (membership === 'invite') refuse('refused', `${userId} is invited already.`);
			if (membership === 'ban') refuse('refused', `${userId} is banned here.`, `/unban ${userId} first.`);
		}
		if (action === 'unban' && membership !== undefined && membership !== 'ban')
			refuse('refused', `${userId} is not banned here.`);
		if (action === 'ban' && membership === 'ban') refuse('refused', `${userId} is banned already.`);
		if (action === 'kick' && (membership === 'leave' || membership === 'ban'))
			refuse('refused', `${userId} is not in the room.`);
	};

	const changeMember: RoomRequests['changeMember'] = async ({roomId, userId, action, reason}) => {
		requireUser(userId);
		const room = requireRoom(roomId);
		const power = details.power(room.rid);
		requirePower(room, power.toAct(powers[action]), doings[action]);
		requireMembership(room, userId, action);
		if ((action === 'kick' || action === 'ban') && power.of(userId) >= power.of(self))
			refuse(
				'refused',
				userId === self ? 'You cannot do that to yourself.' : `${userId} has as much power here as you, or more.`,
				userId === self ? '/leave leaves the room.' : undefined,
			);
		await attempt(`${action} ${userId}`, async () => {
			if (action === 'invite' && !(await homeserver.hasProfile(userId)))
				refuse('refused', `There is no person with the id ${userId}.`, 'Check the spelling.');
			await calls.changeMember(roomId, action, {user_id: userId, ...(reason === undefined ? {} : {reason})});
		});
		return {};
	};

	const setPower: RoomRequests['setPower'] = async ({roomId, userId, level}) => {
		requireUser(userId);
		const room = requireRoom(roomId);
		const power = details.power(room.rid);
		const own = power.of(self);
		if (!Number.isSafeInteger(level)) refuse('refused', 'A power is a whole number.');
		requirePower(room, power.toSetState('m.room.power_levels'), 'change the power of people');
		if (level > own) refuse('refused', `You cannot give more power than you have, which is ${own}.`);
		if (power.of(userId) === Number.POSITIVE_INFINITY)
			refuse('refused', `${userId} has made the room; nothing changes the power of who did.`);
		if (userId !== self && power.of(userId) >= own)
			refuse('refused', `${userId} has as much power here as you, or more.`);
		await attempt('change the power', async () => {
			// What another device changed a moment ago must not be undone.
			const levels = (await homeserver.stateEvent(roomId, 'm.room.power_levels')) ?? {};
			const users = {...asObject(levels['users']), [userId]: level};
			await calls.putState(roomId, {type: 'm.room.power_levels'}, {...levels, users});
		});
		return {};
	};

	const setIgnored: RoomRequests['setIgnored'] = async ({userId, isIgnored}) => {
		requireUser(userId);
		if (userId === self) refuse('refused', 'You cannot ignore yourself.');
		await attempt(isIgnored ? `ignore ${userId}` : `stop ignoring ${userId}`, async () => {
			const list = await homeserver.accountData(self, 'm.ignored_user_list');
			const {[userId]: _, ...others} = asObject(list['ignored_users']);
			const users: JsonObject = isIgnored ? {...others, [userId]: {}} : others;
			await homeserver.setAccountData(self, 'm.ignored_user_list', {...list, ignored_users: users});
		});
		return {};
	};

	/** The address leads to the room before the room says that it is its own. */
	const setAlias = async (room: RoomRow, alias: string): Promise<void> => {
		if (alias !== '' && !isRoomAlias(alias))
			refuse('refused', `${alias} is no address of a room.`, 'An address looks like #kitchen:example.org.');
		const before = details.state(room.rid, 'm.room.canonical_alias') ?? {};
		if (alias !== '') {
			let taken: string | undefined;
			try {
				taken = (await homeserver.resolveAlias(alias)).roomId;
			} catch (error) {
				if (!isNotFound(error)) throw error;
			}
			if (taken !== undefined && taken !== room.roomId) refuse('refused', `${alias} leads to another room already.`);
			if (taken === undefined) await calls.addAlias(alias, room.roomId);
		}
		const {alias: _, ...others} = before;
		await calls.putState(room.roomId, {type: 'm.room.canonical_alias'}, alias === '' ? others : {...others, alias});
	};

	const setOwnName = async ({rid, roomId}: RoomRow, name: string): Promise<void> => {
		const profile = name === '' ? (await calls.profile(self)).displayName : name;
		const {displayname: _, ...before} = (await homeserver.stateEvent(roomId, 'm.room.member', self)) ?? {};
		const content = {...before, membership: 'join', ...(profile === undefined ? {} : {displayname: profile})};
		await calls.putState(roomId, {type: 'm.room.member', stateKey: self}, content);
		feed.changed([rid], false);
	};

	const applyChange = async (room: RoomRow, change: RoomChange): Promise<void> => {
		const put = async (type: string, content: JsonObject): Promise<void> =>
			calls.putState(room.roomId, {type}, content);
		switch (change.kind) {
			case 'name':
				return put('m.room.name', {name: change.value});
			case 'topic':
				return put('m.room.topic', {topic: change.value});
			case 'alias':
				return setAlias(room, change.value);
			case 'joinRule': {
				// Which spaces let their members in stays known while the rule is another one.
				const before = details.state(room.rid, 'm.room.join_rules') ?? {};
				return put('m.room.join_rules', {...before, join_rule: change.value});
			}
			case 'history':
				return put('m.room.history_visibility', {history_visibility: change.value});
			case 'encryption':
				await put('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2'});
				// Nothing leaves in the clear from now on, whenever the event comes back.
				account.writeDurably(() => rooms.setEncrypted(room.roomId));
				return feed.changed([room.rid], true);
			case 'listed':
				return calls.setListed(room.roomId, change.value);
			case 'ownName':
				return setOwnName(room, change.value);
			default:
				return change satisfies never;
		}
	};

	const changeRoom: RoomRequests['changeRoom'] = async ({roomId, change}) => {
		const room = requireRoom(roomId);
		const [type, doing] = change.kind === 'ownName' ? ['', 'change your name here'] : changeDoings[change.kind];
		if (type !== '') requirePower(room, details.power(room.rid).toSetState(type), doing);
		if (change.kind === 'encryption' && room.isEncrypted) refuse('refused', 'The room is encrypted already.');
		await attempt(doing, async () => applyChange(room, change));
		return {};
	};

	const isListed: RoomRequests['isListed'] = async ({roomId}) => {
		requireRoom(roomId);
		try {
			return {isListed: await calls.isListed(roomId)};
		} catch (error) {
			throw toExpectedError(error, 'see whether the room is listed');
		}
	};

	const setState: RoomRequests['setState'] = async ({roomId, type, stateKey, content}) => {
		const room = requireRoom(roomId);
		requireRawState(type, stateKey, content);
		requireSize(content, {isEncrypted: false});
		// What somebody is called in a room is theirs to say.
		const isOwnMembership = type === 'm.room.member' && stateKey === self;
		if (!isOwnMembership) requirePower(room, details.power(room.rid).toSetState(type), `set ${type}`);
		await attempt(`set ${type}`, async () => calls.putState(roomId, {type, stateKey}, content));
		return {};
	};

	/** As Element sets them: a room rule for all or mentions, an override that nothing passes for none. */
	const setNotifications: RoomRequests['setNotifications'] = async ({roomId, level}) => {
		// Whatever the store has: what was changed a moment ago has not come back yet.
		await attempt('change what the room tells you of', async () => {
			const silence = {
				conditions: [{kind: 'event_match', key: 'room_id', pattern: roomId}],
				actions: ['dont_notify'],
			};
			if (level === 'none') await calls.setPushRule('override', roomId, silence);
			else await calls.removePushRule('override', roomId);
			if (level === 'all')
				await calls.setPushRule('room', roomId, {actions: ['notify', {set_tweak: 'sound', value: 'default'}]});
			else if (level === 'mentions') await calls.setPushRule('room', roomId, {actions: ['dont_notify']});
			else await calls.removePushRule('room', roomId);
		});
		return {};
	};

	return {
		...createRoomDiscovery(options),
		changeMember,
		setPower,
		setIgnored,
		changeRoom,
		isListed,
		setState,
		setNotifications,
		async loadMembers({roomId}) {
			const room = requireRoom(roomId);
			const before = Date.now() - clockDifference;
			const list = await attempt('load the members', async () => calls.members(roomId));
			account.write(() => rooms.applyAllMembers(roomId, list, before));
			feed.changed([room.rid], true);
			return {};
		},
		async forget({roomId}) {
			if (reader.roomById(roomId)?.membership === 'join')
				refuse('refused', 'You are still in this room.', '/leave leaves it.');
			await attempt('forget the room', async () => calls.forget(roomId));
			return {};
		},
		async profile({userId}) {
			requireUser(userId);
			try {
				return await calls.profile(userId);
			} catch (error) {
				if (isNotFound(error))
					refuse(
						'notFound',
						`There is no person with the id ${userId}, or their server says nothing of them.`,
						'Check the spelling.',
					);
				throw toExpectedError(error, `look ${userId} up`);
			}
		},
		async setDisplayName({name}) {
			await attempt('change your name', async () => calls.setDisplayName(self, name));
			return {};
		},
	};
};
