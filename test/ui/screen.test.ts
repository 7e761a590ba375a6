import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {at, event, text} from './sample-account.ts';
import {addLunch, addRooms, altDown, anna, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;

/** The column of the divider in each row that has one. */
const dividers = (lines: readonly string[]): readonly number[] =>
	lines.map(line => line.search(/[│├]/)).filter(column => column !== -1);

suite('screen', () => {
	test('an account that never synced says that rooms are coming, an empty one how to begin', async () => {
		const {screen} = await open({net: {state: 'connecting'}});
		await screen.waitFor('connecting…');
		assert.match(screen.lines().join('\n'), /Your rooms come with the first sync/);
		screen.notify({kind: 'net', net: {state: 'online'}});
		await screen.waitFor('/join #room:server    joins a room');
	});

	test('the list shows unread rooms first, with counts at the right edge, and totals in the title', async () => {
		addRooms(sample.account, 3);
		addLunch(sample.account, {unread: 2, highlights: 1});
		const {screen} = await open();
		const [title, heading, first, second] = screen.lines();
		assert.match(title ?? '', /^ mx · @alice:one\.test +1 unread · 1 mention$/);
		assert.match(heading ?? '', /^ INBOX +1 unread · 4 │/);
		assert.match(first ?? '', /^• Sunday lunch {3}12:39 2@ │/);
		assert.match(second ?? '', /^ {2}Room 0 +Tue │/);
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
	] as const) {
		test(`a room at ${columns}×${rows}: header, messages, composer with the cursor, hint`, async () => {
			addRooms(sample.account, 50);
			addLunch(sample.account);
			const {screen} = await open({columns, rows});
			screen.press(altDown);
			await screen.waitFor('the salad, please');
			const lines = screen.lines();
			assert.match(lines[1] ?? '', /(?:^|│ )Sunday lunch {2}who brings.*Matrix · not encrypted$/);
			const shown = lines.join('\n');
			assert.match(shown, /18:02 {1,2}Anna.*are you coming on sunday\?/);
			assert.match(shown, /18:40 {1,2}you +yes! what shall I bring +✓/);
			assert.match(shown, /─ Today ─/);
			assert.match(lines.at(-3) ?? '', /(?:^|│ )>$/);
			assert.match(lines.at(-2) ?? '', /Enter sends to Sunday lunch$/);
			assert.match(lines.at(-1) ?? '', /F1 help/);
			assert.deepEqual(screen.cursor(), {row: rows - 3, column: (lines.at(-3) ?? '').indexOf('>') + 2});
			// Below 90 columns an open room has the whole width.
			assert.equal(new Set(dividers(lines)).size, columns < 90 ? 0 : 1);
			assert.equal(lines.length, rows);
			assert.deepEqual(screen.problems, []);
		});
	}

	test('at 40×12 the list covers the room; Enter opens it, Alt-I brings the list back', async () => {
		addLunch(sample.account);
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

	test('who is typing stands above the composer', async () => {
		const rid = addLunch(sample.account);
		const {screen} = await open();
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		screen.notify({kind: 'typing', rid, users: [anna]});
		await screen.waitFor('─ Anna Kowalska is typing… ─');
		sample.account.ignore('@eve:one.test');
		screen.notify({kind: 'typing', rid, users: [anna, '@eve:one.test']});
		await screen.waitFor('─ Anna Kowalska is typing… ─');
		screen.notify({kind: 'typing', rid, users: []});
		await screen.waitFor(lines => !lines.some(line => line.includes('typing')));
	});

	test('the status line tells of the connection, and ^R retries', async () => {
		addLunch(sample.account);
		const {screen, fake} = await open();
		screen.notify({kind: 'net', net: {state: 'offline', cause: 'no route to one.test'}});
		await screen.waitFor('offline: no route to one.test · ^R retries now');
		screen.press('\u0012');
		await screen.waitFor(() => fake.of('retryNow').length === 1);
		await screen.waitFor('Trying… · offline: no route to one.test · ^R retries now');
		screen.notify({kind: 'net', net: {state: 'online'}});
		await screen.waitFor(lines => !/Trying|offline/.test(lines.at(-1) ?? 'Trying'));
		screen.press('\u0012');
		await screen.waitFor('Connected to the server.');
		screen.notify({kind: 'alert', message: 'The disk is full.', next: 'Free some space.'});
		await screen.waitFor('The disk is full. · Free some space.');
	});

	test('a sentence that is too long for the status line wraps, and the rest of the screen gives way for it', async () => {
		addLunch(sample.account);
		const {screen} = await open({columns: 80});
		screen.press('\r');
		await screen.waitFor('Enter sends to Sunday lunch');
		const reason = 'the server knows nothing of that room, so ask whoever invited you for another invitation';
		screen.notify({
			kind: 'alert',
			message: `Cannot join !OtOSjJMtuGDdTwhLAr:localhost:8108: ${reason}.`,
			next: undefined,
		});
		await screen.waitFor('for another invitation.');
		const shown = screen.lines();
		assert.equal(
			shown
				.slice(-2)
				.map(line => line.trim())
				.join(' '),
			`Cannot join !OtOSjJMtuGDdTwhLAr:localhost:8108: ${reason}.`,
		);
		assert.match(shown.at(-3) ?? '', /Enter sends to Sunday lunch$/);
		assert.equal(shown.at(-4), '>');
		assert.deepEqual(screen.cursor(), {row: 20, column: 2});
		screen.press('\u001B');
		await screen.waitFor(lines => lines.at(-2)?.endsWith('Enter sends to Sunday lunch') === true);
	});

	test('F1 shows every key and command, Esc closes it', async () => {
		addLunch(sample.account);
		const {screen} = await open({columns: 120, rows: 40});
		screen.press('\u001BOP');
		await screen.waitFor('Keys and commands');
		for (const expected of [/Enter +Go to the conversation/, /Alt-↓ +Go to the next room/, /\/join ROOM/]) {
			const isShown = (): boolean => expected.test(screen.lines().join('\n'));
			for (let pages = 0; pages < 20 && !isShown(); pages += 1) {
				const before = screen.lines().join('');
				screen.press('\u001B[6~');
				await screen.waitFor(lines => lines.join('') !== before);
			}
			assert.ok(isShown(), String(expected));
		}
		screen.press('\u001B');
		await screen.waitFor('INBOX');
	});

	test('a state of every kind of row is readable in one picture', async () => {
		const gone = text(anna, 'oops', {origin_server_ts: at('12:40')});
		addLunch(sample.account, {
			timeline: [
				gone,
				event(anna, {redacts: gone.event_id}, {type: 'm.room.redaction', redacts: gone.event_id}),
				event(anna, {msgtype: 'm.emote', body: 'waves'}, {origin_server_ts: at('12:41')}),
				event(
					anna,
					{
						msgtype: 'm.text',
						body: 'x',
						format: 'org.matrix.custom.html',
						formatted_body:
							'<b>bold</b> <a href="https://example.org/x">here</a><ul><li>one</li></ul><pre><code>a = 1</code></pre>',
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
		assert.match(shown, /12:41 {1,2}\* +Anna Kowalska waves/);
		assert.match(shown, /12:42 .*bold here ⟨example\.org⟩/);
		assert.match(shown, /• one/);
	});
});
