/** What is left of a state event that was removed (room versions §Redactions). */
import {asObject, type JsonObject, type JsonValue} from './json.ts';

/** Members of `content` that stay, as in room version 11; of older versions a little less stays. */
const keptMembers: ReadonlyMap<string, readonly string[]> = new Map([
	['m.room.member', ['membership', 'join_authorised_via_users_server']],
	['m.room.join_rules', ['join_rule', 'allow']],
	['m.room.history_visibility', ['history_visibility']],
	[
		'm.room.power_levels',
		['ban', 'events', 'events_default', 'invite', 'kick', 'redact', 'state_default', 'users', 'users_default'],
	],
]);

/** @returns the state event without what a redaction takes from it; m.room.create and m.room.encryption stay as they are. */
export const redactedState = (event: JsonObject): JsonObject => {
	const {type, content} = event;
	// That a room is encrypted, and how, must not be taken back by anybody.
	if (typeof type !== 'string' || type === 'm.room.create' || type === 'm.room.encryption') return event;
	const kept: Record<string, JsonValue | undefined> = {};
	for (const name of keptMembers.get(type) ?? [])
		if (Object.hasOwn(asObject(content), name)) kept[name] = asObject(content)[name];
	return {...event, content: kept};
};
