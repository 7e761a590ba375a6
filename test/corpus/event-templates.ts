/** Well-formed events of every kind that mx or its SDK reads, each with all the fields that anybody looks at. */
import type {JsonObject} from '../../source/domain/json.ts';

import {
	anna,
	info,
	mxc,
	owner,
	stateTemplates,
	targetId,
	type EventPlace,
	type EventTemplate,
} from './state-templates.ts';

const file = {
	url: mxc,
	key: {k: 'x', alg: 'A256CTR', kty: 'oct', key_ops: ['encrypt'], ext: true},
	iv: 'i',
	hashes: {},
	v: 'v2',
};
const unsigned = {age: 5, transaction_id: 't1', 'm.relations': {'m.thread': {count: 1, latest_event: {type: 'm.x'}}}};

const timeline = (name: string, type: string, content: JsonObject, more: JsonObject = {}): EventTemplate => ({
	name,
	place: 'timeline',
	event: {type, event_id: '$own', sender: anna, origin_server_ts: 1_700_000_000_000, content, unsigned, ...more},
});

const message = (name: string, content: JsonObject): EventTemplate => timeline(name, 'm.room.message', content);

const data = (place: EventPlace, type: string, content: JsonObject, more: JsonObject = {}): EventTemplate => ({
	name: type,
	place,
	event: {type, content, ...more},
});

const relates = (relation: JsonObject, content: JsonObject = {}): JsonObject => ({
	...content,
	'm.relates_to': relation,
});
const toTarget = (relation: string): JsonObject => ({rel_type: relation, event_id: targetId});
const text = {msgtype: 'm.text', body: 'words'};
const megolm = {
	algorithm: 'm.megolm.v1.aes-sha2',
	sender_key: 'k',
	ciphertext: 'AwgA',
	session_id: 's',
	device_id: 'D',
};
const html = {
	...text,
	format: 'org.matrix.custom.html',
	formatted_body: '<b>words</b>',
	'm.mentions': {user_ids: [owner], room: true},
};

const messages: readonly EventTemplate[] = [
	message('text', html),
	message('emote', {...html, msgtype: 'm.emote'}),
	message('bridged', {
		...html,
		'com.beeper.per_message_profile': {id: 'w', displayname: 'words', avatar_url: mxc, has_fallback: true},
		'com.beeper.action_message': {type: 'call', call_type: 'video'},
		'com.beeper.transcription': {text: 'words'},
		'com.beeper.message_send_retry': {original_event_id: targetId, retry_count: 1},
		'com.beeper.disappearing_timer': {type: 'after_read', timer: 1000},
		'cc.etke.postmoogle.from': 'anna@mail.test',
		'cc.etke.postmoogle.subject': 'words',
		'fi.mau.signal.contact': {name: {display_name: 'Anna'}, number: [{value: '+1'}]},
		external_url: 'https://one.test/a',
	}),
	timeline(
		'send status',
		'com.beeper.message_send_status',
		relates(toTarget('m.reference'), {
			status: 'FAIL_RETRIABLE',
			reason: 'm.foreign_network_error',
			message: 'words',
			delivered_to_users: [anna],
			network: 'signal',
		}),
	),
	message('notice', {...text, msgtype: 'm.notice'}),
	message('image', {msgtype: 'm.image', body: 'a', filename: 'a.png', url: mxc, info, file}),
	message('video', {msgtype: 'm.video', body: 'a', url: mxc, info: {...info, duration: 900}}),
	message('audio', {
		msgtype: 'm.audio',
		body: 'a',
		url: mxc,
		info,
		'org.matrix.msc3245.voice': {},
		'org.matrix.msc1767.audio': {duration: 1, waveform: [1]},
	}),
	message('file', {msgtype: 'm.file', body: 'a', filename: 'a', file, info}),
	message('location', {
		msgtype: 'm.location',
		body: 'a',
		geo_uri: 'geo:1,2',
		'org.matrix.msc3488.location': {uri: 'geo:1,2'},
	}),
	message('server notice', {
		msgtype: 'm.server_notice',
		body: 'a',
		admin_contact: 'x',
		server_notice_type: 'y',
		limit_type: 'z',
	}),
	message('verification request', {
		msgtype: 'm.key.verification.request',
		body: 'a',
		from_device: 'D',
		methods: ['m.sas.v1'],
		to: owner,
	}),
	message('reply', relates({'m.in_reply_to': {event_id: targetId}}, text)),
	message(
		'thread',
		relates({...toTarget('m.thread'), is_falling_back: true, 'm.in_reply_to': {event_id: targetId}}, text),
	),
	message('edit', relates(toTarget('m.replace'), {...text, 'm.new_content': text})),
	timeline('bundled edit', 'm.room.message', text, {
		unsigned: {
			'm.relations': {
				'm.replace': {
					type: 'm.room.message',
					event_id: '$edit',
					sender: anna,
					origin_server_ts: 1,
					content: relates({rel_type: 'm.replace', event_id: '$own'}, {...text, 'm.new_content': text}),
				},
			},
		},
	}),
	timeline('encrypted', 'm.room.encrypted', megolm),
	timeline('encrypted edit', 'm.room.encrypted', relates(toTarget('m.replace'), megolm)),
	timeline('reaction', 'm.reaction', relates({...toTarget('m.annotation'), key: '👍'})),
	timeline('redaction', 'm.room.redaction', {reason: 'x'}, {redacts: '$gone'}),
	timeline('redaction since room version 11', 'm.room.redaction', {redacts: '$gone', reason: 'x'}),
	timeline(
		'redacted message',
		'm.room.message',
		{},
		{
			unsigned: {
				redacted_because: {
					type: 'm.room.redaction',
					sender: anna,
					event_id: '$r',
					origin_server_ts: 1,
					content: {redacts: '$own'},
					redacts: '$own',
				},
			},
		},
	),
	timeline('sticker', 'm.sticker', {body: 'a', url: mxc, info}),
	timeline('poll', 'm.poll.start', {
		'm.text': [{body: 'q'}],
		'm.poll': {
			kind: 'm.disclosed',
			max_selections: 1,
			question: {'m.text': 'q'},
			answers: [{'m.id': 'a', 'm.text': 'A'}],
		},
	}),
	timeline('poll answer', 'm.poll.response', relates(toTarget('m.reference'), {'m.selections': ['a']})),
	timeline('beacon', 'm.beacon', relates(toTarget('m.reference'), {'m.location': {uri: 'geo:1,2'}, 'm.ts': 1})),
	timeline('call', 'm.call.invite', {
		call_id: 'c',
		party_id: 'p',
		lifetime: 1,
		version: '1',
		offer: {type: 'offer', sdp: 'x'},
	}),
	timeline(
		'verification',
		'm.key.verification.start',
		relates(toTarget('m.reference'), {from_device: 'D', method: 'm.sas.v1'}),
	),
	timeline('unknown type', 'org.example.unknown', {anything: {at: ['all']}}),
];

