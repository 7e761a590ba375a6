/** The linear view: what is said, once and in order, and what a line that is typed does. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {acceptNext, waiting} from './message-session.ts';
import {setUpPlain} from './plain-session.ts';
import {at, event, me, member, state, text} from './sample-account.ts';
import {addLunch, anna, lunch} from './sample-screen.ts';

const sample = setUpPlain();
const {open, openLunch} = sample;

const lines = (output: string): readonly string[] => output.trimEnd().split('\n');

suite('the linear view', () => {
	test('says who one is, what a room is, and its last messages', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		assert.deepEqual(lines(plain.output()), [
			'mx for @alice:one.test, line by line. /help says how it works, /quit leaves.',
			'You are in no room. /rooms lists them, /next opens what is unread, /go NAME opens one.',
			'You are in Sunday lunch, on Matrix, not encrypted.',
			'Topic: who brings what',
			'Yesterday:',
			'18:02 Anna Kowalska: are you coming on sunday?',
			'18:40 you: yes! what shall I bring',
			'Today:',
			'12:39 Anna Kowalska: the salad, please',
		]);
	});

	test('says of what the person wrote on their phone that it is theirs', async () => {
		const rid = addLunch(sample.account);
		sample.account.bridge(rid, {ownGhost: '@signal_me:one.test'});
		const {plain} = await openLunch();
		const own = text('@signal_me:one.test', 'on my way', {origin_server_ts: at('12:43')});
		sample.account.sync({id: lunch, timeline: [own]});
		plain.tell();
		await plain.waitFor('12:43 you (phone): on my way\n');
	});

	test('says each new message, answer, edit, reaction and removal once', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		const first = text(anna, 'and a bottle', {origin_server_ts: at('12:41')});
		sample.account.sync({id: lunch, timeline: [first]});
		plain.tell();
		await plain.waitFor('12:41 Anna Kowalska: and a bottle\n');
		const relation = {rel_type: 'm.replace', event_id: first.event_id};
		sample.account.sync({
			id: lunch,
			timeline: [
				text(anna, 'to that: red', {
					origin_server_ts: at('12:42'),
					content: {
						msgtype: 'm.text',
						body: 'to that: red',
						'm.relates_to': {'m.in_reply_to': {event_id: first.event_id}},
					},
				}),
				event(anna, {
					msgtype: 'm.text',
					body: '* two bottles',
					'm.new_content': {msgtype: 'm.text', body: 'two bottles'},
					'm.relates_to': relation,
				}),
			],
		});
		plain.tell();
		await plain.waitFor('changed their message of 12:41: two bottles');
		assert.match(plain.said(), /12:42 Anna Kowalska, answering their own message: to that: red/);
		const reaction = event(
			'@zoe:one.test',
			{'m.relates_to': {rel_type: 'm.annotation', event_id: first.event_id, key: '👍'}},
			{type: 'm.reaction'},
		);
		sample.account.sync({id: lunch, state: [member('@zoe:one.test', 'Zoé')], timeline: [reaction]});
		plain.tell();
		await plain.waitFor('Zoé reacted with 👍 to Anna Kowalska at 12:41, "two bottles".');
		sample.account.sync({
			id: lunch,
			timeline: [event(anna, {redacts: first.event_id}, {type: 'm.room.redaction', redacts: first.event_id})],
		});
		plain.tell();
		await plain.waitFor('Anna Kowalska removed their message of 12:41.');
		assert.equal(plain.output().match(/and a bottle/g)?.length, 1);
	});

	test('sends what is typed, and says it where typing is not seen', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('red, then', /12:45 you: red, then|\d\d:\d\d you: red, then/);
		assert.equal(waiting(sample.account, lunch)[0]?.content['body'], 'red, then');
		acceptNext(sample.account, lunch);
		plain.tell();
		sample.account.sync({id: lunch, timeline: [text(anna, 'fine', {origin_server_ts: at('12:46')})]});
		plain.tell();
		await plain.waitFor('12:46 Anna Kowalska: fine');
		assert.equal(plain.output().match(/red, then/g)?.length, 1);
	});

	test('an own message that comes back before it is decrypted, with an answer, is not said again', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('red, then', /\d\d:\d\d you: red, then/);
		const [row] = waiting(sample.account, lunch);
		const echo = event(
			me,
			{algorithm: 'm.megolm.v1.aes-sha2', session_id: 's'},
			{type: 'm.room.encrypted', unsigned: {transaction_id: row?.transactionId}},
		);
		const {event_id: eventId} = echo;
		const relation = {rel_type: 'm.annotation', event_id: eventId, key: '🥗'};
		sample.account.sync({
			id: lunch,
			timeline: [echo, event(anna, {'m.relates_to': relation}, {type: 'm.reaction'})],
		});
		assert.deepEqual(waiting(sample.account, lunch), []);
		plain.tell();
		const clear = {type: 'm.room.message', content: {msgtype: 'm.text', body: 'red, then'}};
		sample.account.writer.events.decrypted(sample.account.pkOf(eventId), {...clear, shield: undefined});
		plain.tell();
		await plain.waitFor(/Anna Kowalska reacted with 🥗 to your message of/);
		assert.equal(plain.output().match(/you: red, then/g)?.length, 1);
	});

	test('two slashes send one, a mistyped word is never sent, a blank and a backslash go on', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('/quti', 'There is no /quti. Did you mean /quit?');
		plain.type('//etc \\');
		await plain.say('second', 'you: /etc\n    second');
		assert.deepEqual(
			waiting(sample.account, lunch).map(({content}) => content['body']),
			['/etc\nsecond'],
		);
	});

	test('lists rooms with numbers, and a number opens one', async () => {
		addLunch(sample.account);
		sample.account.sync({
			id: '!band:one.test',
			state: [state('m.room.name', '', {name: 'Band'})],
			timeline: [text('@zoe:one.test', 'loud', {origin_server_ts: at('12:00')})],
			unread: 2,
		});
		const {plain} = await open();
		await plain.say('/rooms', 'A number opens one.');
		assert.match(plain.said(), /^Rooms, 2 rooms:\n1\. Band, 2 unread, 12:00\n2\. Sunday lunch, 12:39\n/);
		await plain.say('7', 'There is no 7 in the list.');
		await plain.say('1', 'You are in Band');
		assert.match(plain.said(), /zoe:one.test: loud/);
		await plain.say('/rooms lun', '1. Sunday lunch');
	});

	test('an empty line says where one is', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('', 'You are in Sunday lunch, on Matrix, not encrypted.');
	});

	test('asks before it removes, and says which answers there are', async () => {
		addLunch(sample.account);
		const {plain, fake} = await openLunch();
		await plain.say('/redact', 'Remove your message for everybody? Type y removes; anything else drops it.');
		await plain.say('no', 'Not done.');
		await plain.say('/redact', 'anything else drops it');
		await plain.say('yes', 'You removed your message of 18:40.');
		assert.equal(fake.of('redact').length, 1);
	});

	test('chooses an older message by its number, and answers it', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('/select', 'A number selects one.');
		assert.match(plain.said(), /3\. Anna Kowalska at 18:02, "are you coming on sunday\?"/);
		await plain.say('3', 'Selected: Anna Kowalska at 18:02');
		await plain.say(
			'/reply',
			'You answer Anna Kowalska at 18:02, "are you coming on sunday?". Type the answer; /cancel drops it.',
		);
		await plain.say('on foot', 'you, answering Anna Kowalska: on foot');
	});

	test('edits the last message', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('/edit', 'You edit this: yes! what shall I bring');
		await plain.say('yes! and what shall I bring', 'You changed your message of 18:40: yes! and what shall I bring');
	});

	test('at the end of the input, what has no line break is kept as a draft', async () => {
		addLunch(sample.account);
		const {plain, fake} = await openLunch();
		plain.end('half a sen');
		assert.deepEqual(await plain.ended, {exitCode: 0});
		assert.match(plain.output(), /Kept as a draft: half a sen\n$/);
		assert.deepEqual(fake.of('saveDraft'), [{roomId: lunch, text: 'half a sen'}]);
		assert.deepEqual(waiting(sample.account, lunch), []);
	});

	test('a draft is said when its room is opened, and another line leaves it as it is', async () => {
		const rid = addLunch(sample.account);
		sample.account.execute(
			'INSERT INTO draft (rid, thread, text, mentions, time) VALUES (?, ?, ?, ?, ?)',
			rid,
			'',
			'not yet',
			'[]',
			1,
		);
		const {plain} = await openLunch();
		await plain.waitFor('Written and not sent: not yet\n/send sends it, /cancel forgets it.');
		await plain.say('first this', 'you: first this');
		await plain.say('/send', 'you: not yet');
		assert.deepEqual(
			waiting(sample.account, lunch).map(({content}) => content['body']),
			['first this', 'not yet'],
		);
	});

	test('lines that come at once are worked off one after the other', async () => {
		addLunch(sample.account);
		sample.account.sync({
			id: '!band:one.test',
			state: [state('m.room.name', '', {name: 'Band'})],
			timeline: [text(me, 'x')],
		});
		const {plain} = await open();
		plain.type('/go Sunday lunch\none\ntwo\n/go Band\nthree');
		await plain.waitFor('you: three');
		assert.deepEqual(
			waiting(sample.account, lunch).map(({content}) => content['body']),
			['one', 'two'],
		);
		assert.deepEqual(
			waiting(sample.account, '!band:one.test').map(({content}) => content['body']),
			['three'],
		);
	});

	test('a line behind a room that is not found is not sent to another one', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('/go kitchen', 'There is no room kitchen.');
		await plain.say('for the cook alone', 'Not sent: the room that you wanted was not found.');
		await plain.say('', 'You are in Sunday lunch');
		await plain.say('for all', 'you: for all');
		assert.deepEqual(
			waiting(sample.account, lunch).map(({content}) => content['body']),
			['for all'],
		);
	});

	test('who is asked to come in is told how to answer', async () => {
		sample.account.sync({
			id: '!cellar:one.test',
			category: 'invite',
			state: [
				member(anna, 'Anna Kowalska'),
				state('m.room.name', '', {name: 'Cellar'}),
				state('m.room.member', me, {membership: 'invite'}, {sender: anna}),
			],
		});
		const {plain, fake} = await open({answers: {join: async () => ({roomId: '!cellar:one.test'})}});
		await plain.say('/next', 'invites you to Cellar, on Matrix, not encrypted. /accept joins, /decline refuses.');
		await plain.say('hello', 'Not sent: the invitation is not accepted yet.');
		await plain.say('/accept', 'Joined');
		assert.deepEqual(fake.of('join'), [{room: '!cellar:one.test'}]);
	});

	test('says trouble of the connection once, and that it is over', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		for (const retryAt of [at('12:50'), at('12:51')])
			plain.notify({kind: 'net', net: {state: 'offline', cause: 'no route', retryAt}});
		plain.notify({kind: 'net', net: {state: 'connecting'}});
		plain.notify({kind: 'net', net: {state: 'online'}});
		await plain.waitFor('Connected again.');
		assert.equal(plain.output().match(/Offline: no route\. Next try at 12:50; \/connect tries now\./g)?.length, 1);
	});

	test('nothing that it writes moves a cursor, colours or draws', async () => {
		addLunch(sample.account, {
			timeline: [
				text(anna, 'x\u001B[2J\u0007y'),
				text(anna, 'q', {
					content: {
						msgtype: 'm.text',
						body: 'q',
						format: 'org.matrix.custom.html',
						formatted_body: '<blockquote>said</blockquote><hr><p>and <span data-mx-spoiler>the end is near</span></p>',
					},
				}),
			],
		});
		const {plain} = await open();
		await plain.say('/go Sunday lunch', 'and (spoiler)');
		assert.match(plain.said(), /: > said\n {4}---\n {4}and \(spoiler\)/);
		await plain.say('/reveal', 'and the end is near');
		await plain.say('/members', 'Anna Kowalska');
		await plain.say('/cancel', 'The list is closed.');
		await plain.say('/help all', '/quit');
		assert.doesNotMatch(plain.output(), /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2500-\u259F]/);
	});
});
