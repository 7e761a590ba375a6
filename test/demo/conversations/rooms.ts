/** Making rooms with every preset, and who is in them. */
import {by, type Conversation} from '../requests.ts';

const anna = by('anna');
const bob = by('bob');
const carl = by('carl');

const lostReason = 'Synapse loses the reason of a join';

const presets = ['private_chat', 'trusted_private_chat', 'public_chat'];

export const creation: Conversation = {
	title: 'making rooms',
	people: ['anna', 'bob'],
	asks: [
		...presets.flatMap(preset => [
			anna(
				'POST createRoom',
				{preset, room_version: '11', invite: ['{bob}'], name: preset},
				{
					keep: {[`${preset}.room`]: 'room_id'},
				},
			),
			anna(`GET rooms/{${preset}.room}/state`),
			anna(`GET rooms/{${preset}.room}/messages?dir=b&limit=100`),
			anna(`GET directory/list/room/{${preset}.room}`),
		]),
		anna('POST createRoom', {}, {keep: {plain: 'room_id'}}),
		anna('GET rooms/{plain}/state'),
		anna(
			'POST createRoom',
			{
				visibility: 'public',
				room_alias_name: '{unique}',
				topic: 'What it is about',
				name: 'All of it',
				creation_content: {type: 'm.space', 'm.federate': false},
				power_level_content_override: {events_default: 50, users: {'{anna}': 100, '{bob}': 50}},
				initial_state: [
					{type: 'm.room.history_visibility', content: {history_visibility: 'joined'}},
					{type: 'm.room.join_rules', state_key: '', content: {join_rule: 'knock'}},
					{type: 'm.room.encryption', state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}},
					{type: 'org.test', state_key: 'key', content: {value: 1}},
				],
			},
			{keep: {full: 'room_id'}},
		),
		anna('GET rooms/{full}/state'),
		anna('GET directory/list/room/{full}'),
		anna('GET rooms/{full}/messages?dir=b&limit=100'),
		anna('POST createRoom', {room_alias_name: '{unique}'}),
		anna('POST createRoom', {preset: 'no_such_preset'}),
		anna('POST createRoom', {room_version: 'no such version'}),
		anna('POST createRoom', {invite: ['nobody']}),
		anna(
			'POST createRoom',
			{is_direct: true, invite: ['{bob}'], preset: 'trusted_private_chat'},
			{
				keep: {direct: 'room_id'},
			},
		),
		anna('GET rooms/{direct}/state/m.room.member/{bob}?format=event'),
	],
};

export const membership: Conversation = {
	title: 'who is in a room',
	people: ['anna', 'bob', 'carl'],
	asks: [
		anna('POST createRoom', {preset: 'private_chat', name: 'Private'}, {keep: {room: 'room_id'}}),
		bob('POST join/{room}'),
		bob('POST rooms/{room}/join', {}),
		bob('POST join/!none:{server}', undefined, {differs: {'/errcode': 'the specification names no code'}}),
		bob('POST join/%23none:{server}'),
		bob('POST rooms/{room}/invite', {user_id: '{carl}'}),
		anna('POST rooms/{room}/invite', {user_id: '{bob}', reason: 'come'}),
		anna('POST rooms/{room}/invite', {user_id: '{bob}'}),
		anna('POST rooms/{room}/invite', {}),
		bob('POST rooms/{room}/join', {reason: 'gladly'}),
		bob('POST join/{room}'),
		anna('POST rooms/{room}/invite', {user_id: '{bob}'}),
		anna('GET rooms/{room}/state/m.room.member/{bob}', undefined, {differs: {'/reason': lostReason}}),
		anna('GET rooms/{room}/members', undefined, {differs: {'/chunk/1/content/reason': lostReason}}),
		carl('GET rooms/{room}/members'),
		carl('GET rooms/{room}/state'),
		bob('POST rooms/{room}/invite', {user_id: '{carl}'}),
		anna('GET rooms/{room}/members?membership=join', undefined, {differs: {'/chunk/1/content/reason': lostReason}}),
		anna('GET rooms/{room}/members?membership=invite'),
		anna('GET rooms/{room}/members?not_membership=join'),
		carl('POST rooms/{room}/leave'),
		carl('POST rooms/{room}/leave'),
		carl('POST rooms/{room}/forget'),
		bob('POST rooms/{room}/kick', {user_id: '{anna}'}),
		bob('POST rooms/{room}/ban', {user_id: '{carl}'}),
		anna('POST rooms/{room}/kick', {user_id: '{carl}'}),
		anna('POST rooms/{room}/kick', {user_id: '{bob}', reason: 'enough'}),
		anna('GET rooms/{room}/state/m.room.member/{bob}'),
		bob('GET rooms/{room}/state/m.room.name'),
		bob('GET rooms/{room}/members'),
		bob('PUT rooms/{room}/send/m.room.message/t', {body: 'x', msgtype: 'm.text'}),
		anna('POST rooms/{room}/ban', {user_id: '{bob}', reason: 'really'}),
		anna('POST rooms/{room}/invite', {user_id: '{bob}'}),
		bob('POST join/{room}'),
		anna('POST rooms/{room}/unban', {user_id: '{carl}'}),
		anna('POST rooms/{room}/unban', {user_id: '{bob}'}),
		anna('POST rooms/{room}/invite', {user_id: '{bob}'}),
		bob('POST join/{room}'),
		bob('POST rooms/{room}/forget'),
		bob('POST rooms/{room}/leave', {reason: 'bye'}),
		bob('POST rooms/{room}/forget'),
		bob('GET rooms/{room}/state'),
		anna('POST rooms/!none:{server}/leave', undefined, {differs: {'/errcode': 'the specification names no code'}}),
		anna('GET rooms/!none:{server}/state'),
		anna('GET rooms/{room}/members'),
		carl('POST knock/{room}', {}),
		anna('PUT rooms/{room}/state/m.room.join_rules', {join_rule: 'knock'}),
		carl('POST knock/{room}', {reason: 'may I?'}),
		carl('POST join/{room}', {}),
		anna('GET rooms/{room}/state/m.room.member/{carl}'),
		anna('POST rooms/{room}/invite', {user_id: '{carl}'}),
		carl('POST knock/{room}', {}),
		carl('POST join/{room}', {}),
		carl('POST knock/{room}', {}),
		anna('POST createRoom', {preset: 'public_chat'}, {keep: {open: 'room_id'}}),
		bob('POST join/{open}', {}),
		bob('PUT rooms/{open}/state/m.room.member/{bob}', {membership: 'join', displayname: 'Bob here'}),
		bob('PUT rooms/{open}/state/m.room.member/{anna}', {membership: 'leave'}),
		bob('PUT rooms/{open}/state/m.room.member/{bob}', {membership: 'nonsense'}),
		anna('POST createRoom', {creation_content: {type: 'm.space'}}, {keep: {space: 'room_id'}}),
		anna(
			'POST createRoom',
			{
				initial_state: [
					{
						type: 'm.room.join_rules',
						state_key: '',
						content: {join_rule: 'restricted', allow: [{type: 'm.room_membership', room_id: '{space}'}]},
					},
				],
			},
			{keep: {restricted: 'room_id'}},
		),
		bob('POST join/{restricted}', {}),
		anna('POST rooms/{space}/invite', {user_id: '{bob}'}),
		bob('POST join/{space}', {}),
		bob('POST join/{restricted}', {}),
	],
};
