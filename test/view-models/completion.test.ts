/** The completion menu: what it offers, how it is walked through, and what a row puts into the text. */
import {botCommands} from '../../source/bridges/bot-commands.ts';
import type {Portal} from '../../source/domain/portal.ts';
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createEmojiNames} from '../../source/text/emoji-names.ts';
import {lineWidth} from '../../source/view-models/screen-line.ts';
import {ranked} from '../../source/view-models/completion-rank.ts';
import type {CompletionPerson, CompletionRoom, CompletionSource} from '../../source/view-models/completion-rows.ts';
import {createCompletion, type CompletionEdit} from '../../source/view-models/completion.ts';
import {run, show, type, write} from './composer-writing.ts';
import type {Composer} from '../../source/view-models/composer.ts';
import {keyOf} from './default-keys.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const person = (userId: string, displayName?: string, isAmbiguous = false): CompletionPerson => ({
	userId,
	displayName,
	isAmbiguous,
});

const people = [
	person('@anna:one.test', 'Anna Kowalska'),
	person('@zoe:one.test', 'Zoé'),
	person('@sam:one.test', 'Sam', true),
	person('@sam:two.test', 'Sam', true),
	person('@odd:one.test', '  \u202Eevil\u0000 '),
	person('@poser:one.test', '@anna:one.test'),
	person('@nameless:one.test'),
];

const outsiders = [person('@tom:one.test', 'Tom')];

const room = (name: string, alias?: string): CompletionRoom => ({
	roomId: `!${name.toLowerCase().replaceAll(/\W/g, '')}:one.test`,
	name,
	alias,
	servers: ['one.test'],
	isAmbiguous: name === 'Twin',
});

const rooms = [room('Sunday lunch', '#lunch:one.test'), room('#ops'), room('Twin')];

const emoji = createEmojiNames({'1F389': ['party', 'tada'], '1F44D': ['+1', 'thumbsup'], '2764': 'heart'});

const command = (
	name: string,
	kinds: readonly ('room' | 'text' | 'user' | 'member' | 'outsider' | 'file')[],
	aliases: readonly string[] = [],
) => ({
	name,
	aliases,
	usage: `/${name}${kinds.map(kind => ` ${kind.toUpperCase()}`).join('')}`,
	summary: `does ${name}`,
	parameters: kinds.map(kind => ({kind, isRest: !['user', 'member', 'outsider'].includes(kind)})),
});

const console: Portal = samplePortal({kind: 'console', bot: '@signalbot:one.test'});

const source: CompletionSource = {
	commands: [
		command('join', ['room']),
		command('go', ['room'], ['jump']),
		command('quit', []),
		command('whois', ['user']),
		command('kick', ['member']),
		command('invite', ['outsider']),
	],
	people: (_, query, limit) =>
		ranked(people, query, each => [each.displayName ?? '', each.userId.slice(1)]).slice(0, limit),
	knownPeople: (_, query, limit) => ranked(people, query, each => [each.userId.slice(1)]).slice(0, limit),
	outsiders: (_, query, limit) => ranked(outsiders, query, each => [each.userId.slice(1)]).slice(0, limit),
	rooms: (query, limit) => ranked(rooms, query, ({name}) => [name]).slice(0, limit),
	emoji: (query, limit) => emoji.find(query, limit),
	files: query => (query.startsWith('~/') ? [{path: '~/pictures/'}, {path: '~/plan.txt'}] : undefined),
	everybody: () => 12,
	networks: () => [],
	botCommands: rid => (rid === 7 ? botCommands(console) : []),
};

const facts = (composer: Composer) => ({composer, rid: 1, isActive: true});

const opened = (text: string, options: Partial<CompletionSource> = {}) => {
	const completion = createCompletion({...source, ...options}, keyOf);
	const composer = run(write('|'), ...type(text));
	completion.look(facts(composer));
	return {completion, composer};
};

const apply = (composer: Composer, edit: CompletionEdit | undefined): string => {
	assert.ok(edit);
	const {from, to, text, mention} = edit;
	const next = run(composer, {kind: 'replace', from, to, text, mentions: mention === undefined ? [] : [mention]});
	return `${show(next)}${next.mentions.map(each => ` [${each.text} = ${each.id}]`).join('')}`;
};

/** What is typed, the rows walked down, and what Tab makes of it. */
const takes = (title: string, cases: readonly (readonly [typed: string, steps: number, after: string])[]) => {
	suite(title, () => {
		for (const [typed, steps, after] of cases) {
			test(`${typed} ${'↓'.repeat(steps)} Tab → ${after}`, () => {
				const {completion, composer} = opened(typed);
				for (let step = 0; step < steps; step += 1) completion.move(1);
				assert.equal(apply(composer, completion.take()), after);
			});
		}
	});
};

