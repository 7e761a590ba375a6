/** The engine against a real homeserver: what a person marks rooms with reaches the server, and other devices. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asObject} from '../../source/domain/json.ts';
import {create, refusal, ridOf, setUpRooms, until} from './room-requests.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {startFaultProxy} from './fault-proxy.ts';

const servers = await needsServers();

test('a room is put among the favourites, below, away, and back', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, self, own, reader} = all;
	const roomId = await create(all);
	const tags = async () =>
		Object.keys(
			asObject((await own('GET', `user/${encodeURIComponent(self)}/rooms/${encodeURIComponent(roomId)}/tags`))['tags']),
		);
	const sections = [
		['favourite', ['m.favourite']],
		['low', ['m.lowpriority']],
		['archived', ['u.archived']],
		['normal', []],
	] as const;
	for (const [section, expected] of sections) {
		await engine.session.setSection({roomId, section});
		assert.deepEqual(await tags(), expected);
		// A sync that the server made before may bring the last one back for a moment.
		await until(engine, `the room to be ${section}`, () => reader.roomById(roomId)?.section === section);
	}
	await engine.session.setTag({roomId, tag: 'work', isSet: true});
	assert.deepEqual(await tags(), ['u.work']);
	// Another device: what comes with the sync counts.
	await own('PUT', `user/${encodeURIComponent(self)}/rooms/${encodeURIComponent(roomId)}/tags/m.favourite`, {});
	await until(engine, 'the tag of another device', () => reader.roomById(roomId)?.section === 'favourite');
	assert.match(await refusal(engine.session.setTag({roomId, tag: ' ', isSet: true})), /A tag is a word or two/);
	assert.match(await refusal(engine.session.setSection({roomId: '!nowhere:x', section: 'low'})), /is not known/);
});

test('a muted room is silent on the server, and speaks again when the time is over', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, own, reader} = all;
	const roomId = await create(all);
	const rules = async () =>
		(asObject((await own('GET', 'pushrules/'))['global'])['override'] as readonly {rule_id: string}[]).map(
			rule => rule.rule_id,
		);
	await engine.session.mute({roomId, isMuted: true});
	assert.ok((await rules()).includes(roomId));
	assert.equal(reader.roomById(roomId)?.isMuted, true);
	await engine.session.mute({roomId, isMuted: false});
	assert.ok(!(await rules()).includes(roomId));
	await until(engine, 'the sound', () => reader.roomById(roomId)?.isMuted === false);
	await engine.session.mute({roomId, isMuted: true, until: Date.now() + 300});
	await until(engine, 'the end of the mute', () => reader.roomById(roomId)?.isMuted === false);
	assert.ok(!(await rules()).includes(roomId));
});

test('a note is kept on the server, and follows what another device writes', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, self, own, reader} = all;
	const roomId = await create(all);
	const place = `user/${encodeURIComponent(self)}/rooms/${encodeURIComponent(roomId)}/account_data/chat.mx.note`;
	await engine.session.setNote({roomId, note: ' Tom has no nuts '});
	assert.deepEqual(await own('GET', place), {text: 'Tom has no nuts'});
	assert.equal(reader.details.note(ridOf(all, roomId)), 'Tom has no nuts');
	await own('PUT', place, {text: 'he has some'});
	await until(engine, 'the other note', () => reader.details.note(ridOf(all, roomId)) === 'he has some');
	await engine.session.setNote({roomId, note: ''});
	assert.equal(reader.details.note(ridOf(all, roomId)), '');
	assert.match(await refusal(engine.session.setNote({roomId, note: 'x'.repeat(2001)})), /at most 2000 characters/);
});

test('a room is called as the person likes, on the server and by the word of another device', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, self, own, reader} = all;
	const roomId = await create(all, {name: 'Dept. of Plumbing'});
	const place = `user/${encodeURIComponent(self)}/rooms/${encodeURIComponent(roomId)}/account_data/chat.mx.name`;
	await engine.session.setPetname({roomId, name: ' the plumber '});
	assert.deepEqual(await own('GET', place), {name: 'the plumber'});
	assert.equal(reader.roomById(roomId)?.name, 'the plumber');
	await own('PUT', place, {name: 'Lars'});
	await until(engine, 'the other name', () => reader.roomById(roomId)?.name === 'Lars');
	await engine.session.setPetname({roomId, name: ''});
	await until(engine, 'its own name', () => reader.roomById(roomId)?.name === 'Dept. of Plumbing');
	assert.match(await refusal(engine.session.setPetname({roomId, name: 'x'.repeat(101)})), /at most 100 characters/);
});

test('how the inbox is laid out is the same on the server and on another device', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, self, own, reader} = all;
	const path = `user/${encodeURIComponent(self)}/account_data/chat.mx.inbox`;
	const layout = {is_by_time: false, folded: ['signal'], order: ['irc', 'signal']};
	await engine.session.setInboxLayout({layout});
	assert.deepEqual(reader.inboxLayout(), {isByTime: false, folded: ['signal'], order: ['irc', 'signal']});
	for (;;) if (JSON.stringify(await own('GET', path).catch(() => ({}))) === JSON.stringify(layout)) break;
	await own('PUT', path, {...layout, is_by_time: true, folded: 'nonsense'});
	await until(engine, 'the layout of another device', () => reader.inboxLayout().isByTime);
	assert.deepEqual(reader.inboxLayout().folded, []);
});

test('a room is marked unread by hand until it is read, and all is read at once', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, self, own, bob, bobs, reader} = all;
	const roomId = await create(all, {invite: [bob.userId]});
	const rid = ridOf(all, roomId);
	const path = `user/${encodeURIComponent(self)}/rooms/${encodeURIComponent(roomId)}/account_data/m.marked_unread`;
	await engine.session.markUnread({roomId, isUnread: true});
	assert.deepEqual(await own('GET', path), {unread: true});
	assert.equal(reader.room(rid)?.isMarkedUnread, true);
	const eventId = reader.reads.lastMainEvent(rid) ?? '';
	await engine.session.markRead({roomId, eventId});
	await until(engine, 'the mark to go', () => reader.room(rid)?.isMarkedUnread === false);
	for (;;) if (asObject(await own('GET', path))['unread'] === false) break;

	await bobs('POST', `rooms/${encodeURIComponent(roomId)}/join`, {});
	await bobs('PUT', `rooms/${encodeURIComponent(roomId)}/send/m.room.message/1`, {msgtype: 'm.text', body: 'hello'});
	await until(engine, 'the message', () => (reader.room(rid)?.unreadCount ?? 0) > 0);
	await engine.session.markUnread({roomId, isUnread: true});
	assert.deepEqual(await engine.session.markAllRead({}), {count: 1});
	// The marks come back with a sync that the server made before.
	await until(engine, 'all to be read', () => reader.totals().unread === 0);
});

test('what came in after one said to read all stays unread', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, bob, bobs, reader} = all;
	const path = `rooms/${encodeURIComponent(await create(all, {invite: [bob.userId]}))}`;
	await bobs('POST', `${path}/join`, {});
	const unread = () => reader.totals().unread;
	const count = () => reader.rooms({offset: 0, limit: 1, filter: {kind: 'unread'}})[0]?.unreadCount;
	await bobs('PUT', `${path}/send/m.room.message/1`, {msgtype: 'm.text', body: 'one'});
	await bobs('PUT', `${path}/send/m.room.message/2`, {msgtype: 'm.text', body: 'two'});
	await until(engine, 'two messages', () => count() === 2);
	const last = reader.news.last();
	await bobs('PUT', `${path}/send/m.room.message/3`, {msgtype: 'm.text', body: 'three'});
	await until(engine, 'the third message', () => count() === 3);
	await engine.session.markAllRead({until: last});
	await until(engine, 'two to be read', () => count() === 1);
	await engine.session.markAllRead({});
	await until(engine, 'all to be read', () => unread() === 0);
});

test('all is read at once, also behind a room whose mark the server does not take away', servers, async t => {
	const proxy = await startFaultProxy(t, (await sharedSynapse()).url);
	const all = await setUpRooms(t, {url: proxy.url});
	const {engine, bob, bobs, reader} = all;
	const rooms = [await create(all, {invite: [bob.userId]}), await create(all, {invite: [bob.userId]})];
	for (const roomId of rooms) {
		const path = `rooms/${encodeURIComponent(roomId)}`;
		await bobs('POST', `${path}/join`, {});
		await bobs('PUT', `${path}/send/m.room.message/1`, {msgtype: 'm.text', body: 'hello'});
		await until(engine, 'the message', () => (reader.roomById(roomId)?.unreadCount ?? 0) > 0);
		await engine.session.markUnread({roomId, isUnread: true});
	}
	const refused = {status: 403, body: JSON.stringify({errcode: 'M_FORBIDDEN', error: 'no'})};
	proxy.setFault(({path}) => (path.endsWith('/m.marked_unread') ? refused : undefined));
	await assert.rejects(engine.session.markAllRead({}));
	assert.deepEqual(
		rooms.map(roomId => reader.roomById(roomId)?.unreadCount),
		[0, 0],
	);
});
