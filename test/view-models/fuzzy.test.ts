/** Finding by a few letters: what is found, in which order, and which letters stand out. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {safeText} from '../../source/text/safe-text.ts';
import {createFuzzy, emphasised} from '../../source/view-models/fuzzy.ts';
import {createRoomTrail} from '../../source/view-models/room-trail.ts';

const over = (names: readonly string[], others: Readonly<Record<string, string>> = {}) =>
	createFuzzy(names, name => ({name: safeText(name, 'name'), others: others[name]}));

/** The letters that stand out, in brackets. */
const shown = (name: string, spots: readonly number[]): string =>
	emphasised(safeText(name, 'name'), spots)
		.map(({text, style}) => (style.role === 'accent' ? `[${text}]` : text))
		.join('');

suite('finding by letters', () => {
	test('letters in their order find a name, those at the beginnings of words first', () => {
		const fuzzy = over(['Resoluns', 'Sunday lunch', 'Ops']);
		const [first] = fuzzy.find('slun', 10);
		assert.equal(first?.item, 'Sunday lunch');
		assert.equal(shown(first.item, first.spots), '[S]unday [lun]ch');
		assert.deepEqual(
			fuzzy.find('ops', 10).map(({item}) => item),
			['Ops'],
		);
	});

	test('accents, capitals and scripts without spaces make no difference', () => {
		const fuzzy = over(['Zoé', 'Łódź', '日本語の部屋', 'ÜBER']);
		for (const [query, name] of [
			['zoe', 'Zoé'],
			['lodz', 'Łódź'],
			['部屋', '日本語の部屋'],
			['uber', 'ÜBER'],
		] as const)
			assert.equal(fuzzy.find(query, 1)[0]?.item, name);
	});

	test('where names match alike, the one further up the list comes first', () => {
		const names = Array.from({length: 500}, (_, index) => `Room ${String(index).padStart(3, '0')}`);
		const found = over(names).find('ro', 5);
		assert.deepEqual(
			found.map(({item}) => item),
			names.slice(0, 5),
		);
	});

	test('an alias finds too, but no letter of the name stands out for it', () => {
		const fuzzy = over(['Lunch'], {Lunch: '#mittag:one.test'});
		assert.deepEqual(fuzzy.find('mittag', 10), [{item: 'Lunch', spots: []}]);
	});

	test('where it is finds too, by the beginnings of words and below what is called so', () => {
		const rooms = [
			{name: 'general', places: 'Slack Globex'},
			{name: 'Mum', places: 'Signal +44 7700 900142'},
			{name: 'general', places: 'Slack Acme'},
			{name: 'The globetrotters', places: ''},
		];
		const fuzzy = createFuzzy(rooms, ({name, places}) => ({name: safeText(name, 'name'), places}));
		const found = (query: string): readonly number[] => fuzzy.find(query, 10).map(({item}) => rooms.indexOf(item));
		assert.deepEqual(found('glob'), [3, 0]);
		assert.deepEqual(found('globex'), [0]);
		assert.deepEqual(found('general acme'), [2]);
		assert.deepEqual(found('slack'), [0, 2]);
		assert.deepEqual(found('signal'), [1]);
		// In the middle of a word it is chance.
		assert.deepEqual(found('cme'), []);
		assert.deepEqual(found('+'), []);
		assert.deepEqual(fuzzy.find('globex', 10)[0]?.spots, []);
	});

	test('nothing that is asked finds all, and nonsense finds nothing', () => {
		const fuzzy = over(['a', 'b', 'c']);
		assert.equal(fuzzy.find('  ', 2).length, 2);
		assert.deepEqual(fuzzy.find('xyz', 10), []);
	});

	test('a character of several code units stands out as a whole', () => {
		const name = 'x👩‍👩‍👧y';
		for (let spot = 1; spot < name.length - 1; spot += 1) assert.equal(shown(name, [spot]), 'x[👩‍👩‍👧]y');
		assert.equal(shown('plain', []), 'plain');
	});

	test('hostile names and queries of any length change nothing', () => {
		const fuzzy = over(['a'.repeat(70_000), '\u001B]0;x\u0007', '\uD800', '\u202Eabc']);
		for (const query of ['a'.repeat(70_000), '\u001B', '\uD800', ' \0 ', '__proto__', '   a'])
			assert.ok(Array.isArray(fuzzy.find(query, 10)));
	});
});

suite('the trail of rooms', () => {
	const start = () => {
		let time = 0;
		return {
			trail: createRoomTrail<string>(() => time),
			wait: (milliseconds: number) => void (time += milliseconds),
		};
	};

	test('goes back and forward, and a new way drops the old one forward', () => {
		const {trail} = start();
		for (const rid of [1, 2, 3]) trail.visit(rid);
		assert.equal(trail.back()?.rid, 2);
		assert.equal(trail.back()?.rid, 1);
		assert.equal(trail.back(), undefined);
		assert.equal(trail.forward()?.rid, 2);
		trail.visit(4);
		assert.equal(trail.forward(), undefined);
		assert.equal(trail.back()?.rid, 2);
		assert.deepEqual(trail.recent(), [2, 4, 1, 3]);
	});

	test('rooms that were only passed on the way are no stops, unless the person stayed', () => {
		const {trail, wait} = start();
		trail.visit(1);
		trail.visit(2, true);
		trail.visit(3, true);
		wait(2000);
		trail.visit(4, true);
		assert.deepEqual(trail.recent(), [4, 3, 1]);
		assert.equal(trail.back()?.rid, 3);
		assert.equal(trail.back()?.rid, 1);
	});

	test('a stop keeps the place that it was left at', () => {
		const {trail} = start();
		trail.visit(1);
		trail.leave('far up');
		trail.visit(2);
		assert.deepEqual(trail.back(), {rid: 1, place: 'far up', isPassing: false, time: 0});
	});

	test('remembers a bounded number of stops', () => {
		const {trail} = start();
		for (let rid = 1; rid <= 1000; rid += 1) trail.visit(rid);
		let steps = 0;
		while (trail.back() !== undefined) steps += 1;
		assert.ok(steps <= 100);
		assert.ok(trail.recent().length <= 50);
	});
});
