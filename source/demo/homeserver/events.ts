/** Events come into rooms, and go to clients: state, redactions, relations (client-server API §Events; room version 11). */
import {asObject, asString, type JsonObject} from '../../domain/json.ts';
import {redactedState} from '../../domain/redacted-state.ts';
import {notifyMembers} from './push.ts';
import {ensure, newId, nextPosition, stateEvent, tell, userOf} from './world.ts';
import type {Room, StoredEvent, World} from './world.ts';

/** What is known of an event before it is in the room. */
export type NewEvent = Pick<StoredEvent, 'type' | 'sender' | 'content'> & {
	readonly stateKey?: string | undefined;
	/** @default now */
	readonly timestamp?: number | undefined;
	readonly origin?: StoredEvent['origin'];
	/** Notifies nobody, as what everybody has read already. */
	readonly isRead?: boolean;
};

export const relationOf = ({content}: Pick<StoredEvent, 'content'>) => {
	const relation = asObject(content['m.relates_to']);
	const [type, eventId, key] = ['rel_type', 'event_id', 'key'].map(name => asString(relation[name]));
	return {type, eventId, key, replyTo: asString(asObject(relation['m.in_reply_to'])['event_id'])};
};

/** @returns the events that relate so to an event and were not redacted, oldest first. @param type any without */
export const relatedTo = ({room, eventId}: StoredEvent, type?: string): readonly StoredEvent[] =>
	(room.relations.get(eventId) ?? []).filter(
		child => child.redaction === undefined && (type === undefined || relationOf(child).type === type),
	);

/** Puts an event into a room; whether its sender may is asked before (authorization.ts). */
export const addEvent = (world: World, room: Room, input: NewEvent): StoredEvent => {
	const {type, sender, content, stateKey, timestamp = world.now(), origin} = input;
	const given = {room, type, sender, timestamp, stateKey, content, origin, redaction: undefined};
	const replaced = stateKey === undefined ? undefined : stateEvent(room, type, stateKey);
	const event: StoredEvent = {position: nextPosition(world), eventId: `$${newId(43)}`, ...given, replaced};
	room.timeline.push(event);
	world.events.set(event.eventId, event);
	room.position = event.position;
	if (stateKey !== undefined) ensure(room.state, type, () => new Map<string, StoredEvent>()).set(stateKey, event);
	if (type === 'm.room.member' && stateKey !== undefined) {
		room.membersPosition = event.position;
		world.users.get(stateKey)?.rooms.add(room);
	}
	const {eventId: related} = relationOf(event);
	if (related !== undefined) ensure(room.relations, related, () => []).push(event);
	const target = type === 'm.room.redaction' ? world.events.get(asString(content['redacts']) ?? '') : undefined;
	if (target?.room === room) {
		target.redaction = event;
		target.content = asObject(redactedState({type: target.type, content: target.content})['content']);
	}
	if (input.isRead !== true) notifyMembers(world, event);
	tell(world, {kind: 'event', event});
	return event;
};

/** Who reads an event: a device's own transaction ids are told; a sync answer tells the room once for all its events. */
type Reader = {readonly userId: string; readonly deviceId?: string | undefined; readonly isSync?: boolean};

/** Events that a client gets with the event they relate to (§Aggregations of child events). */
const aggregations = (event: StoredEvent, reader: Reader): JsonObject | undefined => {
	const isEdit = ({sender}: StoredEvent): boolean => sender === event.sender && event.redaction === undefined;
	const edit = relatedTo(event, 'm.replace').findLast(isEdit);
	const replies = relatedTo(event, 'm.thread');
	const reply = replies.at(-1);
	const thread = reply && {
		latest_event: clientEvent(reply, reader),
		count: replies.length,
		current_user_participated: [event, ...replies].some(({sender}) => sender === reader.userId),
	};
	if (edit === undefined && thread === undefined) return undefined;
	return {'m.replace': edit && clientEvent(edit, reader), 'm.thread': thread};
};

/** @returns the event as clients get it (§Room event format). */
export const clientEvent = (event: StoredEvent, reader: Reader): JsonObject => {
	const {type, sender, content, stateKey, replaced, origin, redaction, room} = event;
	const isOwn = origin?.device.id === reader.deviceId && origin?.device.user.id === reader.userId;
	return {
		type,
		sender,
		content,
		state_key: stateKey,
		redacts: type === 'm.room.redaction' ? content['redacts'] : undefined,
		event_id: event.eventId,
		room_id: reader.isSync === true ? undefined : room.id,
		origin_server_ts: event.timestamp,
		unsigned: {
			transaction_id: isOwn ? origin?.txnId : undefined,
			replaces_state: replaced?.eventId,
			prev_content: replaced?.content,
			redacted_because: redaction && clientEvent(redaction, reader),
			'm.relations': room.relations.has(event.eventId) ? aggregations(event, reader) : undefined,
		},
	};
};

/** The types of state that an invited person sees (§Stripped state). */
const strippedTypes = ['create', 'name', 'avatar', 'topic', 'join_rules', 'canonical_alias', 'encryption'];

/** @returns the state that somebody sees who is invited or knocks, their own member event last. */
export const strippedState = (room: Room, member: StoredEvent): readonly JsonObject[] => {
	const inviter = stateEvent(room, 'm.room.member', member.sender);
	const events = new Set([...strippedTypes.map(type => stateEvent(room, `m.room.${type}`)), inviter, member]);
	return [...events].flatMap(event => {
		if (event === undefined) return [];
		const told = {type: event.type, state_key: event.stateKey, sender: event.sender, content: event.content};
		return event === member ? [{...told, event_id: event.eventId, origin_server_ts: event.timestamp}] : [told];
	});
};

/** @returns a copy of the person's profile as the member event has it. */
export const memberContent = (world: World, userId: string, membership: string, more: JsonObject = {}): JsonObject => {
	const {displayname, avatar_url: avatar} = userOf(world, userId).profile;
	return {membership, displayname, avatar_url: avatar, ...more};
};
