/** Whom a text names: what completion put in is told to the server as such, also after a restart. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {createDraftStore} from '../../source/store/draft-store.ts';
import {me, member, state, text} from './sample-account.ts';
import {addLunch, lunch, setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';

const sample = setUpSampleScreen();

const enter = '\r';
const pill = (id: string, name: string): string => `<a href="https://matrix.to/#/${id}">${name}</a>`;

/** What is sent is stored as the engine does. */
const store = async (request: {readonly to: string; readonly transactionKey: string; readonly content: JsonObject}) => {
	const rid = sample.account.reader.roomById(request.to)?.rid ?? 0;
	const {transactionKey: transactionId, content} = request;
	sample.account.outbox.add({rid, transactionId, type: 'm.room.message', content, endsDraft: true});
	return {};
};

const saveDraft = async ({text: draft, mentions}: {readonly text: string; readonly mentions?: never}) => {
	const rid = sample.account.reader.roomById(lunch)?.rid ?? 0;
	createDraftStore(sample.account.account).save(rid, draft, mentions);
	return {};
};

const open = async (options: SampleScreenOptions = {}) => {
	addLunch(sample.account);
	const opened = await sample.open({answers: {send: store, saveDraft}, ...options});
	opened.screen.press(enter);
	await opened.screen.waitFor('Enter sends');
	return opened;
};

const contents = (fake: {readonly of: (method: 'send') => readonly Readonly<Record<string, unknown>>[]}) =>
	fake.of('send').map(({content}) => content as JsonObject);

suite('mentions', () => {
	test('a name that was put in is a mention, the same letters typed are not', async () => {
		const {screen, fake} = await open();
		screen.press('@an\tare you **there**?');
		await screen.waitFor('> @Anna Kowalska are you');
		screen.press(enter);
		await screen.waitFor(() => fake.of('send').length === 1);
		screen.press('/me hugs @an\t');
		await screen.waitFor('> /me hugs @Anna Kowalska');
		screen.press(enter);
		await screen.waitFor(() => fake.of('send').length === 2);
		await screen.waitFor('hugs @Anna');
		screen.press('@Anna Kowalska\r');
		await screen.waitFor(() => fake.of('send').length === 3);
		const [first, second, third] = contents(fake);
		assert.deepEqual(first, {
			msgtype: 'm.text',
			body: '@Anna Kowalska are you **there**?',
			format: 'org.matrix.custom.html',
			formatted_body: `<p>${pill('@anna:one.test', '@Anna Kowalska')} are you <strong>there</strong>?</p>`,
			'm.mentions': {user_ids: ['@anna:one.test']},
		});
		assert.deepEqual([second?.['msgtype'], second?.['m.mentions']], ['m.emote', {user_ids: ['@anna:one.test']}]);
		assert.deepEqual(third?.['m.mentions'], {});
	});

	test('an id that is written out counts where that person is in the room', async () => {
		const {screen, fake} = await open();
		screen.press('ask @anna:one.test, not @eve:one.test\r');
		await screen.waitFor(() => fake.of('send').length === 1);
		assert.deepEqual(contents(fake)[0]?.['m.mentions'], {user_ids: ['@anna:one.test']});
	});

	test('a draft keeps whom it names over a restart', async () => {
		const {screen} = await open();
		screen.press('@an\tlater');
		await screen.waitFor('> @Anna Kowalska later');
		await screen.close();
		const again = await sample.open({answers: {send: store, saveDraft}});
		again.screen.press(enter);
		await again.screen.waitFor('> @Anna Kowalska later');
		again.screen.press(enter);
		await again.screen.waitFor(() => again.fake.of('send').length === 1);
		assert.deepEqual(contents(again.fake)[0]?.['m.mentions'], {user_ids: ['@anna:one.test']});
	});

	test('an edit and a text that is taken back name whom they named', async () => {
		const {screen, fake} = await open();
		sample.account.sync({
			id: lunch,
			timeline: [
				text(me, '@Anna Kowalska here', {
					content: {
						msgtype: 'm.text',
						body: '@Anna Kowalska here',
						format: 'org.matrix.custom.html',
						formatted_body: `<p>${pill('@anna:one.test', '@Anna Kowalska')} here</p>`,
						'm.mentions': {user_ids: ['@anna:one.test']},
					},
				}),
			],
		});
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		await screen.waitFor('@Anna Kowalska here');
		screen.press('\u001B[A');
		await screen.waitFor('> @Anna Kowalska here');
		screen.press('!\r');
		await screen.waitFor(() => fake.of('send').length === 1);
		assert.deepEqual(contents(fake)[0]?.['m.mentions'], {user_ids: ['@anna:one.test']});
	});

	test('@room is offered and warned of where the power allows it', async () => {
		addLunch(sample.account, {
			state: [
				member('@anna:one.test', 'Anna Kowalska'),
				member(me, 'Me'),
				state('m.room.power_levels', '', {users: {[me]: 50}}),
			],
		});
		const {screen, fake} = await sample.open({answers: {send: store}, columns: 120});
		screen.press(enter);
		await screen.waitFor('Enter sends');
		screen.press('@roo');
		await screen.waitFor(/@room +notifies everybody here/);
		screen.press('\tdinner');
		await screen.waitFor(/> @room dinner\n.*@room notifies everybody here: \d+ p/);
		screen.press(enter);
		await screen.waitFor(() => fake.of('send').length === 1);
		assert.deepEqual(contents(fake)[0]?.['m.mentions'], {room: true});
		assert.equal(contents(fake)[0]?.['formatted_body'], undefined);
	});

	test('without the power @room is text, and mx says so before', async () => {
		addLunch(sample.account, {state: [state('m.room.power_levels', '', {users: {'@anna:one.test': 100}})]});
		const {screen, fake} = await sample.open({answers: {send: store}, columns: 120});
		screen.press(enter);
		await screen.waitFor('Enter sends');
		screen.press('@room dinner');
		await screen.waitFor('@room notifies nobody: that needs a power of 50 here, yours is 0');
		screen.press(enter);
		await screen.waitFor(() => fake.of('send').length === 1);
		assert.deepEqual(contents(fake)[0]?.['m.mentions'], {});
	});
});
