/** A person on several networks: their chats as one timeline, and which of them what is written goes to. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {altR, bodies, enter, openAnna, shown} from './person-scene.ts';
import {member} from './sample-account.ts';
import {addAnna, onMatrix, onSignal, onWhatsApp} from './sample-person.ts';
import {addLunch, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();

const sizes = [
	[80, 24],
	[120, 40],
	[40, 12],
] as const;

suite('a person on several networks', () => {
	for (const [columns, rows] of sizes) {
		test(`is one timeline, written to over the network in sight, at ${columns}×${rows}`, async () => {
			addAnna(sample.account);
			const {screen} = await openAnna(sample, {columns, rows});
			await screen.waitFor('WA>');
			if (columns > 40) {
				assert.match(shown(screen), /you +WA +yes! what shall I bring/);
				assert.match(shown(screen), /Anna.* WA WhatsApp \(also (?:Signal, Matrix|SG, MX)\)/);
			}
			assert.match(shown(screen), /Anna? +SG +bring the salad/);
			assert.match(shown(screen), /Anna? +WA +look at this/);
			assert.match(shown(screen), /Enter sends to Anna on WhatsApp/);
			screen.press('a pot\u001B[D');
			await screen.waitFor('WA> a pot');
			screen.press(altR);
			await screen.waitFor('MX> a pot');
			await screen.waitFor('Writing on Matrix.');
			assert.match(shown(screen), /Enter sends to Anna on Matrix/);
			screen.press(altR);
			await screen.waitFor('SG> a pot');
			assert.match(shown(screen), /look at this/);
			// The cursor went along.
			screen.press('e\r');
			await screen.waitFor(lines => lines.some(line => /SG> *$/.test(line)));
			assert.deepEqual(
				[onSignal, onWhatsApp, onMatrix].map(({id}) => bodies(sample, id)),
				[['a poet'], [], []],
			);
			await screen.waitFor(/you? +SG +a poet/);
			assert.deepEqual(screen.problems, []);
		});
	}

	test('is written to where they wrote last; a draft in one of their rooms counts more', async () => {
		const [signal = 0] = addAnna(sample.account);
		sample.account.account.write(() => sample.account.drafts.save(signal, 'begun on Signal'));
		const {screen} = await openAnna(sample);
		await screen.waitFor('SG> begun on Signal');
	});

	test('is not written to over a login that is signed out, which is named', async () => {
		addAnna(sample.account);
		const bot = '@whatsappbot:one.test';
		const [rid = 0] = sample.account.sync({id: '!console:one.test', state: [member(bot, 'bridge bot')]});
		sample.account.bridge(rid, {protocol: 'whatsapp', kind: 'console', bot});
		sample.account.execute(
			"INSERT INTO bridge_health(bot, account, condition, state, rid, since) VALUES(?, '1', 'logged-out', 'BAD_CREDENTIALS', ?, 1)",
			bot,
			rid,
		);
		const {screen} = await openAnna(sample);
		await screen.waitFor('WhatsApp is logged out: this goes by Signal.');
		await screen.waitFor('SG>');
		screen.press(altR);
		await screen.waitFor('MX>');
		assert.match(shown(screen), /WhatsApp: closed, or nothing arrives there\. Writing on Matrix\./);
		screen.press('/via whats\r');
		await screen.waitFor('WA>');
		assert.match(shown(screen), /WhatsApp is logged out: nothing arrives there\./);
	});

	test('is written to over a login of which nothing bad is known, whatever is of another one of the bridge', async () => {
		addAnna(sample.account);
		const bot = '@whatsappbot:one.test';
		const [rid = 0, chat = 0] = sample.account.sync(
			{id: '!console:one.test', state: [member(bot, 'bridge bot')]},
			{id: onWhatsApp.id},
		);
		sample.account.bridge(rid, {protocol: 'whatsapp', kind: 'console', bot});
		sample.account.bridge(chat, {protocol: 'whatsapp', account: 'mine', bot});
		sample.account.execute(
			"INSERT INTO bridge_health(bot, account, condition, state, rid, since) VALUES(?, 'other', 'logged-out', 'BAD_CREDENTIALS', ?, 1)",
			bot,
			rid,
		);
		const {screen} = await openAnna(sample);
		await screen.waitFor('WA>');
		assert.doesNotMatch(shown(screen), /signed out/);
	});

	test('is written to over a network that is named, which Tab completes', async () => {
		addAnna(sample.account);
		const {screen} = await openAnna(sample);
		screen.press('/via si\t');
		await screen.waitFor('/via Signal');
		screen.press(enter);
		await screen.waitFor('SG>');
		screen.press('/via signal\r');
		await screen.waitFor('You write on Signal already.');
		screen.press('/via mx\r');
		await screen.waitFor('MX>');
		screen.press('/via icq\r');
		await screen.waitFor(/There is no such way to them: Matrix, /);
		assert.deepEqual(bodies(sample, onMatrix.id), []);
	});

	test('has no other way where they are on one network', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open();
		screen.press(enter);
		await screen.waitFor('the salad, please');
		screen.press(altR);
		await screen.waitFor('This chat has one network only');
		assert.ok(!/MX>|network +Enter/.test(shown(screen)));
	});

	test('keeps what is written in both rooms, where it is in both', async () => {
		const [, , matrix = 0] = addAnna(sample.account);
		const {screen} = await openAnna(sample);
		await screen.waitFor('WA>');
		screen.press('for WhatsApp');
		await screen.waitFor('WA> for WhatsApp');
		sample.account.account.write(() => sample.account.drafts.save(matrix, 'for Matrix'));
		screen.press(altR);
		await screen.waitFor('MX> for Matrix');
		assert.match(shown(screen), /What you wrote stays on WhatsApp/);
		screen.press(altR);
		await screen.waitFor('SG> for Matrix');
		screen.press(altR);
		await screen.waitFor('WA> for WhatsApp');
		assert.match(shown(screen), /What you wrote stays on Signal/);
	});

	test('keeps in the store what went along with the network', async () => {
		addAnna(sample.account);
		const {screen, fake} = await openAnna(sample);
		await screen.waitFor('WA>');
		screen.press('goes along');
		await screen.waitFor('WA> goes along');
		screen.press(altR);
		await screen.waitFor('MX> goes along');
		await screen.waitFor(() => fake.of('saveDraft').some(({text: kept}) => kept === 'goes along'));
		assert.deepEqual(
			fake
				.of('saveDraft')
				.filter(({text: kept}) => kept === 'goes along')
				.map(({roomId}) => roomId),
			[onMatrix.id],
		);
		assert.equal(fake.of('send').length, 0);
	});

	test('costs no more for a typed letter than anybody else, but for the letters of the network', async () => {
		addAnna(sample.account);
		addLunch(sample.account);
		const {screen} = await openAnna(sample);
		await screen.waitFor('WA>');
		/** The least of some letters: beside one of them something else may be drawn, as what was written goes to the store. */
		const costOf = async (prompt: string): Promise<number> => {
			screen.press('a');
			await screen.waitFor(`${prompt}a`);
			const costs: number[] = [];
			for (let typed = 'ab'; typed.length < 7; typed += 'b') {
				const before = screen.bytesWritten();
				screen.press('b');
				await screen.waitFor(prompt + typed);
				costs.push(screen.bytesWritten() - before);
			}
			return Math.min(...costs);
		};
		const withPerson = await costOf('WA> ');
		screen.press(`\u0015/go ${lunch}${enter}`);
		await screen.waitFor('the salad, please');
		const alone = await costOf('> ');
		assert.ok(withPerson <= alone + 8, `${withPerson} and ${alone} bytes`);
	});

	test('has the cursor where one clicks in what is written', async () => {
		addAnna(sample.account);
		const {screen} = await openAnna(sample, {columns: 80, rows: 24});
		await screen.waitFor('WA>');
		screen.press('abcd');
		await screen.waitFor('WA> abcd');
		const row = screen.lines().findIndex(line => line.includes('WA> abcd')) + 1;
		const column = (screen.lines()[row - 1]?.indexOf('WA> abcd') ?? 0) + 'WA> ab'.length + 1;
		screen.press(`\u001B[<0;${column};${row}M\u001B[<0;${column};${row}m`);
		screen.press('-');
		await screen.waitFor('WA> ab-cd');
	});

	test('is shown with hostile names as safely as anybody', async () => {
		addAnna(sample.account, undefined, {name: 'An\u001B[31m\u202Ena\n\u0007'});
		const {screen} = await openAnna(sample, {columns: 80, rows: 24});
		await screen.waitFor('WA>');
		assert.ok(!screen.output().includes('\u202E') && !screen.output().includes('\u001B[31m\u202E'));
		assert.match(shown(screen), /SG +bring the salad/);
		assert.ok(screen.lines().every(line => line.length <= 80));
		assert.deepEqual(screen.problems, []);
	});
});
