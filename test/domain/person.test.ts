/** Who is one person: parsing of hostile account data, and changes that lose nothing of what other devices wrote. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {parsePeople, parsePeopleChange, withPeopleChange, type PeopleChange} from '../../source/domain/person.ts';

const [signal, whatsapp, sms, plain] = ['@signal_a:x', '@whatsapp_1:x', '@sms_1:x', '@anna:y'];

const nobody = {people: [], apart: []};

suite('people in account data', () => {
	const cases: readonly (readonly [name: string, content: unknown, people: readonly object[]])[] = [
		['nothing', {}, []],
		['no list', {people: 'all'}, []],
		['no objects', {people: [null, 1, 'x', [], [signal]]}, []],
		[
			'a person',
			{people: [{id: 'a', name: ' Anna ', users: [signal, plain], prefers: plain}]},
			[{id: 'a', name: 'Anna', users: [signal, plain], prefers: plain}],
		],
		['without an id', {people: [{users: [signal]}, {id: '', users: [signal]}, {id: 7, users: [signal]}]}, []],
		['without users', {people: [{id: 'a'}, {id: 'b', users: []}, {id: 'c', users: ['anna', '@x', 7, null]}]}, []],
		[
			'a user twice',
			{
				people: [
					{id: 'a', users: [signal, signal]},
					{id: 'b', users: [signal, plain]},
				],
			},
			[
				{id: 'a', users: [signal]},
				{id: 'b', users: [plain]},
			],
		],
		[
			'an id twice',
			{
				people: [
					{id: 'a', users: [signal]},
					{id: 'a', users: [plain]},
				],
			},
			[{id: 'a', users: [signal]}],
		],
		[
			'a name that is none',
			{
				people: [
					{id: 'a', name: {}, users: [signal]},
					{id: 'b', name: '  ', users: [plain]},
				],
			},
			[
				{id: 'a', users: [signal]},
				{id: 'b', users: [plain]},
			],
		],
		[
			'a preference for somebody else',
			{people: [{id: 'a', users: [signal], prefers: plain}]},
			[{id: 'a', users: [signal]}],
		],
		[
			'keys that are none',
			JSON.parse('{"__proto__":{"people":[]},"people":[{"id":"__proto__","users":["@a:x"]}]}'),
			[{id: '__proto__', users: ['@a:x']}],
		],
	];
	for (const [name, content, people] of cases)
		test(name, () => {
			const expected = people.map(person => ({name: undefined, prefers: undefined, ...person}));
			assert.deepEqual(parsePeople(content as JsonObject).people, expected);
		});

	test('are bounded', () => {
		const users = Array.from({length: 200}, (_, index) => `@u${index}:x`);
		const many = Array.from({length: 5000}, (_, index) => ({id: `p${index}`, users: [`@p${index}:x`]}));
		const [first, second] = parsePeople({
			people: [
				{id: 'a', users, name: 'x'.repeat(999)},
				{id: 'y'.repeat(101), users: [plain]},
			],
		}).people;
		assert.deepEqual([first?.users.length, first?.name?.length, second], [50, 100, undefined]);
		assert.equal(parsePeople({people: many}).people.length, 1000);
	});

	test('pairs that are two people are pairs of two user ids', () => {
		const apart = [[signal, plain], [signal], [signal, signal], [signal, 'anna'], [signal, plain, sms], 'x', null];
		assert.deepEqual(parsePeople({apart}).apart, [[signal, plain]]);
		assert.deepEqual(parsePeople({apart: {}}), nobody);
	});
});

const linked = (users: readonly string[], id = 'new', name?: string): PeopleChange => ({kind: 'link', users, id, name});

/** @returns the content after the changes, each made twice: the second time it must change nothing */
const after = (content: JsonObject, ...changes: readonly PeopleChange[]): JsonObject =>
	changes.reduce((before, change) => {
		const once = withPeopleChange(before, change);
		assert.deepEqual(withPeopleChange(once, change), once);
		return once;
	}, content);

