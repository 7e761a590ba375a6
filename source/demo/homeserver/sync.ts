/** What happened since a client asked last (client-server API §Syncing). */
import {asObject, type JsonObject} from '../../domain/json.ts';
import {strippedState, syncEvent} from './events.ts';
import {eventTest, filterOf, isRoomWanted, limitOf} from './filter.ts';
import type {Call, Routes} from './http.ts';
import {deviceChanges, keyCounts, takeInbox} from './keys.ts';
import {MatrixError} from './matrix-error.ts';
import {unreadCounts} from './push.ts';
import {receiptsSince, typingOf} from './receipts.ts';
import {createVisibility} from './visibility.ts';
import {
	membersOf,
	membershipOf,
	nextPosition,
	stateAt,
	stateEvent,
	tell,
	waitForChange,
	type AccountData,
	type Room,
	type StoredEvent,
} from './world.ts';

const longestPoll = 60_000;
const usualLimit = 10;

/** What is asked of each room. */
type Request = {
	readonly call: Call;
	/** Number of the last change that the client has seen; 0 for none. */
	readonly since: number;
	readonly isFull: boolean;
	/** Of rooms. */
	readonly filter: JsonObject;
	readonly accountFilter: JsonObject;
	readonly limit: number;
	readonly isLazy: boolean;
	readonly hasThreadCounts: boolean;
};

/** @throws MatrixError 400 */
const positionOf = (token: string | null): number => {
	if (token === null || token === '') return 0;
	const [, position] = /^[st](\d+)$/.exec(token) ?? [];
	if (position === undefined) throw new MatrixError(400, 'M_UNKNOWN', 'The token is none of this server');
	return Number(position);
};

const dataSince = (data: ReadonlyMap<string, AccountData> | undefined, since: number) =>
	[...(data ?? [])].flatMap(([type, {content, position}]) => (position > since ? [{type, content}] : []));

/** State that the client has not seen, as it was before the timeline begins. */
const stateBefore = (
	room: Room,
	{since, from}: {readonly since: number; readonly from: number},
): readonly StoredEvent[] =>
	[...room.state.values()].flatMap(ofType =>
		[...ofType.values()].flatMap(current => {
			const event = stateAt(current, from - 1);
			return event !== undefined && event.position > since ? [event] : [];
		}),
	);

/** The people whose events the client gets, and the heroes of its summary. */
const withoutIdleMembers = (
	state: readonly StoredEvent[],
	timeline: readonly StoredEvent[],
	room: Room,
	{userId, heroes}: {readonly userId: string; readonly heroes: readonly string[]},
): readonly StoredEvent[] => {
	const needed = new Set([userId, ...timeline.map(({sender}) => sender), ...heroes]);
	const given = new Set(state);
	const members = [...needed].flatMap(id => {
		const current = stateEvent(room, 'm.room.member', id);
		const event = current && (stateAt(current, (timeline[0]?.position ?? Number.POSITIVE_INFINITY) - 1) ?? undefined);
		return event === undefined || given.has(event) ? [] : [event];
	});
	const isNeeded = ({type, stateKey = ''}: StoredEvent): boolean => type !== 'm.room.member' || needed.has(stateKey);
	return [...state.filter(isNeeded), ...members];
};

/** §Room summary: only clients that do not know all members need it. */
const hasSummary = (room: Room, {isLazy, isFull, since}: Request, isNew: boolean): boolean =>
	isLazy && (isNew || isFull || room.membersPosition > since);

/** Whom a room without a name is named after. */
const heroesOf = (room: Room, userId: string): readonly string[] => {
	const isNamed = ['name', 'canonical_alias'].some(type => {
		const content = stateEvent(room, `m.room.${type}`)?.content ?? {};
		return Boolean(content['name'] ?? content['alias']);
	});
	if (isNamed) return [];
	const others = (...memberships: readonly string[]) =>
		membersOf(room, ...memberships).filter(({stateKey}) => stateKey !== userId);
	const present = [...others('join'), ...others('invite')];
	return (present.length > 0 ? present : others('leave', 'ban')).slice(0, 5).map(({stateKey = ''}) => stateKey);
};

const summaryOf = (room: Room, userId: string): JsonObject => {
	const heroes = heroesOf(room, userId);
	return {
		...(heroes.length === 0 ? {} : {'m.heroes': heroes}),
		'm.joined_member_count': membersOf(room, 'join').length,
		'm.invited_member_count': membersOf(room, 'invite').length,
	};
};

/** Timeline and state of a room that the person is in, or was until the number `until`. */
const historyOf = (room: Room, request: Request, isNew: boolean, until = Number.POSITIVE_INFINITY) => {
	const {call, isFull, filter, limit, isLazy} = request;
	const {id: userId} = call.user;
	const since = isNew || isFull ? 0 : request.since;
	const isVisible = createVisibility(room, userId);
	const isWanted = eventTest(asObject(filter['timeline']));
	const timeline: StoredEvent[] = [];
	let isLimited = false;
	for (let index = room.timeline.length - 1; index >= 0; index--) {
		const event = room.timeline[index];
		if (event === undefined || event.position <= (isFull && !isNew ? request.since : since)) break;
		if (event.position > until || !isVisible(event) || !isWanted(event)) continue;
		if ((isLimited = timeline.length === limit)) break;
		timeline.unshift(event);
	}
	const from = timeline[0]?.position ?? Math.min(call.world.position, until) + 1;
	const all = stateBefore(room, {since, from});
	const heroes = hasSummary(room, request, isNew) ? heroesOf(room, userId) : [];
	const state = isLazy ? withoutIdleMembers(all, timeline, room, {userId, heroes}) : all;
	return {
		timeline: {
			events: timeline.map(event => syncEvent(event, userId, call.device.id)),
			limited: isLimited,
			prev_batch: `t${from - 1}`,
		},
		state: {events: state.filter(eventTest(asObject(filter['state']))).map(event => syncEvent(event, userId))},
		isEmpty: timeline.length === 0 && all.length === 0,
	};
};

