/** The list of members and profiles: grouped, narrowed, acted on; what there is no power for says so. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {me, member, state} from './sample-account.ts';
import {addLunch, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const altM = '\u001Bm';
const down = '\u001B[B';
const escape = '\u001B';

const hostile = '\u202Eevil\u001B[31m\u0301\u0301\u0301\u0301\u0301';

const addClub = (own = 100): number =>
	addLunch(sample.account, {
		state: [
			member(me, 'Alice'),
			member(anna, 'Anna Kowalska'),
			member('@zoe:one.test', 'Zoé'),
			member('@zoe2:two.test', 'zoé'),
			member('@ada:one.test', 'Ada'),
			member('@bad:one.test', hostile),
			member('@gone:one.test', 'Gone', 'leave'),
			member('@pest:one.test', 'Pest', 'ban'),
			member('@new:one.test', 'Newcomer', 'invite'),
			state('m.room.create', '', {room_version: '11'}),
			state('m.room.power_levels', '', {users: {[me]: own, [anna]: 50, '@ada:one.test': 25}}),
			state('m.room.name', '', {name: 'Sunday lunch'}),
		],
	});

const openMembers = async (columns = 120, own = 100) => {
	addClub(own);
	const opened = await sample.open({columns, rows: columns === 40 ? 30 : 40});
	opened.screen.press(enter);
	opened.screen.press(altM);
	await opened.screen.waitFor('Members · 6');
	return opened;
};

for (const columns of [40, 80, 120]) {
	test(`members stand by power and name, at ${columns} columns`, async () => {
		const {screen, fake} = await openMembers(columns);
		const shown = screen.lines().join('\n');
		const order = [
			'Admins',
			'Alice',
			'Moderators',
			'Anna Kowalska',
			'Members',
			'Ada',
			'Invited',
			'Newcomer',
			'Banned',
			'Pest',
		];
		const places = order.map(word => shown.indexOf(word, shown.indexOf('Admins')));
		assert.ok(
			places.every(place => place !== -1),
			shown,
		);
		assert.deepEqual(
			places.toSorted((first, second) => first - second),
			places,
		);
		assert.doesNotMatch(shown, /Gone/);
		assert.deepEqual(fake.of('loadMembers'), [{roomId: lunch}]);
		assert.deepEqual(screen.problems, []);
	});
}

test('of two with one name both show their ids, and a name narrows', async () => {
	const {screen} = await openMembers();
	await screen.waitFor('@zoe2:two.test');
	screen.press('zoe');
	await screen.waitFor(lines => !lines.some(line => line.includes('Ada')));
	assert.ok(screen.lines().some(line => line.includes('@zoe:one.test')));
	screen.press('xyz');
	await screen.waitFor('Nobody is called like that.');
});

test('a profile says who it is; removing asks, and y removes', async () => {
	const {screen, fake} = await openMembers();
	screen.press(`ada${enter}`);
	await screen.waitFor('Who is this');
	await screen.waitFor('@ada:one.test');
	await screen.waitFor(/Power +25/);
	screen.press('k');
	await screen.waitFor('Remove Ada from Sunday lunch? y removes');
	assert.deepEqual(fake.of('changeMember'), []);
	screen.press('y');
	await screen.waitFor('Ada is removed.');
	assert.deepEqual(fake.of('changeMember'), [
		{roomId: lunch, userId: '@ada:one.test', action: 'kick', reason: undefined},
	]);
});

test('power is chosen from the usual levels; as much as one has asks again', async () => {
	const {screen, fake} = await openMembers();
	screen.press(`ada${enter}`);
	await screen.waitFor('Who is this');
	screen.press('p');
	await screen.waitFor('Power of Ada, now 25?');
	screen.press('o');
	await screen.waitFor('Ada has the power 50 now.');
	screen.press('p');
	await screen.waitFor('Power of Ada');
	screen.press('a');
	await screen.waitFor('You cannot take it back.');
	screen.press('n');
	assert.deepEqual(fake.of('setPower'), [{roomId: lunch, userId: '@ada:one.test', level: 50}]);
});

test('without power the actions say how much is needed, and nothing is sent', async () => {
	const {screen, fake} = await openMembers(120, 0);
	screen.press(`ada${enter}`);
	await screen.waitFor('You need a power of 50');
	for (const key of ['k', 'b', 'p']) {
		screen.press(key);
		await screen.waitFor(lines => /You need a power of \d+ to .*; yours is 0\./.test(lines.at(-1) ?? ''));
	}
	assert.deepEqual(fake.of('changeMember'), []);
	assert.deepEqual(fake.of('setPower'), []);
});

test('a mention goes into the composer; a chat is opened; somebody is ignored', async () => {
	const {screen, fake} = await openMembers();
	screen.press(`ada${enter}`);
	await screen.waitFor('Who is this');
	screen.press('i');
	await screen.waitFor('/unignore @ada:one.test undoes it');
	assert.deepEqual(fake.of('setIgnored'), [{userId: '@ada:one.test', isIgnored: true}]);
	screen.press('m');
	await screen.waitFor('> @ada:one.test');
	screen.press('\u0015/dm ada\r');
	await screen.waitFor(() => fake.of('join').length === 1);
	assert.deepEqual(fake.of('join'), [{room: '@ada:one.test'}]);
});

test('a hostile name changes nothing but its own row', async () => {
	const {screen} = await openMembers();
	assert.ok(!screen.output().includes(hostile));
	assert.ok(screen.lines().some(line => line.includes('@bad:one.test')));
	screen.press('@bad');
	await screen.waitFor(lines => !lines.some(line => line.includes('Ada')));
	screen.press(enter);
	await screen.waitFor('Who is this');
	screen.press('b');
	await screen.waitFor('y bans');
	screen.press(escape);
	assert.deepEqual(screen.problems, []);
});

test('commands on people take a name, and say whom they could not find', async () => {
	addClub();
	const {screen, fake} = await sample.open({columns: 120});
	screen.press(enter);
	screen.press(`/kick Ada too loud${enter}`);
	await screen.waitFor('Remove Ada from Sunday lunch (too loud)?');
	screen.press('y');
	await screen.waitFor(() => fake.of('changeMember').length === 1);
	screen.press(`/invite @eve:two.test${enter}`);
	await screen.waitFor('@eve:two.test is invited.');
	screen.press(`/ban zoé${enter}`);
	await screen.waitFor('2 people here are called zoé');
	screen.press(`/unban @pest:one.test${enter}`);
	await screen.waitFor('Pest may come back.');
	screen.press(`/op ada 50${enter}`);
	await screen.waitFor('Ada has the power 50 now.');
	screen.press(`/powerlevel ada x${enter}`);
	await screen.waitFor('A power is a whole number');
	screen.press(`/ignore nobody${enter}`);
	await screen.waitFor('Nobody here is called nobody');
	screen.press(`/whois @eve:two.test${enter}`);
	await screen.waitFor('not in this room');
	assert.deepEqual(fake.of('profile'), [{userId: '@eve:two.test'}]);
	screen.press(`${down}${escape}`);
	await screen.waitFor(lines => !lines.some(line => line.includes('Who is this')));
	screen.press(`/nick Alice L${enter}`);
	await screen.waitFor('You are called Alice L now.');
	assert.deepEqual(fake.of('setDisplayName'), [{name: 'Alice L'}]);
});
