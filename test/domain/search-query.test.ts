/** What people type to search, and what they mean by it. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {parseDateWords} from '../../source/domain/date-words.ts';
import {parseSearch, type SearchQuery} from '../../source/domain/search-query.ts';

/** A Wednesday. */
const now = new Date(2026, 10, 25, 12, 30).getTime();

const parsed = (text: string): SearchQuery => {
	const result = parseSearch(text, {now});
	assert.ok(result.kind === 'query', `${text}: ${JSON.stringify(result)}`);
	return result.query;
};

const problem = (text: string): string => {
	const result = parseSearch(text, {now});
	assert.ok(result.kind === 'problem', `${text}: ${JSON.stringify(result)}`);
	return result.sentence;
};

/** `a|b c*  "d e" -f`: groups of alternatives, beginnings with a star, phrases in quotes, what is left out with a minus. */
const shown = ({words, excluded}: SearchQuery): string => {
	const one = ({kind, text}: SearchQuery['excluded'][number]): string =>
		kind === 'phrase' ? `"${text}"` : `${text}${kind === 'prefix' ? '*' : ''}`;
	return [...words.map(group => group.map(one).join('|')), ...excluded.map(word => `-${one(word)}`)].join(' ');
};

suite('words of a search', () => {
	const table: readonly (readonly [typed: string, meant: string])[] = [
		['tea', 'tea'],
		['  green   tea ', 'green tea'],
		['"green tea"', '"green tea"'],
		['“green', '"“green"'],
		['tea*', 'tea*'],
		['t*', 't'],
		['tea -milk', 'tea -milk'],
		['tea -"cold milk"', 'tea -"cold milk"'],
		['tea OR milk', 'tea|milk'],
		['tea or milk', 'tea or milk'],
		['OR tea', 'OR tea'],
		['tea OR', 'tea'],
		['tea OR "green tea" cup', 'tea|"green tea" cup'],
		['"tea', '"tea"'],
		['tea "" cup', 'tea cup'],
		['https://example.org/a', '"https://example.org/a"'],
		['@anna:example.org', '"@anna:example.org"'],
		['#room:example.org', '"#room:example.org"'],
		['e-mail', '"e-mail"'],
		["don't", "don't"],
		['10:30', '"10:30"'],
		['tea !!! 👍', 'tea'],
		['明日', '明日'],
		['"from:anna"', '"from:anna"'],
		['tea\0cup', 'tea cup'],
		['- tea', 'tea'],
	];
	for (const [typed, meant] of table) test(JSON.stringify(typed), () => assert.equal(shown(parsed(typed)), meant));

	test('the last word may go on while it is typed', () => {
		const open = (text: string) => {
			const result = parseSearch(text, {now, isBeingTyped: true});
			return result.kind === 'query' ? shown(result.query) : result.kind;
		};
		assert.deepEqual(['green te', 'green te ', 'green t', 't', '', 'green "te'].map(open), [
			'green te*',
			'green te',
			'green t',
			't',
			'nothing',
			'green "te"',
		]);
	});
});

const day = (year: number, month: number, date: number): number => new Date(year, month - 1, date).getTime();

