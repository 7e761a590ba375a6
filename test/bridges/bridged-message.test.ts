/** What bridges mark in what they bring, and what others would like to. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {asBridged, bridgedRoom} from '../../source/bridges/bridged-message.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const bot = '@signalbot:one.test';
const mum = '@signal_5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d:one.test';
const mallory = '@mallory:one.test';

const portal = (more: Partial<Portal> = {}): Portal => samplePortal({kind: 'group', bot, ...more});

const message = (sender: string, content: JsonObject, more: Partial<Message> = {}): Message => ({
	pk: 1,
	eventId: '$a',
	rid: 1,
	chunkOrder: 1,
	position: 1,
	timestamp: 1,
	sender,
	senderName: undefined,
	type: 'm.room.message',
	stateKey: undefined,
	content,
	isEdited: false,
	encryption: 'clear',
	undecryptableReason: undefined,
	shield: undefined,
	redactedBy: undefined,
	reactions: [],
	replyTo: undefined,
	threadRoot: undefined,
	isMine: false,
	...more,
});

const look = (given: Message, more: Partial<Portal> = {}): Message => {
	const room = bridgedRoom(portal(more), new Map());
	assert.ok(room !== undefined);
	return asBridged(given, room);
};

const text = (body: string, more: JsonObject = {}): JsonObject => ({msgtype: 'm.text', body, ...more});
const profile = (more: JsonObject = {}): JsonObject => ({
	'com.beeper.per_message_profile': {id: 'w1', displayname: 'Webhook', ...more},
});

suite('what a bridge brings', () => {
	test('stands under the name of its author, without the name that is there for other clients', () => {
		const given = message(bot, {
			...text('Webhook: done', profile({has_fallback: true})),
			format: 'org.matrix.custom.html',
			formatted_body: '<strong data-mx-profile-fallback>Webhook: </strong><b>done</b>',
		});
		const shown = look(given);
		assert.equal(shown.author, 'Webhook');
		assert.equal(shown.content['body'], 'done');
		assert.equal(shown.content['formatted_body'], '<b>done</b>');
		assert.equal(shown.sender, bot);
		// Both names of the marker.
		const later = look(message(mum, text('hi', {'m.per_message_profile': {displayname: 'Anna'}})));
		assert.equal(later.author, 'Anna');
	});

	test('keeps its text where that is not exactly the name, or nobody said that it is there', () => {
		for (const content of [
			text('Webhook: done', profile()),
			text('webhook: done', profile({has_fallback: true})),
			text('Webhook:done', profile({has_fallback: true})),
			text('Webhook: ', profile({has_fallback: true})),
			{...text('Webhook: done', profile({has_fallback: true})), formatted_body: '<i>Webhook: </i>done'},
		]) {
			const shown = look(message(bot, content));
			assert.equal(shown.content['body'], content['body']);
			assert.equal(shown.author, 'Webhook');
		}
	});

	test('is a mail of somebody about something', () => {
		const mail = {
			...text('see attached'),
			'cc.etke.postmoogle.from': 'Anna <anna@mail.test>',
			'cc.etke.postmoogle.subject': 'the bill',
		};
		const shown = look(message(bot, mail), {protocol: 'email'});
		assert.equal(shown.author, 'Anna <anna@mail.test>');
		assert.equal(shown.title, 'the bill');
		assert.equal(look(message(bot, mail)).author, undefined);
	});

	test('is noise or chatter where the bridge says so', () => {
		const state = (content: JsonObject, type = 'm.room.name', sender = bot): Message =>
			message(sender, content, {type, stateKey: ''});
		for (const key of ['com.beeper.exclude_from_timeline', 'fi.mau.implicit_name', 'com.beeper.member_rollback'])
			assert.equal(look(state({name: 'x', [key]: true})).isFolded, true, key);
		assert.equal(look(state({}, 'com.beeper.room_features')).isFolded, true);
		assert.equal(look(state({name: 'x'})).isFolded, undefined);
		assert.equal(look(state({name: 'x', 'fi.mau.implicit_name': 'yes'})).isFolded, undefined);
		const notice = {msgtype: 'm.notice', body: 'jane joined'};
		assert.equal(look(message(bot, notice)).isChatter, true);
		assert.equal(look(message(mum, notice)).isChatter, undefined);
		assert.equal(look(message(bot, notice), {kind: 'console'}).isChatter, undefined);
		// A message cannot be hidden.
		assert.equal(look(message(bot, text('x', {'com.beeper.exclude_from_timeline': true}))).isFolded, undefined);
	});

	test('is believed of nobody else', () => {
		for (const sender of [mallory, '@signal_evil:one.test', '@signalbot:two.test', mum.replace('one', 'two')]) {
			const written = message(sender, text('Webhook: done', profile({has_fallback: true})));
			assert.equal(look(written), written);
			const hidden = message(sender, {name: 'x', 'fi.mau.implicit_name': true}, {type: 'm.room.name', stateKey: ''});
			assert.equal(look(hidden), hidden);
			const notice = message(sender, {msgtype: 'm.notice', body: 'x'});
			assert.equal(look(notice), notice);
		}
		assert.equal(bridgedRoom(portal({trust: 'announced'}), new Map()), undefined);
		assert.equal(bridgedRoom(portal({trust: 'claimed'}), new Map()), undefined);
		assert.equal(bridgedRoom(undefined, new Map()), undefined);
	});

	test('does no harm with what makes no sense', () => {
		for (const value of [7, null, [], 'x', {displayname: 7}, {displayname: ''}, {displayname: 'x'.repeat(256)}]) {
			const given = message(bot, text('a', {'com.beeper.per_message_profile': value}));
			assert.equal(look(given).author, undefined);
		}
		const empty = message(bot, {});
		assert.equal(look(empty), empty);
		const removed = message(bot, {}, {redactedBy: mallory});
		assert.equal(look(removed), removed);
		const long = look(
			message(bot, text('x', {'cc.etke.postmoogle.from': 'x'.repeat(9999), 'cc.etke.postmoogle.subject': [1]})),
			{protocol: 'email'},
		);
		assert.equal(long.author?.length, 255);
		assert.equal(long.title, undefined);
	});
});
