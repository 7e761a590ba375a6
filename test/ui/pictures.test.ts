/** Pictures are drawn where they stand, when the person wants to see them. */
import assert from 'node:assert/strict';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import sharp from 'sharp';
import {createPictures} from '../../source/pictures/pictures.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {select, setUpMessages, tell, waitUntilGone, walk} from './message-scene.ts';
import {event} from './sample-account.ts';
import {anna, lunch, type SampleScreenOptions} from './sample-screen.ts';

const {open, sample} = setUpMessages();
const pictures = createPictures();
after(pictures.stop);

/** A red sky over a green field, as the engine would have fetched it. */
const fetchPicture = async (): Promise<{readonly path: string; readonly size: number}> => {
	const folder = path.join(temporaryDirectory(), 'opened');
	mkdirSync(folder);
	const file = path.join(folder, 'field.png');
	const field = await sharp({create: {width: 64, height: 32, channels: 3, background: '#00ff00'}})
		.png()
		.toBuffer();
	const whole = sharp({create: {width: 64, height: 64, channels: 3, background: '#ff0000'}});
	writeFileSync(
		file,
		await whole
			.composite([{input: field, top: 32, left: 0}])
			.png()
			.toBuffer(),
	);
	return {path: file, size: 1000};
};

const openWithPicture = async (options: SampleScreenOptions = {}) => {
	let fetched = '';
	const fetchFile = async () => {
		const file = await fetchPicture();
		fetched = file.path;
		return file;
	};
	const scene = await open({pictures, answers: {fetchFile}, ...options});
	const content = {msgtype: 'm.image', body: 'field.png', url: 'mxc://one.test/abc', info: {size: 1000}};
	sample.account.sync({id: lunch, timeline: [event(anna, content)]});
	tell(scene.screen);
	await scene.screen.waitFor('field.png');
	await select(scene.screen, 'field.png');
	return {...scene, fetched: () => fetched};
};

for (const [columns, rows] of [
	[80, 24],
	[120, 40],
	[40, 12],
] as const) {
	test(`P draws a picture at ${columns}×${rows}, and takes it away again`, async () => {
		const {screen, fake, fetched} = await openWithPicture({columns, rows});
		screen.press('P');
		await screen.waitFor('▀▀▀▀');
		const drawn = screen.lines().filter(line => line.includes('▀▀▀▀'));
		assert.ok(drawn.length >= 3 && drawn.length <= rows * 0.6, `${drawn.length} rows`);
		assert.ok(screen.lines().every(line => line.length <= columns));
		const output = screen.output();
		assert.ok(output.includes('38;2;255;0;0'), 'the sky is red');
		assert.ok(output.includes('38;2;0;255;0'), 'the field is green');
		assert.equal(fake.of('fetchFile').length, 1);
		await screen.waitFor(() => !existsSync(fetched()));
		screen.press('P');
		await waitUntilGone(screen, '▀▀▀▀');
		assert.equal(fake.of('fetchFile').length, 1);
		screen.press('P');
		await screen.waitFor('▀▀▀▀');
		// Made for a width: at another one it goes.
		screen.resize(columns + 10, rows);
		await waitUntilGone(screen, '▀▀▀▀');
		assert.deepEqual(screen.problems, []);
	});
}

test('where there are no colours, or no picture, it says so', async () => {
	const {screen, fake} = await openWithPicture({environment: {TERM: 'xterm'}});
	screen.press('P');
	await screen.waitFor('too few colours for pictures');
	await walk(screen, 'k', 'the salad, please');
	screen.press('P');
	await screen.waitFor('There is no picture in this message.');
	assert.equal(fake.of('fetchFile').length, 0);
});

test('what is no picture is not drawn, and the file goes', async () => {
	const folder = path.join(temporaryDirectory(), 'opened');
	mkdirSync(folder);
	const file = path.join(folder, 'field.png');
	writeFileSync(file, 'this is none');
	const {screen} = await openWithPicture({answers: {fetchFile: async () => ({path: file, size: 12})}});
	screen.press('P');
	await screen.waitFor('mx cannot draw this picture');
	await screen.waitFor(() => !existsSync(folder));
});
