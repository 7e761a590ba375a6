/** What a client gets by sync: first and later ones, gaps, lazy members, invitations, rooms that were left, filters. */
import {by, text, type Conversation} from '../requests.ts';

const anna = by('anna');
const bob = by('bob');
const carl = by('carl');

const say = (who: typeof anna, number: number, room = 'room') =>
	who(`PUT rooms/{${room}}/send/m.room.message/s${number}`, text(`${number}`), {keep: {[`s${number}`]: 'event_id'}});
const lazy = '{"room":{"state":{"lazy_load_members":true},"timeline":{"limit":2}}}';
const few = '{"room":{"timeline":{"limit":2}}}';
const since = (person: string, more = '') => `GET sync?since={${person}.since}${more}`;
const keep = (person: string) => ({keep: {[`${person}.since`]: 'next_batch'}});

const newRoom = {
	'/rooms/join/{room}/timeline/limited': 'for Synapse a room that is new is limited, even if all of it is there',
};
const stateAfter = 'Synapse tells the state after the first event of the timeline, not before it';
const partedLater = {'/device_lists/left': 'Synapse notices only later that somebody else has left, too'};
const oldReceipts = {'/rooms/join/{room}/ephemeral': 'the demo tells newcomers what others have read before'};
const redundant = {'/rooms/join/{room}/state': 'the demo does not note which members a client has'};

