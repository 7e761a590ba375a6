/** Pictures in a terminal that keeps them (kitty): by themselves where that is wanted, and never what must not be drawn. */
import assert from 'node:assert/strict';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import sharp from 'sharp';
import {asObject, asString} from '../../source/domain/json.ts';
import {createPictures} from '../../source/pictures/pictures.ts';
import {keepPictures} from '../helpers/kitty-terminal.ts';
import {createRandom} from '../helpers/random.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {select, setUpMessages, tell} from './message-scene.ts';
import {event, text} from './sample-account.ts';
import {altDown, altUp, anna, lunch, type SampleScreenOptions} from './sample-screen.ts';

const {open, sample} = setUpMessages();
const pictures = createPictures();
after(pictures.stop);

const piece = '\u{10EEEE}';
const kitty = '\u001BP>|kitty(0.35.2)\u001B\\\u001B_Gi=31;OK\u001B\\\u001B[6;20;10t\u001B[?62;c';

const fetchFile = async (): Promise<{readonly path: string; readonly size: number}> => {
	const folder = path.join(temporaryDirectory(), 'opened');
	mkdirSync(folder);
	const file = path.join(folder, 'field.png');
	const create = {width: 200, height: 100, channels: 3, background: '#00ff00'} as const;
	writeFileSync(file, await sharp({create}).png().toBuffer());
	return {path: file, size: 1000};
};

type Content = Readonly<Record<string, unknown>>;

const picture = (name: string, more: Content = {}) =>
	event(anna, {msgtype: 'm.image', body: name, url: 'mxc://one.test/abc', info: {size: 1000, w: 200, h: 100}, ...more});

type Given = Omit<SampleScreenOptions, 'answers'> & {readonly answer?: string};

/** The lunch in a terminal that says of itself what `answer` says. */
const openLunch = async ({answer = kitty, ...options}: Given = {}) => {
	const files: string[] = [];
	const fetch = async () => {
		const file = await fetchFile();
		files.push(file.path);
		return file;
	};
	const scene = await open({pictures, answers: {fetchFile: fetch}, ...options});
	scene.screen.press(answer);
	const {screen} = scene;
	const quiet = async (): Promise<void> => {
		for (let last = -1; last !== screen.bytesWritten();) {
			last = screen.bytesWritten();
			await new Promise(resolve => void setTimeout(resolve, 120));
		}
	};
	return {
		...scene,
		files,
		quiet,
		pieces: () => screen.lines().join('').split(piece).length - 1,
		/** Until the last of them is on the screen: what is to be fetched unasked is asked for by then. */
		come: async (...events: readonly ReturnType<typeof picture>[]) => {
			sample.account.sync({id: lunch, timeline: events});
			tell(screen);
			const words = asString(asObject(events.at(-1)?.content)['body']) ?? '';
			await screen.waitFor(words);
		},
	};
};

for (const [columns, rows, pixels, cells] of [
	[80, 24, 200, 20 * 5],
	[120, 40, 200, 20 * 5],
	[40, 12, 120, 12 * 3],
] as const) {
	test(`at ${columns}×${rows} a picture is drawn by itself, whole or clipped, and P takes it away and brings it back`, async () => {
		const {screen, fake, pieces, come, files} = await openLunch({columns, rows});
		await come(picture('field.png'));
		assert.equal(fake.of('fetchFile').length, 1);
		await screen.waitFor(() => pieces() === cells);
		assert.equal(fake.of('fetchFile')[0]?.['largest'], 600_000);
		const [kept] = keepPictures(screen.output()).values();
		assert.equal((kept?.columns ?? 0) * (kept?.rows ?? 0), cells);
		const {width, format} = await sharp(kept?.data).metadata();
		assert.deepEqual([width, format], [pixels, 'png']);
		assert.ok(files.every(file => !existsSync(file)));
		await select(screen, 'field.png');
		screen.press('P');
		await screen.waitFor(() => pieces() === 0);
		await screen.waitFor(() => keepPictures(screen.output()).size === 0);
		screen.press('P');
		await screen.waitFor(() => pieces() > 0);
		// It was remembered.
		assert.equal(fake.of('fetchFile').length, 1);
		await screen.close();
		assert.equal(keepPictures(screen.output()).size, 0);
		assert.deepEqual(screen.problems, []);
	});
}