takes('what a row puts in', [
	['hi @an', 0, 'hi @Anna Kowalska | [@Anna Kowalska = @anna:one.test]'],
	['@zoe', 0, '@Zoé | [@Zoé = @zoe:one.test]'],
	['@kow', 0, '@Anna Kowalska | [@Anna Kowalska = @anna:one.test]'],
	// Of two of the same name each is written by the id.
	['@sam', 0, '@sam:one.test |'],
	['@sam', 1, '@sam:two.test |'],
	// A name that is not what it seems is cleaned, and one that poses as an id is not written.
	['@odd', 0, '@evil␀ | [@evil␀ = @odd:one.test]'],
	['@pos', 0, '@poser:one.test |'],
	['@name', 0, '@nameless:one.test |'],
	['@room', 0, '@room |'],
	['#sun', 0, '#lunch:one.test | [#lunch:one.test = #lunch:one.test]'],
	['#ops', 0, '#ops | [#ops = !ops:one.test]'],
	['#twin', 0, '!twin:one.test | [!twin:one.test = !twin:one.test]'],
	['so :ta', 0, 'so 🎉 |'],
	[':+1', 0, '👍 |'],
	[':hea', 0, '❤️ |'],
	['/qu', 0, '/quit|'],
	['/jo', 0, '/join |'],
	['/ju', 0, '/go |'],
	['/', 3, '/join |'],
	['/go sun', 0, '/go #lunch:one.test |'],
	['/go ops', 0, '/go !ops:one.test |'],
	['/whois @zo', 0, '/whois @zoe:one.test |'],
	['/invite @', 0, '/invite @tom:one.test |'],
	['/kick @zo', 0, '/kick @zoe:one.test |'],
	['/kick zo', 0, '/kick @zoe:one.test |'],
]);

test('the family before the cursor stays whole, and what stands behind stays', () => {
	const {completion} = opened('');
	const composer = run(write('👩‍👩‍👧‍👦| and 🇵🇱'), ...type(' @zo'));
	completion.look(facts(composer));
	assert.equal(apply(composer, completion.take()), '👩‍👩‍👧‍👦 @Zoé| and 🇵🇱 [@Zoé = @zoe:one.test]');
});

suite('the menu', () => {
	test('Enter takes a name at once, but a command only when a row was chosen', () => {
		assert.equal(opened('@an').completion.hasChosen(), true);
		const {completion} = opened('/jo');
		assert.equal(completion.hasChosen(), false);
		completion.move(1);
		assert.equal(completion.hasChosen(), true);
		assert.equal(opened('/go sun').completion.hasChosen(), false);
	});

	test('is walked round in both directions', () => {
		const {completion, composer} = opened('@sam');
		completion.move(-1);
		assert.equal(apply(composer, completion.take()), '@sam:two.test |');
		completion.move(1);
		assert.equal(apply(composer, completion.take()), '@sam:one.test |');
	});

	test('Esc closes it for the word, Tab opens it again, the next word opens it by itself', () => {
		const {completion, composer} = opened('@a');
		completion.close();
		const next = run(composer, ...type('n'));
		completion.look(facts(next));
		assert.equal(completion.isOpen(), false);
		assert.equal(completion.ask(facts(next)), true);
		const other = run(next, ...type(' @z'));
		completion.look(facts(other));
		assert.equal(completion.isOpen(), true);
	});

	test('a draft, a paste and a moved cursor open nothing', () => {
		const completion = createCompletion(source, keyOf);
		completion.look(facts(write('hi @an|')));
		assert.equal(completion.isOpen(), false);
		completion.look(facts(run(write('|'), {kind: 'paste', text: '@an'})));
		assert.equal(completion.isOpen(), false);
		completion.look(facts(run(write('|'), ...type('@an '), {kind: 'move', to: 'left'})));
		assert.equal(completion.isOpen(), false);
		completion.look(facts(run(write('|'), ...type('@an'))));
		assert.equal(completion.isOpen(), true);
		completion.look({...facts(run(write('|'), ...type('@an'))), isActive: false});
		assert.equal(completion.isOpen(), false);
	});

	test('Tab completes a word without a sign, and asks nothing where one fits only', () => {
		const {completion} = opened('ask zo');
		assert.equal(completion.isOpen(), false);
		const composer = run(write('|'), ...type('ask zo'));
		assert.equal(completion.ask(facts(composer)), true);
		assert.equal(apply(composer, completion.only()), 'ask @Zoé | [@Zoé = @zoe:one.test]');
		assert.equal(completion.ask(facts(run(write('|'), ...type('xyzzy')))), false);
	});

	test('what is still loading comes with the next look', () => {
		let names: ReturnType<typeof createEmojiNames> | undefined;
		const {completion, composer} = opened(':ta', {emoji: (query, limit) => names?.find(query, limit)});
		assert.equal(completion.isOpen(), false);
		names = emoji;
		completion.look(facts(composer));
		assert.equal(completion.isOpen(), true);
	});

	test('the store is asked once for each word, however often the screen is drawn', () => {
		let count = 0;
		const {completion, composer} = opened('@an', {
			people: () => {
				count += 1;
				return people;
			},
		});
		for (let look = 0; look < 10; look += 1) completion.look(facts(composer));
		assert.equal(count, 1);
	});

	test('a folder goes on, a file is the end', () => {
		const {completion} = opened('/kick x', {commands: [command('upload', ['file'])]});
		const composer = run(write('|'), ...type('/upload ~/p'));
		completion.look(facts(composer));
		const folder = completion.take();
		assert.deepEqual([folder?.text, folder?.goesOn], ['~/pictures/', true]);
		completion.move(2);
		const file = completion.take();
		assert.deepEqual([file?.text, file?.goesOn], ['~/plan.txt ', false]);
	});

	for (const width of [10, 24, 40, 80]) {
		test(`no row is wider than ${width} cells, and the chosen one is seen`, () => {
			const many = Array.from({length: 20}, (_, index) => person(`@user${index}:one.test`, `漢字👩‍👩‍👧‍👦 ${index}`));
			const {completion} = opened('@', {people: () => many});
			for (let step = 0; step < 25; step += 1) {
				const lines = completion.lines({width, height: 3});
				assert.equal(lines.length, 3);
				for (const line of lines) assert.ok(lineWidth(line) <= width);
				assert.equal(lines.filter(line => line.some(({style}) => style.role === 'selection')).length, 1);
				completion.move(1);
			}
		});
	}
});

