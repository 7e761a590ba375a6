/** What is read again with every message must not cost more in a large account: each query goes by an index. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createAccountReader, type AccountReader} from '../../source/store/account-reader.ts';
import {parseSearch} from '../../source/domain/search-query.ts';
import type {Database, Row} from '../../source/store/open-database.ts';
import {selections} from '../../source/store/room-order.ts';
import {createAttention} from '../../source/store/attention.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {member, message, openAccountFixture, ownUser, redaction, syncRoom} from './account-fixture.ts';

/** The database, noting which statements run. */
const recording = (database: Database) => {
	const ran = new Set<string>();
	const recorded: Database = {
		open: database.open,
		name: database.name,
		inTransaction: database.inTransaction,
		exec: sql => database.exec(sql),
		pragma: (source, options) => database.pragma(source, options),
		close: () => database.close(),
		prepare(sql) {
			const statement = database.prepare(sql);
			const note = <Result>(action: () => Result): Result => {
				ran.add(sql);
				return action();
			};
			return {
				run: (...values) => note(() => statement.run(...values)),
				get: (...values) => note(() => statement.get(...values)),
				all: (...values) => note(() => statement.all(...values)),
				iterate: (...values) => note(() => statement.iterate(...values)),
			};
		},
	};
	return {recorded, ran};
};

/** @returns the steps of the plans of all statements that `read` runs, but for those with `except` in them. */
const planOf = (
	t: TestContext,
	read: (reader: AccountReader, database: Database) => void,
	except?: string,
): readonly string[] => {
	const {account, apply} = openAccountFixture(t);
	apply(syncRoom([message('one'), message('two')], {unread_notifications: {notification_count: 2}}));
	const {recorded, ran} = recording(account.database);
	read(createAccountReader(recorded, ownUser), recorded);
	const statements = [...ran].filter(sql => except === undefined || !sql.includes(except));
	assert.notEqual(statements.length, 0);
	return statements.flatMap(sql => {
		const parameters = Array.from({length: sql.split('?').length - 1}, () => null);
		const steps = account.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as Row[];
		return steps.map(({detail}) => String(detail));
	});
};

/** Steps that read a whole table, or sort what was found. */
const slowSteps = (steps: readonly string[]): readonly string[] =>
	steps.filter(step => /\bSCAN\b|TEMP B-TREE/.test(step));

test('a window of the room list is read in the order of an index, also while a room keeps its place', t => {
	const steps = planOf(t, reader => {
		reader.rooms({offset: 0, limit: 100});
		reader.rooms({offset: 0, limit: 100, asRead: 1});
	});
	assert.deepEqual(new Set(slowSteps(steps)), new Set(['SCAN room USING INDEX room_in_list']));
});

test('the unread totals read the unread rooms only', t => {
	const steps = planOf(t, reader => void reader.totals());
	assert.deepEqual(steps, ['SCAN room USING INDEX room_waiting']);
});

test('the sections of the inbox are counted, and a window of one is read, by an index that has all of it', t => {
	const counting = planOf(t, reader => void reader.sections());
	// Logins of bridges are few.
	assert.deepEqual(counting.filter(step => /\bSCAN\b/.test(step)).toSorted(), [
		'SCAN bridge_health',
		'SCAN room USING COVERING INDEX room_in_section',
	]);
	const reading = planOf(t, reader => {
		reader.rooms({offset: 0, limit: 100, filter: {kind: 'section', id: 3}});
		reader.rooms({offset: 0, limit: 100, asRead: 1, filter: {kind: 'section', id: 3}});
	});
	assert.deepEqual(slowSteps(reading), []);
});

test('the rooms of a person are found by an index, and their newest words from the end of the timelines', t => {
	const {account, apply} = openAccountFixture(t);
	apply(syncRoom([message('one')]));
	account.database.exec(`INSERT INTO person VALUES(7, 'x', NULL, NULL); UPDATE room SET person = 7`);
	const {recorded, ran} = recording(account.database);
	assert.deepEqual(createAccountReader(recorded, ownUser).personRooms(1), [1]);
	const steps = [...ran].flatMap(sql => account.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(null) as Row[]);
	assert.deepEqual(
		steps.map(({detail}) => String(detail)).filter(step => /\bSCAN\b/.test(step)),
		['SCAN near'],
	);
});