const joinedPart = (room: Room, request: Request): JsonObject | undefined => {
	const {call, since, isFull, hasThreadCounts} = request;
	const {user} = call;
	const member = stateEvent(room, 'm.room.member', user.id);
	const isNew =
		since === 0 || (member !== undefined && (stateAt(member, since)?.content['membership'] ?? 'leave') !== 'join');
	const data = dataSince(user.roomData.get(room.id), since);
	const hasData = data.length > 0;
	if (!isNew && !isFull && room.position <= since && !hasData) return undefined;
	const {isEmpty, ...history} = historyOf(room, request, isNew);
	const ephemeral = [
		...receiptsSince(room, user.id, isNew ? 0 : since),
		...(room.typingPosition > since ? [typingOf(room)] : []),
	];
	if (isEmpty && ephemeral.length === 0 && !hasData && !isFull) return undefined;
	const {main, threads} = unreadCounts(room, user.id);
	const sum = (count: 'notification_count' | 'highlight_count'): number =>
		[main, ...Object.values(threads)].reduce((total, each) => total + each[count], 0);
	return {
		...history,
		ephemeral: {events: ephemeral},
		account_data: {events: data},
		unread_notifications: hasThreadCounts
			? main
			: {notification_count: sum('notification_count'), highlight_count: sum('highlight_count')},
		...(hasThreadCounts ? {unread_thread_notifications: threads} : {}),
		summary: hasSummary(room, request, isNew) ? summaryOf(room, user.id) : {},
	};
};

const roomsPart = (request: Request): {readonly rooms: JsonObject; readonly isEmpty: boolean} => {
	const {call, since, filter} = request;
	const sections: Record<string, Record<string, JsonObject>> = {join: {}, invite: {}, knock: {}, leave: {}};
	const put = (section: string, room: Room, part: JsonObject | undefined): void => {
		if (part !== undefined) Object.assign(sections[section] ?? {}, {[room.id]: part});
	};
	for (const room of call.user.rooms) {
		const member = stateEvent(room, 'm.room.member', call.user.id);
		if (member === undefined || !isRoomWanted(filter, room.id)) continue;
		const membership = membershipOf(room, call.user.id);
		const hasChanged = member.position > since;
		if (membership === 'join') put('join', room, joinedPart(room, request));
		else if ((membership === 'invite' || membership === 'knock') && hasChanged)
			put(membership, room, {[`${membership}_state`]: {events: strippedState(room, member)}});
		else if (hasChanged && (since > 0 || filter['include_leave'] === true))
			put('leave', room, leftPart(room, member, request));
	}
	return {rooms: sections, isEmpty: Object.values(sections).every(section => Object.keys(section).length === 0)};
};

/** Whoever declined an invitation, or was never in the room, sees only that. */
const leftPart = (room: Room, member: StoredEvent, request: Request): JsonObject => {
	const {call, since} = request;
	const wasJoined = member.replaced?.content['membership'] === 'join';
	if (wasJoined) {
		const isNew = (stateAt(member, since)?.content['membership'] ?? 'leave') !== 'join';
		const {isEmpty: _, ...history} = historyOf(room, request, isNew, member.position);
		return history;
	}
	return {
		timeline: {events: [syncEvent(member, call.user.id)], limited: false, prev_batch: `t${member.position}`},
		state: {events: []},
	};
};

const answer = (request: Request): {readonly body: JsonObject; readonly isEmpty: boolean} => {
	const {call, since} = request;
	const {user, device, world} = call;
	const {rooms, isEmpty} = roomsPart(request);
	const isWanted = eventTest(request.accountFilter);
	const accountData = dataSince(user.accountData, since).filter(({type, content}) =>
		isWanted({type, content, sender: user.id}),
	);
	const toDevice = takeInbox(device, since);
	const lists = deviceChanges(world, user, since);
	const hasLists = lists.changed.length > 0 || lists.left.length > 0;
	return {
		body: {
			next_batch: `s${world.position}`,
			rooms,
			account_data: {events: accountData},
			presence: {events: []},
			to_device: {events: toDevice},
			device_lists: lists,
			...keyCounts(device),
		},
		isEmpty: isEmpty && accountData.length === 0 && toDevice.length === 0 && !hasLists,
	};
};

export const syncRoutes: Routes = {
	'GET sync': async call => {
		const {query, world, signal} = call;
		const top = filterOf(call);
		const room = asObject(top['room']);
		const request: Request = {
			call,
			since: positionOf(query.get('since')),
			isFull: query.get('full_state') === 'true',
			filter: room,
			accountFilter: asObject(top['account_data']),
			limit: limitOf(asObject(room['timeline'])['limit'], usualLimit),
			isLazy: [room['state'], room['timeline']].some(each => asObject(each)['lazy_load_members'] === true),
			hasThreadCounts: asObject(room['timeline'])['unread_thread_notifications'] === true,
		};
		const deadline = Date.now() + Math.min(Number(query.get('timeout') ?? 0) || 0, longestPoll);
		// What is told now is the first that changes after it.
		if (request.since === 0) nextPosition(world);
		else tell(world, {kind: 'sync', device: call.device});
		for (;;) {
			const {body, isEmpty} = answer(request);
			const left = deadline - Date.now();
			if (!isEmpty || request.since === 0 || request.isFull || left <= 0 || signal.aborted) return body;
			await waitForChange(world, left, signal);
		}
	},
};