const pushRule = {
	rule_id: '.m.rule.x',
	default: true,
	enabled: true,
	actions: ['notify', {set_tweak: 'sound', value: 'x'}],
	conditions: [
		{kind: 'event_match', key: 'type', pattern: 'm.x'},
		{kind: 'room_member_count', is: '2'},
	],
};

const others: readonly EventTemplate[] = [
	data('room-account-data', 'm.tag', {tags: {'m.favourite': {order: 0.5}}}),
	data('room-account-data', 'm.fully_read', {event_id: targetId}),
	data('room-account-data', 'm.marked_unread', {unread: true}),
	data('ephemeral', 'm.receipt', {
		[targetId]: {'m.read': {[anna]: {ts: 1, thread_id: 'main'}}, 'm.read.private': {[owner]: {ts: 1}}},
	}),
	data('ephemeral', 'm.typing', {user_ids: [anna]}),
	data('account-data', 'm.direct', {[anna]: ['!r0:example.org']}),
	data('account-data', 'm.push_rules', {
		global: {
			override: [pushRule],
			content: [{...pushRule, pattern: 'me'}],
			room: [pushRule],
			sender: [],
			underride: [],
		},
		device: {},
	}),
	data('account-data', 'm.ignored_user_list', {ignored_users: {'@x:y': {}}}),
	data('account-data', 'm.secret_storage.default_key', {key: 'abc'}),
	data('account-data', 'm.cross_signing.master', {encrypted: {abc: {iv: 'i', ciphertext: 'c', mac: 'm'}}}),
	data(
		'to-device',
		'm.room_key',
		{algorithm: 'm.megolm.v1.aes-sha2', room_id: '!r0:example.org', session_id: 's', session_key: 'k'},
		{sender: anna},
	),
	data(
		'to-device',
		'm.room_key_request',
		{
			action: 'request',
			body: {algorithm: 'x', room_id: '!r', sender_key: 'k', session_id: 's'},
			request_id: 'r',
			requesting_device_id: 'D',
		},
		{sender: owner},
	),
	data(
		'to-device',
		'm.room.encrypted',
		{algorithm: 'm.olm.v1.curve25519-aes-sha2', sender_key: 'k', ciphertext: {k: {type: 0, body: 'x'}}},
		{sender: anna},
	),
	data(
		'to-device',
		'm.key.verification.request',
		{from_device: 'D', methods: ['m.sas.v1'], timestamp: 1, transaction_id: 't'},
		{sender: owner},
	),
	data('to-device', 'm.secret.send', {request_id: 'r', secret: 's'}, {sender: owner}),
	data(
		'presence',
		'm.presence',
		{presence: 'online', last_active_ago: 1, status_msg: 'x', currently_active: true},
		{sender: anna},
	),
];

/** The kinds of events. */
export const eventTemplates: readonly EventTemplate[] = [...messages, ...stateTemplates, ...others];

/** Members of a room of a sync response, other than its events. */
export const roomTemplate: JsonObject = {
	timeline: {limited: false, prev_batch: 'p', events: []},
	state: {events: []},
	ephemeral: {events: []},
	account_data: {events: []},
	summary: {'m.heroes': [anna], 'm.joined_member_count': 2, 'm.invited_member_count': 0},
	unread_notifications: {notification_count: 1, highlight_count: 0},
	unread_thread_notifications: {[targetId]: {notification_count: 1, highlight_count: 0}},
	'org.matrix.msc4222.state_after': {events: []},
};

/** Members of a sync response, other than its rooms, its token and its events. */
export const envelopeTemplate: JsonObject = {
	account_data: {events: []},
	presence: {events: []},
	to_device: {events: []},
	device_lists: {changed: [anna], left: ['@gone:example.org']},
	device_one_time_keys_count: {signed_curve25519: 50},
	device_unused_fallback_key_types: ['signed_curve25519'],
	groups: {join: {}},
};
