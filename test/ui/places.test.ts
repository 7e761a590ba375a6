/** Rooms are made, found in the directory, looked at, arranged in spaces, and followed when they move. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {me, member, state} from './sample-account.ts';
import {addLunch, addRooms, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const altN = '\u001Bn';
const altG = '\u001Bg';
const down = '\u001B[B';
const right = '\u001B[C';
const tab = '\t';

const summary = (more: object = {}) => ({
	roomId: '!garden:one.test',
	name: 'Garden',
	alias: '#garden:one.test',
	topic: 'plants',
	memberCount: 12,
	joinRule: 'public',
	isEncrypted: false,
	isSpace: false,
	membership: undefined,
	servers: ['one.test'],
	...more,
});

for (const columns of [40, 80, 120]) {
	test(`a room is made from the form, at ${columns} columns`, async () => {
		addRooms(sample.account, 1);
		const {screen, fake} = await sample.open({columns, answers: {createRoom: async () => ({roomId: '!new:one.test'})}});
		screen.press(enter);
		screen.press(altN);
		await screen.waitFor('A new room');
		screen.press(`Kitchen${tab}food${tab}${tab}${tab}`);
		await screen.waitFor('‹ yes ›');
		screen.press(`${right}${right}`);
		await screen.waitFor('‹ everybody ›');
		await screen.waitFor('‹ no ›');
		screen.press(`${tab}${tab}kitchen${tab}@anna:one.test, @zoe:one.test${tab}`);
		screen.press(enter);
		await screen.waitFor('The room is made.');
		assert.deepEqual(fake.of('createRoom'), [
			{
				name: 'Kitchen',
				topic: 'food',
				access: 'public',
				isEncrypted: false,
				alias: 'kitchen',
				invite: ['@anna:one.test', '@zoe:one.test'],
				spaceId: undefined,
				isSpace: false,
			},
		]);
		assert.deepEqual(screen.problems, []);
	});

	test(`a space is made without encryption, and is not gone into as a room, at ${columns} columns`, async () => {
		addRooms(sample.account, 1);
		const {screen, fake} = await sample.open({columns, answers: {createRoom: async () => ({roomId: '!new:one.test'})}});
		screen.press(`${enter}/create${enter}`);
		await screen.waitFor('such as kitchen');
		screen.press(`House${tab}${tab}${right}`);
		await screen.waitFor('‹ space, for rooms ›');
		await screen.waitFor(/Encrypted +no +a space has/);
		screen.press(`${tab}${tab}${tab}${tab}${tab}${tab}${enter}`);
		await screen.waitFor('The space is made: ');
		await screen.waitFor('Enter sends to Room 0');
		assert.deepEqual(
			fake.of('createRoom').map(({isSpace, isEncrypted}) => ({isSpace, isEncrypted})),
			[{isSpace: true, isEncrypted: false}],
		);
	});

	test(`the directory is searched while it is typed, and a room joined from it, at ${columns} columns`, async () => {
		addRooms(sample.account, 1);
		const directory = async ({term}: {term: string}) => ({
			rooms: term === 'gar' ? [summary()] : [summary({roomId: '!x:one.test', name: 'Other'})],
			total: 2,
		});
		const {screen, fake} = await sample.open({
			columns,
			answers: {directory, join: async () => ({roomId: '!garden:one.test'})},
		});
		screen.press(enter);
		screen.press(`/directory two.test${enter}`);
		await screen.waitFor('Other');
		screen.press('gar');
		await screen.waitFor('Garden');
		screen.press(enter);
		await screen.waitFor('12 members');
		await screen.waitFor('→ Join');
		screen.press(enter);
		await screen.waitFor('Joined.');
		assert.deepEqual(fake.of('directory'), [
			{server: 'two.test', term: '', from: undefined},
			{server: 'two.test', term: 'gar', from: undefined},
		]);
		assert.deepEqual(fake.of('join'), [{room: '!garden:one.test', servers: ['one.test']}]);
		assert.deepEqual(screen.problems, []);
	});
}

test('a new room without a name is not made', async () => {
	const {screen, fake} = await sample.open();
	screen.press(altN);
	await screen.waitFor('A new room');
	screen.press('\u001B[1;5F');
	screen.press(enter);
	await screen.waitFor('Give it a name first.');
	assert.deepEqual(fake.of('createRoom'), []);
});

test('the directory goes on at its end, and says why it cannot be read', async () => {
	const page = (from: string | undefined) => {
		const start = from === undefined ? 0 : 20;
		return Array.from({length: 20}, (_, index) =>
			summary({roomId: `!${start + index}:one.test`, name: `Garden ${start + index}`, topic: ''}),
		);
	};
	const directory = async ({server, from}: {server?: string; from?: string}) => {
		if (server === 'bad.test') throw new Error('nobody answers');
		return {rooms: page(from), next: from === undefined ? 'more' : undefined};
	};
	const {screen, fake} = await sample.open({answers: {directory}});
	screen.press(`/directory${enter}`);
	await screen.waitFor('Garden 0');
	screen.press('\u001B[1;5F');
	await screen.waitFor(() => fake.of('directory').length === 2);
	screen.press('\u001B[1;5F');
	await screen.waitFor('Garden 39');
	screen.press('\u001B');
	await screen.waitFor(lines => !lines.some(line => line.includes('Garden 39')));
	screen.press(`/directory bad.test${enter}`);
	await screen.waitFor('nobody answers');
});

test('a room that only lets in who asks is asked, one of the invited is locked', async () => {
	let rule = 'knock';
	const {screen, fake} = await sample.open({
		answers: {preview: async () => summary({joinRule: rule}), knock: async () => ({roomId: '!garden:one.test'})},
	});
	screen.press(`/join https://matrix.to/#/%23garden:one.test${enter}`);
	await screen.waitFor('→ Ask to be let in');
	screen.press(enter);
	await screen.waitFor('You have asked to be let in');
	assert.deepEqual(fake.of('knock'), [{room: '!garden:one.test', servers: ['one.test'], reason: undefined}]);
	rule = 'invite';
	screen.press(`/join #garden:one.test${enter}`);
	await screen.waitFor('Only the invited can join.');
	screen.press(enter);
	assert.deepEqual(fake.of('join'), []);
	screen.press('\u001B');
	await screen.waitFor(lines => lines.every(line => !line.includes('→ Join')));
	screen.press(`/knock #garden:one.test let me in${enter}`);
	await screen.waitFor(() => fake.of('knock').length === 2);
	assert.deepEqual(fake.of('knock')[1], {room: '#garden:one.test', servers: [], reason: 'let me in'});
});

/** A space with a joined room, a space in it, and one room that is not joined. */
const addSpaces = (own = 100): void => {
	addLunch(sample.account);
	addRooms(sample.account, 1);
	const space = (id: string, name: string, children: readonly (readonly [id: string, order: string])[]) =>
		sample.account.sync({
			id,
			state: [
				member(me, 'Alice'),
				state('m.room.create', '', {room_version: '11', type: 'm.space'}),
				state('m.room.name', '', {name}),
				state('m.room.power_levels', '', {users: {[me]: own}}),
				...children.map(([child, order]) => state('m.space.child', child, {via: ['one.test'], order})),
			],
		});
	space('!work:one.test', 'Work', [
		[lunch, 'b'],
		['!garden:one.test', 'c'],
		['!inner:one.test', 'a'],
	]);
	space('!inner:one.test', 'Inner', []);
};

