/** Saying on the screen who is one person: suggested first, asked with the user ids, taken back; and keys that act on all of their chats. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {suggestPersons} from '../../source/bridges/person-suggestions.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {parsePeopleChange, peopleType, withPeopleChange, type PeopleChange} from '../../source/domain/person.ts';
import {setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';
import {at, me, member, state, text} from './sample-account.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const altDown = '\u001B[1;3B';

const ghosts = {
	signal: '@signal_4f1c:one.test',
	whatsapp: '@whatsapp_49151234567:one.test',
	mum: '@signal_77aa:one.test',
};

const addChat = (id: string, ghost: string, name: string, clock: string): number => {
	const protocol = /^@([a-z]+)_/.exec(ghost)?.[1] ?? 'signal';
	const [rid = 0] = sample.account.sync({
		id: `!${id}:one.test`,
		state: [member(me, 'Alice'), member(ghost, name), state('m.room.name', '', {name})],
		timeline: [text(ghost, `hello from ${id}`, {origin_server_ts: at(clock)})],
		unread: 1,
	});
	sample.account.bridge(rid, {protocol, bot: `@${protocol}bot:one.test`, channel: id});
	return rid;
};

/** The chats of Anna on two networks, and one with somebody else. */
const open = async (size: SampleScreenOptions = {}) => {
	const {account} = sample;
	addChat('mum', ghosts.mum, 'Mum', '10:00');
	addChat('anna-wa', ghosts.whatsapp, 'Anna K.', '11:00');
	addChat('anna', ghosts.signal, 'Anna', '12:00');
	let content: JsonObject = {};
	const changes: PeopleChange[] = [];
	const marks: string[] = [];
	const note =
		(what: string) =>
		async ({roomId}: {readonly roomId: string}) => {
			marks.push(`${what} ${roomId}`);
			return {};
		};
	const opened = await sample.open({
		columns: 120,
		rows: 40,
		...size,
		answers: {
			suggestPersons: async () => ({
				suggestions: suggestPersons({
					contacts: account.reader.contacts(),
					identifiersOf: ({userId}) => (userId === ghosts.mum ? [] : ['tel:+49151234567']),
					apart: [],
				}),
			}),
			changePeople: async ({change}: {readonly change: JsonObject}) => {
				const parsed = parsePeopleChange(change);
				assert.ok(parsed !== undefined);
				changes.push(parsed);
				content = withPeopleChange(content, parsed);
				account.tell(peopleType, content);
				return {isTold: true};
			},
			setSection: note('section'),
			mute: note('mute'),
			snooze: note('snooze'),
			markUnread: note('unread'),
		},
	});
	const {screen} = opened;
	await screen.waitFor('Anna K.');
	screen.press(altDown);
	// The inbox covers the room in a small terminal.
	if ((size.columns ?? 120) < 60) screen.press(enter);
	await screen.waitFor('hello from anna');
	return {...opened, screen, changes, marks};
};

suite('merging people', () => {
	test('who is suggested comes first with the reason, is asked for by user id, and becomes one row', async () => {
		const {screen, changes} = await open();
		screen.press(`/merge${enter}`);
		await screen.waitFor('the same number, +49151234567');
		const lines = screen.lines();
		const placeOf = (words: string): number => lines.findIndex(line => line.includes(words));
		// Who is suggested is chosen, and seen with the id.
		assert.ok(lines.some(line => line.includes(ghosts.whatsapp)));
		assert.ok(
			placeOf('Suggested') < placeOf('the same number') && placeOf('Other chats') < placeOf(ghosts.mum),
			lines.join('\n'),
		);
		screen.press(enter);
		await screen.waitFor(
			/Merge Anna K\. \(WhatsApp, @whatsapp_49\d*…:one\.test\) into Anna \(Signal, @signal_4f1c:one\.test\)\? y merges/,
		);
		assert.equal(changes.length, 0);
		screen.press('y');
		await screen.waitFor('Anna is one person now, on Signal and WhatsApp');
		await screen.waitFor('SG·WA');
		assert.deepEqual(
			changes.map(change => (change.kind === 'link' ? change.users : change)),
			[[ghosts.signal, ghosts.whatsapp]],
		);
		screen.press(`/unmerge${enter}`);
		await screen.waitFor('The chats of Anna');
		screen.press(enter);
		await screen.waitFor('is a chat of its own again');
		await screen.waitFor(lines => !lines.join().includes('SG·WA'));
	});

	test('who looks like one is said to be two, and nobody is merged by any other key', async () => {
		const {screen, changes} = await open();
		screen.press(`/merge${enter}`);
		await screen.waitFor('the same number');
		screen.press(enter);
		await screen.waitFor('Merge Anna K.');
		screen.press('x');
		await screen.waitFor('> x');
		screen.press('\u007F');
		assert.deepEqual(changes, []);
		screen.press(`/merge anna${enter}`);
		await screen.waitFor('Who is Anna too');
		screen.press(enter);
		await screen.waitFor('Merge Anna K.');
		screen.press('n');
		assert.deepEqual(changes, []);
		screen.press(`/merge${enter}`);
		await screen.waitFor('the same number');
		screen.press(enter);
		await screen.waitFor('two people');
		screen.press('d');
		await screen.waitFor('They are two people');
		assert.deepEqual(changes, [{kind: 'apart', users: [ghosts.whatsapp, ghosts.signal]}]);
	});

	test('where there is nothing to merge, or to take apart, it says so', async () => {
		const {screen} = await open();
		screen.press(`/unmerge${enter}`);
		await screen.waitFor('Anna is this one chat only');
		sample.account.sync({
			id: '!group:one.test',
			state: [state('m.room.name', '', {name: 'Group'})],
			timeline: [text('@tom:one.test', 'hello all', {origin_server_ts: at('12:30')})],
		});
		screen.press(`/go Group${enter}`);
		await screen.waitFor('hello all');
		screen.press(`/merge${enter}`);
		await screen.waitFor('a room of several');
	});

	test('keys of triage act on all chats of the person', async () => {
		const {screen, marks} = await open();
		sample.account.tell(peopleType, {people: [{id: 'a', name: 'Anna', users: [ghosts.signal, ghosts.whatsapp]}]});
		for (const [words, mark] of [
			['/mute 8h', 'mute'],
			['/snooze 3h', 'snooze'],
			['/markunread', 'unread'],
			['/archive', 'section'],
		] as const) {
			marks.length = 0;
			screen.press(words + enter);
			await screen.waitFor(() => marks.length === 2);
			assert.deepEqual(new Set(marks), new Set([`${mark} !anna:one.test`, `${mark} !anna-wa:one.test`]));
		}
	});

	test('the panel is whole in a small terminal', async () => {
		const {screen} = await open({columns: 40, rows: 12});
		screen.press(`/merge${enter}`);
		await screen.waitFor('the same number');
		assert.ok(screen.lines().every(line => line.length <= 40));
		screen.press(enter);
		await screen.waitFor('Merge Anna K.');
	});

	test('the question names both by their ids in a narrow terminal too', async () => {
		const {screen} = await open({columns: 80, rows: 24});
		screen.press(`/merge${enter}`);
		await screen.waitFor('the same number');
		screen.press(enter);
		await screen.waitFor(/Merge Anna K\. WA @whats\S*… into Anna SG @signal\S*\? y merges · d two people$/);
	});
});
