/** mx in a real tmux: keys in one write, redrawing at each size, the mouse, the name of the pane, the bell of a notification, and the way back to the shell. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createPeer} from '../helpers/peer.ts';
import {joinRoom, signIn} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {needsTmux, openTmux} from '../helpers/tmux.ts';

test('mx in tmux', {...(await needsServers()), ...needsTmux()}, async t => {
	const server = await sharedSynapse();
	const anna = await signIn(server);
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({name: 'Both', invite: [anna.userId]});
	await joinRoom(anna, roomId);
	await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
	const screen = openTmux(t, {home: anna.home, columns: 100, rows: 30});
	screen.tmux('set-option', '-g', 'focus-events', 'on');
	screen.tmux('set-option', '-g', 'mouse', 'on');
	await screen.waitFor(/^shell>\s*$/);
	screen.startMx();
	await screen.waitFor('INBOX');
	await screen.waitFor('Both');
	screen.press('Enter');
	await screen.waitFor('Enter sends to Both');

	await t.test('text and Enter in one write are a message', async () => {
		screen.press('hello from tmux', 'Enter');
		await bob.waitForText(roomId, 'hello from tmux');
		await screen.waitFor('hello from tmux');
	});

	await t.test('keys with modifiers arrive', async () => {
		screen.press('one', 'M-Enter', 'two');
		await screen.waitFor(/> one\n.*  two/);
		screen.press('C-u', 'BSpace', 'C-u');
		await screen.waitFor(/[│ ] >$/m);
		screen.press('F1');
		await screen.waitFor('Keys and commands');
		screen.press('Escape');
		await screen.waitFor('Enter sends to Both');
	});

	await t.test('the pane has the name of the room, and mx has the mouse but in the bare view', async () => {
		await screen.waitFor(() => screen.value('pane_title').endsWith('mx · Both'));
		assert.equal(screen.value('mouse_any_flag'), '1');
		screen.press('M-l');
		await screen.waitFor('Alt-L goes back');
		assert.equal(screen.value('mouse_any_flag'), '0');
		screen.press('M-l');
		await screen.waitFor('INBOX');
		assert.equal(screen.value('mouse_any_flag'), '1');
	});

	await t.test('at each size the screen is what a repaint shows', async () => {
		await bob.sendText(roomId, 'wide 漢字 and ❤️ 👨‍👩‍👧‍👦 👍🏽 🏳️‍🌈 emoji');
		await screen.waitFor('emoji');
		for (const [columns, rows] of [
			[80, 24],
			[40, 12],
			[120, 40],
			[100, 30],
		] as const) {
			screen.tmux('resize-window', '-x', String(columns), '-y', String(rows));
			await screen.waitFor(/emoji/);
			let before: readonly string[] = [];
			let calmLooks = 0;
			// Drawn for this size, and nothing comes any more: tmux tells of the size a moment later.
			await screen.waitFor(lines => {
				const isDrawn = lines.some(line => line.length === columns && line.endsWith('───'));
				calmLooks = isDrawn && lines.join('\n') === before.join('\n') ? calmLooks + 1 : 0;
				before = lines;
				return calmLooks === 10;
			});
			screen.press('C-l');
			await screen.waitFor(lines => lines.join('\n') === before.join('\n'));
		}
	});

	await t.test('a message while another window is in front rings the bell of this one', async () => {
		const window = screen.value('window_id');
		screen.tmux('new-window', '-d', '/bin/sh');
		// The focus is reported as a terminal does.
		screen.send('\u001B[O');
		screen.tmux('select-window', '-t', ':+1');
		await bob.sendText(roomId, 'are you there?');
		const flags = (): string => screen.tmux('list-windows', '-F', '#{window_id} #{window_bell_flag}');
		await screen.waitFor(() => flags().includes(`${window} 1`));
		screen.tmux('select-window', '-t', window);
		await screen.waitFor('are you there?');
	});

	await t.test('Ctrl-Z gives the shell back and fg mx; what is left is the shell', async () => {
		screen.press('C-z');
		await screen.waitFor(lines => !lines.join('\n').includes('INBOX'));
		assert.equal(screen.value('mouse_any_flag'), '0');
		screen.press('fg', 'Enter');
		await screen.waitFor('INBOX');
		assert.equal(screen.value('mouse_any_flag'), '1');
		screen.press('/quit', 'Enter');
		await screen.waitFor(/shell>\s*$/);
		assert.equal(screen.value('mouse_any_flag'), '0');
		assert.equal(screen.value('alternate_on'), '0');
		assert.ok(!screen.value('pane_title').includes('mx ·'));
	});
});
