/** Verification on the screen: requests that come, the pane step by step at all sizes, its keys, and what ends it. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {OwnDevice} from '../../source/domain/device-requests.ts';
import type {Verification} from '../../source/domain/verification-requests.ts';
import {event, me, text} from './sample-account.ts';
import {addLunch, anna, lunch, setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';
import {askedVerification} from './sample-verification.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const escape = '\u001B';

const asked: Verification = {...askedVerification, deviceId: 'LAPTOP1234', deviceName: 'My \u202Elaptop\u001B[31m'};

const emoji = [
	['🐶', 'Dog'],
	['🎧', 'Headphones'],
	['☂️', 'Umbrella'],
	['👍', 'Thumbs Up'],
	['💡', 'Light Bulb'],
	['✈️', 'Aeroplane'],
	['🍓', 'Strawberry'],
].map(([symbol = '', name = '']) => ({symbol, name}));
const compared: Verification = {...asked, step: 'compare', emoji, decimals: [1234, 5678, 9012]};
const done: Verification = {...asked, step: 'done', isTrusted: true, ending: 'Both devices trust each other now.'};

const devices: readonly OwnDevice[] = [
	{deviceId: 'TERMINAL01', name: 'mx', trust: 'verified', lastSeen: 1, isThis: true},
	{deviceId: 'LAPTOP1234', name: 'Laptop', trust: 'unverified', lastSeen: 2, isThis: false},
	{deviceId: 'SCRIPT0000', name: undefined, trust: 'no-keys', lastSeen: undefined, isThis: false},
];

const open = async (more: SampleScreenOptions = {}) => {
	addLunch(sample.account);
	const at = (step: Verification['step']) => async () => ({...asked, step});
	const opened = await sample.open({
		columns: 120,
		rows: 40,
		...more,
		answers: {
			devices: async () => ({devices}),
			acceptVerification: at('ready'),
			confirmVerification: at('confirmed'),
			cancelVerification: async () => ({...asked, step: 'cancelled', ending: 'You cancelled it.'}),
			mismatchVerification: async () => ({...asked, step: 'cancelled', ending: 'You said that they differ.'}),
			startVerification: async ({userId, deviceId}: {userId?: string; deviceId?: string}) => ({
				...asked,
				isIncoming: false,
				id: 'two',
				...(userId === undefined ? {deviceId, deviceName: undefined} : {userId, isOwn: false, roomId: lunch}),
			}),
			...more.answers,
		},
	});
	opened.screen.press(enter);
	const tell = (verification: Verification): void => opened.screen.notify({kind: 'verification', verification});
	return {...opened, tell};
};

suite('verification', () => {
	for (const [columns, rows, isAscii] of [
		[80, 24, false],
		[120, 40, false],
		[40, 12, false],
		[40, 12, true],
		[120, 40, true],
	] as const) {
		test(`a request is told, answered and compared at ${columns}×${rows}${isAscii ? ' in ASCII' : ''}`, async () => {
			const {screen, fake, tell} = await open({columns, rows, settings: {ascii: isAscii}});
			screen.press('a draft');
			await screen.waitFor('a draft');
			tell(asked);
			await screen.waitFor(/laptop.*LAPTOP1234/);
			// It takes no key from who is writing.
			screen.press('y');
			await screen.waitFor('a drafty');
			screen.press('\u0015/verify\r');
			await screen.waitFor(/asks to be( |\s+)verified/);
			await screen.waitFor(rows < 20 ? 'a accept' : /a {2}Accept/);
			screen.press('y');
			await screen.waitFor('That is not possible at this step.');
			screen.press('a');
			await screen.waitFor('Agreed. The emoji come next');
			tell(compared);
			await screen.waitFor(/1234 . 5678 . 9012/);
			const shown = screen.lines().join('\n');
			for (const [index, {symbol, name}] of emoji.entries()) {
				const found = shown.indexOf(name);
				assert.ok(found >= 0, `${name} in\n${shown}`);
				assert.equal(shown.includes(symbol), !isAscii, `${symbol} in\n${shown}`);
				if (isAscii) assert.ok(shown.includes(`${index + 1}  ${name}`), shown);
			}
			for (const words of rows < 20 ? ['y match', 'n differ', 'c cancel'] : ['y  They match', 'n  They do not match'])
				assert.ok(shown.includes(words), `${words} in\n${shown}`);
			// An Enter too many says nothing.
			screen.press(enter);
			assert.deepEqual(fake.of('confirmVerification'), []);
			screen.press('y');
			await screen.waitFor('You said that they match.');
			assert.deepEqual(fake.of('confirmVerification'), [{id: 'one'}]);
			tell(done);
			await screen.waitFor('Both devices trust each other now.');
			assert.ok(!screen.output().includes('\u202E'));
			assert.deepEqual(screen.problems, []);
		});
	}

	test('what differs is said to differ, and nothing of it is confirmed', async () => {
		const {screen, fake, tell} = await open();
		tell(asked);
		tell(compared);
		screen.press(`/verify${enter}`);
		await screen.waitFor('They do not match');
		screen.press('n');
		await screen.waitFor('You said that they differ.');
		assert.deepEqual(fake.of('mismatchVerification'), [{id: 'one'}]);
		assert.deepEqual(fake.of('confirmVerification'), []);
	});

	test('without one under way the own devices are offered, one of them or all', async () => {
		const {screen, fake} = await open();
		screen.press(`/verify${enter}`);
		await screen.waitFor('All other devices');
		await screen.waitFor('Laptop LAPTOP1234');
		assert.ok(!screen.lines().join('\n').includes('SCRIPT0000'));
		screen.press(`\u001B[B${enter}`);
		await screen.waitFor('LAPTOP1234 is asked');
		assert.deepEqual(fake.of('startVerification'), [{deviceId: 'LAPTOP1234'}]);
	});

	test('a person is asked by /verify and from the profile, and the list of devices asks one of them', async () => {
		const {screen, fake, tell} = await open({
			answers: {devicesOf: async () => ({identity: 'unverified', devices: []})},
		});
		screen.press(`/verify ${anna}${enter}`);
		await screen.waitFor(/Anna Kowalska is asked, and has to/);
		tell({...asked, id: 'two', userId: anna, isOwn: false, step: 'cancelled', ending: 'They cancelled it.'});
		await screen.waitFor('They cancelled it.');
		screen.press(escape);
		await screen.waitFor(lines => !lines.join('\n').includes('Esc closes'));
		screen.press(`/whois ${anna}${enter}`);
		await screen.waitFor('Verify who they are');
		screen.press('y');
		await screen.waitFor(() => fake.of('startVerification').length === 2);
		assert.deepEqual(fake.of('startVerification'), [{userId: anna}, {userId: anna}]);
		screen.press('\u0003');
		await screen.waitFor(lines => !lines.join('\n').includes('Esc closes'));
		screen.press(`/devices${enter}`);
		await screen.waitFor('Your devices · 3');
		screen.press('\u001B[Bv');
		await screen.waitFor(() => fake.of('startVerification').length === 3);
		assert.deepEqual(fake.of('startVerification').at(-1), {deviceId: 'LAPTOP1234'});
	});

	test('what the engine forgot when it was started anew is said to be over', async () => {
		const {screen, tell} = await open();
		tell(asked);
		screen.press(`/verify${enter}`);
		await screen.waitFor(/asks to[^\n]*\n[^\n]*be verified/);
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		await screen.waitFor('It ended, as mx was');
	});

	test('a request that ends before it was looked at is told of no longer', async () => {
		const {screen, tell} = await open();
		tell(asked);
		await screen.waitFor('/verify shows it');
		tell({...asked, step: 'cancelled', ending: 'Another device of yours has answered it.'});
		await screen.waitFor('Another device of yours has answered it.');
		assert.ok(!screen.lines().join('\n').includes('/verify shows it'));
	});

	test('in the timeline it is one quiet line, whatever it says to clients that cannot verify', async () => {
		const step = (type: string) => event(anna, {'m.relates_to': {rel_type: 'm.reference'}}, {type});
		addLunch(sample.account, {
			timeline: [
				event(anna, {
					msgtype: 'm.key.verification.request',
					body: 'Your client does not support this',
					from_device: 'A',
					methods: ['m.sas.v1'],
					to: me,
				}),
				step('m.key.verification.ready'),
				step('m.key.verification.start'),
				step('m.key.verification.done'),
				text(anna, 'that went well'),
			],
		});
		const {screen} = await sample.open();
		screen.press(enter);
		await screen.waitFor(/Anna[^\n]*request to verify each other by emoji · \/verify\n[^\n]*that went well/);
		assert.ok(!screen.lines().join('\n').includes('does not support'));
		assert.deepEqual(screen.problems, []);
	});

	test('a request of an own device is told while nobody looks, once', async () => {
		const {screen, tell} = await open({
			environment: {TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'iTerm.app'},
		});
		screen.press('\u001B[O');
		const plainName = {...asked, deviceName: 'Laptop'};
		tell(plainName);
		tell(plainName);
		await screen.waitFor('Laptop (LAPTOP1234) asks to be verified.');
		await screen.waitFor(() => screen.output().includes('mx: your device Laptop asks to be verified'));
		assert.equal(screen.output().split('your device Laptop asks to be verified').length, 2);
	});
});
