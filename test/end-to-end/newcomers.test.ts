/** Two people who have just signed in: an empty inbox, a first direct chat as in the README, a room that is joined by its alias. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {composerText, enter, goToRoom, readBodies, signIn, waitUntil, writeMessage} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

const nextRoom = '\u001B[1;3B';

suite('newcomers', await needsServers(), () => {
	test('the first message from the shell makes an encrypted direct chat on two screens, and both can be trusted', async t => {
		const server = await sharedSynapse();
		const [anna, bob] = await Promise.all([signIn(server), signIn(server)]);
		const screens = {anna: anna.openScreen(t), bob: bob.openScreen(t)};
		await screens.anna.waitFor('No rooms yet');
		await screens.bob.waitFor('No rooms yet');
		const {code, stderr} = await anna.run(['send', bob.userId, 'are you **coming** on sunday?']);
		assert.equal(code, 0, stderr);
		await screens.anna.waitFor(lines => /^ +\S.*│/.test(lines[2] ?? ''));
		await screens.bob.waitFor('invites you');
		screens.bob.press(nextRoom);
		await screens.bob.waitFor('Enter accepts the invitation');
		screens.bob.press(enter);
		await screens.bob.waitFor('are you coming on sunday?');
		await writeMessage(screens.bob, 'yes!');
		screens.anna.press(nextRoom);
		await screens.anna.waitFor('yes!');
		await writeMessage(screens.anna, 'bring the salad');
		await screens.bob.waitFor('bring the salad');
		for (const screen of Object.values(screens)) {
			await screen.waitFor('end-to-end encrypted');
			// Nothing is unreadable, and no device is one to be warned of.
			await screen.waitFor(lines => !lines.some(line => line.includes('⚠') || line.includes('decrypt')));
		}
		const said = ['are you **coming** on sunday?', 'yes!', 'bring the salad'];
		for (const [person, other] of [
			[anna, bob],
			[bob, anna],
		] as const) {
			await waitUntil(async () => assert.deepEqual(await readBodies(person, other.userId), said));
			const {rooms} = await person.runJson(['rooms']);
			assert.equal((rooms as readonly unknown[]).length, 1);
		}
	});

	test('with an empty inbox commands can be typed: a room is joined by its alias, and mx is quit', async t => {
		const server = await sharedSynapse();
		const anna = await signIn(server);
		const {accessToken} = await server.registerUser(uniqueName('host'));
		const alias = uniqueName('lobby');
		await matrixRequest({url: server.url, accessToken}, 'POST', '/_matrix/client/v3/createRoom', {
			preset: 'public_chat',
			name: 'Lobby',
			room_alias_name: alias,
		});
		const first = anna.openScreen(t);
		await first.waitFor('No rooms yet');
		first.type(`/quit${enter}`);
		assert.deepEqual(await first.ended, {code: 0, signal: undefined});
		const second = anna.openScreen(t);
		await second.waitFor('No rooms yet');
		second.type(`/join #${alias}:${server.serverName}${enter}`);
		await second.waitFor('→ Join');
		second.type(enter);
		await second.waitFor(lines => (lines[1] ?? '').includes('│ Lobby ') && composerText(lines) === '');
		await writeMessage(second, 'hello lobby');
		await second.waitFor(lines => lines.some(line => line.includes('hello lobby') && line.includes('✓')));
		await goToRoom(second, 'Lobby');
		assert.deepEqual(await readBodies(anna, 'Lobby'), ['hello lobby']);
	});
});
