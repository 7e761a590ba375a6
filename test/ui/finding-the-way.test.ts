import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {text} from './sample-account.ts';
import {addLunch, addRooms, altDown, anna, setUpSampleScreen} from './sample-screen.ts';

const down = '\u001B[B';
const escape = '\u001B';
const altI = '\u001Bi';

const sample = setUpSampleScreen();
const {open} = sample;

suite('finding the way', () => {
	test('the first screen says how much is unread and how to go on', async () => {
		addRooms(sample.account, 3);
		addLunch(sample.account, {unread: 2});
		const {screen, fake} = await open();
		const shown = screen.lines().join('\n');
		assert.match(shown, /│ {3}1 unread\n/);
		assert.match(shown, /↑ ↓ +choose a room/);
		assert.match(shown, /Alt-A +goes to the next unread room/);
		assert.equal(fake.of('markRead').length, 0);
	});

	test('the arrows walk through the inbox until Enter or a letter goes to the composer', async () => {
		addRooms(sample.account, 3);
		const {screen} = await open();
		screen.press(down + down);
		await screen.waitFor('words in 1');
		await screen.waitFor('Enter goes to Room 1');
		screen.press(down);
		await screen.waitFor('words in 2');
		screen.press('\r');
		await screen.waitFor('Enter sends to Room 2');
		screen.press(altDown);
		screen.press('hi');
		await screen.waitFor('> hi');
	});

	test('without any room a command can be written, and other text is not taken', async () => {
		const summary = {
			roomId: '!elsewhere:one.test',
			name: 'Lunch',
			servers: ['one.test'],
			joinRule: 'public',
			memberCount: 2,
		};
		const answers = {join: async () => ({roomId: summary.roomId}), preview: async () => summary};
		const {screen, fake} = await open({answers});
		await screen.waitFor('/join #room:server');
		screen.press('h');
		await screen.waitFor('Open a room first, or write a command that begins with a slash.');
		assert.ok(screen.lines().some(line => line.endsWith('│ >')));
		screen.press('/join #lunch:one.test');
		await screen.waitFor('> /join #lunch:one.test');
		await screen.waitFor('Look at a room by address or link');
		screen.press('\r');
		await screen.waitFor('→ Join');
		screen.press('\r');
		await screen.waitFor(() => fake.of('join').length === 1);
		assert.deepEqual(fake.of('preview'), [{room: '#lunch:one.test', servers: undefined}]);
		assert.deepEqual(fake.of('join'), [{room: '!elsewhere:one.test', servers: ['one.test']}]);
	});

	test('what is pasted where no room is open is neither run nor kept', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press('\u001B[200~/quit\u001B[201~');
		await screen.waitFor('Open a room first');
		assert.ok(screen.lines().some(line => line.endsWith('│   Enter opens a room')));
	});

	test('a sentence typed before a room is open opened rooms and put them away: it says how to open one', async () => {
		addRooms(sample.account, 3);
		addLunch(sample.account, {unread: 2});
		const {screen, fake} = await open();
		await screen.waitFor('Enter opens a room');
		screen.press('juice Under 2 Jars, eR mole');
		await screen.waitFor('Enter opens a room; ↑ ↓ go to others, then letters are keys.');
		assert.ok(screen.lines().some(line => line.endsWith('│   Enter opens a room')));
		assert.deepEqual(
			fake.calls.filter(({method}) => method !== 'rooms'),
			[],
		);
		// Who goes there by an arrow has letters that are keys.
		screen.press(`${down}x`);
		await screen.waitFor('x is no key here');
		screen.press('j');
		await screen.waitFor('words in 0');
	});

	test('while the keys are in the inbox beside an open room nothing asks for words', async () => {
		addLunch(sample.account);
		const {screen} = await open({columns: 120});
		screen.press('\r');
		await screen.waitFor(/│ >$/m);
		screen.press(altI);
		await screen.waitFor('│   the keys are in the inbox');
		assert.ok(!screen.lines().some(line => line.includes('│ >')));
		screen.press('\r');
		await screen.waitFor(/│ >$/m);
		screen.press('half a sentence');
		await screen.waitFor('> half a sentence');
		screen.press(altI);
		await screen.waitFor('│   half a sentence');
	});

	test('a terminal that becomes narrow keeps the open room, and Alt-I brings the inbox', async () => {
		addRooms(sample.account, 3);
		addLunch(sample.account);
		const {screen} = await open();
		screen.press('/go Sunday lunch\r');
		await screen.waitFor('the salad, please');
		screen.press('half a sent');
		screen.resize(50, 20);
		await screen.waitFor(lines => lines.every(line => line.length <= 50));
		await screen.waitFor('> half a sent');
		screen.press('ence');
		await screen.waitFor('> half a sentence');
		screen.press(altI);
		await screen.waitFor('INBOX');
		screen.resize(80, 24);
		await screen.waitFor('> half a sentence');
		screen.press('!');
		await screen.waitFor('> half a sentence!');
	});

	test('a terminal that becomes narrow while a room is chosen keeps the inbox', async () => {
		addRooms(sample.account, 3);
		const {screen} = await open();
		screen.press(down);
		await screen.waitFor('words in 0');
		screen.resize(50, 20);
		await screen.waitFor(lines => lines.some(line => /▸ Room 0 .*Tue/.test(line)));
		screen.press('\r');
		await screen.waitFor('words in 0');
	});

	test('Esc goes to the newest message first, and only then puts the reminder away', async () => {
		addLunch(sample.account, {timeline: Array.from({length: 60}, (_, index) => text(anna, `line ${index}`))});
		const encryption = {
			state: 'unverified',
			message: 'This device is not verified.',
			next: 'Run `mx login`',
		} as const;
		const {screen} = await open({encryption});
		screen.press(altDown);
		await screen.waitFor('line 59');
		await screen.waitFor('This device is not verified · Run `mx login`');
		screen.press('\u001B[5~');
		await screen.waitFor('Esc to the newest');
		screen.press(escape);
		await screen.waitFor('line 59');
		assert.match(screen.lines().at(-1) ?? '', /Run `mx login`/);
		screen.press(escape);
		await screen.waitFor(lines => lines.at(-1)?.includes('Alt-A next unread') === true);
		assert.match(screen.lines()[0] ?? '', /⚿ verify this device$/);
	});

	test('offline, the composer does not promise to send', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(altDown);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.notify({kind: 'net', net: {state: 'offline', cause: 'no route to one.test'}});
		await screen.waitFor('Enter keeps it for Sunday lunch');
	});
});