for (const columns of [40, 80, 120]) {
	test(`spaces are a tree with joined and other rooms, at ${columns} columns`, async () => {
		addSpaces();
		const rooms = [{...summary(), order: 'c', isSuggested: false}];
		const {screen, fake} = await sample.open({
			columns,
			answers: {spaceRooms: async () => ({rooms}), preview: async () => summary()},
		});
		screen.press(altG);
		await screen.waitFor('Garden');
		const shown = screen.lines().map(line => line.slice(columns === 40 ? 0 : line.lastIndexOf('│') + 1).trim());
		const from = shown.findIndex(line => line.startsWith('▾ Work'));
		assert.match(shown[from + 1] ?? '', /^▸ Inner/);
		assert.match(shown[from + 2] ?? '', /^Sunday lunch/);
		assert.match(shown[from + 3] ?? '', /^Garden +not joined/);
		assert.deepEqual(fake.of('spaceRooms'), [{spaceId: '!work:one.test'}]);
		screen.press(`${down}${down}${down}${enter}`);
		await screen.waitFor('→ Join');
		assert.deepEqual(fake.of('preview'), [{room: '!garden:one.test', servers: ['one.test']}]);
		assert.deepEqual(screen.problems, []);
	});
}

test('rooms are added to a space, moved in it and taken out after a question', async () => {
	addSpaces();
	const {screen, fake} = await sample.open({columns: 120, answers: {spaceRooms: async () => ({rooms: []})}});
	screen.press(`${enter}/go Room 0${enter}`);
	await screen.waitFor(lines => (lines[1] ?? '').includes('Room 0'));
	screen.press(altG);
	await screen.waitFor('▾ Work');
	screen.press('a');
	await screen.waitFor('Room 0 is in Work now.');
	screen.press(`${down}${down}`);
	screen.press('K');
	await screen.waitFor(() => fake.of('setSpaceChild').length === 2);
	screen.press('d');
	await screen.waitFor('Take Sunday lunch out of Work? y takes it out');
	screen.press('y');
	await screen.waitFor('Sunday lunch is in Work no longer.');
	const [added, moved, removed] = fake.of('setSpaceChild');
	assert.deepEqual(added, {spaceId: '!work:one.test', roomId: '!room0:one.test', isChild: true});
	assert.equal(moved?.['roomId'], lunch);
	assert.ok(String(moved?.['order']) < 'a');
	assert.deepEqual(removed, {spaceId: '!work:one.test', roomId: lunch, isChild: false});
});

