/** Hostile text in every text field of every pane, at three sizes: the frame stands, and nothing of it acts on the terminal. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {createTerminalProbe} from '../../source/terminal/terminal-probe.ts';
import {hostilePayloads} from '../corpus/terminal.ts';
import type {OpenedScreen} from '../helpers/screen.tsx';
import {event, me, now, state, text} from './sample-account.ts';
import {anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const escape = '\u001B';
const enter = '\r';

/** So many at once: each has its turn in many fields. */
const payloadsOfKnot = 8;

/** What fits into a row; long ones have a room of their own below. */
const short = hostilePayloads.map(({payload}) => payload).filter(({length}) => length > 0 && length < 40);

/** What no field may let through: it erases, moves, turns, hides and breaks the line. */
const core = '\u001B[2J\u009B5A\u0007\r\n\u202E\u200B\u001B]0;x\u001B\\';

/** Some of them as one text; the next one is of the next ones. */
let turn = 0;
const knotted = (): string => {
	const from = turn;
	turn = (turn + payloadsOfKnot) % short.length;
	return [core, ...short.slice(from), ...short].slice(0, payloadsOfKnot).join('.');
};

/** A knot behind a word that is found on the screen. */
const tied = (word: string): string => `${word} ${knotted()}`;
const zoe = '@zoe:two.test';
const den = '!den:one.test';
const space = '!space:one.test';

const fill = (): void => {
	const root = text(anna, tied('Rootword'), {event_id: '$root'});
	const poll = event(
		anna,
		{
			'org.matrix.msc3381.poll.start': {
				question: {'org.matrix.msc1767.text': tied('Questionword')},
				max_selections: 1,
				answers: ['yes', 'no'].map(id => ({id, 'org.matrix.msc1767.text': tied(id)})),
			},
		},
		{type: 'org.matrix.msc3381.poll.start', event_id: '$poll'},
	);
	const html = {msgtype: 'm.text', body: tied('Htmlword'), format: 'org.matrix.custom.html'};
	const last = text(anna, tied('Lastword'), {event_id: '$last'});
	const reaction = (key: string): JsonObject =>
		event(me, {'m.relates_to': {rel_type: 'm.annotation', event_id: '$last', key}}, {type: 'm.reaction'});
	const [rid = 0] = sample.account.sync(
		{
			id: lunch,
			state: [
				state('m.room.name', '', {name: tied('Lunch')}),
				state('m.room.topic', '', {topic: tied('Topicword')}),
				state('m.room.canonical_alias', '', {alias: `#${tied('alias')}:one.test`}),
				state('m.room.member', anna, {membership: 'join', displayname: tied('Anna')}),
				state('m.room.member', zoe, {membership: 'join', displayname: tied('Zoe')}),
				state('m.room.member', me, {membership: 'join', displayname: tied('Me')}),
				state('m.room.pinned_events', '', {pinned: ['$root', '$last', knotted()]}),
				state('m.room.power_levels', '', {users: {[me]: 100, [anna]: 50, [knotted()]: 50}}),
			],
			timeline: [
				root,
				text(zoe, tied('Replyword'), {
					content: {
						msgtype: 'm.text',
						body: tied('Replyword'),
						'm.relates_to': {rel_type: 'm.thread', event_id: '$root'},
					},
				}),
				event(anna, {
					...html,
					formatted_body: `<b>${knotted()}</b><a href="${knotted()}">${knotted()}</a><pre><code>${knotted()}</code></pre>`,
				}),
				event(anna, {...html, formatted_body: `<table><tr><td>${knotted()}</td><td>${knotted()}</td></tr></table>`}),
				event(anna, {
					msgtype: 'm.file',
					body: tied('words'),
					filename: tied('Fileword'),
					url: 'mxc://one.test/a',
					info: {mimetype: knotted()},
				}),
				event(anna, {msgtype: 'm.location', body: tied('place'), geo_uri: knotted()}),
				event(anna, {}, {type: knotted()}),
				poll,
				last,
				reaction(tied('Heartword').slice(0, 200)),
			],
			unread: 3,
			highlights: 1,
			threads: {$root: {unread: 1}},
		},
		{
			id: den,
			category: 'invite',
			state: [
				state('m.room.name', '', {name: tied('Den')}),
				state('m.room.topic', '', {topic: tied('den topic')}),
				state('m.room.member', zoe, {membership: 'join', displayname: tied('Zoe')}),
				{type: 'm.room.member', state_key: me, sender: zoe, content: {membership: 'invite', reason: knotted()}},
			],
		},
		{
			id: space,
			state: [
				state('m.room.create', '', {type: 'm.space'}),
				state('m.room.name', '', {name: tied('Spaceword')}),
				state('m.space.child', lunch, {via: ['one.test'], order: 'a'}),
			],
		},
	);
	const own = {rid, type: 'm.room.message', content: {msgtype: 'm.text', body: tied('Ownword')}};
	sample.account.outbox.add({...own, transactionId: 't1', sendAt: now + 3_600_000});
};

