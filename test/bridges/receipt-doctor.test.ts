/** What is said of a bridge over which reading does not come through: one case for each cause. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {receiptFindings, type FindingName} from '../../source/bridges/receipt-doctor.ts';
import type {BridgeReading} from '../../source/domain/bridge-reading.ts';

const now = Date.UTC(2026, 10, 25, 18);
const hour = 3_600_000;

const healthy: BridgeReading = {
	bot: '@signalbot:one.test',
	protocol: 'signal',
	hasReceipts: true,
	mode: 'public',
	chats: 3,
	silentChats: 0,
	unreadChats: 0,
	privateChats: 0,
	markerChats: 0,
	unknownChats: 0,
	waiting: 0,
	toRepeat: 0,
	repeated: 0,
	troubledLogins: [],
	loginChats: 3,
	hasDoublePuppet: true,
	hasOwnGhost: true,
	lastHeard: now - hour,
	hasForeignReceipts: true,
};

const find = (changes: Partial<BridgeReading>, name: FindingName) =>
	receiptFindings({...healthy, ...changes}, now).find(finding => finding.name === name);

test('a bridge over which all goes well has nothing but what mx cannot see', () => {
	const states = receiptFindings(healthy, now).map(({name, state}) => `${name} ${state}`);
	assert.deepEqual(states, ['setting ok', 'private ok', 'bridge ok', 'push unknown', 'phone ok', 'puppet ok']);
});

const cases: ReadonlyArray<readonly [Partial<BridgeReading>, FindingName, string, RegExp]> = [
	[{mode: 'private'}, 'setting', 'problem', /private.*\/receipts public/],
	[{mode: 'off'}, 'setting', 'problem', /no receipts are sent/],
	[{silentChats: 1}, 'chats', 'warning', /in 1 chat\./],
	[{privateChats: 2}, 'private', 'problem', /In 2 chats .* private receipts/],
	[{markerChats: 1}, 'marker', 'problem', /never leaves the server/],
	[{lastHeard: now - 72 * hour}, 'bridge', 'unknown', /3 days ago.*--heal/],
	[{lastHeard: undefined}, 'bridge', 'unknown', /Nothing has come/],
	[{waiting: 2}, 'waiting', 'warning', /2 receipts wait/],
	[{toRepeat: 1, repeated: 2}, 'repeat', 'ok', /2 receipts were repeated, 1 is to be/],
	[{unreadChats: 4}, 'first', 'ok', /4 chats .* last 5 seconds/],
	[{unknownChats: 1}, 'target', 'ok', /another app has put your receipt/],
	[{troubledLogins: ['+44 1', '+44 2']}, 'trouble', 'problem', /Not connected to Signal: \+44 1, \+44 2/],
	[{}, 'push', 'unknown', /receive_ephemeral: true/],
	[{hasDoublePuppet: false}, 'puppet', 'warning', /login-matrix/],
	[{hasDoublePuppet: false, hasOwnGhost: false}, 'phone', 'warning', /mx bridge me/],
	[{hasDoublePuppet: false, hasOwnGhost: false, loginChats: 0}, 'login', 'unknown', /list-logins/],
];

for (const [changes, name, state, words] of cases)
	test(`${name} with ${JSON.stringify(changes)}`, () => {
		const finding = find(changes, name);
		assert.equal(finding?.state, state);
		assert.match(`${finding?.message ?? ''} ${finding?.next ?? ''}`, words);
	});

test('a network without receipts is told so, and nothing else', () => {
	const findings = receiptFindings({...healthy, protocol: 'irc', hasReceipts: false}, now);
	assert.deepEqual(
		findings.map(({message}) => message),
		['IRC has no read receipts: nobody there sees what you have read.'],
	);
});
