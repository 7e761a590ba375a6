/** The pictures of the account and of the room are chosen from the files of this machine. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {enter, setUpMessages} from './message-scene.ts';
import {lunch} from './sample-screen.ts';

const {open} = setUpMessages();

test('/myavatar and /roomavatar take a path, or show files; - takes the picture away', async () => {
	const file = path.join(temporaryDirectory(), 'me.png');
	writeFileSync(file, 'x');
	const {screen, fake} = await open();
	screen.press(`/myavatar ${file}`);
	screen.press(enter);
	await screen.waitFor('The picture is changed.');
	screen.press('/roomavatar -');
	screen.press(enter);
	await screen.waitFor('The picture is taken away.');
	screen.press('/roomavatar');
	screen.press(enter);
	await screen.waitFor('Picture of Sunday lunch · ');
	screen.press(file);
	await screen.waitFor('1 B');
	screen.press(enter);
	await screen.waitFor('Show everybody me.png (1 B)?');
	screen.press('y');
	await screen.waitFor('The picture is changed.');
	assert.deepEqual(fake.of('setAvatar'), [{path: file}, {roomId: lunch}, {path: file, roomId: lunch}]);
});
