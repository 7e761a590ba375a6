/** What happened since a client asked last (client-server API §Syncing), and which rooms were active last (MSC4186). */
import {asArray, asInteger, asObject, type JsonObject} from '../../domain/json.ts';
import {clientEvent, strippedState} from './events.ts';
import {filterOf, isWanted, limitOf, positionOf} from './filter.ts';
import type {Call, Routes} from './http.ts';
import {deviceChanges, keyCounts, takeInbox} from './keys.ts';
import {unreadCounts} from './push.ts';
import {receiptsSince} from './receipts.ts';
import {createVisibility} from './history.ts';
import {membersOf, membershipOf, nextPosition, stateEvent, stateOf, stateText, tell} from './world.ts';
import {waitForChange, type AccountData, type Room, type StoredEvent, type User} from './world.ts';

const longestPoll = 60_000;

/** What is asked of each room. */
const parseRequest = (call: Call) => {
	const top = filterOf(call);
	const filter = asObject(top['room']);
	const isLazy = ['state', 'timeline'].some(name => asObject(filter[name])['lazy_load_members'] === true);
	const [stateFilter, timelineFilter] = [asObject(filter['state']), asObject(filter['timeline'])];
	const accountFilter = asObject(top['account_data']);
	/** Number of the last change that the client has seen; 0 for none. */
	const since = positionOf(call, 'since') ?? 0;
	return {call, since, filter, stateFilter, timelineFilter, accountFilter, isLazy};
};

type Request = ReturnType<typeof parseRequest>;

const isEmpty = (part: object): boolean => Object.keys(part).length === 0;

const dataSince = (data: ReadonlyMap<string, AccountData> | undefined, since: number) =>
	[...(data ?? [])].flatMap(([type, {content, position}]) => (position > since ? [{type, content}] : []));

/** Whom a room without a name is named after. */
const heroesOf = (room: Room, userId: string): readonly string[] => {
	if (stateText(room, 'm.room.name', 'name') || stateText(room, 'm.room.canonical_alias', 'alias')) return [];
	const others = (...memberships: readonly string[]) =>
		membersOf(room, ...memberships).filter(({stateKey}) => stateKey !== userId);
	const present = [...others('join'), ...others('invite')];
	return (present.length > 0 ? present : others('leave', 'ban')).slice(0, 5).map(({stateKey = ''}) => stateKey);
};

/** Timeline, state and summary of a room that the person is in, or was until the number `until`. */
const historyOf = (room: Room, request: Request, isNew: boolean, until = request.call.world.position) => {
	const {call, timelineFilter, stateFilter, isLazy} = request;
	const {id: userId} = call.user;
	const since = isNew ? 0 : request.since;
	const limit = limitOf(timelineFilter['limit'], 10);
	const isVisible = createVisibility(room, userId);
	const timeline: StoredEvent[] = [];
	let isLimited = false;
	for (const event of room.timeline.toReversed()) {
		if (event.position <= since) break;
		if (event.position > until || !isVisible(event) || !isWanted(timelineFilter, 'types', event.type)) continue;
		if ((isLimited = timeline.length === limit)) break;
		timeline.unshift(event);
	}
	// Only clients that do not know all members need a summary.
	const hasSummary = isLazy && (isNew || room.membersPosition > since);
	const heroes = hasSummary ? heroesOf(room, userId) : [];
	const people = new Set([userId, ...timeline.map(({sender}) => sender), ...heroes]);
	/** §Lazy-loading room members: the people whose events the client gets, and the heroes. */
	const isNeeded = ({type, stateKey = '', position}: StoredEvent): boolean =>
		isLazy && type === 'm.room.member' ? people.has(stateKey) : position > since;
	const position = (timeline[0]?.position ?? until + 1) - 1;
	const state = stateOf(room, undefined, position);
	const wanted = state.filter(event => isNeeded(event) && isWanted(stateFilter, 'types', event.type));
	const shown = (events: readonly StoredEvent[]): readonly JsonObject[] =>
		events.map(event => clientEvent(event, {userId, deviceId: call.device.id, isSync: true}));
	const summary = () => ({
		'm.heroes': heroes.length === 0 ? undefined : heroes,
		'm.joined_member_count': membersOf(room, 'join').length,
		'm.invited_member_count': membersOf(room, 'invite').length,
	});
	return {
		timeline: {events: shown(timeline), limited: isLimited, prev_batch: `t${position}`},
		state: {events: shown(wanted)},
		summary: hasSummary ? summary() : {},
		hasNews: timeline.length > 0 || state.some(event => event.position > since),
	};
};

const joinedPart = (room: Room, request: Request): JsonObject | undefined => {
	const {call, since, timelineFilter} = request;
	const {user} = call;
	const isNew = since === 0 || membershipOf(room, user.id, since) !== 'join';
	const data = dataSince(user.roomData.get(room.id), since);
	if (!isNew && room.position <= since && data.length === 0) return undefined;
	const {hasNews, ...history} = historyOf(room, request, isNew);
	const typing = {type: 'm.typing', content: {user_ids: [...room.typing.keys()]}};
	const receipts = receiptsSince(room, user.id, isNew ? 0 : since);
	const ephemeral = [...receipts, ...(room.typingPosition > since ? [typing] : [])];
	if (!hasNews && ephemeral.length === 0 && data.length === 0) return undefined;
	const {total, main, threads} = unreadCounts(room, user.id);
	const hasThreads = timelineFilter['unread_thread_notifications'] === true;
	return {
		...history,
		ephemeral: {events: ephemeral},
		account_data: {events: data},
		unread_notifications: hasThreads ? main : total,
		unread_thread_notifications: hasThreads ? threads : undefined,
	};
};

