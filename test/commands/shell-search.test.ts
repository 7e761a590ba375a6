/** `mx search`: lines for people and pipes, documents for programs, exit codes. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {FoundInRoom, SearchAnswer} from '../../source/domain/history-requests.ts';
import {now, room, run} from './shell-context.ts';

const found = (fields: Partial<FoundInRoom> = {}): FoundInRoom => ({
	pk: 1,
	rid: 1,
	eventId: '$salad',
	sender: '@anna:one.test',
	senderName: 'Anna',
	timestamp: Date.UTC(2026, 10, 25, 12, 41),
	body: 'the salad\nplease',
	kind: undefined,
	isMine: false,
	room: room(),
	...fields,
});

const whole = {incompleteRooms: 0, undecrypted: 0, oldest: undefined};

const answering = (answer: Partial<SearchAnswer>) => {
	const asked: unknown[] = [];
	const search = async (request: unknown): Promise<SearchAnswer> => {
		asked.push(request);
		return {messages: [], hasMore: false, isCut: false, coverage: whole, lastSync: now, ...answer};
	};
	return {asked, session: {search}};
};

test('the words go as they are, and each message is a line that no body can imitate', async () => {
	const world = answering({
		messages: [found(), found({eventId: '$b', senderName: undefined, kind: 'image', body: 'a.png'})],
	});
	const {lines, items, document, said} = await run(
		['search', '-n', '7', '"two words"', 'from:anna', '--', '-tea'],
		world,
	);
	assert.deepEqual(world.asked, [{query: '"two words" from:anna -tea', limit: 7}]);
	assert.deepEqual(lines, [
		'2026-11-25T12:41:00.000Z\t!family:one.test\t$salad\t@anna:one.test\tthe salad',
		'\t\t\t\tplease',
		'2026-11-25T12:41:00.000Z\t!family:one.test\t$b\t@anna:one.test\ta.png',
	]);
	assert.deepEqual(items?.[0], {
		room_id: '!family:one.test',
		room_name: 'Family',
		network: null,
		event_id: '$salad',
		ts: '2026-11-25T12:41:00.000Z',
		ts_ms: Date.UTC(2026, 10, 25, 12, 41),
		sender: '@anna:one.test',
		sender_name: 'Anna',
		mine: false,
		kind: 'text',
		body: 'the salad\nplease',
	});
	assert.equal(document?.['has_more'], false);
	assert.deepEqual(said, []);
	const person = await run(['search', 'salad'], {...world, view: {isTerminal: true, columns: 80}});
	assert.match(person.lines[0] ?? '', /^2026-11-25 \d\d:\d\d {2}Family · Anna: the salad$/);
	const bridged = answering({messages: [found({room: room({protocol: 'whatsapp'})})]});
	const {lines: told} = await run(['search', 'salad'], {...bridged, view: {isTerminal: true, columns: 80}});
	assert.match(told[0] ?? '', / {2}Family \(WhatsApp\) · Anna: the salad$/);
});

test('what could not be searched is said, and so is that nothing was found', async () => {
	const coverage = {incompleteRooms: 2, undecrypted: 1, oldest: undefined};
	const {said, error} = await run(['search', 'salad'], answering({coverage, isCut: true}));
	assert.equal(error, undefined);
	assert.deepEqual(said, [
		'Nothing was found.',
		'Only the newest messages were looked through: add a word, in: or after:.',
		'Of 2 rooms not all history is stored: the rest was not searched.',
		'One message could not be decrypted and cannot be found.',
	]);
});

test('--exit-status tells by the exit code whether something was found', async () => {
	const codes = [
		(await run(['search', '--exit-status', 'salad'], answering({}))).code,
		(await run(['search', 'salad'], answering({}))).code,
		(await run(['search', '--exit-status', 'salad'], answering({messages: [found()]}))).code,
	];
	assert.deepEqual(codes, [1, undefined, undefined]);
});

test('a search without words, and one that cannot be read, is a wrong use', async () => {
	assert.equal((await run(['search'], answering({}))).error?.reason, 'usage');
	const refusing = async (): Promise<never> => {
		throw new ExpectedError({message: 'There is no filter form:', reason: 'usage'});
	};
	assert.equal((await run(['search', 'form:anna'], {session: {search: refusing}})).error?.reason, 'usage');
});

test('hostile names and texts reach neither pipe nor terminal as they are', async () => {
	const hostile = 'x\u001B]52;c;AAAA\u0007\u202Egnp.exe\u0000\n\ty\u009B31m';
	const world = answering({
		messages: [
			found({body: hostile, sender: hostile, senderName: hostile, eventId: hostile, room: room({name: hostile})}),
		],
	});
	for (const view of [
		{isTerminal: true, columns: 60},
		{isTerminal: false, columns: 80},
	])
		for (const line of (await run(['search', 'x'], {...world, view})).lines)
			assert.doesNotMatch(line, /[\0-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u);
});
