/** What rooms are called, and which are chats with one person: also where a bridge has its bot in them. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {me, member, openSampleAccount, state, text, type SampleAccount} from '../ui/sample-account.ts';

const bot = '@signalbot:one.test';
const anna = '@signal_anna:one.test';
const room = '!dm:one.test';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const addRoom = (more: readonly JsonObject[] = []): number => {
	const [rid = 0] = account.sync({
		id: room,
		state: [member(me, 'Alice'), member(anna, 'Anna (Signal)'), member(bot, 'Signal bridge bot'), ...more],
		timeline: [text(anna, 'hello')],
	});
	return rid;
};

const row = () => account.reader.roomById(room);

const rename = (rid: number): boolean => account.account.write(() => account.writer.rename(rid));

const vouch = (userId: string): void =>
	account.account.write(() =>
		createPortalStore(account.account, me).writeBot({userId, verdict: 'appservice', askedAt: 0}),
	);

const serves = (type: string, ...users: readonly string[]): JsonObject => state(type, '', {service_members: users});

suite('names of rooms', () => {
	test('a chat with a ghost is called after the person, not after the bot', () => {
		const rid = addRoom();
		assert.match(row()?.name ?? '', /Anna \(Signal\) and Signal bridge bot/);
		account.bridge(rid, {bot});
		rename(rid);
		assert.equal(row()?.name, 'Anna');
	});

	test('a room with the bot alone is called after the bot, and is no chat with people', () => {
		const [rid = 0] = account.sync({
			id: room,
			state: [member(me, 'Alice'), member(bot, 'Signal bridge bot')],
			timeline: [text(bot, 'hello')],
		});
		account.bridge(rid, {bot, kind: 'console'});
		account.account.write(() => account.writer.applyDirectRooms({[bot]: [room]}));
		rename(rid);
		assert.equal(row()?.name, 'Signal bridge bot');
		assert.deepEqual(account.reader.rooms({offset: 0, limit: 9, filter: {kind: 'people'}}), []);
	});

	for (const type of ['io.element.functional_members', 'm.member_hints'])
		test(`who is listed in ${type} counts only if the server vouches for it`, () => {
			const rid = addRoom([serves(type, bot, anna)]);
			assert.match(row()?.name ?? '', /Signal bridge bot/);
			vouch(bot);
			rename(rid);
			assert.equal(row()?.name, 'Anna (Signal)');
		});

	test('what the person calls it goes before all, and comes with the account data of other devices', () => {
		const rid = addRoom([state('m.room.name', '', {name: '+49 170 1234'})]);
		account.account.write(() => account.writer.marks.applyAccountData(rid, 'chat.mx.name', {name: ' the plumber '}));
		rename(rid);
		assert.equal(row()?.name, 'the plumber');
		account.sync({id: room, state: [state('m.room.name', '', {name: 'Lars'})]});
		assert.equal(row()?.name, 'the plumber');
		account.account.write(() => account.writer.marks.applyAccountData(rid, 'chat.mx.name', {name: 7}));
		rename(rid);
		assert.equal(row()?.name, 'Lars');
	});
});

suite('chats with one person', () => {
	test('a portal is one whatever m.direct says, with its ghost', () => {
		const rid = addRoom();
		assert.equal(row()?.isDirect, false);
		account.bridge(rid, {bot});
		assert.deepEqual([row()?.isDirect, row()?.directUser], [true, anna]);
		account.account.write(() => account.writer.applyDirectRooms({'@zoe:one.test': ['!other:one.test']}));
		assert.deepEqual([row()?.isDirect, row()?.directUser], [true, anna]);
	});

	test('the own ghost is not the other person', () => {
		const own = '@signal_me:one.test';
		const rid = addRoom([member(own, 'Alice (Signal)')]);
		account.bridge(rid, {bot, ownGhost: own});
		assert.equal(row()?.directUser, anna);
	});

	test('what is no portal any more is one only where m.direct lists it', () => {
		const rid = addRoom();
		account.bridge(rid, {bot});
		account.bridge(rid, {bot, trust: 'claimed', kind: 'channel'});
		assert.equal(row()?.isDirect, false);
		account.tell('m.direct', {[anna]: [room], __proto__: [room]});
		account.bridge(rid, {bot, kind: 'channel'});
		assert.deepEqual([row()?.isDirect, row()?.directUser], [true, anna]);
	});
});
