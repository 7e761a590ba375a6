/** What a message is besides plain words: tables, code with colours, and what is hidden until it is asked for. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {escape, marked, select, setUpMessages, waitUntilGone} from './message-scene.ts';
import {event, me} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, question, open} = setUpMessages();

const html = (sender: string, formatted: string, more: Parameters<typeof event>[1] = {}) =>
	event(sender, {
		msgtype: 'm.text',
		body: 'rich',
		format: 'org.matrix.custom.html',
		formatted_body: formatted,
		...more,
	});

suite('messages that are more than words', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`v shows a spoiler, then versions and readers, at ${columns}×${rows}`, async () => {
			sample.account.sync({id: lunch, timeline: [html(anna, 'it was <span data-mx-spoiler="end">the cook</span>')]});
			const {screen} = await open({columns, rows});
			await screen.waitFor('(end) ▒▒▒ ▒▒▒▒');
			await select(screen, 'it was');
			screen.press('v');
			await screen.waitFor('(end) the cook');
			await screen.waitFor('Shown until you leave the room.');
			assert.match(marked(screen), /it was/);
			screen.press('v');
			await screen.waitFor('Read by nobody yet');
			screen.press(escape);
			await screen.waitFor('(end) the cook');
			assert.deepEqual(screen.problems, []);
		});

		test(`a table stands in columns, at ${columns}×${rows}`, async () => {
			const head = '<tr><th>what</th><th>who</th></tr>';
			sample.account.sync({
				id: lunch,
				timeline: [
					html(anna, `<table>${head}<tr><td>salad</td><td>me</td></tr><tr><td>tea</td><td>you</td></tr></table>`),
				],
			});
			const {screen} = await open({columns, rows});
			await screen.waitFor('what  │ who');
			await screen.waitFor('──────┼────');
			await screen.waitFor('salad │ me');
			await screen.waitFor('tea   │ you');
		});
	}

	test('a spoiler in a thread is shown there too', async () => {
		const relation = {rel_type: 'm.thread', event_id: question().event_id};
		sample.account.sync({
			id: lunch,
			timeline: [html(anna, '<span data-mx-spoiler>the cook</span>', {'m.relates_to': relation})],
		});
		const {screen} = await open();
		await select(screen, 'are you coming');
		screen.press('t');
		await screen.waitFor('▒▒▒ ▒▒▒▒');
		screen.press('v');
		await screen.waitFor('the cook');
		await waitUntilGone(screen, '▒');
	});

	test('code gets its colours when the language is loaded, and nothing moves', async () => {
		const block = '<pre><code class="language-js">const x = 42;\n// end</code></pre>';
		sample.account.sync({id: lunch, timeline: [html(me, block)]});
		const {screen} = await open();
		await screen.waitFor('const x = 42;');
		// The keyword has a colour of its own: what follows it is drawn in another one.
		await screen.waitFor(() => /38;2;195;166;255m(?:\u001B\[[\d;]*m)*const/.test(screen.output()));
		assert.equal(screen.lines().filter(line => line.includes('const x = 42;')).length, 1);
		assert.deepEqual(screen.problems, []);
	});
});
