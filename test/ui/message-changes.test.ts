/** Reacting to messages, and removing them. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {enter, escape, marked, select, setUpMessages, tell, up, waitUntilGone} from './message-scene.ts';
import {acceptNext, waiting} from './message-session.ts';
import {lunch} from './sample-screen.ts';

const {sample, answer, open} = setUpMessages();

suite('reacting', () => {
	test('+ lists reactions that a name narrows; = gives the last one again, and once more takes it back', async () => {
		const {screen} = await open();
		await select(screen, 'are you coming');
		screen.press('+');
		await screen.waitFor('a name, an emoji or a word');
		screen.press('tada');
		await screen.waitFor(/🎉 +party tada hooray/);
		screen.press(enter);
		await screen.waitFor(/are you coming on sunday\?   🎉 +1/);
		assert.match(marked(screen), /are you coming/);
		acceptNext(sample.account, lunch);
		tell(screen);
		screen.press('=');
		await waitUntilGone(screen, '🎉');
		const [redaction] = waiting(sample.account, lunch);
		assert.equal(redaction?.type, 'm.room.redaction');
		acceptNext(sample.account, lunch);
		tell(screen);
		await new Promise(resolve => void setImmediate(resolve));
		assert.ok(!screen.lines().join('\n').includes('🎉'));
	});

	test('/react and /unreact act on the newest message of others, or on what is selected', async () => {
		const {screen} = await open();
		screen.press(`/react 🍷${enter}`);
		await screen.waitFor(/the salad, please   🍷 +1/);
		screen.press(`/unreact${enter}`);
		await waitUntilGone(screen, '🍷');
		assert.deepEqual(waiting(sample.account, lunch), []);
		screen.press(`/unreact${enter}`);
		await screen.waitFor('You have not reacted with that.');
		screen.press(escape);
		await waitUntilGone(screen, 'You have not');
		await select(screen, 'are you coming');
		screen.press(':');
		await screen.waitFor('what you want to do');
		screen.press(`react indeed${enter}`);
		await screen.waitFor(/are you coming on sunday\?   indeed 1/);
	});

	for (const written of ['heart', ':heart:'])
		test(`/react ${written} reacts with the emoji of that name, not with the word`, async () => {
			const {screen} = await open();
			screen.press(`/react ${written}${enter}`);
			await screen.waitFor(/the salad, please   ❤️? +1/);
			screen.press(`/unreact ${written}${enter}`);
			await waitUntilGone(screen, '❤');
		});

	test('a reaction that the server refuses says so under the message, and can be forgotten', async () => {
		const {account} = sample;
		const {screen} = await open({columns: 120});
		screen.press(`/react 🍷${enter}`);
		await screen.waitFor('🍷');
		account.outbox.setState(waiting(account, lunch)[0]?.id ?? 0, 'failed', {error: 'it is not allowed here'});
		tell(screen);
		await screen.waitFor(/✗ the reaction 🍷 +was not sent: it is not allowed here/);
		await select(screen, 'the salad');
		await screen.waitFor('x discard');
		screen.press('xy');
		await waitUntilGone(screen, '🍷');
	});
});

suite('removing', () => {
	test('d asks; any other key but y keeps the message', async () => {
		const {screen, fake} = await open();
		await select(screen, 'yes!');
		screen.press('d');
		await screen.waitFor('Remove your message for everybody?');
		screen.press('n');
		await waitUntilGone(screen, 'for everybody');
		assert.deepEqual(fake.of('redact'), []);
		screen.press('d');
		await screen.waitFor('y removes');
		screen.press('y');
		await screen.waitFor(/removed +⧗/);
		assert.ok(!screen.lines().join('\n').includes('yes!'));
		acceptNext(sample.account, lunch);
		tell(screen);
		await screen.waitFor(lines => lines.some(line => line.endsWith('removed')));
		assert.deepEqual(waiting(sample.account, lunch), []);
	});

	test('/redact takes a reason, and an edit without text asks to remove', async () => {
		const {screen, fake} = await open();
		screen.press(`/redact wrong room${enter}`);
		await screen.waitFor('Remove your message for everybody (wrong room)?');
		screen.press('n');
		await waitUntilGone(screen, 'wrong room');
		screen.press(up);
		await screen.waitFor('✎ editing');
		screen.press('\u0015');
		screen.press(enter);
		await screen.waitFor('Remove your message for everybody?');
		screen.press('y');
		await screen.waitFor(/removed +⧗/);
		assert.deepEqual(
			fake.of('redact').map(({eventId}) => eventId),
			[answer().event_id],
		);
	});

	test('where no room is open, each says so', async () => {
		const {screen} = await sample.open();
		for (const word of ['reply', 'edit', 'react', 'unreact', 'redact', 'select']) {
			screen.press(`/${word}${enter}`);
			await screen.waitFor('Open a room first.');
			screen.press(escape);
			await waitUntilGone(screen, 'Open a room first.');
		}
	});
});
