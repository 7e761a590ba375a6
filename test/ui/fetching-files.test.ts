/** Files of messages are saved by `s`, opened by `o` after a question, and say how far they are. */
import assert from 'node:assert/strict';
import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {fetchKey} from '../../source/domain/media-requests.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {escape, enter, select, setUpMessages, tell, waitUntilGone} from './message-scene.ts';
import {event, type SampleEvent} from './sample-account.ts';
import {anna, lunch, type SampleScreenOptions} from './sample-screen.ts';

const {open, sample} = setUpMessages();

/** Opens the lunch with a file of Anna's below the talk. */
const openWithFile = async (name: string, options: SampleScreenOptions = {}) => {
	const home = temporaryDirectory();
	mkdirSync(path.join(home, 'Downloads'));
	const file: SampleEvent = event(anna, {
		msgtype: 'm.image',
		body: name,
		url: 'mxc://one.test/abc',
		info: {size: 1_234_567, mimetype: 'image/jpeg', w: 1280, h: 960},
	});
	const opened: string[] = [];
	const scene = await open({
		environment: {TERM: 'xterm-256color', COLORTERM: 'truecolor', HOME: home},
		openFile: async given => void opened.push(given),
		...options,
	});
	sample.account.sync({id: lunch, timeline: [file]});
	tell(scene.screen);
	await scene.screen.waitFor('1.2 MB');
	return {...scene, home, file, opened};
};

for (const [columns, rows] of [
	[80, 24],
	[120, 40],
	[40, 12],
] as const) {
	test(`s saves to the downloads at ${columns}×${rows}, and says how far it is`, async () => {
		const answer = Promise.withResolvers<{readonly path: string; readonly size: number}>();
		const answers = {fetchFile: async () => answer.promise};
		const {screen, fake, home, file} = await openWithFile('salad.jpg', {columns, rows, answers});
		await select(screen, 'salad.jpg');
		screen.press('s');
		await screen.waitFor('Fetching salad.jpg');
		const folder = path.join(home, 'Downloads');
		const key = fetchKey(file.event_id);
		assert.deepEqual(fake.of('fetchFile'), [{roomId: lunch, eventId: file.event_id, key, folder}]);
		screen.notify({kind: 'transfer', transfer: {key, rid: 1, done: 617_000, total: 1_234_000}});
		await screen.waitFor(/█+░+ 50 %/);
		screen.press('s');
		await screen.waitFor('stop');
		screen.press('y');
		await screen.waitFor(() => fake.of('stopFetching').length === 1);
		answer.resolve({path: path.join(folder, 'salad.jpg'), size: 1_234_567});
		screen.notify({kind: 'transfer', transfer: {key, rid: 1, done: 0, total: 0, isOver: true}});
		await screen.waitFor('Saved as');
		await waitUntilGone(screen, '50 %');
	});
}

test('o opens after a question, from a place of its own', async () => {
	const answers = {fetchFile: async () => ({path: '/cache/opened/x/salad.jpg', size: 5})};
	const {screen, fake, opened} = await openWithFile('salad.jpg', {answers});
	await select(screen, 'salad.jpg');
	await screen.waitFor('o open');
	screen.press('o');
	await screen.waitFor('Open salad.jpg (1.2 MB) on this machine?');
	assert.equal(fake.of('fetchFile').length, 0);
	screen.press('y');
	await screen.waitFor('salad.jpg is opened');
	assert.deepEqual(opened, ['/cache/opened/x/salad.jpg']);
	assert.equal(fake.of('fetchFile')[0]?.['folder'], undefined);
});

test('what a system would run is not opened', async () => {
	const {screen, opened} = await openWithFile('../salad.jpg.desktop');
	await select(screen, 'salad.jpg');
	screen.press('o');
	await screen.waitFor('mx opens no files like salad.jpg.desktop: s saves it.');
	assert.deepEqual(opened, []);
});

test('/download takes the newest file, and a folder; a message without one says so', async () => {
	const {screen, fake, home} = await openWithFile('salad.jpg', {
		answers: {fetchFile: async () => ({path: '/somewhere/salad.jpg', size: 5})},
	});
	screen.press(`/download ${home}`);
	screen.press(enter);
	await screen.waitFor('Saved as /somewhere/salad.jpg.');
	assert.equal(fake.of('fetchFile')[0]?.['folder'], home);
	screen.press(escape);
	await waitUntilGone(screen, 'Saved as');
	await select(screen, 'the salad, please');
	screen.press('s');
	await screen.waitFor('There is no file in this message.');
	screen.press('o');
	await screen.waitFor('There is no file and no web address');
});
