/** Signing in at a network from the terminal: the code on the screen is one that a phone reads. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type AddressInfo} from 'node:net';
import {after, before, suite, test} from 'node:test';
import {asArray, asObject} from '../../source/domain/json.ts';
import {startFixtureBridge, type FixtureBridge} from '../bridge/fixture-bridge.ts';
import {answerAsBot} from '../bridge/fixture-login.ts';
import {createOwner} from '../helpers/owner.ts';
import {spawnMxInTerminal} from '../helpers/program.ts';
import {qrRowsOn, readQr} from '../helpers/read-qr.ts';
import {enter, signIn, type SignedIn} from '../helpers/signed-in.ts';
import {needsServers, startSynapse, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const needs = {...(await needsServers()), ...(isDemo ? {skip: 'the demo takes no bridges from outside'} : {})};

const firstQr = 'sgnl://linkdevice?uuid=5f2c0d4e-8a17-4c55&pub_key=BX0p7bZ1vQd3l9W1w';
/** As long as those of Signal are. */
const longQr =
	`sgnl://linkdevice?uuid=${'5f2c0d4e8a17'.repeat(2)}%3D%3D&pub_key=BX0p7bZ1vQd3l9W1w${'aB3%2F'.repeat(6)}&capabilities=backup4%2Cbackup5`.padEnd(
		150,
		'x',
	);
const nextQr = 'sgnl://linkdevice?uuid=6a3d1e5f-9b28-5d66&pub_key=CY1q8ca2wRe4m0X2x';

