/** The state of the recovery as a person sees it: one sentence, one thing to do, and the key typed unseen. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {EncryptionSetup} from '../../source/domain/session.ts';
import {addLunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const key = 'EsTc r1ght key';
const alone: EncryptionSetup = {
	state: 'unverified-alone',
	message: 'This device needs the recovery key.',
	next: 'Run `mx login`',
};

const open = async (first: EncryptionSetup, size: {readonly columns?: number; readonly rows?: number} = {}) => {
	addLunch(sample.account);
	let setup = first;
	const opened = await sample.open({
		...size,
		answers: {
			recovery: async () => setup,
			unlock: async ({recoveryKey}: {readonly recoveryKey: string}) => {
				if (recoveryKey !== key)
					throw new ExpectedError({message: 'This is not the recovery key.', reason: 'encryption'});
				setup = {state: 'ready', message: 'Encryption is set up.'};
				return {keys: 3};
			},
		},
	});
	opened.screen.press(enter);
	opened.screen.press(`/recovery${enter}`);
	return opened;
};

suite('recovery', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`the recovery key is typed unseen, a wrong one anew, at ${columns}×${rows}`, async () => {
			const {screen, fake} = await open(alone, {columns, rows});
			await screen.waitFor('This device needs the recovery key.');
			await screen.waitFor('→ Enter the recovery key');
			screen.press(enter);
			await screen.waitFor('Enter verifies this device');
			screen.press(`wrong${enter}`);
			await screen.waitFor('This is not the recovery key.');
			screen.press(key);
			await screen.waitFor(/Recovery key +\*{14}/);
			screen.press(enter);
			await screen.waitFor('There is nothing to do.');
			assert.deepEqual(
				fake.of('unlock').map(request => request['recoveryKey']),
				['wrong', key],
			);
			assert.ok(!screen.output().includes('r1ght'));
			assert.deepEqual(screen.problems, []);
		});
	}

	test('what cannot be done here says where', async () => {
		const {screen} = await open({state: 'no-backup', message: 'There is no backup.', next: 'Run `mx login`'});
		await screen.waitFor('There is no backup.');
		await screen.waitFor('Run `mx login`.');
	});

	test('where another device could do it, comparing emoji is offered too', async () => {
		const {screen} = await open({state: 'unverified', message: 'This device is not verified.'});
		await screen.waitFor('→ Compare emoji with another device');
		screen.press(`\u001B[B${enter}`);
		await screen.waitFor('You have no other device that could verify this one.');
		assert.ok(!screen.lines().join().includes('asks'));
		assert.deepEqual(screen.problems, []);
	});
});
