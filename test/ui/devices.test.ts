/** The list of the own devices: trust, renaming, signing out by a password that nobody sees; and devices in a profile. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {OwnDevice} from '../../source/domain/device-requests.ts';
import {ExpectedError} from '../../source/domain/errors.ts';
import {at} from './sample-account.ts';
import {addLunch, anna, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const down = '\u001B[B';
const password = 'correct horse 9';

const phone: OwnDevice = {
	deviceId: 'PHONE12345',
	name: 'My \u202Ephone\u001B[31m',
	trust: 'verified',
	lastSeen: at('12:01'),
	isThis: false,
};
const terminal: OwnDevice = {deviceId: 'TERMINAL01', name: 'mx', trust: 'verified', lastSeen: 1, isThis: true};
const script: OwnDevice = {
	deviceId: 'SCRIPT0000',
	name: undefined,
	trust: 'no-keys',
	lastSeen: undefined,
	isThis: false,
};
const laptop: OwnDevice = {
	...script,
	deviceId: 'LAPTOP',
	name: 'Laptop',
	trust: 'unverified',
	lastSeen: at('09:00', 40),
};

type SignOut = {readonly deviceId: string; readonly password?: string};

const open = async (size: {readonly columns?: number; readonly rows?: number} = {}) => {
	addLunch(sample.account);
	let devices = [phone, script, terminal, laptop];
	const opened = await sample.open({
		columns: 120,
		rows: 40,
		...size,
		answers: {
			devices: async () => ({devices}),
			signOutDevice: async (request: SignOut) => {
				if (request.password === undefined) return {isDone: false};
				if (request.password !== password)
					throw new ExpectedError({message: 'The password is wrong.', reason: 'refused'});
				devices = devices.filter(({deviceId}) => deviceId !== request.deviceId);
				return {isDone: true};
			},
			renameDevice: async ({deviceId, name}: {readonly deviceId: string; readonly name: string}) => {
				devices = devices.map(device => (device.deviceId === deviceId ? {...device, name} : device));
				return {};
			},
			devicesOf: async () => ({
				identity: 'changed',
				devices: [{deviceId: 'ANNAPHONE', name: 'Anna\u202E', trust: 'signed'}],
			}),
		},
	});
	opened.screen.press(enter);
	return opened;
};

suite('devices', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`this one is on top, each with its trust, at ${columns}×${rows}`, async () => {
			const {screen} = await open({columns, rows});
			screen.press(`/devices${enter}`);
			await screen.waitFor('Your devices · 4');
			await screen.waitFor(/mx +this one[^\n]*\n[^\n]*TERMINAL01 · verified/);
			await screen.waitFor(/seen 12:01[^\n]*\n[^\n]*PHONE12345 · verified/);
			const shown = screen.lines().join('\n');
			assert.ok(shown.indexOf('TERMINAL01') < shown.indexOf('PHONE12345'), shown);
			screen.press(down.repeat(3));
			await screen.waitFor(/SCRIPT0000 · without encryption/);
			assert.ok(!screen.output().includes('\u202E'));
			assert.deepEqual(screen.problems, []);
		});
	}

	test('signing out asks, then asks for the password without showing it, and a wrong one again', async () => {
		const {screen, fake} = await open();
		screen.press(`/devices${enter}`);
		await screen.waitFor('Your devices · 4');
		screen.press('d');
		await screen.waitFor('You are using this one: quit mx and run `mx logout`.');
		screen.press(down);
		screen.press('d');
		await screen.waitFor('(PHONE12345)? y signs out');
		assert.deepEqual(fake.of('signOutDevice'), []);
		screen.press('y');
		await screen.waitFor('Password of the account');
		screen.press('wrong');
		await screen.waitFor(/Password +\*{5}/);
		screen.press(enter);
		await screen.waitFor('The password is wrong.');
		await screen.waitFor(lines => !lines.some(line => line.includes('*****')));
		screen.press(password);
		await screen.waitFor(/Password +\*{15}/);
		screen.press(enter);
		await screen.waitFor('is signed out.');
		await screen.waitFor('Your devices · 3');
		assert.deepEqual(
			fake.of('signOutDevice').map(request => request['password']),
			[undefined, 'wrong', password],
		);
		for (const secret of ['wrong ', 'horse']) assert.ok(!screen.lines().join('\n').includes(secret));
		assert.ok(!screen.output().includes(password));
		assert.ok(fake.of('saveDraft').every(draft => !JSON.stringify(draft).includes('horse')));
	});

	test('a device is renamed where it stands', async () => {
		const {screen, fake} = await open();
		screen.press(`/devices${enter}`);
		await screen.waitFor('Your devices · 4');
		screen.press('r');
		await screen.waitFor('The name of a device');
		screen.press(`\u0015${enter}`);
		await screen.waitFor('Write a name first.');
		screen.press(`desk${enter}`);
		await screen.waitFor('Renamed.');
		await screen.waitFor(/desk +this one/);
		assert.deepEqual(fake.of('renameDevice'), [{deviceId: 'TERMINAL01', name: 'desk'}]);
	});

	test('a profile says what is known of the devices of a person', async () => {
		const {screen} = await open();
		screen.press(`/whois ${anna}${enter}`);
		await screen.waitFor('Their identity is another one');
		await screen.waitFor(/Anna {2}ANNAPHONE[^\n]*\n[^\n]*vouched for by them/);
		assert.deepEqual(screen.problems, []);
	});
});
