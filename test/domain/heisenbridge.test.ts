/** What heisenbridge says of its connections and of what did not arrive, and of which message it says that. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {
	isLossOnly,
	lossesInChat,
	lossesOfChat,
	lossOf,
	parseConnection,
	type Loss,
} from '../../source/domain/heisenbridge.ts';

const conditionOf = (...lines: readonly string[]): string | undefined =>
	parseConnection(lines.join('\n'), 'six')?.condition;

suite('the connection to a network of IRC', () => {
	test('is as the last line says that says something of it', () => {
		assert.equal(conditionOf('Connecting to irc.six.test:6667...'), 'connecting');
		assert.equal(
			conditionOf(
				'Connecting to irc.six.test:6667...',
				'Capabilities wanted: message-tags',
				'Welcome to the Internet Relay Network mxanna!~m@127.0.0.1',
				'- Disconnected. (a line of the message of the day)',
			),
			'connected',
		);
		assert.equal(conditionOf('Disconnected, reconnecting in 5 seconds...'), 'connecting');
		assert.equal(conditionOf('Disconnecting...', 'Disconnected.'), 'disconnected');
		assert.equal(conditionOf('No servers to connect for this network.'), 'failed');
	});

	test('is not known by the first words of the bridge, nor by what people write', () => {
		assert.equal(conditionOf('Welcome to the network room for six!'), undefined);
		assert.equal(conditionOf('Message from mallory (m@evil.test): Disconnected.'), undefined);
		assert.equal(conditionOf('You have been invited to private chat with ircjane.'), undefined);
	});

	test('says why there is none, and what helps', () => {
		const waiting = parseConnection(
			'Connecting to irc.six.test:1...\nFailed to connect: refused\nTrying next server in 5 seconds...',
			'six',
		);
		assert.deepEqual(
			[waiting?.condition, waiting?.message, waiting?.remedy],
			['connecting', 'Failed to connect: refused', undefined],
		);
		assert.equal(parseConnection('Disconnected.', 'six')?.remedy, 'connect');
	});
});

suite('a line that says that something did not arrive', () => {
	test('names the nick or the channel in the room of the network, whatever the server calls it', () => {
		const textsOf = (body: string, name: string): readonly string[] =>
			lossesOfChat(body, name, 1).map(({text}) => text);
		assert.deepEqual(textsOf('ircghost No such nick or channel name', 'ircghost'), ['No such nick or channel name']);
		assert.deepEqual(textsOf('IrcGhost No such nick/channel', 'ircghost'), ['No such nick/channel']);
		assert.deepEqual(textsOf('anna is in +g mode (server-side ignore.)', 'anna'), [
			'is in +g mode (server-side ignore.)',
		]);
		assert.deepEqual(textsOf("#lab You're not on that channel", '#lab'), ["You're not on that channel"]);
		assert.deepEqual(textsOf('anna No such nick\nbert No such nick\nanna No such nick', 'anna').length, 2);
		for (const line of ['anna is away: dinner', 'annabel No such nick', 'anna', 'bert No such nick', ''])
			assert.deepEqual(textsOf(line, 'anna'), [], line);
	});

	test('stands in the chat where the bridge has no connection, or the channel lets nobody write', () => {
		assert.deepEqual(lossesInChat('Not connected to network.', 1), [
			{time: 1, of: 'message', text: 'Not connected to network'},
		]);
		for (const line of [
			'Cannot send to channel',
			'Cannot send to nick/channel',
			'You need voice (+v) (#lab)',
			'You cannot send messages to this channel whilst the +m (moderated) mode is set.',
			'You are banned (#lab)',
			'No external channel messages (#lab)',
		])
			assert.equal(lossesInChat(line, 1)[0]?.of, 'line', line);
		for (const line of ["You're not operator.", 'ircjane set modes +m', 'You were kicked from the channel by jane'])
			assert.deepEqual(lossesInChat(line, 1), [], line);
		assert.ok(isLossOnly('Cannot send to channel\n\nCannot send to channel'));
		assert.ok(!isLossOnly('ircjane set modes +m\nCannot send to channel'));
	});
});

suite('the message that a loss is of', () => {
	const lines = (...times: readonly number[]): readonly Loss[] =>
		times.map(time => ({time, of: 'line', text: `at ${time}`}));

	test('is the last one before it', () => {
		assert.equal(lossOf([], lines(5))?.time, 5);
		assert.equal(lossOf([{time: 3, lines: 1}], lines(5)), undefined, 'of what was said after it');
		assert.equal(lossOf([{time: 6, lines: 1}], lines(5))?.time, 5, 'before something else was said');
		assert.equal(lossOf([], []), undefined);
	});

	test('is an earlier one as well where there are more losses than lines after it', () => {
		assert.equal(lossOf([{time: 3, lines: 2}], lines(5, 5)), undefined);
		assert.equal(lossOf([{time: 3, lines: 2}], lines(5, 5, 7))?.time, 7);
	});

	test('is counted by messages, not by lines, where none of it was sent', () => {
		const none: readonly Loss[] = [5, 6].map(time => ({time, of: 'message', text: 'Not connected'}));
		assert.equal(lossOf([{time: 3, lines: 9}], none)?.time, 6);
	});
});