const readTimeline = (reader: AccountReader): void => {
	const place = {chunkOrder: 1, position: 1};
	assert.equal(reader.timeline({rid: 1, limit: 50}).messages.length, 2);
	assert.equal(reader.timeline({rid: 1, limit: 50, after: place}).messages.length, 1);
	reader.timeline({rid: 1, limit: 50, before: place});
	reader.room(1);
	reader.fullyRead(1);
	reader.memberName(1, ownUser);
	assert.notEqual(reader.reads.lastMainEvent(1), undefined);
	reader.timeline({rid: 1, limit: 50, isMain: true});
};

test('a window of a timeline, what belongs to its messages and the newest event are found by indexes', t => {
	assert.deepEqual(slowSteps(planOf(t, readTimeline, 'm.annotation')), []);
	// The reactions to one message are grouped, but not looked for.
	assert.deepEqual(
		planOf(t, readTimeline).filter(step => /\bSCAN\b/.test(step)),
		[],
	);
});

test('the messages of several rooms are mixed in the order of an index, and only those that are wanted are read', t => {
	const steps = planOf(
		t,
		reader => {
			const rids = [1, 2];
			const place = {chunkOrder: 1, position: 1, pk: 1};
			assert.equal(reader.mixedTimeline({rids, limit: 50}).messages.length, 2);
			reader.mixedTimeline({rids, limit: 50, before: place});
			reader.mixedTimeline({rids, limit: 50, after: place});
		},
		'm.annotation',
	);
	assert.deepEqual(slowSteps(steps), []);
	assert.equal(
		steps.filter(step => step.includes('event_by_time_of_room (rid=? AND <expr>')).length,
		2,
		steps.join('\n'),
	);
});

test('how far people have read is found from the newest messages on', t => {
	const steps = planOf(t, reader => {
		reader.reads.last(1);
		reader.reads.threads(1);
		reader.reads.ownInThread(1, '$root');
	});
	// These are read first, and the receipts at each of them by an index.
	assert.deepEqual(
		steps.filter(step => /\bSCAN\b/.test(step)),
		['SCAN near'],
	);
	assert.ok(
		steps.includes('SEARCH receipt USING COVERING INDEX receipt_of_event (event_id=? AND rid=?)'),
		steps.join('\n'),
	);
});

const searchPlan = (t: TestContext, words: string, rids?: readonly number[]): readonly string[] =>
	planOf(t, reader => {
		const parsed = parseSearch(words, {now: 1_700_000_100_000});
		assert.ok(parsed.kind === 'query', words);
		reader.search.find({query: parsed.query, limit: 10, rids});
		reader.search.coverage();
		reader.search.coverage([1]);
	});

