/** Well-formed state events of every kind, and who and what is in all templates. */
import type {JsonObject} from '../../source/domain/json.ts';

/** Where an event stands in a sync response. */
export type EventPlace =
	| 'timeline'
	| 'state'
	| 'room-account-data'
	| 'ephemeral'
	| 'account-data'
	| 'to-device'
	| 'presence';

export type EventTemplate = {readonly name: string; readonly place: EventPlace; readonly event: JsonObject};

/** The person whose account it is, and one other; both are in all rooms. */
export const owner = '@me:example.org';
export const anna = '@anna:example.org';

/** In every room there is a message of this id, for relations. */
export const targetId = '$target';

export const mxc = 'mxc://example.org/abc';
export const info = {mimetype: 'image/png', size: 5, w: 10, h: 20, thumbnail_url: mxc, thumbnail_info: {w: 1, h: 1}};
const state = (type: string, content: JsonObject, stateKey = ''): EventTemplate => ({
	name: type,
	place: 'state',
	event: {
		type,
		event_id: '$own',
		sender: anna,
		origin_server_ts: 1_700_000_000_000,
		state_key: stateKey,
		content,
		unsigned: {prev_content: content, replaces_state: '$old', age: 1},
	},
});

/** The kinds of state events. */
export const stateTemplates: readonly EventTemplate[] = [
	state('m.room.create', {
		room_version: '10',
		type: 'x',
		creator: anna,
		predecessor: {room_id: '!old:x', event_id: '$e'},
		'm.federate': true,
	}),
	state(
		'm.room.member',
		{
			membership: 'join',
			displayname: 'Anna',
			avatar_url: mxc,
			is_direct: true,
			reason: 'r',
			third_party_invite: {signed: {mxid: anna}},
		},
		anna,
	),
	{...state('m.room.member', {membership: 'join', displayname: 'Me', avatar_url: mxc}, owner), name: 'own member'},
	state('m.room.name', {name: 'Name'}),
	state('m.room.topic', {topic: 'Topic', 'm.topic': {'m.text': [{body: 'T', mimetype: 'text/plain'}]}}),
	state('m.room.avatar', {url: mxc, info}),
	state('m.room.canonical_alias', {alias: '#a:example.org', alt_aliases: ['#b:example.org']}),
	state('m.room.power_levels', {
		ban: 50,
		kick: 50,
		redact: 50,
		invite: 0,
		events_default: 0,
		state_default: 50,
		users_default: 0,
		users: {[anna]: 100},
		events: {'m.room.name': 50},
		notifications: {room: 50},
	}),
	state('m.room.join_rules', {join_rule: 'restricted', allow: [{type: 'm.room_membership', room_id: '!x:y'}]}),
	state('m.room.history_visibility', {history_visibility: 'shared'}),
	state('m.room.guest_access', {guest_access: 'can_join'}),
	state('m.room.server_acl', {allow: ['*'], deny: ['x'], allow_ip_literals: false}),
	state('m.room.tombstone', {body: 'moved', replacement_room: '!new:x'}),
	state('m.room.pinned_events', {pinned: [targetId]}),
	state(
		'm.room.third_party_invite',
		{display_name: 'A', key_validity_url: 'https://x', public_key: 'k', public_keys: [{public_key: 'k'}]},
		'token',
	),
	state(
		'm.bridge',
		{
			bridgebot: anna,
			creator: anna,
			protocol: {id: 'signal', displayname: 'Signal', avatar_url: mxc},
			network: {id: 'n'},
			channel: {id: 'c', displayname: 'C'},
		},
		'key',
	),
	state('m.space.child', {via: ['example.org'], order: 'a', suggested: true}, '!child:x'),
	state('m.space.parent', {via: ['example.org'], canonical: true}, '!parent:x'),
	state('m.beacon_info', {description: 'd', timeout: 1, live: true, 'm.ts': 1, 'm.asset': {type: 'm.self'}}, anna),
	state('m.policy.rule.user', {entity: '@x:*', reason: 'r', recommendation: 'm.ban'}, 'rule'),
	state(
		'org.matrix.msc3401.call.member',
		{memberships: [{call_id: '', device_id: 'D', expires: 1, foci_active: []}], 'm.calls': []},
		anna,
	),
	// The last one: rooms are encrypted from then on.
	state('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2', rotation_period_ms: 1, rotation_period_msgs: 100}),
];