export const syncing: Conversation = {
	title: 'sync',
	people: ['anna', 'bob', 'carl'],
	asks: [
		anna('GET sync', undefined, keep('anna')),
		anna(since('anna')),
		anna(since('anna', '&timeout=50'), undefined, keep('anna')),
		anna('GET sync?since=nonsense'),
		bob('GET sync', undefined, keep('bob')),
		anna('POST createRoom', {preset: 'private_chat', name: 'Room', invite: ['{bob}']}, {keep: {room: 'room_id'}}),
		anna(since('anna', '&timeout=5000'), undefined, {...keep('anna'), differs: newRoom}),
		bob(since('bob', '&timeout=5000'), undefined, keep('bob')),
		bob('GET sync'),
		say(anna, 1),
		anna(since('anna', '&timeout=5000'), undefined, keep('anna')),
		bob('POST join/{room}', {}),
		// Until then Synapse counts the invitation, or not, after a while.
		bob('POST rooms/{room}/receipt/m.read/{s1}', {}),
		bob(since('bob', '&timeout=5000'), undefined, {...keep('bob'), differs: newRoom}),
		anna(since('anna', '&timeout=5000'), undefined, keep('anna')),
		say(anna, 2),
		say(anna, 3),
		anna('PUT rooms/{room}/state/m.room.topic', {topic: 'Between'}),
		say(anna, 4),
		say(bob, 5),
		bob(since('bob', `&filter=${few}`), undefined, {keep: {gap: 'rooms/join/{room}/timeline/prev_batch'}}),
		bob('GET rooms/{room}/messages?dir=b&limit=2&from={gap}'),
		bob('GET rooms/{room}/messages?dir=b&limit=20&from={gap}&to={bob.since}'),
		bob(since('bob', '&filter={"room":{"timeline":{"types":["m.room.topic"]}}}')),
		bob(since('bob', '&filter={"room":{"rooms":[]}}')),
		bob(since('bob', '&filter={"room":{"not_rooms":["!a:x"]}}')),
		bob(since('bob', '&filter={"room":{"state":{"types":[]},"timeline":{"limit":1}}}')),
		bob('GET sync', undefined, keep('bob')),
		bob(`GET sync?filter=${few}`),
		bob(`GET sync?filter=${lazy}`),
		anna('POST rooms/{room}/invite', {user_id: '{carl}'}),
		carl('GET sync', undefined, keep('carl')),
		carl('POST join/{room}', {}),
		carl(since('carl', `&timeout=5000&filter=${lazy}`), undefined, {
			...keep('carl'),
			differs: {'/rooms/join/{room}/state': stateAfter, ...oldReceipts},
		}),
		say(anna, 6),
		carl(since('carl', `&timeout=5000&filter=${lazy}`), undefined, {...keep('carl'), differs: redundant}),
		bob(since('bob', `&filter=${lazy}`), undefined, {...keep('bob'), differs: redundant}),
		carl('PUT profile/{carl}/displayname', {displayname: 'Carl'}),
		anna('GET rooms/{room}/state/m.room.member/{carl}', undefined, {until: ({displayname}) => displayname === 'Carl'}),
		anna('PUT user/{anna}/account_data/m.test', {a: 1}),
		anna('PUT user/{anna}/rooms/{room}/account_data/m.test', {b: 1}),
		anna('PUT user/{anna}/rooms/{room}/tags/m.favourite', {order: 0.1}),
		anna(since('anna', '&timeout=5000'), undefined, keep('anna')),
		anna('PUT user/{anna}/account_data/m.test', {a: 2}),
		anna(since('anna', '&filter={"account_data":{"types":["m.none"]}}')),
		anna(since('anna', '&timeout=5000'), undefined, keep('anna')),
		bob('PUT rooms/{room}/redact/{s5}/r', {reason: 'oops'}),
		anna(since('anna', '&timeout=5000'), undefined, keep('anna')),
		// The same device as that which sent it is told the transaction id.
		bob(since('bob', '&timeout=5000'), undefined, keep('bob')),
		bob('POST rooms/{room}/leave', {}),
		bob(since('bob', '&timeout=5000'), undefined, keep('bob')),
		say(anna, 7),
		bob(since('bob')),
		bob('GET sync'),
		anna(since('anna', '&timeout=5000'), undefined, keep('anna')),
		anna('POST rooms/{room}/kick', {user_id: '{carl}', reason: 'enough'}),
		carl(since('carl', '&timeout=5000'), undefined, {...keep('carl'), differs: partedLater}),
		anna('POST rooms/{room}/invite', {user_id: '{carl}'}),
		carl(since('carl', '&timeout=5000'), undefined, keep('carl')),
		carl('POST rooms/{room}/leave', {}),
		carl(since('carl', '&timeout=5000'), undefined, keep('carl')),
		anna('POST rooms/{room}/invite', {user_id: '{carl}'}),
		carl('POST join/{room}', {}),
		carl(since('carl', '&timeout=5000'), undefined, {...keep('carl'), differs: {...partedLater, ...oldReceipts}}),
		anna('PUT rooms/{room}/state/m.room.join_rules', {join_rule: 'knock'}),
		bob('POST knock/{room}', {reason: 'again'}),
		bob(since('bob', '&timeout=5000'), undefined, keep('bob')),
		anna('POST rooms/{room}/invite', {user_id: '{bob}'}),
		bob(since('bob', '&timeout=5000'), undefined, keep('bob')),
		anna(
			'POST createRoom',
			{
				invite: ['{bob}', '{carl}'],
				is_direct: true,
				initial_state: [{type: 'm.room.encryption', content: {algorithm: 'm.megolm.v1.aes-sha2'}}],
			},
			{keep: {heroes: 'room_id'}},
		),
		bob('POST join/{heroes}', {}),
		carl(since('carl', '&timeout=5000'), undefined, keep('carl')),
		carl('POST join/{heroes}', {}),
		carl(since('carl', `&timeout=5000&filter=${lazy}`), undefined, {
			differs: {'/rooms/join/{heroes}/state': stateAfter},
		}),
		carl('POST rooms/{heroes}/leave', {}),
		bob('POST rooms/{heroes}/leave', {}),
		anna('POST rooms/{room}/leave', {}),
		anna(`GET sync?filter=${lazy}`, undefined, {differs: {'/rooms/join/{heroes}/state': stateAfter}}),
	],
};
