/** Rooms as they are and were: state, members, pages of messages, relations (client-server API §Getting events for a room). */
import {asString, isObject, parseJson, type JsonObject} from '../../domain/json.ts';
import {clientEvent, relationOf} from './events.ts';
import {eventTest, limitOf} from './filter.ts';
import type {Call, Handler, Routes} from './http.ts';
import {badParameter, MatrixError, notFound} from './matrix-error.ts';
import {createVisibility, visibleRoom} from './visibility.ts';
import {membersOf, stateAt, stateEvent, type Room, type StoredEvent} from './world.ts';

const usualLimit = 10;

const roomOf = ({world, params, user}: Call): Room => visibleRoom(world, params['roomId'] ?? '', user.id);

const visibleEvent = (call: Call): StoredEvent => {
	const room = roomOf(call);
	const event = call.world.events.get(call.params['eventId'] ?? '');
	if (event?.room !== room || !createVisibility(room, call.user.id)(event)) throw notFound('There is no such event');
	return event;
};

/** @throws MatrixError 404 also for somebody who may not see the room */
const knownEvent = (call: Call): StoredEvent => {
	try {
		return visibleEvent(call);
	} catch {
		throw notFound('There is no such event');
	}
};

const tokenOf = (text: string | null): number | undefined => {
	const number = /^[st](\d+)$/.exec(text ?? '')?.[1];
	if (text !== null && number === undefined)
		throw new MatrixError(400, 'M_UNKNOWN', 'The token is none of this server');
	return number === undefined ? undefined : Number(number);
};

const filterOf = ({query}: Call): JsonObject => {
	const filter = parseJson(query.get('filter') ?? '{}');
	if (!isObject(filter)) throw badParameter('The filter is no JSON');
	return filter;
};

/** Member events of those who wrote, when members are loaded lazily. */
const sendersOf = (room: Room, events: readonly StoredEvent[], position: number): readonly StoredEvent[] =>
	[...new Set(events.map(({sender}) => sender))].flatMap(id => {
		const current = stateEvent(room, 'm.room.member', id);
		return (current && (stateAt(current, position) ?? current)) ?? [];
	});

/** `t5` stands between the events with the numbers 5 and 6. */
const messages: Handler = call => {
	const {query, user, world} = call;
	const room = roomOf(call);
	const filter = filterOf(call);
	const direction = query.get('dir') ?? 'f';
	if (direction !== 'b' && direction !== 'f') throw badParameter('The direction is b or f');
	const isBackward = direction === 'b';
	const from = tokenOf(query.get('from')) ?? (isBackward ? world.position : 0);
	const to = tokenOf(query.get('to')) ?? (isBackward ? 0 : Number.POSITIVE_INFINITY);
	const limit = limitOf(query.get('limit'), usualLimit);
	const isVisible = createVisibility(room, user.id);
	const isWanted = eventTest(filter);
	const isInside = ({position}: StoredEvent): boolean =>
		isBackward ? position <= from && position > to : position > from && position <= to;
	const candidates = room.timeline.filter(event => isInside(event) && isVisible(event) && isWanted(event));
	const ordered = isBackward ? candidates.toReversed() : candidates;
	const page = ordered.slice(0, limit);
	const last = page.at(-1);
	const end =
		last === undefined || (isBackward && ordered.length <= limit)
			? undefined
			: `t${isBackward ? last.position - 1 : last.position}`;
	const people = filter['lazy_load_members'] === true ? sendersOf(room, page, last?.position ?? from) : [];
	return {
		chunk: page.map(event => clientEvent(event, user.id, call.device.id)),
		start: `t${from}`,
		...(end === undefined ? {} : {end}),
		...(people.length === 0 ? {} : {state: people.map(event => clientEvent(event, user.id))}),
	};
};

const context: Handler = call => {
	const {user, query} = call;
	const event = visibleEvent(call);
	const {room} = event;
	const limit = query.get('limit') === '0' ? 0 : limitOf(query.get('limit'), usualLimit);
	const half = Math.floor(limit / 2);
	const isVisible = createVisibility(room, user.id);
	const filter = filterOf(call);
	const isWanted = eventTest(filter);
	const all = room.timeline.filter(each => isVisible(each) && (each === event || isWanted(each)));
	const index = all.indexOf(event);
	const before = all.slice(Math.max(0, index - half), index);
	const after = all.slice(index + 1, index + 1 + limit - half);
	const tell = (events: readonly StoredEvent[]): readonly JsonObject[] =>
		events.map(each => clientEvent(each, user.id, call.device.id));
	const last = (after.at(-1) ?? event).position;
	const senders = new Set([event, ...before, ...after].map(({sender}) => sender));
	const isIdle = ({type, stateKey = ''}: StoredEvent): boolean =>
		filter['lazy_load_members'] === true && type === 'm.room.member' && !senders.has(stateKey);
	const state = [...room.state.values()]
		.flatMap(ofType => [...ofType.values()].flatMap(current => stateAt(current, last) ?? []))
		.filter(each => !isIdle(each) && isWanted(each));
	return {
		event: clientEvent(event, user.id, call.device.id),
		events_before: tell(before.toReversed()),
		events_after: tell(after),
		state: tell(state),
		start: `t${(before[0] ?? event).position - 1}`,
		end: `t${last}`,
	};
};