test('the place of a picture is kept until it comes: nothing moves then', async () => {
	const {promise, resolve} = Promise.withResolvers<void>();
	const answers = {
		fetchFile: async () => {
			await promise;
			return fetchFile();
		},
	};
	const {screen} = await open({pictures, answers});
	screen.press(kitty);
	sample.account.sync({id: lunch, timeline: [picture('field.png'), text(anna, 'what do you think of it?')]});
	tell(screen);
	const rowsBetween = (): number => {
		const row = (words: string): number => screen.lines().findIndex(line => line.includes(words));
		return row('what do you think') - row('field.png');
	};
	await screen.waitFor(() => rowsBetween() === 6);
	const before = screen.lines();
	resolve();
	await screen.waitFor(lines => lines.join('').includes(piece));
	const blank = (line: string): string => line.replaceAll(new RegExp(`${piece}\\p{M}*`, 'gu'), ' ').trimEnd();
	assert.deepEqual(screen.lines().map(blank), before);
});

test('nothing is drawn by itself over SSH, without a terminal that keeps it, or when it is not wanted; P draws it', async () => {
	const environment = {TERM: 'xterm-256color', COLORTERM: 'truecolor'};
	const konsole = '\u001BP>|Konsole 23.08\u001B\\\u001B_Gi=31;OK\u001B\\\u001B[?62;c';
	const cases: readonly (readonly [Given, string])[] = [
		[{environment: {...environment, SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22'}}, piece],
		[{environment: {...environment, SSH_TTY: '/dev/pts/1'}}, piece],
		[{settings: {pictures: 'never'}}, piece],
		[{answer: '\u001B[?62;c'}, '▀'],
		[{answer: konsole}, '▀'],
		[{settings: {pictureProtocol: 'blocks'}}, '▀'],
	];
	for (const [options, sign] of cases) {
		const {screen, fake, come} = await openLunch(options);
		await come(picture('field.png'));
		assert.equal(fake.of('fetchFile').length, 0, JSON.stringify(options));
		await select(screen, 'field.png');
		screen.press('P');
		await screen.waitFor(sign);
		assert.equal(keepPictures(screen.output()).size, sign === piece ? 1 : 0);
		await screen.close();
	}
});

test('"always" draws by itself over SSH, and half blocks where there is nothing better; not in 16 colours, nor in ASCII', async () => {
	const always = {pictures: 'always'} as const;
	const environment = {TERM: 'xterm-256color', COLORTERM: 'truecolor', SSH_TTY: '/dev/pts/1'};
	for (const [options, sign] of [
		[{settings: always, environment}, piece],
		[{settings: always, answer: '\u001B[?62;c'}, '▀'],
	] as const) {
		const {screen, come} = await openLunch(options);
		await come(picture('field.png'));
		await screen.waitFor(sign);
		await screen.close();
	}
	for (const options of [
		{settings: {...always, ascii: true}},
		{settings: always, environment: {TERM: 'xterm'}, answer: '\u001B[?62;c'},
		{settings: always, environment: {TERM: 'xterm-256color', NO_COLOR: '1'}},
	] as const) {
		const {screen, fake, come} = await openLunch(options);
		await come(picture('field.png'));
		assert.equal(fake.of('fetchFile').length, 0, JSON.stringify(options));
		await screen.close();
	}
});

/** As an encrypted file is told of: `url` counts no more. */
const encrypted = {
	file: {
		v: 'v2',
		url: 'mxc://one.test/abc',
		key: {
			kty: 'oct',
			key_ops: ['encrypt', 'decrypt'],
			alg: 'A256CTR',
			k: Buffer.alloc(32).toString('base64url'),
			ext: true,
		},
		iv: Buffer.alloc(16).toString('base64'),
		hashes: {sha256: Buffer.alloc(32).toString('base64')},
	},
};

test('only small files of people who are read are fetched unasked: no large ones, no spoilers, nothing that was removed', async () => {
	const {screen, fake, come, pieces, quiet} = await openLunch({rows: 40});
	await come(
		picture('large.png', {...encrypted, info: {size: 5_000_000, w: 200, h: 100}}),
		picture('unknown.png', {...encrypted, info: {}}),
		picture('spoiler.png', {'page.codeberg.everypizza.msc4193.spoiler': true}),
		event(anna, {msgtype: 'm.file', body: 'file.png', url: 'mxc://one.test/abc', info: {size: 1000}}),
	);
	assert.equal(fake.of('fetchFile').length, 0);
	// The server makes small what it can read.
	await come(picture('clear.png', {info: {size: 5_000_000, w: 4000, h: 2000}}));
	await screen.waitFor(() => pieces() > 0);
	assert.deepEqual(
		fake.of('fetchFile').map(({isThumbnail, largest}) => [isThumbnail, largest]),
		[[true, 600_000]],
	);
	const thumbnail = {info: {size: 5_000_000, w: 4000, h: 2000, thumbnail_url: 'mxc://one.test/small'}};
	const shown = picture('thumbnail.png', thumbnail);
	const one = pieces();
	await come(shown);
	await screen.waitFor(() => pieces() > one);
	assert.equal(fake.of('fetchFile')[1]?.['isThumbnail'], true);
	sample.account.sync({
		id: lunch,
		timeline: [
			event(anna, {}, {type: 'm.room.redaction', redacts: shown.event_id, content: {redacts: shown.event_id}}),
		],
	});
	tell(screen);
	await screen.waitFor(() => pieces() === one);
	await quiet();
	assert.equal(keepPictures(screen.output()).size, 1);
	// The bare view is for the terminal's own selection.
	await come(picture('again.png'));
	await screen.waitFor(() => pieces() > one);
	screen.press('\u001Bl');
	await screen.waitFor(() => pieces() === 0);
	await quiet();
	assert.equal(pieces(), 0);
});

test('what somebody writes is never taken for a picture, nor for a command', async () => {
	const {screen, come, pieces, quiet} = await openLunch();
	await come(picture('field.png'));
	await screen.waitFor(() => pieces() > 0);
	const own = pieces();
	const stolen = `${piece}\u0305\u0305\u030D`;
	const since = screen.output().length;
	await come(
		text(anna, stolen.repeat(5)),
		text(
			anna,
			`\u001B_Ga=T,f=100,t=f;L2V0Yy9wYXNzd2Q=\u001B\\ \u001BPq#0~~\u001B\\ \u001B]1337;File=inline=1:AAAA\u0007`,
		),
		event(anna, {msgtype: 'm.text', format: 'org.matrix.custom.html', body: 'x', formatted_body: `<b>${stolen}</b>`}),
		event('@a:one.test', {msgtype: 'm.image', body: stolen, ...encrypted, info: {size: 1e9}}),
		text(anna, 'the last one'),
	);
	screen.press(`/topic ${stolen}`);
	await quiet();
	assert.ok(pieces() <= own);
	const without = screen
		.output()
		.slice(since)
		.replaceAll(/\u001B_G[^\u001B]*\u001B\\/g, '');
	assert.ok(!/\u001B[_P]|\u001B\]1337/.test(without));
	assert.deepEqual(screen.problems, []);
});

test('after each of 30 random steps among pictures the screen shows what a full repaint shows', async () => {
	const random = createRandom(20_261_128);
	const {screen, come, pieces, quiet} = await openLunch({columns: 100, rows: 30});
	for (let index = 0; index < 6; index++)
		await come(picture(`field-${index}.png`), ...[1, 2, 3].map(line => text(anna, `words ${index} ${line}`)));
	await screen.waitFor(() => pieces() > 0);
	for (let step = 0; step < 30; step++) {
		screen.press(
			random.pick([
				'\u001B[1;2A',
				'\u001B[1;2B',
				'\u001B[5~',
				'\u001B[6~',
				'\u001Bi',
				'\u001BOP',
				'\u001B',
				altDown,
				altUp,
				'a',
			]),
		);
		await quiet();
		const shown = screen.lines();
		const since = screen.output().length;
		screen.press('\f');
		await screen.waitFor(() => screen.output().includes('\u001B[2J', since));
		await quiet();
		assert.deepEqual(screen.lines(), shown, `step ${step}`);
	}
	keepPictures(screen.output());
	assert.deepEqual(screen.problems, []);
});
