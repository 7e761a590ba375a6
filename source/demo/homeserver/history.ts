/** Rooms as they are and were, and who may see which of their events (client-server API §Room History Visibility, §Getting events for a room). */
import {asString, type JsonObject} from '../../domain/json.ts';
import {clientEvent, relatedTo} from './events.ts';
import {filterOf, isWanted, limitOf, partOf, positionOf} from './filter.ts';
import type {Call, Handler, Routes} from './http.ts';
import {demand, found, notFound} from './matrix-error.ts';
import {stateAt, stateEvent, stateOf, stateText, type Room, type StoredEvent} from './world.ts';

type Stretch = readonly [from: number, to: number];

/** The stretches of numbers in which a person was in the room, or invited. */
const stays = (room: Room, userId: string, memberships: readonly string[]): readonly Stretch[] => {
	const stretches: Stretch[] = [];
	let end = Number.POSITIVE_INFINITY;
	for (let event = stateEvent(room, 'm.room.member', userId); event !== undefined; event = event.replaced) {
		// The leave itself is seen, too.
		if (memberships.includes(asString(event.content['membership']) ?? '')) stretches.push([event.position, end]);
		end = event.position;
	}
	return stretches;
};

/** @returns a test for events of the room. @throws MatrixError 403 for somebody who never was there */
export const createVisibility = (room: Room, userId: string): ((event: StoredEvent) => boolean) => {
	const joined = stays(room, userId, ['join']);
	const known = stays(room, userId, ['join', 'invite']);
	const rule = stateEvent(room, 'm.room.history_visibility');
	const isOpen = rule?.content['history_visibility'] === 'world_readable';
	demand(isOpen || joined.length > 0, 403, 'M_FORBIDDEN', `${userId} is not in the room`);
	const last = Math.max(0, ...joined.map(([, to]) => to));
	const inside = (list: readonly Stretch[], position: number): boolean =>
		list.some(([from, to]) => position >= from && position <= to);
	const allows = (setting: StoredEvent | undefined, position: number): boolean => {
		const visibility = setting?.content['history_visibility'] ?? 'shared';
		if (visibility === 'world_readable' || inside(joined, position)) return true;
		if (visibility === 'shared') return position <= last;
		return visibility === 'invited' && inside(known, position);
	};
	return ({type, position, replaced}) =>
		allows(stateAt(rule, position), position) ||
		// A change of the rule is seen by whoever may see what was before it.
		(type === 'm.room.history_visibility' && allows(replaced, position));
};

type View = {readonly room: Room; readonly isVisible: (event: StoredEvent) => boolean};

/** @returns the room of the path as it is seen by somebody who is or was in it. @throws MatrixError 403 */
const viewOf = ({world, user, part}: Call): View => {
	const room = world.rooms.get(part('roomId'));
	const isReadable = room && stateText(room, 'm.room.history_visibility', 'history_visibility') === 'world_readable';
	// Whoever has forgotten the room is as somebody who was never there.
	const mayLook = room !== undefined && (isReadable === true || user.rooms.has(room));
	demand(mayLook, 403, 'M_FORBIDDEN', `${user.id} is not in the room ${part('roomId')}`);
	return {room, isVisible: createVisibility(room, user.id)};
};

const eventOf = ({world, part}: Call, {room, isVisible}: View): StoredEvent => {
	const event = world.events.get(part('eventId'));
	return found(event?.room === room && isVisible(event) ? event : undefined, 'There is no such event');
};

const told = ({user, device}: Call, events: readonly StoredEvent[]): readonly JsonObject[] =>
	events.map(event => clientEvent(event, {userId: user.id, deviceId: device.id}));

/** The events between the tokens `from` and `to`, in the direction that is asked for, as many as are wanted. */
const pageOf = (call: Call, events: readonly StoredEvent[], usualDirection: 'b' | 'f', usualLimit: number) => {
	const direction = call.query.get('dir') ?? usualDirection;
	const limit = limitOf(call.query.get('limit'), usualLimit);
	demand(['b', 'f'].includes(direction), 400, 'M_INVALID_PARAM', 'The direction is b or f');
	const isBackward = direction === 'b';
	const from = positionOf(call, 'from') ?? (isBackward ? call.world.position : 0);
	const to = positionOf(call, 'to') ?? (isBackward ? 0 : Number.POSITIVE_INFINITY);
	const [older, newer] = [Math.min(from, to), Math.max(from, to)];
	const inside = events.filter(({position}) => position > older && position <= newer);
	const {page, next} = partOf(isBackward ? inside.toReversed() : inside, undefined, limit);
	const last = page.at(-1);
	const end = last && `t${isBackward ? last.position - 1 : last.position}`;
	return {page, start: `t${from}`, end, isLast: next === undefined, isBackward};
};

/** §Lazy-loading room members: with those who wrote the page. */
const messages: Handler = call => {
	const {room, isVisible} = viewOf(call);
	const filter = filterOf(call);
	const events = room.timeline.filter(event => isVisible(event) && isWanted(filter, 'types', event.type));
	const {page, start, end, isLast, isBackward} = pageOf(call, events, 'f', 10);
	const senders = filter['lazy_load_members'] === true ? new Set(page.map(({sender}) => sender)) : [];
	const position = page.at(-1)?.position;
	const people = [...senders].flatMap(id => {
		const current = stateEvent(room, 'm.room.member', id);
		return stateAt(current, position) ?? current ?? [];
	});
	const state = people.length === 0 ? undefined : told(call, people);
	return {chunk: told(call, page), start, end: isBackward && isLast ? undefined : end, state};
};