suite('which names fit', () => {
	const names = (query: string): readonly string[] =>
		ranked(['Ann', 'Hannah', 'Anna', 'Łukasz', 'José Ann', 'bann'], query, name => [name]);
	for (const [query, expected] of [
		['ann', ['Ann', 'Anna', 'José Ann', 'Hannah', 'bann']],
		['ANN', ['Ann', 'Anna', 'José Ann', 'Hannah', 'bann']],
		['jose', ['José Ann']],
		['josé', ['José Ann']],
		['n', []],
		['', ['Ann', 'Hannah', 'Anna', 'Łukasz', 'José Ann', 'bann']],
	] as const) {
		test(`"${query}"`, () => assert.deepEqual(names(query), expected));
	}
});

suite('emoji by their names', () => {
	test('of the data, each emoji once, the plain one before its skin tones', async () => {
		const {loadEmojiNames} = await import('../../source/text/emoji-names.ts');
		const all = await loadEmojiNames();
		assert.deepEqual(all.find('tada', 3), [{emoji: '🎉', code: 'tada'}]);
		assert.equal(all.find('thumbsup', 9)[0]?.emoji, '👍');
		assert.equal(all.find('he', 9)[0]?.emoji, '❤️');
		assert.equal(all.find('zzzz', 9).length, 0);
		const found = all.find('wav', 40).map(({emoji}) => emoji);
		assert.equal(found[0], '👋');
		assert.equal(new Set(found).size, found.length);
		assert.equal(all.named('TADA'), '🎉');
		assert.equal(all.named('nothing_like_that'), undefined);
	});
});

suite('the room with a bot', () => {
	const typed = (text: string, rid = 7) => {
		const completion = createCompletion(source, keyOf);
		const composer = run(write('|'), ...type(text));
		completion.look({composer, rid, isActive: true});
		return {completion, composer};
	};

	test('completes its commands at the beginning of what is said', () => {
		const {completion, composer} = typed('log');
		assert.equal(completion.hasChosen(), false, 'Enter says it as it is');
		assert.equal(apply(composer, completion.take()), 'login |');
		const version = typed('vers');
		assert.equal(apply(version.composer, version.completion.take()), 'version|');
	});

	test('leaves alone what is no command, and what stands behind one', () => {
		for (const text of ['+4915', 'login q', '/he']) {
			const {completion} = typed(text);
			assert.equal(completion.isOpen() && !text.startsWith('/'), false, text);
		}
		assert.equal(typed('log', 1).completion.isOpen(), false);
	});

	test('has words of its own for each kind of bridge', () => {
		const names = (portal: Partial<Portal>) => botCommands({...console, ...portal}).map(({name}) => name);
		const heisenbridge = {protocol: 'irc', bot: '@heisenbridge:one.test'};
		assert.ok(names(heisenbridge).includes('ADDNETWORK'));
		assert.ok(names({...heisenbridge, network: {id: 'six', name: 'six'}}).includes('JOIN'));
		assert.ok(names({protocol: 'irc', bot: '@ircbot:one.test'}).includes('!join'));
		assert.ok(names({protocol: 'email'}).includes('!pm'));
		assert.deepEqual(names({kind: 'direct'}), []);
	});
});
