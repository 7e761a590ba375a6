/** A message of somebody else is told through the terminal while it does not have the focus, also an encrypted one; a muted room stays silent. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createPeer} from '../helpers/peer.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import type {TerminalProgram} from '../helpers/program.ts';
import {composerText, joinRoom, openFirstRoom, signIn, writeSettings} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

const focusOut = '\u001B[O';
const focusIn = '\u001B[I';

/** @returns what was notified by OSC 9, in order. */
const toldIn = (screen: TerminalProgram): readonly string[] =>
	Array.from(screen.output().matchAll(/\u001B\]9;([^\u0007\u001B]*)\u001B\\/g), ([, said = '']) => said);

/** Resolves when mx knows: keys that follow stand in the composer. */
const changeFocus = async (screen: TerminalProgram, sequence: string): Promise<void> => {
	screen.press(`${sequence}x`);
	await screen.waitFor(lines => composerText(lines) === 'x');
	screen.press('\u007F');
	await screen.waitFor(lines => composerText(lines) === '');
};

for (const isEncrypted of [false, true]) {
	test(`a message is told, ${isEncrypted ? 'encrypted' : 'in the clear'}`, await needsServers(), async t => {
		const server = await sharedSynapse();
		const anna = await signIn(server);
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
		const roomId = await bob.createRoom({name: 'Both', isEncrypted, invite: [anna.userId]});
		await joinRoom(anna, roomId);
		await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
		writeSettings(anna.home, {notify: 'osc9'});
		const screen = anna.openScreen(t);
		await openFirstRoom(screen);
		await changeFocus(screen, focusOut);
		await bob.sendText(roomId, 'the first');
		await screen.waitFor('the first');
		await screen.waitFor(() => toldIn(screen).some(said => said.endsWith(': the first')));
		assert.equal(toldIn(screen).length, 1, toldIn(screen).join('\n'));
		assert.match(toldIn(screen)[0] ?? '', /^Both: .*bob.*: the first$/i);
		// Before somebody's eyes nothing is told.
		await changeFocus(screen, focusIn);
		await bob.sendText(roomId, 'the second');
		await screen.waitFor('the second');
		const rule = `/_matrix/client/v3/pushrules/global/override/${encodeURIComponent(roomId)}`;
		const conditions = [{kind: 'event_match', key: 'room_id', pattern: roomId}];
		await matrixRequest(anna.access, 'PUT', rule, {conditions, actions: []});
		await bob.sendText(roomId, 'now muted');
		await screen.waitFor('now muted');
		await changeFocus(screen, focusOut);
		await bob.sendText(roomId, 'the third');
		await screen.waitFor('the third');
		assert.equal(toldIn(screen).length, 1, toldIn(screen).join('\n'));
	});
}