const summary = {
	roomId: '!hall:two.test',
	name: tied('Hall'),
	alias: `#${tied('hall')}:two.test`,
	topic: tied('hall topic'),
	memberCount: 3,
	joinRule: 'public',
	isEncrypted: false,
	isSpace: false,
	membership: undefined,
	servers: ['two.test'],
};

const answers = {
	directory: async () => ({rooms: [summary], next: undefined, total: 1}),
	preview: async () => summary,
	spaceRooms: async () => ({rooms: [{...summary, children: 0}]}),
	profile: async () => ({userId: zoe, displayName: tied('Profile')}),
	devices: async () => ({
		devices: [{deviceId: knotted(), name: tied('Phone'), trust: 'unverified', lastSeen: now, isThis: false}],
	}),
	devicesOf: async () => ({
		identity: 'changed',
		devices: [{deviceId: knotted(), name: tied('Tablet'), trust: 'unverified'}],
	}),
	recovery: async () => ({state: 'backup-broken', message: tied('Brokenword'), next: tied('next')}),
};

/** A state of a pane: what leads there from the open room, what is seen there, and what more than Esc leads back. */
type Scene = {
	readonly keys: readonly string[];
	readonly pasted?: string;
	readonly seen: RegExp;
	readonly after?: string;
};

const command = (words: string): Scene['keys'] => [`/${words}${enter}`];

