/** What a newcomer has to meet in the demo: each line of the table is somewhere among its people. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {unreadCounts} from '../../../source/demo/homeserver/push.ts';
import {membershipOf, type StoredEvent} from '../../../source/demo/homeserver/world.ts';
import {asArray, asObject, asString} from '../../../source/domain/json.ts';
import {contentOf, everything, fixedNow, populateAt, roomOf} from './populated.ts';

const stage = populateAt();
const events = everything(stage);
const {you} = stage;

const body = ({content}: StoredEvent): string => asString(content['body']) ?? '';
const relation = ({content}: StoredEvent) => asObject(content['m.relates_to']);
const isMessage = ({type}: StoredEvent): boolean => type === 'm.room.message';
const ofType = (msgtype: string) => (event: StoredEvent) => isMessage(event) && event.content['msgtype'] === msgtype;
const status = (value: string) => (event: StoredEvent) =>
	event.type === 'com.beeper.message_send_status' && event.content['status'] === value;
const some = (test: (event: StoredEvent) => boolean) => () => assert.ok(events.some(test));
const counts = (key: string) => unreadCounts(roomOf(stage, key), you.id);
const bridgeState = (value: string) => (event: StoredEvent) =>
	asObject(event.content['fi.mau.bridge_state'])['state_event'] === value && event.content['msgtype'] === 'm.text';

const requirements: Readonly<Record<string, () => void>> = {
	'a thread': some(event => relation(event)['rel_type'] === 'm.thread'),
	'an edit by its author': some(event => {
		const target = stage.world.events.get(asString(relation(event)['event_id']) ?? '');
		return relation(event)['rel_type'] === 'm.replace' && target?.sender === event.sender;
	}),
	'a reaction': some(({type}) => type === 'm.reaction'),
	'a reply': some(event => asObject(relation(event)['m.in_reply_to'])['event_id'] !== undefined),
	'a redacted message': some(event => isMessage(event) && event.redaction !== undefined),
	'an emote': some(ofType('m.emote')),
	'a picture that the server has': some(event => {
		const media = stage.world.media.get((asString(event.content['url']) ?? '').split('/').at(-1) ?? '');
		return ofType('m.image')(event) && asObject(event.content['info'])['size'] === media?.bytes.length;
	}),
	'a file': some(ofType('m.file')),
	'a voice message': some(event => event.content['org.matrix.msc3245.voice'] !== undefined),
	'a place': some(event => ofType('m.location')(event) && asString(event.content['geo_uri']) !== undefined),
	'a poll': some(({type}) => type === 'org.matrix.msc3381.poll.start'),
	'an own message that was bridged': some(status('SUCCESS')),
	'an own message that failed for good, told by a status': some(event => {
		const target = stage.world.events.get(asString(relation(event)['event_id']) ?? '');
		return status('FAIL_PERMANENT')(event) && target?.sender === you.id;
	}),
	'an own message that failed, told by a notice': some(event => {
		const target = asObject(relation(event)['m.in_reply_to'])['event_id'];
		const isOwn = stage.world.events.get(asString(target) ?? '')?.sender === you.id;
		return ofType('m.notice')(event) && body(event).startsWith('⚠️ Your message was not bridged: ') && isOwn;
	}),
	'a sender who tries to draw over the screen': some(
		event => body(event).includes('\u001B[2J') && stage.world.users.has(event.sender),
	),
	'a name that turns text around': () => {
		const names = [...stage.world.users.values()].map(({profile}) => asString(profile['displayname']) ?? '');
		assert.ok(names.some(name => name.includes('\u202E') && name.startsWith('mx')));
	},
	'a line that looks like one of mx': some(event => ofType('m.notice')(event) && body(event).startsWith(' mx ·')),
	'an invitation to a group': () => assert.equal(membershipOf(roomOf(stage, 'chess'), you.id), 'invite'),
	'a message request of a bridge': () => {
		const room = roomOf(stage, 'request');
		assert.equal(membershipOf(room, you.id), 'invite');
		const channel = asObject(contentOf(room, 'm.bridge', 'demo.test/signal')?.['channel']);
		assert.equal(channel['com.beeper.message_request'], true);
	},
	'an invitation by a stranger who is called as your mother is': () => {
		const nameOf = (key: string) => stage.world.users.get(stage.people.get(key) ?? '')?.profile['displayname'];
		assert.equal(membershipOf(roomOf(stage, 'stranger'), you.id), 'invite');
		assert.equal(nameOf('fakeMum'), nameOf('mum'));
		assert.notEqual(stage.people.get('fakeMum')?.split(':')[1], 'demo.test');
	},
	'a room that only claims to be on Signal': () => {
		const [event] = roomOf(stage, 'forged').state.get('m.bridge')?.values() ?? [];
		assert.equal(asObject(event?.content['protocol'])['id'], 'signal');
		assert.notEqual(event?.sender, event?.content['bridgebot']);
	},
	'a busy channel': () => {
		const {timeline} = roomOf(stage, 'lighthouse');
		assert.ok(timeline.filter(isMessage).length >= 200);
		assert.ok((stage.chatter.get('lighthouse')?.lines.length ?? 0) > 50);
	},
	'a muted room with news that do not count': () => {
		const rules = asArray(asObject(you.accountData.get('m.push_rules')?.content['global'])['override']);
		assert.ok(rules.some(rule => asObject(rule)['rule_id'] === roomOf(stage, 'deploys').id));
		assert.equal(counts('deploys').main.notification_count, 0);
	},
	'a favourite': () =>
		assert.ok(asObject(you.roomData.get(roomOf(stage, 'anna').id)?.get('m.tag')?.content['tags'])['m.favourite']),
	'a room of low priority': () =>
		assert.ok(asObject(you.roomData.get(roomOf(stage, 'choir').id)?.get('m.tag')?.content['tags'])['m.lowpriority']),
	'unread messages in chats of two': () =>
		assert.deepEqual(counts('anna').main, {notification_count: 2, highlight_count: 0}),
	'a mention of you, and an unread thread': () => {
		assert.deepEqual(counts('general').main, {notification_count: 3, highlight_count: 1});
		assert.equal(Object.values(counts('general').threads)[0]?.notification_count, 1);
	},
	'a room that you read to the middle': () => {
		const room = roomOf(stage, 'sunday');
		const read = asString(you.roomData.get(room.id)?.get('m.fully_read')?.content['event_id']);
		const index = room.timeline.findIndex(({eventId}) => eventId === read);
		assert.ok(index > 10 && index < room.timeline.length - 2);
	},
	'a room that has moved': () => {
		const next = roomOf(stage, 'dev');
		assert.equal(contentOf(roomOf(stage, 'oldDev'), 'm.room.tombstone')?.['replacement_room'], next.id);
		const predecessor = asObject(contentOf(next, 'm.room.create')?.['predecessor']);
		assert.equal(predecessor['room_id'], roomOf(stage, 'oldDev').id);
		assert.equal(counts('oldDev').main.notification_count, 0);
	},
	'a login that has to be renewed': some(bridgeState('BAD_CREDENTIALS')),
	'a phone that is offline': some(bridgeState('TRANSIENT_DISCONNECT')),
	'a message from your phone by a ghost of yours': some(
		({sender, type}) => stage.cast.get(sender)?.isYou === true && type === 'm.room.message',
	),
	'a message from your phone under your name': some(
		({sender, content}) => sender === you.id && content['fi.mau.double_puppet_source'] === 'whatsapp',
	),
	'a message that somebody brings for another': some(event => {
		const profile = asObject(event.content['com.beeper.per_message_profile']);
		return body(event).startsWith(`${asString(profile['displayname'])}: `) && profile['has_fallback'] === true;
	}),
	'messages that disappear': () =>
		assert.equal(contentOf(roomOf(stage, 'sunday'), 'com.beeper.disappearing_timer')?.['type'], 'after_read'),
	'Chinese, Japanese and Arabic': () => {
		for (const script of [/\p{Script=Han}/u, /\p{Script=Hiragana}/u, /\p{Script=Arabic}/u])
			assert.ok(events.some(event => script.test(body(event))));
	},
	'emoji that are joined of several': some(event => /\p{Emoji}\u200D\p{Emoji}/u.test(body(event))),
	'read receipts of others': () =>
		assert.ok([...roomOf(stage, 'anna').receipts.values()].some(({userId}) => userId === stage.people.get('anna'))),
};

suite('The demo has', () => {
	for (const [what, check] of Object.entries(requirements)) test(what, check);
});

suite('Its time', () => {
	test('goes back several days, and nothing is of the future', () => {
		const days = new Set(events.map(({timestamp}) => Math.floor(timestamp / 86_400_000)));
		assert.ok(days.size > 6);
		assert.ok(events.every(({timestamp}) => timestamp <= fixedNow));
	});

	test('runs forward in each room', () => {
		for (const [key, {timeline}] of stage.rooms)
			for (const [index, {timestamp}] of timeline.entries())
				assert.ok(timestamp >= (timeline[index - 1]?.timestamp ?? 0), `event ${index} of ${key}`);
	});

	test('puts the guide first, and all networks among the 18 newest rooms', () => {
		const newest = [...stage.rooms]
			.filter(([, room]) => membershipOf(room, you.id) === 'join')
			.toSorted(([, one], [, other]) => (other.timeline.at(-1)?.timestamp ?? 0) - (one.timeline.at(-1)?.timestamp ?? 0))
			.slice(0, 18);
		assert.equal(newest[0]?.[0], 'guide');
		const bridges = new Set(newest.map(([, {id}]) => stage.portals.get(id)?.appservice ?? 'matrix'));
		for (const each of ['signal', 'whatsapp', 'messenger', 'heisenbridge', 'gmessages', 'slack', 'matrix'])
			assert.ok(bridges.has(each), each);
	});
});
