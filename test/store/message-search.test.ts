/** Searching the archive by words and filters. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {parseSearch} from '../../source/domain/search-query.ts';
import {createMessageSearch} from '../../source/store/message-search.ts';
import {
	edit,
	member,
	message,
	openAccountFixture,
	ownUser,
	reaction,
	redaction,
	state,
	syncRoom,
} from './account-fixture.ts';

const now = new Date(2026, 10, 25, 12).getTime();

const openSearch = (t: TestContext, timeline: readonly unknown[]) => {
	const fixture = openAccountFixture(t);
	const {account, apply} = fixture;
	const [{rid} = {rid: 0}] = apply(syncRoom(timeline));
	const search = createMessageSearch(account.database, ownUser);
	const find = (words: string, limit = 10, rids?: readonly number[]) => {
		const parsed = parseSearch(words, {now});
		return parsed.kind === 'query' ? search.find({query: parsed.query, limit, rids}) : undefined;
	};
	return {
		...fixture,
		rid,
		search,
		find,
		found: (words: string, limit?: number, rids?: readonly number[]) =>
			find(words, limit, rids)?.messages.map(({body}) => body) ?? [],
	};
};

const day = (date: string): {readonly origin_server_ts: number} => ({
	origin_server_ts: new Date(`${date}T10:00`).getTime(),
});

test('messages with all of the words are found, the newest first, whatever their case and accents', t => {
	const {found, find} = openSearch(t, [message('Bring the café money'), message('no'), message('MONEY for the Cafe')]);
	assert.deepEqual(found('cafe money'), ['MONEY for the Cafe', 'Bring the café money']);
	assert.deepEqual(found('cafe money', 1), ['MONEY for the Cafe']);
	assert.equal(find('cafe money', 1)?.hasMore, true);
	assert.equal(find('cafe money', 2)?.hasMore, false);
	assert.deepEqual(found('cafe tea'), []);
	assert.deepEqual(found('sort:oldest cafe'), ['Bring the café money', 'MONEY for the Cafe']);
	assert.equal(found('sort:best cafe').length, 2);
});

test('the newest is what was sent last, not what was fetched last', t => {
	const {found, rooms, account, rid} = openSearch(t, [message('tea of today')]);
	const edge = rooms.timelines.olderEdge(rid);
	assert.ok(edge !== undefined);
	const old = message('tea of long ago', {origin_server_ts: 1_500_000_000_000});
	account.write(() => rooms.timelines.prepend(rid, edge, {events: [old], end: 't0'}));
	assert.deepEqual(found('tea'), ['tea of today', 'tea of long ago']);
	assert.deepEqual(found('from:@anna:example.org'), ['tea of today', 'tea of long ago']);
});

test('an edited message is found by its new words only, a deleted one not at all', t => {
	const first = message('old words');
	const second = message('secret words');
	const {found} = openSearch(t, [first, second, edit(first, 'new words'), redaction(second)]);
	assert.deepEqual(found('words'), ['new words']);
	assert.deepEqual(found('old'), []);
	assert.deepEqual(found('is:edited'), ['new words']);
	assert.deepEqual(found('-is:edited'), []);
});

test('Chinese words are found inside a sentence, their characters only in this order', t => {
	const {found} = openSearch(t, [message('我们明天去北京吃饭')]);
	assert.deepEqual(found('北京'), ['我们明天去北京吃饭']);
	assert.deepEqual(found('京北'), []);
});

test('phrases, beginnings, alternatives and what is left out', t => {
	const {found} = openSearch(t, [message('red white blue'), message('white red'), message('reddish tea')]);
	assert.deepEqual(found('"white blue"'), ['red white blue']);
	assert.deepEqual(found('"blue white"'), []);
	assert.deepEqual(found('red*'), ['reddish tea', 'white red', 'red white blue']);
	assert.deepEqual(found('blue OR tea'), ['reddish tea', 'red white blue']);
	assert.deepEqual(found('red -blue'), ['white red']);
	assert.deepEqual(found('from:@anna:example.org -red'), ['reddish tea']);
});

test('nothing that is typed is an operator or an error', t => {
	const {found} = openSearch(t, [message('say "hello" AND not OR body:x*')]);
	for (const words of ['"hello"', 'AND', 'NOT OR', '"body:x"', 'x*', 'hello"', "'; --"])
		assert.doesNotThrow(() => found(words), words);
	assert.deepEqual(found('"hello" AND'), ['say "hello" AND not OR body:x*']);
	for (const words of ['', '   ', '\0', '!!!', '(', '*', '^', 'NEAR(', '"', '-'])
		assert.deepEqual(found(words), [], words);
});

const media = (msgtype: string, body: string) => message(body, {content: {msgtype, body}});

test('has: and type: go by what a message is', t => {
	const liked = message('liked');
	const {found} = openSearch(t, [
		media('m.image', 'cat.png'),
		media('m.file', 'a.pdf'),
		message('see https://example.org'),
		message('hi', {
			content: {msgtype: 'm.text', body: 'hi', formatted_body: '<a href="https://matrix.to/#/@anna:example.org">A</a>'},
		}),
		message('there', {
			content: {msgtype: 'm.text', body: 'there', formatted_body: '<a href="https://example.org">there</a>'},
		}),
		media('m.notice', 'built'),
		media('m.image', 'from https://example.org'),
		message('sticky', {type: 'm.sticker', content: {body: 'sticky'}}),
		liked,
		reaction(liked, '👍', ownUser),
	]);
	assert.deepEqual(found('has:image'), ['from https://example.org', 'cat.png']);
	assert.deepEqual(found('has:media'), ['from https://example.org', 'a.pdf', 'cat.png']);
	assert.deepEqual(found('has:link'), ['from https://example.org', 'there', 'see https://example.org']);
	assert.deepEqual(found('has:images example'), ['from https://example.org']);
	assert.deepEqual(found('has:reaction'), ['liked']);
	assert.deepEqual(found('-has:reaction type:text -has:link'), ['hi']);
	assert.deepEqual(found('type:notice'), ['built']);
	assert.deepEqual(found('type:sticker'), ['sticky']);
});

test('is: goes by how a message was written', t => {
	const root = message('root');
	const related = (body: string, relation: object) =>
		message(body, {content: {msgtype: 'm.text', body, 'm.relates_to': relation as never}});
	const mentioning = (body: string, mentions: object) =>
		message(body, {content: {msgtype: 'm.text', body, 'm.mentions': mentions as never}});
	const {found} = openSearch(t, [
		root,
		related('answer', {'m.in_reply_to': {event_id: root['event_id']}}),
		related('below', {
			rel_type: 'm.thread',
			event_id: root['event_id'],
			is_falling_back: true,
			'm.in_reply_to': {event_id: root['event_id']},
		}),
		mentioning('you', {user_ids: [ownUser]}),
		mentioning('all', {room: true}),
		mentioning('her', {user_ids: ['@anna:example.org']}),
	]);
	assert.deepEqual(found('is:reply'), ['answer']);
	assert.deepEqual(found('is:thread'), ['below']);
	assert.deepEqual(found('is:mention'), ['all', 'you']);
	assert.deepEqual(found('is:encrypted'), []);
});

test('before: leaves the day out, after: and during: have it', t => {
	const {found} = openSearch(t, [
		message('one', day('2026-10-31')),
		message('two', day('2026-11-01')),
		message('three', day('2026-11-02')),
	]);
	assert.deepEqual(found('before:2026-11-01'), ['one']);
	assert.deepEqual(found('after:2026-11-01'), ['three', 'two']);
	assert.deepEqual(found('during:2026-11-01'), ['two']);
	assert.deepEqual(found('during:2026-11'), ['three', 'two']);
	assert.deepEqual(found('-during:2026-11'), ['one']);
	assert.deepEqual(found('after:2026-11-01 before:2026-11-02'), ['two']);
});

const expectError = (action: () => unknown, reason: string, words: RegExp): void =>
	assert.throws(action, error => {
		assert.ok(error instanceof ExpectedError);
		assert.equal(error.report.reason, reason);
		assert.match(error.report.message, words);
		return true;
	});

test('from: takes names, ids and me; who is nobody is said to be so', t => {
	const by = (sender: string, body: string) => message(body, {sender});
	const {found, rid, account} = openSearch(t, [
		member('@anna:example.org', 'join', {displayname: 'Änna Kowalska'}),
		member('@bob:example.org', 'join', {displayname: 'Bob'}),
		by('@anna:example.org', 'from anna'),
		by('@bob:example.org', 'from bob'),
		by('@annabel:two.org', 'from annabel'),
		by(ownUser, 'mine'),
	]);
	for (const name of ['anna', 'ANNA', '@anna', '"Änna Kowalska"', 'kowal', '@anna:example.org'])
		for (const rids of [undefined, [rid]]) assert.deepEqual(found(`from:${name}`, 10, rids), ['from anna'], name);
	assert.deepEqual(found('from:ann'), ['from annabel', 'from anna']);
	assert.deepEqual(found('from:me'), ['mine']);
	assert.deepEqual(found('-from:me -from:ann'), ['from bob']);
	// The ghost of the person, as a bridge has them.
	account.database.prepare('INSERT INTO named_ghost VALUES(?)').run('@bob:example.org');
	assert.deepEqual(found('from:me'), ['mine', 'from bob']);
	account.database.prepare('DELETE FROM named_ghost').run();
	assert.deepEqual(found('from:me from:bob'), []);
	expectError(() => found('from:zoe'), 'notFound', /Nobody whose messages are stored is called "zoe"/);
});

test('in:, to: and on: choose rooms, also by the beginning of a word of the name', t => {
	const {found, apply} = openSearch(t, [state('m.room.name', {name: 'Sunday Lunch'}), message('tea here')]);
	const other = {id: '!other:example.org'};
	apply(syncRoom([state('m.room.name', {name: 'Work'}), message('tea there')], {}, other));
	for (const room of ['lunch', 'sun', '"sunday lunch"', '!room:example.org'])
		assert.deepEqual(found(`tea in:${room}`), ['tea here'], room);
	assert.deepEqual(found('tea -in:lunch'), ['tea there']);
	assert.deepEqual(found('tea on:matrix').length, 2);
	expectError(() => found('in:nowhere'), 'notFound', /No room is called "nowhere"/);
	expectError(() => found('on:signal'), 'notFound', /No room is on "signal"/);
	expectError(() => found('to:anna'), 'notFound', /no direct chat with "anna"/);
});

test('of several rooms, what is found in any of them is in one order, and nothing of the others', t => {
	const {found, find, search, rid, apply} = openSearch(t, [
		message('tea one', day('2026-11-01')),
		message('tea three', day('2026-11-03')),
	]);
	const add = (id: string, timeline: readonly unknown[]): number => apply(syncRoom(timeline, {}, {id}))[0]?.rid ?? 0;
	const second = add('!second:example.org', [
		message('tea two', {...day('2026-11-02'), sender: '@bob:example.org'}),
		member('@bob:example.org', 'join', {displayname: 'Bob'}),
	]);
	add('!other:example.org', [message('tea there', day('2026-11-02'))]);
	const rids = [rid, second];
	for (const words of ['tea', 'after:2026-10-01', 'type:text', '-is:reply type:text', '-nothing type:text']) {
		assert.deepEqual(found(words, 10, rids), ['tea three', 'tea two', 'tea one'], words);
		assert.deepEqual(found(`${words} sort:oldest`, 2, rids), ['tea one', 'tea two'], words);
		assert.equal(find(words, 2, rids)?.hasMore, true);
	}
	assert.deepEqual(found('from:bob', 10, rids), ['tea two']);
	expectError(() => found('from:bob', 10, [rid]), 'notFound', /Nobody here is called "bob"/);
	assert.deepEqual(search.coverage(rids), {incompleteRooms: 2, undecrypted: 0, oldest: undefined});
});

test('what the archive lacks is known: history that was not fetched, and keys', t => {
	const {search, rid, apply} = openSearch(t, [message('first', {origin_server_ts: 1000})]);
	assert.deepEqual(search.coverage([rid]), {incompleteRooms: 1, undecrypted: 0, oldest: 1000});
	apply(syncRoom([message('', {type: 'm.room.encrypted', content: {session_id: 's', algorithm: 'a'}})]));
	assert.equal(search.coverage([rid]).undecrypted, 1);
	apply(syncRoom([state('m.room.create', {}), message('all of it')], {}, {id: '!whole:example.org'}));
	assert.deepEqual(search.coverage(), {incompleteRooms: 1, undecrypted: 1, oldest: undefined});
});
