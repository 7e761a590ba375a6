/** What happened since a client asked last (client-server API §Syncing). */
import {asObject, type JsonObject} from '../../domain/json.ts';
import {clientEvent, strippedState} from './events.ts';
import {filterOf, isWanted, limitOf, positionOf} from './filter.ts';
import type {Call, Routes} from './http.ts';
import {deviceChanges, keyCounts, takeInbox} from './keys.ts';
import {unreadCounts} from './push.ts';
import {receiptsSince} from './receipts.ts';
import {createVisibility} from './visibility.ts';
import {membersOf, membershipOf, nextPosition, stateAt, stateEvent, stateOf, stateText, tell} from './world.ts';
import {waitForChange, type AccountData, type Room, type StoredEvent} from './world.ts';

const longestPoll = 60_000;

/** What is asked of each room. */
type Request = {
	readonly call: Call;
	/** Number of the last change that the client has seen; 0 for none. */
	readonly since: number;
	/** Of rooms, and of their timelines. */
	readonly filter: JsonObject;
	readonly timelineFilter: JsonObject;
	readonly accountFilter: JsonObject;
	readonly isLazy: boolean;
};

const parseRequest = (call: Call): Request => {
	const top = filterOf(call);
	const filter = asObject(top['room']);
	return {
		call,
		since: positionOf(call, 'since') ?? 0,
		filter,
		timelineFilter: asObject(filter['timeline']),
		accountFilter: asObject(top['account_data']),
		isLazy: ['state', 'timeline'].some(name => asObject(filter[name])['lazy_load_members'] === true),
	};
};

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

/** §Lazy-loading room members: the people whose events the client gets, and the heroes of its summary. */
const withoutIdleMembers = (
	state: readonly StoredEvent[],
	room: Room,
	{people, position}: {readonly people: readonly string[]; readonly position: number},
): readonly StoredEvent[] => {
	const needed = new Set(people);
	const isNeeded = ({type, stateKey = ''}: StoredEvent): boolean => type !== 'm.room.member' || needed.has(stateKey);
	const members = people.flatMap(id => stateAt(stateEvent(room, 'm.room.member', id), position) ?? []);
	return [...new Set([...state.filter(isNeeded), ...members])];
};

/** Timeline, state and summary of a room that the person is in, or was until the number `until`. */
const historyOf = (room: Room, request: Request, isNew: boolean, until = request.call.world.position) => {
	const {call, timelineFilter, filter, isLazy} = request;
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
	const before = (timeline[0]?.position ?? until + 1) - 1;
	const all = stateOf(room, {position: before}).filter(({position}) => position > since);
	// Only clients that do not know all members need a summary.
	const hasSummary = isLazy && (isNew || room.membersPosition > since);
	const heroes = hasSummary ? heroesOf(room, userId) : [];
	const people = [userId, ...timeline.map(({sender}) => sender), ...heroes];
	const state = isLazy ? withoutIdleMembers(all, room, {people, position: before}) : all;
	const shown = (events: readonly StoredEvent[]): readonly JsonObject[] =>
		events.map(event => clientEvent(event, {userId, deviceId: call.device.id, isSync: true}));
	const summary = {
		'm.heroes': heroes.length === 0 ? undefined : heroes,
		'm.joined_member_count': membersOf(room, 'join').length,
		'm.invited_member_count': membersOf(room, 'invite').length,
	};
	return {
		timeline: {events: shown(timeline), limited: isLimited, prev_batch: `t${before}`},
		state: {events: shown(state.filter(({type}) => isWanted(asObject(filter['state']), 'types', type)))},
		summary: hasSummary ? summary : {},
		hasNews: timeline.length > 0 || all.length > 0,
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
	const {main, threads} = unreadCounts(room, user.id);
	const sum = (count: keyof typeof main): number =>
		[main, ...Object.values(threads)].reduce((total, each) => total + each[count], 0);
	const total = {notification_count: sum('notification_count'), highlight_count: sum('highlight_count')};
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

const roomsPart = (request: Request) => {
	const {call, since, filter} = request;
	const rooms: Record<string, Record<string, JsonObject>> = {join: {}, invite: {}, knock: {}, leave: {}};
	const put = (section: string, room: Room, part: JsonObject | undefined): void => {
		if (part !== undefined) Object.assign(rooms[section] ?? {}, {[room.id]: part});
	};
	for (const room of call.user.rooms) {
		const member = stateEvent(room, 'm.room.member', call.user.id);
		if (member === undefined || !isWanted(filter, 'rooms', room.id)) continue;
		const membership = membershipOf(room, call.user.id);
		if (membership === 'join') put('join', room, joinedPart(room, request));
		else if (member.position <= since) continue;
		else if (membership === 'invite' || membership === 'knock')
			put(membership, room, {[`${membership}_state`]: {events: strippedState(room, member)}});
		else if (since > 0) put('leave', room, leftPart(room, member, request));
	}
	return rooms;
};

const answer = (request: Request): {readonly body: JsonObject; readonly hasNews: boolean} => {
	const {call, since, accountFilter} = request;
	const {user, device, world} = call;
	const rooms = roomsPart(request);
	const data = dataSince(user.accountData, since).filter(({type}) => isWanted(accountFilter, 'types', type));
	const messages = takeInbox(device, since);
	const lists = deviceChanges(world, user, since);
	const body = {
		next_batch: `s${world.position}`,
		rooms,
		account_data: {events: data},
		presence: {events: []},
		to_device: {events: messages},
		device_lists: lists,
		...keyCounts(device),
	};
	return {body, hasNews: ![...Object.values(rooms), data, messages, lists.changed, lists.left].every(isEmpty)};
};

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
};
