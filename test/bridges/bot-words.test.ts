/** What bots of bridges say while somebody signs in. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {isRefusal, isSignedOut, linkedRoom, readBotTalk, readLogins} from '../../source/bridges/bot-words.ts';
import {parseNetworkAddress} from '../../source/bridges/network-address.ts';
import {defaultBots} from '../../source/bridges/protocols.ts';
import type {JsonObject} from '../../source/domain/json.ts';

const text = (body: string, more: JsonObject = {}) => ({
	content: {msgtype: 'm.notice', body, ...more},
	isRedacted: false,
	isAnswer: true,
});
const picture = (body: string, isRedacted = false) => ({
	content: {msgtype: 'm.image', body},
	isRedacted,
	isAnswer: true,
});

suite('a bot', () => {
	test('lists ways of signing in', () => {
		const flows = 'Please specify a login flow, e.g. `login qr`.\n\n* `qr` - QR: Scan it\n* `phone` - Number';
		const [field] = readBotTalk([text(flows)]).fields;
		assert.deepEqual(field?.options, [
			{id: 'qr', name: 'QR: Scan it'},
			{id: 'phone', name: 'Number'},
		]);
	});

	test('asks, and wants nothing where it only tells', () => {
		const asks = (body: string): readonly boolean[] => readBotTalk([text(body)]).fields.map(({isSecret}) => isSecret);
		assert.deepEqual(asks('Please enter your Phone number'), [false]);
		assert.deepEqual(asks('Please enter your Password'), [true]);
		assert.deepEqual(asks('Enter a JSON object with your cookies, or a cURL command'), [true]);
		assert.deepEqual(asks('Invalid value: try again'), [false]);
		assert.deepEqual(asks('What is your name?'), [false]);
		assert.deepEqual(asks('Scan the QR code on your phone to log in'), []);
		assert.deepEqual(asks('Please wait'), []);
		assert.deepEqual(
			readBotTalk([{...text('Please enter your Phone number'), isAnswer: false}]).fields,
			[],
			'answered',
		);
	});

	test('shows a code until it takes it away', () => {
		const shown = readBotTalk([text('Scan this'), picture('2@abc')]);
		assert.deepEqual(shown.display, {kind: 'qr', data: '2@abc'});
		assert.equal(readBotTalk([text('Scan this'), picture('2@abc', true)]).display, undefined);
		const typed = text('ABCD-1234', {formatted_body: '<code>ABCD-1234</code>'});
		assert.deepEqual(readBotTalk([typed]).display, {kind: 'code', data: 'ABCD-1234'});
	});

	test('says how it ended', () => {
		const ending = (body: string) => readBotTalk([text(body)]).outcome;
		assert.equal(ending('Successfully logged in as +49'), 'done');
		assert.equal(ending('Login failed: timed out'), 'failed');
		assert.equal(ending('Login cancelled.'), 'failed');
		assert.equal(ending('Failed to get login flows: x'), 'failed');
		assert.equal(ending('Please enter your Phone number'), undefined);
		const more = readBotTalk([text('Successfully logged in as +49'), text('State update: `CONNECTED`')]);
		assert.equal(more.outcome, 'done');
	});

	test('lists logins, refuses, and links to rooms', () => {
		assert.deepEqual(readLogins('* `abc` (+49) - `CONNECTED`\n* `def` (x)\nnothing'), ['abc', 'def']);
		assert.ok(isRefusal('Failed to resolve identifier'));
		assert.ok(!isRefusal('Created chat with Anna'));
		const link = (body: string) => linkedRoom({body});
		assert.equal(link('see https://matrix.to/#/!abc:one.test'), '!abc:one.test');
		assert.equal(
			linkedRoom({formatted_body: '<a href="https://matrix.to/#/%21abc%3Aone.test?via=x">x</a>'}),
			'!abc:one.test',
		);
		assert.equal(link('https://matrix.to/#/@anna:one.test'), undefined);
		for (const ended of ['Logged out', 'Successfully logged out', 'Logged out +49 151', 'You are now logged out'])
			assert.ok(isSignedOut(ended), ended);
		for (const other of ['Usage: logout LOGIN', 'Connected', 'To be logged out, say logout'])
			assert.ok(!isSignedOut(other), other);
		assert.equal(link('https://matrix.to/#/%21%E0%A4%A'), undefined);
	});
});

test('a link in the name of somebody is not the one of the bridge', () => {
	const [evil, own] = ['https://matrix.to/#/!evil:two.test', 'https://matrix.to/#/%21own%3Aone.test'];
	const body = `Created chat with Anna ${evil}: [Anna ${evil}](${own})`;
	assert.equal(linkedRoom({body}), '!own:one.test');
	const html = (words: string): JsonObject => ({body, formatted_body: words});
	assert.equal(linkedRoom(html(`Anna ${evil}: <a href="${own}">Anna ${evil}</a>`)), '!own:one.test');
	assert.equal(linkedRoom(html(`<a href="${evil}">Anna</a>: <a href="${own}">Anna</a>`)), '!own:one.test');
	assert.equal(linkedRoom(html(`Anna ${evil}`)), undefined);
});

suite('an address on another network', () => {
	test('is a network that mx knows, and somebody', () => {
		assert.deepEqual(parseNetworkAddress('signal:+49 151'), {protocol: 'signal', identifier: '+49 151'});
		assert.deepEqual(parseNetworkAddress('Google Chat:anna'), {protocol: 'googlechat', identifier: 'anna'});
		assert.deepEqual(parseNetworkAddress('facebook:anna'), {protocol: 'messenger', identifier: 'anna'});
	});

	test('is nothing else', () => {
		for (const other of [
			'@anna:one.test',
			'#lab:one.test',
			'!room:one.test',
			'matrix:u/anna',
			'foo:bar',
			'Signal: the family',
			'https://one.test',
			'signal:',
			'mum',
		])
			assert.equal(parseNetworkAddress(other), undefined, other);
	});

	test('has a bridge whose bot may be called as such bots are by default', () => {
		assert.deepEqual(defaultBots('signal'), ['signalbot']);
		assert.deepEqual(defaultBots('messenger'), ['facebookbot', 'messengerbot', 'metabot']);
		assert.deepEqual(defaultBots('irc'), ['heisenbridge', 'ircbot', 'appservice-irc']);
		assert.deepEqual(defaultBots('unknown'), []);
	});
});
