/** What was read and what was not: receipts, typing, push rules, counts. */
import {asArray, asObject, type JsonObject} from '../../../source/domain/json.ts';
import {by, text, type Conversation} from '../requests.ts';

const anna = by('anna');
const bob = by('bob');
const carl = by('carl');

const thread = (event: string): JsonObject => ({'m.relates_to': {rel_type: 'm.thread', event_id: `{${event}}`}});
const countFilter = '{"room":{"timeline":{"limit":1,"unread_thread_notifications":true}},"presence":{"types":[]}}';

const stateAfter = 'Synapse tells the state after the first event of the timeline, not before it';
const unknown = 'Synapse takes receipts for events that it does not know';

/** Until then Synapse counts the invitation, or not, after a while. */
const readAll = (...people: readonly string[]) => [
	anna('PUT rooms/{room}/send/m.room.message/0', text('hello'), {keep: {hello: 'event_id'}}),
	...people.map(person => by(person)('POST rooms/{room}/receipt/m.read/{hello}', {})),
];

export const receipts: Conversation = {
	title: 'receipts, typing and unread counts',
	people: ['anna', 'bob', 'carl'],
	asks: [
		anna('POST createRoom', {preset: 'private_chat', invite: ['{bob}', '{carl}']}, {keep: {room: 'room_id'}}),
		bob('POST join/{room}', {}),
		carl('POST join/{room}', {}),
		...readAll('bob', 'carl'),
		anna('PUT rooms/{room}/send/m.room.message/1', text('first'), {keep: {first: 'event_id'}}),
		anna(
			'PUT rooms/{room}/send/m.room.message/2',
			{...text('for bob'), 'm.mentions': {user_ids: ['{bob}']}},
			{
				keep: {mention: 'event_id'},
			},
		),
		anna(
			'PUT rooms/{room}/send/m.room.message/3',
			{...text('in a thread'), ...thread('first')},
			{
				keep: {reply: 'event_id'},
			},
		),
		anna('PUT rooms/{room}/send/m.room.message/4', {...text('in a thread'), ...thread('first')}),
		anna('PUT rooms/{room}/send/m.room.message/5', {msgtype: 'm.notice', body: 'a notice'}),
		anna(
			'PUT rooms/{room}/send/m.room.message/6',
			{...text('all'), 'm.mentions': {room: true}},
			{
				keep: {last: 'event_id'},
			},
		),
		bob('GET sync', undefined, {keep: {since: 'next_batch'}, differs: {'/rooms/join/{room}/state': stateAfter}}),
		bob(`GET sync?filter=${countFilter}`),
		carl(`GET sync?filter=${countFilter}`),
		anna(`GET sync?filter=${countFilter}`),
		bob('POST rooms/{room}/receipt/m.read/{first}', {}),
		bob('GET sync?since={since}', undefined, {keep: {since: 'next_batch'}}),
		bob('POST rooms/{room}/receipt/m.read/{mention}', {thread_id: 'main'}),
		bob('POST rooms/{room}/receipt/m.read/{reply}', {thread_id: '{first}'}),
		bob('POST rooms/{room}/receipt/m.read/{reply}', {thread_id: 'main'}),
		bob('POST rooms/{room}/receipt/m.read/{mention}', {thread_id: '{first}'}),
		bob('POST rooms/{room}/receipt/m.read/{mention}', {thread_id: ''}),
		bob('POST rooms/{room}/receipt/m.read/{mention}', {thread_id: 7}),
		bob('POST rooms/{room}/receipt/m.none/{mention}', {}, {differs: {'/errcode': 'the specification names no code'}}),
		bob('POST rooms/{room}/receipt/m.read/$none', {}, {differs: {'': unknown}}),
		bob('POST rooms/{room}/receipt/m.fully_read/{mention}', {thread_id: 'main'}),
		bob(`GET sync?filter=${countFilter}`),
		anna('GET sync', undefined, {
			keep: {'anna.since': 'next_batch'},
			differs: {'/rooms/join/{room}/state': stateAfter},
		}),
		bob('POST rooms/{room}/receipt/m.read.private/{last}', {}),
		anna('GET sync?since={anna.since}'),
		bob('GET sync?since={since}'),
		bob('POST rooms/{room}/receipt/m.fully_read/{last}', {}),
		bob('GET user/{bob}/rooms/{room}/account_data/m.fully_read'),
		carl('POST rooms/{room}/read_markers', {'m.fully_read': '{mention}', 'm.read': '{last}'}),
		carl('GET user/{carl}/rooms/{room}/account_data/m.fully_read'),
		carl('POST rooms/{room}/read_markers', {'m.read': '$none'}, {differs: {'': unknown}}),
		carl(`GET sync?filter=${countFilter}`),
		by('anna')('GET sync?since={anna.since}', undefined, {keep: {'anna.since': 'next_batch'}}),
		bob('PUT rooms/{room}/typing/{bob}', {typing: true, timeout: 30_000}),
		bob('PUT rooms/{room}/typing/{anna}', {typing: true, timeout: 30_000}),
		anna('GET sync?since={anna.since}', undefined, {keep: {'anna.since': 'next_batch'}}),
		bob('PUT rooms/{room}/typing/{bob}', {typing: false}),
		anna('GET sync?since={anna.since}&timeout=5000'),
		carl('POST rooms/{room}/leave', {}),
		carl('PUT rooms/{room}/typing/{carl}', {typing: true}),
		carl(
			'POST rooms/{room}/receipt/m.read/{last}',
			{},
			{differs: {'': 'Synapse takes receipts of people who are gone'}},
		),
		// A room of two.
		bob('PUT rooms/{room}/send/m.room.message/7', text('for two'), {keep: {two: 'event_id'}}),
		anna(`GET sync?filter=${countFilter}`),
		anna('PUT rooms/{room}/redact/{two}/8', {}),
		anna(`GET sync?filter=${countFilter}`),
		anna('PUT rooms/{room}/send/m.room.message/9', text('own words read all')),
		anna(`GET sync?filter=${countFilter}`),
	],
};

