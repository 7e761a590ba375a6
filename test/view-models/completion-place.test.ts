/** What can be completed: the sign, the word behind it, and where nothing is meant to be completed. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {
	barePlace,
	completionPlace,
	isInCode,
	type CompletionCommand,
} from '../../source/view-models/completion-place.ts';

const command = (name: string, parameters: CompletionCommand['parameters'], aliases: readonly string[] = []) => ({
	name,
	aliases,
	usage: `/${name}`,
	summary: name,
	parameters,
});

const commands: readonly CompletionCommand[] = [
	command('me', [{kind: 'text', isRest: true}]),
	command('go', [{kind: 'room', isRest: true}], ['switch']),
	command('kick', [
		{kind: 'user', isRest: false},
		{kind: 'text', isRest: true},
	]),
	command('upload', [{kind: 'file', isRest: true}]),
	command('date', [{kind: 'word', isRest: false}]),
	command('quit', []),
];

type Case = readonly [text: string, place: string];

/** The text has `|` where the cursor is; a place is its kind, the range and the query. */
const check = (title: string, cases: readonly Case[], find: typeof completionPlace = completionPlace) => {
	suite(title, () => {
		for (const [marked, expected] of cases) {
			test(`${marked.replaceAll('\n', '⏎')} → ${expected}`, () => {
				const cursor = marked.indexOf('|');
				const place = find(marked.replace('|', ''), cursor, commands);
				const shown = place === undefined ? 'nothing' : `${place.kind} ${place.from} "${place.query}"`;
				assert.equal(shown, expected);
				if (place !== undefined) assert.equal(place.to, cursor);
			});
		}
	});
};

check('people', [
	['@|', 'person 0 ""'],
	['@an|', 'person 0 "an"'],
	['hi @an| there', 'person 3 "an"'],
	['hi @an|na', 'person 3 "an"'],
	['(@an|', 'person 1 "an"'],
	['"@an|', 'person 1 "an"'],
	['line\n@an|', 'person 5 "an"'],
	['@anna:one.test|', 'person 0 "anna:one.test"'],
	['@Łuk|', 'person 0 "Łuk"'],
	['@田中|', 'person 0 "田中"'],
	['こんにちは@田|', 'person 5 "田"'],
	['👋@an|', 'person 2 "an"'],
	['anna@one|', 'nothing'],
	['żó@one|', 'nothing'],
	['@anna |', 'nothing'],
	['@@an|', 'nothing'],
	['|@an', 'nothing'],
	[`@${'a'.repeat(80)}|`, 'nothing'],
]);

check('rooms', [
	['#|', 'room 0 ""'],
	['see #lun|', 'room 4 "lun"'],
	['#lunch:one.test|', 'room 0 "lunch:one.test"'],
	['c#|', 'nothing'],
	['##|', 'nothing'],
	['# Title|', 'nothing'],
	['https://one.test/#a|', 'nothing'],
]);

check('emoji', [
	[':ta|', 'emoji 0 "ta"'],
	['so :+1|', 'emoji 3 "+1"'],
	['🎉:ta|', 'emoji 2 "ta"'],
	['(:ta|', 'emoji 1 "ta"'],
	[':t|', 'nothing'],
	[':|', 'nothing'],
	[':)|', 'nothing'],
	['10:30|', 'nothing'],
	['at :30|', 'nothing'],
	['re:start|', 'nothing'],
	['std::vec|', 'nothing'],
	['>:th|', 'nothing'],
	['http://x|', 'nothing'],
]);

check('commands', [
	['/|', 'command 0 ""'],
	['/go|', 'command 0 "go"'],
	['/g|o x', 'command 0 "g"'],
	['|/go', 'nothing'],
	['//go|', 'nothing'],
	[' /go|', 'nothing'],
	['/nothing @an|', 'nothing'],
	['/quit @an|', 'nothing'],
]);

check('arguments', [
	['/go |', 'argument-room 4 ""'],
	['/go Sunday lu|', 'argument-room 4 "Sunday lu"'],
	['/switch lu|', 'argument-room 8 "lu"'],
	['/kick @an|', 'argument-user 6 "@an"'],
	['/kick  an|', 'argument-user 7 "an"'],
	['/kick @anna:one.test he said @bo|', 'person 29 "bo"'],
	['/me hugs @an|', 'person 9 "an"'],
	['/me is :ta|', 'emoji 7 "ta"'],
	['/upload ~/pic|', 'argument-file 8 "~/pic"'],
	['/date 2026|', 'nothing'],
	['/date 2026 more|', 'nothing'],
]);

check('code is left alone', [
	['`@an|', 'nothing'],
	['`a` @an|', 'person 4 "an"'],
	['```\n@an|', 'nothing'],
	['```\nx\n```\n@an|', 'person 10 "an"'],
	['```ts\n:ta|', 'nothing'],
	['a ` b\n@an|', 'person 6 "an"'],
]);

check(
	'a word without a sign',
	[
		['an|', 'person 0 "an"'],
		['hi An|', 'person 3 "An"'],
		['hi |', 'nothing'],
		['/an|', 'nothing'],
		['`an|', 'nothing'],
		['田中|', 'person 0 "田中"'],
	],
	(text, cursor) => barePlace(text, cursor),
);

test('in a megabyte only what is near the cursor is looked at', () => {
	const text = `${'`lorem ipsum` @dolor\n'.repeat(50_000)}@an`;
	let read = 0;
	const counted = new Proxy(new String(text), {
		get(target, name) {
			const value: unknown = Reflect.get(target, name);
			if (typeof value !== 'function') return value;
			return (...args: unknown[]): unknown => {
				const result: unknown = Reflect.apply(value, text, args);
				if (typeof result === 'string') read += result.length;
				return result;
			};
		},
	}) as unknown as string;
	assert.equal(isInCode(counted, text.length), false);
	assert.ok(read < 20_000, String(read));
	assert.equal(completionPlace(text, text.length, commands)?.query, 'an');
});
