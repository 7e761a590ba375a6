import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {me, member, state, text} from './sample-account.ts';
import {addLunch, addRooms, altDown, altUp, anna, lunch, pageUp, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;

const down = '\u001B[B';
const up = '\u001B[A';
const escape = '\u001B';

suite('rooms on the screen', () => {
	test('Alt-Down and Alt-Up go from room to room, Alt-A to what is unread', async () => {
		addRooms(sample.account, 3);
		addLunch(sample.account, {unread: 1});
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
		sample.account.sync({
			id: '!club:two.test',
			category: 'invite',
			state: [
				state('m.room.name', '', {name: 'Book club'}),
				member('@zoe:two.test', 'Zoé'),
				{
					type: 'm.room.member',
					state_key: me,
					sender: '@zoe:two.test',
					content: {membership: 'invite', is_direct: true},
				},
			],
		});
		const {screen, fake} = await open({
			columns: 120,
			rows: 40,
			answers: {
				join: async () => {
					sample.account.sync({id: '!club:two.test', timeline: [text('@zoe:two.test', 'welcome to the club')]});
					return {roomId: '!club:two.test'};
				},
			},
		});
		assert.match(screen.lines().join('\n'), /! Book club +invites you │/);
		screen.press(altDown);
		await screen.waitFor('Zoé invites you to Book club');
		assert.match(screen.lines().join('\n'), /@zoe:two\.test/);
		screen.press('\r');
		await screen.waitFor('welcome to the club');
		assert.deepEqual(fake.of('join'), [{room: '!club:two.test'}]);
		screen.press('hello');
		await screen.waitFor('> hello');
	});

	test('Enter accepts an invitation only once it is seen', async () => {
		sample.account.sync({
			id: '!club:two.test',
			category: 'invite',
			state: [state('m.room.name', '', {name: 'Book club'})],
		});
		const {screen, fake} = await open({columns: 50, rows: 20});
		screen.press('\u001B[B');
		await screen.waitFor('▸ Book club');
		screen.press('\r');
		await screen.waitFor('Somebody invites you to Book club');
		assert.equal(fake.of('join').length, 0);
		screen.resize(80, 24);
		screen.press('\u001Bi\u001Bi');
		screen.press('\r');
		await screen.waitFor(() => fake.of('join').length === 1);
		await screen.close();
		const wide = await open();
		wide.screen.press('\u001B[B');
		await wide.screen.waitFor('invites you to Book club');
		wide.screen.press('\r');
		await wide.screen.waitFor(() => wide.fake.of('join').length === 1);
	});

	test('an invitation can be declined by its command', async () => {
		sample.account.sync({
			id: '!club:two.test',
			category: 'invite',
			state: [state('m.room.name', '', {name: 'Book club'})],
		});
		const {screen, fake} = await open();
		screen.press(altDown);
		await screen.waitFor('invites you to Book club');
		screen.press('hello\r');
		await screen.waitFor('Not sent: the invitation is not accepted yet.');
		await screen.waitFor('> hello');
		screen.press('\u0015/decline\r');
		await screen.waitFor('Decline the invitation to Book club?');
		assert.deepEqual(fake.of('leave'), []);
		screen.press('y');
		await screen.waitFor('The invitation is declined');
		assert.deepEqual(fake.of('leave'), [{roomId: '!club:two.test'}]);
	});

	test('a visited room is read once, a room on the way is not', async () => {
		addRooms(sample.account, 2);
		addLunch(sample.account, {unread: 1});
		const {screen, fake} = await open();
		screen.press(altDown + altDown);
		await screen.waitFor(() => fake.of('markRead').length > 0);
		assert.deepEqual(
			fake.of('markRead').map(({roomId}) => roomId),
			['!room0:one.test'],
		);
		screen.press(altUp);
		await screen.waitFor(() => fake.of('markRead').length > 1);
		const last = sample.account.reader.reads.lastMainEvent(sample.account.reader.roomById(lunch)?.rid ?? 0);
		assert.deepEqual(fake.of('markRead')[1], {roomId: lunch, eventId: last});
	});

	test('who walks through the inbox reads nothing, until Enter goes into a room', async () => {
		addRooms(sample.account, 2);
		const rid = addLunch(sample.account, {unread: 1});
		const {screen, fake} = await open();
		// As soon as a room counts as visited, the engine is told which one is shown.
		const steps = [down + down, down, up + up];
		for (const [index, name] of ['Room 0', 'Room 1', 'Sunday lunch'].entries()) {
			screen.press(steps[index] ?? '');
			await screen.waitFor(`Enter goes to ${name}`);
			await screen.waitFor(() => fake.of('show').length === index + 1);
		}
		sample.account.sync({id: lunch, timeline: [text(anna, 'and wine')], unread: 2});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor('and wine');
		// Neither what is opened from there reads it.
		screen.press(':');
		await screen.waitFor('Commands');
		screen.press(escape);
		await screen.waitFor('Enter goes to Sunday lunch');
		assert.equal(fake.of('markRead').length, 0);
		assert.match(screen.lines().join('\n'), /━ new ━[^]*the salad, please/);
		screen.press('\r');
		await screen.waitFor(() => fake.of('markRead').length === 1);
		assert.equal(fake.of('markRead')[0]?.['roomId'], lunch);
		assert.match(screen.lines().join('\n'), /━ new ━[^]*the salad, please/);
		// The keys are back in the inbox: what comes now waits.
		screen.press('\u001Bi');
		await screen.waitFor('Enter goes to Sunday lunch');
		sample.account.sync({id: lunch, timeline: [text(anna, 'and bread')], unread: 1});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor('and bread');
		assert.equal(fake.of('markRead').length, 1);
		screen.press('\u001B[1;2A\u001B[1;2B');
		await screen.waitFor(() => fake.of('markRead').length === 2);
	});

	test('without the focus of the terminal nothing is read, with it at once', async () => {
		const rid = addLunch(sample.account, {unread: 1});
		const {screen, fake} = await open();
		screen.press('\u001B[O');
		screen.press(altDown);
		sample.account.sync({id: lunch, timeline: [text(anna, 'and wine')]});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor('and wine');
		// A draft is kept long after a room counts as visited.
		screen.press('so');
		await screen.waitFor(() => fake.of('saveDraft').length > 0);
		assert.equal(fake.of('markRead').length, 0);
		screen.press('\u001B[I');
		await screen.waitFor(() => fake.of('markRead').length === 1);
	});

	test('what came while the engine was being replaced shows in the open room when the next one is heard', async () => {
		addLunch(sample.account);
		const {screen} = await open();
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		sample.account.sync({id: lunch, timeline: [text(anna, 'and wine')]});
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		await screen.waitFor('and wine');
	});

	test('new messages come in while the newest is seen; above it they are only counted', async () => {
		const rid = addLunch(sample.account, {
			timeline: Array.from({length: 60}, (_, index) => text(anna, `line ${index}`)),
		});
		const {screen} = await open();
		const receive = (body: string): void => {
			sample.account.sync({id: lunch, timeline: [text(anna, body)]});
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
		addLunch(sample.account, {previousToken: 't'});
		const answers: (() => Promise<unknown>)[] = [
			async () => {
				throw new Error('the server is away');
			},
			async () => {
				sample.account.account.write(() => {
					const rid = sample.account.reader.roomById(lunch)?.rid ?? 0;
					const edge = sample.account.writer.timelines.olderEdge(rid);
					if (edge !== undefined)
						sample.account.writer.timelines.prepend(rid, edge, {events: [text(anna, 'long ago')], end: undefined});
				});
				return {hasMore: false};
			},
		];
		const {screen} = await open({columns: 120, rows: 40, answers: {loadOlder: async () => answers.shift()?.()}});
		screen.press(altDown);
		await screen.waitFor('could not be loaded: the server is away');
		screen.press(pageUp);
		await screen.waitFor('long ago');
		assert.match(screen.lines().join('\n'), /the beginning of this room/);
	});

	test('/discardsession asks for a new session of the encryption, and says so', async () => {
		addLunch(sample.account);
		const {screen, fake} = await open({columns: 120});
		screen.press('\r');
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press('/discardsession\r');
		await screen.waitFor('Your next message here begins a new session');
		assert.deepEqual(fake.of('discardSession'), [{roomId: lunch}]);
	});
});
