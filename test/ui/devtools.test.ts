/** Events as they are: the state of a room is listed and shown, and set after a question; events of any type are sent. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {me, member, state} from './sample-account.ts';
import {addLunch, anna, lunch, setUpSampleScreen} from './sample-screen.ts';
import {storingAnswers, waiting} from './message-session.ts';

const sample = setUpSampleScreen();
const enter = '\r';

const open = async (size: {readonly columns?: number; readonly rows?: number} = {}) => {
	const rid = addLunch(sample.account, {
		state: [
			state('m.room.name', '', {name: 'Sunday lunch'}),
			member(anna, 'Anna Kowalska'),
			state('m.room.power_levels', '', {users: {[me]: 100}}),
		],
	});
	const opened = await sample.open({...size, answers: storingAnswers(sample.account)});
	opened.screen.press('\u001B[1;3B');
	await opened.screen.waitFor('Sunday lunch');
	// The inbox covers the room in a small terminal.
	if ((size.columns ?? 80) < 60) opened.screen.press(enter);
	await opened.screen.waitFor('the salad, please');
	return {...opened, rid};
};

suite('events as they are', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const)
		test(`/devtools lists the state, and Enter shows an event, at ${columns}×${rows}`, async () => {
			const {screen} = await open({columns, rows});
			screen.press(`/devtools${enter}`);
			await screen.waitFor('State of the room');
			screen.press('room.name');
			await screen.waitFor(lines => lines.join().includes('m.room.name') && !lines.join().includes('m.room.topic'));
			screen.press(enter);
			await screen.waitFor('"name": "Sunday lunch"');
			screen.press('y');
			await screen.waitFor('copied to the clipboard');
		});

	test('memberships are listed too, and found by whose they are', async () => {
		const {screen} = await open();
		screen.press(`/devtools${enter}`);
		await screen.waitFor('State of the room');
		screen.press('member anna');
		await screen.waitFor(/m\.room\.member @anna/);
		screen.press(enter);
		await screen.waitFor('"displayname": "Anna Kowalska"');
	});

	test('/raw sends what it is given, and nothing that is no content; what was written stays', async () => {
		const {screen} = await open();
		screen.press(`/raw org.example.bell nonsense${enter}`);
		await screen.waitFor('The content must be a JSON object');
		await screen.waitFor('> /raw org.example.bell nonsense');
		screen.press(`\u0015/raw m.room.redaction {"redacts": "$1"}${enter}`);
		await screen.waitFor('are not sent by hand');
		await screen.waitFor('> /raw m.room.redaction');
		screen.press(`\u0015/raw org.example.bell {"times": 2}${enter}`);
		await screen.waitFor(() => waiting(sample.account, lunch).length === 1);
		const [row] = waiting(sample.account, lunch);
		assert.deepEqual([row?.type, row?.content], ['org.example.bell', {times: 2}]);
	});

	test('/rawstate shows an event, and sets one after a question', async () => {
		const {screen, fake} = await open();
		screen.press(`/rawstate m.room.nothing${enter}`);
		await screen.waitFor('There is no m.room.nothing here.');
		screen.press(`\u0015/rawstate m.room.name${enter}`);
		await screen.waitFor('"name": "Sunday lunch"');
		screen.press('\u001B');
		await screen.waitFor('the salad, please');
		screen.press(`/rawstate org.example.table kitchen {"legs": 4}${enter}`);
		await screen.waitFor('Set org.example.table of kitchen');
		screen.press('y');
		await screen.waitFor(() => fake.of('setState').length === 1);
		assert.deepEqual(fake.of('setState'), [
			{roomId: lunch, type: 'org.example.table', stateKey: 'kitchen', content: {legs: 4}},
		]);
		screen.press(`/rawstate m.room.name {"name": "Brunch"}${enter}`);
		await screen.waitFor('Replace m.room.name in this room');
		screen.press('n');
		await screen.waitFor(lines => !lines.join().includes('Replace m.room.name'));
		assert.equal(fake.of('setState').length, 1);
	});

	test('/rawstate says how much power is missing before it asks', async () => {
		addLunch(sample.account, {
			state: [state('m.room.power_levels', '', {users: {[anna]: 100}, state_default: 50})],
		});
		const {screen, fake} = await sample.open();
		screen.press('\u001B[1;3B');
		await screen.waitFor('the salad, please');
		screen.press(`/rawstate m.room.name {"name": "Brunch"}${enter}`);
		await screen.waitFor('You need a power of 50 to set m.room.name; yours is 0.');
		await screen.waitFor('> /rawstate m.room.name {"name": "Brunch"}');
		assert.equal(fake.of('setState').length, 0);
	});

	test('/petname gives the room a name of the person, and takes it away', async () => {
		const {screen, fake} = await open();
		screen.press(`/petname Anna and Tom${enter}`);
		await screen.waitFor('For you it is Anna and Tom, on all your devices.');
		screen.press(`/petname${enter}`);
		await screen.waitFor('It has its own name again.');
		assert.deepEqual(fake.of('setPetname'), [
			{roomId: lunch, name: 'Anna and Tom'},
			{roomId: lunch, name: ''},
		]);
	});

	test('/note keeps a note, and gives it back to be changed', async () => {
		const {screen, fake, rid} = await open({columns: 120, rows: 40});
		screen.press(`/note${enter}`);
		await screen.waitFor('Write /note and what');
		screen.press(`/note Tom has no nuts${enter}`);
		await screen.waitFor(() => fake.of('setNote').length === 1);
		assert.deepEqual(fake.of('setNote'), [{roomId: lunch, note: 'Tom has no nuts'}]);
		sample.account.sync({
			id: lunch,
			accountData: [{type: 'chat.mx.note', content: {text: 'Tom has no nuts'}}],
		});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		await screen.waitFor('note: Tom has no nuts');
		screen.press(`/note${enter}`);
		await screen.waitFor('> /note Tom has no nuts');
		screen.press(`\u0015/note -${enter}`);
		await screen.waitFor('The note is gone.');
		assert.deepEqual(fake.of('setNote').at(-1), {roomId: lunch, note: ''});
	});
});