/** Whoever declined an invitation, or was never in the room, sees only that. */
const leftPart = (room: Room, member: StoredEvent, request: Request): JsonObject => {
	const {user} = request.call;
	if (member.replaced?.content['membership'] === 'join') {
		const isNew = membershipOf(room, user.id, request.since) !== 'join';
		const {timeline, state} = historyOf(room, request, isNew, member.position);
		return {timeline, state};
	}
	const events = [clientEvent(member, {userId: user.id, isSync: true})];
	return {timeline: {events, limited: false, prev_batch: `t${member.position}`}, state: {events: []}};
};

/** What there is to tell of a room; an invitation and the like are told once. */
const partOf = (room: Room, member: StoredEvent, request: Request): JsonObject | undefined => {
	const membership = membershipOf(room, request.call.user.id);
	if (membership === 'join') return joinedPart(room, request);
	if (member.position <= request.since) return undefined;
	if (membership === 'invite' || membership === 'knock')
		return {[`${membership}_state`]: {events: strippedState(room, member)}};
	return request.since > 0 ? leftPart(room, member, request) : undefined;
};

/** An answer as things are now. */
const answer = (request: Request): {readonly body: JsonObject; readonly hasNews: boolean} => {
	const {call, since, filter, accountFilter} = request;
	const {user, device, world} = call;
	const rooms: Record<string, Record<string, JsonObject>> = {};
	for (const room of user.rooms) {
		const member = stateEvent(room, 'm.room.member', user.id);
		const part = member && isWanted(filter, 'rooms', room.id) && partOf(room, member, request);
		const membership = membershipOf(room, user.id);
		if (part) (rooms[membership === 'ban' ? 'leave' : membership] ??= {})[room.id] = part;
	}
	const data = dataSince(user.accountData, since).filter(({type}) => isWanted(accountFilter, 'types', type));
	const messages = takeInbox(device, since);
	const lists = deviceChanges(world, user, since);
	const body = {
		next_batch: `s${world.position}`,
		rooms,
		account_data: {events: data},
		to_device: {events: messages},
		device_lists: lists,
		...keyCounts(device),
	};
	return {body, hasNews: ![rooms, data, messages, lists.changed, lists.left].every(isEmpty)};
};

/** A room that was active lately, with its newest messages. */
const roomPart = (room: Room, user: User, required: readonly unknown[], limit: number): JsonObject => {
	const direct = Object.values(asObject(user.accountData.get('m.direct')?.content));
	const others = membersOf(room, 'join', 'invite').filter(({stateKey}) => stateKey !== user.id);
	const common = {
		name: stateText(room, 'm.room.name', 'name'),
		heroes: others.slice(0, 5).map(({stateKey, content: {displayname, avatar_url: avatar}}) => {
			return {user_id: stateKey, displayname, avatar_url: avatar};
		}),
		is_dm: direct.some(rooms => asArray(rooms).includes(room.id)),
		initial: true,
		joined_count: membersOf(room, 'join').length,
		invited_count: membersOf(room, 'invite').length,
	};
	const member = stateEvent(room, 'm.room.member', user.id);
	if (member?.content['membership'] === 'invite') return {...common, invite_state: strippedState(room, member)};
	const timeline = room.timeline.filter(createVisibility(room, user.id)).slice(-limit);
	const senders = new Set(timeline.map(({sender}) => sender));
	const state = required.flatMap(entry => {
		const [type = '', key = ''] = asArray(entry).map(String);
		const isRequired = ({stateKey = ''}: StoredEvent): boolean =>
			key === '$LAZY' ? senders.has(stateKey) : stateKey === (key === '$ME' ? user.id : key);
		return stateOf(room, type).filter(isRequired);
	});
	return {
		...common,
		...unreadCounts(room, user.id).main,
		required_state: [...new Set(state)].map(event => clientEvent(event, {userId: user.id})),
		timeline: timeline.map(event => clientEvent(event, {userId: user.id})),
		prev_batch: `t${(timeline[0]?.position ?? 1) - 1}`,
		limited: timeline.length < room.timeline.length,
		bump_stamp: lastChange(room),
	};
};

const lastChange = (room: Room): number => room.timeline.at(-1)?.position ?? 0;

export const syncRoutes: Routes = {
	'GET sync': async call => {
		const {query, world, signal, device} = call;
		const request = parseRequest(call);
		const deadline = Date.now() + Math.min(Number(query.get('timeout') ?? 0) || 0, longestPoll);
		// What is told now is the first that changes after it.
		if (request.since === 0) nextPosition(world);
		else tell(world, {kind: 'sync', device});
		for (;;) {
			const {body, hasNews} = answer(request);
			const left = deadline - Date.now();
			if (hasNews || request.since === 0 || left <= 0 || signal.aborted) return body;
			await waitForChange(world, left, signal);
		}
	},
	// One request without positions, for the first rooms that a client shows.
	'POST unstable/org.matrix.simplified_msc3575/sync': ({world, user, body}) => {
		const newest = [...user.rooms]
			.filter(room => ['join', 'invite'].includes(membershipOf(room, user.id)))
			.toSorted((one, other) => lastChange(other) - lastChange(one));
		const rooms: Record<string, JsonObject> = {};
		const lists: Record<string, JsonObject> = {};
		for (const [name, list] of Object.entries(asObject(body['lists']))) {
			const {ranges, required_state: required, timeline_limit: limit} = asObject(list);
			const [from = 0, to = 0] = asArray(asArray(ranges)[0]).map(Number);
			lists[name] = {count: newest.length};
			for (const room of newest.slice(from, to + 1))
				rooms[room.id] = roomPart(room, user, asArray(required), asInteger(limit) ?? 1);
		}
		return {pos: String(world.position), lists, rooms};
	},
};
