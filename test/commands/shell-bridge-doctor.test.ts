/** `mx bridge doctor` and `mx bridge me`. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {BridgeReading} from '../../source/domain/bridge-reading.ts';
import {now, run} from './shell-context.ts';

const reading: BridgeReading = {
	bot: '@signalbot:one.test',
	protocol: 'signal',
	hasReceipts: true,
	mode: 'public',
	chats: 2,
	silentChats: 0,
	unreadChats: 0,
	privateChats: 1,
	markerChats: 0,
	unknownChats: 0,
	waiting: 0,
	toRepeat: 0,
	repeated: 0,
	troubledLogins: [],
	loginChats: 1,
	hasDoublePuppet: false,
	hasOwnGhost: true,
	lastHeard: now - 60_000,
	hasForeignReceipts: false,
};

test('mx bridge doctor says what is wrong and what to do, for people and for programs', async () => {
	const asked: unknown[] = [];
	const session = {
		bridgeReading: async (request: unknown) => {
			asked.push(request);
			return {bridges: [reading]};
		},
		healReceipts: async () => ({count: 2}),
	};
	const ran = await run(['bridge', 'doctor', 'signal', '--heal'], {
		session,
		view: {isTerminal: true, columns: 100},
	});
	assert.deepEqual(asked, [{network: 'signal'}]);
	assert.equal(ran.lines[0], 'Signal  @signalbot:one.test  2 chats');
	assert.ok(ran.lines.some(line => line.startsWith('  problem  In 1 chat you have read further by private receipts')));
	assert.ok(ran.lines.some(line => line.startsWith('           → Open them in mx')));
	assert.equal(ran.lines.at(-1), '2 receipts are repeated.');
	assert.equal(ran.error?.message, 'There is a problem.');
	const {bridges, repeated} = ran.document as {bridges: ReadonlyArray<{checks: readonly object[]}>; repeated: number};
	assert.equal(repeated, 2);
	assert.deepEqual(bridges[0]?.checks[1], {
		name: 'private',
		state: 'problem',
		message: 'In 1 chat you have read further by private receipts, which bridges do not pass on.',
		next: 'Open them in mx, or let your other app send read receipts.',
	});
	const piped = await run(['bridge', 'doctor'], {session});
	assert.deepEqual(asked.at(-1), {network: undefined});
	assert.equal(piped.lines[0], 'signal\tok\tsetting\tWhat you read in mx is told to Signal by public receipts.');
	assert.equal(piped.document?.['repeated'], null);
});

test('mx bridge doctor says where there is no such bridge', async () => {
	const session = {bridgeReading: async () => ({bridges: []})};
	assert.match((await run(['bridge', 'doctor', 'irc'], {session})).error?.message ?? '', /no bridge to IRC/);
	assert.match((await run(['bridge', 'doctor'], {session})).error?.message ?? '', /no bridge that is certain/);
});

test('mx bridge me names the own ghost, not-me takes it back', async () => {
	const asked: unknown[] = [];
	const session = {
		setOwnGhost: async (request: unknown) => {
			asked.push(request);
			return {};
		},
	};
	const ghost = '@telegram_42:one.test';
	assert.deepEqual((await run(['bridge', 'me', ghost], {session})).document, {user_id: ghost, me: true});
	assert.deepEqual((await run(['bridge', 'not-me', ghost], {session})).document, {user_id: ghost, me: false});
	assert.deepEqual(asked, [
		{userId: ghost, isMe: true},
		{userId: ghost, isMe: false},
	]);
	assert.match((await run(['bridge', 'me', 'Anna'], {session})).error?.message ?? '', /no user id/);
});
