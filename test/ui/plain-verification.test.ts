/** Verification line by line: a request is a sentence, its emoji have names, and numbers or words answer. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Verification} from '../../source/domain/verification-requests.ts';
import {setUpPlain} from './plain-session.ts';
import {addLunch} from './sample-screen.ts';
import {askedVerification} from './sample-verification.ts';

const sample = setUpPlain();
const asked = askedVerification;
const emoji = ['Dog', 'Cat', 'Lion', 'Horse', 'Unicorn', 'Pig', 'Elephant'].map(name => ({symbol: '🐶', name}));

test('a request is told, accepted by its number, compared by names, and confirmed by a word', async () => {
	addLunch(sample.account);
	const {plain, fake} = await sample.open({
		answers: {
			acceptVerification: async () => ({...asked, step: 'ready'}),
			confirmVerification: async () => ({...asked, step: 'confirmed'}),
		},
	});
	const tell = (verification: Verification): void => plain.notify({kind: 'verification', verification});
	tell(asked);
	await plain.waitFor('Laptop (LAPTOP) asks to be verified. /verify shows it');
	await plain.say('/verify', /Accept only if you sit at it\.\n1\. Accept\n2\. Decline\n/);
	await plain.say('1', 'Agreed.');
	assert.deepEqual(fake.of('acceptVerification'), [{id: 'one'}]);
	tell({...asked, step: 'compare', emoji, decimals: [1234, 5678, 9012]});
	await plain.waitFor('The emoji: 1 Dog, 2 Cat, 3 Lion, 4 Horse, 5 Unicorn, 6 Pig, 7 Elephant.');
	await plain.waitFor(/The numbers: 1234, 5678, 9012\.\n1\. They match\n2\. They do not match\n3\. Cancel/);
	await plain.say('/verify match', 'You said that they match.');
	assert.deepEqual(fake.of('confirmVerification'), [{id: 'one'}]);
	tell({...asked, step: 'done', isTrusted: true, ending: 'Both devices trust each other now.'});
	await plain.waitFor('Both devices trust each other now.');
});
