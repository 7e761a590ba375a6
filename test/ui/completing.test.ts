/** The menu above the composer, as it is seen and used. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {findUnsafe} from '../corpus/safety.ts';
import {hostilePayloads} from '../corpus/terminal.ts';
import {me, member, state, text} from './sample-account.ts';
import {addLunch, anna, lunch, setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';

const sample = setUpSampleScreen();

const enter = '\r';
const tab = '\t';
const escape = '\u001B';
const down = '\u001B[B';
const up = '\u001B[A';

const open = async (options: SampleScreenOptions = {}) => {
	addLunch(sample.account);
	sample.account.sync({
		id: lunch,
		state: [member('@zoe:one.test', 'Zoé'), member('@bob:one.test', 'Bob'), member('@ben:one.test', 'Ben')],
	});
	const opened = await sample.open(options);
	opened.screen.press(enter);
	await opened.screen.waitFor('Enter sends');
	return opened;
};

/** Lines between the separator and the composer's last row, hint and status. */
const menuOf = (lines: readonly string[]): readonly string[] => {
	const separator = lines.findLastIndex(line => /─{8}/.test(line));
	return lines.slice(separator + 1, -3).map(line => line.replace(/^.*│ /, '').trim());
};

const composed = (lines: readonly string[]): string => (lines.at(-3) ?? '').replace(/^.*│ /, '');

