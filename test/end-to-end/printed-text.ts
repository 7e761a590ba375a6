/** What mx prints and draws of a room, for tests with texts that no terminal should get. */
import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {asArray, asObject, asString} from '../../source/domain/json.ts';
import {findUnsafe} from '../corpus/safety.ts';
import {spawnMxInTerminal, type TerminalProgram} from '../helpers/program.ts';
import {composerText, scrollToStart, waitUntil, type SignedIn} from '../helpers/signed-in.ts';
import {findForeign} from './terminal-bytes.ts';

/** What is printed for people and programs without a terminal: text between TABs. */
const assertPlain = (output: string): void => {
	for (const line of output.split('\n')) {
		const fields = line.split('\t');
		assert.ok(fields.length <= 5, line);
		for (const field of fields) assert.equal(findUnsafe(field), undefined, JSON.stringify(line.slice(0, 500)));
	}
};

/** A verb prints through a pipe, at a terminal and as JSON without anything that acts on a terminal. */
export const assertPrintsSafely = async (t: TestContext, anna: SignedIn, args: readonly string[]): Promise<void> => {
	const {code, stdout, stderr} = await anna.run(args);
	assert.equal(code, 0, stderr);
	assertPlain(stdout);
	assert.equal(findForeign(stderr), undefined);
	const terminal = spawnMxInTerminal(t, args, {home: anna.home});
	assert.equal((await terminal.ended).code, 0);
	assert.equal(findForeign(terminal.output()), undefined);
	assert.equal(terminal.title(), '');
	// JSON is for programs: the text is the sender's, but it may meet a terminal all the same.
	const json = await anna.run([...args, '--json']);
	assert.doesNotMatch(json.stdout, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/);
};

/** The bodies that mx can read of a room. */
export const readableBodies = async (anna: SignedIn, roomId: string): Promise<readonly string[]> => {
	const {messages} = await anna.runJson(['read', roomId, '-n', '9999']);
	return asArray(messages)
		.map(message => asString(asObject(message)['body']))
		.filter(body => body !== undefined);
};

/** Goes from a room's newest message to its first, until so many messages are readable. */
export const readRoom = async (
	screen: TerminalProgram,
	anna: SignedIn,
	{roomId, count}: {readonly roomId: string; readonly count: number},
): Promise<void> => {
	await scrollToStart(screen);
	await waitUntil(async () => assert.equal((await readableBodies(anna, roomId)).length, count));
};

/** Quits; the screen has written nothing foreign, and no answer of the terminal was typed into it. */
export const assertLeft = async (screen: TerminalProgram): Promise<void> => {
	assert.equal(composerText(screen.lines()), '');
	// mx names the window after the open room; no text does.
	assert.match(screen.title(), /^(?:\(\d+\) )?mx(?: · .*)?$/);
	assert.equal(findUnsafe(screen.title()), undefined);
	screen.press('\u0003\u0003');
	assert.deepEqual(await screen.ended, {code: 0, signal: undefined});
	assert.equal(findForeign(screen.output()), undefined);
};
