import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {createFakeSession, openScreen, type OpenedScreen} from '../helpers/screen.tsx';
import {at, event, me, member, now, openSampleAccount, state, text, type SampleAccount} from './sample-account.ts';

const anna = '@anna:one.test';
const lunch = '!lunch:one.test';

const altDown = '\u001B[1;3B';
const altUp = '\u001B[1;3A';
const pageUp = '\u001B[5~';

let account: SampleAccount;
let screen: OpenedScreen | undefined;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(async () => {
	await screen?.close();
	screen = undefined;
	account.close();
});

const online = {
	status: async () => ({net: {state: 'online'}, encryption: {state: 'ready', message: ''}}),
	loadOlder: async () => ({hasMore: false}),
};

const open = async (size: {readonly columns?: number; readonly rows?: number} = {}, answers = {}) => {
	const fake = createFakeSession({...online, ...answers});
	const opened = await openScreen({reader: account.reader, session: fake.session, now: () => now, ...size});
	screen = opened;
	return {screen: opened, fake};
};

const addLunch = (more: object = {}): number => {
	const [rid = 0] = account.sync({
		id: lunch,
		state: [member(anna, 'Anna Kowalska'), state('m.room.name', '', {name: 'Sunday lunch'}), state('m.room.topic', '', {topic: 'who brings what'})],
		timeline: [
			text(anna, 'are you coming on sunday?', {origin_server_ts: at('18:02', 1)}),
			text(me, 'yes! what shall I bring', {origin_server_ts: at('18:40', 1)}),
			text(anna, 'the salad, please', {origin_server_ts: at('12:39')}),
		],
		...more,
	});
	return rid;
};

const addRooms = (count: number): void => {
	for (let index = 0; index < count; index += 1) {
		account.sync({
			id: `!room${index}:one.test`,
			state: [state('m.room.name', '', {name: `Room ${index}`})],
			timeline: [text('@zoe:one.test', `words in ${index}`, {origin_server_ts: at('09:00', 1 + index)})],
		});
	}
};

/** The column of the divider in each row that has one. */
const dividers = (lines: readonly string[]): readonly number[] =>
	lines.map(line => line.search(/[│├]/)).filter(column => column !== -1);

