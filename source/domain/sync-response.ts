/** The parts of a /sync response that mx reads (client-server API §GET /sync), narrowed but not copied. */
import {asArray, asInteger, asObject, asString, isObject, type JsonObject} from './json.ts';

/** In which of the four lists a room came. */
export type RoomCategory = 'join' | 'invite' | 'knock' | 'leave';

/** One room of a response. */
export type SyncRoom = {
	readonly roomId: string;
	readonly category: RoomCategory;
	/** State before the timeline, or stripped state of an invitation or a knock. */
	readonly state: readonly JsonObject[];
	/** State after the timeline (MSC4222); then state events in the timeline do not count as state. */
	readonly stateAfter: readonly JsonObject[] | undefined;
	readonly timeline: readonly unknown[];
	readonly isLimited: boolean;
	readonly previousToken: string | undefined;
	readonly receipts: JsonObject | undefined;
	/** User ids that type, when the response says so. */
	readonly typing: readonly string[] | undefined;
	readonly accountData: readonly JsonObject[];
	readonly unreadCount: number | undefined;
	readonly highlightCount: number | undefined;
	readonly heroes: readonly string[] | undefined;
	readonly joinedCount: number | undefined;
	readonly invitedCount: number | undefined;
};

const eventsOf = (value: unknown): readonly JsonObject[] => asArray(asObject(value)['events']).filter(isObject);

const stateFields: Record<RoomCategory, string> = {
	join: 'state',
	leave: 'state',
	invite: 'invite_state',
	knock: 'knock_state',
};

/** Total: what is missing or of the wrong shape is left out. */
export const parseSyncRoom = (roomId: string, category: RoomCategory, value: unknown): SyncRoom => {
	const room = asObject(value);
	const timeline = asObject(room['timeline']);
	const ephemeral = eventsOf(room['ephemeral']);
	const unread = asObject(room['unread_notifications']);
	const summary = asObject(room['summary']);
	const typing = ephemeral.findLast(event => event['type'] === 'm.typing');
	const receipts = ephemeral.filter(event => event['type'] === 'm.receipt').map(event => asObject(event['content']));
	const heroes = summary['m.heroes'];
	const stateAfter = room['state_after'] ?? room['org.matrix.msc4222.state_after'];
	return {
		roomId,
		category,
		state: eventsOf(room[stateFields[category]]),
		stateAfter: isObject(stateAfter) ? eventsOf(stateAfter) : undefined,
		timeline: asArray(timeline['events']),
		isLimited: timeline['limited'] === true,
		previousToken: asString(timeline['prev_batch']),
		receipts:
			receipts.length === 0 ? undefined : (Object.assign(Object.create(null) as object, ...receipts) as JsonObject),
		typing:
			typing === undefined
				? undefined
				: asArray(asObject(typing['content'])['user_ids']).filter(user => typeof user === 'string'),
		accountData: eventsOf(room['account_data']),
		unreadCount: asInteger(unread['notification_count']),
		highlightCount: asInteger(unread['highlight_count']),
		heroes: Array.isArray(heroes) ? asArray(heroes).filter(hero => typeof hero === 'string') : undefined,
		joinedCount: asInteger(summary['m.joined_member_count']),
		invitedCount: asInteger(summary['m.invited_member_count']),
	};
};
