import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {state, text} from './sample-account.ts';
import {addLunch, addRooms, altDown, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;

suite('drawing the screen', () => {
	test('a resize draws the same as a fresh start at that size', async () => {
		addRooms(sample.account, 50);
		addLunch(sample.account, {
			timeline: [
				text(
					anna,
					'words that wrap differently at each width, because there are many of them in this message '.repeat(4),
				),
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
		addLunch(sample.account);
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
		const names = [
			'漢字漢字漢字漢字漢字漢字漢字',
			'🎉🎉🎉 party 🎉🎉🎉',
			'❤️ love ⚠️',
			'👨‍👩‍👧‍👦 family 👍🏽',
			'1️⃣ key 🏳️‍🌈 flag',
			'é̂̃ marks',
		];
		for (const [index, name] of names.entries()) {
			sample.account.sync({
				id: `!wide${index}:one.test`,
				state: [state('m.room.name', '', {name})],
				timeline: [text(anna, `about ${name}`)],
				unread: 7,
			});
		}
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(altDown);
		await screen.waitFor('about');
		assert.deepEqual([...new Set(screen.columnsOf('│'))], [36]);
		assert.deepEqual([...new Set(screen.columnsOf('7'))], [34]);
	});

	test('only what is seen is mounted', async () => {
		addRooms(sample.account, 300);
		addLunch(sample.account, {timeline: Array.from({length: 500}, (_, index) => text(anna, `line ${index}`))});
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
		addRooms(sample.account, 50);
		const rid = addLunch(sample.account, {
			timeline: Array.from({length: 80}, (_, index) => text(anna, `line ${index} with a few words in it`)),
		});
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
				sample.account.sync({
					id: lunch,
					timeline: [text(anna, `news ${index} about who brings the bread and the wine`)],
					unread: index,
				});
				screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
			};
			incoming.push(await bytesOf(receive, `news ${index}`));
		}
		assert.ok(median(keys) <= 350, `${median(keys)} bytes a key`);
		assert.ok(median(incoming) <= 5000, `${median(incoming)} bytes a message`);
	});

	test('no size is too small, and the screen comes back from each', async () => {
		addRooms(sample.account, 30);
		addLunch(sample.account);
		const {screen} = await open({columns: 80, rows: 24});
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		const before = screen.lines();
		for (const [columns, rows] of [
			[1, 1],
			[5, 3],
			[20, 5],
			[30, 8],
			[59, 10],
			[300, 90],
		] as const) {
			screen.resize(columns, rows);
			await screen.waitFor(lines => lines.length === rows && lines.some(line => line !== ''));
		}
		screen.resize(80, 24);
		await screen.waitFor(lines => lines.join('\n') === before.join('\n'));
		assert.deepEqual(screen.problems, []);
	});

	test('NO_COLOR leaves no colour on the screen, and what is selected still shows', async () => {
		addLunch(sample.account, {unread: 2});
		const {screen} = await open({columns: 92, environment: {TERM: 'xterm-256color', NO_COLOR: '1'}});
		screen.press(altDown);
		await screen.waitFor('▸ Sunday lunch');
		assert.doesNotMatch(screen.output(), /\u001B\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;\d]*m/);
	});
});
