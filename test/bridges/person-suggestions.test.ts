/** Who may be one person: by a number or an address that bridges vouch for, else by the same name; never who was said to be two. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {
	identifiersOfGhost,
	parseIdentifiers,
	reasonWords,
	suggestPersons,
} from '../../source/bridges/person-suggestions.ts';
import type {Contact} from '../../source/domain/people-requests.ts';

const contact = (userId: string, name: string, more: Partial<Contact> = {}): Contact => ({
	rid: 1,
	roomId: `!${userId}`,
	userId,
	name,
	protocol: /^@(signal|whatsapp)_/.exec(userId)?.[1],
	bot: undefined,
	person: undefined,
	personName: undefined,
	...more,
});

const signal = contact('@signal_anna:x', 'Anna');
const whatsapp = contact('@whatsapp_4915123456:x', 'Anna K');
const plain = contact('@anna:y', 'Anna');

const suggested = (
	contacts: readonly Contact[],
	identifiers: Readonly<Record<string, readonly string[]>> = {},
	apart: readonly (readonly [string, string])[] = [],
) =>
	suggestPersons({contacts, identifiersOf: ({userId}) => identifiers[userId] ?? [], apart}).map(
		({first, second, reason}) => [first.userId, second.userId, reasonWords(reason)],
	);

const number = ['tel:+4915123456'];

suite('suggestions of people', () => {
	test('identifiers are numbers and addresses in one way of writing; all else is left out', () => {
		const value = [
			'tel:+49 (151) 234-56',
			'TEL:004915123456',
			'mailto: Anna@One.Test ',
			'tel:112',
			'tel:015123456',
			'signal:4f',
		];
		assert.deepEqual(parseIdentifiers(value), ['tel:+4915123456', 'mailto:anna@one.test']);
		for (const hostile of [
			null,
			{},
			'tel:+4915123456',
			[7, null, {}],
			['mailto:a@b', 'mailto:@', `tel:+${'1'.repeat(300)}`],
		])
			assert.deepEqual(parseIdentifiers(hostile), []);
		assert.equal(parseIdentifiers(Array.from({length: 500}, (_, index) => `tel:+4915100${index + 100}`)).length, 20);
	});

	test('WhatsApp has the number in the user id', () => {
		assert.deepEqual(identifiersOfGhost('@whatsapp_4915123456:x', 'whatsapp'), number);
		assert.deepEqual(identifiersOfGhost('@whatsapp_lid-4915123456:x', 'whatsapp'), []);
		assert.deepEqual(identifiersOfGhost('@whatsapp_4915123456:x', 'signal'), []);
	});

	test('names are compared without the network that a bridge puts behind them, and without nothing else', () => {
		const isOne = (name: string, more: Partial<Contact> = {}): boolean =>
			suggested([plain, contact('@whatsapp_4915123456:x', name, more)]).length === 1;
		for (const name of ['Anna', ' Anna  ', 'Anna (WA)', 'Anna (WhatsApp)']) assert.ok(isOne(name), name);
		for (const name of ['Anna (work)', 'Anna - WhatsApp', '(WhatsApp)', 'Anna (SG)']) assert.ok(!isOne(name), name);
		assert.ok(!isOne('Anna (WA)', {protocol: undefined}));
	});

	test('the same number comes before the same name, and each pair once', () => {
		const identifiers = {[signal.userId]: number, [whatsapp.userId]: number};
		assert.deepEqual(suggested([signal, whatsapp, plain], identifiers), [
			[signal.userId, whatsapp.userId, 'the same number, +4915123456'],
			[signal.userId, plain.userId, 'the same name, Anna'],
		]);
		const both = {[signal.userId]: [...number, 'mailto:a@b.c'], [whatsapp.userId]: [...number, 'mailto:a@b.c']};
		assert.equal(suggested([signal, whatsapp], both).length, 1);
	});

	test('who is one person already, or was said to be two, is not suggested', () => {
		const one = {person: 7};
		assert.deepEqual(
			suggested([
				{...signal, ...one},
				{...plain, ...one},
			]),
			[],
		);
		assert.deepEqual(suggested([signal, plain], {}, [[plain.userId, signal.userId]]), []);
		// Neither is who was told apart from another chat of the person.
		const person = [
			{...signal, ...one},
			{...whatsapp, ...one},
		];
		assert.deepEqual(suggested([...person, plain], {}, [[plain.userId, whatsapp.userId]]), []);
		assert.deepEqual(suggested([...person, plain]), [[signal.userId, plain.userId, 'the same name, Anna']]);
	});

	test('two rooms with one user are no suggestion, and nobody of many is suggested for ever', () => {
		assert.deepEqual(suggested([plain, {...plain, rid: 2}]), []);
		const many = Array.from({length: 900}, (_, index) => contact(`@u${index}:x`, 'Support'));
		assert.equal(suggested(many).length, 200);
	});
});
