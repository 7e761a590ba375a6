/** One pane where there is little room: below 90 columns, and on a slow link, an open room has the whole width. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createDrainWatch} from '../../source/terminal/drain-watch.ts';
import {createPaneChoice} from '../../source/view-models/pane-choice.ts';
import {addLunch, addRooms, altDown, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const altI = '\u001Bi';
const hasInbox = (lines: readonly string[]): boolean => lines.join('\n').includes('INBOX');

suite('below 90 columns', () => {
	for (const columns of [60, 80, 89]) {
		test(`the inbox goes when a room is open, and Alt-I brings it back for good, at ${columns}`, async () => {
			addLunch(sample.account);
			addRooms(sample.account, 4);
			const {screen} = await sample.open({columns});
			assert.ok(hasInbox(screen.lines()), 'there is nothing else to see yet');
			screen.press(altDown);
			await screen.waitFor('the salad, please');
			await screen.waitFor(lines => !hasInbox(lines));
			assert.ok(screen.lines().every(line => !line.includes('│')));
			screen.press(altI);
			await screen.waitFor(hasInbox);
			screen.press(altDown);
			await screen.waitFor('words in 0');
			assert.ok(hasInbox(screen.lines()), 'what was asked for stays');
			// The first gives it the keys, the second takes it away.
			screen.press(altI);
			screen.press(altI);
			await screen.waitFor(lines => !hasInbox(lines));
		});
	}

	test('who walks through the list sees it until he goes to a room', async () => {
		addLunch(sample.account);
		addRooms(sample.account, 4);
		const {screen} = await sample.open({columns: 80});
		screen.press('\u001B[B\u001B[B');
		await screen.waitFor('words in 0');
		assert.ok(hasInbox(screen.lines()));
		screen.press('\r');
		await screen.waitFor(lines => !hasInbox(lines));
	});
});

test('from 90 columns on it stands beside the room', async () => {
	addLunch(sample.account);
	const {screen} = await sample.open({columns: 90});
	screen.press(altDown);
	await screen.waitFor('the salad, please');
	assert.ok(hasInbox(screen.lines()));
	screen.resize(80, 24);
	await screen.waitFor(lines => !hasInbox(lines));
	screen.resize(120, 40);
	await screen.waitFor(hasInbox);
});

suite('a slow link', () => {
	const writing = (times: readonly number[]): boolean => {
		let time = 0;
		const drain = createDrainWatch(() => time);
		for (const each of times) {
			const taken = drain.begin();
			time += each;
			taken();
		}
		return drain.isSlow();
	};

	test('is one that takes long again and again; a pause is none, and it must be fast for good to be fast again', () => {
		assert.equal(writing([1, 5, 2, 20, 3]), false);
		assert.equal(writing([1, 60_000, 2]), false);
		assert.equal(writing([800, 900, 700]), true);
		assert.equal(writing([800, 900, 700, 10, 10]), true);
		assert.equal(writing([800, 900, 700, 10, 10, 10]), false);
	});

	test('takes the inbox away, unless the person asked for it', () => {
		const facts = {columns: 120, hasPanel: false, hasRoom: true, focus: 'composer'} as const;
		const panes = createPaneChoice();
		assert.equal(panes.isInboxShown(facts), true);
		assert.equal(panes.setLinkSlow(true), true);
		assert.equal(panes.setLinkSlow(true), false, 'it is said once');
		assert.equal(panes.isInboxShown(facts), false);
		panes.setInboxShown(120, true);
		assert.equal(panes.isInboxShown(facts), true);
		panes.setLinkSlow(false);
		assert.equal(panes.setLinkSlow(true), false);
		assert.equal(panes.isInboxShown(facts), true);
	});
});

test('who comes back after long has everything drawn again', async () => {
	addLunch(sample.account);
	let time = Date.UTC(2026, 10, 25, 12);
	const {screen} = await sample.open({columns: 92, now: () => time});
	screen.press(altDown);
	await screen.waitFor('the salad, please');
	const before = screen.lines();
	screen.scribble('\u001B[5;5Hxxxxxxxxxxxxxxxxxxxx');
	await screen.waitFor('xxxx');
	screen.press('\u001B[O');
	time += 61_000;
	screen.press('\u001B[I');
	await screen.waitFor(lines => lines.join('\n') === before.join('\n'));
});
