/** Files are sent by their path, which completes, or chosen from a list; what is on its way says how far it is. */
import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {ctrlU, enter, escape, select, setUpMessages, waitUntilGone} from './message-scene.ts';
import {waiting} from './message-session.ts';
import {lunch} from './sample-screen.ts';

const {open, sample} = setUpMessages();

const tab = '\t';
const controlO = '\u000F';

/** A folder with a folder and three files. */
const makeFolder = (): string => {
	const folder = temporaryDirectory();
	mkdirSync(path.join(folder, 'holiday pictures'));
	writeFileSync(path.join(folder, 'holiday pictures', 'the sea.jpg'), 'x'.repeat(123_456));
	writeFileSync(path.join(folder, 'notes.txt'), 'hello');
	writeFileSync(path.join(folder, '.hidden'), '');
	return folder;
};

const rows = () => waiting(sample.account, lunch);

test('/upload sends a file with words to it; the path completes, blanks and all', async () => {
	const folder = makeFolder();
	const {screen, fake} = await open();
	screen.press(`/upload ${folder}/hol`);
	await screen.waitFor('holiday pictures/');
	screen.press(tab);
	await screen.waitFor('the sea.jpg');
	screen.press(tab);
	await screen.waitFor(/the\\[\s│]+sea\.jpg/);
	screen.press('the **sea**');
	screen.press(enter);
	await screen.waitFor(/audio|photo {2}the sea\.jpg 123 kB/);
	await screen.waitFor('waits to be uploaded');
	await screen.waitFor('the sea');
	const [request] = fake.of('sendFile');
	assert.equal(request?.['path'], path.join(folder, 'holiday pictures', 'the sea.jpg'));
	assert.equal(rows()[0]?.content['body'], 'the **sea**');
	assert.equal(rows()[0]?.content['formatted_body'], '<p>the <strong>sea</strong></p>');
	assert.equal(rows()[0]?.state, 'uploading');
	await waitUntilGone(screen, '/upload');
});

test('a picture goes as it is where that is said, by /upload or by the settings; the path completes behind the flag too', async () => {
	const folder = makeFolder();
	const {screen, fake} = await open();
	screen.press(`/upload --keep-metadata ${folder}/hol`);
	await screen.waitFor('holiday pictures/');
	screen.press(tab);
	await screen.waitFor('the sea.jpg');
	screen.press(tab);
	await screen.waitFor(/the\\[\s│]+sea\.jpg/);
	screen.press('the sea');
	screen.press(enter);
	await screen.waitFor('waits to be uploaded');
	const [request] = fake.of('sendFile');
	assert.equal(request?.['path'], path.join(folder, 'holiday pictures', 'the sea.jpg'));
	assert.equal(rows()[0]?.content['body'], 'the sea');
	assert.equal(request['keepsMetadata'], true);
	await waitUntilGone(screen, '/upload');
	screen.press(`/upload ${path.join(folder, 'notes.txt')}`);
	screen.press(enter);
	await screen.waitFor(() => fake.of('sendFile').length === 2);
	assert.equal(fake.of('sendFile')[1]?.['keepsMetadata'], undefined);
	await waitUntilGone(screen, '/upload');
	await screen.close();
	const other = await open({settings: {keepMetadata: true}});
	other.screen.press(`/upload ${path.join(folder, 'notes.txt')}`);
	other.screen.press(enter);
	await other.screen.waitFor(() => other.fake.of('sendFile').length === 1);
	assert.equal(other.fake.of('sendFile')[0]?.['keepsMetadata'], true);
	await waitUntilGone(other.screen, '/upload');
});

for (const [columns, height] of [
	[80, 24],
	[120, 40],
	[40, 12],
] as const) {
	test(`how far a file is stands below it at ${columns}×${height}, and x gives it up`, async () => {
		const folder = makeFolder();
		const {screen} = await open({columns, rows: height});
		screen.press(`/upload ${path.join(folder, 'notes.txt')}`);
		screen.press(enter);
		await screen.waitFor('waits to be uploaded');
		const [row] = rows();
		const about = {key: row?.transactionId ?? '', rid: row?.rid ?? 0};
		screen.notify({kind: 'transfer', transfer: {...about, done: 250_000, total: 1_000_000}});
		await screen.waitFor(/█+░+ 25 %/);
		assert.ok(screen.lines().every(line => line.length <= columns));
		screen.notify({kind: 'transfer', transfer: {...about, done: 1_000_000, total: 1_000_000}});
		await screen.waitFor(/█+ 100 %/);
		await select(screen, 'notes.txt');
		screen.press('e');
		await screen.waitFor('A file is not edited');
		screen.press('x');
		await screen.waitFor('Forget what is not sent?');
		screen.press('y');
		await waitUntilGone(screen, 'notes.txt');
		assert.deepEqual(rows(), []);
	});
}

test('^O lists files; the chosen one goes with what is written, after a question', async () => {
	const folder = makeFolder();
	const {screen, fake} = await open();
	screen.press('look at this');
	screen.press(controlO);
	await screen.waitFor('Send a file · ');
	screen.press(`${folder}/`);
	await screen.waitFor('notes.txt');
	assert.ok(!screen.lines().join('\n').includes('.hidden'));
	assert.match(screen.lines().find(line => line.includes('notes.txt')) ?? '', /notes\.txt +5 B/);
	screen.press('holi');
	await screen.waitFor(lines => !lines.join('\n').includes('notes.txt'));
	screen.press(enter);
	await screen.waitFor('the sea.jpg');
	await screen.waitFor('holiday pictures');
	screen.press('sea');
	screen.press(enter);
	await screen.waitFor('Send the sea.jpg (123 kB) to Sunday lunch with what is written?');
	screen.press('y');
	await screen.waitFor('waits to be uploaded');
	assert.equal(rows()[0]?.content['body'], 'look at this');
	assert.equal(rows()[0]?.content['filename'], 'the sea.jpg');
	assert.equal(fake.of('send').length, 0);
	// The list begins where it was.
	screen.press(controlO);
	await screen.waitFor('holiday pictures');
});

test('without a path /upload opens the list, and nothing is lost by closing it', async () => {
	const {screen} = await open();
	screen.press('/upload');
	screen.press(enter);
	await screen.waitFor('Send a file · ');
	screen.press('/no/such/folder/');
	await screen.waitFor('This folder cannot be read.');
	screen.press(escape);
	await waitUntilGone(screen, 'Send a file · ');
	assert.deepEqual(rows(), []);
});

test('what cannot be sent says why, and the words stay', async () => {
	const folder = makeFolder();
	writeFileSync(path.join(folder, 'film.mkv'), Buffer.alloc(1_200_000));
	const {screen} = await open();
	const words = `/upload ${path.join(folder, 'nothing.txt')} here`;
	screen.press(words);
	screen.press(enter);
	await screen.waitFor('Not sent: There is no file');
	await screen.waitFor('nothing.txt here');
	screen.press(ctrlU);
	screen.press(`/upload ${path.join(folder, 'film.mkv')}`);
	screen.press(enter);
	await screen.waitFor('film.mkv has 1.2 MB; the server takes files up to 1 MB.');
	screen.press(ctrlU);
	screen.press(escape);
	await waitUntilGone(screen, 'takes files up to');
	await select(screen, 'yes!');
	screen.press('e');
	await screen.waitFor('editing');
	screen.press(controlO);
	await screen.waitFor('finish the edit first');
	assert.deepEqual(rows(), []);
});