const ruleIds = (answer: JsonObject, kind: string): readonly unknown[] =>
	asArray(asObject(answer['global'])[kind]).map(rule => asObject(rule)['rule_id']);

export const pushRules: Conversation = {
	title: 'push rules',
	people: ['anna', 'bob'],
	asks: [
		anna('GET pushrules/'),
		anna('PUT pushrules/global/content/tea', {pattern: 'tea', actions: ['notify', {set_tweak: 'highlight'}]}),
		anna('PUT pushrules/global/content/.tea', {pattern: 'tea', actions: ['notify']}),
		anna('PUT pushrules/global/content/cake', {actions: ['notify']}),
		anna('PUT pushrules/global/content/cake', {pattern: 'cake'}),
		anna('POST createRoom', {preset: 'private_chat', invite: ['{bob}']}, {keep: {room: 'room_id'}}),
		bob('POST join/{room}', {}),
		anna('PUT pushrules/global/room/{room}', {actions: []}),
		anna('PUT pushrules/global/sender/{bob}', {actions: []}),
		anna('PUT pushrules/global/override/mine', {
			conditions: [{kind: 'event_match', key: 'content.body', pattern: '*cocoa*'}],
			actions: ['notify'],
		}),
		anna('PUT pushrules/global/override/other?before=mine', {conditions: [], actions: []}),
		anna('GET pushrules/', undefined, {until: answer => ruleIds(answer, 'override').includes('other')}),
		anna('PUT pushrules/global/override/other/enabled', {enabled: false}),
		anna('PUT pushrules/global/override/none/enabled', {enabled: false}),
		anna('PUT pushrules/global/underride/.m.rule.message/actions', {actions: []}),
		bob('PUT rooms/{room}/send/m.room.message/1', text('nothing')),
		bob('PUT rooms/{room}/send/m.room.message/2', text('a cup of tea')),
		anna('GET sync', undefined, {keep: {since: 'next_batch'}}),
		anna('DELETE pushrules/global/room/{room}'),
		anna('DELETE pushrules/global/sender/{bob}'),
		anna('DELETE pushrules/global/sender/{bob}'),
		anna('DELETE pushrules/global/override/.m.rule.master'),
		bob('PUT rooms/{room}/send/m.room.message/3', text('a cup of Tea, please')),
		bob('PUT rooms/{room}/send/m.room.message/4', text('steamy')),
		anna('GET sync?since={since}'),
	],
};
