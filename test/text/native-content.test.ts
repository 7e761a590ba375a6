/** What bridges say of a message besides its text, and hostile values of it. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {messageBlocks, plainSummary} from '../../source/text/message-text.ts';
import {originalOf} from '../../source/text/native-content.ts';
import {spansOf} from '../../source/text/spans.ts';
import {stateText} from '../../source/text/state-text.ts';

const words = (content: JsonObject): string =>
	messageBlocks(content, 'm.room.message')
		.map(block =>
			spansOf(block)
				.map(({text}) => text)
				.join(''),
		)
		.join('\n');

const media = (msgtype: string, more: JsonObject = {}): JsonObject => ({msgtype, body: 'a.bin', ...more});

suite('native content', () => {
	test('is called what it is on its network', () => {
		assert.match(words(media('m.video', {info: {'fi.mau.gif': true}})), /^GIF {2}a\.bin/);
		assert.match(words(media('m.image', {info: {'fi.mau.bridged_sticker': {}}})), /^sticker/);
		assert.match(words(media('m.audio', {'org.matrix.msc3245.voice': {}, info: {duration: 61_000}})), /^voice.*1:01/);
		const hidden = media('m.image', {
			'page.codeberg.everypizza.msc4193.spoiler': true,
			'page.codeberg.everypizza.msc4193.spoiler.reason': 'the end',
		});
		assert.match(words(hidden), /^hidden photo {2}a\.bin the end/);
		assert.match(plainSummary(hidden, 'm.room.message'), /^hidden photo a\.bin/);
	});

	test('is a call, a contact, or what only its own app can show, with the text for others', () => {
		const call = {
			msgtype: 'm.text',
			body: 'Incoming call',
			'com.beeper.action_message': {type: 'call', call_type: 'video'},
		};
		assert.equal(words(call), 'video call\nIncoming call');
		const contact = {
			msgtype: 'm.text',
			body: 'Shared contact',
			'fi.mau.telegram.contact': {first_name: 'Anna', last_name: 'Kowalska', phone_number: '+49 30 1234'},
		};
		assert.equal(words(contact), 'contact  Anna Kowalska  +49 30 1234\nShared contact');
		const card = {
			...contact,
			'fi.mau.signal.contact': [{name: {display_name: 'Zoé'}, number: [{value: '+1'}, {value: '+1'}]}],
		};
		assert.match(words({...card, 'fi.mau.telegram.contact': undefined}), /^contact {2}Zoé {2}\+1\n/);
		const payment = {msgtype: 'm.text', body: 'paid', 'fi.mau.signal.payment': {}};
		assert.equal(words(payment), 'to be seen in the app of the network\npaid');
	});

	test('has what was spoken in words', () => {
		const voice = media('m.audio', {'org.matrix.msc3245.voice': {}, 'com.beeper.transcription': {text: 'soup is on'}});
		assert.match(words(voice), /“soup is on”/);
	});

	test('leads to the original, by a web address alone', () => {
		assert.equal(originalOf({external_url: 'https://discord.com/channels/1/2/3'})?.host, 'discord.com');
		for (const href of [
			'javascript:alert(1)',
			'file:///etc/passwd',
			'https://user:secret@evil.test/',
			'https://evil.test/\u202E',
			'https://a b/',
			'https://',
			'',
			`https://evil.test/${'x'.repeat(3000)}`,
			7,
			{},
		])
			assert.equal(originalOf({external_url: href}), undefined, JSON.stringify(href));
	});

	test('says when messages disappear', () => {
		const said = (content: JsonObject): string =>
			stateText({
				type: 'com.beeper.disappearing_timer',
				stateKey: '',
				sender: '@bot:one.test',
				content,
				nameOf: () => 'Mum',
			});
		assert.equal(
			said({type: 'after_read', timer: 604_800_000}),
			'Mum set messages to disappear 7 days after they are read',
		);
		assert.equal(
			said({type: 'after_send', timer: 60_000}),
			'Mum set messages to disappear a minute after they are sent',
		);
		for (const timer of [0, -1, '5', null, 1e300, {}]) assert.equal(said({timer}), 'Mum set messages to stay');
	});

	test('does no harm', () => {
		for (const value of [7, null, [], 'x', {name: {name: {}}}, {name: 7, number: [{value: {}}]}, [[[]]]]) {
			const content = {
				msgtype: 'm.text',
				body: 'a',
				'fi.mau.signal.contact': value,
				'com.beeper.action_message': value,
				'com.beeper.transcription': value,
				'page.codeberg.everypizza.msc4193.spoiler': value,
				'page.codeberg.everypizza.msc4193.spoiler.reason': value,
				info: {'fi.mau.gif': value},
			} as JsonObject;
			for (const msgtype of ['m.text', 'm.image', 'm.audio', 'm.file']) assert.match(words({...content, msgtype}), /a/);
		}
		const evil = {
			msgtype: 'm.text',
			body: 'a',
			'fi.mau.signal.contact': {name: `x\u001B[31m\u202E\n${'y'.repeat(10_000)}`, phone: '\u0007+1'},
		};
		assert.doesNotMatch(words(evil), /[\u001B\u202E\u0007]/);
	});
});
