import assert from 'node:assert/strict';
import {beforeEach, suite, test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {now, state, text} from './sample-account.ts';
import {altDown, altUp, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

beforeEach(() => {
	const {account} = sample;
	account.sync({id: lunch, state: [state('m.room.name', '', {name: 'Lunch'})], timeline: [text(anna, 'hello')]});
	account.sync({
		id: '!other:one.test',
		state: [state('m.room.name', '', {name: 'Other'})],
		timeline: [text(anna, 'elsewhere', {origin_server_ts: now - 90_000})],
	});
});

/** Stores what is sent as the engine does. */
const store = async (request: {readonly to: string; readonly transactionKey: string; readonly content: object}) => {
	const rid = sample.account.reader.roomById(request.to)?.rid ?? 0;
	sample.account.outbox.add({
		rid,
		transactionId: request.transactionKey,
		type: 'm.room.message',
		content: request.content as {},
	});
	return {};
};

const open = async (answers: object = {}, size: {readonly columns?: number; readonly rows?: number} = {}) => {
	const opened = await sample.open({answers: {send: store, ...answers}, ...size});
	opened.screen.press(altDown);
	await opened.screen.waitFor('hello');
	return opened;
};

/** The text in the composer, without its prompt. */
const composed = (lines: readonly string[]): string => (lines.at(-3) ?? '').replace(/^.*│ /, '');

suite('composing', () => {
	test('what is typed shows, with line breaks, and is sent as Markdown with its local echo', async () => {
		const {screen, fake} = await open();
		screen.press('this is **bold**');
		await screen.waitFor('> this is **bold**');
		screen.press('\n');
		screen.press('second line');
		await screen.waitFor(/> this is \*\*bold\*\*\n.*second line/);
		screen.press('\r');
		await screen.waitFor(/this is bold\n.*second line +⧗/);
		assert.equal(composed(screen.lines()), '>');
		const [request] = fake.of('send');
		assert.ok(request);
		const {transactionKey, ...rest} = request;
		assert.match(String(transactionKey), /^[\w-]{36}$/);
		assert.deepEqual(rest, {
			to: lunch,
			content: {
				msgtype: 'm.text',
				body: 'this is **bold**\nsecond line',
				'm.mentions': {},
				format: 'org.matrix.custom.html',
				formatted_body: '<p>this is <strong>bold</strong><br>\nsecond line</p>',
			},
			endsDraft: true,
			isWaiting: false,
			timeout: 0,
		});
	});

	test('text and Enter in one packet send; keys that come while it is stored are kept', async () => {
		const stored = Promise.withResolvers<void>();
		const {screen, fake} = await open({
			send: async (request: never) => {
				await stored.promise;
				return store(request);
			},
		});
		screen.press('one\rtwo\rthree');
		await screen.waitFor('storing…');
		assert.equal(composed(screen.lines()), '> one');
		stored.resolve();
		await screen.waitFor(lines => composed(lines) === '> three');
		assert.deepEqual(
			fake.of('send').map(({content}) => (content as {body: string}).body),
			['one', 'two'],
		);
	});

	test('what could not be stored stays, says why, and is not sent twice', async () => {
		let isBroken = true;
		const {screen, fake} = await open({
			send: async (request: never) => {
				if (!isBroken) return store(request);
				throw new ExpectedError({message: 'The disk is full.', next: 'Free some space.', reason: 'error'});
			},
		});
		screen.press('precious\r');
		await screen.waitFor('Not sent: The disk is full. Free some space.');
		assert.equal(composed(screen.lines()), '> precious');
		isBroken = false;
		screen.press('\r');
		await screen.waitFor(/precious +⧗/);
		const keys = fake.of('send').map(({transactionKey}) => transactionKey);
		assert.equal(keys.length, 2);
		assert.equal(keys[0], keys[1]);
	});

	test('a failed message says why; /retry sends it again and /discard gives the text back', async () => {
		const rid = sample.account.reader.roomById(lunch)?.rid ?? 0;
		const item = sample.account.outbox.add({
			rid,
			transactionId: 't',
			type: 'm.room.message',
			content: {msgtype: 'm.text', body: 'too much'},
		});
		sample.account.outbox.setState(item.id, 'failed', {error: 'the server refused it'});
		const {screen, fake} = await open(
			{
				resolveOutbox: async ({id, action}: {readonly id: number; readonly action: string}) => {
					if (action === 'discard') sample.account.outbox.discard(id);
					return {};
				},
			},
			{columns: 120, rows: 40},
		);
		await screen.waitFor(/too much +✗\n.*✗ not sent: the server refused it\n.*\/retry sends it again ·/);
		screen.press('/retry\r');
		await screen.waitFor(() => fake.of('resolveOutbox').length === 1);
		assert.deepEqual(fake.of('resolveOutbox'), [{id: item.id, action: 'retry'}]);
		screen.press('/discard\r');
		await screen.waitFor(lines => composed(lines) === '> too much');
		await screen.waitFor(lines => !lines.some(line => line.includes('✗')));
	});

	test('/me is an emote, // sends a slash, an unknown word is never sent', async () => {
		const {screen, fake} = await open();
		screen.press('/me waves\r');
		await screen.waitFor(/\* +@alice:one\.test waves/);
		screen.press('//etc\r');
		await screen.waitFor(/\/etc +⧗/);
		screen.press('/qiut\r');
		await screen.waitFor('There is no /qiut');
		assert.equal(composed(screen.lines()), '> /qiut');
		assert.deepEqual(
			fake.of('send').map(({content}) => content),
			[
				{msgtype: 'm.emote', body: 'waves', 'm.mentions': {}},
				{msgtype: 'm.text', body: '/etc', 'm.mentions': {}},
			],
		);
	});

	test('what is pasted is text: no command, no Enter', async () => {
		const {screen, fake} = await open();
		screen.press('\u001B[200~/quit\rsecond\u001B[201~');
		await screen.waitFor(/> \/\/quit\n.*second/);
		assert.equal(fake.of('send').length, 0);
	});

	test('keys right behind a paste are dropped, and mx says so', async () => {
		const {screen, fake} = await open();
		screen.press('\u001B[200~safe\u001B[201~\r');
		await screen.waitFor('Keys that came right behind a paste were dropped');
		assert.equal(composed(screen.lines()), '> safe');
		assert.equal(fake.of('send').length, 0);
	});

	test('a draft stays with its room, is kept on leaving it, and comes back', async () => {
		const {screen, fake} = await open();
		screen.press('half a thou');
		await screen.waitFor('> half a thou');
		screen.press(altDown);
		await screen.waitFor('elsewhere');
		assert.equal(composed(screen.lines()), '>');
		assert.deepEqual(fake.of('saveDraft'), [{roomId: lunch, text: 'half a thou'}]);
		screen.press(altUp);
		await screen.waitFor('> half a thou');
		screen.press('ght\r');
		await screen.waitFor(/half a thought +⧗/);
		await screen.waitFor(() => fake.of('saveDraft').at(-1)?.['text'] === '');
	});

	test('a draft is kept while one types without a pause', async () => {
		const {screen, fake} = await open();
		let typed = '';
		while (fake.of('saveDraft').length < 2) {
			typed += 'x';
			screen.press('x');
			await screen.waitFor(`> ${typed}`);
		}
		for (const {text} of fake.of('saveDraft')) assert.ok(typed.startsWith(String(text)));
	});

	test('a pause keeps the draft, quitting too, and the store gives it back', async () => {
		const rid = sample.account.reader.roomById(lunch)?.rid ?? 0;
		sample.account.execute(`INSERT INTO draft(rid, thread, text, time) VALUES(?, '', 'from yesterday', 1)`, rid);
		const {screen, fake} = await open();
		await screen.waitFor('> from yesterday');
		screen.press('!');
		await screen.waitFor(() => fake.of('saveDraft').length === 1);
		assert.deepEqual(fake.of('saveDraft'), [{roomId: lunch, text: 'from yesterday!'}]);
		screen.press('!');
		await screen.waitFor('> from yesterday!!');
		await screen.close();
		assert.deepEqual(fake.of('saveDraft').at(-1), {roomId: lunch, text: 'from yesterday!!'});
	});

	test('the composer grows to eight rows, then scrolls, and the timeline gives way', async () => {
		const {screen} = await open({}, {columns: 100, rows: 40});
		for (let line = 0; line < 12; line += 1) screen.press(`line ${line}\n`);
		await screen.waitFor('line 11');
		const shown = screen.lines().filter(line => / line \d+/.test(line));
		assert.equal(shown.length, 7);
		assert.match(screen.lines().join('\n'), /↑ line 5/);
		assert.equal(screen.lines().length, 40);
	});

	test('a large paste is fine', async () => {
		const {screen} = await open();
		const words = 'many words to paste '.repeat(20_000);
		await screen.paste(words);
		await screen.waitFor(/↑ .*paste/);
		screen.press('\u0015');
		await screen.waitFor(lines => composed(lines) === '>');
	});

	test('without a sign of the session, everything stored can be read', async () => {
		const never = async () => new Promise<never>(() => undefined);
		const {screen} = await open({
			markRead: never,
			loadOlder: never,
			send: never,
			saveDraft: never,
		});
		screen.press('sent before the engine is up\r');
		await screen.waitFor('storing…');
		screen.press(altDown);
		await screen.waitFor('elsewhere');
		screen.press('\u001BOP');
		await screen.waitFor('Keys and commands');
	});
});
