/** Looking into messages, and taking out of them: details, source, copies, links, what they answer. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {enter, escape, marked, select, setUpMessages, waitUntilGone} from './message-scene.ts';
import {event, me, text} from './sample-account.ts';
import {anna, lunch} from './sample-screen.ts';

const {sample, question, answer, open} = setUpMessages();

type Screen = Awaited<ReturnType<typeof open>>['screen'];

/** What the terminal was last asked to put into its clipboard. */
const clipboard = (screen: Screen): string => {
	const last = [...screen.output().matchAll(/\u001B\]52;c;([A-Za-z0-9+/=]*)\u001B\\/g)].at(-1)?.[1] ?? '';
	return Buffer.from(last, 'base64').toString();
};

const edited = (body: string) =>
	event(me, {
		msgtype: 'm.text',
		body: `* ${body}`,
		'm.new_content': {msgtype: 'm.text', body},
		'm.relates_to': {rel_type: 'm.replace', event_id: answer().event_id},
	});

const reaction = (sender: string, key: string) =>
	event(sender, {'m.relates_to': {rel_type: 'm.annotation', event_id: answer().event_id, key}}, {type: 'm.reaction'});

suite('looking into a message', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`v shows versions, who reacted and who read it, and leads to the source, at ${columns}×${rows}`, async () => {
			sample.account.sync({id: lunch, timeline: [edited('yes, and wine?'), reaction(anna, '👍')]});
			sample.account.execute(
				`INSERT INTO receipt SELECT rid, ?, '', 'm.read', ?, 5 FROM room WHERE room_id = ?`,
				anna,
				answer().event_id,
				lunch,
			);
			const {screen} = await open({columns, rows});
			await select(screen, 'yes, and wine?');
			screen.press('v');
			await screen.waitFor('not encrypted');
			await screen.waitFor('2 versions');
			await screen.waitFor('edited Today');
			for (const words of ['yes! **what**', 'Reactions', 'Anna Kowalska', 'Read by 1']) {
				// What does not fit is scrolled to.
				for (let step = 0; step < 12 && !screen.lines().join('\n').includes(words); step += 1) {
					screen.press('\u001B[B');
					await new Promise(resolve => void setTimeout(resolve, 5));
				}
				await screen.waitFor(words);
			}
			screen.press('\u001B[1;5H');
			screen.press(enter);
			await screen.waitFor('"content": {');
			screen.press('y');
			await screen.waitFor(() => clipboard(screen).includes('"event_id"'));
			assert.deepEqual(JSON.parse(clipboard(screen)), {...answer(), unsigned: {}});
			screen.press(escape);
			await screen.waitFor('2 versions');
			screen.press(escape);
			await screen.waitFor(() => marked(screen).includes('yes, and wine?'));
			assert.deepEqual(screen.problems, []);
		});
	}

	test('the source of a hostile event is drawn as text', async () => {
		sample.account.sync({id: lunch, timeline: [text(anna, 'evil\u001B]52;c;aGk=\u001B\\\u202Etxt')]});
		const {screen} = await open();
		screen.press(`/source${enter}`);
		await screen.waitFor('"body": "evil');
		await screen.waitFor('\\u202etxt');
		assert.equal(clipboard(screen), '');
		assert.deepEqual(screen.problems, []);
	});
});

suite('copying', () => {
	test('y copies the text, Y a link, c the code; through tmux it is wrapped as well', async () => {
		sample.account.sync({
			id: lunch,
			timeline: [
				event(anna, {
					msgtype: 'm.text',
					body: 'see\n```\nlet x = 1;\n```',
					format: 'org.matrix.custom.html',
					formatted_body: 'see<pre><code>let x = 1;\n</code></pre>',
				}),
			],
		});
		const {screen} = await open({environment: {TERM: 'xterm-256color', TMUX: '/tmp/tmux'}});
		await select(screen, 'see');
		screen.press('y');
		await screen.waitFor('The text is copied');
		assert.equal(clipboard(screen), 'see\n```\nlet x = 1;\n```');
		assert.match(screen.output(), /\u001BPtmux;\u001B\u001B\]52;c;[\w+/=]+\u001B\u001B\\\u001B\\/);
		screen.press('c');
		await screen.waitFor('The code is copied');
		assert.equal(clipboard(screen).trim(), 'let x = 1;');
	});

	test('several messages are copied as a transcript', async () => {
		const {screen} = await open();
		await select(screen, 'yes!');
		screen.press(' ');
		await screen.waitFor('1 chosen');
		screen.press('k ');
		await screen.waitFor('2 chosen');
		screen.press('y');
		await screen.waitFor('2 messages are copied');
		assert.equal(
			clipboard(screen),
			'[18:02] Anna Kowalska: are you coming on sunday?\n[18:40] @alice:one.test: yes! **what** shall I bring',
		);
		screen.press('Y');
		await screen.waitFor('The link to the message is copied');
		const id = encodeURIComponent(answer().event_id);
		assert.equal(clipboard(screen), `https://matrix.to/#/${lunch}/${id}?via=one.test`);
	});

	test('what is too long for a clipboard is refused with a reason', async () => {
		sample.account.sync({id: lunch, timeline: [text(anna, 'long '.repeat(20_000))]});
		const {screen} = await sample.open();
		screen.press(enter);
		await screen.waitFor('more lines');
		screen.press(`/copy${enter}`);
		await screen.waitFor('This is too long for the clipboard of a terminal.');
		assert.equal(clipboard(screen), '');
	});
});

