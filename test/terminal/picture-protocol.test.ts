/** Which terminals keep pictures, and what tmux says of the one around it. */
import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {hasPictureCells, isRemote} from '../../source/terminal/picture-protocol.ts';
import {askTmux} from '../../source/terminal/tmux-terminal.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

test('kitty from 0.28 on and Ghostty have cells for pictures; others that speak the protocol do not', () => {
	for (const name of ['kitty(0.28.1)', 'kitty(0.35.2)', 'kitty(1.0.0)', 'ghostty 1.2.0'])
		assert.ok(hasPictureCells(name), name);
	for (const name of ['kitty(0.26.5)', 'Konsole 23.08.1', 'WezTerm 20240203', 'tmux 3.4', 'xterm(379)', '', undefined])
		assert.ok(!hasPictureCells(name), name);
});

test('whoever came by SSH sits elsewhere', () => {
	assert.ok(isRemote({SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22'}) && isRemote({SSH_TTY: '/dev/pts/3'}));
	assert.ok(!isRemote({}) && !isRemote({SSH_TTY: ''}));
});

test('tmux is asked for the terminal around it; only where it hands on what is wrapped that counts', async () => {
	const folder = temporaryDirectory();
	/** A tmux that gives this answer to the question of mx. */
	const answering = async (answer: string): Promise<string | undefined> => {
		const file = path.join(folder, 'tmux');
		writeFileSync(file, `#!/bin/sh\n[ "$1 $2 $3 $4" = "display-message -p -t %3" ] || exit 1\n${answer}\n`);
		chmodSync(file, 0o700);
		return askTmux({PATH: `${folder}:/bin:/usr/bin`, TMUX: '/tmp/tmux-0/default,1,0', TMUX_PANE: '%3'});
	};
	assert.equal(await answering("echo '1|kitty(0.35.2)'"), 'kitty(0.35.2)');
	assert.equal(await answering("echo 'all|ghostty 1.2.0'"), 'ghostty 1.2.0');
	assert.equal(await answering("echo '0|kitty(0.35.2)'"), undefined);
	assert.equal(await answering("echo '1|'"), undefined);
	assert.equal(await answering("echo '|kitty(0.35.2)'"), undefined);
	assert.equal(await answering("printf '1|a\\033]0;b\\n'"), undefined);
	assert.equal(await answering('exit 1'), undefined);
	assert.equal(await askTmux({PATH: '/nowhere', TMUX: 'x,1,0'}), undefined);
	assert.equal(await askTmux({PATH: '/bin:/usr/bin'}), undefined);
});
