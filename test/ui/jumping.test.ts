/** Jumps to what is not stored, to days, to links and to what is unread, and the way back. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {eventLink} from '../../source/domain/matrix-link.ts';
import {at, event, member, state, text, type SampleEvent} from './sample-account.ts';
import {addLunch, addRooms, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const enter = '\r';
const escape = '\u001B';
const backspace = '\u007F';
const altU = '\u001Bu';

/** A hundred days of Anna's, one message a day at noon; the account has the last ten. */
const days: readonly SampleEvent[] = Array.from({length: 100}, (_, index) =>
	text(anna, `day ${index}.`, {event_id: `$day${index}`, origin_server_ts: at('12:00', 99 - index)}),
);

const addDays = (): number => {
	const [rid = 0] = sample.account.sync({
		id: lunch,
		state: [member(anna, 'Anna'), state('m.room.name', '', {name: 'Sunday lunch'})],
		timeline: days.slice(90),
		isLimited: true,
		previousToken: 't90',
	});
	return rid;
};

/** What an engine would do with the server's answer. */
const lookingUp = () => {
	const asked: string[] = [];
	const loadAround = async ({eventId}: {readonly eventId: string}) => {
		asked.push(eventId);
		const index = Number(/^\$day(\d+)$/.exec(eventId)?.[1] ?? -1);
		if (index === -1)
			throw new ExpectedError({
				message: 'The server does not have this message, or you may not see it.',
				reason: 'notFound',
			});
		const {account, writer, reader} = sample.account;
		const rid = reader.roomById(lunch)?.rid ?? 0;
		const from = Math.max(0, index - 5);
		const around = {eventId, events: days.slice(from, index + 6), start: `t${from}`, end: `t${index + 6}`};
		const {kind} = account.write(() => writer.timelines.islands.insert(rid, around, () => undefined));
		return {isPlaced: kind === 'placed'};
	};
	return {asked, loadAround};
};

/** The line that is selected. */
const marked = (lines: readonly string[]): string => lines.find(line => line.includes('▌')) ?? '';

suite('what is not stored', () => {
	test('is looked up when a link leads there, with gaps on both sides; Backspace goes back, also to another room', async () => {
		addRooms(sample.account, 1);
		addDays();
		sample.account.sync({
			id: '!room0:one.test',
			timeline: [text('@zoe:one.test', `look: ${eventLink(lunch, '$day40', [])}`, {origin_server_ts: at('12:10')})],
		});
		const {asked, loadAround} = lookingUp();
		const {screen} = await sample.open({columns: 120, rows: 30, answers: {loadAround}});
		screen.press(`/go Room 0${enter}`);
		await screen.waitFor('look: ');
		screen.press(escape);
		await screen.waitFor(lines => marked(lines).includes('look'));
		screen.press('o');
		await screen.waitFor(lines => marked(lines).includes('day 40.'));
		assert.deepEqual(asked, ['$day40']);
		await screen.waitFor('day 36.');
		await screen.waitFor('history missing here');
		screen.press(backspace);
		await screen.waitFor(lines => marked(lines).includes('look'));
		assert.deepEqual(screen.problems, []);
	});

	test('is looked up when it is quoted, and what the server does not have is said', async () => {
		addDays();
		const reply = (target: string, body: string) =>
			event(
				anna,
				{msgtype: 'm.text', body, 'm.relates_to': {'m.in_reply_to': {event_id: target}}},
				{origin_server_ts: at('12:20')},
			);
		sample.account.sync({id: lunch, timeline: [reply('$gone', 'as you said'), reply('$day20', 'so?')]});
		const {screen} = await sample.open({columns: 100, rows: 30, answers: {loadAround: lookingUp().loadAround}});
		screen.press(enter);
		await screen.waitFor('so?');
		screen.press(escape);
		await screen.waitFor(lines => marked(lines).includes('not here yet') || lines.some(line => line.includes('▌')));
		screen.press(enter);
		await screen.waitFor(lines => marked(lines).includes('day 20.'));
		screen.press(backspace);
		await screen.waitFor('so?');
		await screen.waitFor('as you said');
		screen.press('k');
		screen.press(enter);
		await screen.waitFor('The server does not have this message');
	});

	test('a link to a room that the person is not in says what to do', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open({columns: 120});
		screen.press(`/go ${eventLink('!elsewhere:one.test', '$x', [])}${enter}`);
		await screen.waitFor('You are not in !elsewhere:one.test: /join looks at it first.');
	});
});

