/** Exporting and importing room keys: the passphrase is typed unseen, twice where it is new; a file is replaced only after a question. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {addLunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const passphrase = 'correct horse 9';
const file = '/tmp/of nobody.txt';

const open = async (size: {readonly columns?: number; readonly rows?: number} = {}) => {
	addLunch(sample.account);
	const opened = await sample.open({
		...size,
		answers: {
			exportKeys: async ({isReplacing}: {readonly isReplacing: boolean}) => ({
				isDone: isReplacing,
				count: isReplacing ? 12 : 0,
			}),
			importKeys: async (request: {readonly passphrase: string}) => {
				if (request.passphrase === passphrase) return {count: 1};
				throw new ExpectedError({message: 'The passphrase is wrong, or the file is damaged.', reason: 'encryption'});
			},
		},
	});
	opened.screen.press(enter);
	return opened;
};

suite('files of room keys', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const) {
		test(`a new passphrase is typed twice, and nothing is replaced without a question, at ${columns}×${rows}`, async () => {
			const {screen, fake} = await open({columns, rows});
			screen.press(`/keys export /tmp/of\\ nobody.txt${enter}`);
			await screen.waitFor('Export room keys');
			screen.press(`short${enter}`);
			screen.press(`short${enter}`);
			await screen.waitFor('Take at least 8 characters.');
			screen.press(`\u001B[A\u0015${passphrase}${enter}`);
			screen.press(`x${enter}`);
			await screen.waitFor('The two are not the same.');
			assert.deepEqual(fake.of('exportKeys'), []);
			screen.press(`\u0015${passphrase}`);
			await screen.waitFor(/Once more +\*{15}/);
			screen.press(enter);
			await screen.waitFor(/y replaces/);
			screen.press('y');
			await screen.waitFor(/holds 12/);
			assert.deepEqual(fake.of('exportKeys'), [
				{file, passphrase, isReplacing: false},
				{file, passphrase, isReplacing: true},
			]);
			assert.ok(!screen.output().includes('horse'));
			assert.ok(!JSON.stringify(fake.of('saveDraft')).includes('horse'));
			// Nor is it in what was sent.
			screen.press('\u001B[A');
			assert.ok(!screen.output().includes('horse'));
			assert.deepEqual(screen.problems, []);
		});
	}

	test('a wrong passphrase can be typed anew', async () => {
		const {screen, fake} = await open();
		screen.press(`/keys import /tmp/of\\ nobody.txt${enter}`);
		await screen.waitFor('Import room keys');
		screen.press(enter);
		await screen.waitFor('Type the passphrase first.');
		screen.press(`guess${enter}`);
		await screen.waitFor('The passphrase is wrong');
		screen.press(passphrase);
		await screen.waitFor(/Passphrase +\*{15}/);
		screen.press(enter);
		await screen.waitFor('1 room key imported');
		assert.deepEqual(
			fake.of('importKeys').map(request => request['passphrase']),
			['guess', passphrase],
		);
		assert.ok(!screen.output().includes('horse'));
	});

	test('another word says what there is', async () => {
		const {screen} = await open();
		screen.press(`/keys backup x${enter}`);
		await screen.waitFor('Write /keys export FILE, or /keys import FILE.');
	});
});