suite('completing', () => {
	for (const [typed, rows] of [
		['/set no', ['notify', 'notifyWhen', 'notifyText']],
		['/set theme so', ['solarized']],
		['/theme h', ['high-contrast']],
		['/set keys ', ['default', 'vim', 'emacs']],
		['/mute ', ['30m', '8h', '2d', 'ever']],
		['/receipts p', ['public', 'private']],
		['/receipts off b', ['bridged']],
	] as const) {
		test(`what ${typed} can go on with is offered`, async () => {
			const {screen} = await open({columns: 120});
			screen.press(typed);
			await screen.waitFor(lines => menuOf(lines).join() === rows.join());
			screen.press(tab);
			await screen.waitFor(lines => composed(lines) === `> ${typed.replace(/\S*$/, '')}${rows[0]}`);
		});
	}

	test('/kick @ offered people of other rooms: it offers members, and /invite whom there is a chat with elsewhere', async () => {
		const tom = '@tom:one.test';
		sample.account.sync({id: '!tom:one.test', state: [member(me, 'Alice'), member(tom, 'Tom')]});
		sample.account.tell('m.direct', {[tom]: ['!tom:one.test'], '@bob:one.test': ['!bob:one.test']});
		const {screen} = await open({columns: 120});
		for (const [command, names] of [
			['kick', ['Anna', 'Ben', 'Bob', 'Zoé']],
			['ban', ['Anna', 'Ben', 'Bob', 'Zoé']],
			['invite', ['Tom']],
		] as const) {
			screen.press(`/${command} @`);
			const offered = (lines: readonly string[]) => menuOf(lines).map(line => /^\S+/.exec(line)?.[0] ?? '');
			await screen.waitFor(lines => offered(lines).toSorted().join() === names.join());
			screen.press('\u0015');
			await screen.waitFor(lines => !composed(lines).includes('@'));
		}
	});

	test('the names of emoji are offered for /react', async () => {
		const {screen} = await open({columns: 120});
		screen.press('/react hea');
		await screen.waitFor('❤️');
		screen.press(tab);
		await screen.waitFor(lines => composed(lines).startsWith('> /react ❤️'));
	});

	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`a person by the beginning of the name, at ${columns}×${rows}`, async () => {
			const {screen} = await open({columns, rows});
			screen.press('hi @');
			await screen.waitFor(lines => menuOf(lines).length === (rows === 12 ? 3 : 4));
			// Who spoke comes first.
			assert.match(menuOf(screen.lines())[0] ?? '', /^Anna Kowalska/);
			assert.equal(screen.lines().length, rows);
			screen.press('b');
			await screen.waitFor(lines => menuOf(lines).length === 2);
			assert.match(screen.lines().join('\n'), /Enter takes it/);
			screen.press(`${down}${enter}`);
			await screen.waitFor(lines => composed(lines) === '> hi @Bob');
			assert.deepEqual(menuOf(screen.lines()), []);
			assert.deepEqual(screen.cursor().row, rows - 3);
			screen.press('!');
			await screen.waitFor('> hi @Bob !');
			assert.deepEqual(screen.problems, []);
		});
	}

	test('the newest messages stay above the menu, and come back down when it closes', async () => {
		const {screen} = await open({rows: 12, columns: 60});
		const below = screen.lines().findIndex(line => line.includes('the salad, please'));
		screen.press('@');
		await screen.waitFor('Ben');
		const above = screen.lines().findIndex(line => line.includes('the salad, please'));
		assert.ok(above !== -1 && above < below);
		screen.press(escape);
		await screen.waitFor(lines => !lines.some(line => line.includes('Ben')));
		assert.equal(
			screen.lines().findIndex(line => line.includes('the salad, please')),
			below,
		);
		assert.equal(composed(screen.lines()), '> @');
		screen.press('an');
		await screen.waitFor('> @an');
		assert.deepEqual(menuOf(screen.lines()), []);
		screen.press(tab);
		await screen.waitFor('> @Anna Kowalska');
	});

	test('rooms, emoji and a name without a sign', async () => {
		sample.account.sync({
			id: '!ops:one.test',
			state: [
				state('m.room.name', '', {name: 'Operations'}),
				state('m.room.canonical_alias', '', {alias: '#ops:one.test'}),
			],
			timeline: [text(anna, 'up', {origin_server_ts: 1})],
		});
		const {screen} = await open();
		screen.press('see #oper');
		await screen.waitFor(lines => menuOf(lines).length === 1);
		screen.press(`${tab}:tad`);
		await screen.waitFor('🎉');
		screen.press(enter);
		await screen.waitFor(/> see #ops:one\.test 🎉/);
		screen.press('zo\t');
		await screen.waitFor(/🎉 +@Zoé/);
		screen.press(':rocket:');
		await screen.waitFor('🚀');
		screen.press('\u001Bz');
		await screen.waitFor(':rocket:');
	});

	test('Enter runs a command as it is typed, a chosen row is only put in', async () => {
		const {screen} = await open();
		screen.press('/re');
		await screen.waitFor('/redraw');
		assert.match(screen.lines().join('\n'), /\/redraw +Draw the whole screen again/);
		screen.press(enter);
		await screen.waitFor('There is no /re.');
		screen.press('\u0015/he');
		await screen.waitFor(lines => menuOf(lines).length > 0);
		screen.press(down);
		screen.press(enter);
		await screen.waitFor(lines => composed(lines) === '> /help');
		screen.press(enter);
		await screen.waitFor('Keys and commands');
		screen.press(escape);
		await screen.waitFor(lines => composed(lines) === '>');
		screen.press('/g');
		await screen.waitFor('/go ROOM');
		screen.press(tab);
		// What can follow is offered at once.
		await screen.waitFor(lines => menuOf(lines).some(line => line.startsWith('Sunday lunch')));
		screen.press(`${up}${enter}`);
		await screen.waitFor('> /go Sunday lunch');
	});

	test('Tab with nothing to complete says what it does', async () => {
		const {screen} = await open();
		screen.press(tab);
		await screen.waitFor('Tab completes @people, #rooms, :emoji: and /commands.');
	});

	test('names of any kind are readable rows, and the frame stands', async () => {
		addLunch(sample.account);
		const names = hostilePayloads.map(({payload}) => payload);
		names.forEach((name, index) => {
			sample.account.sync({
				id: lunch,
				state: [member(`@h${index}:one.test`, name)],
				timeline: [text(`@h${index}:one.test`, 'x')],
			});
		});
		const {screen} = await sample.open({columns: 120});
		screen.press(enter);
		await screen.waitFor('Enter sends');
		screen.press('@h');
		await screen.waitFor(lines => menuOf(lines).length === 6);
		for (let step = 0; step < 30; step += 1) {
			screen.press(down);
			await screen.waitFor(lines => menuOf(lines).length === 6);
			for (const line of screen.lines()) assert.equal(findUnsafe(line), undefined);
			// The rule beside the inbox stands in each row of the panes.
			assert.equal(screen.columnsOf('│').filter(column => column === 36).length, 21, screen.lines().join('\n'));
		}
		assert.deepEqual(screen.problems, []);
	});
});