const scenes: Readonly<Record<string, Scene>> = {
	'a selected message': {keys: ['/select\r'], seen: /reply/},
	'what is known of a message': {keys: ['/select\r', 'v'], seen: /Heartword/},
	'the source of a message': {keys: ['/select\r', `:`, `source${enter}`], seen: /Source|"content"|scroll/},
	'reactions to choose from': {keys: ['/select\r', '+'], seen: /thumbs up|reacts/},
	'several that are chosen': {keys: ['/select\r', ' '], seen: /1 chosen/},
	'an answer': {keys: ['/reply\r'], seen: /replying/},
	'the poll': {keys: command('vote'), seen: /yes/},
	'pinned messages': {keys: command('pins'), seen: /Pinned messages/},
	threads: {keys: command('threads'), seen: /Threads/},
	'a thread': {keys: [...command('threads'), enter], seen: /Thread /},
	members: {keys: command('members'), seen: /Anna/},
	'a person': {keys: command(`whois ${zoe}`), seen: /@zoe/},
	'the settings of the room': {keys: command('room'), seen: /Settings of the room/},
	'a new room': {keys: command('create'), seen: /A new room/},
	devices: {keys: command('devices'), seen: /Phone/},
	recovery: {keys: command('recovery'), seen: /Brokenword/},
	outbox: {keys: command('outbox'), seen: /Ownword/},
	directory: {keys: command('directory'), seen: /Hall/},
	'a room to join': {keys: command('join #hall:two.test'), seen: /Hall/},
	spaces: {keys: command('spaces'), seen: /Spaceword/},
	'the switcher': {keys: ['\u001Bk'], seen: /Den/},
	'a search': {keys: ['\u0006', 'Lastword'], seen: /in Lunch/},
	'where to forward': {keys: command('forward'), seen: /Lunch|Forward/},
	people: {keys: ['@an'], seen: /> @an/},
	rooms: {keys: ['#lu'], seen: /> #lu/},
	'a preview': {keys: ['\u001Bp'], pasted: `${knotted()} *so*`, seen: /\*so\*/, after: '\u001Bp'},
	'a question': {keys: command('leave'), seen: /Leave/, after: 'n'},
	'a report': {keys: command('report because'), seen: /Report/, after: 'n'},
	help: {keys: ['\u001BOP'], seen: /Keys and commands/},
	'an unknown command': {keys: ['/xxyy', enter], seen: /There is no \/xxyy/, after: '\u0003'},
	'a narrowed inbox': {keys: ['\u001Bi', '/', 'den'], seen: /Den/},
};

/** Words that stand before a knot and nowhere else. */
const words = /(?:Lunch|Den|Hall|Anna|Zoe|Phone|Tablet|[A-Z][a-z]+word)(?!\w)/g;

/** What was taken out without a trace could be anything: it is seen that something stood there. */
const assertTold = (lines: readonly string[], all: string): void => {
	for (const [row, line] of lines.entries())
		for (const part of line.split('│'))
			for (const {0: word, index} of part.matchAll(words)) {
				const rest = part.slice(index + word.length).trimEnd();
				// What is too long for the row goes on in the next one, or ends with an ellipsis.
				if (rest === '') assert.match(lines[row + 1] ?? '', /␛|\\u001b/, all);
				else assert.match(rest, /^ ?(?:␛|\\u001b|…)|^['"*]/, `${word}: ${all}`);
			}
};

/** Controls, and what hides or turns text. */
const forbidden = /[\u0000-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/;

const known =
	/\u001B\[[\d;]*[mGKJHABCDEFSTr]|\u001B\[\?(?:7|25|1000|1004|1006|1049|2004|2026)[hl]|\u001B\[\?u|\u001B\[22;0t|\u001B\]11;\?\u001B\\|\u001B\]8;;[!-~]*\u001B\\|[\r\n]/g;
const named = /\u001B\]0;[^\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*\u001B\\/g;

/** Nothing but what mx says itself reached the terminal. */
const assertSafeOutput = (screen: OpenedScreen): void => {
	const asked = createTerminalProbe({TERM: 'xterm-256color'}).query();
	// The name of the window is held back by the same rules as what is drawn.
	const rest = screen.output().replace(asked, '').replaceAll(named, '').replaceAll(known, '');
	assert.doesNotMatch(rest, /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
};

const assertFrame = (screen: OpenedScreen, name: string): void => {
	const lines = screen.lines();
	const all = `${name}\n${lines.join('\n')}`;
	assert.ok(screen.isAlternate(), all);
	assert.match(lines[0] ?? '', /^ mx · (@alice:one\.test|alice)/, all);
	for (const line of lines) assert.doesNotMatch(line, forbidden, all);
	assertTold(lines, all);
	// Between panes each bar has a column of its own.
	assert.ok(new Set(screen.columnsOf('│')).size <= 2, all);
};

const isHome = (lines: readonly string[]): boolean => {
	const all = lines.join('\n');
	return all.includes('Enter sends') && !/Esc (drops|leaves|closes)/.test(all);
};

/** Goes back step by step until one writes in the room again, and clears what is written. */
const goHome = async (screen: OpenedScreen): Promise<void> => {
	for (let step = 0; !isHome(screen.lines()); step++) {
		assert.ok(step < 6, screen.lines().join('\n'));
		const before = screen.lines().join('\n');
		screen.press(escape);
		await screen.waitFor(lines => lines.join('\n') !== before);
	}
	const isWritten = (lines: readonly string[]): boolean => !lines.some(line => /(^|│ )>$/.test(line));
	if (!isWritten(screen.lines())) return;
	screen.press('\u0003');
	await screen.waitFor(lines => !isWritten(lines));
};

suite('hostile text in every pane', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const)
		test(`at ${columns}×${rows} nothing acts and the frame stands`, async () => {
			fill();
			const {screen} = await sample.open({columns, rows, answers});
			await screen.waitFor(/Lunch|Den/);
			assertFrame(screen, 'the inbox');
			screen.press(`\u001B[1;3B`);
			await screen.waitFor('Den');
			assertFrame(screen, 'an invitation');
			screen.press('\u001Ba');
			await screen.waitFor('Enter sends');
			screen.notify({kind: 'typing', rid: 1, users: [anna, zoe]});
			screen.notify({kind: 'alert', message: tied('alert'), next: tied('then')});
			await screen.waitFor('alert');
			assertFrame(screen, 'the room');
			for (const [name, {keys, pasted, seen, after}] of Object.entries(scenes))
				try {
					await goHome(screen);
					for (const key of keys) {
						const before = screen.lines().join('\n');
						screen.press(key);
						await screen.waitFor(lines => lines.join('\n') !== before);
					}
					if (pasted !== undefined) await screen.paste(pasted);
					await screen.waitFor(seen);
					assertFrame(screen, name);
					if (after !== undefined) screen.press(after);
				} catch (error) {
					throw new Error(`${name}: ${error instanceof Error ? error.message : ''}`, {cause: error});
				}
			assert.deepEqual(screen.problems, []);
			assertSafeOutput(screen);
		});
});

suite('hostile text on the screen', () => {
	test('in every field and of every kind it is readable text, and the frame stands', async () => {
		const {account} = sample;
		for (const [index, {payload}] of hostilePayloads.entries()) {
			const sender = `@u${index}:one.test`;
			account.sync({
				id: `!room${index}:one.test`,
				state: [
					state('m.room.name', '', {name: `R${index} ${payload}`}),
					state('m.room.topic', '', {topic: payload}),
					state('m.room.member', sender, {membership: 'join', displayname: `${payload} N`}),
				],
				timeline: [
					text(sender, `aa${payload}zz`),
					event(sender, {msgtype: 'm.emote', body: payload}),
					event(sender, {msgtype: 'm.file', body: payload, filename: payload}),
					event(sender, {
						msgtype: 'm.text',
						body: 'x',
						format: 'org.matrix.custom.html',
						formatted_body: `<b>${payload}</b><a href="${payload}">link</a>`,
					}),
					event(
						me,
						{'m.relates_to': {rel_type: 'm.annotation', event_id: `$event${index}`, key: payload}},
						{type: 'm.reaction'},
					),
					event(sender, {}, {type: payload === '' ? 'x' : payload}),
				],
				unread: 1,
			});
		}
		const {screen} = await sample.open({columns: 100, rows: 30});
		for (let index = 0; index < hostilePayloads.length; index += 1) {
			screen.press('\u001B[1;3B');
			// Each room says which it is; the rooms go by activity, the last one first.
			await screen.waitFor(`▸ R${hostilePayloads.length - 1 - index}`);
			assert.ok(screen.isAlternate());
			assert.deepEqual([...new Set(screen.columnsOf('│'))], [30], screen.lines().join('\n'));
			assert.match(screen.lines()[0] ?? '', /^ mx · @alice:one\.test/);
		}
		assertSafeOutput(screen);
		// The firewall had nothing to do: what reached it was safe already.
		assert.deepEqual(screen.problems, []);
	});
});
