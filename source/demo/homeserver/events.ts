/** Events come into rooms: state, redactions, relations (client-server API §Events; room version 11). */
import {asObject, asString, type JsonObject} from '../../domain/json.ts';
import {redactedState} from '../../domain/redacted-state.ts';
import {notifyMembers} from './push.ts';
import {newId, nextPosition, stateEvent, tell, userOf, type Room, type StoredEvent, type World} from './world.ts';

/** What is known of an event before it is in the room. */
export type NewEvent = Pick<StoredEvent, 'type' | 'sender' | 'content'> & {
	readonly stateKey?: string | undefined;
	/** @default now */
	readonly timestamp?: number | undefined;
	readonly origin?: StoredEvent['origin'];
	/** Notifies nobody, as what everybody has read already. */
	readonly isRead?: boolean;
};

/** The types of state that an invited person sees (§Stripped state). */
const strippedTypes = ['create', 'name', 'avatar', 'topic', 'join_rules', 'canonical_alias', 'encryption'];

const setState = (room: Room, event: StoredEvent, stateKey: string): void => {
	const ofType = room.state.get(event.type) ?? new Map<string, StoredEvent>();
	room.state.set(event.type, ofType.set(stateKey, event));
};

export const relationOf = ({content}: Pick<StoredEvent, 'content'>) => {
	const relation = asObject(content['m.relates_to']);
	const replyTo = asString(asObject(relation['m.in_reply_to'])['event_id']);
	return {type: asString(relation['rel_type']), eventId: asString(relation['event_id']), replyTo};
};

/** The event that a redaction names, before and since room version 11. */
export const redactedBy = (content: JsonObject): string | undefined => asString(content['redacts']);

const redact = (target: StoredEvent, redaction: StoredEvent): void => {
	target.redaction = redaction;
	target.content = asObject(redactedState({type: target.type, content: target.content})['content']);
};

/** Puts an event into a room; whether its sender may is asked before (authorization.ts). */
export const addEvent = (world: World, room: Room, input: NewEvent): StoredEvent => {
	const {type, sender, content, stateKey, origin} = input;
	const event: StoredEvent = {
		position: nextPosition(world),
		eventId: `$${newId(32)}`,
		room,
		type,
		sender,
		timestamp: input.timestamp ?? world.now(),
		stateKey,
		content,
		replaced: stateKey === undefined ? undefined : stateEvent(room, type, stateKey),
		origin,
		redaction: undefined,
	};
	room.timeline.push(event);
	world.events.set(event.eventId, event);
	room.position = event.position;
	if (stateKey !== undefined) setState(room, event, stateKey);
	if (type === 'm.room.member' && stateKey !== undefined) {
		room.membersPosition = event.position;
		world.users.get(stateKey)?.rooms.add(room);
	}
	const {eventId: related} = relationOf(event);
	if (related !== undefined) room.relations.set(related, [...(room.relations.get(related) ?? []), event]);
	const target = type === 'm.room.redaction' ? world.events.get(redactedBy(content) ?? '') : undefined;
	if (target?.room === room) redact(target, event);
	if (input.isRead !== true) notifyMembers(world, event);
	tell(world, {kind: 'event', event});
	return event;
};

/** Who reads an event. */
type Reader = {
	readonly userId: string;
	/** Its own transaction ids are told. */
	readonly deviceId: string | undefined;
	/** A sync answer tells the room once for all its events. */
	readonly isSync: boolean;
};

/** Events that a client gets with the event they relate to (§Aggregations of child events). */
const aggregations = (event: StoredEvent, reader: Reader): JsonObject => {
	const children = (event.room.relations.get(event.eventId) ?? []).filter(({redaction}) => redaction === undefined);
	const edits = children.filter(child => relationOf(child).type === 'm.replace' && child.sender === event.sender);
	const replies = children.filter(child => relationOf(child).type === 'm.thread');
	const [edit, reply] = [edits.at(-1), replies.at(-1)];
	return {
		...(edit === undefined || event.redaction !== undefined ? {} : {'m.replace': eventFor(reader, edit)}),
		...(reply === undefined
			? {}
			: {
					'm.thread': {
						latest_event: eventFor(reader, reply),
						count: replies.length,
						current_user_participated: [event, ...replies].some(({sender}) => sender === reader.userId),
					},
				}),
	};
};

const eventFor = (reader: Reader, event: StoredEvent): JsonObject => {
	const {userId, deviceId, isSync} = reader;
	const {type, sender, content, stateKey, replaced, origin, redaction, room} = event;
	const isOwn = origin?.device.id === deviceId && origin?.device.user.id === userId;
	const relations = room.relations.has(event.eventId) ? aggregations(event, reader) : {};
	const redacts = type === 'm.room.redaction' ? redactedBy(content) : undefined;
	return {
		type,
		sender,
		content,
		...(stateKey === undefined ? {} : {state_key: stateKey}),
		...(redacts === undefined ? {} : {redacts}),
		event_id: event.eventId,
		...(isSync ? {} : {room_id: room.id}),
		origin_server_ts: event.timestamp,
		unsigned: {
			...(origin !== undefined && isOwn ? {transaction_id: origin.txnId} : {}),
			...(replaced === undefined ? {} : {replaces_state: replaced.eventId, prev_content: replaced.content}),
			...(redaction === undefined ? {} : {redacted_because: eventFor(reader, redaction)}),
			...(Object.keys(relations).length === 0 ? {} : {'m.relations': relations}),
		},
	};
};

/** @returns the event as clients get it (§Room event format). @param deviceId who reads: its own transaction ids are told */
export const clientEvent = (event: StoredEvent, userId: string, deviceId?: string): JsonObject =>
	eventFor({userId, deviceId, isSync: false}, event);

/** @returns the event as it stands in a sync answer: without its room. */
export const syncEvent = (event: StoredEvent, userId: string, deviceId?: string): JsonObject =>
	eventFor({userId, deviceId, isSync: true}, event);

/** @returns the state that somebody sees who is invited or knocks, their own member event last. */
export const strippedState = (room: Room, member: StoredEvent): readonly JsonObject[] => {
	const sender = stateEvent(room, 'm.room.member', member.sender);
	const events = new Set([...strippedTypes.map(type => stateEvent(room, `m.room.${type}`)), sender, member]);
	return [...events].flatMap(event =>
		event === undefined
			? []
			: [
					{
						type: event.type,
						state_key: event.stateKey ?? '',
						sender: event.sender,
						content: event.content,
						...(event === member ? {event_id: event.eventId, origin_server_ts: event.timestamp} : {}),
					},
				],
	);
};

/** @returns a copy of the person's profile as the member event has it. */
export const memberContent = (world: World, userId: string, membership: string, more: JsonObject = {}): JsonObject => {
	const {displayname, avatar_url: avatar} = userOf(world, userId).profile;
	return {
		membership,
		...(displayname === undefined ? {} : {displayname}),
		...(avatar === undefined ? {} : {avatar_url: avatar}),
		...more,
	};
};