suite('filters of a search', () => {
	const table: readonly (readonly [typed: string, filter: object])[] = [
		['from:anna', {kind: 'from', value: 'anna'}],
		['FROM:me', {kind: 'from', value: 'me'}],
		['from:@anna:example.org', {kind: 'from', value: '@anna:example.org'}],
		['to:anna', {kind: 'to', value: 'anna'}],
		['in:"Sunday lunch"', {kind: 'in', value: 'Sunday lunch'}],
		['in:#mx:example.org', {kind: 'in', value: '#mx:example.org'}],
		['on:signal', {kind: 'on', value: 'signal'}],
		['has:image', {kind: 'has', value: 'image'}],
		['has:Links', {kind: 'has', value: 'link'}],
		['is:mention', {kind: 'is', value: 'mention'}],
		['type:notice', {kind: 'type', value: 'notice'}],
		['before:2026-11-01', {kind: 'time', from: Number.NEGATIVE_INFINITY, to: day(2026, 11, 1)}],
		['after:2024-03', {kind: 'time', from: day(2024, 3, 1), to: Number.POSITIVE_INFINITY}],
		['during:2023', {kind: 'time', from: day(2023, 1, 1), to: day(2024, 1, 1)}],
		['during:"3 days ago"', {kind: 'time', from: day(2026, 11, 22), to: day(2026, 11, 23)}],
	];
	for (const [typed, filter] of table)
		test(typed, () => {
			assert.deepEqual(parsed(`tea ${typed}`).filters, [{filter, isExcluded: false}]);
			assert.deepEqual(parsed(`-${typed}`).filters, [{filter, isExcluded: true}]);
		});

	test('sort: is the order, and the newest come first without it', () => {
		assert.deepEqual(
			['tea', 'tea sort:oldest', 'sort:best tea'].map(text => parsed(text).order),
			['newest', 'oldest', 'best'],
		);
	});

	test('what cannot be meant is said, with what can', () => {
		assert.match(
			problem('form:anna'),
			/^There is no filter form: – there are from: to: in: .*In quotes it is words\.$/,
		);
		assert.match(problem('has:cats'), /^There is no has:cats – there are has:link, has:media/);
		assert.match(problem('is:nice tea'), /^There is no is:nice – there are is:edited/);
		assert.match(problem('before:3/4/2026'), /^"3\/4\/2026" is no date that mx can read: write 2026-11-01/);
		assert.match(problem('tea from:'), /^Write who after from:/);
		assert.match(problem('has: tea'), /^Write one of these after has: – link/);
		assert.match(problem('-tea'), /^Write what is searched for too/);
		assert.match(problem('👍'), /^Signs and emoji alone cannot be searched for/);
		assert.match(problem('x '.repeat(40)), /too many words/);
	});
});

suite('dates in words', () => {
	const table: readonly (readonly [text: string, from: string, to: string])[] = [
		['2026-11-01', '2026-11-01', '2026-11-02'],
		['2026-2-3', '2026-02-03', '2026-02-04'],
		['1.11.2026', '2026-11-01', '2026-11-02'],
		['2025', '2025-01-01', '2026-01-01'],
		['2025-12', '2025-12-01', '2026-01-01'],
		['today', '2026-11-25', '2026-11-26'],
		['Yesterday', '2026-11-24', '2026-11-25'],
		['monday', '2026-11-23', '2026-11-24'],
		['last monday', '2026-11-23', '2026-11-24'],
		['wednesday', '2026-11-18', '2026-11-19'],
		['thu', '2026-11-19', '2026-11-20'],
		['this week', '2026-11-23', '2026-11-30'],
		['last week', '2026-11-16', '2026-11-23'],
		['last month', '2026-10-01', '2026-11-01'],
		['last year', '2025-01-01', '2026-01-01'],
		['3 days ago', '2026-11-22', '2026-11-23'],
		['2 weeks', '2026-11-11', '2026-11-12'],
		['a year ago', '2025-11-25', '2025-11-26'],
		['november', '2026-11-01', '2026-12-01'],
		['december', '2025-12-01', '2026-01-01'],
		['nov 2024', '2024-11-01', '2024-12-01'],
		['1 nov 2025', '2025-11-01', '2025-11-02'],
		['Nov 1st, 2025', '2025-11-01', '2025-11-02'],
		['30 nov', '2025-11-30', '2025-12-01'],
		['29 feb 2024', '2024-02-29', '2024-03-01'],
	];
	for (const [text, from, to] of table)
		test(text, () => {
			const span = parseDateWords(text, now);
			const shownDay = (time: number) =>
				new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
			assert.deepEqual(span && [shownDay(span.from), shownDay(span.to)], [from, to]);
		});

	test('a time of day is a minute', () => {
		const at = (text: string): string | undefined => {
			const span = parseDateWords(text, now);
			if (span === undefined) return undefined;
			assert.equal(span.to - span.from, 60_000);
			return new Date(span.from).toString().slice(4, 21);
		};
		assert.equal(at('yesterday 9:05'), 'Nov 24 2026 09:05');
		assert.equal(at('2026-11-01T18:30'), 'Nov 01 2026 18:30');
		assert.equal(at('14:00'), 'Nov 25 2026 14:00');
	});

	test('what may be two days, or none, is none', () => {
		for (const text of [
			'',
			'3/4/2026',
			'2026-13-01',
			'2026-02-30',
			'29 feb 2025',
			'mo',
			'someday',
			'25:00',
			'1969',
			'99999999 years ago',
			'nov nov',
		])
			assert.equal(parseDateWords(text, now), undefined, text);
	});
});
