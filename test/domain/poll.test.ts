/** Polls as the specification and as clients send them, and which votes count. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {pollContent} from '../../source/commands/poll-content.ts';
import {pollOf, pollTypes, votesOf, withVote, type Poll, type PollEvent} from '../../source/domain/poll.ts';
import {writtenText} from '../../source/view-models/written-words.ts';

const asker = '@anna:x';
const me = '@me:x';

const poll: Poll = {
	question: 'red or white?',
	isDisclosed: true,
	mostChoices: 1,
	answers: [
		{id: 'r', text: 'red'},
		{id: 'w', text: 'white'},
	],
};

const vote = (sender: string, timestamp: number, ...answers: readonly string[]): PollEvent => ({
	type: pollTypes.response,
	sender,
	timestamp,
	content: {[pollTypes.response]: {answers}},
});

const end = (sender: string, timestamp: number): PollEvent => ({type: pollTypes.end, sender, timestamp, content: {}});

const count = (events: readonly PollEvent[], of = poll) =>
	votesOf(of, events, {asker, ownUserId: me, mayEnd: user => user === '@mod:x'});

suite('a poll is read', () => {
	test('as Element sends it', () => {
		const content = {
			'org.matrix.msc3381.poll.start': {
				question: {'org.matrix.msc1767.text': 'red or white?', body: 'red or white?', msgtype: 'm.text'},
				kind: 'org.matrix.msc3381.poll.disclosed',
				max_selections: 1,
				answers: [
					{id: 'r', 'org.matrix.msc1767.text': 'red'},
					{id: 'w', 'org.matrix.msc1767.text': 'white'},
				],
			},
		};
		assert.deepEqual(pollOf('org.matrix.msc3381.poll.start', content), poll);
	});

	test('as the specification has it', () => {
		const content = {
			'm.poll': {
				question: {'m.text': [{body: 'red or white?'}]},
				kind: 'm.disclosed',
				answers: [
					{'m.id': 'r', 'm.text': [{body: 'red'}]},
					{'m.id': 'w', 'm.text': [{body: 'white'}]},
				],
			},
		};
		assert.deepEqual(pollOf('m.poll.start', content), poll);
	});

	test('and what is damaged is none', () => {
		for (const content of [{}, {'m.poll': {answers: 'x'}}, {'m.poll': {answers: [null, {id: 1}]}}])
			assert.equal(pollOf('m.poll.start', content), undefined);
		assert.equal(pollOf('m.room.message', {'m.poll': {}}), undefined);
	});

	test('as it was written, and back', () => {
		const content = pollContent('red or white? | red | white');
		assert.ok(typeof content === 'object');
		assert.deepEqual(pollOf(pollTypes.start, content)?.answers, [
			{id: '1', text: 'red'},
			{id: '2', text: 'white'},
		]);
		assert.equal(content['org.matrix.msc1767.text'], 'red or white?\n1. red\n2. white');
		assert.equal(writtenText(content), '/poll red or white? | red | white');
		assert.deepEqual(pollContent('red or white?\nred\nwhite'), content);
		for (const [text, sentence] of [
			['', /^Write \/poll/],
			['red or white?', /^Write \/poll/],
			['which? | a | a', /are the same/],
			[`which? | ${Array.from({length: 21}, (_, index) => index).join('|')}`, /at most 20/],
		] as const) {
			const wrong = pollContent(text);
			assert.ok(typeof wrong === 'string');
			assert.match(wrong, sentence);
		}
	});
});

suite('votes', () => {
	for (const [name, events, counts, voters] of [
		['count', [vote('@a:x', 1, 'r'), vote('@b:x', 2, 'w'), vote('@c:x', 3, 'r')], {r: 2, w: 1}, 3],
		['of one person count once, the last one', [vote('@a:x', 2, 'w'), vote('@a:x', 1, 'r')], {r: 0, w: 1}, 1],
		['can be taken back', [vote('@a:x', 1, 'r'), vote('@a:x', 2)], {r: 0, w: 0}, 0],
		['for what is no answer are none', [vote('@a:x', 1, 'r'), vote('@a:x', 2, 'x')], {r: 0, w: 0}, 0],
		['for more than may be chosen count as far as they may', [vote('@a:x', 1, 'w', 'r')], {r: 0, w: 1}, 1],
		['after the end do not count', [vote('@a:x', 1, 'r'), end(asker, 2), vote('@a:x', 3, 'w')], {r: 1, w: 0}, 1],
		['go on where somebody else ends it', [end('@a:x', 1), vote('@a:x', 3, 'w')], {r: 0, w: 1}, 1],
		['end where a moderator ends it', [end('@mod:x', 1), vote('@a:x', 3, 'w')], {r: 0, w: 0}, 0],
	] as const) {
		test(name, () => {
			const result = count(events);
			assert.deepEqual([result.counts, result.voters], [counts, voters]);
		});
	}

	test('of the account are known, also on their way', () => {
		const before = count([vote(me, 1, 'r'), vote('@a:x', 1, 'r')]);
		assert.deepEqual(before.own, ['r']);
		assert.deepEqual(withVote(before, ['w']), {counts: {r: 1, w: 1}, own: ['w'], voters: 2, isEnded: false});
		assert.deepEqual(withVote(before, []), {counts: {r: 1, w: 0}, own: [], voters: 1, isEnded: false});
	});
});
