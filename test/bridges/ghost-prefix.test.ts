/** What is learned of the names of ghosts. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {learnGhostPrefix} from '../../source/bridges/ghost-prefix.ts';

const isSignal = (localpart: string): boolean => localpart.startsWith('signal_');

const cases: ReadonlyArray<readonly [string, readonly string[], string | undefined]> = [
	['a prefix of its own', ['sig-work_4a1', 'sig-work_9bc', 'sig-work_9b1'], 'sig-work_'],
	['the same digits behind it', ['wa_49170', 'wa_49171'], 'wa_'],
	['the usual names', ['signal_4a1', 'signal_9bc'], undefined],
	['one ghost alone', ['sig_4a1'], undefined],
	['one ghost in two chats', ['sig_4a1', 'sig_4a1'], undefined],
	['somebody of the server among them', ['sig_4a1', 'sig_9bc', 'anna'], undefined],
	['no separator', ['signal1', 'signal2'], undefined],
	['too short', ['a_1', 'a_2'], undefined],
	['a name that is the prefix', ['sig_', 'sig_1'], undefined],
];

for (const [what, names, expected] of cases)
	test(`${what}: ${expected ?? 'nothing'}`, () => {
		assert.equal(learnGhostPrefix(names, isSignal), expected);
	});