const context: Handler = call => {
	const view = viewOf(call);
	const {room, isVisible} = view;
	const event = eventOf(call, view);
	const limit = call.query.get('limit') === '0' ? 0 : limitOf(call.query.get('limit'), 10);
	const half = Math.floor(limit / 2);
	const filter = filterOf(call);
	const isMeant = ({type}: StoredEvent): boolean => isWanted(filter, 'types', type);
	const all = room.timeline.filter(each => isVisible(each) && (each === event || isMeant(each)));
	const index = all.indexOf(event);
	const before = all.slice(Math.max(0, index - half), index);
	const after = all.slice(index + 1, index + 1 + limit - half);
	const last = after.at(-1) ?? event;
	const senders = new Set([event, ...before, ...after].map(({sender}) => sender));
	const isIdle = ({type, stateKey = ''}: StoredEvent): boolean =>
		filter['lazy_load_members'] === true && type === 'm.room.member' && !senders.has(stateKey);
	const state = stateOf(room, undefined, last.position).filter(each => !isIdle(each) && isMeant(each));
	return {
		event: told(call, [event])[0],
		events_before: told(call, before.toReversed()),
		events_after: told(call, after),
		state: told(call, state),
		start: `t${(before[0] ?? event).position - 1}`,
		end: `t${last.position}`,
	};
};

/** §Getting events by time: the one that is nearest on that side. */
const atTime: Handler = call => {
	const {room, isVisible} = viewOf(call);
	const time = Number(call.query.get('ts') ?? Number.NaN);
	demand(Number.isFinite(time), 400, 'M_INVALID_PARAM', 'The time is missing');
	const events = room.timeline.filter(isVisible);
	const event = found(
		call.query.get('dir') === 'b'
			? events.findLast(({timestamp}) => timestamp <= time)
			: events.find(({timestamp}) => timestamp >= time),
		'There is no event on that side of the time',
	);
	return {event_id: event.eventId, origin_server_ts: event.timestamp};
};

/** §Relationships API: newest first unless asked otherwise. */
const relations: Handler = call => {
	const view = viewOf(call);
	const event = eventOf(call, view);
	const [relType, type] = [call.part('relType'), call.part('type')];
	const isMeant = (child: StoredEvent): boolean => view.isVisible(child) && (type === '' || type === child.type);
	const children = relatedTo(event, relType || undefined).filter(isMeant);
	const {page, start, end, isLast} = pageOf(call, children, 'b', 5);
	const next = isLast ? undefined : end;
	return {chunk: told(call, page), next_batch: next, prev_batch: call.query.has('from') ? start : undefined};
};

/** §Querying threads: those with the newest replies first. */
const threads: Handler = call => {
	const {room, isVisible} = viewOf(call);
	const roots = room.timeline.flatMap(event => {
		const replies = room.relations.has(event.eventId) ? relatedTo(event, 'm.thread') : [];
		const newest = replies.at(-1);
		return newest !== undefined && isVisible(event) ? [{event, position: newest.position}] : [];
	});
	const ordered = roots.toSorted((one, other) => other.position - one.position).map(({event}) => event);
	const {page, next} = partOf(ordered, call.query.get('from'), limitOf(call.query.get('limit'), 10));
	return {chunk: page.map(event => clientEvent(event, {userId: call.user.id})), next_batch: next};
};

/** @throws MatrixError not found, also for somebody who may not see the room */
const seenEvent = (call: Call): StoredEvent => {
	try {
		return eventOf(call, viewOf(call));
	} catch {
		throw notFound('There is no such event');
	}
};

export const historyRoutes: Routes = {
	// The only answer of the API that is an array.
	'GET rooms/{roomId}/state': call => told(call, stateOf(viewOf(call).room)) as unknown as JsonObject,
	'GET rooms/{roomId}/state/{type}/{stateKey?}': call => {
		const current = stateEvent(viewOf(call).room, call.part('type'), call.part('stateKey'));
		const event = found(current, 'There is no such state');
		return call.query.get('format') === 'event' ? clientEvent(event, {userId: call.user.id}) : event.content;
	},
	'GET rooms/{roomId}/members': call => {
		const [wanted, unwanted] = [call.query.get('membership'), call.query.get('not_membership')];
		const members = stateOf(viewOf(call).room, 'm.room.member', positionOf(call, 'at'));
		const isMeant = ({content: {membership}}: StoredEvent): boolean =>
			(wanted === null || membership === wanted) && (unwanted === null || membership !== unwanted);
		return {chunk: told(call, members.filter(isMeant))};
	},
	'GET rooms/{roomId}/messages': messages,
	'GET rooms/{roomId}/event/{eventId}': call => told(call, [seenEvent(call)])[0],
	'GET rooms/{roomId}/context/{eventId}': context,
	// Whoever runs the demo is the one who looks at it.
	'POST rooms/{roomId}/report/{eventId}': call => void seenEvent(call),
	'GET rooms/{roomId}/timestamp_to_event': atTime,
	'GET rooms/{roomId}/relations/{eventId}/{relType?}/{type?}': relations,
	'GET rooms/{roomId}/threads': threads,
};