suite('/date', () => {
	test('asks the server where something may be missing, and only there', async () => {
		addDays();
		const asked: number[] = [];
		const eventAtTime = async ({time}: {readonly time: number}) => {
			asked.push(time);
			return {eventId: days.find(({origin_server_ts: sent}) => Number(sent) >= time)?.event_id ?? ''};
		};
		const {screen} = await sample.open({columns: 120, rows: 30, answers: {...lookingUp(), eventAtTime}});
		screen.press(enter);
		await screen.waitFor('day 99.');
		screen.press(`/date 3 days ago${enter}`);
		await screen.waitFor(lines => marked(lines).includes('day 96.'));
		await screen.waitFor('Sunday 22 Nov · Backspace goes back');
		assert.deepEqual(asked, []);
		screen.press('i');
		screen.press(`/date 60 days ago${enter}`);
		await screen.waitFor(lines => marked(lines).includes('day 39.'));
		assert.deepEqual(asked, [at('00:00', 60)]);
		screen.press('i');
		for (const [words, said] of [
			['someday', '"someday" is no date that mx can read: write 2026-11-01'],
			['2027', 'That is still to come.'],
		] as const) {
			screen.press(`/date ${words}${enter}`);
			await screen.waitFor(said);
		}
	});

	test('goes as near as it can while the server cannot be asked', async () => {
		addDays();
		const eventAtTime = async (): Promise<never> => {
			throw new ExpectedError({message: 'Cannot look up that day: there is no network.', reason: 'error'});
		};
		const {screen} = await sample.open({columns: 120, rows: 30, answers: {eventAtTime}});
		screen.press(enter);
		await screen.waitFor('day 99.');
		screen.press(`/date 60 days ago${enter}`);
		await screen.waitFor('there is no network. This is the nearest message that is stored.');
		await screen.waitFor(lines => marked(lines).includes('day 90.'));
	});
});

suite('Alt-U', () => {
	test('goes to the first unread message, however far above, and stays right after the room was read', async () => {
		sample.account.sync({
			id: lunch,
			state: [member(anna, 'Anna'), state('m.room.name', '', {name: 'Sunday lunch'}), state('m.room.create', '', {})],
			timeline: Array.from({length: 300}, (_, index) => text(anna, `line ${index}.`, {event_id: `$line${index}`})),
			unread: 200,
			fullyRead: '$line99',
		});
		const {screen} = await sample.open({columns: 100, rows: 24});
		screen.press(enter);
		await screen.waitFor('line 299.');
		screen.press(altU);
		await screen.waitFor(lines => marked(lines).includes('line 100.'));
		await screen.waitFor('line 99.');
		screen.press(backspace);
		await screen.waitFor('line 299.');
	});

	test('looks up where the person had read to, if that is not stored', async () => {
		const rid = addDays();
		sample.account.execute(`UPDATE room SET fully_read = '$day50', unread_count = 49 WHERE rid = ?`, rid);
		const {asked, loadAround} = lookingUp();
		const {screen} = await sample.open({columns: 100, rows: 24, answers: {loadAround}});
		screen.press(enter);
		await screen.waitFor('day 99.');
		screen.press(altU);
		await screen.waitFor(lines => marked(lines).includes('day 51.'));
		assert.deepEqual(asked, ['$day50']);
	});

	test('says so where nothing was unread', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open();
		screen.press(enter);
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(altU);
		await screen.waitFor('Nothing was unread here when you came.');
	});
});