suite('removing several', () => {
	test('only what may be removed is, after one question', async () => {
		const {screen, fake} = await open();
		await select(screen, 'yes!');
		screen.press(' k ');
		await screen.waitFor('2 chosen');
		screen.press('d');
		// Without power Anna's message stays.
		await screen.waitFor('Remove your message for everybody?');
		screen.press('y');
		await screen.waitFor('removed');
		assert.deepEqual(
			fake.of('redact').map(({eventId}) => eventId),
			[answer().event_id],
		);
	});

	test('who has the power removes all of them', async () => {
		sample.account.sync({
			id: lunch,
			state: [event(anna, {users: {[me]: 50}, redact: 50}, {type: 'm.room.power_levels', state_key: ''})],
		});
		const {screen, fake} = await open();
		await select(screen, 'yes!');
		screen.press(' k d');
		await screen.waitFor('Remove 2 messages for everybody?');
		screen.press('y');
		await screen.waitFor(lines => lines.filter(line => line.includes('removed')).length === 2);
		assert.deepEqual(
			fake.of('redact').map(({eventId}) => eventId),
			[question().event_id, answer().event_id],
		);
	});
});

suite('links', () => {
	test('o asks with the whole address, and opens it only after y', async () => {
		const opened: string[] = [];
		sample.account.sync({
			id: lunch,
			timeline: [
				event(anna, {
					msgtype: 'm.text',
					body: 'x',
					format: 'org.matrix.custom.html',
					formatted_body:
						'<a href="https://evil.example/login">https://good.example</a> <a href="mailto:a@b.c">mail</a>',
				}),
			],
		});
		const {screen} = await open({openLink: async href => void opened.push(href)});
		await select(screen, 'good.example');
		screen.press('o');
		await screen.waitFor('Open https://evil.example/login on this machine?');
		screen.press('n');
		await waitUntilGone(screen, 'on this machine');
		assert.deepEqual(opened, []);
		screen.press('oy');
		await screen.waitFor(() => opened.length === 1);
		assert.deepEqual(opened, ['https://evil.example/login']);
	});

	test('of several one is chosen', async () => {
		sample.account.sync({id: lunch, timeline: [text(anna, 'https://one.example/a and https://two.example/b')]});
		const {screen} = await open();
		await select(screen, 'one.example');
		screen.press('o');
		await screen.waitFor('Enter opens, after a question');
		screen.press(`\u001B[B${enter}`);
		await screen.waitFor('Open https://two.example/b on this');
		screen.press('c');
		await screen.waitFor('The address is copied');
		assert.equal(clipboard(screen), 'https://two.example/b');
	});

	test('where there is none, it says so', async () => {
		const {screen} = await open();
		screen.press(`/open${enter}`);
		await screen.waitFor('There is no file and no web address in this message.');
	});
});

suite('jumping', () => {
	test('Enter goes to the answered message, however far above, and Alt-< comes back', async () => {
		for (let index = 0; index < 300; index += 1)
			sample.account.sync({id: lunch, timeline: [text(anna, `line ${index}.`)]});
		const reply = {'m.in_reply_to': {event_id: question().event_id}};
		sample.account.sync({
			id: lunch,
			timeline: [event(anna, {msgtype: 'm.text', body: 'so?', 'm.relates_to': reply})],
		});
		const {screen} = await sample.open();
		screen.press(enter);
		await screen.waitFor('so?');
		await select(screen, 'Anna Kowalska: are you coming');
		screen.press(enter);
		await screen.waitFor(() => marked(screen).includes('are you coming on sunday?'));
		screen.press('\u001B<');
		await screen.waitFor(() => marked(screen).includes('Anna Kowalska: are you'));
		screen.press('k');
		await screen.waitFor(() => marked(screen).includes('line 299.'));
		screen.press(enter);
		await screen.waitFor('This message answers no other one.');
		assert.deepEqual(screen.problems, []);
	});
});