suite('screen', () => {
	test('an account that never synced says that rooms are coming, an empty one how to begin', async () => {
		const {screen} = await open({}, {status: async () => ({net: {state: 'connecting'}, encryption: {state: 'unknown', message: ''}})});
		await screen.waitFor('connecting…');
		assert.match(screen.lines().join('\n'), /Your rooms come with the first sync/);
		screen.notify({kind: 'net', net: {state: 'online'}});
		await screen.waitFor('/join #room:server joins a room');
	});

	test('the list shows unread rooms first, with counts at the right edge, and totals in the title', async () => {
		addRooms(3);
		addLunch({unread: 2, highlights: 1});
		const {screen} = await open();
		const [title, heading, first, second] = screen.lines();
		assert.match(title ?? '', /^ mx · @alice:one\.test +1 unread · 1 mention$/);
		assert.match(heading ?? '', /^ INBOX +4 │/);
		assert.match(first ?? '', /^ {3}Sunday lunch {4}2@ │/);
		assert.match(second ?? '', /^ {3}Room 0 +│/);
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
	] as const) {
		test(`a room at ${columns}×${rows}: header, messages, composer with the cursor, hint`, async () => {
			addRooms(50);
			addLunch();
			const {screen} = await open({columns, rows});
			screen.press(altDown);
			await screen.waitFor('the salad, please');
			const lines = screen.lines();
			assert.match(lines[1] ?? '', /│ Sunday lunch {2}who brings.*Matrix · not encrypted$/);
			const shown = lines.join('\n');
			assert.match(shown, /18:02 {2}Anna.*are you coming on sunday\?/);
			assert.match(shown, /18:40 {2}you +yes! what shall I bring +✓/);
			assert.match(shown, /─ Today ─/);
			assert.match(lines.at(-3) ?? '', /│ >$/);
			assert.match(lines.at(-2) ?? '', /Enter sends/);
			assert.match(lines.at(-1) ?? '', /F1 help/);
			assert.deepEqual(screen.cursor(), {row: rows - 3, column: (lines.at(-3) ?? '').indexOf('>') + 2});
			assert.equal(new Set(dividers(lines)).size, 1);
			assert.equal(lines.length, rows);
			assert.deepEqual(screen.problems, []);
		});
	}

	test('at 40×12 the list covers the room; Enter opens it, Alt-I brings the list back', async () => {
		addLunch();
		const {screen} = await open({columns: 40, rows: 12});
		assert.match(screen.lines()[2] ?? '', /Sunday lunch +12:39/);
		screen.press('\u001B[B');
		await screen.waitFor('▸ Sunday lunch');
		screen.press('\r');
		await screen.waitFor('the salad, please');
		assert.ok(screen.lines().every(line => line.length <= 40));
		screen.press('hi');
		await screen.waitFor('> hi');
		screen.press('\u001Bi');
		await screen.waitFor('INBOX');
	});

	test('Alt-Down and Alt-Up go from room to room, Alt-A to what is unread', async () => {
		addRooms(3);
		addLunch({unread: 1});
		const {screen} = await open();
		screen.press(altDown + altDown);
		await screen.waitFor('words in 0');
		screen.press(altUp);
		await screen.waitFor('the salad, please');
		screen.press(altDown + altDown);
		await screen.waitFor('words in 1');
		screen.press('\u001Ba');
		await screen.waitFor('the salad, please');
	});

	test('an invitation says who invites; Enter accepts it', async () => {
		account.sync({
			id: '!club:two.test',
			category: 'invite',
			state: [
				state('m.room.name', '', {name: 'Book club'}),
				member('@zoe:two.test', 'Zoé'),
				{type: 'm.room.member', state_key: me, sender: '@zoe:two.test', content: {membership: 'invite', is_direct: true}},
			],
		});
		const {screen, fake} = await open({columns: 120, rows: 40}, {
			join: async () => {
				account.sync({id: '!club:two.test', timeline: [text('@zoe:two.test', 'welcome to the club')]});
				return {roomId: '!club:two.test'};
			},
		});
		assert.match(screen.lines().join('\n'), /Book club +invites you +!/);
		screen.press(altDown);
		await screen.waitFor('Zoé invites you to Book club');
		screen.press('\r');
		await screen.waitFor('welcome to the club');
		assert.deepEqual(fake.of('join'), [{room: '!club:two.test'}]);
		screen.press('hello');
		await screen.waitFor('> hello');
	});

	test('an invitation can be declined by its command', async () => {
		account.sync({id: '!club:two.test', category: 'invite', state: [state('m.room.name', '', {name: 'Book club'})]});
		const {screen, fake} = await open();
		screen.press(altDown);
		await screen.waitFor('invites you to Book club');
		screen.press('/decline\r');
		await screen.waitFor('The invitation is declined');
		assert.deepEqual(fake.of('leave'), [{roomId: '!club:two.test'}]);
	});

	test('a visited room is read once, a room on the way is not', async () => {
		addRooms(2);
		addLunch({unread: 1});
		const {screen, fake} = await open();
		screen.press(altDown + altDown);
		await screen.waitFor(() => fake.of('markRead').length > 0);
		assert.deepEqual(
			fake.of('markRead').map(({roomId}) => roomId),
			['!room0:one.test'],
		);
		assert.deepEqual(
			fake.of('open').map(({roomId}) => roomId),
			['!room0:one.test'],
		);
		screen.press(altUp);
		await screen.waitFor(() => fake.of('markRead').length > 1);
		const last = account.reader.lastEventId(account.reader.roomById(lunch)?.rid ?? 0);
		assert.deepEqual(fake.of('markRead')[1], {roomId: lunch, eventId: last});
	});

	test('without the focus of the terminal nothing is read, with it at once', async () => {
		const rid = addLunch({unread: 1});
		const {screen, fake} = await open();
		screen.press('\u001B[O');
		screen.press(altDown);
		await screen.waitFor(() => fake.of('open').length > 0);
		account.sync({id: lunch, timeline: [text(anna, 'and wine')]});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor('and wine');
		assert.equal(fake.of('markRead').length, 0);
		screen.press('\u001B[I');
		await screen.waitFor(() => fake.of('markRead').length === 1);
	});

	test('new messages come in while the newest is seen; above it they are only counted', async () => {
		const rid = addLunch({timeline: Array.from({length: 60}, (_, index) => text(anna, `line ${index}`))});
		const {screen} = await open();
		const receive = (body: string): void => {
			account.sync({id: lunch, timeline: [text(anna, body)]});
			screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		};
		screen.press(altDown);
		await screen.waitFor('line 59');
		receive('first news');
		await screen.waitFor('first news');
		screen.press(pageUp);
		await screen.waitFor(lines => !lines.some(line => line.includes('first news')));
		receive('second news');
		await screen.waitFor('1 new ↓');
		assert.ok(!screen.lines().join('\n').includes('second news'));
		screen.press('\u001B');
		await screen.waitFor('second news');
	});

	test('older messages are loaded from the server when the top is seen, and a failure is said', async () => {
		addLunch({previousToken: 't'});
		const answers: (() => Promise<unknown>)[] = [
			async () => {
				throw new Error('the server is away');
			},
			async () => {
				account.account.write(() => {
					const rid = account.reader.roomById(lunch)?.rid ?? 0;
					const edge = account.writer.timelines.olderEdge(rid);
					if (edge !== undefined) account.writer.timelines.prepend(rid, edge, {events: [text(anna, 'long ago')], end: undefined});
				});
				return {hasMore: false};
			},
		];
		const {screen} = await open({columns: 120, rows: 40}, {loadOlder: async () => answers.shift()?.()});
		screen.press(altDown);
		await screen.waitFor('could not be loaded: the server is away');
		screen.press(pageUp);
		await screen.waitFor('long ago');
		assert.match(screen.lines().join('\n'), /the beginning of this room/);
	});

	test('who is typing stands above the composer', async () => {
		const rid = addLunch();
		const {screen} = await open();
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		screen.notify({kind: 'typing', rid, users: [anna]});
		await screen.waitFor('─ Anna Kowalska is typing… ─');
		screen.notify({kind: 'typing', rid, users: []});
		await screen.waitFor(lines => !lines.some(line => line.includes('typing')));
	});

	test('the status line tells of the connection, and ^R retries', async () => {
		addLunch();
		const {screen, fake} = await open();
		screen.notify({kind: 'net', net: {state: 'offline', cause: 'no route to one.test'}});
		await screen.waitFor('offline: no route to one.test · ^R retries now');
		screen.press('\u0012');
		await screen.waitFor(() => fake.of('retryNow').length === 1);
		screen.notify({kind: 'alert', message: 'The disk is full.', next: 'Free some space.'});
		await screen.waitFor('The disk is full. · Free some space.');
	});

	test('F1 shows every key and command, Esc closes it', async () => {
		addLunch();
		const {screen} = await open({columns: 120, rows: 40});
		screen.press('\u001BOP');
		await screen.waitFor('Keys and commands');
		assert.match(screen.lines().join('\n'), /Alt-↓ +Go to the next room/);
		screen.press('\u001B[6~\u001B[6~');
		await screen.waitFor('/join ROOM');
		screen.press('\u001B');
		await screen.waitFor('INBOX');
	});

	test('a resize draws the same as a fresh start at that size', async () => {
		addRooms(50);
		addLunch({
			timeline: [
				text(anna, 'words that wrap differently at each width, because there are many of them in this message '.repeat(4)),
				text(anna, 'wide 漢字 and emoji 🎉 too'),
			],
		});
		const fresh = await open({columns: 80, rows: 24});
		fresh.screen.press(altDown);
		await fresh.screen.waitFor('emoji');
		const at80 = fresh.screen.lines();
		await fresh.screen.close();
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(altDown);
		await screen.waitFor('emoji');
		const at120 = screen.lines();
		screen.resize(80, 24);
		await screen.waitFor(lines => lines.join('\n') === at80.join('\n'));
		screen.resize(120, 40);
		await screen.waitFor(lines => lines.join('\n') === at120.join('\n'));
	});

	test('Ctrl-L draws everything again, whatever stands on the screen', async () => {
		addLunch();
		const {screen} = await open();
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		const before = screen.lines();
		screen.scribble('\u001B[5;5Hxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u001B[20;1Hyyyyyyyyyyyyy');
		await screen.waitFor('xxxx');
		screen.press('\f');
		await screen.waitFor(lines => lines.join('\n') === before.join('\n'));
	});

	test('wide characters and emoji never push the right column', async () => {
		const names = ['漢字漢字漢字漢字漢字漢字漢字', '🎉🎉🎉 party 🎉🎉🎉', '❤️ love ⚠️', '👨‍👩‍👧‍👦 family 👍🏽', '1️⃣ key 🏳️‍🌈 flag', 'é̂̃ marks'];
		for (const [index, name] of names.entries()) {
			account.sync({id: `!wide${index}:one.test`, state: [state('m.room.name', '', {name})], timeline: [text(anna, `about ${name}`)], unread: 7});
		}
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(altDown);
		await screen.waitFor('about');
		assert.deepEqual([...new Set(screen.columnsOf('│'))], [36]);
		assert.deepEqual([...new Set(screen.columnsOf('7'))], [34]);
	});

	test('only what is seen is mounted', async () => {
		addRooms(300);
		addLunch({timeline: Array.from({length: 500}, (_, index) => text(anna, `line ${index}`))});
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(altDown);
		await screen.waitFor('line 499');
		const before = screen.output().length;
		screen.press('\f');
		await screen.waitFor(() => screen.output().length > before + 1000);
		const frame = screen.output().slice(before);
		assert.ok((frame.match(/line \d+/g) ?? []).length <= 40);
		assert.ok((frame.match(/Room \d+/g) ?? []).length <= 40);
	});

	test('a key costs at most 350 bytes and an incoming message 5,000 (median) at 120×40', async () => {
		addRooms(50);
		const rid = addLunch({timeline: Array.from({length: 80}, (_, index) => text(anna, `line ${index} with a few words in it`))});
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(altDown);
		await screen.waitFor('line 79');
		const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
		const bytesOf = async (act: () => void, expected: string): Promise<number> => {
			const before = screen.bytesWritten();
			act();
			await screen.waitFor(expected);
			return screen.bytesWritten() - before;
		};
		const keys: number[] = [];
		let typed = '';
		for (const letter of 'the quick brown fox') {
			typed += letter;
			keys.push(await bytesOf(() => screen.press(letter), `> ${typed.trimEnd()}`));
		}
		const incoming: number[] = [];
		for (let index = 0; index < 9; index += 1) {
			const receive = (): void => {
				account.sync({id: lunch, timeline: [text(anna, `news ${index} about who brings the bread and the wine`)], unread: index});
				screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
			};
			incoming.push(await bytesOf(receive, `news ${index}`));
		}
		assert.ok(median(keys) <= 350, `${median(keys)} bytes a key`);
		assert.ok(median(incoming) <= 5000, `${median(incoming)} bytes a message`);
	});

	test('a state of every kind of row is readable in one picture', async () => {
		const gone = text(anna, 'oops', {origin_server_ts: at('12:40')});
		addLunch({
			timeline: [
				gone,
				event(anna, {redacts: String(gone['event_id'])}, {type: 'm.room.redaction', redacts: String(gone['event_id'])}),
				event(anna, {msgtype: 'm.emote', body: 'waves'}, {origin_server_ts: at('12:41')}),
				event(
					anna,
					{
						msgtype: 'm.text',
						body: 'x',
						format: 'org.matrix.custom.html',
						formatted_body: '<b>bold</b> <a href="https://example.org/x">here</a><ul><li>one</li></ul><pre><code>a = 1</code></pre>',
					},
					{origin_server_ts: at('12:42')},
				),
			],
		});
		const {screen} = await open({columns: 100, rows: 24});
		screen.press(altDown);
		await screen.waitFor('a = 1');
		const shown = screen.lines().join('\n');
		assert.match(shown, /12:40 .*Anna.* removed/);
		assert.match(shown, /12:41 {2}\* +Anna Kowalska waves/);
		assert.match(shown, /12:42 .*bold here ⟨example\.org⟩/);
		assert.match(shown, /• one/);
	});
});
