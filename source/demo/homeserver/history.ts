/** Rooms as they are and were: state, members, pages of messages, relations (client-server API §Getting events for a room). */
import type {JsonObject} from '../../domain/json.ts';
import {clientEvent, relatedTo} from './events.ts';
import {filterOf, isWanted, limitOf, partOf, positionOf} from './filter.ts';
import type {Call, Handler, Routes} from './http.ts';
import {badParameter, notFound} from './matrix-error.ts';
import {createVisibility, visibleRoom} from './visibility.ts';
import {stateAt, stateEvent, stateOf, type Room, type StoredEvent} from './world.ts';

const roomOf = ({world, part, user}: Call): Room => visibleRoom(world, part('roomId'), user.id);

const visibleEvent = (call: Call): StoredEvent => {
	const room = roomOf(call);
	const event = call.world.events.get(call.part('eventId'));
	if (event?.room !== room || !createVisibility(room, call.user.id)(event)) throw notFound('There is no such event');
	return event;
};

const told = ({user, device}: Call, events: readonly StoredEvent[]): readonly JsonObject[] =>
	events.map(event => clientEvent(event, {userId: user.id, deviceId: device.id}));

/** The events between the tokens `from` and `to`, in the direction that is asked for, as many as are wanted. */
const pageOf = (
	call: Call,
	events: readonly StoredEvent[],
	usual: {readonly direction: string; readonly limit: number},
) => {
	const direction = call.query.get('dir') ?? usual.direction;
	if (direction !== 'b' && direction !== 'f') throw badParameter('The direction is b or f');
	const isBackward = direction === 'b';
	const from = positionOf(call, 'from') ?? (isBackward ? call.world.position : 0);
	const to = positionOf(call, 'to') ?? (isBackward ? 0 : Number.POSITIVE_INFINITY);
	const [older, newer] = [Math.min(from, to), Math.max(from, to)];
	const inside = events.filter(({position}) => position > older && position <= newer);
	const {page, next} = partOf(
		isBackward ? inside.toReversed() : inside,
		undefined,
		limitOf(call.query.get('limit'), usual.limit),
	);
	const last = page.at(-1);
	const end = last && `t${isBackward ? last.position - 1 : last.position}`;
	return {page, start: `t${from}`, end, isLast: next === undefined, isBackward};
};

/** §Lazy-loading room members: with those who wrote the page. */
const messages: Handler = call => {
	const room = roomOf(call);
	const filter = filterOf(call);
	const isVisible = createVisibility(room, call.user.id);
	const events = room.timeline.filter(event => isVisible(event) && isWanted(filter, 'types', event.type));
	const {page, start, end, isLast, isBackward} = pageOf(call, events, {direction: 'f', limit: 10});
	const senders = filter['lazy_load_members'] === true ? new Set(page.map(({sender}) => sender)) : [];
	const position = page.at(-1)?.position;
	const people = [...senders].flatMap(id => {
		const current = stateEvent(room, 'm.room.member', id);
		return stateAt(current, position) ?? current ?? [];
	});
	return {
		chunk: told(call, page),
		start,
		end: isBackward && isLast ? undefined : end,
		state: people.length === 0 ? undefined : told(call, people),
	};
};

const context: Handler = call => {
	const {user, query} = call;
	const event = visibleEvent(call);
	const {room} = event;
	const limit = query.get('limit') === '0' ? 0 : limitOf(query.get('limit'), 10);
	const half = Math.floor(limit / 2);
	const filter = filterOf(call);
	const isVisible = createVisibility(room, user.id);
	const isMeant = ({type}: StoredEvent): boolean => isWanted(filter, 'types', type);
	const all = room.timeline.filter(each => isVisible(each) && (each === event || isMeant(each)));
	const index = all.indexOf(event);
	const before = all.slice(Math.max(0, index - half), index);
	const after = all.slice(index + 1, index + 1 + limit - half);
	const last = after.at(-1) ?? event;
	const senders = new Set([event, ...before, ...after].map(({sender}) => sender));
	const isIdle = ({type, stateKey = ''}: StoredEvent): boolean =>
		filter['lazy_load_members'] === true && type === 'm.room.member' && !senders.has(stateKey);
	return {
		event: told(call, [event])[0],
		events_before: told(call, before.toReversed()),
		events_after: told(call, after),
		state: told(
			call,
			stateOf(room, {position: last.position}).filter(each => !isIdle(each) && isMeant(each)),
		),
		start: `t${(before[0] ?? event).position - 1}`,
		end: `t${last.position}`,
	};
};

/** §Relationships API: newest first unless asked otherwise. */
const relations: Handler = call => {
	const event = visibleEvent(call);
	const isVisible = createVisibility(event.room, call.user.id);
	const [relType, type] = [call.part('relType'), call.part('type')];
	const children = relatedTo(event, relType || undefined).filter(
		child => isVisible(child) && (type === '' || type === child.type),
	);
	const {page, start, end, isLast} = pageOf(call, children, {direction: 'b', limit: 5});
	const next = isLast ? undefined : end;
	return {chunk: told(call, page), next_batch: next, prev_batch: call.query.has('from') ? start : undefined};
};

/** §Querying threads: those with the newest replies first. */
const threads: Handler = call => {
	const {user, query} = call;
	const room = roomOf(call);
	const isVisible = createVisibility(room, user.id);
	const isOwnOnly = query.get('include') === 'participated';
	const roots = room.timeline.flatMap(event => {
		const replies = room.relations.has(event.eventId) ? relatedTo(event, 'm.thread') : [];
		const newest = replies.at(-1);
		const isMeant = !isOwnOnly || [event, ...replies].some(({sender}) => sender === user.id);
		return newest !== undefined && isMeant && isVisible(event) ? [{event, position: newest.position}] : [];
	});
	const ordered = roots.toSorted((one, other) => other.position - one.position).map(({event}) => event);
	const {page, next} = partOf(ordered, query.get('from'), limitOf(query.get('limit'), 10));
	return {chunk: page.map(event => clientEvent(event, {userId: user.id})), next_batch: next};
};

export const historyRoutes: Routes = {
	// The only answer of the API that is an array.
	'GET rooms/{roomId}/state': call => told(call, stateOf(roomOf(call))) as unknown as JsonObject,
	'GET rooms/{roomId}/state/{type}/{stateKey?}': call => {
		const event = stateEvent(roomOf(call), call.part('type'), call.part('stateKey'));
		if (event === undefined) throw notFound('There is no such state');
		return call.query.get('format') === 'event' ? clientEvent(event, {userId: call.user.id}) : event.content;
	},
	'GET rooms/{roomId}/members': call => {
		const [wanted, unwanted] = [call.query.get('membership'), call.query.get('not_membership')];
		const members = stateOf(roomOf(call), {type: 'm.room.member', position: positionOf(call, 'at')});
		const isMeant = ({content: {membership}}: StoredEvent): boolean =>
			(wanted === null || membership === wanted) && (unwanted === null || membership !== unwanted);
		return {chunk: told(call, members.filter(isMeant))};
	},
	'GET rooms/{roomId}/messages': messages,
	'GET rooms/{roomId}/event/{eventId}': call => {
		try {
			return told(call, [visibleEvent(call)])[0];
		} catch {
			// Also for somebody who may not see the room.
			throw notFound('There is no such event');
		}
	},
	'GET rooms/{roomId}/context/{eventId}': context,
	'GET rooms/{roomId}/relations/{eventId}/{relType?}/{type?}': relations,
	'GET rooms/{roomId}/threads': threads,
};