suite('a network in the terminal', needs, () => {
	const owner = createOwner();
	let signal: FixtureBridge;
	let bot: ReturnType<typeof answerAsBot>;
	let server: Homeserver;
	let anna: SignedIn;

	before(async () => {
		signal = await startFixtureBridge(owner, {
			id: 'signal',
			ghostPrefix: 'signal_',
			protocol: {id: 'signal', displayname: 'Signal'},
		});
		server = await startSynapse(owner, {registrations: [signal.registration]});
		await signal.connect(server);
		bot = answerAsBot(signal, firstQr, 'm.text');
		anna = await signIn(server);
	});

	after(owner.end);

	const unread = async (person: SignedIn): Promise<readonly unknown[]> =>
		asArray((await person.runJson(['rooms', '--unread']))['rooms']).map(room => asObject(room)['name']);

	test('is signed in at on the screen, with a code that is drawn anew, and again when it was signed out', async t => {
		const screen = anna.openScreen(t, {columns: 80, rows: 24});
		await screen.waitFor('INBOX');
		const code = (): string | undefined => {
			const rows = qrRowsOn(screen.lines());
			return rows.length === 0 ? undefined : readQr(rows);
		};
		screen.type('/bridge login signal');
		screen.press(enter);
		await screen.waitFor('Sign in by');
		await screen.waitFor('‹ QR');
		screen.press(enter);
		await screen.waitFor(() => code() === firstQr);
		await bot.refresh(nextQr);
		await screen.waitFor(() => code() === nextQr);
		await bot.scan(nextQr);
		await screen.waitFor('Signed in at Signal');
		assert.equal(code(), undefined);
		assert.deepEqual(await unread(anna), [], 'the panel has shown it all');

		await bot.report({state_event: 'BAD_CREDENTIALS', user_action: 'RELOGIN', message: 'Signed out by Signal'});
		screen.type('/bridge');
		screen.press(enter);
		await screen.waitFor('✗ logged out');
		await screen.waitFor('Signed out by Signal');
		screen.press('r');
		await screen.waitFor(() => code() === firstQr);
		assert.ok(bot.heard().includes('relogin abc'));
		await bot.scan(firstQr);
		await bot.report({state_event: 'CONNECTED'});
		await screen.waitFor('✓ connected');
		screen.press('\u001B');
		await screen.waitFor(lines => !lines.some(line => line.includes('✓ connected')));

		screen.type('/dm signal:+4912345');
		screen.press(enter);
		await screen.waitFor('Enter sends to +4912345');
		screen.type('hello Signal');
		screen.press(enter);
		await screen.waitFor(/hello Signal[^\n]*✓/);

		// How the login is stands in the header of its section, and r on it signs in again.
		await bot.report({state_event: 'BAD_CREDENTIALS', user_action: 'RELOGIN', message: 'Signed out again'});
		// Where one writes too, and once when it happens.
		const outage = 'Signal (+49 151 2345) is logged out: nothing arrives there.';
		await screen.waitFor('Signal (+49 151 2345) is logged out: nothing arrives');
		await screen.waitFor(lines => lines.slice(0, -1).some(line => line.includes('Signal is logged out: nothing')));
		const sent = await anna.run(['send', '+4912345', 'hello nobody']);
		assert.deepEqual([sent.code, sent.stderr.includes(outage)], [0, true], sent.stderr);
		assert.equal((await anna.runJson(['send', '+4912345', 'hello again']))['warning'], outage);
		screen.press('\u001Bi');
		await screen.waitFor(/SG Signal\s+✗/);
		// From a row of the section, and from its header.
		await screen.waitFor('r signs in again');
		screen.press('r');
		await screen.waitFor(() => code() === firstQr);
		await bot.scan(firstQr);
		await bot.report({state_event: 'CONNECTED'});
		await screen.waitFor(lines => lines.some(line => line.includes('SG Signal')) && !lines.join('').includes('✗'));
		await bot.report({state_event: 'BAD_CREDENTIALS', user_action: 'RELOGIN', message: 'And again'});
		await screen.waitFor(/SG Signal\s+✗/);
		screen.press(' ');
		await screen.waitFor(/▸ SG Signal/);
		await screen.waitFor(/• signalbot/);
		screen.press('k');
		screen.press('r');
		await screen.waitFor(() => code() === firstQr);
		await bot.scan(firstQr);
		await bot.report({state_event: 'CONNECTED'});
		await screen.waitFor(lines => lines.some(line => line.includes('SG Signal')) && !lines.join('').includes('✗'));
	});

	test('says what to do with the code, above it or in the title, at any size, and cuts no code off', async t => {
		const carla = await signIn(server);
		const screen = carla.openScreen(t, {columns: 120, rows: 40});
		await screen.waitFor('INBOX');
		screen.type('/bridge login signal');
		screen.press(enter);
		await screen.waitFor('‹ QR');
		screen.press(enter);
		await screen.waitFor(() => qrRowsOn(screen.lines()).length > 0);
		await bot.refresh(longQr);
		const sentence = 'Scan the QR code on your phone to log in';
		const isWhole = (lines: readonly string[]): boolean => {
			try {
				return readQr(qrRowsOn(lines)) === longQr;
			} catch {
				// It is being drawn, or not there.
				return false;
			}
		};
		const rowOf = (text: string): number => screen.lines().findIndex(line => line.includes(text));
		const codeRow = (): number => screen.lines().findIndex(line => line.includes('█'.repeat(21)));
		await screen.waitFor(isWhole);
		assert.ok(rowOf(sentence) !== -1 && rowOf(sentence) < codeRow(), 'above it');
		// The code alone has all of the room.
		screen.resize(80, 29);
		await screen.waitFor(lines => isWhole(lines) && !lines.some(line => line.includes(sentence)));
		const title = 'Scan it with Signal on the phone';
		assert.ok(rowOf(title) !== -1 && rowOf(title) < codeRow(), 'in the title');
		screen.resize(80, 30);
		await screen.waitFor(lines => isWhole(lines) && lines.some(line => line.includes(sentence)));
		for (const [columns, rows] of [
			[80, 24],
			[40, 12],
		] as const) {
			screen.resize(columns, rows);
			await screen.waitFor(lines => lines.join(' ').replaceAll(/\s+/g, ' ').includes('columns and 29 rows'));
			assert.ok(rowOf('Scan the QR code on your phone') !== -1);
			assert.deepEqual(qrRowsOn(screen.lines()), []);
		}
		await bot.scan(longQr);
		await screen.waitFor('Signed in at Signal');
	});

	test('asks each thing once: what is piped in goes line by line to the bot, also beside a running mx', async t => {
		const answers = 'phone\n+49151\n000\n123456\n';
		const heard = ['login', 'login phone', '+49151', '000', '123456'];
		const alone = await anna.run(['bridge', 'login', 'signal'], {stdin: answers});
		assert.equal(alone.code, 0, alone.stderr);
		assert.deepEqual(bot.heard().slice(-heard.length), heard);
		const screen = anna.openScreen(t, {columns: 80, rows: 24});
		await screen.waitFor('INBOX');
		const beside = await anna.run(['bridge', 'login', 'signal'], {stdin: answers});
		assert.equal(beside.code, 0, beside.stderr);
		assert.deepEqual(bot.heard().slice(-2 * heard.length), [...heard, ...heard]);
		const cookies = await anna.run(['bridge', 'login', 'signal'], {stdin: 'cookies\n{"a": 1}\n'});
		assert.equal(cookies.code, 0, cookies.stderr);
		assert.deepEqual(bot.heard().slice(-3), ['login', 'login cookies', '{"a": 1}']);
		await screen.kill();
	});

	test('takes no way to sign in that it did not name, and no empty line', async () => {
		for (const [stdin, said] of [
			['2\n', /"2" is none of qr, phone, cookies/],
			['phone\n\n', /"Answer" wants an answer/],
		] as const) {
			const {code, stderr} = await anna.run(['bridge', 'login', 'signal'], {stdin});
			assert.equal(code, 2, stderr);
			assert.match(stderr, said);
			assert.equal(bot.heard().at(-1), 'cancel');
		}
		assert.ok(!bot.heard().some(words => words === '' || words === 'login 2'));
	});

	test('asks anew at the terminal for what is no answer', async t => {
		const login = spawnMxInTerminal(t, ['bridge', 'login', 'signal'], {home: anna.home, columns: 100, rows: 40});
		const asked = (end: string) => (lines: readonly string[]) =>
			lines.findLast(line => line !== '')?.endsWith(end) === true;
		await login.waitFor(asked('(Cookies: Take over a browser):'));
		login.type('2\r');
		await login.waitFor('"2" is none of');
		await login.waitFor(asked('(Cookies: Take over a browser):'));
		login.type('phone\r');
		await login.waitFor(asked('Answer:'));
		login.type('+49151\r');
		await login.waitFor('Please enter the code');
		await login.waitFor(asked('Answer:'));
		login.type('123456\r');
		assert.equal((await login.ended).code, 0);
		assert.deepEqual(bot.heard().slice(-4), ['login', 'login phone', '+49151', '123456']);
	});

	test('says in the shell that a code is higher than the terminal', async t => {
		const login = spawnMxInTerminal(t, ['bridge', 'login', 'signal', '--flow', 'qr'], {
			home: anna.home,
			columns: 100,
			rows: 12,
		});
		await login.waitFor(/The code has \d+ rows: make the terminal higher/);
		login.type('\u0003');
		assert.equal((await login.ended).code, 130);
	});

	test('is signed in at and out by verbs, and written to by number', async t => {
		const login = spawnMxInTerminal(t, ['bridge', 'login', 'signal', '--flow', 'qr'], {
			home: anna.home,
			columns: 100,
			rows: 40,
		});
		await login.waitFor(lines => qrRowsOn(lines).length > 0);
		assert.equal(readQr(qrRowsOn(login.lines())), firstQr);
		await bot.scan(firstQr);
		assert.equal((await login.ended).code, 0);
		const sent = await anna.runJson(['send', 'signal:+4967890', 'hello by number']);
		assert.equal(typeof sent['event_id'], 'string');
		const status = await anna.runJson(['bridge', 'status']);
		assert.equal((status['logins'] as readonly unknown[]).length, 1);
		const out = await anna.runJson(['bridge', 'logout', 'signal']);
		assert.deepEqual(out['said'], ['Logged out +49 151 2345']);
	});

	test('has nothing unread that verbs have shown', async () => {
		const bert = await signIn(server);
		const login = async (stdin: string) => bert.run(['bridge', 'login', 'signal'], {stdin});
		const given = await login('phone\n\n');
		assert.equal(given.code, 2, given.stderr);
		assert.equal(bot.heard().at(-1), 'cancel');
		assert.deepEqual(await unread(bert), []);
		const done = await login('phone\n+49151\n123456\n');
		assert.equal(done.code, 0, done.stderr);
		assert.deepEqual(await unread(bert), []);
		await bert.runJson(['bridge', 'logout', 'signal']);
		assert.deepEqual(await unread(bert), []);
	});

	test('whose API does not answer is not noted, and the verb says what to do', async () => {
		// A port that was free a moment ago.
		const listening = createServer().listen(0, '127.0.0.1');
		await once(listening, 'listening');
		const {port} = listening.address() as AddressInfo;
		await new Promise(resolve => void listening.close(resolve));
		const {code, stdout, stderr} = await anna.run(['bridge', 'api', `http://127.0.0.1:${port}`]);
		assert.deepEqual([code, stdout], [10, '']);
		assert.match(stderr, /was not noted: nothing answers at 127\.0\.0\.1:\d+\.\n.*Say it again then/);
	});
});