/** §Relationships API: newest first unless asked otherwise. */
const relations: Handler = call => {
	const {params, query, user} = call;
	const event = visibleEvent(call);
	const isVisible = createVisibility(event.room, user.id);
	const isForward = query.get('dir') === 'f';
	const from = tokenOf(query.get('from')) ?? (isForward ? 0 : Number.POSITIVE_INFINITY);
	const limit = limitOf(query.get('limit'), 5);
	const children = (event.room.relations.get(event.eventId) ?? []).filter(
		child =>
			isVisible(child) &&
			child.redaction === undefined &&
			(params['relType'] ?? relationOf(child).type) === relationOf(child).type &&
			(params['type'] ?? child.type) === child.type &&
			(isForward ? child.position > from : child.position <= from),
	);
	const ordered = isForward ? children : children.toReversed();
	const page = ordered.slice(0, limit);
	const last = page.at(-1);
	return {
		chunk: page.map(child => clientEvent(child, user.id, call.device.id)),
		...(last === undefined || ordered.length <= limit
			? {}
			: {next_batch: `t${isForward ? last.position : last.position - 1}`}),
		...(query.has('from') ? {prev_batch: `t${from}`} : {}),
	};
};

const state: Handler = call => {
	const {params, query, user} = call;
	const {type = '', stateKey = ''} = params;
	const event = stateEvent(roomOf(call), type, stateKey);
	if (event === undefined) throw notFound('There is no such state');
	return query.get('format') === 'event' ? clientEvent(event, user.id) : event.content;
};

export const historyRoutes: Routes = {
	// The only answer of the API that is an array.
	'GET rooms/{roomId}/state': call =>
		[...roomOf(call).state.values()]
			.flatMap(ofType => [...ofType.values()])
			.map(event => clientEvent(event, call.user.id)) as unknown as JsonObject,
	'GET rooms/{roomId}/state/{type}': state,
	'GET rooms/{roomId}/state/{type}/{stateKey}': state,
	'GET rooms/{roomId}/members': call => {
		const {query, user} = call;
		const at = tokenOf(query.get('at')) ?? Number.POSITIVE_INFINITY;
		const [wanted, unwanted] = [query.get('membership'), query.get('not_membership')];
		const members = [...(roomOf(call).state.get('m.room.member')?.values() ?? [])].flatMap(
			current => stateAt(current, at) ?? [],
		);
		const isWanted = ({content}: StoredEvent): boolean =>
			(wanted === null || content['membership'] === wanted) &&
			(unwanted === null || content['membership'] !== unwanted);
		return {chunk: members.filter(isWanted).map(event => clientEvent(event, user.id))};
	},
	'GET rooms/{roomId}/joined_members': call => ({
		joined: Object.fromEntries(
			membersOf(roomOf(call), 'join').map(({stateKey = '', content}) => [
				stateKey,
				{display_name: asString(content['displayname']) ?? null, avatar_url: asString(content['avatar_url']) ?? null},
			]),
		),
	}),
	'GET rooms/{roomId}/messages': messages,
	'GET rooms/{roomId}/event/{eventId}': call => clientEvent(knownEvent(call), call.user.id, call.device.id),
	'GET rooms/{roomId}/context/{eventId}': context,
	'GET rooms/{roomId}/relations/{eventId}': relations,
	'GET rooms/{roomId}/relations/{eventId}/{relType}': relations,
	'GET rooms/{roomId}/relations/{eventId}/{relType}/{type}': relations,
	'GET rooms/{roomId}/threads': call => {
		const {user, query} = call;
		const room = roomOf(call);
		const isVisible = createVisibility(room, user.id);
		const repliesTo = ({eventId}: StoredEvent): readonly StoredEvent[] =>
			(room.relations.get(eventId) ?? []).filter(
				child => relationOf(child).type === 'm.thread' && child.redaction === undefined,
			);
		const newest = (root: StoredEvent): number => repliesTo(root).at(-1)?.position ?? 0;
		const isOwnOnly = query.get('include') === 'participated';
		const from = tokenOf(query.get('from')) ?? Number.POSITIVE_INFINITY;
		const roots = room.timeline
			.filter(event => {
				const replies = repliesTo(event);
				const isMeant = !isOwnOnly || [event, ...replies].some(({sender}) => sender === user.id);
				return replies.length > 0 && isVisible(event) && isMeant && newest(event) <= from;
			})
			.toSorted((one, other) => newest(other) - newest(one));
		const page = roots.slice(0, limitOf(query.get('limit'), usualLimit));
		const last = page.at(-1);
		return {
			chunk: page.map(event => clientEvent(event, user.id)),
			...(last === undefined || page.length === roots.length ? {} : {next_batch: `t${newest(last) - 1}`}),
		};
	},
};