test('a search by words reads its hits only, and puts them in order by a narrow index', t => {
	for (const words of [
		'two',
		'two from:me has:image before:2026-11-01',
		'"two three" OR tw* -one',
		'two is:mention has:reaction',
	])
		for (const rids of [undefined, [1], [1, 2]])
			assert.ok(
				searchPlan(t, words, rids).some(step =>
					/SEARCH event USING (COVERING )?INDEX found_message \(pk=\?/.test(step),
				),
				searchPlan(t, words, rids).join('\n'),
			);
});

test('no search reads the messages as a table: without words it walks an index from the newest on', t => {
	const indexes: Readonly<Record<string, string>> = {
		'from:me': 'message_of_sender',
		'from:me is:mention': 'message_of_sender',
		'has:image': 'message_of_kind',
		'type:notice -tea': 'message_of_kind',
		'after:2023-01-01': 'message_by_time',
		'is:thread': 'message_by_time',
		'on:matrix': 'message_of_room',
		'from:anna': 'message_of_sender',
	};
	for (const [words, index] of Object.entries(indexes)) {
		const steps = searchPlan(t, words);
		assert.ok(
			steps.some(step => step.includes(`INDEX ${index}`)),
			`${words}\n${steps.join('\n')}`,
		);
		const scans = steps.filter(step => /^SCAN event\b/.test(step) && !/USING (COVERING )?INDEX/.test(step));
		assert.deepEqual(scans, [], words);
		// What is walked through is in order already.
		const walk = steps.findIndex(step => step.includes(`INDEX ${index}`));
		assert.doesNotMatch(steps[walk + 1] ?? '', /TEMP B-TREE FOR ORDER BY/, words);
	}
	assert.ok(searchPlan(t, 'has:link', [1]).some(step => step.includes('INDEX message_of_room (rid=?)')));
});

test('a search without words in the chats of a person walks through them side by side, and through no other room', t => {
	for (const words of ['has:link', 'before:2026-01-01', 'is:thread', 'from:me', 'has:image', '-tea is:reply']) {
		const steps = searchPlan(t, words, [1, 2]);
		const merge = steps.indexOf('MERGE (UNION ALL)');
		const walks = steps.slice(merge, merge + 5).filter(step => step.includes('INDEX message_of_room (rid=?'));
		assert.equal(walks.length, 2, `${words}\n${steps.join('\n')}`);
		// Each is in order already.
		assert.ok(!steps.some(step => step.includes('TEMP B-TREE FOR ORDER BY')), words);
	}
});

test('what a redaction removes is found by indexes, among however many members', t => {
	const person = member('@eve:example.org', 'join', {displayname: 'Insult'});
	const steps = planOf(t, (_reader, database) => {
		const {account} = openAccountFixture(t);
		const rooms = createRoomWriter({...account, database}, ownUser);
		rooms.applyRoom(syncRoom([redaction(message('not here'))], {state: {events: [person]}}));
		rooms.applyRoom(syncRoom([redaction(person)]));
	});
	for (const table of ['state', 'member']) {
		const step = `SEARCH ${table} USING INDEX ${table}_by_event (<expr>=? AND rid=?)`;
		assert.ok(steps.includes(step), steps.join('\n'));
	}
});

test('what a room asks for is worked out from its newest events alone, and who wakes first is found by an index', t => {
	const steps = planOf(t, (_reader, database) => {
		const attention = createAttention(database, ownUser);
		attention.settle(1);
		attention.newest(1);
		attention.nextToWake();
	});
	assert.ok(steps.includes('SEARCH event USING INDEX event_timeline (rid=? AND chunk=?)'), steps.join('\n'));
	assert.deepEqual(slowSteps(steps), []);
	assert.ok(
		steps.some(step => step.includes('INDEX room_asleep')),
		steps.join('\n'),
	);
});

test('each filter of the inbox is read, and counted, in the order of an index of its own', t => {
	for (const kind of ['all', 'unread', 'mentions', 'needsReply', 'people', 'snoozed', 'archived'] as const) {
		const index = selections[kind].index;
		const read = planOf(t, reader => void reader.rooms({offset: 0, limit: 10, filter: {kind}}));
		assert.equal(read[0], `SCAN room USING INDEX ${index}`);
		assert.deepEqual(slowSteps(read), [`SCAN room USING INDEX ${index}`]);
		const counted = planOf(t, reader => void reader.roomCount({kind}));
		assert.match(counted.join(), new RegExp(`^SCAN room USING (?:COVERING )?INDEX ${index}$`));
	}
	const spaces = planOf(t, reader => void reader.spaces());
	assert.deepEqual(slowSteps(spaces), ['SCAN room USING INDEX room_space']);
	const names = planOf(t, reader => void reader.roomNames(10));
	// The sections are few: what they are called is read once, not for each room.
	assert.deepEqual(slowSteps(names), ['SCAN own', 'SCAN room USING INDEX room_in_list']);
	const rooms = planOf(t, reader => void reader.rooms({offset: 0, limit: 10, filter: {kind: 'space', rid: 1}}));
	// Only the rooms of the space are sorted.
	assert.ok(!rooms.some(step => step.startsWith('SCAN')), rooms.join('\n'));
});

test('who and what is completed is found by indexes, whatever is typed', t => {
	const steps = planOf(t, (reader, database) => {
		assert.equal(database.inTransaction, false);
		reader.completion.speakers(1, 50);
		reader.completion.members(1, 'a', 50);
		reader.completion.rooms('a', 50);
		reader.completion.contacts('a', 50);
		reader.completion.isMember(1, ownUser);
		reader.draftMentions(1);
	});
	// The newest messages, of which the speakers are.
	assert.match(steps.filter(step => /\bSCAN\b/.test(step)).join(), /^SCAN \(subquery-\d\)$/);
	assert.ok(
		steps.includes('SEARCH member USING COVERING INDEX member_by_name (rid=? AND membership=?)'),
		steps.join('\n'),
	);
});

test('what the person sent is found by indexes, from the newest on', t => {
	const steps = planOf(t, reader => void reader.sent(1));
	assert.match(steps.filter(step => /\bSCAN\b/.test(step)).join(), /^SCAN (found|\(subquery-\d\))$/);
	assert.deepEqual(
		steps.filter(step => step.includes('TEMP B-TREE')),
		[],
	);
});
