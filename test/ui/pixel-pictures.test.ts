/** Pictures as pixels over cells, in terminals that have sixel or the inline images of iTerm2. */
import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import sharp from 'sharp';
import {createPictures} from '../../source/pictures/pictures.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {select, setUpMessages, tell} from './message-scene.ts';
import {event, text} from './sample-account.ts';
import {anna, lunch, type SampleScreenOptions} from './sample-screen.ts';

const {open, sample} = setUpMessages();
const pictures = createPictures();
after(pictures.stop);

/** It does not say its name, but to the programs that it starts. */
const mlterm = '\u001B[6;20;10t\u001B[?63;4c';
const iterm2 = '\u001BP>|iTerm2 3.5.4\u001B\\\u001B[?62;4c';

const fetchFile = async (): Promise<{readonly path: string; readonly size: number}> => {
	const folder = path.join(temporaryDirectory(), 'opened');
	mkdirSync(folder);
	const file = path.join(folder, 'field.png');
	const create = {width: 200, height: 90, channels: 3, background: '#00ff00'} as const;
	writeFileSync(file, await sharp({create}).png().toBuffer());
	return {path: file, size: 1000};
};

const openLunch = async (answer: string, options: SampleScreenOptions = {}) => {
	const scene = await open({
		pictures,
		answers: {fetchFile},
		environment: {TERM: 'xterm-256color', COLORTERM: 'truecolor', ...(answer === mlterm ? {MLTERM: '3.9.0'} : {})},
		...options,
	});
	scene.screen.press(answer);
	const content = {msgtype: 'm.image', body: 'field.png', url: 'mxc://one.test/abc', info: {size: 1000, w: 200, h: 90}};
	sample.account.sync({id: lunch, timeline: [event(anna, content), text(anna, 'what do you think?')]});
	tell(scene.screen);
	await scene.screen.waitFor('what do you think?');
	return scene;
};

/** What draws pictures in an output: where, and which. */
const drawn = (output: string): readonly string[] =>
	[...output.matchAll(/\u001B\[\d+;\d+H(?:\u001BP0;1;0q"1;1;\d+;\d+|\u001B\]1337;[^:]*)/g)].map(([whole]) =>
		whole.replace(/\u001B\[\d+;\d+H/, ''),
	);

for (const [columns, rows, sixel, inline] of [
	[80, 24, '200;90', 'width=20;height=5'],
	[120, 40, '200;90', 'width=20;height=5'],
	[40, 12, '133;60', 'width=14;height=3'],
] as const) {
	for (const [name, answer, expected] of [
		['mlterm', mlterm, sixel],
		['iTerm2', iterm2, inline],
	] as const)
		test(`at ${columns}×${rows} a picture is drawn in ${name} when the screen rests, and P takes it away`, async () => {
			const {screen, fake} = await openLunch(answer, {columns, rows});
			await screen.waitFor(() => drawn(screen.output()).length === 1);
			assert.ok(drawn(screen.output())[0]?.includes(expected), drawn(screen.output()).join(' '));
			// The lines below the name are its place.
			const at = (words: string): number => screen.lines().findIndex(line => line.includes(words));
			assert.equal(at('what do you think?') - at('field.png'), 1 + (rows === 12 ? 3 : 5));
			await select(screen, 'field.png');
			screen.press('P');
			await screen.waitFor(() => at('what do you think?') - at('field.png') === 1);
			screen.press('P');
			await screen.waitFor(() => drawn(screen.output()).length === 2);
			assert.equal(fake.of('fetchFile').length, 1);
			assert.deepEqual(screen.problems, []);
		});
}

test('where a picture could leave ruins there are half blocks: a cell of unknown size, an unknown terminal, tmux', async () => {
	const xterm = {TERM: 'xterm-256color', COLORTERM: 'truecolor'};
	for (const [answer, options] of [
		['\u001BP>|xterm(379)\u001B\\\u001B[?63;4c', {}],
		['\u001BP>|strange 1.0\u001B\\\u001B[6;20;10t\u001B[?63;4c', {}],
		[mlterm, {environment: {...xterm, MLTERM: '3.9.0', TERM: 'tmux-256color'}}],
		[mlterm, {settings: {pictureProtocol: 'blocks'}}],
	] as const) {
		const {screen, fake} = await openLunch(answer, options);
		await select(screen, 'field.png');
		assert.equal(fake.of('fetchFile').length, 0);
		screen.press('P');
		await screen.waitFor('▀▀▀');
		assert.deepEqual(drawn(screen.output()), []);
		await screen.close();
	}
});

test('a list over a picture erases it, and it comes back with the conversation', async () => {
	const {screen} = await openLunch(mlterm);
	await screen.waitFor(() => drawn(screen.output()).length === 1);
	screen.press('\u001BOP');
	await screen.waitFor(lines => !lines.join('\n').includes('field.png'));
	screen.press('\u001B');
	await screen.waitFor('field.png');
	await screen.waitFor(() => drawn(screen.output()).length === 2);
	assert.deepEqual(screen.problems, []);
});