test('without power in the space nothing is changed, and that is said', async () => {
	addSpaces(0);
	const {screen, fake} = await sample.open({columns: 120, answers: {spaceRooms: async () => ({rooms: []})}});
	screen.press(enter);
	screen.press(altG);
	await screen.waitFor('▾ Work');
	screen.press(down);
	screen.press('d');
	await screen.waitFor('You need a power of 50 to change what is in this space; yours is 0.');
	assert.deepEqual(fake.of('setSpaceChild'), []);
});

for (const columns of [40, 80, 120]) {
	test(`a room that has moved is one line, and Enter goes on after a question, at ${columns} columns`, async () => {
		addLunch(sample.account, {
			state: [
				state('m.room.name', '', {name: 'Old lunch'}),
				state('m.room.tombstone', '', {replacement_room: '!new:one.test'}),
			],
		});
		const {screen, fake} = await sample.open({
			columns,
			answers: {
				checkSuccessor: async () => ({roomId: '!new:one.test', state: 'unreadable'}),
				followUpgrade: async () => ({roomId: '!new:one.test'}),
			},
		});
		screen.press(enter);
		await screen.waitFor('this room goes on elsewhere');
		screen.press(enter);
		await screen.waitFor('y joins');
		assert.deepEqual(fake.of('followUpgrade'), []);
		screen.press('y');
		await screen.waitFor(() => fake.of('followUpgrade').length === 1);
		await screen.waitFor('The conversation goes on here');
	});
}

test('a room that does not point back is not joined', async () => {
	addLunch(sample.account, {state: [state('m.room.tombstone', '', {replacement_room: '!trap:one.test'})]});
	const {screen, fake} = await sample.open({
		answers: {checkSuccessor: async () => ({roomId: '!trap:one.test', state: 'does-not'})},
	});
	screen.press(enter);
	screen.press(`/follow${enter}`);
	await screen.waitFor('does not say that it continues it');
	assert.deepEqual(fake.of('followUpgrade'), []);
});

test('an invitation is declined and its sender ignored after a question', async () => {
	sample.account.sync({
		id: '!spam:one.test',
		category: 'invite',
		state: [
			state('m.room.member', me, {membership: 'invite'}, {sender: '@spam:one.test'}),
			state('m.room.name', '', {name: 'Win!'}),
		],
	});
	const {screen, fake} = await sample.open();
	screen.press(down);
	await screen.waitFor('invites you');
	screen.press(`/declineandignore${enter}`);
	await screen.waitFor('ignore @spam:one.test everywhere? y does both');
	screen.press('y');
	await screen.waitFor('@spam:one.test is ignored');
	assert.deepEqual(fake.of('leave'), [{roomId: '!spam:one.test'}]);
	assert.deepEqual(fake.of('setIgnored'), [{userId: '@spam:one.test', isIgnored: true}]);
});

test('who joins a person is asked whether to write to them', async () => {
	addRooms(sample.account, 1);
	const {screen, fake} = await sample.open({answers: {join: async () => ({roomId: '!chat:one.test'})}});
	screen.press(enter);
	await screen.waitFor('Enter sends');
	screen.press(`/join @zoe:one.test${enter}`);
	await screen.waitFor('@zoe:one.test is a person, not a room. Write to them?');
	assert.deepEqual(fake.of('preview'), []);
	screen.press('y');
	await screen.waitFor(() => fake.of('join').length === 1);
	assert.deepEqual(fake.of('join'), [{room: '@zoe:one.test'}]);
});
