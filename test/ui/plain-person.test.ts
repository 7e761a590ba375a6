/** The linear view of a person on several networks: what is said of whom, and which way what is typed goes. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {waiting} from './message-session.ts';
import {setUpPlain} from './plain-session.ts';
import {addAnna, annaSays, linkPeople, onMatrix, onSignal, onWhatsApp} from './sample-person.ts';

const sample = setUpPlain();
const {open} = sample;

const bodies = (roomId: string): readonly unknown[] =>
	waiting(sample.account, roomId).map(({content}) => content['body']);

suite('a person on several networks in the linear view', () => {
	test('is one conversation; messages of other networks than the one that is written to say theirs', async () => {
		addAnna(sample.account);
		const {plain} = await open();
		plain.type('/go anna');
		await plain.waitFor('12:33 Anna: look at this\n');
		const said = plain.output();
		assert.match(said, /You are in Anna, on WhatsApp \(also Signal, Matrix: \/via\), not encrypted/);
		assert.match(said, /18:02 Anna on Signal: are you coming\?\n/);
		assert.match(said, /18:40 you: yes! what shall I bring\n/);
		assert.match(said, /09:00 Anna on Matrix: hello from Matrix\n/);
		sample.account.sync({id: onSignal.id, timeline: [annaSays(onSignal, 'are you there?', '12:43')]});
		plain.tell();
		await plain.waitFor('12:43 Anna on Signal: are you there?\n');
	});

	test('is written to over another network by /via, which says so and repeats nothing', async () => {
		addAnna(sample.account);
		const {plain} = await open();
		plain.type('/go anna');
		await plain.waitFor('12:33 Anna: look at this\n');
		const before = plain.output().length;
		plain.type('/via signal');
		await plain.waitFor('Writing on Signal.\n');
		await plain.say('yes', 'you: yes\n');
		sample.account.sync({id: onWhatsApp.id, timeline: [annaSays(onWhatsApp, 'see?', '12:44')]});
		plain.tell();
		await plain.waitFor('12:44 Anna on WhatsApp: see?\n');
		assert.doesNotMatch(plain.output().slice(before), /look at this|bring the salad/);
		assert.deepEqual(
			[onSignal, onWhatsApp, onMatrix].map(({id}) => bodies(id)),
			[['yes'], [], []],
		);
	});

	test('is answered where it was said', async () => {
		addAnna(sample.account);
		const {plain} = await open();
		plain.type('/go anna');
		await plain.waitFor('12:33 Anna: look at this\n');
		plain.type('/select 2');
		await plain.waitFor('bring the salad"');
		plain.type('/reply');
		await plain.waitFor('Replying on Signal.\n');
		await plain.say('with walnuts', 'with walnuts\n');
		assert.deepEqual(bodies(onSignal.id), ['with walnuts']);
		assert.deepEqual(bodies(onWhatsApp.id), []);
	});

	test('falls apart into single rooms, of which the open one is said', async () => {
		addAnna(sample.account);
		const {plain} = await open();
		plain.type('/go anna');
		await plain.waitFor('12:33 Anna: look at this\n');
		linkPeople(sample.account, []);
		plain.tell();
		await plain.waitFor(/You are in Anna, on WhatsApp, not encrypted/);
	});
});
