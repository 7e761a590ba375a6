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
	/** Of the whole room, its threads included. */
	readonly unreadCount: number | undefined;
	readonly highlightCount: number | undefined;
	/** Of each thread by its root, where the server counts them; a thread that is not in it is read (MSC3773). */
	readonly threadCounts: ReadonlyMap<string, UnreadCounts> | undefined;
	readonly heroes: readonly string[] | undefined;
	readonly joinedCount: number | undefined;
	readonly invitedCount: number | undefined;
	/** Events outside of the timeline that are none. */
	readonly skipped: number;
};

/** What is not read: messages that notify, and those of them that mention the account. */
export type UnreadCounts = {readonly unread: number; readonly highlights: number};

/** People that a room without a name is named after; servers send five. */
const maximumHeroes = 20;

/** State with a damaged content counts: that a room is encrypted is said by the type alone. */
const isUsable = (event: unknown): event is JsonObject => isObject(event) && typeof event['type'] === 'string';

const listOf = (value: unknown): readonly unknown[] => asArray(asObject(value)['events']);

const eventsOf = (value: unknown): readonly JsonObject[] => listOf(value).filter(isUsable);

const countOf = (value: unknown): number | undefined => {
	const count = asInteger(value);
	return count === undefined || count < 0 ? undefined : count;
};

const threadCountsOf = (value: unknown): ReadonlyMap<string, UnreadCounts> | undefined => {
	if (!isObject(value)) return undefined;
	return new Map(
		Object.entries(value).flatMap(([root, counts]) => {
			if (!root.startsWith('$')) return [];
			const {notification_count: unread, highlight_count: highlights} = asObject(counts);
			return [[root, {unread: countOf(unread) ?? 0, highlights: countOf(highlights) ?? 0}] as const];
		}),
	);
};

/** Beside counts of threads, the server's count of a room is that of its main timeline. */
const wholeCount = (
	main: number | undefined,
	threads: ReadonlyMap<string, UnreadCounts> | undefined,
	kind: keyof UnreadCounts,
): number | undefined =>
	main === undefined ? undefined : [...(threads?.values() ?? [])].reduce((sum, counts) => sum + counts[kind], main);

const stateFields: Record<RoomCategory, string> = {
	join: 'state',
	leave: 'state',
	invite: 'invite_state',
	knock: 'knock_state',
};

const isEncryption = (value: unknown): boolean =>
	asObject(value)['type'] === 'm.room.encryption' && asObject(value)['state_key'] === '';

/** @returns whether some event says that the room is encrypted, however damaged it is otherwise. */
export const saysEncrypted = ({
	state,
	stateAfter,
	timeline,
}: Pick<SyncRoom, 'state' | 'stateAfter' | 'timeline'>): boolean =>
	[state, stateAfter ?? [], timeline].some(list => list.some(isEncryption));

/** Total: what is missing or of the wrong shape is left out. */
export const parseSyncRoom = (roomId: string, category: RoomCategory, value: unknown): SyncRoom => {
	const room = asObject(value);
	const timeline = asObject(room['timeline']);
	const ephemeral = eventsOf(room['ephemeral']);
	const unread = asObject(room['unread_notifications']);
	const summary = asObject(room['summary']);
	const threadCounts = threadCountsOf(
		room['unread_thread_notifications'] ?? room['org.matrix.msc3773.unread_thread_notifications'],
	);
	const typing = ephemeral.findLast(event => event['type'] === 'm.typing');
	const receipts = ephemeral.filter(event => event['type'] === 'm.receipt').map(event => asObject(event['content']));
	const heroes = summary['m.heroes'];
	const stateAfter = room['state_after'] ?? room['org.matrix.msc4222.state_after'];
	const state = room[stateFields[category]];
	const lists = [state, stateAfter, room['ephemeral'], room['account_data']].flatMap(listOf);
	return {
		roomId,
		category,
		state: eventsOf(state),
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
		unreadCount: wholeCount(countOf(unread['notification_count']), threadCounts, 'unread'),
		highlightCount: wholeCount(countOf(unread['highlight_count']), threadCounts, 'highlights'),
		threadCounts,
		heroes: Array.isArray(heroes)
			? asArray(heroes)
					.slice(0, maximumHeroes)
					.filter(hero => typeof hero === 'string')
			: undefined,
		joinedCount: countOf(summary['m.joined_member_count']),
		invitedCount: countOf(summary['m.invited_member_count']),
		skipped: lists.filter(event => !isUsable(event)).length,
	};
};

/**
 * @returns the room as one value that is no event, for quarantine: it stands in the timeline as what cannot be read. What it says
 * of its encryption, and where its timeline begins, is kept.
 */
export const unreadableRoom = (roomId: string, category: RoomCategory, value: unknown): SyncRoom => {
	const room = asObject(value);
	const {limited, prev_batch: previousToken} = asObject(room['timeline']);
	const stateField = stateFields[category];
	const lists = [room[stateField], room['state_after'], room['org.matrix.msc4222.state_after'], room['timeline']];
	return parseSyncRoom(roomId, category, {
		[stateField]: {events: lists.flatMap(listOf).filter(isEncryption)},
		timeline: {events: [{room: value}], limited, prev_batch: previousToken},
	});
};
