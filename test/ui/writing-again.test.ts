/** What was sent comes back into the composer, and the text goes to the person's editor and back. */
import assert from 'node:assert/strict';
import {chmodSync, existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {suite, test} from 'node:test';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {event, me, text} from './sample-account.ts';
import {
	addRooms,
	addLunch,
	altDown,
	altUp,
	lunch,
	setUpSampleScreen,
	type SampleScreenOptions,
} from './sample-screen.ts';

const sample = setUpSampleScreen();

const enter = '\r';
const older = '\u0010';
const newer = '\u000E';
const altE = '\u001Be';

const open = async (options: SampleScreenOptions = {}) => {
	const rid = addLunch(sample.account);
	const opened = await sample.open(options);
	opened.screen.press(enter);
	await opened.screen.waitFor('Enter sends');
	return {...opened, rid};
};

const composed = (lines: readonly string[]): string => (lines.at(-3) ?? '').replace(/^.*│ /, '');

suite('what was sent', () => {
	test('comes back from the newest on, and what was being written at the end', async () => {
		const {screen, rid} = await open();
		sample.account.sync({
			id: lunch,
			timeline: [
				event(me, {msgtype: 'm.emote', body: 'waves'}),
				event(me, {msgtype: 'm.image', body: 'photo.jpg', url: 'mxc://one.test/a'}),
				text('@anna:one.test', 'not mine'),
				text(me, '/etc is a folder'),
				text(me, '/etc is a folder'),
			],
		});
		const content = {msgtype: 'm.text', body: 'on its way'};
		sample.account.outbox.add({rid, transactionId: 't', type: 'm.room.message', content});
		screen.press('half a thou');
		await screen.waitFor('> half a thou');
		for (const expected of ['on its way', '//etc is a folder', '/me waves', 'yes! what shall I bring']) {
			screen.press(older);
			await screen.waitFor(lines => composed(lines) === `> ${expected}`);
		}
		screen.press(older);
		await screen.waitFor('There is nothing older of yours here.');
		for (const expected of ['/me waves', '//etc is a folder', 'on its way', 'half a thou']) {
			screen.press(newer);
			await screen.waitFor(lines => composed(lines) === `> ${expected}`);
		}
		screen.press(newer);
		await screen.waitFor('^P brings back what you sent last.');
	});

	test('a text that was changed is the one that is being written', async () => {
		const {screen} = await open();
		screen.press(older);
		await screen.waitFor('> yes! what shall I bring');
		screen.press('?');
		await screen.waitFor('> yes! what shall I bring?');
		screen.press(older);
		await screen.waitFor(lines => composed(lines) === '> yes! what shall I bring');
		screen.press(newer);
		await screen.waitFor(lines => composed(lines) === '> yes! what shall I bring?');
	});

	test('is of the room, and names whom it named', async () => {
		const html = '<p><a href="https://matrix.to/#/%40anna%3Aone.test">@Anna Kowalska</a> yes</p>';
		addLunch(sample.account, {
			timeline: [
				event(me, {
					msgtype: 'm.text',
					body: '@Anna Kowalska yes',
					format: 'org.matrix.custom.html',
					formatted_body: html,
				}),
			],
		});
		sample.account.sync({id: '!other:one.test', timeline: [text('@zoe:one.test', 'hello', {origin_server_ts: 1})]});
		const {screen, fake} = await sample.open();
		screen.press(enter);
		await screen.waitFor('Enter sends');
		screen.press(altDown);
		await screen.waitFor('hello');
		screen.press(older);
		await screen.waitFor('You have said nothing in this room yet.');
		screen.press(altUp);
		await screen.waitFor('@Anna Kowalska yes');
		screen.press(`${older}${enter}`);
		await screen.waitFor(() => fake.of('send').length === 1);
		const {content} = fake.of('send')[0] ?? {};
		assert.deepEqual((content as Record<string, unknown>)['m.mentions'], {user_ids: ['@anna:one.test']});
	});
});

/** An editor that runs shell commands; `$1` is the file. */
const editor = (commands: string): {readonly command: string; readonly folder: string} => {
	const folder = temporaryDirectory();
	const command = path.join(folder, 'editor');
	writeFileSync(command, `#!/bin/sh\n${commands}\n`);
	chmodSync(command, 0o755);
	return {command, folder};
};

const terminal = {TERM: 'xterm-256color', COLORTERM: 'truecolor', PATH: process.env['PATH'] ?? ''};

suite('the editor of the person', () => {
	test('gets the text in a file of its own and gives it back; the screen comes back, nothing is left', async () => {
		const {command, folder} = editor(`ls -l "$2" > "$1.seen"; printf 'second *line*\\nłąka 🎉\\n' >> "$2"`);
		const {screen, fake} = await open({
			environment: {...terminal, XDG_RUNTIME_DIR: folder, VISUAL: `${command} ${folder}/log`, EDITOR: 'false'},
			columns: 120,
			rows: 40,
		});
		screen.press('first');
		await screen.waitFor('> first');
		screen.press(altE);
		await screen.waitFor(/> first\n.*second \*line\*\n.*łąka 🎉/);
		assert.match(readFileSync(`${folder}/log.seen`, 'utf8'), /^-rw-------/);
		assert.deepEqual(
			readdirSync(folder).filter(name => name.startsWith('mx-')),
			[],
		);
		assert.ok(screen.isAlternate());
		assert.deepEqual(fake.of('send'), []);
		screen.press('!');
		await screen.waitFor(/łąka 🎉 ?!/);
		screen.press('\u001Bz\u001Bz');
		await screen.waitFor(lines => composed(lines) === '> first');
	});

	for (const [name, command, sentence] of [
		['is not set', undefined, 'No editor is set. Put its name into VISUAL or EDITOR'],
		['is not there', 'no-such-editor-at-all', 'The editor "no-such-editor-at-all" was not found.'],
		['fails', editor('echo lost > "$1"; exit 3').command, 'ended with the error 3. The text is as it was.'],
	] as const) {
		test(`that ${name}: a sentence, and the text is as it was`, async () => {
			const folder = temporaryDirectory();
			const {screen} = await open({
				environment: {...terminal, XDG_RUNTIME_DIR: folder, ...(command === undefined ? {} : {EDITOR: command})},
				columns: 200,
			});
			screen.press('precious');
			await screen.waitFor('> precious');
			screen.press(altE);
			await screen.waitFor(sentence);
			assert.equal(composed(screen.lines()), '> precious');
			assert.deepEqual(readdirSync(folder), []);
			assert.equal(existsSync(path.join(folder, 'message.md')), false);
		});
	}
});

suite('what was begun', () => {
	/** The session keeps drafts as the engine does. */
	const saveDraft = async (request: {
		readonly roomId: string;
		readonly text: string;
		readonly thread?: string;
	}): Promise<object> => {
		const {account} = sample;
		account.drafts.save(account.reader.roomById(request.roomId)?.rid ?? 0, request.text, [], request.thread);
		return {};
	};

	const begin = async () => {
		const opened = await open({answers: {saveDraft}});
		await opened.screen.waitFor('the salad, please');
		return opened;
	};

	test('a room with something written in it is marked in the inbox while another one is open', async () => {
		addRooms(sample.account, 2);
		const {screen} = await open({columns: 120, rows: 40, answers: {saveDraft}});
		await screen.waitFor('Sunday lunch');
		screen.press('with olives');
		await screen.waitFor('> with olives');
		const rowOf = (lines: readonly string[]) => lines.find(line => /^ .{0,3}Sunday lunch/.test(line)) ?? '';
		assert.ok(!rowOf(screen.lines()).includes('✎'));
		screen.press('\u001B[1;3B');
		await screen.waitFor(lines => /Sunday lunch +✎ +12:39/.test(rowOf(lines)));
		screen.press('\u001B[1;3A');
		await screen.waitFor('> with olives');
		screen.press('\u0015');
		await screen.waitFor(lines => !lines.join().includes('> with olives'));
		screen.press('\u001B[1;3B');
		await screen.waitFor('words in 0');
		await screen.waitFor(lines => !rowOf(lines).includes('✎'));
	});

	for (const size of [
		{columns: 80, rows: 24},
		{columns: 120, rows: 40},
		{columns: 40, rows: 12},
	]) {
		test(`an answer is still one after a restart at ${size.columns} columns`, async () => {
			const {screen} = await begin();
			screen.press(`/reply${enter}`);
			await screen.waitFor('replying to Anna');
			screen.press('with olives');
			await screen.waitFor('> with olives');
			await screen.close();
			const {screen: again} = await sample.open({...size, answers: {saveDraft}});
			again.press(enter);
			await again.waitFor('replying to Anna');
			await again.waitFor('> with olives');
			again.press('\u001B');
			await again.waitFor(lines => !lines.join('\n').includes('replying to'));
			await again.waitFor('> with olives');
			await again.close();
			const {screen: last} = await sample.open({...size, answers: {saveDraft}});
			last.press(enter);
			await last.waitFor('> with olives');
			assert.ok(!last.lines().join('\n').includes('replying to'));
		});
	}

	test('an edit goes on after a restart, beside the draft of the room, and its text is not lost with it', async () => {
		const {screen} = await begin();
		screen.press('half a thought');
		await screen.waitFor('> half a thought');
		screen.press(`\u0015/edit${enter}`);
		await screen.waitFor('editing: yes! what shall I bring');
		screen.press(', and when');
		await screen.waitFor('> yes! what shall I bring, and when');
		await screen.close();
		const {screen: again} = await sample.open({answers: {saveDraft}});
		again.press(enter);
		await again.waitFor('editing: yes! what shall I bring');
		await again.waitFor('> yes! what shall I bring, and when');
		again.press('\u001B');
		await again.waitFor('The edit is dropped: ^Y puts its text here.');
		again.press('\u0019');
		await again.waitFor(/> .*yes! what shall I bring, and when/);
		await again.close();
		const {screen: last} = await sample.open({answers: {saveDraft}});
		last.press(enter);
		await last.waitFor('the salad, please');
		assert.ok(!last.lines().join('\n').includes('editing:'));
	});
});
