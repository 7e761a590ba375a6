/** What is counted of the chats of a bridge, for `mx bridge doctor`. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {createBridgeReading, type StoredReading} from '../../source/store/bridge-reading.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createReceiptStore} from '../../source/store/receipt-store.ts';
import {message, openAccountFixture, ownUser, syncRoom} from './account-fixture.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const bot = '@signalbot:example.org';
const mum = '@signal_mum:example.org';
const ownGhost = '@signal_me:example.org';

const signal: Portal = samplePortal({bot});

/** Receipts of the account: type and event. */
const read = (...receipts: ReadonlyArray<readonly [type: string, eventId: string]>): JsonObject => {
	const content: Record<string, JsonObject> = {};
	for (const [type, eventId] of receipts)
		content[eventId] = {...content[eventId], [type]: {[ownUser]: {ts: 1, thread_id: 'main'}}};
	return {ephemeral: {events: [{type: 'm.receipt', content}]}};
};

const open = (t: TestContext) => {
	const fixture = openAccountFixture(t);
	const {account, apply, reader} = fixture;
	const portals = createPortalStore(account, ownUser);
	const reading = createBridgeReading(account.database, ownUser);
	/** A chat with a message of mum, one of the own ghost, and one of the account; ids begin with the name. */
	const chat = (name: string, changes: JsonObject = {}, portal: Partial<Portal> = {}): number => {
		const id = `!${name}:example.org`;
		const events = [
			message('hello', {event_id: `$${name}-mum`, sender: mum, origin_server_ts: 5000}),
			message('from the phone', {event_id: `$${name}-ghost`, sender: ownGhost}),
			message('from here', {event_id: `$${name}-own`, sender: ownUser}),
		];
		apply(syncRoom(events, changes, {id}));
		const rid = reader.roomById(id)?.rid ?? 0;
		account.write(() => portals.write(rid, {...signal, ...portal}));
		return rid;
	};
	const counted = (words: ReadonlyMap<string, 'off'> = new Map()): Partial<StoredReading> => {
		const {lastHeard: _, ...rest} = reading(bot, words);
		return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== 0 && value !== false));
	};
	return {...fixture, chat, counted, reading};
};

test('chats are counted by how far they are read, and by what', t => {
	const {chat, counted, reading} = open(t);
	chat('public', read(['m.read', '$public-mum']), {account: 'me', ownGhost});
	assert.deepEqual(counted(), {chats: 1, loginChats: 1, hasOwnGhost: true});
	chat('new');
	assert.deepEqual(counted(), {chats: 2, unreadChats: 1, loginChats: 1, hasOwnGhost: true});
	chat('private', read(['m.read.private', '$private-mum']));
	chat('marker', {account_data: {events: [{type: 'm.fully_read', content: {event_id: '$marker-mum'}}]}});
	// As mx does it.
	chat('both', read(['m.read', '$both-mum'], ['m.read.private', '$both-ghost']));
	chat('unknown', read(['m.read', '$unknown-own']));
	assert.deepEqual(counted(new Map([['!new:example.org', 'off']])), {
		chats: 6,
		silentChats: 1,
		unreadChats: 3,
		privateChats: 1,
		markerChats: 1,
		unknownChats: 1,
		loginChats: 1,
		hasOwnGhost: true,
	});
	assert.ok((reading(bot, new Map()).lastHeard ?? 0) > 5000);
	assert.equal(reading('@otherbot:example.org', new Map()).chats, 0);
});

test('rooms that are not believed, and those with the bot, are no chats', t => {
	const {chat, counted} = open(t);
	chat('claimed', {}, {trust: 'claimed'});
	chat('console', {}, {kind: 'console'});
	assert.deepEqual(counted(), {});
});

test('a double puppet, receipts of contacts, and what waits or was repeated', t => {
	const {account, chat, counted, apply} = open(t);
	const rid = chat('a');
	const content = {msgtype: 'm.text', body: 'yes', 'fi.mau.double_puppet_source': 'signal'};
	const receipts = {$a: {'m.read': {[mum]: {ts: 1}}}};
	apply(
		syncRoom(
			[message('', {sender: ownUser, content})],
			{ephemeral: {events: [{type: 'm.receipt', content: receipts}]}},
			{id: '!a:example.org'},
		),
	);
	const store = createReceiptStore(account, ownUser);
	const receipt = {type: 'm.read', slot: '', eventId: '$a-mum', mustHeal: true} as const;
	account.write(() => store.put(rid, [receipt], 1));
	const known = {chats: 1, unreadChats: 1, hasDoublePuppet: true, hasForeignReceipts: true};
	assert.deepEqual(counted(), {...known, waiting: 1});
	const {id} = store.next(rid) ?? {id: 0};
	account.write(() => store.sent(id, 2));
	assert.deepEqual(counted(), {...known, toRepeat: 1});
	account.write(() => store.healed(id, 3));
	assert.deepEqual(counted(), {...known, repeated: 1});
});
