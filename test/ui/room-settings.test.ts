/** The settings of a room: changed where they stand, asked for where it is for ever, locked without power. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {me, member, state} from './sample-account.ts';
import {addLunch, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const altO = '\u001Bo';
const down = '\u001B[B';
const right = '\u001B[C';

const addRoom = (own: number): number =>
	addLunch(sample.account, {
		state: [
			member(me, 'Alice'),
			member(anna, 'Anna'),
			state('m.room.create', '', {room_version: '11'}),
			state('m.room.power_levels', '', {users: {[me]: own}, events: {'m.room.encryption': 100}}),
			state('m.room.name', '', {name: 'Sunday lunch'}),
			state('m.room.topic', '', {topic: 'who brings what'}),
			state('m.room.join_rules', '', {join_rule: 'invite'}),
		],
	});

const openSettings = async (columns: number, own = 100) => {
	addRoom(own);
	const opened = await sample.open({columns, rows: 40});
	opened.screen.press(enter);
	opened.screen.press(altO);
	await opened.screen.waitFor('Settings of the room');
	return opened;
};

for (const columns of [40, 80, 120]) {
	test(`the name is changed where it stands, at ${columns} columns`, async () => {
		const {screen, fake} = await openSettings(columns);
		const row = screen.lines().findIndex(line => line.includes('Name  '));
		const column = (screen.lines()[row] ?? '').lastIndexOf('Sunday lunch') + 'Sunday lunch'.length;
		assert.deepEqual(screen.cursor(), {row, column});
		screen.press(' two');
		await screen.waitFor(/\* Name +Sunday lunch two/);
		screen.press(enter);
		await screen.waitFor('Saved.');
		assert.deepEqual(fake.of('changeRoom'), [{roomId: lunch, change: {kind: 'name', value: 'Sunday lunch two'}}]);
		sample.account.sync({id: lunch, state: [state('m.room.name', '', {name: 'Sunday lunch two'})]});
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		await screen.waitFor(/ {2}Name +Sunday lunch two/);
		assert.deepEqual(screen.problems, []);
	});
}

test('encryption is turned on only after the question, and everybody is let in only after one', async () => {
	const {screen, fake} = await openSettings(120);
	screen.press(down.repeat(5));
	screen.press(`${right}${enter}`);
	await screen.waitFor('It cannot be turned off again. y encrypts');
	screen.press('n');
	assert.deepEqual(fake.of('changeRoom'), []);
	screen.press(enter);
	await screen.waitFor('y encrypts');
	screen.press('y');
	await screen.waitFor(() => fake.of('changeRoom').length === 1);
	screen.press('\u001B[A\u001B[A');
	screen.press(`${right}${right}`);
	await screen.waitFor('‹ everybody ›');
	screen.press(enter);
	await screen.waitFor('Let everybody into Sunday lunch? y opens it');
	screen.press('y');
	await screen.waitFor(() => fake.of('changeRoom').length === 2);
	assert.deepEqual(
		fake.of('changeRoom').map(({change}) => change),
		[{kind: 'encryption'}, {kind: 'joinRule', value: 'public'}],
	);
});

test('the room could not be listed in the directory: it can, after a question, and be taken out again', async () => {
	addRoom(100);
	const {screen, fake} = await sample.open({
		columns: 120,
		rows: 40,
		answers: {isListed: async () => ({isListed: false})},
	});
	screen.press(`${enter}${altO}`);
	await screen.waitFor(/In directory +‹ no ›/);
	screen.press(`${down.repeat(6)}${right}`);
	await screen.waitFor('‹ yes, everybody finds it ›');
	screen.press(enter);
	await screen.waitFor('List Sunday lunch in the directory of your server, for everybody to find? y lists it');
	screen.press('y');
	await screen.waitFor('Saved.');
	await screen.waitFor(/ {2}In directory +‹? ?yes/);
	screen.press(`${right}${enter}`);
	await screen.waitFor(() => fake.of('changeRoom').length === 2);
	assert.deepEqual(
		fake.of('changeRoom').map(({change}) => change),
		[true, false].map(value => ({kind: 'listed', value})),
	);
});

test('why the directory could not be asked stands beside its setting', async () => {
	addRoom(100);
	const isListed = async () => {
		throw new ExpectedError({message: 'Cannot see whether the room is listed: nothing answers.', reason: 'error'});
	};
	const {screen} = await sample.open({columns: 120, rows: 40, answers: {isListed}});
	screen.press(`${enter}${altO}`);
	await screen.waitFor('Cannot see whether the room is listed: nothing answers.');
});

test('what there is no power for is locked with the reason; the own settings are not', async () => {
	const {screen, fake} = await openSettings(120, 0);
	await screen.waitFor('You need a power of 50 to change the name; yours is');
	screen.press('x');
	await screen.waitFor(lines => (lines.at(-1) ?? '').includes('You need a power of 50 to change the name'));
	screen.press(enter);
	assert.deepEqual(fake.of('changeRoom'), []);
	screen.press(down.repeat(7));
	screen.press(`${right}${right}${right}`);
	await screen.waitFor('‹ nothing ›');
	screen.press(enter);
	await screen.waitFor('Saved.');
	assert.deepEqual(fake.of('setNotifications'), [{roomId: lunch, level: 'none'}]);
});

test('commands change the room too, and say why not outside of one', async () => {
	const {screen: empty} = await sample.open();
	empty.press(`/topic x${enter}`);
	await empty.waitFor('Open a room first.');
	await empty.close();
	addRoom(100);
	const {screen, fake} = await sample.open({columns: 120});
	screen.press(enter);
	screen.press(`/topic salads only${enter}`);
	await screen.waitFor('The topic is changed.');
	screen.press(`/roomname Lunch${enter}`);
	await screen.waitFor('The name is changed.');
	screen.press(`/alias #lunch:one.test${enter}`);
	await screen.waitFor('The address is changed.');
	screen.press(`/alias${enter}`);
	await screen.waitFor('The room has no address any more.');
	screen.press(`/roomnick Al${enter}`);
	await screen.waitFor('Your name in this room is changed.');
	assert.deepEqual(
		fake.of('changeRoom').map(({change}) => change),
		[
			{kind: 'topic', value: 'salads only'},
			{kind: 'name', value: 'Lunch'},
			{kind: 'alias', value: '#lunch:one.test'},
			{kind: 'alias', value: ''},
			{kind: 'ownName', value: 'Al'},
		],
	);
	screen.press(`/upgraderoom${enter}`);
	await screen.waitFor('Replace Sunday lunch by a new room?');
	screen.press('n');
	assert.deepEqual(fake.of('upgradeRoom'), []);
	screen.press(`/forget${enter}`);
	await screen.waitFor('You are still in this room');
});