suite('changes of people', () => {
	test('who is linked is one, with all who are one with any of them', () => {
		const content = after({}, linked([signal, whatsapp], 'a', 'Anna'));
		assert.deepEqual(content, {people: [{id: 'a', name: 'Anna', users: [signal, whatsapp]}]});
		const two = after(content, linked([sms, plain], 'b', 'A. K.'));
		assert.deepEqual(after(two, linked([plain, whatsapp], 'c')), {
			people: [{id: 'a', name: 'A. K.', users: [signal, whatsapp, sms, plain]}],
		});
		assert.deepEqual(after(two, linked([plain, whatsapp], 'c', 'Annie')), {
			people: [{id: 'a', name: 'Annie', users: [signal, whatsapp, sms, plain]}],
		});
	});

	test('who is unlinked is nobody, and apart from the others; of two nobody is left', () => {
		const content = after({}, linked([signal, whatsapp, sms], 'a'));
		const two = after(content, {kind: 'unlink', user: sms});
		assert.deepEqual(two, {
			people: [{id: 'a', users: [signal, whatsapp]}],
			apart: [
				[signal, sms],
				[sms, whatsapp],
			],
		});
		const none = after(two, {kind: 'unlink', user: signal});
		assert.deepEqual(parsePeople(none).people, []);
		assert.equal(parsePeople(none).apart.length, 3);
		// To link them again takes that back.
		assert.deepEqual(after(none, linked([signal, whatsapp, sms], 'b')), {
			people: [{id: 'b', users: [signal, whatsapp, sms]}],
		});
	});

	test('who has a name stays a person with one user alone', () => {
		const content = after({}, linked([signal, whatsapp], 'a', 'Anna'), {kind: 'unlink', user: signal});
		assert.deepEqual(parsePeople(content).people, [{id: 'a', name: 'Anna', users: [whatsapp], prefers: undefined}]);
		assert.deepEqual(parsePeople(after(content, {kind: 'unlink', user: whatsapp})).people, []);
	});

	test('names and preferences are of the person of a user', () => {
		const content = after({}, linked([signal, whatsapp], 'a'), {kind: 'rename', user: whatsapp, name: 'Anna'});
		assert.deepEqual(content, {people: [{id: 'a', users: [signal, whatsapp], petname: 'Anna'}]});
		const [person] = parsePeople(after(content, {kind: 'prefer', user: whatsapp, isSet: true})).people;
		assert.equal(person?.prefers, whatsapp);
		const preferred = after(content, {kind: 'prefer', user: whatsapp, isSet: true});
		assert.deepEqual(after(preferred, {kind: 'prefer', user: whatsapp, isSet: false}), content);
		assert.deepEqual(after(preferred, {kind: 'prefer', user: signal, isSet: false}), preferred);
		assert.equal(parsePeople(after(preferred, {kind: 'unlink', user: whatsapp})).people[0]?.prefers, undefined);
		assert.deepEqual(after(content, {kind: 'rename', user: signal, name: ''}), {
			people: [{id: 'a', users: [signal, whatsapp]}],
		});
		assert.deepEqual(after(content, {kind: 'rename', user: plain, name: 'Nobody'}), content);
	});

	test('the name of the link comes back when the one that was given later is taken away', () => {
		const nameOf = (content: JsonObject) => parsePeople(content).people[0]?.name;
		const content = after({}, linked([signal, whatsapp], 'a', 'Anna'));
		const renamed = after(content, {kind: 'rename', user: signal, name: 'Sis'});
		assert.equal(nameOf(renamed), 'Sis');
		assert.deepEqual(after(renamed, {kind: 'rename', user: whatsapp, name: ''}), content);
		// Also when somebody was linked with them meanwhile.
		const three = after(renamed, linked([signal, sms], 'b'));
		assert.equal(nameOf(three), 'Sis');
		assert.equal(nameOf(after(three, {kind: 'rename', user: sms, name: ''})), 'Anna');
	});

	test('what another device wrote stays, also what this version does not understand', () => {
		const theirs = {
			version: 2,
			people: [
				{id: 'a', users: [signal, whatsapp], colour: 'red'},
				{id: 'b', users: [sms], name: 'Bob', more: {x: 1}},
			],
			apart: [[plain, sms]],
		};
		assert.deepEqual(after(theirs, linked([whatsapp, plain], 'c', 'Anna'), {kind: 'apart', users: [signal, sms]}), {
			version: 2,
			people: [
				{id: 'a', users: [signal, whatsapp, plain], colour: 'red', name: 'Anna'},
				{id: 'b', users: [sms], name: 'Bob', more: {x: 1}},
			],
			apart: [
				[plain, sms],
				[signal, sms],
			],
		});
	});

	test('what makes no sense changes nothing, and is no change', () => {
		const content: JsonObject = {people: 'all', apart: 7};
		assert.deepEqual(parsePeople(after(content, {kind: 'unlink', user: signal})), nobody);
		assert.deepEqual(parsePeople(after(content, linked([signal, plain], 'a'))).people.length, 1);
		for (const value of [
			null,
			{},
			{kind: 'link', users: [signal]},
			{kind: 'link', id: 'x', users: ['anna']},
			{kind: 'unlink', user: 'anna'},
			{kind: 'apart', users: [signal, signal]},
			{kind: 'drop', user: signal},
		])
			assert.equal(parsePeopleChange(value), undefined);
		const change = {kind: 'rename', user: signal, name: ` ${'x'.repeat(200)}`};
		assert.deepEqual(parsePeopleChange(change), {kind: 'rename', user: signal, name: 'x'.repeat(99)});
	});
});
